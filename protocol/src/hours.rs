//! When a shop answers, by its own clock: a week of stretches, and days on which others count (SPEC, HO).
//!
//! What a clock shows in a time zone is known where there are tables of them, and is handed in. Nothing here is kept or told.

use serde::{Deserialize, Serialize};

use crate::{limits::HOURS_AHEAD, time::Timestamp};

const MINUTE: i64 = 60 * 1_000;
const DAY: i64 = 24 * 60 * MINUTE;

macro_rules! bodies {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $item
    )*};
}

bodies! {
    /// A week of opening hours, and the days that are not as in other weeks.
    pub struct Hours {
        /// The time zone they are told in, such as `Europe/Rome`.
        pub time_zone: String,
        /// When somebody answers; times may not pass midnight.
        pub open: Vec<Opening>,
        /// Holidays and the like; the first that covers a day counts for it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub exceptions: Vec<Exception>,
    }

    /// One stretch of opening hours.
    pub struct Opening {
        /// 1 is Monday, 7 is Sunday.
        pub day: u8,
        /// `HH:MM`.
        pub from: String,
        /// `HH:MM`.
        pub to: String,
    }

    /// Days on which the week does not count.
    pub struct Exception {
        /// The first, `YYYY-MM-DD`.
        pub from: String,
        /// The last.
        pub to: String,
        /// When somebody answers on each of them; never, where this is empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub open: Vec<Stretch>,
    }

    /// A stretch of an exception.
    pub struct Stretch {
        /// `HH:MM`.
        pub from: String,
        /// `HH:MM`.
        pub to: String,
    }
}

impl Hours {
    /// Whether there is a time at all at which somebody answers.
    pub fn is_any(&self) -> bool {
        !self.open.is_empty() || self.exceptions.iter().any(|those| !those.open.is_empty())
    }

    /// When the shop opens next; nothing while it is open, and where it does not open within [`HOURS_AHEAD`] days. `zone` says how
    /// many milliseconds its clock is ahead of UTC at a time.
    pub fn opens_at(&self, now: Timestamp, zone: impl Fn(Timestamp) -> i64) -> Option<Timestamp> {
        let local = signed(now).saturating_add(zone(now));
        let today = local.div_euclid(DAY);
        for day in today..=today.saturating_add(HOURS_AHEAD) {
            for (from, to) in self.stretches(day) {
                if instant(day, to, &zone) > now {
                    let from = instant(day, from, &zone);
                    return (from > now).then_some(from);
                }
            }
        }
        None
    }

    /// The stretches of a day since 1970-01-01, in minutes since midnight, by their beginning.
    fn stretches(&self, day: i64) -> Vec<(i64, i64)> {
        let exception = self.exceptions.iter().find(|those| those.covers(day));
        let mut all: Vec<_> = match exception {
            Some(those) => those.open.iter().filter_map(Stretch::minutes).collect(),
            None => {
                // The first of 1970 was a Thursday.
                let weekday = day.saturating_add(3).rem_euclid(7).saturating_add(1);
                let those = self.open.iter().filter(|one| i64::from(one.day) == weekday);
                those.filter_map(Opening::minutes).collect()
            }
        };
        all.sort_unstable();
        all
    }
}

impl Opening {
    /// Whether it is a stretch of a day.
    pub fn is_good(&self) -> bool {
        (1..=7).contains(&self.day) && self.minutes().is_some()
    }

    fn minutes(&self) -> Option<(i64, i64)> {
        stretch(&self.from, &self.to)
    }
}

impl Exception {
    /// Whether its days are days, in order, and its stretches are stretches.
    pub fn is_good(&self) -> bool {
        let days = date(&self.from).zip(date(&self.to));
        days.is_some_and(|(from, to)| from <= to)
            && self.open.iter().all(|one| one.minutes().is_some())
    }

    fn covers(&self, day: i64) -> bool {
        let days = date(&self.from).zip(date(&self.to));
        days.is_some_and(|(from, to)| (from..=to).contains(&day))
    }
}

impl Stretch {
    fn minutes(&self) -> Option<(i64, i64)> {
        stretch(&self.from, &self.to)
    }
}

/// When the shop's clock shows this minute of this day: the first time, where it does so twice; by the clock from before, where it
/// never does.
fn instant(day: i64, minute: i64, zone: &impl Fn(Timestamp) -> i64) -> Timestamp {
    let local = day
        .saturating_mul(DAY)
        .saturating_add(minute.saturating_mul(MINUTE));
    let by_clock_of = |then: i64| local.saturating_sub(zone(stamp(then)));
    // A clock is not put forward or back twice within two days.
    let before = by_clock_of(local.saturating_sub(DAY));
    let after = by_clock_of(local.saturating_add(DAY));
    let shows_it = |at: i64| at.saturating_add(zone(stamp(at))) == local;
    match (shows_it(before), shows_it(after)) {
        (false, true) => stamp(after),
        (true, _) | (false, false) => stamp(before),
    }
}

fn signed(at: Timestamp) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

fn stamp(at: i64) -> Timestamp {
    Timestamp(u64::try_from(at).unwrap_or_default())
}

fn stretch(from: &str, to: &str) -> Option<(i64, i64)> {
    let (from, to) = (minutes(from)?, minutes(to)?);
    (from < to).then_some((from, to))
}

/// Minutes since midnight of `HH:MM`; `24:00` is the end of a day.
fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    let total = hour.saturating_mul(60).saturating_add(minute);
    (minute < 60 && total <= 24 * 60).then_some(total)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn date(text: &str) -> Option<i64> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    if !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let next = match month {
        12 => days(year.saturating_add(1), 1),
        month => days(year, month.saturating_add(1)),
    };
    let date = days(year, month).saturating_add(day.saturating_sub(1));
    (date < next).then_some(date)
}

/// Days from 1970-01-01 to the first of a month. A year begins in March here, so that a leap day is its last.
fn days(year: i64, month: i64) -> i64 {
    let (year, month) = match month {
        1 | 2 => (year.saturating_sub(1), month.saturating_add(9)),
        month => (year, month.saturating_sub(3)),
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months of 31, 30, 31, 30 and 31 days, over and over, from March on; and the days from year 0 to 1970.
    year * 365 + leap_days + (153 * month + 2).div_euclid(5) - 719_468
}

/// A number of so many digits. (`parse` would also take a sign.)
fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}
