//! What a reader is given of the transcript.
//!
//! Must stay true: a reader gets no more than its audience may see.

use crate::{
    api::{Entries, OwnConversation},
    cursor::{Cursor, Epoch},
    frame::{ServerFrame, Span},
    id::SessionId,
    relay::{
        Principal,
        storage::{Audience, Fault, Origin, Storage},
    },
};

use super::{Conversation, projection::last_words, turn::Turn};

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
            presence: self.presence(audience, storage.duty()?),
        })
    }

    /// What its visitor finds of it among their others: of what they see and of nothing else, not even when more was said.
    pub(super) fn own(
        &mut self,
        origin: &Origin,
        storage: &impl Storage,
    ) -> Result<Option<OwnConversation>, Fault> {
        let seen = self
            .transcript
            .page(Span::Newest, Audience::Visitor, storage)?
            .entries;
        let Some(newest) = seen.last() else {
            return Ok(None);
        };
        let words = seen.iter().rev().map(last_words);
        Ok(Some(OwnConversation {
            id: origin.conversation,
            status: self.transcript.status(storage)?,
            head: newest.seq,
            updated_at: newest.at,
            last: words.into_iter().find(|last| !last.text.is_empty()),
        }))
    }
}
