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
use protocol::relay::storage::Storage;

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
    migrate::run(
        &&plain,
        &[
            MIGRATIONS[0],
            ("0002_from_the_future", "CREATE TABLE later (x)"),
        ],
    )
    .unwrap();
    let refused = migrate::run(&&plain, MIGRATIONS).unwrap_err();
    assert_eq!(
        refused.0,
        "migration 0002_from_the_future is from a later version than this one"
    );
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
