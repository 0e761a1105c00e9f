//! The runtime's clock and alarm. A Worker's clock only moves on when it has waited for something.

use protocol::{
    relay::storage::Fault,
    time::{Millis, Timestamp},
};
use worker::{Response, State, js_sys, wasm_bindgen::JsValue};

/// What time it is.
pub(crate) fn now() -> Timestamp {
    Timestamp(worker::Date::now().as_millis())
}

/// When an alarm whose work was not done rings again. The runtime would ring at once and six times, and then never more: what
/// the alarm stood for would wait until something else happens.
const AGAIN: Millis = Millis::seconds(30);

/// The answer to an alarm whose work was not done.
pub(crate) fn ring_again(state: &State) -> worker::Result<Response> {
    match set_alarm(state, now() + AGAIN) {
        Ok(()) => Response::ok(""),
        // Then the runtime rings again.
        Err(_) => Err(worker::Error::from("the alarm's work was not done")),
    }
}

/// Sets an object's alarm. Not awaited: it is part of the same transaction as what was written before it.
pub(crate) fn set_alarm(state: &State, at: Timestamp) -> Result<(), Fault> {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let set = state
        .storage()
        .as_raw()
        .set_alarm(date, JsValue::UNDEFINED.into());
    set.map(drop)
        .map_err(|error| Fault(format!("the alarm could not be set: {error:?}")))
}
