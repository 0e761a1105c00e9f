//! What a shop's page says of its visitor: what it set, what is in the cart, what somebody did. Proved by nobody: whoever sits at
//! that page can say it too.

use serde::{Deserialize, Serialize};

use crate::{
    limits::{FACT_NAME_MAX, FACT_TEXT_MAX, FACTS_MAX, FACTS_SIZE},
    time::Timestamp,
};

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    /// What it is about.
    pub about: Subject,
    /// What it is called; empty for the sum of a cart.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// When it happened, by the visitor's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// What a page can say something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Subject {
    /// The visitor.
    Visitor,
    /// A line of the cart, or its sum.
    Cart,
    /// Something that the visitor did.
    Event,
    /// What a later version knows.
    #[serde(other)]
    Unknown,
}

/// What is kept of them: the first ones that fit, each a line.
pub fn fitting(facts: Vec<Fact>) -> Vec<Fact> {
    let mut room = FACTS_SIZE;
    let known = |fact: &Fact| fact.about != Subject::Unknown;
    let mut fits = |fact: &Fact| {
        let left = room.checked_sub(in_ascii(&fact.name) + in_ascii(&fact.text));
        room = left.unwrap_or_default();
        left.is_some()
    };
    let lines = facts.into_iter().filter(known).map(|fact| Fact {
        name: line(&fact.name, FACT_NAME_MAX),
        text: line(&fact.text, FACT_TEXT_MAX),
        ..fact
    });
    lines
        .take(FACTS_MAX)
        .take_while(|fact| fits(fact))
        .collect()
}

/// As many characters as a text has in JSON that is ASCII alone, which is how it lies in a socket's attachment.
fn in_ascii(text: &str) -> usize {
    text.chars().map(letter_in_ascii).sum()
}

/// The same of one letter.
pub(crate) fn letter_in_ascii(letter: char) -> usize {
    match letter {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        // `\u20ac`, and two of them beyond the basic plane.
        _ => 6 * letter.len_utf16(),
    }
}

fn line(text: &str, longest: usize) -> String {
    let plain = text.chars().filter(|c| !c.is_control());
    plain.take(longest).collect()
}
