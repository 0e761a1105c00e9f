//! What a client of a version reads of a frame: the fields that it knows, each of the type that it expects. Written by hand,
//! once for each version, and not from the types of this crate: those change.

use serde_json::{Map, Value};

/// What is expected of a value.
enum Shape {
    Text,
    Whole,
    Yes,
    /// 36 characters, lower case.
    Id,
    List(&'static Shape),
    OrNull(&'static Shape),
    Fields(&'static [Field]),
    /// By the text in this field. One that is not known is read as nothing, and what else is there is not looked at.
    Kinds(&'static str, &'static [(&'static str, &'static [Field])]),
    /// One of these, and no other can be read.
    Closed(&'static [&'static str]),
}

/// A field, what is in it, and whether it may be absent.
type Field = (&'static str, Shape, bool);

use Shape::{Closed, Fields, Id, Kinds, List, OrNull, Text, Whole, Yes};

const CARD: &[Field] = &[("id", Id, false), ("name", Text, false)];
const BOT: &[Field] = &[("id", Text, false), ("name", Text, false)];
const AUTHOR: Shape = Kinds(
    "role",
    &[
        ("visitor", &[]),
        ("system", &[]),
        ("operator", CARD),
        ("bot", BOT),
    ],
);
const STATUS: Shape = Closed(&["open", "resolved"]);
const ANSWER: &[Field] = &[
    ("name", Text, false),
    ("label", Text, false),
    ("value", Text, false),
];
const PARTS: Shape = List(&Kinds(
    "type",
    &[
        (
            "file",
            &[
                ("id", Id, false),
                ("name", Text, false),
                ("media", Text, false),
                ("size", Whole, false),
                ("width", Whole, true),
                ("height", Whole, true),
            ],
        ),
        (
            "card",
            &[
                ("title", Text, false),
                ("text", Text, true),
                ("price", Text, true),
                ("picture", Text, true),
                ("link", Text, true),
                ("action", Text, true),
            ],
        ),
        ("reply", &[("text", Text, false)]),
    ],
));
const CONTENT: Shape = Kinds(
    "kind",
    &[
        ("message", &[("text", Text, false), ("parts", PARTS, true)]),
        ("form", &[("answers", List(&Fields(ANSWER)), false)]),
        (
            "rating",
            &[("score", Whole, false), ("comment", Text, false)],
        ),
        ("note", &[("text", Text, false)]),
        ("assigned", &[("to", OrNull(&Fields(CARD)), false)]),
        ("status", &[("status", STATUS, false)]),
    ],
);
const ENTRY: Shape = Fields(&[
    ("seq", Whole, false),
    ("id", Id, false),
    ("at", Whole, false),
    ("author", AUTHOR, false),
    ("content", CONTENT, false),
]);
const PAGE: Shape = Fields(&[
    ("url", Text, false),
    ("title", Text, false),
    ("facts", List(&FACT), true),
]);
const FACT: Shape = Fields(&[
    ("about", Text, false),
    ("name", Text, false),
    ("text", Text, true),
    ("at", Whole, true),
]);
const DUTY: Shape = List(&Fields(CARD));
const RECEIPT: &[Field] = &[
    ("reader", AUTHOR, false),
    ("delivered", Whole, false),
    ("read", Whole, false),
];
const PRESENCE: &[Field] = &[
    ("duty", DUTY, false),
    ("visitor", Yes, false),
    ("page", PAGE, true),
    ("outlook", OUTLOOK, true),
];
const OUTLOOK: Shape = Fields(&[
    ("opens_at", Whole, true),
    ("usual_ms", Whole, true),
    ("ahead", Whole, true),
]);
const CLOSED: Shape = Fields(&[("closed", Whole, false)]);

/// The frames of version 1. A `welcome` of an inbox has no epoch.
const V1: Shape = Kinds(
    "type",
    &[
        (
            "welcome",
            &[
                ("version", Whole, false),
                ("epoch", Whole, false),
                ("head", Whole, false),
                ("you", AUTHOR, false),
                ("status", STATUS, false),
                ("receipts", List(&Fields(RECEIPT)), false),
                ("presence", Fields(PRESENCE), false),
            ],
        ),
        (
            "history",
            &[
                ("previous", Whole, false),
                ("entries", List(&ENTRY), false),
                ("more", Yes, false),
            ],
        ),
        (
            "entry",
            &[("previous", Whole, false), ("entry", ENTRY, false)],
        ),
        (
            "refused",
            &[
                ("id", Id, true),
                ("code", Text, false),
                ("limit", Whole, true),
                ("retry_after_ms", Whole, true),
            ],
        ),
        ("receipt", RECEIPT),
        ("typing", &[("author", AUTHOR, false), ("on", Yes, false)]),
        ("presence", PRESENCE),
    ],
);
const V1_INBOX: Shape = Kinds(
    "type",
    &[
        (
            "welcome",
            &[
                ("version", Whole, false),
                ("you", Fields(CARD), false),
                ("duty", DUTY, false),
            ],
        ),
        ("duty", &[("duty", DUTY, false)]),
        (
            "summary",
            &[
                ("id", Id, false),
                ("visitor", Id, false),
                ("status", STATUS, false),
                ("assignee", OrNull(&Fields(CARD)), false),
                (
                    "last",
                    OrNull(&Fields(&[
                        ("author", AUTHOR, false),
                        ("text", Text, false),
                        ("note", Yes, false),
                    ])),
                    false,
                ),
                ("head", Whole, false),
                ("unread", Whole, false),
                ("waiting_since", OrNull(&Whole), false),
                ("visitor_present", Yes, false),
                ("page", OrNull(&PAGE), false),
                ("opened_at", Whole, false),
                ("updated_at", Whole, false),
            ],
        ),
    ],
);

/// What a client of this version reads; `None` for a frame that it ignores.
pub(super) fn read(version: u16, frame: &Value) -> Result<Option<Value>, String> {
    if frame.get("closed").is_some() {
        return look(&CLOSED, frame);
    }
    let of_inbox = match frame["type"].as_str() {
        Some("summary" | "duty") => true,
        // Whose card stands there is not whose role.
        Some("welcome") => frame["you"].get("role").is_none(),
        _ => false,
    };
    match (version, of_inbox) {
        (1, false) => look(&V1, frame),
        (1, true) => look(&V1_INBOX, frame),
        (other, _) => panic!("whoever adds version {other} writes down here what it reads"),
    }
}

fn look(shape: &Shape, value: &Value) -> Result<Option<Value>, String> {
    let fits = match shape {
        Text => value.is_string(),
        Whole => value.is_u64(),
        Yes => value.is_boolean(),
        Id => value.as_str().is_some_and(|text| {
            text.len() == 36
                && text
                    .chars()
                    .all(|c| matches!(c, '0'..='9' | 'a'..='f' | '-'))
        }),
        Closed(known) => value.as_str().is_some_and(|text| known.contains(&text)),
        List(of) => {
            let items = value.as_array().ok_or(format!("{value} is no list"))?;
            let read: Result<Vec<_>, _> = items.iter().map(|item| look(of, item)).collect();
            return Ok(Some(read?.into_iter().flatten().collect()));
        }
        OrNull(of) => {
            return if value.is_null() {
                Ok(Some(Value::Null))
            } else {
                look(of, value)
            };
        }
        Fields(fields) => return object(fields, value).map(Some),
        Kinds(tag, kinds) => {
            let kind = value[tag].as_str().ok_or(format!("{value} has no {tag}"))?;
            let Some((_, fields)) = kinds.iter().find(|(known, _)| *known == kind) else {
                return Ok(None);
            };
            let Value::Object(mut read) = object(fields, value)? else {
                return Err(format!("{value} is no object"));
            };
            read.insert((*tag).into(), kind.into());
            return Ok(Some(Value::Object(read)));
        }
    };
    if fits {
        Ok(Some(value.clone()))
    } else {
        Err(format!("{value} is of another type"))
    }
}

fn object(fields: &[Field], value: &Value) -> Result<Value, String> {
    if !value.is_object() {
        return Err(format!("{value} is of another type"));
    }
    let mut read = Map::new();
    for (name, shape, may_be_absent) in fields {
        match value.get(name) {
            Some(inner) => {
                let inner = look(shape, inner).map_err(|error| format!("{name}: {error}"))?;
                read.insert((*name).into(), inner.unwrap_or(Value::Null));
            }
            None if *may_be_absent => {}
            None => return Err(format!("{name} is missing")),
        }
    }
    Ok(Value::Object(read))
}

/// The reader is one: it knows every field of its version, and does without none that must be there.
#[test]
fn vs4_the_reader_of_a_version_reads_its_golden_frames_and_nothing_less() {
    let mut spoilt = 0;
    for file in super::files(&super::folder(1)) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !name.contains("server_") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let frame: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read(1, &frame), Ok(Some(frame.clone())), "{name}");
        for field in frame.as_object().unwrap().keys().filter(|it| *it != "type") {
            let mut wrong = frame.clone();
            // Fields that may all be absent are read from any object.
            wrong[field] = match wrong[field].is_object() {
                true => serde_json::json!(["another type"]),
                false => serde_json::json!({ "of": ["another type"] }),
            };
            assert!(read(1, &wrong).is_err(), "{name}: {field}");
            spoilt += 1;
        }
        let mut later = frame.clone();
        later["later"] = Value::Bool(true);
        assert_eq!(read(1, &later), Ok(Some(frame)), "{name}");
    }
    assert!(spoilt > 30, "{spoilt}");
}
