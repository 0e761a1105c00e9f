//! A plain SQLite behind the port of `edge::sql`, so that tests run the very SQL of the objects.

use std::borrow::Cow;

use edge::sql::{Database, Row, Value};
use protocol::relay::storage::Fault;
use rusqlite::{Connection, params_from_iter, types};

/// A plain SQLite in memory.
pub(crate) struct Plain(Connection);

impl Plain {
    pub(crate) fn new() -> Self {
        Self(Connection::open_in_memory().unwrap())
    }
}

impl Database for &Plain {
    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let fault = |error: rusqlite::Error| Fault(error.to_string());
        let mut prepared = self.0.prepare(statement).map_err(fault)?;
        let columns = prepared.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            let cells = (0..columns).map(|column| row.get::<_, types::Value>(column));
            cells.collect::<Result<Vec<_>, _>>()
        };
        let rows = prepared
            .query_map(params_from_iter(values.iter().map(to_sqlite)), read)
            .map_err(fault)?;
        rows.map(|row| {
            let cells = row.map_err(fault)?.into_iter().map(from_sqlite);
            cells.collect::<Result<_, _>>().map(Row)
        })
        .collect()
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

fn from_sqlite(value: types::Value) -> Result<Value<'static>, Fault> {
    Ok(match value {
        types::Value::Null => Value::Null,
        types::Value::Integer(number) => Value::Integer(number),
        types::Value::Text(text) => Value::Text(Cow::Owned(text)),
        types::Value::Blob(bytes) => Value::Blob(Cow::Owned(bytes)),
        types::Value::Real(number) => {
            return Err(Fault(format!("{number} is not a whole number")));
        }
    })
}
