//! How far everybody has read.
//!
//! Must stay true: a receipt only grows, never past what its reader can see. It is kept with the socket that told it, and
//! written when that socket is gone: a row per reader and visit, not per message. A crash forgets what was not written, and
//! whoever comes back tells it again; to be unread once more does no harm.

use crate::{
    cursor::Seq,
    entry::Author,
    frame::ServerFrame,
    id::SessionId,
    receipt::Receipt,
    relay::{
        Principal,
        storage::{Audience, Fault, Storage},
    },
};

use super::{Conversation, Effect, turn::Turn};

impl Conversation {
    /// Somebody has read up to here, on this socket or over HTTPS; everybody is told if that is news.
    pub(super) fn receipt<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        on: Option<SessionId>,
        delivered: Seq,
        read: Seq,
    ) -> Result<(), Fault> {
        let reader = principal.author();
        let heads = self.transcript.heads(turn.storage)?;
        // In their own view: by a place past it a visitor would learn of internal entries.
        let head = heads.of(principal.audience());
        let receipts = self.receipts(turn.storage)?;
        let known = receipts.iter().find(|known| known.reader.is(&reader));
        let old = known.cloned().unwrap_or(Receipt {
            reader: reader.clone(),
            delivered: Seq::START,
            read: Seq::START,
        });
        // A register that only grows, and never past what there is.
        let read = old.read.max(read.min(head));
        let new = Receipt {
            reader,
            delivered: old.delivered.max(delivered.min(head)).max(read),
            read,
        };
        if new == old {
            return Ok(());
        }
        grow(receipts, new.clone());
        turn.push(Effect::Added);
        match on.and_then(|id| self.sessions.has_read(id, new.clone())) {
            Some(session) => turn.attach(session),
            None => turn.storage.put_receipt(&new)?,
        }
        let (before, after) = (
            in_view(old.clone(), heads.visitor),
            in_view(new.clone(), heads.visitor),
        );
        if after != before {
            let to = self.sessions.live(Audience::Visitor);
            turn.tell(to, ServerFrame::Receipt(after));
        }
        let to = self.sessions.live(Audience::Operators);
        turn.tell(to, ServerFrame::Receipt(new));
        if principal.audience() == Audience::Operators && read > old.read {
            self.projection.may_wait(turn.now);
        }
        Ok(())
    }

    /// A socket is gone that told how far its reader has read.
    pub(super) fn keep_receipt<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        told: &Receipt,
    ) -> Result<(), Fault> {
        let receipts = self.receipts(turn.storage)?;
        // The same reader may have read further on another socket: then that is kept now, and once more with that one.
        grow(receipts, told.clone());
        let newest = receipts.iter().find(|known| known.reader.is(&told.reader));
        match newest.cloned() {
            Some(newest) => turn.storage.put_receipt(&newest),
            None => Ok(()),
        }
    }

    /// How far those have read whom this reader may know of.
    pub(super) fn receipts_for(
        &mut self,
        reader: &Principal,
        storage: &impl Storage,
    ) -> Result<Vec<Receipt>, Fault> {
        let head = self.transcript.heads(storage)?.visitor;
        let receipts = self.receipts(storage)?.clone();
        if reader.audience() == Audience::Operators {
            return Ok(receipts);
        }
        let known = receipts
            .into_iter()
            .filter(|receipt| matches!(receipt.reader, Author::Visitor | Author::Operator(_)));
        Ok(known.map(|receipt| in_view(receipt, head)).collect())
    }

    /// The furthest place that any operator has read.
    pub(super) fn read_by_operators(&mut self, storage: &impl Storage) -> Result<Seq, Fault> {
        let by_operator = |receipt: &&Receipt| matches!(receipt.reader, Author::Operator(_));
        let receipts = self.receipts(storage)?.iter().filter(by_operator);
        Ok(receipts
            .map(|receipt| receipt.read)
            .max()
            .unwrap_or_default())
    }

    /// What is stored, and what the sockets carry.
    fn receipts(&mut self, storage: &impl Storage) -> Result<&mut Vec<Receipt>, Fault> {
        let receipts = match self.receipts.take() {
            Some(receipts) => receipts,
            None => {
                let mut receipts = storage.receipts()?;
                for carried in self.sessions.receipts() {
                    grow(&mut receipts, carried.clone());
                }
                receipts
            }
        };
        Ok(self.receipts.insert(receipts))
    }
}

/// Takes a receipt in, where it is news.
fn grow(receipts: &mut Vec<Receipt>, new: Receipt) {
    match receipts
        .iter_mut()
        .find(|known| known.reader.is(&new.reader))
    {
        Some(known) => {
            known.delivered = known.delivered.max(new.delivered);
            known.read = known.read.max(new.read);
            known.reader = new.reader;
        }
        None => receipts.push(new),
    }
}

/// A receipt as a reader may know it whose last entry is `head`.
fn in_view(receipt: Receipt, head: Seq) -> Receipt {
    Receipt {
        delivered: receipt.delivered.min(head),
        read: receipt.read.min(head),
        ..receipt
    }
}
