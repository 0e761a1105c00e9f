//! One listener for some events of one target, taken off when it is dropped.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    names: &'static [&'static str],
    heard: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Calls `heard` with every event of these names.
    pub fn new(
        target: EventTarget,
        names: &'static [&'static str],
        heard: impl Fn(Event) + 'static,
    ) -> Self {
        let heard = Closure::<dyn Fn(Event)>::new(heard);
        for name in names {
            // It cannot fail: the name is a text and the callback a function.
            let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        }
        Self {
            target,
            names,
            heard,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for name in self.names {
            let _ = self
                .target
                .remove_event_listener_with_callback(name, self.heard.as_ref().unchecked_ref());
        }
    }
}
