//! Values to JSON text and back, by the browser's own `JSON`: it is there already, and a parser of our own is not small.
//! Whole numbers travel as JSON numbers.
//!
//! What goes wrong is not said in words: nobody would read them, and they are a tenth of a widget.

mod read;
mod write;

use serde::{Serialize, de::DeserializeOwned};

/// The text of a value. Nothing that `protocol` says fails to have one.
pub fn encode<T: Serialize>(value: &T) -> String {
    let value = value.serialize(write::Writer).ok();
    let text = value.and_then(|value| js_sys::JSON::stringify(&value).ok());
    text.map_or_else(String::new, Into::into)
}

/// The value of a text, if it is one.
pub fn decode<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(read::Reader::new(js_sys::JSON::parse(text).ok()?)).ok()
}

/// It was not what it should be.
#[derive(Debug)]
struct Unfit;

impl core::fmt::Display for Unfit {
    fn fmt(&self, _: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Ok(())
    }
}

impl core::error::Error for Unfit {}

impl serde::de::Error for Unfit {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl serde::ser::Error for Unfit {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
}
