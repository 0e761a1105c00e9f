//! Any database of an object: tables of any version with any rows, or other tables under their names. Whatever cannot be read is a
//! fault with a reason, and never a panic, which would take the object away from everybody.

use std::borrow::Cow;

use edge::{
    auth::{Digest, Reference, ReferenceKind},
    migrate::{self, Migration},
    shop_storage::{self, ShopStorage},
    sql::{Database, Value},
    storage::{self, ConversationStorage},
};
use protocol::{
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    id::{ConversationId, OperatorId, SessionId},
    relay::{
        conversation::{Conversation, Input, Request},
        storage::{Audience, Storage},
    },
};

use crate::{
    given::{Given, START},
    plain::Plain,
};

/// Rows at most: some for every table.
const ROWS: usize = 24;

/// Tables with their columns, of any version.
const CONVERSATION: [(&str, u8); 4] = [("meta", 7), ("entry", 7), ("receipt", 4), ("migration", 2)];
const SHOP: [(&str, u8); 7] = [
    ("shop", 3),
    ("operator", 5),
    ("session", 3),
    ("key", 6),
    ("attempt", 3),
    ("conversation", 7),
    ("migration", 2),
];

/// What stands in rows.
const WORDS: [&str; 14] = [
    "visitor",
    "operator",
    "bot",
    "system",
    "message",
    "note",
    "assigned",
    "status",
    "open",
    "\"resolved\"",
    "[]",
    "{\"role\":\"visitor\"}",
    "{\"id\":\"0199c82c-c001-7000-8000-000000000001\",\"name\":\"Giulia\"}",
    "demo",
];

/// Takes the bytes as choices.
pub fn take(bytes: &[u8]) {
    let mut given = Given::new(bytes);
    let plain = Plain::new();
    if given.yes() {
        fill(&mut given, &plain, storage::MIGRATIONS, &CONVERSATION);
        converse(&mut given, &plain);
    } else {
        fill(&mut given, &plain, shop_storage::MIGRATIONS, &SHOP);
        look(&mut given, &plain);
    }
}

/// Tables of some version, and rows. What SQLite itself does not take is not there.
fn fill(given: &mut Given<'_>, plain: &Plain, known: &[Migration], tables: &[(&str, u8)]) {
    match given.below(8) {
        0 => {
            let _ = plain.run("CREATE TABLE migration (name)", &[]);
        }
        1 => {
            let _ = plain.run(
                "CREATE VIEW migration AS SELECT 1.5 AS place, 2 AS name",
                &[],
            );
        }
        2 => {
            let _ = plain.run("CREATE TABLE entry (x); CREATE TABLE shop (y)", &[]);
        }
        n => {
            let applied = known.len().saturating_sub(usize::from(n % 2));
            migrate::run(&plain, &known[..applied]).expect("a version of ours");
        }
    }
    for _ in 0..ROWS {
        if given.is_over() {
            return;
        }
        let (table, columns) = tables[usize::from(given.below(tables.len() as u8))];
        let values: Vec<_> = (0..columns).map(|_| value(given)).collect();
        let places = vec!["?"; values.len()].join(", ");
        let _ = plain.run(
            &format!("INSERT OR REPLACE INTO {table} VALUES ({places})"),
            &values,
        );
    }
    if given.below(4) == 0 {
        // A column that holds what none of ours does.
        let _ = plain.run(
            "UPDATE entry SET at = 1.5; UPDATE session SET ends_at = 0.5",
            &[],
        );
    }
}

fn value(given: &mut Given<'_>) -> Value<'static> {
    match given.below(10) {
        0 => Value::Null,
        1 => Value::Integer(given.number() as i64),
        2 | 3 => Value::Integer(given.below(6).into()),
        4 => Value::Text(Cow::Owned(given.text())),
        5 => Value::Blob(Cow::Owned(vec![
            given.below(3);
            usize::from(given.below(20))
        ])),
        6 => Value::Blob(Cow::Owned(given.id().as_bytes().to_vec())),
        n => {
            let word = WORDS[usize::from(given.below(WORDS.len() as u8))];
            // Under an affinity of numbers a text may become one.
            let word = if n == 7 { word } else { word.trim_matches('"') };
            Value::Text(Cow::Borrowed(word))
        }
    }
}

fn converse(given: &mut Given<'_>, plain: &Plain) {
    let Ok(mut storage) = ConversationStorage::open(plain) else {
        return;
    };
    let (seq, id) = (given.seq(), given.id());
    let _ = (storage.origin(), storage.heads(), storage.find(id));
    for audience in [Audience::Visitor, Audience::Operators] {
        let _ = (
            storage.after(seq, audience, 40),
            storage.before(seq, audience, 40),
        );
    }
    let _ = (storage.receipts(), storage.standing(), storage.unread(seq));
    let _ = (storage.written(120), storage.duty());
    let heads = storage.heads().unwrap_or_default();
    let entry = Entry {
        seq: if given.yes() {
            heads.all.next()
        } else {
            given.seq()
        },
        id,
        at: START,
        author: Author::Visitor,
        content: Content::words(given.text()),
    };
    let added = storage.append(&entry);
    if heads.all.next() != entry.seq && heads.all != Seq::START {
        assert!(added.is_err(), "{entry:?} is not the next one");
    }
    let mut relay = Conversation::wake(ConversationId::from_bytes([9; 16]), []);
    let principal = given.principal();
    let opened = Input::Opened(SessionId(1), Some(principal.clone()));
    let hello = Input::Hello(SessionId(1), given.hello(), Some(principal.clone()));
    let frame = Input::Frame(SessionId(1), given.client_frame());
    for input in [opened, hello, frame, Input::Alarm(vec![])] {
        let _ = relay.handle(START, input, &mut storage);
    }
    let asked = Request::Send(given.draft());
    for request in [asked, Request::Summary] {
        let _ = relay.answer(START, &principal, request, &mut storage);
    }
}

fn look(given: &mut Given<'_>, plain: &Plain) {
    let Ok(storage) = ShopStorage::open(plain) else {
        return;
    };
    let operator = OperatorId::from_bytes([given.below(3); 16]);
    let word = WORDS[usize::from(given.below(WORDS.len() as u8))];
    let digest = Digest(word.into());
    let _ = (
        storage.is_begun(),
        storage.shop(),
        storage.attempt(word, START),
    );
    let _ = (
        storage.operator(operator),
        storage.operators(),
        storage.keys(),
    );
    for kind in [ReferenceKind::Session, ReferenceKind::Key] {
        let reference = Reference {
            kind,
            shop: "demo".parse().expect("a name"),
            digest: digest.clone(),
        };
        let _ = storage.who_is(&reference, START);
    }
    let _ = storage.sign_in(operator, &digest, START);
    for status in [None, Some(Status::Open), Some(Status::Resolved)] {
        let _ = storage.list(status, None, None, 50);
    }
    let _ = (
        storage.latest(),
        storage.present(50),
        storage.delete_key(word),
    );
    let _ = storage.sign_out(&digest);
}
