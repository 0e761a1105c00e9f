//! What a reader is given of the transcript, and how far everybody has read.
//!
//! Must stay true: a reader gets no more than its audience may see, and a receipt only grows, never past what there is.

use crate::{
    api::Entries,
    cursor::{Cursor, Epoch, Seq},
    entry::Author,
    frame::{ServerFrame, Span},
    id::SessionId,
    receipt::Receipt,
    relay::{
        Principal,
        storage::{Audience, Fault, Origin, Storage},
    },
};

use super::{Conversation, turn::Turn};

impl Conversation {
    /// Sends one page on a socket.
    pub(super) fn history<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        span: Span,
        audience: Audience,
    ) -> Result<(), Fault> {
        let page = self.transcript.page(span, audience, turn.storage)?;
        turn.tell(vec![id], ServerFrame::History(page));
        Ok(())
    }

    /// One page, with all that a welcome would have said.
    pub(super) fn entries(
        &mut self,
        origin: &Origin,
        principal: &Principal,
        epoch: Option<Epoch>,
        span: Span,
        storage: &impl Storage,
    ) -> Result<Entries, Fault> {
        let audience = principal.audience();
        let span = if epoch.is_none_or(|epoch| epoch == origin.epoch) {
            span
        } else {
            Span::Newest
        };
        let page = self.transcript.page(span, audience, storage)?;
        let seq = page.entries.last().map_or(page.previous, |entry| entry.seq);
        Ok(Entries {
            conversation: origin.conversation,
            you: principal.author(),
            cursor: Cursor {
                epoch: origin.epoch,
                seq,
            },
            previous: page.previous,
            entries: page.entries,
            more: page.more,
            status: self.transcript.status(storage)?,
            receipts: self.receipts_for(principal, storage)?,
            presence: self.presence(audience, storage)?,
        })
    }

    /// Somebody has read up to here; everybody is told if that is news.
    pub(super) fn receipt<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        delivered: Seq,
        read: Seq,
    ) -> Result<(), Fault> {
        let reader = principal.author();
        let heads = self.transcript.heads(turn.storage)?;
        // In their own view: by a place past it a visitor would learn of internal entries.
        let head = heads.of(principal.audience());
        let known = turn
            .storage
            .receipts()?
            .into_iter()
            .find(|known| known.reader.is(&reader));
        let old = known.unwrap_or(Receipt {
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
        turn.storage.put_receipt(&new)?;
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
            self.projection.dirty(turn.now);
        }
        Ok(())
    }

    /// How far those have read whom this reader may know of.
    pub(super) fn receipts_for(
        &mut self,
        reader: &Principal,
        storage: &impl Storage,
    ) -> Result<Vec<Receipt>, Fault> {
        let receipts = storage.receipts()?;
        if reader.audience() == Audience::Operators {
            return Ok(receipts);
        }
        let head = self.transcript.heads(storage)?.visitor;
        let known = receipts
            .into_iter()
            .filter(|receipt| matches!(receipt.reader, Author::Visitor | Author::Operator(_)));
        Ok(known.map(|receipt| in_view(receipt, head)).collect())
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
