//! Who is there and what they look at. Never stored as part of a transcript.

use serde::{Deserialize, Serialize};

/// The shop's page that a visitor is on, as the page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page {
    /// Its address, without query and fragment (they carry tokens).
    pub url: String,
    /// Its title.
    pub title: String,
}
