//! What a client has of the transcript: one stretch without a hole, up to the newest entry it was told (SPEC, CL).

use std::collections::VecDeque;

use crate::{
    cursor::{Cursor, Epoch, Seq},
    entry::Entry,
    frame::History,
    limits,
};

/// A stretch of the transcript without a hole.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    epoch: Option<Epoch>,
    entries: VecDeque<Entry>,
    last: Seq,
    older: bool,
    revision: u64,
}

/// What became of an entry that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is the next one.
    Added,
    /// It was here already.
    Known,
    /// There are others before it that are not here.
    Hole,
}

impl Transcript {
    /// The entries, oldest first.
    pub fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    /// Whether there are entries before the first one here.
    pub fn has_older(&self) -> bool {
        self.older
    }

    /// The place of the last entry.
    pub fn last(&self) -> Seq {
        self.last
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How far this client has read; nothing before the first welcome.
    pub fn cursor(&self) -> Option<Cursor> {
        self.epoch.map(|epoch| Cursor {
            epoch,
            seq: self.last,
        })
    }

    /// The relay's transcript is of this incarnation: of another, nothing here counts any more.
    pub fn meet(&mut self, epoch: Epoch) {
        if self.epoch != Some(epoch) {
            *self = Self {
                epoch: Some(epoch),
                revision: self.revision + 1,
                ..Self::default()
            };
        }
    }

    /// Nothing here counts any more.
    pub fn forget(&mut self) {
        *self = Self {
            epoch: self.epoch,
            revision: self.revision + 1,
            ..Self::default()
        };
    }

    /// A new entry, with the place before it in this reader's view.
    pub fn told(&mut self, previous: Seq, entry: Entry) -> Told {
        if entry.seq <= self.last {
            return Told::Known;
        }
        if previous > self.last {
            return Told::Hole;
        }
        self.push(entry);
        Told::Added
    }

    /// A page of newer entries (or the newest, when nothing is here). Whether it fitted.
    pub fn newer(&mut self, page: History) -> bool {
        if self.entries.is_empty() && self.last == Seq::START {
            self.older = page.previous > Seq::START;
            self.last = page.previous;
        }
        if page.previous > self.last {
            return false;
        }
        for entry in page.entries {
            if entry.seq > self.last {
                self.push(entry);
            }
        }
        true
    }

    /// A page of entries before the first one here.
    pub fn older(&mut self, page: History) {
        let first = self
            .entries
            .front()
            .map_or(self.last.next(), |entry| entry.seq);
        let fits = page.entries.last().is_none_or(|entry| entry.seq < first);
        if !fits {
            return;
        }
        self.older = page.more;
        self.revision += 1;
        for entry in page.entries.into_iter().rev() {
            self.entries.push_front(entry);
        }
    }

    fn push(&mut self, entry: Entry) {
        self.last = entry.seq;
        self.entries.push_back(entry);
        self.revision += 1;
        if self.entries.len() > limits::WINDOW_MAX {
            self.entries.pop_front();
            self.older = true;
        }
    }
}
