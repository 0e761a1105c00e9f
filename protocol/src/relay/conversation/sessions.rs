//! The sockets of a conversation and who is on them.
//!
//! Must stay true: a name is given to one socket only, since the event that an older one is gone may still come; whatever
//! changes here is a [`Session`] to be kept with its socket, so that waking finds it again.

use std::collections::BTreeMap;

use crate::{
    id::{MessageId, SessionId},
    presence::Page,
    relay::{
        deadlines,
        session::{Session, State},
        storage::Audience,
    },
    time::Timestamp,
};

/// The sockets of a conversation.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    states: BTreeMap<SessionId, State>,
    newest: SessionId,
}

impl Sessions {
    /// As the sockets carry them.
    pub(super) fn restored(sessions: impl IntoIterator<Item = Session>) -> Self {
        let states: BTreeMap<_, _> = sessions
            .into_iter()
            .map(|session| (session.id, session.state))
            .collect();
        Self {
            newest: states.keys().max().copied().unwrap_or_default(),
            states,
        }
    }

    /// A name for the next socket, used by none.
    pub(super) fn free(&self) -> SessionId {
        SessionId(self.newest.0.wrapping_add(1))
    }

    pub(super) fn get(&self, id: SessionId) -> Option<&State> {
        self.states.get(&id)
    }

    pub(super) fn put(&mut self, id: SessionId, state: State) -> Session {
        self.newest = self.newest.max(id);
        self.states.insert(id, state.clone());
        Session { id, state }
    }

    pub(super) fn remove(&mut self, id: SessionId) -> Option<State> {
        self.states.remove(&id)
    }

    /// This draft was refused for now, or none is any more.
    pub(super) fn hold(&mut self, id: SessionId, draft: Option<MessageId>) -> Option<Session> {
        let state = self.states.get_mut(&id)?;
        let State::Live { held, .. } = state else {
            return None;
        };
        *held = draft;
        let state = state.clone();
        Some(Session { id, state })
    }

    /// The visitor is on another page.
    pub(super) fn turn_to(&mut self, id: SessionId, new: Page) -> Option<Session> {
        let state = self.states.get_mut(&id)?;
        let State::Live { page, .. } = state else {
            return None;
        };
        *page = Some(new);
        let state = state.clone();
        Some(Session { id, state })
    }

    /// Who of this audience was welcomed.
    pub(super) fn live(&self, audience: Audience) -> Vec<SessionId> {
        self.welcomed()
            .filter(|(_, of)| *of == audience)
            .map(|(id, _)| id)
            .collect()
    }

    /// Everybody who was welcomed, but for one.
    pub(super) fn everybody_but(&self, except: Option<SessionId>) -> Vec<SessionId> {
        self.welcomed()
            .map(|(id, _)| id)
            .filter(|id| Some(*id) != except)
            .collect()
    }

    pub(super) fn visitor_present(&self) -> bool {
        self.welcomed().any(|(_, of)| of == Audience::Visitor)
    }

    /// The page of the visitor's newest socket.
    pub(super) fn visitors_page(&self) -> Option<Page> {
        self.states.values().rev().find_map(|state| match state {
            State::Live { page, .. } => page.clone(),
            State::Greeting { .. } => None,
        })
    }

    /// When the next hello is overdue.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        deadlines::earliest(self.states.values().map(|state| match state {
            State::Greeting { until, .. } => Some(*until),
            State::Live { .. } => None,
        }))
    }

    /// Whose hello is overdue.
    pub(super) fn late(&self, now: Timestamp) -> Vec<SessionId> {
        let late = self.states.iter().filter_map(|(id, state)| match state {
            State::Greeting { until, .. } if *until <= now => Some(*id),
            State::Greeting { .. } | State::Live { .. } => None,
        });
        late.collect()
    }

    fn welcomed(&self) -> impl Iterator<Item = (SessionId, Audience)> {
        self.states.iter().filter_map(|(id, state)| match state {
            State::Live { principal, .. } => Some((*id, principal.audience())),
            State::Greeting { .. } => None,
        })
    }
}
