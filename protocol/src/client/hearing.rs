//! What the relay says, and what follows from it.
//!
//! Must stay true: before the welcome nothing counts, for the place of an entry says nothing without its epoch; an entry that
//! is told confirms the draft of its name; a hole is filled before anything behind it is shown.

use crate::{
    cursor::Seq,
    entry::{Content, Entry},
    frame::{History, ServerFrame, Span, Welcome},
    receipt::Receipt,
    time::Timestamp,
};

use super::{Client, Effect, transcript::Told};

impl Client {
    pub(super) fn frame(&mut self, now: Timestamp, frame: ServerFrame, effects: &mut Vec<Effect>) {
        if !self.link.is_live() && !matches!(frame, ServerFrame::Welcome(_)) {
            return;
        }
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(now, welcome, effects),
            ServerFrame::Entry { previous, entry } => self.entry(now, previous, entry, effects),
            ServerFrame::History(page) => self.history(now, page, effects),
            ServerFrame::Refused(refused) => self.outbox.refused(now, &refused),
            ServerFrame::Receipt(receipt) => self.read(receipt),
            // One's own other device types.
            ServerFrame::Typing { author, .. } if self.is_you(&author) => {}
            ServerFrame::Typing { author, on } => self.typing.heard(now, author, on),
            ServerFrame::Presence(presence) => self.presence = presence,
            ServerFrame::Unknown => {}
        }
    }

    fn welcomed(&mut self, now: Timestamp, welcome: Welcome, effects: &mut Vec<Effect>) {
        if !self.link.welcomed(now) {
            return;
        }
        let same = self
            .transcript
            .cursor()
            .is_some_and(|cursor| cursor.epoch == welcome.epoch);
        // A relay that has less than was read here has lost some, whatever its epoch says.
        let had = same && self.transcript.last() <= welcome.head;
        self.transcript.meet(welcome.epoch);
        if same && !had {
            self.transcript.forget();
        }
        if !had {
            self.receipts.forget();
        }
        self.status = welcome.status;
        self.presence = welcome.presence;
        self.you = Some(welcome.you);
        for receipt in welcome.receipts {
            self.read(receipt);
        }
        // The relay sends what was missed without being asked again.
        let span = if had && self.transcript.last() > Seq::START {
            Span::After(self.transcript.last())
        } else {
            Span::Newest
        };
        self.pages.expect(now, span);
        self.outbox.resume();
        self.drain(now, effects);
        self.tell_seen(effects);
        self.tell_page(effects);
    }

    /// Somebody has read: perhaps this participant, on another device.
    fn read(&mut self, receipt: Receipt) {
        if self.is_you(&receipt.reader) {
            self.receipts.saw_elsewhere(receipt.read);
        }
        self.receipts.heard(receipt);
    }

    fn entry(&mut self, now: Timestamp, previous: Seq, entry: Entry, effects: &mut Vec<Effect>) {
        self.typing.heard(now, entry.author.clone(), false);
        match self.transcript.told(previous, entry.clone()) {
            Told::Added | Told::Known => self.settle(now, &entry, effects),
            // The page that fills the hole brings this entry too.
            Told::Hole => {
                self.pages.miss();
                self.outbox.prolong(now);
                self.fill(now, effects);
            }
        }
    }

    fn history(&mut self, now: Timestamp, page: History, effects: &mut Vec<Effect>) {
        let asked = self.pages.came();
        self.outbox.prolong(now);
        for entry in &page.entries {
            self.settle(now, entry, effects);
        }
        let more = page.more;
        if let Some(Span::Before(seq)) = asked {
            // Only right before the first entry that is here now: another may have gone out of the window.
            let first = self.transcript.entries().front();
            if first.is_some_and(|first| first.seq == seq) {
                self.transcript.older(page);
            }
        } else if self.transcript.newer(page) && more && matches!(asked, Some(Span::After(_))) {
            self.pages.miss();
        }
        self.fill(now, effects);
    }

    fn fill(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.pages.take_hole() {
            self.fetch(now, Span::After(self.transcript.last()), effects);
        }
    }

    /// An entry is stored: if it is one of ours, it has arrived.
    fn settle(&mut self, now: Timestamp, entry: &Entry, effects: &mut Vec<Effect>) {
        if let Content::Status { status } = entry.content
            && entry.seq >= self.transcript.last()
        {
            self.status = status;
        }
        if self.outbox.confirm(now, entry.id) {
            effects.push(Effect::Forget(entry.id));
        }
    }
}
