//! A socket's frames by request and answer (SPEC, RL 21).

use std::collections::VecDeque;

use protocol::{
    api::{Carried, Exchange, Exchanged},
    client::{self, Client, Input, link::Credential},
    close::CloseCode,
    cursor::{Epoch, Seq},
    entry::Entry,
    frame::{ClientFrame, Hello, Refusal, ServerFrame},
    limits,
    relay::{
        Principal,
        conversation::{Answer, Conversation, Request},
        pace::Pace,
        storage::Audience,
    },
    version::VersionRange,
};

use crate::{
    cast::{self, draft, giulia, name, note, operator, visitor},
    desk::{Desk, filled, hello, told},
};

/// A client whose socket is made of exchanges.
struct End {
    principal: Principal,
    client: Client,
    up: VecDeque<ClientFrame>,
    carried: Option<Carried>,
}

impl End {
    fn new(principal: Principal) -> Self {
        let credential = Credential::Token(Some("token".into()));
        let mut end = Self {
            principal,
            client: Client::new(cast::START, credential, vec![], 1),
            up: VecDeque::new(),
            carried: None,
        };
        end.tell(Input::Want);
        end.tell(Input::Opened);
        end
    }

    fn tell(&mut self, input: Input) {
        for effect in self.client.handle(cast::START, input) {
            if let client::Effect::Transmit(frame) = effect {
                self.up.push_back(frame);
            }
        }
    }

    /// One request and its answer; a lost answer changes nothing here.
    fn exchange(&mut self, desk: &mut Desk, answered: bool) -> Exchanged {
        let asked = Exchange {
            frames: self.up.iter().cloned().collect(),
            carried: self.carried,
        };
        let exchanged = ask(desk, &self.principal, asked);
        if answered {
            self.up.clear();
            self.carried = exchanged.carried;
            for frame in exchanged.frames.clone() {
                self.tell(Input::Frame(frame));
            }
        }
        exchanged
    }

    fn settle(&mut self, desk: &mut Desk) {
        for _ in 0..100 {
            if self.exchange(desk, true).frames.is_empty() && self.up.is_empty() {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    fn shows(&self) -> Vec<Entry> {
        self.client.transcript().entries().iter().cloned().collect()
    }
}

fn ask(desk: &mut Desk, principal: &Principal, asked: Exchange) -> Exchanged {
    match desk.ask(principal, Request::Exchange(asked)) {
        Ok((Answer::Exchanged(exchanged), _)) => exchanged,
        other => panic!("an exchange, not {other:?}"),
    }
}

fn send(n: u64) -> ClientFrame {
    ClientFrame::Send(draft(n))
}

#[test]
fn rl21_a_client_lives_on_exchanges_as_on_a_socket() {
    let mut desk = Desk::new();
    let mut shopper = End::new(visitor());
    shopper.settle(&mut desk);
    let giulias = desk.enter(operator(giulia()));
    shopper.tell(Input::Send(draft(1)));
    // The answer is lost, and the same goes up again.
    shopper.exchange(&mut desk, false);
    shopper.settle(&mut desk);
    assert!(shopper.client.outbox().outgoing().is_empty());
    for n in 2..=3 * limits::HISTORY_PAGE as u64 {
        desk.send(giulias, draft(n));
        if n % 7 == 0 {
            desk.say(giulias, 1_000 + n, note("among us"));
        }
    }
    shopper.tell(Input::Send(draft(500)));
    shopper.tell(Input::Send(draft(501)));
    shopper.settle(&mut desk);
    let wanted: Vec<Entry> = desk.disk.view(Audience::Visitor).cloned().collect();
    assert_eq!(shopper.shows(), wanted);
    assert!(shopper.client.outbox().outgoing().is_empty());
    // What operators read comes with the next answer, once.
    let head = Seq(desk.disk.entries.len() as u64);
    let read = ClientFrame::Receipt {
        delivered: head,
        read: head,
    };
    desk.frame(giulias, read);
    let receipts = |exchanged: &Exchanged| {
        let is_receipt = |frame: &&ServerFrame| matches!(frame, ServerFrame::Receipt(_));
        exchanged.frames.iter().filter(is_receipt).count()
    };
    assert_eq!(receipts(&shopper.exchange(&mut desk, true)), 1);
    assert_eq!(receipts(&shopper.exchange(&mut desk, true)), 0);
    assert_eq!(shopper.client.read_by_others(), wanted.last().unwrap().seq);
    // What a visitor reads is told to operators.
    shopper.tell(Input::Seen(head));
    let (_, effects) = desk
        .ask(
            &visitor(),
            Request::Exchange(Exchange {
                frames: shopper.up.drain(..).collect(),
                carried: shopper.carried,
            }),
        )
        .unwrap();
    assert!(matches!(
        told(&effects, giulias)[..],
        [ServerFrame::Receipt(_)]
    ));
}

#[test]
fn rl21_a_draft_that_comes_too_soon_holds_those_behind_it_from_answer_to_answer() {
    let mut desk = Desk::new();
    desk.relay = Conversation::wake(cast::conversation(), []).at_pace(Pace::Human);
    let hello = ClientFrame::Hello(hello());
    let frames = [hello].into_iter().chain((1..=10).map(send)).collect();
    let first = ask(
        &mut desk,
        &visitor(),
        Exchange {
            frames,
            carried: None,
        },
    );
    let refused = |exchanged: &Exchanged| -> Vec<_> {
        let refusals = exchanged.frames.iter().filter_map(|frame| match frame {
            ServerFrame::Refused(refused) => Some((refused.id, refused.code)),
            _ => None,
        });
        refusals.collect()
    };
    assert_eq!(
        refused(&first),
        [
            (Some(name(9)), Refusal::RateLimited),
            (Some(name(10)), Refusal::Held)
        ]
    );
    // In the next request the later one comes alone: it must not overtake.
    desk.now = desk.now + limits::PACE_EVERY;
    let mut next = |frames| {
        ask(
            &mut desk,
            &visitor(),
            Exchange {
                frames,
                carried: first.carried,
            },
        )
    };
    assert_eq!(
        refused(&next(vec![send(10)])),
        [(Some(name(10)), Refusal::Held)]
    );
    assert_eq!(refused(&next(vec![send(9)])), []);
    assert_eq!(
        next(vec![send(10)]).close,
        Some(CloseCode::Stale.number()),
        "the held one came another way"
    );
}

#[test]
fn rl21_what_travels_with_the_client_grants_nothing() {
    let (mut desk, shopper) = filled(3);
    let giulias = desk.enter(operator(giulia()));
    desk.say(giulias, 50, note("among us"));
    let epoch = desk.epoch();
    let forged = |epoch, seq| {
        Some(Carried {
            epoch,
            seq: Seq(seq),
            read: u64::MAX,
            held: None,
        })
    };
    let mut with = |principal: &Principal, frames: Vec<ClientFrame>, carried| {
        ask(&mut desk, principal, Exchange { frames, carried })
    };
    for seq in [0, 3, 4, u64::MAX] {
        let exchanged = with(&visitor(), vec![], forged(epoch, seq));
        let text = serde_json::to_string(&exchanged).unwrap();
        assert!(!text.contains("among us"), "{text}");
    }
    let elsewhere = with(&visitor(), vec![], forged(Epoch(epoch.0 + 1), 3));
    assert_eq!(elsewhere.close, Some(CloseCode::Stale.number()));
    let out_of_turn = Some(CloseCode::OutOfTurn.number());
    assert_eq!(with(&visitor(), vec![send(9)], None).close, out_of_turn);
    let again = vec![ClientFrame::Hello(hello())];
    assert_eq!(with(&visitor(), again, forged(epoch, 3)).close, out_of_turn);
    let old = ClientFrame::Hello(Hello {
        version: VersionRange {
            oldest: 0,
            newest: 0,
        },
        ..hello()
    });
    assert_eq!(
        with(&visitor(), vec![old], None).close,
        Some(CloseCode::TooOld.number())
    );
    let note = ClientFrame::Send(protocol::message::Draft {
        id: name(60),
        content: note("from a visitor"),
    });
    let refused = with(&visitor(), vec![note], forged(epoch, 3));
    assert!(matches!(
        refused.frames.first(),
        Some(ServerFrame::Refused(refused)) if refused.code == Refusal::Forbidden
    ));
    assert!(
        desk.ask(
            &cast::stranger(),
            Request::Exchange(Exchange {
                frames: vec![],
                carried: None
            })
        )
        .is_err()
    );
    desk.frame(shopper, ClientFrame::Typing { on: true });
}

#[test]
fn rl21_who_exchanges_is_there_for_a_while() {
    let (mut desk, shopper) = filled(1);
    desk.handle(protocol::relay::conversation::Input::Closed(shopper));
    assert!(!desk.summary().visitor_present);
    let mut end = End::new(visitor());
    end.settle(&mut desk);
    assert!(desk.summary().visitor_present);
    desk.now = desk.now + limits::LEASE;
    desk.alarm();
    assert!(!desk.summary().visitor_present);
}

#[test]
fn rl21_who_exchanged_before_the_memory_went_is_not_there_for_ever() {
    let mut desk = Desk::new();
    let mut end = End::new(visitor());
    end.settle(&mut desk);
    let giulias = desk.open(None);
    let effects = desk.hello(giulias, operator(giulia()), None);
    let session = crate::desk::attached(&effects).expect("a session");
    desk.forget([session]);
    desk.now = desk.now + limits::LEASE;
    let effects = desk.alarm();
    let told = told(&effects, giulias);
    assert!(
        told.iter()
            .any(|frame| matches!(frame, ServerFrame::Presence(it) if !it.visitor)),
        "{told:?}"
    );
}
