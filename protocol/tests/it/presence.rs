//! Who is there, where the visitor is and what the page says of them, and who types (SPEC, RL 12, 13, 17 and 32).

use protocol::{
    entry::Author,
    fact::{Fact, Subject, fitting},
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
        facts: vec![],
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
        facts: vec![],
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
fn rl32_what_a_page_says_of_its_visitor_is_for_operators_only() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let says = |facts: Vec<Fact>| {
        ClientFrame::Page(Page {
            url: "https://shop.example/".into(),
            title: "Shop".into(),
            facts,
        })
    };
    let gold = fact(Subject::Visitor, "plan", "gold");
    let moka = fact(Subject::Cart, "Moka", "2 × €39.00");
    let effects = desk.frame(shopper, says(vec![gold.clone(), moka.clone()]));
    assert_eq!(told(&effects, shopper), Vec::<&ServerFrame>::new());
    let kept = |effects: &[Effect]| match told(effects, giulias).last() {
        Some(ServerFrame::Presence(presence)) => presence.page.clone().unwrap().facts,
        other => panic!("presence, not {other:?}"),
    };
    assert_eq!(kept(&effects), [gold.clone(), moka]);
    assert_eq!(desk.summary().page.unwrap().facts.len(), 2);
    let effects = desk.frame(shopper, says(vec![gold.clone()]));
    assert_eq!(kept(&effects), [gold]);
    let seen = desk.entries(&visitor(), None, Span::Newest);
    assert_eq!(seen.presence.page, None);
}

#[test]
fn rl32_of_what_a_page_says_is_kept_what_fits() {
    let many: Vec<_> = (0..limits::FACTS_MAX + 5)
        .map(|n| fact(Subject::Event, &n.to_string(), ""))
        .collect();
    assert_eq!(fitting(many.clone()), many[..limits::FACTS_MAX]);
    // What is too long is cut, what is too much is left out, and neither is an error: the page is not ours.
    let long = fact(Subject::Visitor, &"é".repeat(99), &"è".repeat(999));
    let cut = fact(
        Subject::Visitor,
        &"é".repeat(limits::FACT_NAME_MAX),
        &"è".repeat(limits::FACT_TEXT_MAX),
    );
    // Each of these letters is six characters of ASCII JSON.
    let each = 6 * (limits::FACT_NAME_MAX + limits::FACT_TEXT_MAX);
    let kept = fitting(vec![long; 30]);
    assert_eq!(kept, vec![cut; limits::FACTS_SIZE / each]);
    // And each of these two.
    let escaped = fact(
        Subject::Visitor,
        &"\"".repeat(limits::FACT_NAME_MAX),
        &"\\".repeat(limits::FACT_TEXT_MAX),
    );
    let each = 2 * (limits::FACT_NAME_MAX + limits::FACT_TEXT_MAX);
    let kept = fitting(vec![escaped; 30]);
    assert_eq!(kept.len(), limits::FACTS_SIZE / each);
    let lines = fact(Subject::Cart, "Mo\nka\u{1b}", "a\r\tb\u{85}");
    assert_eq!(fitting(vec![lines]), [fact(Subject::Cart, "Moka", "ab")]);
    let later = serde_json::json!({ "about": "weather", "name": "sun" });
    let later: Fact = serde_json::from_value(later).unwrap();
    assert_eq!(later.about, Subject::Unknown);
    assert_eq!(fitting(vec![later]), []);
}

fn fact(about: Subject, name: &str, text: &str) -> Fact {
    Fact {
        about,
        name: name.into(),
        text: text.into(),
        at: None,
    }
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
