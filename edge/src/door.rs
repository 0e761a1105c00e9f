//! The door of an isolate, a shell around [`protocol::relay::door`]. On one machine there is one; at the edge each place has some.

use std::cell::RefCell;

use protocol::{relay::door::Door, time::Timestamp};

use crate::{
    clock,
    error::{Failure, Kind, Outcome},
};

thread_local! {
    static DOOR: RefCell<Door> = RefCell::default();
}

/// Somebody is being let in until this is dropped.
pub(crate) struct Pass {
    entered: Timestamp,
}

impl Drop for Pass {
    fn drop(&mut self) {
        DOOR.with_borrow_mut(|door| door.left(self.entered));
    }
}

/// Lets somebody in who wants a socket or begins to exchange, unless too many are being let in. Waiting here was tried: whoever waits
/// holds two descriptors, and a timer for each costs more than they save.
pub(crate) fn enter() -> Outcome<Pass> {
    let entered = clock::now();
    match DOOR.with_borrow_mut(|door| door.enters(entered)) {
        true => Ok(Pass { entered }),
        false => Err(Failure::new(
            Kind::Unavailable,
            "The relay is busy with letting others in: try again.",
        )),
    }
}
