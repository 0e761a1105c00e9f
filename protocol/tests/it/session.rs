//! One socket of a conversation, from its opening to its end (SPEC, SE and RL 15).

use protocol::{
    close::CloseCode,
    cursor::Seq,
    entry::Author,
    fact::{Fact, Subject, fitting},
    frame::{ClientFrame, Hello, Refusal, ServerFrame},
    id::SessionId,
    limits,
    presence::Page,
    receipt::Receipt,
    relay::{
        Principal,
        conversation::{Effect, Input},
        session::{Session, State},
    },
    time::Timestamp,
};

use crate::{
    cast::{self, START, draft, giulia, name, operator, stranger, visitor},
    desk::{Desk, closes, hello, told, told_entries, told_refusals},
};

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
        facts: vec![],
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
    // As many as there may be, and as long as they may be in all.
    let called = "\"".repeat(limits::FACT_NAME_MAX);
    let rest = limits::FACTS_SIZE / limits::FACTS_MAX - 2 * limits::FACT_NAME_MAX;
    let longest = (0..limits::FACTS_MAX).map(|_| Fact {
        about: Subject::Visitor,
        name: called.clone(),
        text: "€".repeat(rest / 6),
        at: Some(Timestamp(u64::MAX)),
    });
    let longest: Vec<_> = longest.collect();
    let page = Page {
        url: "é".repeat(limits::URL_MAX),
        title: "\u{1f680}".repeat(limits::TITLE_MAX),
        facts: fitting(longest.clone()),
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
        heard: START,
        lapsed: false,
        receipt: Some(Receipt {
            reader: Author::Visitor,
            delivered: Seq(u64::MAX),
            read: Seq(u64::MAX),
        }),
    };
    let session = Session {
        id: SessionId(u32::MAX),
        state,
    };
    let text = serde_json::to_string(&session).unwrap();
    assert_eq!(text.matches("visitor\",\"name").count(), longest.len());
    // It is attached as ASCII: V8 takes two bytes for each character of a text that has one beyond Latin-1.
    let ascii: usize = text
        .chars()
        .map(|c| if c.is_ascii() { 1 } else { 6 * c.len_utf16() })
        .sum();
    assert!(ascii < 16 * 1024, "{ascii} bytes");
    // Letters beyond the basic plane take twice as much, and get no more room in an address.
    let said = |url: &str| Page {
        url: url.repeat(limits::URL_MAX),
        ..Page::default()
    };
    assert_eq!(said("é").cut(), said("é"));
    let cut = said("\u{1f680}").cut().url;
    assert_eq!(cut.chars().count(), limits::URL_MAX / 2);
    assert_eq!(serde_json::from_str::<Session>(&text).unwrap(), session);
}
