//! Days, where the shopper is. (How times and days are written is `panel.js`'s, by the browser's own `Intl`.)

use js_sys::Date;
use protocol::time::Timestamp;

/// The number of the day that this moment falls on, where the shopper is.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    let at = at.0 as f64;
    let offset = Date::new(&at.into()).get_timezone_offset();
    ((at - offset * 60_000.0) / 86_400_000.0) as i64
}
