//! How fast a visitor may write (SPEC, RL18).
//!
//! Two buckets: a small one that fills in seconds, for who is in a hurry, and a large one that fills in minutes, for who does
//! not stop. Must stay true: nothing here is stored. What memory forgot is counted again from the transcript.

use crate::{
    limits,
    time::{Millis, Timestamp},
};

/// How fast visitors may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As people do.
    #[default]
    Human,
    /// As they like: for measuring a relay, and for shops whose visitors are programs of their own.
    Unlimited,
}

/// What one visitor has left.
#[derive(Clone, Debug)]
pub struct Meter {
    hurry: Bucket,
    length: Bucket,
}

impl Meter {
    /// What is left to who wrote at these times, oldest first.
    pub(crate) fn of(written: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut meter = Self {
            hurry: Bucket::full(limits::PACE_BURST, limits::PACE_EVERY),
            length: Bucket::full(limits::PACE_LONG_BURST, limits::PACE_LONG_EVERY),
        };
        written.into_iter().for_each(|at| meter.take(at));
        meter
    }

    /// How long to wait before the next message; nothing when it may come now.
    pub(crate) fn wait(&mut self, now: Timestamp) -> Option<Millis> {
        let wait = self.hurry.wait(now).max(self.length.wait(now));
        (wait > Millis(0)).then_some(wait)
    }

    /// A message is stored.
    pub(crate) fn take(&mut self, now: Timestamp) {
        self.hurry.take(now);
        self.length.take(now);
    }
}

/// A bucket of tokens, known by when it will be full again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    size: u64,
    every: Millis,
    full_at: Timestamp,
}

impl Bucket {
    pub(crate) fn full(size: u64, every: Millis) -> Self {
        Self {
            size,
            every,
            full_at: Timestamp(0),
        }
    }

    /// How long until there is a token.
    pub(crate) fn wait(&mut self, now: Timestamp) -> Millis {
        // Less than one token is left when it takes longer to fill than all the others would.
        let rest = self.until_full(now);
        Millis(rest.0.saturating_sub(self.every.0 * (self.size - 1)))
    }

    /// Whether nothing is missing.
    pub(crate) fn is_full(&mut self, now: Timestamp) -> bool {
        self.until_full(now) == Millis(0)
    }

    /// One token less.
    pub(crate) fn take(&mut self, now: Timestamp) {
        self.full_at = now + self.until_full(now) + self.every;
    }

    fn until_full(&mut self, now: Timestamp) -> Millis {
        // A clock that was set back must not lock anybody out for longer than an empty bucket does.
        self.full_at = self.full_at.min(now + Millis(self.every.0 * self.size));
        self.full_at - now
    }
}
