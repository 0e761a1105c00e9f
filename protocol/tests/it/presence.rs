//! Who is there, where the visitor is, and who types (SPEC, RL 12, 13 and 17).

use protocol::{
    entry::Author,
    frame::{ClientFrame, Hello, ServerFrame, Span},
    limits,
    presence::Page,
    relay::conversation::{Effect, Input, Request},
    time::Millis,
};

use crate::{
    cast::{draft, giulia, marco, operator, visitor},
    desk::{Desk, attached, filled, hello, told},
};

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
fn rl17_who_is_on_duty_is_told_when_it_changes() {
    let (mut desk, shopper) = Desk::with_visitor();
    let effects = desk.handle(Input::Duty(vec![giulia()].into()));
    assert!(
        matches!(told(&effects, shopper)[..], [ServerFrame::Presence(presence)] if presence.duty == [giulia()])
    );
    assert_eq!(desk.handle(Input::Duty(vec![giulia()].into())), []);
    assert_eq!(
        desk.handle(Input::Projected(vec![].into())).len(),
        1,
        "the shop says so with every answer"
    );
    desk.handle(Input::Duty(vec![marco()].into()));
    desk.forget([]);
    assert_eq!(
        desk.entries(&visitor(), None, Span::Newest).presence.duty,
        [marco()],
        "it outlives the memory"
    );
}

#[test]
fn rl20_a_visitor_who_is_not_heard_is_not_there() {
    let (mut desk, shopper) = filled(1);
    let giulias = desk.enter(operator(giulia()));
    let present = |effects: &[Effect]| {
        let mut said = told(effects, giulias)
            .into_iter()
            .filter_map(|frame| match frame {
                ServerFrame::Presence(presence) => Some(presence.visitor),
                _ => None,
            });
        said.next_back()
    };
    let heard = desk.now;
    // Pings wake nobody: the alarm comes with when the last one was.
    desk.now = heard + limits::LEASE;
    let pinged = heard + Millis::seconds(80);
    let effects = desk.handle(Input::Alarm(vec![(shopper, pinged)]));
    assert_eq!(present(&effects), None, "nothing has changed");
    desk.handle(Input::Projected(vec![].into()));
    assert_eq!(desk.relay.next_deadline(), Some(pinged + limits::LEASE));
    let effects = desk.ring();
    assert_eq!(present(&effects), Some(false));
    assert!(!desk.summary().visitor_present);
    // What is known of before does not bring anybody back; a sign of life does.
    desk.handle(Input::Projected(vec![].into()));
    let effects = desk.handle(Input::Alarm(vec![(shopper, pinged)]));
    assert_eq!(present(&effects), None);
    let effects = desk.frame(shopper, ClientFrame::Typing { on: true });
    assert_eq!(present(&effects), Some(true));
    assert!(desk.summary().visitor_present);
}

#[test]
fn rl20_a_lease_outlives_the_memory() {
    let mut desk = Desk::new();
    let shopper = desk.open(None);
    let effects = desk.hello(shopper, visitor(), None);
    let session = attached(&effects).expect("a session");
    desk.send(shopper, draft(1));
    desk.now = desk.now + limits::LEASE;
    desk.forget([session]);
    assert!(desk.summary().visitor_present, "nobody has looked yet");
    desk.alarm();
    assert!(
        !desk.summary().visitor_present,
        "nothing was heard since the hello"
    );
}
