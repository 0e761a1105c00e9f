//! Every function of the wire against serde's reading and writing of the same types.

use protocol::{
    api::{NewVisitor, Storefront, VisitorPass},
    conversation::Status,
    cursor::{Cursor, Epoch, Seq},
    entry::{Answer, Author, BotCard, Content, Entry, OperatorCard},
    fact::{Fact, Subject},
    frame::{ClientFrame, Hello, History, Presence, Refusal, Refused, ServerFrame, Span, Welcome},
    hours::Hours,
    id::{MessageId, OperatorId, VisitorId},
    looks::{Font, Looks, Theme},
    message::Draft,
    outlook::Outlook,
    presence::Page,
    receipt::Receipt,
    time::Timestamp,
    version::VersionRange,
};
use serde::{Serialize, de::DeserializeOwned};

use super::*;

/// Every sign that JSON escapes, and some that it does not.
const HARD: &str = "\"\\/\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f} \u{7f}é\u{2028}😀<script>";

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn serde<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn giulia() -> OperatorCard {
    OperatorCard {
        id: OperatorId::from_bytes([7; 16]),
        name: HARD.into(),
    }
}

fn authors() -> [Author; 5] {
    let bot = BotCard {
        id: "b".into(),
        name: HARD.into(),
    };
    [
        Author::Visitor,
        Author::Operator(giulia()),
        Author::Bot(bot),
        Author::System,
        Author::Unknown,
    ]
}

fn id() -> MessageId {
    MessageId::mint(Timestamp(1_764_000_000_123), [9; 10])
}

fn entry(author: Author, content: Content) -> Entry {
    Entry {
        seq: Seq(u64::MAX),
        id: id(),
        at: Timestamp(1_764_000_000_123),
        author,
        content,
    }
}

fn form() -> Content {
    let answer = Answer {
        name: "order".into(),
        label: HARD.into(),
        value: HARD.into(),
    };
    Content::Form {
        answers: vec![answer].into(),
    }
}

fn entries() -> Vec<Entry> {
    let contents = [
        Content::words(HARD),
        Content::Status {
            status: Status::Open,
        },
        Content::Status {
            status: Status::Resolved,
        },
        Content::Unknown,
    ];
    let each = contents
        .into_iter()
        .flat_map(|content| authors().map(|author| entry(author, content.clone())));
    each.collect()
}

fn receipt(reader: Author) -> Receipt {
    Receipt {
        reader,
        delivered: Seq(3),
        read: Seq(2),
    }
}

fn presence() -> Presence {
    Presence {
        duty: vec![giulia()],
        visitor: true,
        page: None,
        outlook: Outlook::default(),
    }
}

#[test]
fn what_the_relay_says_is_read_as_serde_reads_it() {
    let refusals = [
        Refusal::Empty,
        Refusal::TooLong,
        Refusal::Conflict,
        Refusal::Forbidden,
        Refusal::Malformed,
        Refusal::Missing,
        Refusal::RateLimited,
        Refusal::Held,
        Refusal::Unavailable,
        Refusal::Unknown,
    ];
    let mut frames = vec![
        ServerFrame::Presence(presence()),
        ServerFrame::Presence(Presence::default()),
        ServerFrame::History(History {
            previous: Seq(0),
            entries: entries(),
            more: true,
        }),
        ServerFrame::History(History {
            previous: Seq(9),
            entries: vec![],
            more: false,
        }),
        ServerFrame::Unknown,
    ];
    for author in authors() {
        frames.push(ServerFrame::Receipt(receipt(author.clone())));
        frames.push(ServerFrame::Typing {
            author: author.clone(),
            on: true,
        });
        frames.push(ServerFrame::Typing {
            author: author.clone(),
            on: false,
        });
        frames.push(ServerFrame::Welcome(Welcome {
            version: 1,
            epoch: Epoch(5),
            head: Seq(6),
            you: author.clone(),
            status: Status::Resolved,
            receipts: vec![receipt(author)],
            presence: presence(),
        }));
    }
    for code in refusals {
        for (id, limit) in [(None, None), (Some(id()), Some(4_000))] {
            frames.push(ServerFrame::Refused(Refused {
                id,
                code,
                limit,
                retry_after_ms: limit,
            }));
        }
    }
    frames.extend(entries().into_iter().map(|entry| ServerFrame::Entry {
        previous: Seq(1),
        entry,
    }));
    for frame in frames {
        let text = json(&frame);
        assert_eq!(
            server_frame(&text),
            Some(serde::<ServerFrame>(&text)),
            "{text}"
        );
        assert_eq!(server_frame(&text), Some(frame), "{text}");
    }
}

#[test]
fn what_the_widget_says_is_what_serde_reads() {
    let page = Page {
        url: HARD.into(),
        title: HARD.into(),
        facts: vec![
            Fact {
                about: Subject::Cart,
                name: HARD.into(),
                text: HARD.into(),
                at: Some(Timestamp(7)),
            },
            Fact {
                about: Subject::Event,
                name: String::new(),
                text: String::new(),
                at: None,
            },
        ],
    };
    let hello = Hello {
        version: VersionRange::OURS,
        token: None,
        cursor: None,
        page: None,
    };
    let cursor = Some(Cursor {
        epoch: Epoch(u64::MAX),
        seq: Seq(8),
    });
    let drafts = entries().into_iter().map(|entry| Draft {
        id: entry.id,
        content: entry.content,
    });
    let mut frames = vec![
        ClientFrame::Hello(hello.clone()),
        ClientFrame::Hello(Hello {
            token: Some(HARD.into()),
            cursor,
            page: Some(page.clone()),
            ..hello
        }),
        ClientFrame::Receipt {
            delivered: Seq(4),
            read: Seq(3),
        },
        ClientFrame::Typing { on: true },
        ClientFrame::Typing { on: false },
        ClientFrame::History(Span::After(Seq(1))),
        ClientFrame::History(Span::Before(Seq(2))),
        ClientFrame::History(Span::Newest),
        ClientFrame::Page(page),
        ClientFrame::Unknown,
    ];
    frames.extend(drafts.map(ClientFrame::Send));
    for frame in frames {
        let text = client_frame(&frame);
        assert_eq!(serde::<ClientFrame>(&text), frame, "{text}");
    }
}

#[test]
fn a_kept_draft_is_read_again_by_both() {
    let kept = Draft {
        id: id(),
        content: Content::words(HARD),
    };
    assert_eq!(draft(&draft_text(&kept)), Some(kept.clone()));
    assert_eq!(serde::<Draft>(&draft_text(&kept)), kept);
    assert_eq!(draft(&json(&kept)), Some(kept));
}

#[test]
fn what_is_no_message_is_carried_as_it_came() {
    let rating = Content::Rating {
        score: 4,
        comment: HARD.into(),
    };
    for (n, said) in (20..).zip([form(), rating]) {
        let id = MessageId::mint(Timestamp(1), [n; 10]);
        // As what is loaded for it says it, as it is kept, and as it leaves.
        let carried = content(id, &json(&said)).unwrap();
        assert_eq!(carried, Content::Unknown);
        let draft = Draft {
            id,
            content: carried,
        };
        let whole = Draft { id, content: said };
        assert_eq!(serde::<Draft>(&draft_text(&draft)), whole);
        assert_eq!(super::draft(&draft_text(&draft)), Some(draft.clone()));
        let text = client_frame(&ClientFrame::Send(draft));
        assert_eq!(serde::<ClientFrame>(&text), ClientFrame::Send(whole));
    }
}

/// FO5.
#[test]
fn who_filled_in_a_form_reads_it_among_their_own_words() {
    let answer = |label: &str, value: &str| Answer {
        name: label.to_lowercase(),
        label: label.into(),
        value: value.into(),
    };
    let answers = vec![answer("Name", "Anna"), answer(HARD, HARD)];
    let words = format!("Name: Anna\n{HARD}: {HARD}");
    assert_eq!(Answer::words(&answers), words);
    let form = |answers: Vec<Answer>| Content::Form {
        answers: answers.into(),
    };
    // One without answers says nothing.
    let nothing = (vec![], Content::Unknown);
    for (answers, known) in [(answers, Content::words(words)), nothing] {
        let entry = entry(Author::Visitor, form(answers));
        let told = ServerFrame::Entry {
            previous: Seq(1),
            entry: entry.clone(),
        };
        let Some(ServerFrame::Entry { entry: read, .. }) = server_frame(&json(&told)) else {
            panic!("an entry");
        };
        assert_eq!(read.content, known);
        assert!(parts::of(entry.id).is_some_and(|kept| kept.starts_with('{')));
    }
}

#[test]
fn fo5_what_a_later_version_asks_is_passed_over() {
    let entry = entry(Author::Visitor, form());
    let odd = json(&entry).replace("answers\":[", "answers\":[{\"pick\":2},");
    let frame = format!(r#"{{"type":"entry","previous":1,"entry":{odd}}}"#);
    let Some(ServerFrame::Entry { entry: read, .. }) = server_frame(&frame) else {
        panic!("{frame} is an entry");
    };
    let words = format!("{HARD}: {HARD}");
    assert_eq!(read.content, Content::words(words));
}

#[test]
fn a_pass_is_asked_for_and_read() {
    for renewal in [None, Some(HARD.to_owned())] {
        let shop: protocol::id::ShopId = "demo".parse().unwrap();
        let text = new_visitor(&shop, renewal.as_deref());
        assert_eq!(serde::<NewVisitor>(&text), NewVisitor { shop, renewal });
    }
    let whole = VisitorPass {
        visitor: VisitorId::from_bytes([3; 16]),
        token: "t".into(),
        expires_at: Timestamp(1_764_000_000_123),
        renewal: "r".into(),
        shop: Storefront {
            id: "demo".parse().unwrap(),
            name: HARD.into(),
            color: "#7a3b1d".into(),
            greeting: [("en".into(), "Hello".into()), ("it".into(), HARD.into())].into(),
            languages: vec!["it".into(), "en".into()],
            hours: Some(Hours {
                time_zone: "Europe/Rome".into(),
                open: vec![],
                exceptions: vec![],
            }),
            form: None,
            looks: Looks {
                logo: Some("https://shop.example/logo.png".into()),
                radius: 4,
                font: Font::Shop,
                theme: Theme::Dark,
                ..Looks::default()
            },
        },
        duty: vec![giulia()],
        outlook: Outlook {
            opens_at: Some(Timestamp(1_764_000_000_000)),
            ..Outlook::default()
        },
    };
    let read = pass(&json(&whole)).unwrap();
    assert_eq!(
        (read.visitor, read.token, read.expires_at, read.renewal),
        (whole.visitor, whole.token, whole.expires_at, whole.renewal)
    );
    assert_eq!(
        (read.shop, read.color, read.languages),
        (whole.shop.name, whole.shop.color, whole.shop.languages)
    );
    assert_eq!(
        read.greeting
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>(),
        whole.shop.greeting
    );
    assert_eq!(read.duty, [HARD]);
    assert_eq!(read.outlook, r#"{"opens_at":1764000000000}"#);
    let looks = whole.shop.looks;
    assert_eq!(
        (Some(read.logo), read.radius, read.page_font, read.dark),
        (looks.logo, looks.radius.into(), true, Some(true))
    );
}

#[test]
fn what_the_shop_says_of_when_it_answers_is_handed_on() {
    let told = |presence: &str| {
        let frame = format!(r#"{{"type":"presence","duty":[],"visitor":true{presence}}}"#);
        assert!(server_frame(&frame).is_some(), "{frame}");
        outlook::told()
    };
    assert_eq!(
        told(r#","outlook":{"opens_at":7,"later":[1]}"#),
        r#"{"opens_at":7,"later":[1]}"#
    );
    assert_eq!(told(""), "", "nothing more is said");
}

#[test]
fn a_pass_of_before_has_the_looks_of_who_says_nothing() {
    let text = r##"{"visitor":"03030303-0303-0303-8303-030303030303","token":"t","expires_at":1,"renewal":"r",
        "shop":{"id":"demo","name":"Aroma","color":"#7a3b1d","greeting":{},"languages":[],"hours":null},"duty":[]}"##;
    let read = pass(text).unwrap();
    assert_eq!(
        (read.logo.as_str(), read.radius, read.page_font, read.dark),
        ("", Looks::default().radius.into(), false, None)
    );
    assert_eq!(read.outlook, "");
}

/// A value as `serde_json` has it, with what we read as nothing as nothing.
fn same(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Nothing,
        serde_json::Value::Bool(yes) => Value::Yes(*yes),
        serde_json::Value::Number(number) => number.as_u64().map_or(Value::Nothing, Value::Number),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(same).collect()),
        serde_json::Value::Object(fields) => Value::Fields(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), same(value)))
                .collect(),
        ),
    }
}

#[test]
fn texts_are_read_as_serde_json_reads_them() {
    for text in [
        r#" { "a" : [ 1 , -2 , 3.5 , 1e3 , 18446744073709551615 , 18446744073709551616 , true , false , null ] , "b" : { } } "#,
        r#""\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t""#,
        "[]",
        "[[],{}]",
        "0",
        "\"é😀\"",
    ] {
        assert_eq!(
            Value::read(text),
            Some(same(&serde::<serde_json::Value>(text))),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_json_is_none() {
    let deep = "[".repeat(10_000);
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "\"",
        "\"\\",
        "\"\\u12",
        "\"\\x\"",
        "\"\n\"",
        "tru",
        "nul",
        "1 2",
        "[1 2]",
        "pong",
        "-x",
        &deep,
    ] {
        assert_eq!(Value::read(text), None, "{text}");
    }
}

#[test]
fn frames_without_what_they_need_are_none_and_unknown_ones_are_unknown() {
    for text in [
        "{}",
        "[]",
        r#"{"type":1}"#,
        r#"{"type":"entry"}"#,
        r#"{"type":"welcome","version":1}"#,
        r#"{"type":"refused"}"#,
    ] {
        assert_eq!(server_frame(text), None, "{text}");
    }
    assert_eq!(
        server_frame(r#"{"type":"later","x":[1.5]}"#),
        Some(ServerFrame::Unknown)
    );
}
