//! Places in a transcript.

use serde::{Deserialize, Serialize};

/// The place of an entry in its transcript: 1, 2, 3, … without a hole. 0 is the place before the first entry.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Seq(pub u64);

impl Seq {
    /// The place before the first entry.
    pub const START: Self = Self(0);

    /// The place after this one.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The incarnation of a transcript. When it is not the one a client knows, what the client has read may never have
/// been written: it starts over and keeps its outbox. It is when the transcript was
/// made or, if that was later, when its disk was replaced by an older copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Epoch(pub u64);

/// How far a client has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cursor {
    /// The incarnation that `seq` belongs to.
    pub epoch: Epoch,
    /// The last entry read.
    pub seq: Seq,
}
