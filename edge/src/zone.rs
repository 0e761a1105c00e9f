//! What clocks show in a time zone, by the runtime's own tables.

use js_sys::{Object, Reflect};
use protocol::time::Timestamp;
use wasm_bindgen::prelude::*;

const MINUTE: i64 = 60 * 1_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type Format;

    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "DateTimeFormat", catch)]
    fn new(language: &str, options: &Object) -> Result<Format, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &Format, at: f64) -> Result<String, JsValue>;
}

/// A time zone that the runtime knows.
pub(crate) struct Zone(Format);

impl Zone {
    /// The zone of this name, such as `Europe/Rome`; `None` where there is none.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let options = Object::new();
        for (option, value) in [("timeZone", name), ("timeZoneName", "longOffset")] {
            Reflect::set(&options, &option.into(), &value.into()).ok()?;
        }
        Format::new("en", &options).ok().map(Self)
    }

    /// How many milliseconds its clocks are ahead of UTC at this time.
    pub(crate) fn ahead(&self, at: Timestamp) -> i64 {
        let told = self.0.format(at.0 as f64);
        told.ok().as_deref().and_then(ahead_in).unwrap_or_default()
    }
}

/// The milliseconds of `11/27/2026, GMT+05:30`; `GMT` alone is none.
pub fn ahead_in(told: &str) -> Option<i64> {
    let (_, offset) = told.split_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, offset) = match offset.strip_prefix('+') {
        Some(ahead) => (1, ahead),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = offset.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
    Some(sign * (hours * 60 + minutes) * MINUTE)
}
