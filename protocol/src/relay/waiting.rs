//! Who waits in a shop, and how long an answer takes there, as it was measured (SPEC, OU).
//!
//! Must stay true: nothing is claimed with too few measurements, and no wait is told to be shorter than it was measured. Who
//! waits is known from the list alone and can be read from it again; what was measured is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Status, Summary},
    entry::{Author, OperatorCard},
    id::ConversationId,
    limits,
    outlook::Wait,
    time::{Millis, Timestamp},
};

const MINUTE: u64 = 60 * 1_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What is told of a wait: as exactly as anybody counts on. A wait of more than an hour is told in hours, one of more than a day
/// is not told: who waits so long counts on nothing.
const STEPS: [u64; 9] = [1, 2, 3, 5, 10, 15, 20, 30, 60];

/// What a shop knows of those who wait in it, while it is awake.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Nothing where too many wait for anybody to count.
    queue: Option<Queue>,
    answers: Answers,
    /// What is kept of them is as old as this.
    kept_at: Timestamp,
}

impl Waits {
    /// What is known on waking: the list, the first `QUEUE_READ` of those who wait by it, and what was kept of the answers.
    pub fn of(list: Vec<Listed>, answers: Answers, now: Timestamp) -> Self {
        Self {
            queue: (list.len() < limits::QUEUE_READ).then(|| Queue::of(list, now)),
            kept_at: answers.last_at(),
            answers,
        }
    }

    /// A conversation says what it is now, and since when its visitor had waited whom an operator has just answered: the list may have
    /// been behind in that. Answers since when whoever waits is to be told because of it, if anybody is.
    pub fn take(
        &mut self,
        summary: &Summary,
        answered_since: Option<Timestamp>,
    ) -> Option<Timestamp> {
        if let Some(since) = answered_since {
            self.answers.take(since, summary);
        }
        self.queue.as_mut()?.take(summary)
    }

    /// Who is to hear that they have moved up, where [`Self::take`] answered this. Nobody waits for who is not on `duty`.
    pub fn moved_up(&self, since: Timestamp, duty: &[OperatorCard]) -> Vec<ConversationId> {
        match &self.queue {
            Some(queue) if !duty.is_empty() => queue.behind(since),
            Some(_) | None => vec![],
        }
    }

    /// What was measured, where it is time to keep it.
    pub fn to_keep(&mut self) -> Option<&Answers> {
        let last = self.answers.last_at();
        if last - self.kept_at < limits::ANSWERS_WRITTEN_EVERY {
            return None;
        }
        self.kept_at = last;
        Some(&self.answers)
    }

    /// Whom to ask before this visitor is told a place, each of them once: the list may be behind in them. Nobody waits for who is not on
    /// `duty`.
    pub fn to_ask(
        &mut self,
        of: ConversationId,
        duty: &[OperatorCard],
        now: Timestamp,
    ) -> Vec<ConversationId> {
        match &mut self.queue {
            Some(queue) if !duty.is_empty() => queue.to_ask(of, now),
            Some(_) | None => vec![],
        }
    }

    /// What can be said of the wait, to this visitor. Nobody waits for who is not on `duty`.
    pub fn wait(&self, of: Option<ConversationId>, duty: &[OperatorCard], now: Timestamp) -> Wait {
        if duty.is_empty() {
            return Wait::default();
        }
        let place = |id| self.queue.as_ref()?.ahead(id, now);
        Wait {
            usual: self.answers.usual(now),
            ahead: of.and_then(place),
        }
    }
}

/// Of one who waits by the list: since when, and whether they had the chat open.
pub type Listed = (ConversationId, Timestamp, bool);

/// The visitors who wait, in the order in which they began to.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    places: BTreeMap<Rank, Place>,
    /// Since when each of them waits.
    since: BTreeMap<ConversationId, Timestamp>,
    /// When the list was read. It may have been behind, and its places are sure once it has had the time to catch up.
    read_at: Timestamp,
}

/// Who is before whom: whoever has waited for longer.
type Rank = (Timestamp, ConversationId);

/// Whether who waits has the chat open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    present: bool,
    /// Whether they have said so, or only the list: they may have been answered since.
    said: bool,
    /// Whether they were asked: who did not answer in time says so later.
    asked: bool,
}

impl Queue {
    /// Those of a list that was read now.
    pub fn of(list: impl IntoIterator<Item = Listed>, now: Timestamp) -> Self {
        let mut queue = Self {
            read_at: now,
            ..Self::default()
        };
        for (id, since, present) in list {
            let place = Place {
                present,
                said: false,
                asked: false,
            };
            queue.places.insert((since, id), place);
            queue.since.insert(id, since);
        }
        queue
    }

    /// Takes what a conversation says of itself. Answers since when its visitor waited, where they do so no more, or nobody knew whether they
    /// did: whoever waits since then is told.
    pub fn take(&mut self, summary: &Summary) -> Option<Timestamp> {
        let id = summary.id;
        let before = self.since.remove(&id);
        let place = before.and_then(|since| self.places.remove(&(since, id)));
        let now = waits_since(summary);
        if let Some(since) = now {
            let place = Place {
                present: summary.visitor_present,
                said: true,
                asked: false,
            };
            self.places.insert((since, id), place);
            self.since.insert(id, since);
        }
        // Who was asked is known now, and so is everybody's place behind them.
        let asked = place.is_some_and(|place| place.asked);
        before.filter(|since| asked || now != Some(*since))
    }

    /// How many wait since before this visitor; nothing where they do not wait, or it is not known.
    pub fn ahead(&self, id: ConversationId, now: Timestamp) -> Option<u64> {
        let mut ahead = 0;
        for (_, place) in self.before(self.rank(id, now)?, now) {
            if !self.is_sure(place, now) {
                return None;
            }
            ahead += 1;
        }
        Some(ahead)
    }

    /// Of whom the list alone says that they wait before this visitor, where they are few enough to be asked.
    pub fn to_ask(&mut self, id: ConversationId, now: Timestamp) -> Vec<ConversationId> {
        // Nobody hears of a place who is not there.
        let hears = |rank: &Rank| self.places.get(rank).is_some_and(|mine| mine.present);
        let Some(mine) = self.rank(id, now).filter(hears) else {
            return vec![];
        };
        let before = self.before(mine, now);
        let unsure = before.filter(|(_, place)| !self.is_sure(place, now));
        let unsure: Vec<_> = unsure.map(|(rank, _)| *rank).collect();
        if unsure.len() > limits::QUEUE_ASKED {
            return vec![];
        }
        let mut ask = vec![];
        for rank in unsure {
            let place = self.places.get_mut(&rank).filter(|place| !place.asked);
            if let Some(place) = place {
                place.asked = true;
                ask.push(rank.1);
            }
        }
        ask
    }

    /// The rank of this visitor, if they wait: who waits for too long left their words for later.
    fn rank(&self, id: ConversationId, now: Timestamp) -> Option<Rank> {
        let since = *self.since.get(&id)?;
        (now - since < limits::QUEUE_LOOKS_BACK).then_some((since, id))
    }

    fn before(&self, mine: Rank, now: Timestamp) -> impl Iterator<Item = (&Rank, &Place)> {
        let before = self.places.range(..mine);
        before.filter(move |((since, _), _)| now - *since < limits::QUEUE_LOOKS_BACK)
    }

    fn is_sure(&self, place: &Place, now: Timestamp) -> bool {
        place.said || now - self.read_at >= limits::PROJECTION_KEPT
    }

    /// The first of those who wait since this time or later and have the chat open.
    pub fn behind(&self, since: Timestamp) -> Vec<ConversationId> {
        let first = (since, ConversationId::from_bytes([0; 16]));
        let behind = self.places.range(first..);
        let there = behind.filter(|(_, place)| place.present);
        let told = there.take(limits::QUEUE_TOLD);
        told.map(|((_, id), _)| *id).collect()
    }
}

fn waits_since(summary: &Summary) -> Option<Timestamp> {
    match summary.status {
        Status::Open => summary.waiting_since,
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
