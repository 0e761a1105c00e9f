//! The sockets of a conversation and who is on them.
//!
//! Must stay true: a name is given to one socket only, since the event that an older one is gone may still come; whatever
//! changes here is a [`Session`] to be kept with its socket, so that waking finds it again. Only when a socket was heard last
//! is kept with the next change: it pings, and the runtime remembers the last one.

use std::collections::BTreeMap;

use crate::{
    id::{MessageId, SessionId},
    limits,
    presence::Page,
    receipt::Receipt,
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
    /// When a visitor asked over HTTPS, until that is too long ago.
    asked: Option<Timestamp>,
    /// The page of a visitor whose socket went.
    left: Option<Page>,
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
            asked: None,
            left: None,
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
        let removed = self.states.remove(&id);
        if let Some(State::Live {
            page: Some(page), ..
        }) = &removed
        {
            self.left = Some(page.clone());
        }
        removed
    }

    /// This draft was refused for now, or none is any more.
    pub(super) fn hold(&mut self, id: SessionId, draft: Option<MessageId>) -> Option<Session> {
        self.change(id, |state| {
            let State::Live { held, .. } = state else {
                return false;
            };
            *held = draft;
            true
        })
    }

    /// The visitor is on another page.
    pub(super) fn turn_to(&mut self, id: SessionId, new: Page) -> Option<Session> {
        self.change(id, |state| {
            let State::Live { page, .. } = state else {
                return false;
            };
            *page = Some(new);
            true
        })
    }

    /// Its reader has read so far.
    pub(super) fn has_read(&mut self, id: SessionId, new: Receipt) -> Option<Session> {
        self.change(id, |state| {
            let State::Live { receipt, .. } = state else {
                return false;
            };
            *receipt = Some(new);
            true
        })
    }

    fn change(
        &mut self,
        id: SessionId,
        change: impl FnOnce(&mut State) -> bool,
    ) -> Option<Session> {
        let state = self.states.get_mut(&id)?;
        change(state).then(|| Session {
            id,
            state: state.clone(),
        })
    }

    /// What was told by sockets that are open.
    pub(super) fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.states.values().filter_map(|state| match state {
            State::Live { receipt, .. } => receipt.as_ref(),
            State::Greeting { .. } => None,
        })
    }

    /// Something was heard of this socket, a ping included. The session, if that is somebody who had seemed to be gone.
    pub(super) fn heard(&mut self, id: SessionId, at: Timestamp) -> Option<Session> {
        self.change(id, |state| match state {
            State::Live { heard, lapsed, .. } if at > *heard => {
                *heard = at;
                std::mem::take(lapsed)
            }
            State::Live { .. } | State::Greeting { .. } => false,
        })
    }

    /// The visitor asks over HTTPS. Whether that is news of somebody who was not there.
    pub(super) fn visitor_asked(&mut self, now: Timestamp) -> bool {
        let was = self.visitor_present();
        self.asked = Some(now);
        !was
    }

    /// Takes note of the visitors of whom nothing was heard for too long. Their sessions, and whether any visitor went.
    pub(super) fn lapse(&mut self, now: Timestamp) -> (Vec<Session>, bool) {
        let gone = self.asked.take_if(|at| *at + limits::LEASE <= now);
        let mut ended = vec![];
        for (id, state) in &mut self.states {
            if lease_ends(state).is_some_and(|end| end <= now) {
                if let State::Live { lapsed, .. } = state {
                    *lapsed = true;
                }
                ended.push(Session {
                    id: *id,
                    state: state.clone(),
                });
            }
        }
        let any = gone.is_some() || !ended.is_empty();
        (ended, any)
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

    /// Whether a visitor is there, as far as was heard.
    pub(super) fn visitor_present(&self) -> bool {
        self.asked.is_some()
            || self
                .states
                .values()
                .any(|state| lease_ends(state).is_some())
    }

    /// The page of the visitor's newest socket.
    pub(super) fn visitors_page(&self) -> Option<Page> {
        self.states.values().rev().find_map(|state| match state {
            State::Live { page, .. } => page.clone(),
            State::Greeting { .. } => None,
        })
    }

    /// The page of the visitor, or where they were when they went.
    pub(super) fn last_page(&self) -> Option<Page> {
        self.visitors_page().or_else(|| self.left.clone())
    }

    /// When the next hello is overdue, or the next visitor may be gone.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        let states = self.states.values().map(|state| match state {
            State::Greeting { until, .. } => Some(*until),
            State::Live { .. } => lease_ends(state),
        });
        deadlines::earliest(states.chain([self.asked.map(|at| at + limits::LEASE)]))
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

/// When a visitor who is there may be there no more; nothing for anybody else.
fn lease_ends(state: &State) -> Option<Timestamp> {
    match state {
        State::Live {
            principal,
            heard,
            lapsed: false,
            ..
        } if principal.audience() == Audience::Visitor => Some(*heard + limits::LEASE),
        State::Live { .. } | State::Greeting { .. } => None,
    }
}
