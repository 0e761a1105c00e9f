//! [`Desk`]: a conversation alone, its disk and the time, with sockets that the test plays; and what was told of it.

use protocol::{
    close::CloseCode,
    conversation::Summary,
    cursor::{Cursor, Epoch},
    entry::{Content, Entry},
    frame::{ClientFrame, Hello, History, Refusal, Refused, ServerFrame, Span},
    id::{MessageId, SessionId},
    message::Draft,
    relay::{
        Principal,
        conversation::{Answer, Conversation, Effect, Failure, Input, Request},
        pace::Pace,
        session::Session,
    },
    time::Timestamp,
    version::VersionRange,
};

use crate::{
    cast::{self, draft, giulia, name, operator, visitor},
    memory::Memory,
};

/// A conversation, its disk and the time.
#[derive(Clone)]
pub struct Desk {
    pub relay: Conversation,
    pub disk: Memory,
    pub now: Timestamp,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            relay: Conversation::wake(cast::conversation(), []).at_pace(Pace::Unlimited),
            disk: Memory::default(),
            now: cast::START,
        }
    }

    pub fn with_visitor() -> (Self, SessionId) {
        let mut desk = Self::new();
        let id = desk.enter(visitor());
        (desk, id)
    }

    /// On a disk that is quick.
    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.relay.handle(self.now, input, &mut self.disk).unwrap();
        self.settle(effects)
    }

    fn settle(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        if effects.contains(&Effect::Settle) {
            effects.extend(self.relay.settled(self.now, &self.disk));
        }
        effects.retain(|effect| *effect != Effect::Settle);
        effects
    }

    pub fn open(&mut self, principal: Option<Principal>) -> SessionId {
        let id = self.relay.free_session();
        self.handle(Input::Opened(id, principal));
        id
    }

    pub fn enter(&mut self, principal: Principal) -> SessionId {
        let id = self.open(None);
        self.hello(id, principal, None);
        id
    }

    pub fn hello(
        &mut self,
        id: SessionId,
        principal: Principal,
        cursor: Option<Cursor>,
    ) -> Vec<Effect> {
        self.handle(Input::Hello(
            id,
            Hello { cursor, ..hello() },
            Some(principal),
        ))
    }

    pub fn frame(&mut self, id: SessionId, frame: ClientFrame) -> Vec<Effect> {
        self.handle(Input::Frame(id, frame))
    }

    pub fn send(&mut self, id: SessionId, draft: Draft) -> Vec<Effect> {
        self.frame(id, ClientFrame::Send(draft))
    }

    pub fn say(&mut self, id: SessionId, n: u64, content: Content) -> Vec<Effect> {
        self.send(
            id,
            Draft {
                id: name(n),
                content,
            },
        )
    }

    pub fn ask(
        &mut self,
        principal: &Principal,
        request: Request,
    ) -> Result<(Answer, Vec<Effect>), Failure> {
        let answered = self
            .relay
            .answer(self.now, principal, request, &mut self.disk);
        answered.map(|(answer, effects)| (answer, self.settle(effects)))
    }

    pub fn entries(
        &mut self,
        principal: &Principal,
        epoch: Option<Epoch>,
        span: Span,
    ) -> protocol::api::Entries {
        match self.ask(principal, Request::Entries { epoch, span }) {
            Ok((Answer::Entries(entries), _)) => entries,
            other => panic!("entries, not {other:?}"),
        }
    }

    pub fn summary(&mut self) -> Summary {
        match self.ask(&operator(giulia()), Request::Summary) {
            Ok((Answer::Summary(summary), _)) => summary,
            other => panic!("a summary, not {other:?}"),
        }
    }

    /// Everything in memory goes; the sessions come back from their sockets.
    pub fn forget(&mut self, sessions: impl IntoIterator<Item = Session>) {
        self.relay = Conversation::wake(cast::conversation(), sessions).at_pace(Pace::Unlimited);
    }

    pub fn ring(&mut self) -> Vec<Effect> {
        self.now = self.relay.next_deadline().expect("a deadline");
        self.alarm()
    }

    /// The alarm rings, and nobody has pinged.
    pub fn alarm(&mut self) -> Vec<Effect> {
        self.handle(Input::Alarm(vec![]))
    }

    pub fn epoch(&self) -> Epoch {
        self.disk.origin.as_ref().unwrap().epoch
    }
}

pub fn hello() -> Hello {
    Hello {
        version: VersionRange::OURS,
        token: Some("token".into()),
        cursor: None,
        page: None,
    }
}

/// What one session is told, in order.
pub fn told(effects: &[Effect], id: SessionId) -> Vec<&ServerFrame> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(to, frame) if to.contains(&id) => Some(frame),
        _ => None,
    });
    frames.collect()
}

pub fn told_entries(effects: &[Effect], id: SessionId) -> Vec<(u64, u64)> {
    let entries = told(effects, id)
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::Entry { previous, entry } => Some((previous.0, entry.seq.0)),
            _ => None,
        });
    entries.collect()
}

pub fn told_refusals(
    effects: &[Effect],
    id: SessionId,
) -> Vec<(Option<MessageId>, Refusal, Option<u64>)> {
    let refusals = told(effects, id)
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::Refused(Refused {
                id, code, limit, ..
            }) => Some((*id, *code, *limit)),
            _ => None,
        });
    refusals.collect()
}

pub fn told_history(effects: &[Effect], id: SessionId) -> &History {
    let page = told(effects, id).into_iter().find_map(|frame| match frame {
        ServerFrame::History(page) => Some(page),
        _ => None,
    });
    page.expect("a page")
}

pub fn closes(effects: &[Effect]) -> Vec<(SessionId, CloseCode)> {
    let closes = effects.iter().filter_map(|effect| match effect {
        Effect::Close(id, code) => Some((*id, *code)),
        _ => None,
    });
    closes.collect()
}

pub fn attached(effects: &[Effect]) -> Option<Session> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Attach(session) => Some(session.clone()),
        _ => None,
    })
}

pub fn projected(effects: &[Effect]) -> Option<&Summary> {
    effects.iter().find_map(|effect| match effect {
        Effect::Project { summary, .. } => Some(summary),
        _ => None,
    })
}

pub fn places(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.0).collect()
}

pub fn filled(count: u64) -> (Desk, SessionId) {
    let (mut desk, shopper) = Desk::with_visitor();
    for n in 1..=count {
        desk.send(shopper, draft(n));
    }
    (desk, shopper)
}
