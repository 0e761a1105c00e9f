//! How far everybody has read: what the relay told of the others, and what is to be told of this participant.
//!
//! Must stay true: each only grows, until the transcript starts over.

use crate::{cursor::Seq, entry::Author, receipt::Receipt};

/// How far everybody has read.
#[derive(Clone, Debug, Default)]
pub(super) struct Receipts {
    known: Vec<Receipt>,
    seen: Seq,
    told: Seq,
}

impl Receipts {
    /// How far this participant has read.
    pub(super) fn seen(&self) -> Seq {
        self.seen
    }

    /// How far anybody of the other side has read.
    pub(super) fn read_by_others(&self, you: Option<&Author>) -> Seq {
        let ours = you.map(core::mem::discriminant);
        let others = self
            .known
            .iter()
            .filter(|receipt| Some(core::mem::discriminant(&receipt.reader)) != ours);
        others.map(|receipt| receipt.read).max().unwrap_or_default()
    }

    /// Everything up to here was before this participant's eyes.
    pub(super) fn see(&mut self, seq: Seq) {
        self.seen = self.seen.max(seq);
    }

    /// The relay knows already that this participant saw everything up to here.
    pub(super) fn saw_elsewhere(&mut self, seq: Seq) {
        self.see(seq);
        self.told = self.told.max(seq);
    }

    /// How far this participant has read, if the relay is still to be told.
    pub(super) fn take_news(&mut self) -> Option<Seq> {
        let news = self.seen > self.told;
        self.told = self.told.max(self.seen);
        news.then_some(self.seen)
    }

    /// Somebody has read.
    pub(super) fn heard(&mut self, receipt: Receipt) {
        match self
            .known
            .iter_mut()
            .find(|known| known.reader.is(&receipt.reader))
        {
            Some(known) => {
                known.read = known.read.max(receipt.read);
                known.delivered = known.delivered.max(receipt.delivered);
            }
            None => self.known.push(receipt),
        }
    }

    /// The socket is gone: whether the last that was said on it arrived is not known.
    pub(super) fn lost(&mut self) {
        self.told = Seq::START;
    }

    /// The transcript starts over: places of before mean nothing.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}
