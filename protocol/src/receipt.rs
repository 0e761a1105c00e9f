//! How far a participant has read.

use serde::{Deserialize, Serialize};

use crate::{cursor::Seq, entry::Author};

/// Everything up to `read` was before this participant's eyes. It only ever grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Whose.
    pub reader: Author,
    /// The last entry that was delivered to their device.
    pub delivered: Seq,
    /// The last entry they have seen.
    pub read: Seq,
}
