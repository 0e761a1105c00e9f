//! Thousands of stories that chance writes about one operator on a bad line while another one answers: whatever fails, nothing
//! leaves past an answer that was here and not there when it was written, everything is stored once, and what is not held in the order it was written.

use std::collections::{BTreeMap, VecDeque};

use protocol::{
    backoff::Dice,
    client::{self, Client, Input, link::Credential},
    cursor::Seq,
    desk::answering::{Answering, Effect, Written},
    entry::{Author, Content},
    frame::{ClientFrame, ServerFrame},
    id::{MessageId, SessionId},
    message::Draft,
    relay,
    time::{Millis, Timestamp},
};

use crate::{
    cast::{giulia, marco, message, note, operator},
    desk::{Desk, closes, told},
};

/// So many stories run in a second or two.
const STORIES: u64 = 600;

/// Steps of one story: enough for several faults to meet.
const STEPS: u64 = 80;

/// Giulia's device, the relay with Marco at it, and a line that loses and delays.
struct Tunnel {
    desk: Desk,
    marco: SessionId,
    end: Answering,
    kept: BTreeMap<MessageId, Written>,
    /// The socket that the relay knows, while it is open there.
    session: Option<SessionId>,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    /// What was under way on sockets that are gone here, and may still arrive there.
    late: VecDeque<(SessionId, ClientFrame)>,
    connecting: bool,
    dice: Dice,
    written: Vec<MessageId>,
    count: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    stored: usize,
    held: usize,
    cuts: usize,
    deaths: usize,
    late: usize,
}

impl Tunnel {
    fn new(seed: u64) -> Self {
        let (mut desk, shopper) = Desk::with_visitor();
        desk.say(shopper, 1, message("Is it there?"));
        let marco = desk.enter(operator(marco()));
        let client = Client::new(desk.now, Credential::Ambient, vec![], seed);
        Self {
            desk,
            marco,
            end: Answering::new(client, vec![]),
            kept: BTreeMap::new(),
            session: None,
            up: VecDeque::new(),
            down: VecDeque::new(),
            late: VecDeque::new(),
            connecting: false,
            dice: Dice::new(seed),
            written: vec![],
            count: Tally::default(),
        }
    }

    fn now(&self) -> Timestamp {
        self.desk.now
    }

    fn tell(&mut self, input: Input) {
        let retried = match &input {
            Input::Retry(id, _) => Some(*id),
            _ => None,
        };
        for effect in self.end.handle(self.now(), input) {
            match effect {
                Effect::Keep(written) => drop(self.kept.insert(written.id, written)),
                Effect::Client(client::Effect::Connect(_)) => {
                    self.hang_up();
                    self.connecting = true;
                }
                Effect::Client(client::Effect::Disconnect(_)) => self.hang_up(),
                Effect::Client(client::Effect::Farewell) => {
                    panic!("an operator's words leave by the check alone")
                }
                Effect::Client(client::Effect::Transmit(frame)) => {
                    if let ClientFrame::Send(draft) = &frame {
                        self.may_leave(draft, retried);
                    }
                    self.up.push_back(frame);
                }
                Effect::Client(client::Effect::Forget(id)) => {
                    let stored = self.desk.disk.entries.iter().any(|entry| entry.id == id);
                    assert!(stored, "{id} is forgotten and was not stored");
                    self.kept.remove(&id);
                }
                Effect::Client(client::Effect::Keep(_)) => panic!("kept without its place"),
                Effect::Client(client::Effect::Ping | client::Effect::Renew) => {}
            }
        }
    }

    /// DE6: the newest entry is here, and nobody's after the place it was written against.
    fn may_leave(&self, draft: &Draft, retried: Option<MessageId>) {
        assert!(self.end.client().has_newest(), "it leaves from the dark");
        let answer = matches!(draft.content, Content::Message { .. });
        if !answer || retried == Some(draft.id) {
            return;
        }
        let against = self.kept[&draft.id].against.map_or(Seq::START, |c| c.seq);
        let entries = self.end.client().transcript().entries().iter();
        let marcos = Author::Operator(marco());
        let mut after = entries.filter(|entry| entry.seq > against);
        assert!(
            after.all(|entry| entry.author != marcos),
            "it leaves past an answer"
        );
    }

    /// The socket is gone here; what it carried up may still arrive.
    fn hang_up(&mut self) {
        let up = std::mem::take(&mut self.up);
        if let Some(session) = self.session.take() {
            if self.dice.below(2) == 0 {
                self.late
                    .extend(up.into_iter().map(|frame| (session, frame)));
            }
            self.late.push_back((session, ClientFrame::Unknown));
        }
        self.down.clear();
        self.connecting = false;
    }

    fn relay(&mut self, session: SessionId, frame: ClientFrame) {
        let effects = match frame {
            ClientFrame::Hello(hello) => self
                .desk
                .handle(relay::conversation::Input::Hello(session, hello, None)),
            // Stands for the end of a socket.
            ClientFrame::Unknown => self
                .desk
                .handle(relay::conversation::Input::Closed(session)),
            frame => self.desk.frame(session, frame),
        };
        self.hear(&effects);
    }

    /// What the relay says to her.
    fn hear(&mut self, effects: &[relay::conversation::Effect]) {
        let Some(live) = self.session else { return };
        self.down.extend(told(effects, live).into_iter().cloned());
        if let Some((_, code)) = closes(effects).into_iter().find(|(id, _)| *id == live) {
            self.session = None;
            self.up.clear();
            self.down.clear();
            self.tell(Input::Closed(Some(code.number())));
        }
    }

    fn step(&mut self) {
        match self.dice.below(16) {
            0..=2 => self.write(),
            3 => {
                let n = 1_000 + self.dice.below(1_000_000);
                let effects = self.desk.say(self.marco, n, message("Yes"));
                self.hear(&effects);
            }
            4 => {
                self.count.cuts += 1;
                self.hang_up();
                self.tell(Input::Closed(None));
            }
            5 => self.die(),
            6 => {
                if let Some((session, frame)) = self.late.pop_front() {
                    self.count.late += 1;
                    self.relay(session, frame);
                }
            }
            7 => {
                let held = self.held();
                self.count.held += held.len();
                if let Some(id) = held.first() {
                    self.tell(Input::Retry(*id, *id));
                }
            }
            8 => {
                self.desk.now = self.now() + Millis(self.dice.below(12_000));
                self.tell(Input::Timer);
            }
            9 => self.tell(Input::Thawed),
            _ => self.carry(),
        }
    }

    fn write(&mut self) {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.dice.roll().to_be_bytes());
        let id = self.end.mint(self.now(), random);
        let content = match self.dice.below(4) {
            0 => note("n"),
            _ => message("m"),
        };
        self.written.push(id);
        self.tell(Input::Send(Draft { id, content }));
    }

    /// The tab dies; the next one knows what the device kept, in no order.
    fn die(&mut self) {
        self.count.deaths += 1;
        self.hang_up();
        let mut kept: Vec<Written> = self.kept.values().cloned().collect();
        kept.reverse();
        let seed = self.dice.roll();
        let client = Client::new(self.now(), Credential::Ambient, vec![], seed);
        self.end = Answering::new(client, kept);
        self.tell(Input::Want);
    }

    /// One thing moves on the line.
    fn carry(&mut self) {
        if std::mem::take(&mut self.connecting) {
            self.session = Some(self.desk.open(Some(operator(giulia()))));
            self.tell(Input::Opened);
        } else if let (Some(session), Some(frame)) = (self.session, self.up.pop_front()) {
            self.relay(session, frame);
        } else if let Some(frame) = self.down.pop_front() {
            self.tell(Input::Frame(frame));
        }
    }

    fn held(&self) -> Vec<MessageId> {
        let outgoing = self.end.outgoing().into_iter().map(|o| o.draft.id);
        outgoing.filter(|id| self.end.held(*id).is_some()).collect()
    }

    /// The line is good from here on, and what is held is sent anyway.
    fn settle(&mut self) {
        self.tell(Input::Want);
        for _ in 0..2_000 {
            while let Some((session, frame)) = self.late.pop_front() {
                self.relay(session, frame);
            }
            while self.connecting || !self.up.is_empty() || !self.down.is_empty() {
                self.carry();
            }
            if let Some(id) = self.held().first() {
                self.tell(Input::Retry(*id, *id));
            } else if self.end.outgoing().is_empty() {
                return;
            } else {
                self.desk.now = self.end.next_deadline().expect("a deadline");
                self.tell(Input::Timer);
            }
        }
        let link = self.end.client().link();
        panic!(
            "something never leaves ({link:?}): {:?}",
            self.end.outgoing()
        );
    }
}

#[test]
fn de7_on_a_bad_line_nothing_leaves_past_an_answer_and_everything_is_stored_once() {
    let mut all = Tally::default();
    for seed in 0..STORIES {
        let mut tunnel = Tunnel::new(seed);
        tunnel.tell(Input::Want);
        for _ in 0..STEPS {
            tunnel.step();
        }
        tunnel.settle();
        let stored = |id: &MessageId| {
            let entries = tunnel.desk.disk.entries.iter();
            entries.filter(|entry| entry.id == *id).count()
        };
        for id in &tunnel.written {
            assert_eq!(stored(id), 1, "seed {seed}: {id}");
        }
        let entries = tunnel.desk.disk.entries.iter();
        let notes: Vec<Option<usize>> = entries
            .filter(|entry| matches!(entry.content, Content::Note { .. }))
            .map(|entry| tunnel.written.iter().position(|id| *id == entry.id))
            .collect();
        assert!(notes.is_sorted(), "seed {seed}: notes changed places");
        assert!(
            tunnel.kept.is_empty(),
            "seed {seed}: the device keeps nothing"
        );
        all.stored += tunnel.written.len();
        all.held += tunnel.count.held;
        all.cuts += tunnel.count.cuts;
        all.deaths += tunnel.count.deaths;
        all.late += tunnel.count.late;
    }
    // A story in which nothing goes wrong proves nothing.
    for (what, count) in [
        ("stored", all.stored),
        ("held", all.held),
        ("cut", all.cuts),
        ("died", all.deaths),
        ("late", all.late),
    ] {
        assert!(count > STORIES as usize / 4, "{what}: only {count} times");
    }
}
