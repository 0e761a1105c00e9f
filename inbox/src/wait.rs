//! How long a visitor has waited, and how urgent that is.

use protocol::time::{Millis, Timestamp};

/// From here on a wait is long: half of the shoppers who leave a chat have left by then.
pub const LONG: Millis = Millis::seconds(2 * 60);

/// From here on a wait is too long: hardly anybody is still at the screen.
pub const TOO_LONG: Millis = Millis::seconds(10 * 60);

/// How urgent an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Patience {
    /// There is time.
    Fresh,
    /// It becomes long.
    Long,
    /// It is too long.
    TooLong,
}

/// A wait: how long in whole minutes, and how urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Whole minutes.
    pub minutes: u64,
    /// How urgent.
    pub patience: Patience,
}

/// The wait that began at `since`.
pub fn wait(since: Timestamp, now: Timestamp) -> Wait {
    let waited = now - since;
    let patience = match waited {
        _ if waited >= TOO_LONG => Patience::TooLong,
        _ if waited >= LONG => Patience::Long,
        _ => Patience::Fresh,
    };
    Wait {
        minutes: waited.0 / 60_000,
        patience,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_turns_long_and_too_long_at_its_minutes() {
        let at = |seconds: u64| wait(Timestamp(1_000), Timestamp(1_000 + seconds * 1_000));
        assert_eq!(
            at(0),
            Wait {
                minutes: 0,
                patience: Patience::Fresh
            }
        );
        assert_eq!(at(119).patience, Patience::Fresh);
        assert_eq!(
            at(120),
            Wait {
                minutes: 2,
                patience: Patience::Long
            }
        );
        assert_eq!(
            at(599),
            Wait {
                minutes: 9,
                patience: Patience::Long
            }
        );
        assert_eq!(
            at(600),
            Wait {
                minutes: 10,
                patience: Patience::TooLong
            }
        );
    }

    #[test]
    fn a_clock_that_is_behind_shows_no_wait() {
        assert_eq!(wait(Timestamp(5_000), Timestamp(0)).minutes, 0);
    }
}
