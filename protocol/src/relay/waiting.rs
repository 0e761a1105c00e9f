//! Who waits in a shop, and how long an answer takes there, as it was measured (SPEC, OU).
//!
//! Must stay true: nothing is claimed with too few measurements, and no wait is told to be shorter than it was measured. Who
//! waits is known from the list alone and can be read from it again; what was measured is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Status, Summary},
    entry::Author,
    id::ConversationId,
    limits,
    time::{Millis, Timestamp},
};

const MINUTE: u64 = 60 * 1_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What is told of a wait: as exactly as anybody counts on. A wait of more than an hour is told in hours, one of more than a day
/// is not told: who waits so long counts on nothing.
const STEPS: [u64; 9] = [1, 2, 3, 5, 10, 15, 20, 30, 60];

/// The visitors who wait.
#[derive(Clone, Debug, Default)]
pub struct Queue(BTreeMap<ConversationId, Place>);

/// Since when somebody waits, and whether they have the chat open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    since: Timestamp,
    present: bool,
    /// Whether that is known, or only what the list had on its disk: they may have been answered since.
    sure: bool,
}

impl Queue {
    /// Those of a list that may be behind: of each since when they waited, and whether they had the chat open.
    pub fn of(list: impl IntoIterator<Item = (ConversationId, Timestamp, bool)>) -> Self {
        let waits = |(id, since, present)| {
            let sure = false;
            (
                id,
                Place {
                    since,
                    present,
                    sure,
                },
            )
        };
        Self(list.into_iter().map(waits).collect())
    }

    /// The list has had the time to catch up: whoever waited by what it had is known to wait.
    pub fn is_sure(&mut self) {
        for place in self.0.values_mut() {
            place.sure = true;
        }
    }

    /// Takes what a conversation says of itself. Answers since when its visitor waited, where they do so no more: whoever waits since
    /// then has moved up.
    pub fn take(&mut self, summary: &Summary) -> Option<Timestamp> {
        let now = place(summary);
        let before = match now {
            Some(place) => self.0.insert(summary.id, place),
            None => self.0.remove(&summary.id),
        };
        let since = before?.since;
        now.is_none_or(|now| now.since != since).then_some(since)
    }

    /// How many wait since before this visitor; nothing where they do not wait, or it is not known.
    pub fn ahead(&self, id: ConversationId, now: Timestamp) -> Option<u64> {
        let counts = |place: &Place| now - place.since < limits::QUEUE_LOOKS_BACK;
        let mine = self.0.get(&id).filter(|mine| counts(mine))?;
        let is_ahead = |(other, place): &(&ConversationId, &Place)| {
            (place.since, **other) < (mine.since, id) && counts(place)
        };
        let mut ahead = 0;
        for (_, place) in self.0.iter().filter(is_ahead) {
            if !place.sure {
                return None;
            }
            ahead += 1;
        }
        Some(ahead)
    }

    /// The first of those who wait since this time or later and have the chat open.
    pub fn behind(&self, since: Timestamp) -> Vec<ConversationId> {
        let there = |place: &Place| place.present && place.since >= since;
        let mut behind: Vec<_> = self.0.iter().filter(|(_, place)| there(place)).collect();
        behind.sort_by_key(|(id, place)| (place.since, **id));
        let first = behind.into_iter().take(limits::QUEUE_TOLD);
        first.map(|(id, _)| *id).collect()
    }
}

fn place(summary: &Summary) -> Option<Place> {
    match summary.status {
        Status::Open => Some(Place {
            since: summary.waiting_since?,
            present: summary.visitor_present,
            sure: true,
        }),
        Status::Resolved => None,
    }
}

/// How long the last answers took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers(Vec<Answered>);

/// When one came, and how long its visitor had waited, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answered(Timestamp, u64);

impl Answers {
    /// When the last one came.
    pub fn last_at(&self) -> Timestamp {
        self.0.last().map(|one| one.0).unwrap_or_default()
    }

    /// A visitor waited since then, and does so no more by what the conversation says now; whether that was an operator's answer.
    pub fn take(&mut self, since: Timestamp, now: &Summary) -> bool {
        let last = now.last.as_ref().filter(|last| !last.note);
        let by_operator = last.is_some_and(|last| matches!(last.author, Author::Operator(_)));
        if !by_operator || now.waiting_since.is_some() {
            return false;
        }
        let waited = now.updated_at - since;
        // A list that was behind says once more that they waited.
        if self.0.iter().any(|one| one.0 - since == Millis(one.1)) {
            return false;
        }
        self.0.push(Answered(now.updated_at, waited.0));
        let over = self.0.len().saturating_sub(limits::ANSWERS_KEPT);
        self.0.drain(..over);
        true
    }

    /// Within how long half of the visitors were answered: at this hour of the day, where there are enough to tell, or else at any;
    /// rounded up.
    pub fn usual(&self, now: Timestamp) -> Option<Millis> {
        let lately = |one: &&Answered| now - one.0 < limits::ANSWERS_LOOK_BACK;
        let at_this_hour = |one: &&Answered| one.0.0 % DAY / HOUR == now.0 % DAY / HOUR;
        let lately = self.0.iter().filter(lately);
        let median = median(lately.clone().filter(at_this_hour)).or_else(|| median(lately))?;
        rounded_up(median)
    }
}

fn median<'a>(those: impl Iterator<Item = &'a Answered>) -> Option<u64> {
    let mut all: Vec<u64> = those.map(|one| one.1).collect();
    if all.len() < limits::ANSWERS_ENOUGH {
        return None;
    }
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

fn rounded_up(waited: u64) -> Option<Millis> {
    let minutes = STEPS.into_iter().map(|step| step * MINUTE);
    let hours = (2..=24).map(|hours| hours * HOUR);
    let fits = minutes.chain(hours).find(|step| waited <= *step);
    fits.map(Millis)
}
