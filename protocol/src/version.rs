//! Which versions of the protocol two ends can speak with each other.

use serde::{Deserialize, Serialize};

/// The version this crate speaks.
pub const CURRENT: u16 = 1;

/// The oldest version this crate still speaks. Widgets live for months in caches and open tabs.
pub const OLDEST: u16 = 1;

/// The versions one end can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionRange {
    /// The oldest.
    pub oldest: u16,
    /// The newest.
    pub newest: u16,
}

impl VersionRange {
    /// What this crate can speak.
    pub const OURS: Self = Self {
        oldest: OLDEST,
        newest: CURRENT,
    };

    /// The newest version that both can speak.
    pub fn agree(self, other: Self) -> Option<u16> {
        let newest = self.newest.min(other.newest);
        (newest >= self.oldest.max(other.oldest)).then_some(newest)
    }
}
