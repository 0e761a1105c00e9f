//! Times as a person reads them. The browser's own `Intl` knows the languages; which words are needed is decided here.

use js_sys::{Array, Date, Intl, Object, Reflect};
use protocol::time::Timestamp;
use wasm_bindgen::JsValue;

/// How long ago something was, as precisely as anybody wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    /// Less than a minute.
    Now,
    /// So many minutes.
    Minutes(u64),
    /// So many hours.
    Hours(u64),
    /// A day or more: the date says it better.
    Dated,
}

/// How long ago `at` was.
pub fn ago(at: Timestamp, now: Timestamp) -> Ago {
    match (now - at).0 / 60_000 {
        0 => Ago::Now,
        minutes @ 1..60 => Ago::Minutes(minutes),
        minutes @ 60..1_440 => Ago::Hours(minutes / 60),
        _ => Ago::Dated,
    }
}

/// The number of the day of a time, where this device is.
pub fn day(at: Timestamp) -> i64 {
    let date = date(at);
    // Midday of the same date in UTC: summer time moves no day.
    let midday = Date::utc(f64::from(date.get_full_year()), f64::from(date.get_month()));
    (midday / 86_400_000.0) as i64 + i64::from(date.get_date())
}

/// `14:05`
pub fn clock(at: Timestamp, language: &str) -> String {
    format(at, language, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// `12 Nov`
pub fn short_date(at: Timestamp, language: &str) -> String {
    format(at, language, &[("day", "numeric"), ("month", "short")])
}

/// `Thursday 12 November`
pub fn long_date(at: Timestamp, language: &str) -> String {
    format(
        at,
        language,
        &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
    )
}

/// `12 Nov, 14:05`
pub fn full(at: Timestamp, language: &str) -> String {
    let options = [
        ("day", "numeric"),
        ("month", "short"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ];
    format(at, language, &options)
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

fn format(at: Timestamp, language: &str, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (part, style) in parts {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &(*part).into(), &(*style).into());
    }
    // A day of 24 hours in every language: a shop's hours are told so.
    let _ = Reflect::set(&options, &"hourCycle".into(), &"h23".into());
    let format = Intl::DateTimeFormat::new(&Array::of1(&language.into()), &options);
    let text = format.format().call1(&JsValue::UNDEFINED, &date(at));
    text.ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ago_is_as_precise_as_anybody_wants_to_know() {
        let at = |minutes: u64| ago(Timestamp(7), Timestamp(7 + minutes * 60_000));
        assert_eq!(at(0), Ago::Now);
        assert_eq!(at(59), Ago::Minutes(59));
        assert_eq!(at(60), Ago::Hours(1));
        assert_eq!(at(1_439), Ago::Hours(23));
        assert_eq!(at(1_440), Ago::Dated);
    }
}
