//! How long to wait before another attempt, and the dice for it.

use crate::{limits, time::Millis};

/// A small generator for jitter (SplitMix64). Not for secrets. The seed is handed in, so a run can be repeated.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The generator of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub const fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.roll() % n }
    }
}

/// The wait before attempt number `attempt` (0 is the first after a success): a random part of a doubling span, so
/// that clients who lost the relay together do not come back together.
pub fn wait(attempt: u32, dice: &mut Dice) -> Millis {
    let longest = if attempt < limits::BACKOFF_SOON_TRIES {
        limits::BACKOFF_SOON
    } else {
        limits::BACKOFF_MAX
    };
    let span = limits::BACKOFF_FIRST
        .0
        .saturating_mul(1 << attempt.min(16))
        .min(longest.0);
    Millis(dice.below(span) + 1)
}
