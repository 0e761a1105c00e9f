//! A conversation's SQL on a plain SQLite: the contract of every `Storage`, and the migrations.

#[path = "../../protocol/tests/it/storage_contract.rs"]
mod storage_contract;

use std::borrow::Cow;

use edge::{
    migrate,
    sql::{Database, Row, Value},
    storage::{ConversationStorage, MIGRATIONS},
};
use protocol::relay::storage::{Fault, Storage};
use rusqlite::{Connection, params_from_iter, types};

/// A plain SQLite in memory.
struct Plain(Connection);

impl Plain {
    fn new() -> Self {
        Self(Connection::open_in_memory().unwrap())
    }
}

impl Database for &Plain {
    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let fault = |error: rusqlite::Error| Fault(error.to_string());
        let mut prepared = self.0.prepare(statement).map_err(fault)?;
        let columns = prepared.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            let cells =
                (0..columns).map(|column| row.get::<_, types::Value>(column).map(from_sqlite));
            cells.collect::<Result<Vec<_>, _>>().map(Row)
        };
        let rows = prepared
            .query_map(params_from_iter(values.iter().map(to_sqlite)), read)
            .map_err(fault)?;
        rows.collect::<Result<_, _>>().map_err(fault)
    }

    fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<(), Fault> {
        let done = if values.is_empty() {
            self.0.execute_batch(statement)
        } else {
            self.0
                .execute(statement, params_from_iter(values.iter().map(to_sqlite)))
                .map(drop)
        };
        done.map_err(|error| Fault(error.to_string()))
    }
}

fn to_sqlite(value: &Value<'_>) -> types::Value {
    match value {
        Value::Null => types::Value::Null,
        Value::Integer(number) => types::Value::Integer(*number),
        Value::Text(text) => types::Value::Text(text.clone().into_owned()),
        Value::Blob(bytes) => types::Value::Blob(bytes.clone().into_owned()),
    }
}

fn from_sqlite(value: types::Value) -> Value<'static> {
    match value {
        types::Value::Null => Value::Null,
        types::Value::Integer(number) => Value::Integer(number),
        types::Value::Text(text) => Value::Text(Cow::Owned(text)),
        types::Value::Blob(bytes) => Value::Blob(Cow::Owned(bytes)),
        types::Value::Real(number) => panic!("{number} is not a whole number"),
    }
}

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
