//! What was written in one conversation and what was told of it, by whomever: the confirmations, both views and the
//! transcript over HTTPS must all say the same.
//!
//! Must stay true: a message is at one place, a place has one message; the messages of one side are in the order they were
//! written; a view has no hole. What breaks it is a fault, told once, and the counting goes on.

use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

use protocol::{
    cursor::Seq,
    entry::{Author, Entry},
    id::MessageId,
};

use super::report::Report;
use crate::native::News;

/// Faults that are told of one conversation: the first ones say what is wrong, the hundredth does not.
const FAULTS_MAX: usize = 5;

/// As long as a shopper's sentence.
const WORDS: &str =
    "Is the moka for three cups in stock, and can you send it to Caserta by Friday?";

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Visitor,
    Operator,
}

impl Side {
    /// In the order of a line's ends.
    pub(super) const BOTH: [Self; 2] = [Self::Visitor, Self::Operator];

    fn wrote(self, entry: &Entry) -> bool {
        match self {
            Self::Visitor => entry.author == Author::Visitor,
            Self::Operator => matches!(entry.author, Author::Operator(_)),
        }
    }
}

/// A message, from when it was written.
#[derive(Debug)]
struct Message {
    at: Instant,
    /// Where it is, as whoever told first.
    place: Option<Seq>,
    confirmed: bool,
    shown: bool,
}

/// What is known of one conversation.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    number: usize,
    written: [Vec<Message>; 2],
    names: HashMap<MessageId, (Side, usize)>,
    /// By place, beginning with 1.
    places: Vec<Option<MessageId>>,
    /// The last place in each view; nothing before the first entry after a start.
    in_view: [Option<Seq>; 2],
    /// The last place that was confirmed.
    confirmed_to: u64,
    /// Everything up to here was read over HTTPS.
    audited_to: u64,
    welcomes: usize,
    lost: usize,
    /// Since when each socket is welcomed.
    welcomed_at: [Option<Instant>; 2],
    samples: [Vec<u32>; 2],
    faults: BTreeSet<String>,
}

impl Ledger {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            ..Self::default()
        }
    }

    /// The words of the next message of a side; no other message has them.
    pub(super) fn next_words(&self, side: Side) -> String {
        words(self.number, side, self.written[side as usize].len())
    }

    /// A side wrote its next message, under this name.
    pub(super) fn written(&mut self, side: Side, id: MessageId) {
        let messages = &mut self.written[side as usize];
        self.names.insert(id, (side, messages.len()));
        messages.push(Message {
            at: Instant::now(),
            place: None,
            confirmed: false,
            shown: false,
        });
    }

    /// Messages that were written: the place of the last one, when all are stored.
    pub(super) fn total(&self) -> u64 {
        self.written.iter().map(|side| side.len() as u64).sum()
    }

    /// What became of a side's machine.
    pub(super) fn hear(&mut self, side: Side, news: News) {
        match news {
            News::Confirmed(entry) => self.confirmed(side, &entry),
            News::Shown(entry) => self.shown(side, &entry),
            News::Refused(id, code) => self.fault(format!("{side:?}: {id} was refused: {code:?}")),
            News::Welcomed => {
                self.welcomes += 1;
                self.welcomed_at[side as usize] = Some(Instant::now());
            }
            News::Lost => {
                self.lost += 1;
                self.welcomed_at[side as usize] = None;
            }
            // It begins with the newest entries.
            News::Reloaded => self.in_view[side as usize] = None,
            News::Ended(code) => self.fault(format!("{side:?} gave up: {code}")),
            News::StartedOver => {
                self.in_view[side as usize] = None;
                self.fault(format!("{side:?} started over: entries were lost"));
            }
        }
    }

    /// Messages that were confirmed.
    pub(super) fn confirmed_count(&self) -> usize {
        self.samples[0].len()
    }

    /// Since when each side's socket is welcomed, if it is.
    pub(super) fn welcomed_at(&self) -> [Option<Instant>; 2] {
        self.welcomed_at
    }

    /// After which place to read on, and up to which place messages are confirmed: by the end of reading these must be
    /// there.
    pub(super) fn audit_from(&self) -> (u64, u64) {
        (self.audited_to, self.confirmed_to)
    }

    /// A page was read after this place. The last place of it.
    pub(super) fn audited(&mut self, after: u64, page: &[Entry]) -> u64 {
        let mut last = after;
        for entry in page {
            if entry.seq.0 != last + 1 {
                self.fault(format!("the transcript has {} after {last}", entry.seq.0));
            }
            last = entry.seq.0;
            self.learn(entry);
        }
        last
    }

    /// The transcript was read up to here, its end; before, messages up to `confirmed` were.
    pub(super) fn audit_done(&mut self, end: u64, confirmed: u64) {
        if end < confirmed {
            self.fault(format!(
                "{confirmed} was confirmed, but the transcript ends with {end}"
            ));
        }
        if end < self.audited_to {
            self.fault(format!(
                "the transcript ended with {}, and now with {end}",
                self.audited_to
            ));
        }
        self.audited_to = self.audited_to.max(end);
    }

    /// The whole transcript, when nothing is on its way any more.
    pub(super) fn prove(&mut self, transcript: &[Entry]) {
        let end = self.audited(0, transcript);
        self.audit_done(end, self.confirmed_to);
        if end != self.total() {
            self.fault(format!("{} were written, {end} are stored", self.total()));
        }
        let stored: BTreeSet<MessageId> = transcript.iter().map(|entry| entry.id).collect();
        if stored.len() != transcript.len() {
            self.fault("a message is stored twice".into());
        }
        for (id, (side, number)) in &self.names {
            let message = &self.written[*side as usize][*number];
            let wrong = match (stored.contains(id), message.confirmed) {
                (true, true) => continue,
                (true, false) => "is stored, and was never confirmed",
                (false, true) => "was confirmed, and is lost",
                (false, false) => "was never stored",
            };
            if self.faults.len() < FAULTS_MAX {
                let fault = format!("{side:?}'s {number} ({id}) {wrong}");
                self.faults.insert(fault);
            }
        }
    }

    /// Adds what it knows to a report.
    pub(super) fn count(&self, report: &mut Report) {
        report.conversations += 1;
        for message in self.written.iter().flatten() {
            report.written += 1;
            report.confirmed += usize::from(message.confirmed);
            report.shown += usize::from(message.shown);
        }
        report.audited += self.audited_to as usize;
        report.welcomes += self.welcomes;
        report.lost += self.lost;
        report.to_confirmed.extend(&self.samples[0]);
        report.to_shown.extend(&self.samples[1]);
        let told = self.faults.iter();
        report
            .faults
            .extend(told.map(|fault| format!("conversation {}: {fault}", self.number)));
    }

    /// Something is not as it must be.
    pub(super) fn fault(&mut self, what: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.insert(what);
        }
    }

    fn confirmed(&mut self, side: Side, entry: &Entry) {
        self.learn(entry);
        self.confirmed_to = self.confirmed_to.max(entry.seq.0);
        match self.names.get(&entry.id) {
            Some(&(author, number)) if author == side => {
                let message = &mut self.written[side as usize][number];
                if message.confirmed {
                    self.fault(format!("{side:?}'s {number} was confirmed twice"));
                } else {
                    message.confirmed = true;
                    self.samples[0].push(micros(message.at));
                }
            }
            Some(_) | None => self.fault(format!("{side:?} got a confirmation of {}", entry.id)),
        }
    }

    fn shown(&mut self, side: Side, entry: &Entry) {
        self.learn(entry);
        let before = self.in_view[side as usize].replace(entry.seq);
        if let Some(before) = before
            && entry.seq != before.next()
        {
            self.fault(format!(
                "the view of {side:?} has {} after {}",
                entry.seq.0, before.0
            ));
        }
        if let Some(&(author, number)) = self.names.get(&entry.id)
            && author != side
        {
            let message = &mut self.written[author as usize][number];
            if !message.shown {
                message.shown = true;
                self.samples[1].push(micros(message.at));
            }
        }
    }

    /// Somebody told an entry: it must agree with everything that was told before.
    fn learn(&mut self, entry: &Entry) {
        let Some(&(side, number)) = self.names.get(&entry.id) else {
            return self.fault(format!("nobody wrote {entry:?}"));
        };
        let text = words(self.number, side, number);
        if !side.wrote(entry) || entry.content.text() != Some(&text) {
            self.fault(format!("{side:?} wrote {text:?}, not {entry:?}"));
        }
        self.place(entry, side, number);
    }

    fn place(&mut self, entry: &Entry, side: Side, number: usize) {
        let Some(at) = (entry.seq.0 as usize).checked_sub(1) else {
            return self.fault(format!("{} has no place", entry.id));
        };
        if self.places.len() <= at {
            self.places.resize(at + 1, None);
        }
        let other = *self.places[at].get_or_insert(entry.id);
        if other != entry.id {
            self.fault(format!("{other} and {} are both at {}", entry.id, at + 1));
        }
        let messages = &mut self.written[side as usize];
        let place = *messages[number].place.get_or_insert(entry.seq);
        let before = number.checked_sub(1).and_then(|n| messages[n].place);
        let after = messages.get(number + 1).and_then(|next| next.place);
        if place != entry.seq {
            let (one, two) = (place.0, entry.seq.0);
            self.fault(format!("{side:?}'s {number} is at {one} and at {two}"));
        }
        if before.is_some_and(|before| before >= place) || after.is_some_and(|after| after <= place)
        {
            self.fault(format!("{side:?}'s {number} is out of order"));
        }
    }
}

fn words(conversation: usize, side: Side, number: usize) -> String {
    format!("{side:?} {number} of {conversation}. {WORDS}")
}

fn micros(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
