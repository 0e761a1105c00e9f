//! What a reader is given of the transcript.
//!
//! Must stay true: a reader gets no more than its audience may see.

use crate::{
    api::Entries,
    cursor::{Cursor, Epoch},
    frame::{ServerFrame, Span},
    id::SessionId,
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
}
