//! One timer that is set to a deadline.

use std::{cell::Cell, rc::Rc};

use protocol::time::Timestamp;
use wasm_bindgen::{JsCast, closure::Closure};

use crate::clock;

/// The longest wait that `setTimeout` knows; it takes a longer one for none at all.
const LONGEST: u64 = i32::MAX as u64;

/// Calls when a deadline has come. Setting it anew forgets the deadline before; dropping it, the last one.
pub struct Timer {
    due: Rc<Cell<Option<Timestamp>>>,
    running: Cell<Option<i32>>,
    ring: Closure<dyn Fn()>,
}

impl Timer {
    /// A timer that is not set. It may ring early after a very long wait, so `ring` asks what is due.
    pub fn new(ring: impl Fn() + 'static) -> Self {
        let due = Rc::new(Cell::new(None));
        let unset = due.clone();
        let ring = Closure::<dyn Fn()>::new(move || {
            unset.set(None);
            ring();
        });
        Self {
            due,
            running: Cell::default(),
            ring,
        }
    }

    /// Sets it to this deadline, or to none.
    pub fn set(&self, due: Option<Timestamp>) {
        if self.due.replace(due) == due {
            return;
        }
        let Some(window) = web_sys::window() else {
            return;
        };
        if let Some(running) = self.running.take() {
            window.clear_timeout_with_handle(running);
        }
        if let Some(due) = due {
            let wait = (due - clock::now()).0.min(LONGEST) as i32;
            let ring = self.ring.as_ref().unchecked_ref();
            self.running.set(
                window
                    .set_timeout_with_callback_and_timeout_and_arguments_0(ring, wait)
                    .ok(),
            );
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.set(None);
    }
}
