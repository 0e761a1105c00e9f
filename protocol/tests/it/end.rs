//! [`End`]: a client alone and the time, against a relay that the test plays; and what the client answers.

use protocol::{
    client::{
        Client, Effect, Input,
        link::{Credential, State, Way},
    },
    close::CloseCode,
    cursor::{Epoch, Seq},
    entry::{Author, Entry},
    frame::{ClientFrame, History, Refusal, Refused, ServerFrame, Span, Welcome},
    id::MessageId,
    message::Draft,
    time::{Millis, Timestamp},
};

use crate::cast::{self, draft, giulia, name};

pub const EPOCH: Epoch = Epoch(7);

/// A client, and the time.
pub struct End {
    pub client: Client,
    pub now: Timestamp,
}

impl End {
    pub fn new(credential: Credential, kept: Vec<Draft>, seed: u64) -> Self {
        Self {
            client: Client::new(cast::START, credential, kept, seed),
            now: cast::START,
        }
    }

    /// A visitor's client that has just been welcomed to an empty conversation.
    pub fn live() -> Self {
        let mut end = Self::visitor();
        end.tell(Input::Want);
        end.greet(0, EPOCH);
        end.history(0, &[], false);
        end
    }

    pub fn visitor() -> Self {
        Self::new(Credential::Token(Some("token".into())), vec![], 1)
    }

    pub fn tell(&mut self, input: Input) -> Vec<Effect> {
        self.client.handle(self.now, input)
    }

    pub fn greet(&mut self, head: u64, epoch: Epoch) -> Vec<Effect> {
        self.tell(Input::Opened);
        self.frame(ServerFrame::Welcome(welcome(head, epoch)))
    }

    pub fn frame(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.tell(Input::Frame(frame))
    }

    pub fn history(&mut self, previous: u64, places: &[u64], more: bool) -> Vec<Effect> {
        let entries = places.iter().map(|n| entry(*n)).collect();
        self.frame(ServerFrame::History(History {
            previous: Seq(previous),
            entries,
            more,
        }))
    }

    pub fn entry(&mut self, previous: u64, place: u64) -> Vec<Effect> {
        self.frame(ServerFrame::Entry {
            previous: Seq(previous),
            entry: entry(place),
        })
    }

    pub fn refuse(&mut self, n: u64, code: Refusal, retry_after_ms: Option<u64>) -> Vec<Effect> {
        self.frame(ServerFrame::Refused(Refused {
            id: Some(name(n)),
            code,
            limit: None,
            retry_after_ms,
        }))
    }

    /// The timer rings when it is due.
    pub fn ring(&mut self) -> Vec<Effect> {
        self.now = self.client.next_deadline().expect("a deadline");
        self.tell(Input::Timer)
    }

    pub fn after(&mut self, wait: Millis) -> &mut Self {
        self.now = self.now + wait;
        self
    }

    pub fn places(&self) -> Vec<u64> {
        self.client
            .transcript()
            .entries()
            .iter()
            .map(|entry| entry.seq.0)
            .collect()
    }

    pub fn wait(&self) -> Millis {
        match self.client.link() {
            State::Waiting { until, .. } => until - self.now,
            other => panic!("waits, not {other:?}"),
        }
    }

    pub fn ids(&self) -> Vec<MessageId> {
        self.client
            .outbox()
            .outgoing()
            .iter()
            .map(|outgoing| outgoing.draft.id)
            .collect()
    }
}

pub fn welcome(head: u64, epoch: Epoch) -> Welcome {
    Welcome {
        version: 1,
        epoch,
        head: Seq(head),
        you: Author::Visitor,
        status: Default::default(),
        receipts: vec![],
        presence: Default::default(),
    }
}

pub fn entry(place: u64) -> Entry {
    let Draft { id, content } = draft(place);
    Entry {
        seq: Seq(place),
        id,
        at: cast::START,
        author: Author::Operator(giulia()),
        content,
    }
}

pub fn sends(effects: &[Effect]) -> Vec<MessageId> {
    let sends = effects.iter().filter_map(|effect| match effect {
        Effect::Transmit(ClientFrame::Send(draft)) => Some(draft.id),
        _ => None,
    });
    sends.collect()
}

pub fn asks(effects: &[Effect]) -> Option<Span> {
    effects.iter().find_map(|effect| match effect {
        Effect::Transmit(ClientFrame::History(span)) => Some(*span),
        _ => None,
    })
}

pub const REPLACED: [Effect; 2] = [
    Effect::Disconnect(CloseCode::Stale),
    Effect::Connect(Way::Socket),
];
