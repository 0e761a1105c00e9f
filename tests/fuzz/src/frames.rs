//! A frame of any kind, as serde reads it: what is read, is written and read again the same.

use core::fmt::Debug;

use protocol::frame::{ClientFrame, InboxClientFrame, InboxServerFrame, ServerFrame};
use serde::{Serialize, de::DeserializeOwned};

/// Takes a text.
pub fn take(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    again::<ClientFrame>(text);
    again::<ServerFrame>(text);
    again::<InboxClientFrame>(text);
    again::<InboxServerFrame>(text);
}

/// Reads, writes and reads again.
pub fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
    let Ok(read) = serde_json::from_str::<T>(text) else {
        return;
    };
    let written = serde_json::to_string(&read).expect("what was read can be written");
    let again: T = serde_json::from_str(&written)
        .unwrap_or_else(|error| panic!("{error}: {written} is what {text} was read as"));
    assert_eq!(again, read, "{written}");
}
