//! Time is handed in; nothing here reads a clock.

use core::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

use crate::limits;

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The hour that it is in, counted from the same beginning.
    pub const fn hour(self) -> u64 {
        self.0 / (60 * 60 * 1_000)
    }
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

impl Millis {
    /// So many seconds.
    pub const fn seconds(n: u64) -> Self {
        Self(n * 1_000)
    }
}

impl Add<Millis> for Timestamp {
    type Output = Self;
    fn add(self, wait: Millis) -> Self {
        Self(self.0.saturating_add(wait.0))
    }
}

impl Sub for Timestamp {
    type Output = Millis;
    /// How long after `earlier` this is; nothing when it is not after it (clocks jump).
    fn sub(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

/// Whether a device slept or its clock was set since it was `looked_at`: the clock was set back, or a timer that was `due`
/// comes much too late.
pub fn slept(looked_at: Timestamp, now: Timestamp, due: Option<Timestamp>) -> bool {
    looked_at - now > limits::CLOCK_JUMP || due.is_some_and(|due| now - due > limits::CLOCK_JUMP)
}
