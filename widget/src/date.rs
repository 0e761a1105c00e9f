//! Times and days in the shopper's language, by the browser's own `Intl`.

use js_sys::{Date, Object, Reflect};
use protocol::time::Timestamp;
use wasm_bindgen::prelude::*;

use crate::text::{Plural, Text, with};

// As js-sys has them, but a language tag that the browser does not take is an error and not the end.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &JsValue, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &DateTimeFormat, at: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &JsValue) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, n: f64) -> String;
}

/// Writes times, days and numbers.
pub(crate) struct Dates {
    time: Option<DateTimeFormat>,
    day: Option<DateTimeFormat>,
    plural: Option<PluralRules>,
    text: &'static Text,
}

impl Dates {
    /// For a language tag. One that the browser does not take is replaced by that of the words.
    pub(crate) fn new(locale: &str, text: &'static Text) -> Self {
        let locale = JsValue::from(if PluralRules::new(&locale.into()).is_ok() {
            locale
        } else {
            text.code
        });
        let format = |parts: &[(&str, &str)]| DateTimeFormat::new(&locale, &options(parts)).ok();
        Self {
            time: format(&[("hour", "numeric"), ("minute", "2-digit")]),
            day: format(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
            plural: PluralRules::new(&locale).ok(),
            text,
        }
    }

    /// The time of day.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        written(self.time.as_ref(), at)
    }

    /// The day, in words when it is near.
    pub(crate) fn day(&self, at: Timestamp, now: Timestamp) -> String {
        match day_of(now) - day_of(at) {
            0 => self.text.today.into(),
            1 => self.text.yesterday.into(),
            _ => written(self.day.as_ref(), at),
        }
    }

    /// A sentence about a number.
    pub(crate) fn plural(&self, sentence: Plural, n: usize) -> String {
        let category = self
            .plural
            .as_ref()
            .map(|rules| rules.select(n as f64))
            .unwrap_or_default();
        with(sentence.form(&category), &[&n.to_string()])
    }
}

/// The number of the day that this moment falls on, where the shopper is.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    let at = at.0 as f64;
    let offset = Date::new(&at.into()).get_timezone_offset();
    ((at - offset * 60_000.0) / 86_400_000.0) as i64
}

fn written(format: Option<&DateTimeFormat>, at: Timestamp) -> String {
    format
        .map(|format| format.format(at.0 as f64))
        .unwrap_or_default()
}

fn options(parts: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in parts {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}
