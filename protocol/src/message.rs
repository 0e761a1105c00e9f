//! What a person writes, before it has a place in the transcript.

use serde::{Deserialize, Serialize};

use crate::{entry::Content, id::MessageId, limits};

/// An entry that its author's device has named and the relay has not yet placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Draft {
    /// The same on every attempt: sending twice stores once.
    pub id: MessageId,
    /// What is to be stored.
    pub content: Content,
}

/// Why words cannot be sent as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing but white space.
    Empty,
    /// More than [`limits::TEXT_MAX`] characters.
    TooLong,
}

/// Whether these words can be a message or a note.
pub fn fit(text: &str) -> Result<(), Unfit> {
    if text.trim().is_empty() {
        return Err(Unfit::Empty);
    }
    // A character has at least one byte: the count is only made for texts that might be too long.
    if text.len() > limits::TEXT_MAX && text.chars().count() > limits::TEXT_MAX {
        return Err(Unfit::TooLong);
    }
    Ok(())
}
