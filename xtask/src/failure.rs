//! Why a command could not do its work: one sentence that says what happened and what to do about it.

use std::fmt;

/// The sentence shown to the person who typed the command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure(String);

/// What every part of a command returns.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure told by `sentence`.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
