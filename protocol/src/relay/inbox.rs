//! A shop's list of conversations: what a change means for who looks at it (SPEC, IN).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    close::CloseCode,
    conversation::{Status, Summary},
    entry::OperatorCard,
    frame::{InboxClientFrame, InboxServerFrame},
    id::{OperatorId, SessionId},
    limits,
    time::Timestamp,
    version::VersionRange,
};

/// One inbox that is open; kept in the attachment of its socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its name within the object.
    pub id: SessionId,
    /// Who looks.
    pub operator: OperatorCard,
    /// Until when the hello must have come; `None` once it has.
    pub greet_until: Option<Timestamp>,
    /// When something was heard of it, as far as that was kept; its pings are remembered by the runtime.
    #[serde(default)]
    pub heard: Timestamp,
    /// Nothing was heard for so long that nobody may be there.
    #[serde(default)]
    pub lapsed: bool,
}

impl Session {
    /// When an operator who is on duty may be there no more; nothing for anybody else.
    fn lease_ends(&self) -> Option<Timestamp> {
        let there = self.greet_until.is_none() && !self.lapsed;
        there.then(|| self.heard + limits::DUTY_LEASE)
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// An operator opened a socket.
    Opened(SessionId, OperatorCard),
    /// A frame came; `None` for something that is no frame.
    Frame(SessionId, Option<InboxClientFrame>),
    /// The socket is gone.
    Closed(SessionId),
    /// A deadline has come. With it comes when each socket pinged last: pings wake nobody.
    Alarm(Vec<(SessionId, Timestamp)>),
    /// A conversation says what the list is to show. It is stored.
    Changed(Box<Summary>),
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "each is made once and moved once; on 32 bits the lint is silent"
)]
pub enum Effect {
    /// Keep the session with its socket.
    Attach(Session),
    /// Tell these.
    Send(Vec<SessionId>, InboxServerFrame),
    /// Close the socket.
    Close(SessionId, CloseCode),
    /// Tell the conversations whose visitors are there who is on duty.
    Announce(Vec<OperatorCard>),
}

/// The inboxes of a shop that are open.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    sessions: BTreeMap<SessionId, Session>,
    /// The newest name of a session; the event that an older socket is gone may still come.
    newest: SessionId,
}

impl Inbox {
    /// The inboxes as they are after waking.
    pub fn wake(sessions: impl IntoIterator<Item = Session>) -> Self {
        let sessions: BTreeMap<_, _> = sessions
            .into_iter()
            .map(|session| (session.id, session))
            .collect();
        Self {
            newest: sessions.keys().max().copied().unwrap_or_default(),
            sessions,
        }
    }

    /// A name for the next socket, used by none.
    pub fn free_session(&self) -> SessionId {
        SessionId(self.newest.0.wrapping_add(1))
    }

    /// The operators who have the inbox open, each once.
    pub fn duty(&self) -> Vec<OperatorCard> {
        let live = self
            .sessions
            .values()
            .filter(|session| session.lease_ends().is_some());
        let by_id: BTreeMap<OperatorId, &OperatorCard> =
            live.map(|s| (s.operator.id, &s.operator)).collect();
        by_id.into_values().cloned().collect()
    }

    /// When [`Input::Alarm`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.sessions
            .values()
            .filter_map(|session| session.greet_until.or_else(|| session.lease_ends()))
            .min()
    }

    fn heard(&mut self, id: SessionId, at: Timestamp, effects: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        if at > session.heard {
            session.heard = at;
            if std::mem::take(&mut session.lapsed) {
                effects.push(Effect::Attach(session.clone()));
            }
        }
    }

    fn end_leases(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for session in self.sessions.values_mut() {
            if session.lease_ends().is_some_and(|end| end <= now) {
                session.lapsed = true;
                effects.push(Effect::Attach(session.clone()));
            }
        }
    }

    /// Takes what happened and answers what to do.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        let before = self.duty();
        let mut effects = vec![];
        match input {
            Input::Opened(id, operator) => {
                let session = Session {
                    id,
                    operator,
                    greet_until: Some(now + limits::GREETING),
                    heard: now,
                    lapsed: false,
                };
                self.newest = self.newest.max(id);
                self.sessions.insert(id, session.clone());
                effects.push(Effect::Attach(session));
            }
            Input::Frame(id, frame) => {
                self.heard(id, now, &mut effects);
                self.frame(now, id, frame, &mut effects);
            }
            Input::Closed(id) => {
                self.sessions.remove(&id);
            }
            Input::Alarm(pings) => {
                for (id, at) in pings {
                    self.heard(id, at, &mut effects);
                }
                self.end_leases(now, &mut effects);
                let late = |s: &&Session| s.greet_until.is_some_and(|until| until <= now);
                for id in self
                    .sessions
                    .values()
                    .filter(late)
                    .map(|s| s.id)
                    .collect::<Vec<_>>()
                {
                    self.close(id, CloseCode::Stale, &mut effects);
                }
            }
            Input::Changed(summary) => {
                let to = self.live();
                if !to.is_empty() {
                    effects.push(Effect::Send(to, InboxServerFrame::Summary(summary)));
                }
            }
        }
        let duty = self.duty();
        if duty != before {
            let to = self.live();
            if !to.is_empty() {
                effects.push(Effect::Send(
                    to,
                    InboxServerFrame::Duty { duty: duty.clone() },
                ));
            }
            effects.push(Effect::Announce(duty));
        }
        effects
    }

    fn frame(
        &mut self,
        now: Timestamp,
        id: SessionId,
        frame: Option<InboxClientFrame>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        match (frame, session.greet_until) {
            (Some(InboxClientFrame::Hello { version }), Some(_)) => {
                let Some(version) = VersionRange::OURS.agree(version) else {
                    return self.close(id, CloseCode::TooOld, effects);
                };
                let live = Session {
                    greet_until: None,
                    heard: now,
                    ..session.clone()
                };
                self.sessions.insert(id, live.clone());
                let welcome = InboxServerFrame::Welcome {
                    version,
                    you: live.operator.clone(),
                    duty: self.duty(),
                };
                effects.push(Effect::Attach(live));
                effects.push(Effect::Send(vec![id], welcome));
            }
            (Some(InboxClientFrame::Hello { .. }), None)
            | (Some(InboxClientFrame::Unknown) | None, Some(_)) => {
                self.close(id, CloseCode::OutOfTurn, effects);
            }
            (Some(InboxClientFrame::Unknown) | None, None) => {}
        }
    }

    fn live(&self) -> Vec<SessionId> {
        self.sessions
            .values()
            .filter(|session| session.greet_until.is_none())
            .map(|session| session.id)
            .collect()
    }

    fn close(&mut self, id: SessionId, code: CloseCode, effects: &mut Vec<Effect>) {
        self.sessions.remove(&id);
        effects.push(Effect::Close(id, code));
    }
}

/// Which conversations a list is to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this status only.
    pub status: Option<Status>,
    /// Of this assignee only.
    pub assignee: Option<Assignee>,
}

/// Who is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// This operator.
    Operator(OperatorId),
    /// Nobody in particular.
    Nobody,
}

impl Filter {
    /// Whether a conversation belongs in the list.
    pub fn fits(&self, summary: &Summary) -> bool {
        let status = self.status.is_none_or(|status| summary.status == status);
        let assignee = match self.assignee {
            None => true,
            Some(Assignee::Nobody) => summary.assignee.is_none(),
            Some(Assignee::Operator(id)) => {
                summary.assignee.as_ref().is_some_and(|card| card.id == id)
            }
        };
        status && assignee
    }
}
