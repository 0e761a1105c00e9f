//! What an operator's end does beside a [`crate::client::Client`] (SPEC, DE): the list of conversations that is whole again
//! after any sleep, and answers that never leave against a transcript which has gone on.
//!
//! A visitor's end has none of this: whoever shops says what they say.

pub mod answering;
pub mod list;
pub mod listing;
pub mod meanwhile;
pub mod offer;
pub mod writing;
