//! A conversation alone, with sockets that the test plays (SPEC, RL and SE).

use protocol::{
    close::CloseCode,
    conversation::{Status, Summary},
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, Content, Entry, OperatorCard},
    frame::{ClientFrame, Hello, History, Refusal, Refused, ServerFrame, Span, Welcome},
    id::{MessageId, SessionId},
    limits,
    message::Draft,
    presence::Page,
    receipt::Receipt,
    relay::{
        Principal,
        conversation::{Answer, Conversation, Effect, Failure, Input, Request},
        deadlines,
        session::{Session, State},
        storage::Storage,
    },
    time::{Millis, Timestamp},
    version::VersionRange,
};

use crate::{
    cast::{self, draft, giulia, marco, message, name, note, operator, stranger, visitor},
    memory::Memory,
};

/// A conversation, its disk and the time.
struct Desk {
    relay: Conversation,
    disk: Memory,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        Self {
            relay: Conversation::wake(cast::conversation(), []),
            disk: Memory::default(),
            now: cast::START,
        }
    }

    fn with_visitor() -> (Self, SessionId) {
        let mut desk = Self::new();
        let id = desk.enter(visitor());
        (desk, id)
    }

    fn handle(&mut self, input: Input) -> Vec<Effect> {
        self.relay.handle(self.now, input, &mut self.disk).unwrap()
    }

    fn open(&mut self, principal: Option<Principal>) -> SessionId {
        let id = self.relay.free_session();
        self.handle(Input::Opened(id, principal));
        id
    }

    fn enter(&mut self, principal: Principal) -> SessionId {
        let id = self.open(None);
        self.hello(id, principal, None);
        id
    }

    fn hello(
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

    fn frame(&mut self, id: SessionId, frame: ClientFrame) -> Vec<Effect> {
        self.handle(Input::Frame(id, frame))
    }

    fn send(&mut self, id: SessionId, draft: Draft) -> Vec<Effect> {
        self.frame(id, ClientFrame::Send(draft))
    }

    fn say(&mut self, id: SessionId, n: u64, content: Content) -> Vec<Effect> {
        self.send(
            id,
            Draft {
                id: name(n),
                content,
            },
        )
    }

    fn ask(
        &mut self,
        principal: &Principal,
        request: Request,
    ) -> Result<(Answer, Vec<Effect>), Failure> {
        self.relay
            .answer(self.now, principal, request, &mut self.disk)
    }

    fn entries(
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

    fn summary(&mut self) -> Summary {
        match self.ask(&operator(giulia()), Request::Summary) {
            Ok((Answer::Summary(summary), _)) => summary,
            other => panic!("a summary, not {other:?}"),
        }
    }

    /// Everything in memory goes; the sessions come back from their sockets.
    fn forget(&mut self, sessions: impl IntoIterator<Item = Session>) {
        self.relay = Conversation::wake(cast::conversation(), sessions);
    }

    fn ring(&mut self) -> Vec<Effect> {
        self.now = self.relay.next_deadline().expect("a deadline");
        self.handle(Input::Alarm)
    }

    fn epoch(&self) -> Epoch {
        self.disk.origin.as_ref().unwrap().epoch
    }
}

fn hello() -> Hello {
    Hello {
        version: VersionRange::OURS,
        token: Some("token".into()),
        cursor: None,
        page: None,
    }
}

/// What one session is told, in order.
fn told(effects: &[Effect], id: SessionId) -> Vec<&ServerFrame> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(to, frame) if to.contains(&id) => Some(frame),
        _ => None,
    });
    frames.collect()
}

fn told_entries(effects: &[Effect], id: SessionId) -> Vec<(u64, u64)> {
    let entries = told(effects, id)
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::Entry { previous, entry } => Some((previous.0, entry.seq.0)),
            _ => None,
        });
    entries.collect()
}

fn told_refusals(
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

fn told_history(effects: &[Effect], id: SessionId) -> &History {
    let page = told(effects, id).into_iter().find_map(|frame| match frame {
        ServerFrame::History(page) => Some(page),
        _ => None,
    });
    page.expect("a page")
}

fn closes(effects: &[Effect]) -> Vec<(SessionId, CloseCode)> {
    let closes = effects.iter().filter_map(|effect| match effect {
        Effect::Close(id, code) => Some((*id, *code)),
        _ => None,
    });
    closes.collect()
}

fn attached(effects: &[Effect]) -> Option<Session> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Attach(session) => Some(session.clone()),
        _ => None,
    })
}

fn projected(effects: &[Effect]) -> Option<&Summary> {
    effects.iter().find_map(|effect| match effect {
        Effect::Project(summary) => Some(summary),
        _ => None,
    })
}

fn places(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.0).collect()
}

#[test]
fn rl2_places_are_dense_and_the_same_for_everybody() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let effects = desk.send(shopper, draft(1));
    assert_eq!(
        (
            told_entries(&effects, shopper),
            told_entries(&effects, giulias)
        ),
        (vec![(0, 1)], vec![(0, 1)])
    );
    let effects = desk.send(giulias, draft(2));
    assert_eq!(
        (
            told_entries(&effects, shopper),
            told_entries(&effects, giulias)
        ),
        (vec![(1, 2)], vec![(1, 2)])
    );
    desk.forget([]);
    let shopper = desk.enter(visitor());
    assert_eq!(
        told_entries(&desk.send(shopper, draft(3)), shopper),
        [(2, 3)],
        "also after waking"
    );
    assert_eq!(places(&desk.disk.entries), [1, 2, 3]);
}

#[test]
fn rl3_a_fault_tells_nobody_anything() {
    // Whichever call of a send fails, there is no effect at all, and a fresh memory with the old disk does it right.
    for calls in 0.. {
        let (mut desk, shopper) = Desk::with_visitor();
        let before = desk.disk.savepoint();
        desk.disk.fails_after.set(Some(calls));
        let outcome = desk.relay.handle(
            desk.now,
            Input::Frame(shopper, ClientFrame::Send(draft(1))),
            &mut desk.disk,
        );
        if desk.disk.fails_after.take().is_some() {
            assert!(calls >= 2, "a send looks and writes");
            assert_eq!(told_entries(&outcome.unwrap(), shopper), [(0, 1)]);
            break;
        }
        assert!(outcome.is_err());
        desk.disk.go_back(before);
        desk.forget([]);
        let shopper = desk.enter(visitor());
        assert_eq!(
            told_entries(&desk.send(shopper, draft(1)), shopper),
            [(0, 1)]
        );
    }
}

#[test]
fn rl3_whatever_is_told_is_on_the_disk() {
    let (mut desk, shopper) = Desk::with_visitor();
    for n in 1..=3 {
        for effect in desk.send(shopper, draft(n)) {
            if let Effect::Send(_, ServerFrame::Entry { entry, .. }) = effect {
                assert_eq!(desk.disk.find(entry.id), Ok(Some(entry)));
            }
        }
    }
    assert_eq!(desk.disk.entries.len(), 3);
}

#[test]
fn rl4_a_repeated_send_is_answered_once() {
    let (mut desk, shopper) = Desk::with_visitor();
    let phone = desk.enter(visitor());
    let first = desk.send(shopper, draft(1));
    assert_eq!(told_entries(&first, phone), [(0, 1)]);
    desk.send(shopper, draft(2));
    desk.now = desk.now + Millis::seconds(60);
    let again = desk.send(shopper, draft(1));
    assert_eq!(
        told(&again, shopper),
        told(&first, shopper),
        "the same answer, with its first place and time"
    );
    assert_eq!(
        told(&again, phone),
        Vec::<&ServerFrame>::new(),
        "and only to who asked"
    );
    assert_eq!(again.len(), 1);
    assert_eq!(desk.disk.entries.len(), 2);
}

#[test]
fn rl4_an_operator_who_was_renamed_is_the_same_author() {
    let (mut desk, _) = Desk::with_visitor();
    let before = desk.enter(operator(giulia()));
    desk.send(before, draft(1));
    let after = desk.enter(operator(OperatorCard {
        name: "Giulia B.".into(),
        ..giulia()
    }));
    assert_eq!(told_entries(&desk.send(after, draft(1)), after), [(0, 1)]);
}

#[test]
fn rl5_the_same_name_with_other_words_or_of_another_author_is_a_conflict() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    let conflict = vec![(Some(name(1)), Refusal::Conflict, None)];
    assert_eq!(
        told_refusals(&desk.say(shopper, 1, message("other words")), shopper),
        conflict
    );
    assert_eq!(
        told_refusals(&desk.send(giulias, draft(1)), giulias),
        conflict
    );
    assert_eq!(desk.disk.entries.len(), 1);
}

#[test]
fn rl6_each_may_write_what_is_theirs_within_the_limits() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let longest = "🛍".repeat(limits::TEXT_MAX);
    let too_long = longest.clone() + "!";
    let long = Some(limits::TEXT_MAX as u64);
    let set = Content::Status {
        status: Status::Resolved,
    };
    let assigned = Content::Assigned { to: Some(marco()) };
    for (id, content, refusal) in [
        (shopper, message(longest.clone()), None),
        (
            shopper,
            message(too_long.clone()),
            Some((Refusal::TooLong, long)),
        ),
        (
            shopper,
            message(" \n\t\u{a0}"),
            Some((Refusal::Empty, None)),
        ),
        (shopper, note("a note"), Some((Refusal::Forbidden, None))),
        (shopper, set.clone(), Some((Refusal::Forbidden, None))),
        (shopper, assigned.clone(), Some((Refusal::Forbidden, None))),
        (shopper, Content::Unknown, Some((Refusal::Malformed, None))),
        (giulias, message("hello"), None),
        (giulias, note(longest), None),
        (giulias, note(too_long), Some((Refusal::TooLong, long))),
        (giulias, note(""), Some((Refusal::Empty, None))),
        (giulias, set, None),
        (giulias, assigned, None),
        (giulias, Content::Unknown, Some((Refusal::Malformed, None))),
    ] {
        let stored = desk.disk.entries.len();
        let n = 100 + stored as u64;
        let effects = desk.say(id, n, content.clone());
        let wanted: Vec<_> = refusal
            .into_iter()
            .map(|(code, limit)| (Some(name(n)), code, limit))
            .collect();
        assert_eq!(told_refusals(&effects, id), wanted, "{content:.40?}");
        assert_eq!(
            desk.disk.entries.len(),
            stored + usize::from(refusal.is_none())
        );
    }
}

#[test]
fn rl7_a_visitor_never_meets_an_internal_entry() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    for (n, content) in [
        (2, note("between us")),
        (3, Content::Assigned { to: Some(giulia()) }),
    ] {
        let effects = desk.say(giulias, n, content);
        assert_eq!(told_entries(&effects, giulias), [(n - 1, n)]);
        assert_eq!(told(&effects, shopper), Vec::<&ServerFrame>::new());
    }
    let effects = desk.send(giulias, draft(4));
    assert_eq!(
        (
            told_entries(&effects, giulias),
            told_entries(&effects, shopper)
        ),
        (vec![(3, 4)], vec![(1, 4)])
    );
    assert_eq!(
        told_entries(&desk.send(giulias, draft(4)), giulias),
        [(3, 4)],
        "also when it is asked again"
    );
    let page = desk.frame(shopper, ClientFrame::History(Span::Newest));
    assert_eq!(places(&told_history(&page, shopper).entries), [1, 4]);
    let page = desk.entries(&visitor(), None, Span::After(Seq(1)));
    assert_eq!((places(&page.entries), page.previous), (vec![4], Seq(1)));
    let page = desk.entries(&operator(marco()), None, Span::Newest);
    assert_eq!(places(&page.entries), [1, 2, 3, 4]);
    desk.say(giulias, 5, note("between us"));
    let (answer, _) = desk.ask(&visitor(), Request::Send(draft(6))).unwrap();
    assert!(
        matches!(answer, Answer::Stored(stored) if (stored.previous, stored.entry.seq) == (Seq(4), Seq(6)))
    );
}

/// A session whose first draft was refused for now, by a limit of the shell.
fn held(desk: &mut Desk, n: u64) -> SessionId {
    let id = SessionId(9);
    let state = State::Live {
        principal: visitor(),
        held: Some(name(n)),
        page: None,
    };
    desk.forget([Session { id, state }]);
    id
}

#[test]
fn rl8_drafts_behind_one_that_is_held_are_held_with_it() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    for n in [2, 3] {
        assert_eq!(
            told_refusals(&desk.send(shopper, draft(n)), shopper),
            [(Some(name(n)), Refusal::Held, None)]
        );
    }
    let effects = desk.send(shopper, draft(1));
    assert_eq!(told_entries(&effects, shopper), [(0, 1)]);
    let kept = attached(&effects).expect("what is not held any more is kept with the socket");
    assert!(matches!(kept.state, State::Live { held: None, .. }));
    for n in [2, 3] {
        assert_eq!(
            told_entries(&desk.send(shopper, draft(n)), shopper),
            [(n - 1, n)]
        );
    }
}

#[test]
fn rl8_a_held_draft_that_is_refused_for_good_holds_nobody() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    assert_eq!(
        told_refusals(&desk.say(shopper, 1, message("")), shopper).len(),
        1
    );
    assert_eq!(
        told_entries(&desk.send(shopper, draft(2)), shopper),
        [(0, 1)]
    );
}

#[test]
fn rl8_a_held_draft_that_came_on_another_way_ends_the_socket() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    let giulias = desk.enter(operator(giulia()));
    let phone = desk.enter(visitor());
    desk.send(phone, draft(1));
    let effects = desk.send(shopper, draft(2));
    assert_eq!(closes(&effects), [(shopper, CloseCode::Stale)]);
    assert_eq!(
        told(&effects, giulias).len(),
        2,
        "typing and presence, as when it goes by itself"
    );
    assert_eq!(
        desk.disk.entries.len(),
        1,
        "a new socket begins with the right one"
    );
}

fn filled(count: u64) -> (Desk, SessionId) {
    let (mut desk, shopper) = Desk::with_visitor();
    for n in 1..=count {
        desk.send(shopper, draft(n));
    }
    (desk, shopper)
}

#[test]
fn rl9_a_reader_who_comes_back_gets_what_was_missed() {
    let page = limits::HISTORY_PAGE as u64;
    let (mut desk, _) = filled(3 * page);
    let epoch = desk.epoch();
    let mut come = |cursor| {
        let id = desk.open(None);
        let effects = desk.hello(id, visitor(), cursor);
        let frames = told(&effects, id);
        assert!(
            matches!(frames[..], [ServerFrame::Welcome(Welcome { head, .. }), ServerFrame::History(_), ..] if head.0 == 3 * page)
        );
        let page = told_history(&effects, id);
        (page.previous.0, places(&page.entries), page.more)
    };
    let newest = (2 * page, (2 * page + 1..=3 * page).collect(), true);
    let at = |epoch, seq| {
        Some(Cursor {
            epoch,
            seq: Seq(seq),
        })
    };
    assert_eq!(come(None), newest);
    assert_eq!(come(at(epoch, 5)), (5, (6..=5 + page).collect(), true));
    assert_eq!(
        come(at(epoch, 3 * page - 2)),
        (3 * page - 2, vec![3 * page - 1, 3 * page], false)
    );
    assert_eq!(come(at(epoch, 3 * page)), (3 * page, vec![], false));
    assert_eq!(
        come(at(Epoch(epoch.0 + 1), 5)),
        newest,
        "another incarnation"
    );
    assert_eq!(come(at(epoch, 3 * page + 1)), newest, "more than there is");
}

#[test]
fn rl9_pages_say_what_comes_before_them_and_whether_there_are_more() {
    let page = limits::HISTORY_PAGE as u64;
    let (mut desk, shopper) = filled(page + 10);
    let mut ask = |span| {
        let effects = desk.frame(shopper, ClientFrame::History(span));
        let page = told_history(&effects, shopper).clone();
        (page.previous.0, places(&page.entries), page.more)
    };
    assert_eq!(ask(Span::Before(Seq(11))), (0, (1..=10).collect(), false));
    assert_eq!(
        ask(Span::Before(Seq(page + 2))),
        (1, (2..page + 2).collect(), true)
    );
    assert_eq!(ask(Span::Before(Seq(1))), (0, vec![], false));
    assert_eq!(
        ask(Span::After(Seq(page + 8))),
        (page + 8, vec![page + 9, page + 10], false)
    );
    assert_eq!(
        ask(Span::After(Seq(u64::MAX))),
        (page + 10, vec![], false),
        "any number may come"
    );
    assert_eq!(ask(Span::Before(Seq(u64::MAX))).1.len() as u64, page);
}

#[test]
fn rl10_a_receipt_only_grows_and_never_past_the_end() {
    let (mut desk, shopper) = filled(5);
    let giulias = desk.enter(operator(giulia()));
    let mut read = |id, delivered, read| {
        let effects = desk.frame(
            id,
            ClientFrame::Receipt {
                delivered: Seq(delivered),
                read: Seq(read),
            },
        );
        assert_eq!(told(&effects, shopper), told(&effects, giulias));
        told(&effects, shopper).first().map(|frame| match frame {
            ServerFrame::Receipt(receipt) => (receipt.delivered.0, receipt.read.0),
            other => panic!("a receipt, not {other:?}"),
        })
    };
    assert_eq!(read(giulias, 3, 2), Some((3, 2)));
    assert_eq!(read(giulias, 1, 1), None);
    assert_eq!(
        read(giulias, 2, 4),
        Some((4, 4)),
        "what is read was delivered"
    );
    assert_eq!(read(giulias, 99, 99), Some((5, 5)));
    assert_eq!(read(shopper, 1, 1), Some((1, 1)));
    let phone = desk.open(None);
    let effects = desk.hello(phone, visitor(), None);
    let Some(ServerFrame::Welcome(welcome)) = told(&effects, phone).first().copied() else {
        panic!("a welcome")
    };
    let of = |reader, read| Receipt {
        reader,
        delivered: Seq(read),
        read: Seq(read),
    };
    assert_eq!(
        welcome.receipts,
        [of(Author::Operator(giulia()), 5), of(Author::Visitor, 1)]
    );
}

#[test]
fn rl11_a_visitor_who_writes_opens_a_resolved_conversation_again() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    desk.say(
        giulias,
        2,
        Content::Status {
            status: Status::Resolved,
        },
    );
    desk.send(giulias, draft(3));
    assert_eq!(
        desk.summary().status,
        Status::Resolved,
        "an operator's words leave it"
    );
    // The name beside the message's own is taken.
    let mut beside = *name(4).as_bytes();
    beside[15] ^= 1;
    desk.send(
        giulias,
        Draft {
            id: MessageId::from_bytes(beside),
            content: note("in the way"),
        },
    );
    let effects = desk.send(shopper, draft(4));
    assert_eq!(told_entries(&effects, giulias), [(4, 5), (5, 6)]);
    assert_eq!(told_entries(&effects, shopper), [(3, 5), (5, 6)]);
    let reopened = desk.disk.entries.last().unwrap();
    assert_eq!(
        (&reopened.author, &reopened.content),
        (
            &Author::System,
            &Content::Status {
                status: Status::Open
            }
        )
    );
    assert_eq!(
        told_entries(&desk.send(shopper, draft(4)), shopper),
        [(3, 5)],
        "asked again it opens nothing"
    );
    desk.send(shopper, draft(5));
    assert_eq!(desk.disk.entries.len(), 7);
    assert_eq!(desk.summary().status, Status::Open);
}

#[test]
fn rl11_the_status_is_asked_of_the_storage_once() {
    let (mut desk, shopper) = filled(10);
    let asked = desk.disk.standings.get();
    for n in 11..=50 {
        desk.send(shopper, draft(n));
    }
    assert_eq!(
        (asked, desk.disk.standings.get()),
        (1, 1),
        "not once per message: it reads much of the transcript"
    );
}

#[test]
fn rl12_where_the_visitor_is_is_for_operators_only() {
    let mut desk = Desk::new();
    let shopper = desk.open(None);
    let long = |c: &str| c.repeat(2_000);
    let page = Page {
        url: format!("https://shop.example/{}?token=secret#place", long("p")),
        title: long("é"),
    };
    desk.handle(Input::Hello(
        shopper,
        Hello {
            page: Some(page),
            ..hello()
        },
        Some(visitor()),
    ));
    let giulias = desk.open(None);
    let effects = desk.hello(giulias, operator(giulia()), None);
    let Some(ServerFrame::Welcome(welcome)) = told(&effects, giulias).first().copied() else {
        panic!("a welcome")
    };
    assert!(welcome.presence.visitor);
    let page = welcome.presence.page.clone().unwrap();
    assert_eq!(
        (page.url.chars().count(), page.title.chars().count()),
        (limits::URL_MAX, limits::TITLE_MAX)
    );

    let page = Page {
        url: "https://shop.example/moka?utm=1".into(),
        title: "Moka".into(),
    };
    let effects = desk.frame(shopper, ClientFrame::Page(page));
    assert_eq!(told(&effects, shopper), Vec::<&ServerFrame>::new());
    let presence = |frames: &[&ServerFrame]| match frames.last() {
        Some(ServerFrame::Presence(presence)) => presence.clone(),
        other => panic!("presence, not {other:?}"),
    };
    let told_now = presence(&told(&effects, giulias));
    assert_eq!(
        told_now.page.unwrap().url,
        "https://shop.example/moka",
        "what follows ? and # may be secret"
    );
    assert_eq!(
        desk.entries(&visitor(), None, Span::Newest).presence.page,
        None
    );

    let effects = desk.handle(Input::Closed(shopper));
    let gone = presence(&told(&effects, giulias));
    assert_eq!((gone.visitor, gone.page), (false, None));
}

#[test]
fn rl13_typing_is_told_to_the_others() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let effects = desk.frame(giulias, ClientFrame::Typing { on: true });
    let typing = ServerFrame::Typing {
        author: Author::Operator(giulia()),
        on: true,
    };
    assert_eq!(
        (told(&effects, shopper), told(&effects, giulias)),
        (vec![&typing], vec![])
    );
    let effects = desk.handle(Input::Closed(giulias));
    let stopped = ServerFrame::Typing {
        author: Author::Operator(giulia()),
        on: false,
    };
    assert_eq!(told(&effects, shopper), [&stopped]);
    let (_, effects) = desk.ask(&operator(marco()), Request::Typing(true)).unwrap();
    assert_eq!(told(&effects, shopper).len(), 1, "over HTTPS too");
}

#[test]
fn rl14_the_list_is_told_at_most_once_a_second_and_until_it_knows() {
    let (mut desk, shopper) = Desk::with_visitor();
    assert_eq!(desk.relay.next_deadline(), None, "nobody has written");
    desk.send(shopper, draft(1));
    assert_eq!(projected(&desk.ring()).unwrap().head, Seq(1));
    let first = desk.now;
    desk.send(shopper, draft(2));
    desk.handle(Input::Projected(vec![]));
    desk.send(shopper, draft(3));
    let effects = desk.ring();
    assert_eq!(
        (desk.now, projected(&effects).unwrap().head),
        (first + limits::PROJECTION_EVERY, Seq(3))
    );
    // The shop does not answer well, ever longer.
    let mut wait = limits::PROJECTION_RETRY;
    for _ in 0..12 {
        desk.handle(Input::ProjectionFailed);
        let failed = desk.now;
        assert!(projected(&desk.ring()).is_some());
        assert_eq!(desk.now, failed + wait);
        wait = Millis(wait.0 * 2).min(limits::PROJECTION_RETRY_MAX);
    }
    // Nor does it answer at all.
    let asked = desk.now;
    assert!(projected(&desk.ring()).is_some());
    assert_eq!(desk.now, asked + limits::PROJECTION_RETRY_MAX);
    desk.handle(Input::Projected(vec![]));
    assert_eq!(desk.relay.next_deadline(), None);
}

#[test]
fn rl14_a_summary_that_was_due_when_the_memory_went_is_told_by_the_alarm() {
    let (mut desk, shopper) = filled(1);
    let alarm = desk.relay.next_deadline().unwrap();
    desk.forget([]);
    // Something else comes before the alarm.
    desk.frame(shopper, ClientFrame::Typing { on: true });
    desk.entries(&visitor(), None, Span::Newest);
    assert_eq!(
        deadlines::move_alarm(Some(alarm), desk.relay.next_deadline()),
        None,
        "the alarm stays"
    );
    desk.now = alarm;
    assert!(projected(&desk.handle(Input::Alarm)).is_some());
}

#[test]
fn rl14_a_summary_says_what_the_transcript_amounts_to() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.say(shopper, 1, message("x".repeat(500)));
    desk.say(giulias, 2, Content::Assigned { to: Some(marco()) });
    let summary = desk.summary();
    assert_eq!(
        (summary.head, summary.unread, summary.waiting_since),
        (Seq(2), 1, Some(desk.now))
    );
    assert_eq!(
        (summary.assignee, summary.visitor_present),
        (Some(marco()), true)
    );
    assert_eq!(
        summary.last.unwrap().text.chars().count(),
        limits::LAST_WORDS_MAX
    );
    desk.say(giulias, 3, note("a note"));
    desk.frame(
        giulias,
        ClientFrame::Receipt {
            delivered: Seq(3),
            read: Seq(3),
        },
    );
    let summary = desk.summary();
    assert_eq!(
        (summary.unread, summary.last.map(|last| last.note)),
        (0, Some(true))
    );
}

#[test]
fn rl15_what_is_no_frame_is_refused_and_the_socket_stays() {
    let (mut desk, shopper) = Desk::with_visitor();
    let effects = desk.handle(Input::Malformed(shopper));
    assert_eq!(
        told_refusals(&effects, shopper),
        [(None, Refusal::Malformed, None)]
    );
    let effects = desk.handle(Input::Oversized(shopper));
    let limit = Some(limits::FRAME_MAX as u64);
    assert_eq!(
        told_refusals(&effects, shopper),
        [(None, Refusal::TooLong, limit)]
    );
    assert_eq!(desk.frame(shopper, ClientFrame::Unknown), []);
    assert_eq!(
        told_entries(&desk.send(shopper, draft(1)), shopper),
        [(0, 1)]
    );
}

#[test]
fn rl16_the_same_is_done_over_https() {
    let (mut desk, shopper) = Desk::with_visitor();
    let (stored, effects) = desk
        .ask(&operator(giulia()), Request::Send(draft(1)))
        .unwrap();
    assert_eq!(told_entries(&effects, shopper), [(0, 1)]);
    assert!(
        effects.contains(&Effect::Added),
        "who waits for an entry gets it"
    );
    let (again, effects) = desk
        .ask(&operator(giulia()), Request::Send(draft(1)))
        .unwrap();
    assert_eq!((stored, effects), (again, vec![]));
    let refused = desk.ask(
        &visitor(),
        Request::Send(Draft {
            id: name(2),
            content: note("a note"),
        }),
    );
    assert!(matches!(
        refused,
        Err(Failure::Refused(Refused {
            code: Refusal::Forbidden,
            ..
        }))
    ));
    assert_eq!(
        desk.ask(&stranger(), Request::Summary),
        Err(Failure::NotFound)
    );
    desk.ask(
        &operator(giulia()),
        Request::Receipt {
            delivered: Seq(1),
            read: Seq(1),
        },
    )
    .unwrap();
    let page = desk.entries(&visitor(), Some(desk.epoch()), Span::After(Seq(1)));
    assert_eq!(
        (page.cursor, page.entries),
        (
            Cursor {
                epoch: desk.epoch(),
                seq: Seq(1)
            },
            vec![]
        )
    );
    assert_eq!(page.receipts.len(), 1);
    let page = desk.entries(&visitor(), Some(Epoch(1)), Span::After(Seq(1)));
    assert_eq!(
        places(&page.entries),
        [1],
        "a place of another incarnation means nothing"
    );
}

#[test]
fn rl16_only_the_visitor_begins_a_conversation() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.ask(&operator(giulia()), Request::Send(draft(1))),
        Err(Failure::NotFound)
    );
    for nothing in [
        Request::Summary,
        Request::Typing(true),
        Request::Receipt {
            delivered: Seq(1),
            read: Seq(1),
        },
    ] {
        assert_eq!(desk.ask(&visitor(), nothing), Err(Failure::NotFound));
    }
    assert_eq!(desk.disk.origin, None);
    assert!(desk.ask(&visitor(), Request::Send(draft(1))).is_ok());
    let origin = desk.disk.origin.clone().unwrap();
    assert_eq!(
        (origin.conversation, origin.shop, origin.epoch),
        (cast::conversation(), cast::shop(), Epoch(desk.now.0))
    );
}

#[test]
fn rl17_who_is_on_duty_is_told_when_it_changes() {
    let (mut desk, shopper) = Desk::with_visitor();
    let effects = desk.handle(Input::Duty(vec![giulia()]));
    assert!(
        matches!(told(&effects, shopper)[..], [ServerFrame::Presence(presence)] if presence.duty == [giulia()])
    );
    assert_eq!(desk.handle(Input::Duty(vec![giulia()])), []);
    assert_eq!(
        desk.handle(Input::Projected(vec![])).len(),
        1,
        "the shop says so with every answer"
    );
    desk.handle(Input::Duty(vec![marco()]));
    desk.forget([]);
    assert_eq!(
        desk.entries(&visitor(), None, Span::Newest).presence.duty,
        [marco()],
        "it outlives the memory"
    );
}

#[test]
fn se1_a_socket_that_does_not_say_hello_in_time_is_closed() {
    let mut desk = Desk::new();
    let id = desk.open(None);
    let effects = desk.ring();
    assert_eq!(
        (desk.now, closes(&effects)),
        (cast::START + limits::GREETING, vec![(id, CloseCode::Stale)])
    );
    assert_eq!((desk.relay.next_deadline(), desk.disk.origin), (None, None));
}

#[test]
fn se2_what_comes_out_of_turn_closes_the_socket_as_if_it_had_gone() {
    let mut desk = Desk::new();
    let id = desk.open(None);
    assert_eq!(
        closes(&desk.send(id, draft(1))),
        [(id, CloseCode::OutOfTurn)],
        "before the hello"
    );
    let shopper = desk.enter(visitor());
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    let effects = desk.hello(shopper, visitor(), None);
    assert_eq!(
        closes(&effects),
        [(shopper, CloseCode::OutOfTurn)],
        "a second one"
    );
    let last = told(&effects, giulias).last().copied();
    assert!(
        matches!(last, Some(ServerFrame::Presence(presence)) if !presence.visitor),
        "the visitor is gone"
    );
    assert_eq!(
        desk.send(shopper, draft(2)),
        [],
        "nothing that it still says counts"
    );
    assert_eq!(desk.disk.entries.len(), 1);
}

#[test]
fn se3_a_token_says_who_it_is_or_the_request_does() {
    let cookie = operator(giulia());
    let you = |effects: &[Effect], id| match told(effects, id).first() {
        Some(ServerFrame::Welcome(welcome)) => Ok(welcome.you.clone()),
        _ => Err(closes(effects)),
    };
    let (mut desk, _) = Desk::with_visitor();
    let mut come = |principal: Option<Principal>, token: Option<&str>, claim: Option<Principal>| {
        let id = desk.open(principal);
        let effects = desk.handle(Input::Hello(
            id,
            Hello {
                token: token.map(Into::into),
                ..hello()
            },
            claim,
        ));
        you(&effects, id).map_err(|closed| closed[0].1)
    };
    assert_eq!(
        come(None, Some("good"), Some(visitor())),
        Ok(Author::Visitor)
    );
    assert_eq!(
        come(Some(cookie.clone()), None, None),
        Ok(Author::Operator(giulia()))
    );
    assert_eq!(
        come(Some(cookie.clone()), Some("good"), Some(visitor())),
        Ok(Author::Visitor),
        "in the shop's own page"
    );
    assert_eq!(
        come(Some(cookie), Some("old"), None),
        Err(CloseCode::Unauthorized)
    );
    assert_eq!(come(None, Some("old"), None), Err(CloseCode::Unauthorized));
    assert_eq!(come(None, None, None), Err(CloseCode::Unauthorized));
}

#[test]
fn se4_a_conversation_belongs_to_its_visitor_and_shop() {
    let (mut desk, _) = Desk::with_visitor();
    let other = "other".parse().unwrap();
    let elsewhere = Principal::Operator {
        shop: other,
        card: giulia(),
    };
    for principal in [stranger(), elsewhere] {
        let id = desk.open(None);
        assert_eq!(
            closes(&desk.hello(id, principal, None)),
            [(id, CloseCode::Forbidden)]
        );
    }
    let id = desk.open(None);
    let first = Desk::new().disk;
    desk.disk = first;
    desk.forget([Session {
        id,
        state: State::Greeting {
            until: desk.now,
            principal: None,
        },
    }]);
    assert_eq!(
        closes(&desk.hello(id, operator(giulia()), None)),
        [(id, CloseCode::Forbidden)],
        "nor is it there yet"
    );
}

#[test]
fn se5_a_session_is_what_is_attached_to_its_socket() {
    let mut desk = Desk::new();
    let mut sessions = std::collections::BTreeMap::new();
    let keep = |effects: Vec<Effect>,
                sessions: &mut std::collections::BTreeMap<SessionId, Session>| {
        for effect in effects {
            if let Effect::Attach(session) = effect {
                sessions.insert(session.id, session);
            }
        }
    };
    let (shopper, giulias, late) = (SessionId(1), SessionId(2), SessionId(3));
    for (id, principal) in [(shopper, visitor()), (giulias, operator(giulia()))] {
        keep(desk.handle(Input::Opened(id, None)), &mut sessions);
        keep(desk.hello(id, principal, None), &mut sessions);
    }
    let page = Page {
        url: "https://shop.example/".into(),
        title: "Shop".into(),
    };
    keep(
        desk.frame(shopper, ClientFrame::Page(page.clone())),
        &mut sessions,
    );
    keep(desk.handle(Input::Opened(late, None)), &mut sessions);
    let before = (desk.relay.next_deadline(), desk.relay.free_session());
    desk.forget(sessions.into_values());
    assert_eq!(
        (desk.relay.next_deadline(), desk.relay.free_session()),
        before
    );
    assert_eq!(desk.summary().page, Some(page));
    let effects = desk.send(shopper, draft(1));
    assert_eq!(
        (
            told_entries(&effects, shopper),
            told_entries(&effects, giulias)
        ),
        (vec![(0, 1)], vec![(0, 1)])
    );
    assert_eq!(
        told(&effects, late),
        Vec::<&ServerFrame>::new(),
        "who was not welcomed is told nothing"
    );
}

#[test]
fn se6_a_name_of_a_session_is_not_used_again() {
    let mut desk = Desk::new();
    let first = desk.open(None);
    desk.ring();
    let second = desk.enter(visitor());
    assert_ne!(first, second);
    // Only now does the runtime say that the first socket is gone.
    desk.handle(Input::Closed(first));
    assert_eq!(told_entries(&desk.send(second, draft(1)), second), [(0, 1)]);
}

#[test]
fn se7_the_longest_session_fits_into_an_attachment() {
    let page = Page {
        url: "\u{1}".repeat(limits::URL_MAX),
        title: "\u{1}".repeat(limits::TITLE_MAX),
    };
    let shop = "x".repeat(protocol::id::ShopId::LONGEST).parse().unwrap();
    let Principal::Visitor { visitor, .. } = visitor() else {
        unreachable!()
    };
    let principal = Principal::Visitor { shop, visitor };
    let state = State::Live {
        principal,
        held: Some(name(1)),
        page: Some(page),
    };
    let session = Session {
        id: SessionId(u32::MAX),
        state,
    };
    let text = serde_json::to_string(&session).unwrap();
    assert!(text.len() < 16 * 1024, "{} bytes", text.len());
    assert_eq!(serde_json::from_str::<Session>(&text).unwrap(), session);
}
