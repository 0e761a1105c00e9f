//! One event or request while it is dealt with: when it came, the storage it may use, and what is to be done about it.
//!
//! Must stay true: effects come out in the order in which they were decided, and nothing is sent to nobody.

use crate::{
    close::CloseCode,
    frame::{Refused, ServerFrame},
    id::SessionId,
    relay::session::Session,
    time::Timestamp,
};

use super::Effect;

/// One event or request while it is dealt with.
pub(super) struct Turn<'a, S> {
    pub(super) now: Timestamp,
    pub(super) storage: &'a mut S,
    effects: Vec<Effect>,
}

impl<'a, S> Turn<'a, S> {
    pub(super) fn new(now: Timestamp, storage: &'a mut S) -> Self {
        Self {
            now,
            storage,
            effects: vec![],
        }
    }

    /// What is to be done.
    pub(super) fn done(self) -> Vec<Effect> {
        self.effects
    }

    pub(super) fn attach(&mut self, session: Session) {
        self.effects.push(Effect::Attach(session));
    }

    pub(super) fn tell(&mut self, to: Vec<SessionId>, frame: ServerFrame) {
        if !to.is_empty() {
            self.effects.push(Effect::Send(to, frame));
        }
    }

    pub(super) fn refuse(&mut self, to: SessionId, refused: Refused) {
        self.tell(vec![to], ServerFrame::Refused(refused));
    }

    pub(super) fn close(&mut self, id: SessionId, code: CloseCode) {
        self.effects.push(Effect::Close(id, code));
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
