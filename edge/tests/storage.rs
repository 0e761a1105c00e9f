//! A conversation's SQL on a plain SQLite: the contract of every `Storage`, and the migrations.

#[path = "plain/sqlite.rs"]
mod plain;
#[path = "../../protocol/tests/it/storage_contract.rs"]
mod storage_contract;

use edge::{
    migrate,
    sql::Database,
    storage::{ConversationStorage, MIGRATIONS},
};
use plain::Plain;
use protocol::{
    cursor::Seq,
    entry::{Author, Content, Entry, OperatorCard},
    id::{FileId, MessageId, OperatorId},
    relay::storage::{Added, Audience, Storage},
    time::Timestamp,
};

#[test]
fn the_sql_keeps_the_contract_of_storage() {
    storage_contract::keeps_the_contract(|| {
        // Leaked, so that the storage need not own it: a handful of small databases.
        ConversationStorage::open(&*Box::leak(Box::new(Plain::new()))).unwrap()
    });
}

#[test]
fn looking_at_a_conversation_that_never_began_writes_nothing() {
    let plain = Plain::new();
    let storage = ConversationStorage::open(&plain).unwrap();
    assert_eq!(storage.origin().unwrap(), None);
    assert!(!migrate::is_begun(&&plain).unwrap());
    let tables = (&plain)
        .query("SELECT name FROM sqlite_master", &[])
        .unwrap();
    assert_eq!(tables, []);
}

#[test]
fn migrations_apply_once_and_in_order() {
    let plain = Plain::new();
    migrate::run(&&plain, MIGRATIONS).unwrap();
    migrate::run(&&plain, MIGRATIONS).unwrap();
    let applied = (&plain)
        .query("SELECT name FROM migration ORDER BY place", &[])
        .unwrap();
    let names: Vec<_> = applied
        .iter()
        .map(|row| row.text(0).unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        MIGRATIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
}

#[test]
fn a_database_of_a_later_version_is_refused_with_the_reason() {
    let plain = Plain::new();
    let later = [MIGRATIONS, &[("9999_later", "CREATE TABLE later (x)")]].concat();
    migrate::run(&&plain, &later).unwrap();
    let refused = migrate::run(&&plain, MIGRATIONS).unwrap_err();
    assert_eq!(
        refused.0,
        "migration 9999_later is from a later version than this one"
    );
}

#[test]
fn a_transcript_of_the_first_version_is_taken_over() {
    let plain = Plain::new();
    migrate::run(&&plain, &MIGRATIONS[..1]).unwrap();
    // As the first version wrote it.
    (&plain)
        .run(
            "INSERT INTO meta (one, conversation, shop, visitor, epoch, at, duty)
                VALUES (1, zeroblob(16), 'demo', zeroblob(16), 7, 7, '[]');
             INSERT INTO entry VALUES (1, x'000102030405060708090a0b0c0d0e0f', 8, 'visitor', NULL, 'message', 'Ciao');
             INSERT INTO entry VALUES (2, x'100102030405060708090a0b0c0d0e0f', 9, 'system', NULL, 'status', '\"resolved\"');
             INSERT INTO receipt VALUES ('visitor', '{\"role\":\"visitor\"}', 1, 1);",
            &[],
        )
        .unwrap();
    let mut storage = ConversationStorage::open(&plain).unwrap();
    let entries = storage.after(Seq(0), Audience::Operators, 10).unwrap();
    let words: Vec<_> = entries.iter().map(|entry| entry.content.text()).collect();
    assert_eq!(words, [Some("Ciao"), None]);
    assert_eq!(storage.standing().unwrap().status.as_ref(), entries.get(1));
    assert_eq!(storage.receipts().unwrap().len(), 1);
    let next = |id| Entry {
        seq: Seq(3),
        id,
        ..entries[0].clone()
    };
    assert_eq!(storage.append(&next(entries[0].id)), Ok(Added::Taken));
    let new = MessageId::from_bytes([9; 16]);
    assert_eq!(storage.append(&next(new)), Ok(Added::New));
}

/// A release that was taken back leaves what this one cannot read; the conversation goes on around it.
#[test]
fn wr4_an_entry_of_a_later_release_keeps_its_place() {
    let plain = Plain::new();
    let mut storage = ConversationStorage::open(&plain).unwrap();
    storage.begin(&storage_contract::origin()).unwrap();
    let put = "INSERT INTO entry (seq, id, at, role, kind, body) VALUES (?, ?, 8, ?, ?, '{}')";
    for (seq, role, kind) in [(1_u64, "visitor", "poll"), (2, "robot", "message")] {
        let id = [seq as u8; 16];
        let values = [seq.into(), (&id).into(), role.into(), kind.into()];
        (&plain).run(put, &values).unwrap();
    }
    let read = storage.after(Seq(0), Audience::Operators, 10).unwrap();
    assert_eq!(read[0].content, Content::Unknown);
    assert_eq!(read[1].author, Author::Unknown);
    let next = Entry {
        seq: Seq(3),
        id: MessageId::from_bytes([9; 16]),
        at: Timestamp(9),
        author: Author::Visitor,
        content: Content::words("Ciao"),
    };
    assert_eq!(storage.append(&next), Ok(Added::New));
    assert_eq!(storage.heads().unwrap().all, Seq(3));
}

#[test]
fn what_is_of_this_version_is_gone_on_with_and_nothing_else_is() {
    let goes_on = |plain: &Plain| ConversationStorage::resume(plain).is_some();
    let plain = Plain::new();
    assert!(!goes_on(&plain), "nothing has begun");
    migrate::run(&&plain, MIGRATIONS).unwrap();
    assert!(!goes_on(&plain), "it has tables and no beginning");

    let plain = Plain::new();
    let mut first = ConversationStorage::open(&plain).unwrap();
    let origin = storage_contract::origin();
    first.begin(&origin).unwrap();
    let duty = [OperatorCard {
        id: OperatorId::from_bytes([3; 16]),
        name: "Giulia".into(),
    }];
    first.put_duty(&duty).unwrap();
    let entry = |seq: u64| Entry {
        seq: Seq(seq),
        id: MessageId::from_bytes([seq as u8; 16]),
        at: Timestamp(seq),
        author: Author::Visitor,
        content: Content::words("Ciao"),
    };
    for seq in 1..=3 {
        assert_eq!(first.append(&entry(seq)), Ok(Added::New));
    }
    let mut again = ConversationStorage::resume(&plain).unwrap();
    assert_eq!(again.origin(), Ok(Some(origin)));
    assert_eq!(again.duty(), Ok(duty.to_vec()));
    assert_eq!(again.standing(), first.standing());
    assert_eq!(again.heads(), first.heads());
    // Names are found by a walk at first, and by what was read later.
    for seq in [2, 1, 3] {
        let taken = Entry {
            seq: Seq(4),
            ..entry(seq)
        };
        assert_eq!(again.append(&taken), Ok(Added::Taken));
    }
    assert_eq!(again.append(&entry(4)), Ok(Added::New));
    assert_eq!(again.standing().unwrap().words, Some(entry(4)));

    let later = [MIGRATIONS, &[("9999_later", "CREATE TABLE later (x)")]].concat();
    migrate::run(&&plain, &later).unwrap();
    assert!(!goes_on(&plain), "it is of a later version");
}

#[test]
fn a_database_with_another_past_is_refused_with_the_reason() {
    let plain = Plain::new();
    migrate::run(&&plain, &[("0001_other", "CREATE TABLE other (x)")]).unwrap();
    let refused = migrate::run(&&plain, MIGRATIONS).unwrap_err();
    assert_eq!(
        refused.0,
        "migration 0 is 0001_other here and 0001_transcript in this version"
    );
}

#[test]
fn the_bytes_of_a_file_come_back_as_they_were() {
    let plain = Plain::new();
    let id = |n| FileId::from_bytes([n; 16]);
    let storage = ConversationStorage::open(&plain).unwrap();
    assert_eq!(storage.bytes(id(1)), Ok(None), "before it has begun");
    migrate::run(&&plain, MIGRATIONS).unwrap();
    let mut storage = ConversationStorage::open(&plain).unwrap();
    // Two whole pieces and a bit.
    let bytes: Vec<u8> = (0..2 * 1024 * 1024 + 7)
        .map(|at| (at % 251) as u8)
        .collect();
    storage.put_bytes(id(1), &bytes).unwrap();
    storage.put_bytes(id(2), b"%PDF-1.7").unwrap();
    assert!(storage.bytes(id(1)).unwrap().unwrap() == bytes);
    assert!(storage.put_bytes(id(1), b"other").is_err(), "a name twice");
    storage.drop_file(id(1)).unwrap();
    assert_eq!(storage.bytes(id(1)), Ok(None));
    assert_eq!(storage.bytes(id(2)), Ok(Some(b"%PDF-1.7".to_vec())));
}
