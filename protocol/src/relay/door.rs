//! How many sockets are opened at the same time (SPEC, RL33).
//!
//! After a restart everybody comes back at once. A relay that opens thousands of sockets side by side is done with all of them at
//! the end, when their clients have given up and asked again, and holds the descriptors of both tries; one that refuses at once
//! whom it has no time for is done with the others long before, and finds the rest again after their waits (CL2).
//!
//! Must stay true: nobody is kept out for long by who never leaves, and the memory is bounded.

use crate::{limits, time::Timestamp};

/// The door through which all go who want a socket.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// Since when each who is being let in is.
    inside: Vec<Timestamp>,
}

impl Door {
    /// Whether somebody is let in. Who is, leaves when the socket is open or refused.
    pub fn enters(&mut self, now: Timestamp) -> bool {
        // A request that is broken off ends without a word, and the clock may have been set back since.
        self.inside.retain(|since| {
            now - *since < limits::OPENING_MAX && *since - now < limits::OPENING_MAX
        });
        let enters = self.inside.len() < limits::OPENING_AT_ONCE;
        if enters {
            self.inside.push(now);
        }
        enters
    }

    /// Somebody who entered then is done.
    pub fn left(&mut self, entered: Timestamp) {
        if let Some(place) = self.inside.iter().position(|since| *since == entered) {
            self.inside.swap_remove(place);
        }
    }
}
