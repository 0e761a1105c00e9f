//! Who comes in and how they leave: the hello, whose conversation it is, and the end of a socket.
//!
//! Must stay true: nobody is told anything before it is known who they are and that the conversation is theirs; nothing is
//! written for somebody who has not shown it.

use crate::{
    close::CloseCode,
    cursor::{Cursor, Epoch, Seq},
    frame::{Hello, ServerFrame, Span},
    id::SessionId,
    limits,
    presence::Page,
    relay::{
        Principal,
        session::State,
        storage::{Audience, Fault, Origin, Storage},
    },
    version::VersionRange,
};

use super::{Conversation, turn::Turn};

impl Conversation {
    /// A socket was accepted; now its hello has to come.
    pub(super) fn opened<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        principal: Option<Principal>,
    ) {
        let until = turn.now + limits::GREETING;
        turn.attach(self.sessions.put(id, State::Greeting { until, principal }));
    }

    /// Welcomes who has shown who they are, and gives them what they missed.
    pub(super) fn hello<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        hello: Hello,
        claim: Option<Principal>,
    ) -> Result<(), Fault> {
        let Some(State::Greeting { principal, .. }) = self.sessions.get(id) else {
            return self.expel(turn, id, CloseCode::OutOfTurn);
        };
        let Some(version) = VersionRange::OURS.agree(hello.version) else {
            self.turn_away(turn, id, CloseCode::TooOld);
            return Ok(());
        };
        // A token says as whom the hello is meant: an operator who visits the shop sends the operator's cookie along.
        let principal = if hello.token.is_some() {
            claim
        } else {
            principal.clone()
        };
        let Some(principal) = principal else {
            self.turn_away(turn, id, CloseCode::Unauthorized);
            return Ok(());
        };
        let Some(origin) = self.enter(turn, &principal, true)? else {
            self.turn_away(turn, id, CloseCode::Forbidden);
            return Ok(());
        };
        let audience = principal.audience();
        let state = State::Live {
            principal: principal.clone(),
            held: None,
            page: hello
                .page
                .filter(|_| audience == Audience::Visitor)
                .map(Page::cut),
            heard: turn.now,
            lapsed: false,
            receipt: None,
        };
        turn.attach(self.sessions.put(id, state));
        let welcome = self.welcome(&principal, &origin, version, turn.storage)?;
        let span = Self::missed(hello.cursor, &origin, welcome.head);
        turn.tell(vec![id], ServerFrame::Welcome(welcome));
        self.history(turn, id, span, audience)?;
        if audience == Audience::Visitor {
            self.visitor_moved(turn)?;
        }
        Ok(())
    }

    /// What of the transcript a reader with this cursor is given first.
    pub(super) fn missed(cursor: Option<Cursor>, origin: &Origin, head: Seq) -> Span {
        match cursor {
            // A reader who has more than there is has read what is lost.
            Some(cursor) if cursor.epoch == origin.epoch && cursor.seq <= head => {
                Span::After(cursor.seq)
            }
            Some(_) | None => Span::Newest,
        }
    }

    /// Lets a principal in, and begins the conversation when a visitor comes to it first. `None` when it is not theirs,
    /// or not there.
    pub(super) fn enter<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        begins: bool,
    ) -> Result<Option<Origin>, Fault> {
        let origin = self.transcript.origin(turn.storage)?;
        match (origin.map(|origin| self.incarnate(origin)), principal) {
            (Some(origin), Principal::Visitor { shop, visitor }) => {
                Ok((origin.shop == *shop && origin.visitor == *visitor).then_some(origin))
            }
            (Some(origin), Principal::Operator { shop, .. }) => {
                Ok((origin.shop == *shop).then_some(origin))
            }
            (None, Principal::Visitor { shop, visitor }) if begins => {
                let origin = Origin {
                    conversation: self.id,
                    shop: shop.clone(),
                    visitor: *visitor,
                    epoch: Epoch(turn.now.0),
                    at: turn.now,
                };
                self.transcript.begin(&origin, turn.storage)?;
                Ok(Some(self.incarnate(origin)))
            }
            (None, Principal::Visitor { .. } | Principal::Operator { .. }) => Ok(None),
        }
    }

    /// An older copy of a transcript is another one, whatever it says of itself: what clients know of it may be lost, and
    /// its next places may be given a second time.
    fn incarnate(&self, origin: Origin) -> Origin {
        let epoch = origin.epoch.max(self.restored);
        Origin { epoch, ..origin }
    }

    /// A socket is gone; if somebody was on it, the others are told.
    pub(super) fn closed<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
    ) -> Result<(), Fault> {
        let Some(State::Live {
            principal, receipt, ..
        }) = self.sessions.remove(id)
        else {
            return Ok(());
        };
        if let Some(receipt) = receipt {
            self.keep_receipt(turn, &receipt)?;
        }
        self.typing(turn, &principal, Some(id), false);
        if principal.audience() == Audience::Visitor {
            self.visitor_moved(turn)?;
        }
        Ok(())
    }

    /// Closes a socket as if it had gone by itself: others may have been told that it is there.
    pub(super) fn expel<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        code: CloseCode,
    ) -> Result<(), Fault> {
        self.closed(turn, id)?;
        turn.close(id, code);
        Ok(())
    }

    /// Closes the sockets whose hello is overdue.
    pub(super) fn close_late<S: Storage>(&mut self, turn: &mut Turn<'_, S>) {
        for id in self.sessions.late(turn.now) {
            self.turn_away(turn, id, CloseCode::Stale);
        }
    }

    /// Closes a socket that nobody was told of.
    fn turn_away<S: Storage>(&mut self, turn: &mut Turn<'_, S>, id: SessionId, code: CloseCode) {
        self.sessions.remove(id);
        turn.close(id, code);
    }
}
