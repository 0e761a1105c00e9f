//! Frames as texts (SPEC, WR and VS). Golden files of a version are never edited: shoppers' tabs still speak it.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use protocol::{
    close::CloseCode,
    cursor::Seq,
    entry::{Author, Content},
    frame::{ClientFrame, InboxClientFrame, InboxServerFrame, Refusal, ServerFrame, Span},
    id::{MessageId, ShopId},
    limits,
    message::{self, Draft, Unfit},
    relay::storage::Audience,
    version::{CURRENT, OLDEST, VersionRange},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{cast, world::World};

fn golden(version: u16) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/golden/v{version}"));
    let files =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = files.map(|file| file.unwrap().path());
    let frames = paths.filter(|path| path.is_file()).map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        (
            name.clone(),
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")),
        )
    });
    frames.collect()
}

/// Reads and writes again; `None` for a frame that is not known.
fn through<F: Serialize + DeserializeOwned + PartialEq>(
    frame: &Value,
    unknown: F,
) -> Option<Value> {
    let read: F =
        serde_json::from_value(frame.clone()).unwrap_or_else(|error| panic!("{frame}: {error}"));
    (read != unknown).then(|| serde_json::to_value(read).unwrap())
}

fn through_its_kind(name: &str, frame: &Value) -> Option<Value> {
    match name.split('_').collect::<Vec<_>>()[..] {
        ["client", ..] => through(frame, ClientFrame::Unknown),
        ["server", ..] => through(frame, ServerFrame::Unknown),
        ["inbox", "client", ..] => through(frame, InboxClientFrame::Unknown),
        ["inbox", "server", ..] => through(frame, InboxServerFrame::Unknown),
        _ => panic!("{name} is no golden frame"),
    }
}

fn read<F: DeserializeOwned>(frame: Value) -> F {
    serde_json::from_value(frame.clone()).unwrap_or_else(|error| panic!("{frame}: {error}"))
}

#[test]
fn wr1_every_frame_of_every_version_reads_and_writes_as_it_always_did() {
    for version in OLDEST..=CURRENT {
        for (name, frame) in golden(version) {
            assert_eq!(
                through_its_kind(&name, &frame),
                Some(frame),
                "v{version}/{name}"
            );
        }
    }
}

#[test]
fn wr1_every_frame_has_its_golden_file() {
    let names = golden(CURRENT);
    for (end, kinds) in [
        (
            "client",
            &["hello", "send", "receipt", "typing", "history", "page"][..],
        ),
        (
            "server",
            &[
                "welcome", "history", "entry", "refused", "receipt", "typing", "presence",
            ],
        ),
        ("inbox_client", &["hello"]),
        ("inbox_server", &["welcome", "summary", "duty"]),
    ] {
        for kind in kinds {
            let its = names
                .iter()
                .filter(|(name, _)| name.starts_with(&format!("{end}_{kind}")));
            assert!(its.clone().count() > 0, "{end}_{kind}.json is missing");
            assert!(its.into_iter().all(|(_, frame)| frame["type"] == **kind));
        }
    }
    // Whoever adds a frame comes by here, and adds its file.
    match ClientFrame::Unknown {
        ClientFrame::Hello(_)
        | ClientFrame::Send(_)
        | ClientFrame::Receipt { .. }
        | ClientFrame::Typing { .. } => {}
        ClientFrame::History(_) | ClientFrame::Page(_) | ClientFrame::Unknown => {}
    }
    match ServerFrame::Unknown {
        ServerFrame::Welcome(_)
        | ServerFrame::History(_)
        | ServerFrame::Entry { .. }
        | ServerFrame::Refused(_) => {}
        ServerFrame::Receipt(_)
        | ServerFrame::Typing { .. }
        | ServerFrame::Presence(_)
        | ServerFrame::Unknown => {}
    }
    match InboxServerFrame::Unknown {
        InboxServerFrame::Welcome { .. } | InboxServerFrame::Summary(_) => {}
        InboxServerFrame::Duty { .. } | InboxServerFrame::Unknown => {}
    }
}

#[test]
fn wr2_a_frame_of_an_unknown_type_is_ignored() {
    let frame = json!({"type": "fireworks", "colour": "red", "entries": [1, {"a": null}]});
    assert_eq!(read::<ClientFrame>(frame.clone()), ClientFrame::Unknown);
    assert_eq!(read::<ServerFrame>(frame.clone()), ServerFrame::Unknown);
    assert_eq!(
        read::<InboxClientFrame>(frame.clone()),
        InboxClientFrame::Unknown
    );
    assert_eq!(read::<InboxServerFrame>(frame), InboxServerFrame::Unknown);
    for text in [
        "",
        "ping",
        "[]",
        "{}",
        "null",
        "{\"type\":5}",
        "{\"type\":\"typing\"}",
        "{\"type\":\"send\",\"id\":\"x\"}",
    ] {
        assert!(
            serde_json::from_str::<ClientFrame>(text).is_err(),
            "{text} is no frame"
        );
    }
}

#[test]
fn wr3_unknown_fields_are_ignored_everywhere() {
    fn sprinkle(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.values_mut().for_each(sprinkle);
                fields.insert("later".into(), json!({"added": [1, 2]}));
            }
            Value::Array(items) => items.iter_mut().for_each(sprinkle),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for (name, frame) in golden(CURRENT) {
        let mut later = frame.clone();
        sprinkle(&mut later);
        assert_eq!(through_its_kind(&name, &later), Some(frame), "{name}");
    }
}

#[test]
fn wr4_an_unknown_role_kind_or_code_is_caught() {
    assert_eq!(
        read::<Author>(json!({"role": "oracle", "id": 5})),
        Author::Unknown
    );
    assert_eq!(
        read::<Content>(json!({"kind": "applause", "hands": 5})),
        Content::Unknown
    );
    assert_eq!(
        read::<Refusal>(json!("mercury_retrograde")),
        Refusal::Unknown
    );
    assert!(
        !Refusal::Unknown.passes(),
        "what is not understood is not repeated for ever"
    );
    let page = json!({"type": "history", "previous": 0, "more": false, "entries": [
        {"seq": 1, "id": cast::name(1).to_string(), "at": 0, "author": {"role": "oracle"}, "content": {"kind": "applause"}},
    ]});
    let ServerFrame::History(page) = read(page) else {
        panic!("a page")
    };
    assert_eq!(page.entries.len(), 1, "the entry keeps its place");
    assert_eq!(
        read::<ClientFrame>(json!({"type": "history", "around": 7})),
        ClientFrame::History(Span::Newest)
    );
}

#[test]
fn wr5_places_are_whole_numbers_of_64_bits() {
    let frame = ClientFrame::Receipt {
        delivered: Seq(u64::MAX),
        read: Seq((1 << 53) + 1),
    };
    let text = serde_json::to_string(&frame).unwrap();
    assert_eq!(
        text,
        r#"{"type":"receipt","delivered":18446744073709551615,"read":9007199254740993}"#
    );
    assert_eq!(serde_json::from_str::<ClientFrame>(&text).unwrap(), frame);
    for wrong in ["-1", "1.5", "18446744073709551616", "\"1\""] {
        let text = format!(r#"{{"type":"history","after":{wrong}}}"#);
        assert!(
            serde_json::from_str::<ClientFrame>(&text).is_err(),
            "{wrong} is no place"
        );
    }
}

#[test]
fn wr6_an_identifier_has_one_spelling() {
    let id = cast::name(5);
    let text = id.to_string();
    assert_eq!(text.parse(), Ok(id));
    assert_eq!(MessageId::from_bytes(*id.as_bytes()), id);
    for wrong in [
        text.replace('-', ""),
        format!("{{{text}}}"),
        format!("urn:uuid:{text}"),
        text[1..].into(),
        String::new(),
    ] {
        assert!(wrong.parse::<MessageId>().is_err(), "{wrong}");
    }
    assert!(
        cast::name(5) < cast::name(6),
        "names sort by the time they were minted"
    );
    for good in ["a", "bottega-aroma-2", &"x".repeat(ShopId::LONGEST)] {
        assert!(good.parse::<ShopId>().is_ok(), "{good}");
    }
    for wrong in [
        "",
        "Demo",
        "de mo",
        "demo/",
        "è",
        &"x".repeat(ShopId::LONGEST + 1),
    ] {
        assert!(wrong.parse::<ShopId>().is_err(), "{wrong}");
        assert!(serde_json::from_value::<ShopId>(json!(wrong)).is_err());
    }
}

#[test]
fn wr7_close_codes_keep_their_numbers() {
    let codes = [
        (CloseCode::Leaving, 1000, "leaving"),
        (CloseCode::Stale, 4000, "stale"),
        (CloseCode::Fault, 4001, "fault"),
        (CloseCode::Unauthorized, 4100, "unauthorized"),
        (CloseCode::TooOld, 4200, "too_old"),
        (CloseCode::Forbidden, 4201, "forbidden"),
        (CloseCode::OutOfTurn, 4202, "out_of_turn"),
    ];
    for (code, number, reason) in codes {
        assert_eq!((code.number(), code.reason()), (number, reason));
    }
}

#[test]
fn wr8_the_longest_draft_fits_into_a_frame_however_it_is_escaped() {
    // The longest escape of a character: a pair of surrogates.
    let text = "🛍".repeat(limits::TEXT_MAX);
    assert_eq!(message::fit(&text), Ok(()));
    assert_eq!(message::fit(&(text.clone() + "x")), Err(Unfit::TooLong));
    let draft = Draft {
        id: cast::name(1),
        content: Content::words(text),
    };
    let frame = serde_json::to_string(&ClientFrame::Send(draft.clone()))
        .unwrap()
        .replace('🛍', r"\ud83d\udecd");
    assert!(frame.len() <= limits::FRAME_MAX, "{} bytes", frame.len());
    assert_eq!(
        serde_json::from_str::<ClientFrame>(&frame).unwrap(),
        ClientFrame::Send(draft)
    );
}

#[test]
fn wr9_the_limits_are_those_of_the_specification() {
    let spec = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("SPEC.md")).unwrap();
    for (name, value) in [
        ("TEXT_MAX", limits::TEXT_MAX as u64),
        ("NAME_MAX", limits::NAME_MAX as u64),
        ("PARTS_MAX", limits::PARTS_MAX as u64),
        ("LINE_MAX", limits::LINE_MAX as u64),
        ("CARD_TEXT_MAX", limits::CARD_TEXT_MAX as u64),
        ("FIELDS_MAX", limits::FIELDS_MAX as u64),
        ("ANSWERS_MAX", limits::ANSWERS_MAX as u64),
        ("ANSWER_MAX", limits::ANSWER_MAX as u64),
        ("FILE_MAX", limits::FILE_MAX),
        ("FILE_PIXELS_MAX", limits::FILE_PIXELS_MAX),
        ("FILES_LOOSE_MAX", limits::FILES_LOOSE_MAX as u64),
        ("FILE_LOOSE_FOR", limits::FILE_LOOSE_FOR.0),
        ("FILES_ROOM", limits::FILES_ROOM),
        ("FILE_ADDRESS_FOR", limits::FILE_ADDRESS_FOR.0),
        ("FRAME_MAX", limits::FRAME_MAX as u64),
        ("HISTORY_PAGE", limits::HISTORY_PAGE as u64),
        ("LAST_WORDS_MAX", limits::LAST_WORDS_MAX as u64),
        ("URL_MAX", limits::URL_MAX as u64),
        ("TITLE_MAX", limits::TITLE_MAX as u64),
        ("FACTS_MAX", limits::FACTS_MAX as u64),
        ("FACT_NAME_MAX", limits::FACT_NAME_MAX as u64),
        ("FACT_TEXT_MAX", limits::FACT_TEXT_MAX as u64),
        ("FACTS_SIZE", limits::FACTS_SIZE as u64),
        ("LOGO_MAX", limits::LOGO_MAX as u64),
        ("HOURS_AHEAD", limits::HOURS_AHEAD as u64),
        ("ANSWERS_KEPT", limits::ANSWERS_KEPT as u64),
        ("ANSWERS_WRITTEN_EVERY", limits::ANSWERS_WRITTEN_EVERY.0),
        ("QUEUE_READ", limits::QUEUE_READ as u64),
        ("ANSWERS_ENOUGH", limits::ANSWERS_ENOUGH as u64),
        ("ANSWERS_LOOK_BACK", limits::ANSWERS_LOOK_BACK.0),
        ("QUEUE_LOOKS_BACK", limits::QUEUE_LOOKS_BACK.0),
        ("QUEUE_TOLD", limits::QUEUE_TOLD as u64),
        ("QUEUE_ASKED", limits::QUEUE_ASKED as u64),
        ("RADIUS", limits::RADIUS.into()),
        ("RADIUS_MAX", limits::RADIUS_MAX.into()),
        ("WINDOW_MAX", limits::WINDOW_MAX as u64),
        ("OPENING_AT_ONCE", limits::OPENING_AT_ONCE as u64),
        ("OPENING_MAX", limits::OPENING_MAX.0),
        ("GREETING", limits::GREETING.0),
        ("PROJECTION_EVERY", limits::PROJECTION_EVERY.0),
        ("PROJECTION_RETRY", limits::PROJECTION_RETRY.0),
        ("PROJECTION_RETRY_MAX", limits::PROJECTION_RETRY_MAX.0),
        ("HANDOVER_SIGNS", limits::HANDOVER_SIGNS as u64),
        ("OWN_LISTED", limits::OWN_LISTED as u64),
        ("HANDOVER_LIFE", limits::HANDOVER_LIFE.0),
        ("EMAIL_MAX", limits::EMAIL_MAX as u64),
        ("PHONE_MAX", limits::PHONE_MAX as u64),
        ("IDENTITY_ID_MAX", limits::IDENTITY_ID_MAX as u64),
        ("IDENTITY_FOR", limits::IDENTITY_FOR.0),
        ("IDENTITY_SKEW", limits::IDENTITY_SKEW.0),
        ("TAKEOVER_BURST", limits::TAKEOVER_BURST),
        ("TAKEOVER_EVERY", limits::TAKEOVER_EVERY.0),
        ("TAKEOVER_PLACE_BURST", limits::TAKEOVER_PLACE_BURST),
        ("TAKEOVER_PLACE_EVERY", limits::TAKEOVER_PLACE_EVERY.0),
        ("TYPING_SHOWN", limits::TYPING_SHOWN.0),
        ("TYPING_EVERY", limits::TYPING_EVERY.0),
        ("PING_EVERY", limits::PING_EVERY.0),
        ("SPEAK_EVERY", limits::SPEAK_EVERY.0),
        ("PONG_WITHIN", limits::PONG_WITHIN.0),
        ("CONFIRM_WITHIN", limits::CONFIRM_WITHIN.0),
        ("CONNECT_WITHIN", limits::CONNECT_WITHIN.0),
        ("WELCOME_WITHIN", limits::WELCOME_WITHIN.0),
        ("RENEW_WITHIN", limits::RENEW_WITHIN.0),
        ("READ_WITHIN", limits::READ_WITHIN.0),
        ("MEANWHILE_READ", limits::MEANWHILE_READ.0),
        ("LASTING", limits::LASTING.0),
        ("BACKOFF_FIRST", limits::BACKOFF_FIRST.0),
        ("BACKOFF_SOON", limits::BACKOFF_SOON.0),
        ("BACKOFF_SOON_TRIES", limits::BACKOFF_SOON_TRIES.into()),
        ("BACKOFF_MAX", limits::BACKOFF_MAX.0),
        ("PAGES_MAX", limits::PAGES_MAX as u64),
        ("PAGES_WITHIN", limits::PAGES_WITHIN.0),
        ("SOCKET_TRIES", limits::SOCKET_TRIES.into()),
        ("PATIENCE_DOUBLED", limits::PATIENCE_DOUBLED.into()),
        ("HIDDEN_MAX", limits::HIDDEN_MAX.0),
        ("CLOCK_JUMP", limits::CLOCK_JUMP.0),
        ("RETRY_AFTER", limits::RETRY_AFTER.0),
    ] {
        assert!(
            spec.contains(&format!("| `{name}` | {value} |")),
            "{name} is {value}"
        );
    }
}

#[test]
fn wr10_protocol_names_nobody() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "-p",
            "protocol",
            "-e",
            "normal",
            "--no-default-features",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let text = String::from_utf8(tree.stdout).unwrap();
    let allowed = [
        "protocol",
        "serde",
        "serde_core",
        "serde_derive",
        "uuid",
        "proc-macro2",
        "quote",
        "syn",
        "unicode-ident",
    ];
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        names.contains(&"serde") && names.contains(&"uuid"),
        "{text}"
    );
    assert!(names.iter().all(|name| allowed.contains(name)), "{text}");
}

#[test]
fn vs1_both_ends_speak_the_newest_version_that_both_can() {
    let range = |oldest, newest| VersionRange { oldest, newest };
    assert_eq!(range(1, 3).agree(range(2, 5)), Some(3));
    assert_eq!(range(2, 5).agree(range(1, 3)), Some(3));
    assert_eq!(range(1, 1).agree(range(1, 9)), Some(1));
    assert_eq!(range(1, 2).agree(range(3, 4)), None);
    assert_eq!(range(3, 4).agree(range(1, 2)), None);
    assert_eq!(range(2, 1).agree(range(1, 2)), None, "a range that is none");
}

#[test]
fn vs2_no_common_version_ends_the_client_until_the_page_is_loaded_again() {
    let mut world = World::new(1);
    world.add(cast::visitor());
    let id = world.relay.free_session();
    world.relay(protocol::relay::conversation::Input::Opened(id, None));
    let hello = read::<ClientFrame>(
        json!({"type": "hello", "version": {"oldest": 7, "newest": 9}, "token": "1"}),
    );
    let ClientFrame::Hello(hello) = hello else {
        panic!("a hello")
    };
    let input = protocol::relay::conversation::Input::Hello(id, hello, Some(cast::visitor()));
    let effects = world
        .relay
        .handle(world.now, input, &mut world.disk)
        .unwrap();
    let close = protocol::relay::conversation::Effect::Close(id, CloseCode::TooOld);
    assert_eq!(effects, [close], "before anything else is looked at");
    assert_eq!(world.disk.origin, None);
    assert_eq!(world.disk.view(Audience::Operators).count(), 0);
}

#[test]
fn vs3_a_status_is_of_a_closed_set() {
    assert!(
        serde_json::from_value::<Content>(json!({"kind": "status", "status": "snoozed"})).is_err()
    );
}
