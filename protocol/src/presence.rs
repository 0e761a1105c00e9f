//! Who is there and what they look at. Never stored as part of a transcript.

use serde::{Deserialize, Serialize};

use crate::{
    fact::{Fact, fitting, letter_in_ascii},
    limits,
};

/// The shop's page that a visitor is on, as the page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page {
    /// Its address, without query and fragment (they carry tokens).
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it says of its visitor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

impl Page {
    /// What is kept of it.
    #[must_use]
    pub fn cut(self) -> Self {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        // No browser says a letter beyond the basic plane in an address, which takes twice the room of others.
        let mut room = limits::URL_MAX * letter_in_ascii('\u{e9}');
        let fits = |letter: &char| {
            let left = room.checked_sub(letter_in_ascii(*letter));
            room = left.unwrap_or_default();
            left.is_some()
        };
        Self {
            url: url.chars().take(limits::URL_MAX).take_while(fits).collect(),
            title: self.title.chars().take(limits::TITLE_MAX).collect(),
            facts: fitting(self.facts),
        }
    }
}
