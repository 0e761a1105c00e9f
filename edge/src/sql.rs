//! The only place that touches SQLite: a port of two calls, so that the same SQL runs in a Durable Object and, in tests,
//! on a plain SQLite. Every value that is read is checked; nothing here can throw through Rust's frames.

use std::borrow::Cow;

use protocol::relay::storage::Fault;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// One value, bound to a `?` or read from a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// INTEGER. Beyond 2^53 JavaScript would round it; nothing here counts so far.
    Integer(i64),
    /// TEXT.
    Text(Cow<'a, str>),
    /// BLOB.
    Blob(Cow<'a, [u8]>),
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8; 16]> for Value<'a> {
    fn from(bytes: &'a [u8; 16]) -> Self {
        Self::Blob(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(Cow::Borrowed(bytes))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row, in the order of the query's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value<'static>>);

impl Row {
    /// The text in this column.
    pub fn text(&self, column: usize) -> Result<&str, Fault> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(mistyped(column, "text", other)),
        }
    }

    /// The text in this column, if it is not NULL.
    pub fn text_if_any(&self, column: usize) -> Result<Option<&str>, Fault> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            Some(_) | None => self.text(column).map(Some),
        }
    }

    /// The number in this column.
    pub fn number(&self, column: usize) -> Result<u64, Fault> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => u64::try_from(*number)
                .map_err(|_| mistyped(column, "a number from 0", self.0.get(column))),
            other => Err(mistyped(column, "a number", other)),
        }
    }

    /// The number in this column, if it is not NULL.
    pub fn number_if_any(&self, column: usize) -> Result<Option<u64>, Fault> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            Some(_) | None => self.number(column).map(Some),
        }
    }

    /// The bytes in this column.
    pub fn bytes(&self, column: usize) -> Result<&[u8], Fault> {
        match self.0.get(column) {
            Some(Value::Blob(bytes)) => Ok(bytes),
            other => Err(mistyped(column, "bytes", other)),
        }
    }

    /// The sixteen bytes in this column.
    pub fn id(&self, column: usize) -> Result<[u8; 16], Fault> {
        self.bytes(column)?
            .try_into()
            .map_err(|_| mistyped(column, "16 bytes", self.0.get(column)))
    }
}

fn mistyped(column: usize, wanted: &str, found: Option<&Value<'_>>) -> Fault {
    let found = match found {
        None => "nothing",
        Some(Value::Null) => "NULL",
        Some(Value::Integer(_)) => "a number",
        Some(Value::Text(_)) => "text",
        Some(Value::Blob(_)) => "bytes",
    };
    Fault(format!("column {column} holds {found} instead of {wanted}"))
}

/// A database of one object.
pub trait Database {
    /// Runs a statement with its values and answers its rows.
    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault>;

    /// Runs a statement that answers no rows; without values it may be several.
    fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<(), Fault>;
}

#[wasm_bindgen]
extern "C" {
    /// An object's storage, for the one call of it that `worker` does not bind.
    type Transactions;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactions,
        work: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn sync(this: &Transactions) -> Result<js_sys::Promise, JsValue>;
}

/// Waits until everything that was written is on disk; what was told because of it goes out then, too.
pub(crate) async fn on_disk(state: &worker::State) -> Result<(), Fault> {
    let storage = state.storage();
    let storage: &Transactions = storage.as_raw().unchecked_ref();
    let synced = match storage.sync() {
        Ok(synced) => wasm_bindgen_futures::JsFuture::from(synced).await,
        Err(error) => Err(error),
    };
    synced
        .map(drop)
        .map_err(|error| Fault(format!("not on disk: {error:?}")))
}

/// Does all of it or, on a fault, none.
pub(crate) fn atomically<T>(
    state: &worker::State,
    work: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, Fault> {
    let storage = state.storage();
    let storage: &Transactions = storage.as_raw().unchecked_ref();
    let mut work = Some(work);
    let mut done = None;
    let kept = storage.transaction_sync(&mut || {
        let result = work.take().map(|work| work());
        let kept = matches!(result, Some(Ok(_)));
        done = result;
        // What is thrown here only tells the runtime to take everything back.
        if kept { Ok(()) } else { Err(JsValue::NULL) }
    });
    match (done, kept) {
        (Some(Err(fault)), _) => Err(fault),
        (Some(Ok(value)), Ok(())) => Ok(value),
        (Some(Ok(_)) | None, _) => Err(Fault("the transaction was not kept".into())),
    }
}

/// A Durable Object's own database.
pub(crate) struct Sql(worker::SqlStorage);

impl Sql {
    pub(crate) fn of(state: &worker::State) -> Self {
        Self(state.storage().sql())
    }

    fn exec(&self, statement: &str, values: &[Value<'_>]) -> Result<worker::SqlCursor, Fault> {
        let values: Vec<JsValue> = values.iter().map(to_js).collect();
        self.0
            .exec_raw(statement, values)
            .map_err(|error| Fault(format!("{error} in: {statement}")))
    }
}

impl Database for Sql {
    fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let cursor = self.exec(statement, values)?;
        cursor
            .raw()
            .map(|row| {
                let values = row.map_err(|error| Fault(error.to_string()))?;
                values
                    .into_iter()
                    .map(from_sql)
                    .collect::<Result<_, _>>()
                    .map(Row)
            })
            .collect()
    }

    fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<(), Fault> {
        self.exec(statement, values).map(drop)
    }
}

fn to_js(value: &Value<'_>) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        // Numbers here stay below 2^53: milliseconds, places and counts.
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => js_sys::Uint8Array::from(bytes.as_ref()).unchecked_into(),
    }
}

fn from_sql(value: worker::SqlStorageValue) -> Result<Value<'static>, Fault> {
    match value {
        worker::SqlStorageValue::Null => Ok(Value::Null),
        worker::SqlStorageValue::Integer(number) => Ok(Value::Integer(number)),
        worker::SqlStorageValue::Boolean(yes) => Ok(Value::Integer(yes.into())),
        worker::SqlStorageValue::String(text) => Ok(Value::Text(Cow::Owned(text))),
        worker::SqlStorageValue::Blob(bytes) => Ok(Value::Blob(Cow::Owned(bytes))),
        worker::SqlStorageValue::Float(number) => {
            Err(Fault(format!("{number} is not a whole number")))
        }
    }
}
