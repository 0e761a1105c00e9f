//! Any row of events at a conversation: no panic, every entry has the place after the one before it, what is told is stored, no
//! visitor is told what operators say among themselves, and an alarm that rang is not due again.

use std::collections::BTreeMap;

use protocol::{
    api::{Carried, Exchange},
    entry::Entry,
    frame::ServerFrame,
    id::{ConversationId, SessionId},
    relay::{
        conversation::{Answer, Conversation, Effect, Input, Request},
        session::{Session, State},
        storage::Audience,
    },
    time::Timestamp,
};

use crate::{
    given::{Given, START},
    memory::Memory,
};

/// Events of the longest story: enough for a page of history and for every bucket to run dry.
const EVENTS: usize = 200;

/// Takes the bytes as choices.
pub fn take(bytes: &[u8]) {
    let mut stage = Stage::new(bytes);
    for _ in 0..EVENTS {
        if stage.given.is_over() {
            break;
        }
        stage.now = stage.given.after(stage.now);
        match stage.given.below(8) {
            0 => stage.forget(),
            1 | 2 => stage.ask(),
            _ => stage.happen(),
        }
        stage.judge();
    }
}

struct Stage<'a> {
    given: Given<'a>,
    now: Timestamp,
    relay: Conversation,
    disk: Memory,
    /// What the sockets carry.
    attached: BTreeMap<SessionId, Session>,
}

impl<'a> Stage<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            given: Given::new(bytes),
            now: START,
            relay: Conversation::wake(conversation(), []),
            disk: Memory::default(),
            attached: BTreeMap::new(),
        }
    }

    /// The object's memory goes, and what the sockets carry is read again.
    fn forget(&mut self) {
        let sessions = self.attached.values().map(|session| {
            let text = serde_json::to_string(session).expect("a session can be kept");
            serde_json::from_str(&text).expect("what was kept can be read")
        });
        let sessions: Vec<Session> = sessions.collect();
        self.relay = Conversation::wake(conversation(), sessions);
    }

    fn happen(&mut self) {
        let given = &mut self.given;
        let id = match given.below(4) {
            0 => self.relay.free_session(),
            n => SessionId(n.into()),
        };
        let input = match given.below(16) {
            0 | 1 => Input::Opened(self.relay.free_session(), given.maybe(Given::principal)),
            2 | 3 => Input::Hello(id, given.hello(), given.maybe(Given::principal)),
            4 => Input::Closed(id),
            5 => match given.below(3) {
                0 => Input::Malformed(id),
                1 => Input::Oversized(id),
                _ => Input::Deaf(id),
            },
            6 => Input::Projected(given.some(2, Given::card).into()),
            7 => Input::ProjectionFailed,
            8 => Input::Duty(given.some(2, Given::card).into()),
            9 | 10 => {
                let pings = given.some(2, |it| {
                    (SessionId(it.below(4).into()), Timestamp(it.number()))
                });
                Input::Alarm(pings)
            }
            11 => Input::Shown(given.some(2, Given::card).into()),
            _ => Input::Frame(id, given.client_frame()),
        };
        let rings = matches!(input, Input::Alarm(_));
        if matches!(input, Input::Closed(_)) {
            self.attached.remove(&id);
        }
        let effects = self.relay.handle(self.now, input, &mut self.disk);
        self.follow(effects.expect("nothing fails on plain memory"));
        if rings {
            let due = self.relay.next_deadline();
            assert!(due.is_none_or(|due| due > self.now), "{due:?} is over");
        }
    }

    fn ask(&mut self) {
        let given = &mut self.given;
        let principal = given.principal();
        let request = match given.below(8) {
            0 => Request::Entries {
                epoch: given.maybe(Given::epoch),
                span: given.span(),
            },
            1 => Request::Typing(given.yes()),
            2 => Request::Receipt {
                delivered: given.seq(),
                read: given.seq(),
            },
            3 if given.yes() => Request::Own,
            3 => Request::Summary,
            4 | 5 => Request::Exchange(Exchange {
                frames: given.some(6, Given::client_frame),
                carried: given.maybe(|it| Carried {
                    epoch: it.epoch(),
                    seq: it.seq(),
                    read: it.number(),
                    held: it.maybe(Given::id),
                }),
            }),
            _ => Request::Send(given.draft()),
        };
        let audience = principal.audience();
        let answer = self
            .relay
            .answer(self.now, &principal, request, &mut self.disk);
        let Ok((answer, effects)) = answer else {
            return;
        };
        match &answer {
            Answer::Stored(stored) => self.told(audience, &stored.entry),
            Answer::Entries(page) => page.entries.iter().for_each(|it| self.told(audience, it)),
            Answer::Exchanged(answer) => answer
                .frames
                .iter()
                .for_each(|frame| self.heard(audience, frame)),
            Answer::Own(own) => {
                let last = own.as_ref().and_then(|own| own.last.as_ref());
                assert!(last.is_none_or(|last| !last.note), "{last:?}");
            }
            Answer::Handed { .. } | Answer::Files(_) | Answer::Summary(_) | Answer::Done => {}
        }
        self.follow(effects);
    }

    fn follow(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Attach(session) => {
                    self.attached.insert(session.id, session);
                }
                Effect::Close(id, _) => {
                    self.attached.remove(&id);
                }
                Effect::Send(to, frame) => {
                    for id in to {
                        let state = self.attached.get(&id).map(|session| &session.state);
                        if let Some(State::Live { principal, .. }) = state {
                            self.heard(principal.audience(), &frame);
                        }
                    }
                }
                // A disk may be quick or slow.
                Effect::Settle if self.given.below(2) == 0 => {
                    let told = self.relay.settled(self.now, &self.disk);
                    told.expect("nothing fails on plain memory");
                }
                Effect::Settle | Effect::Project { .. } | Effect::Added | Effect::Dropped(_) => {}
            }
        }
    }

    fn heard(&self, audience: Audience, frame: &ServerFrame) {
        match frame {
            ServerFrame::Entry { entry, .. } => self.told(audience, entry),
            ServerFrame::History(page) => {
                let mut before = page.previous;
                for entry in &page.entries {
                    assert!(entry.seq > before, "{page:?} is in order");
                    before = entry.seq;
                    self.told(audience, entry);
                }
            }
            ServerFrame::Welcome(welcome) => self.looks(audience, welcome.presence.page.is_some()),
            ServerFrame::Presence(presence) => self.looks(audience, presence.page.is_some()),
            ServerFrame::Refused(_)
            | ServerFrame::Receipt(_)
            | ServerFrame::Typing { .. }
            | ServerFrame::Unknown => {}
        }
    }

    fn looks(&self, audience: Audience, at_a_page: bool) {
        assert!(
            audience == Audience::Operators || !at_a_page,
            "a visitor is told of a page"
        );
    }

    fn told(&self, audience: Audience, entry: &Entry) {
        let stored = self.disk.names.get(&entry.id);
        let stored = stored.and_then(|at| self.disk.entries.get(*at));
        assert_eq!(stored, Some(entry), "what is told is stored");
        assert!(
            audience == Audience::Operators || !entry.content.is_internal(),
            "a visitor is told {entry:?}"
        );
    }

    fn judge(&self) {
        for (place, entry) in (1..).zip(&self.disk.entries) {
            assert_eq!(entry.seq.0, place, "a place for every entry");
        }
        let names = self.disk.names.len();
        assert_eq!(names, self.disk.entries.len(), "a name for every entry");
    }
}

fn conversation() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}
