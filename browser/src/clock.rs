//! The time of this device.

use protocol::time::Timestamp;

/// Now, as this device believes it to be.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}
