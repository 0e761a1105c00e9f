//! What a shop asks beside the first words: a few questions, and what is to be agreed to. Nothing is drawn or sent here.
//!
//! Must stay true: whatever a form asks, a message waits for none of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::limits::{FIELDS_MAX, LINE_MAX, NAME_MAX, URL_MAX};

/// The same words in several languages (`it`, `en`, …).
pub type Words = BTreeMap<String, String>;

/// The name of the question for an e-mail address that is asked while nobody is there.
pub const EMAIL: &str = "email";

/// The name of the answer that says what was agreed to.
pub const CONSENT: &str = "consent";

/// What a shop asks beside the first words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Form {
    /// The questions, in their order.
    pub fields: Vec<Field>,
    /// What must be agreed to before the answers are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Whether an e-mail address is asked for while nobody is on duty.
    pub away: bool,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Field {
    /// Names the answer: letters, digits, `-` and `_`.
    pub name: String,
    /// What is asked for.
    pub kind: FieldKind,
    /// The question by language. The widget has words of its own for a name and an e-mail address.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub label: Words,
    /// Whether the form is incomplete without it.
    #[serde(default)]
    pub required: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// What they are called.
    Name,
    /// An e-mail address.
    Email,
    /// Anything, in a line.
    #[default]
    Text,
    /// Something a later version knows; it is not asked.
    #[serde(other)]
    Unknown,
}

/// What must be agreed to before the answers are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consent {
    /// To what, by language.
    pub text: Words,
    /// Where it is told in full; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Why a form cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There are more than [`FIELDS_MAX`] questions.
    Many,
    /// A name is none, is there twice, or is [`CONSENT`].
    Name,
    /// A kind that is not known here.
    Kind,
    /// A question or a consent without words, or with more than [`LINE_MAX`] characters.
    Words,
    /// A link that is none, or too long.
    Link,
}

impl Form {
    /// Whether nothing is ever asked.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.consent.is_none() && !self.away
    }

    /// Whether a shop can keep it.
    pub fn fit(&self) -> Result<(), Unfit> {
        if self.fields.len() > FIELDS_MAX {
            return Err(Unfit::Many);
        }
        let names: BTreeSet<&str> = self
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        if names.len() < self.fields.len() {
            return Err(Unfit::Name);
        }
        self.fields.iter().try_for_each(Field::fit)?;
        self.consent.as_ref().map_or(Ok(()), Consent::fit)
    }

    /// What a visitor is asked now: nothing where no question is left. `alone` while nobody is on duty.
    pub fn asked(mut self, alone: bool) -> Option<Self> {
        self.fields.retain(|field| field.kind != FieldKind::Unknown);
        let is_email = |field: &Field| field.kind == FieldKind::Email || field.name == EMAIL;
        if self.away && alone && !self.fields.iter().any(is_email) {
            self.fields.push(Field {
                name: EMAIL.into(),
                kind: FieldKind::Email,
                label: Words::new(),
                required: false,
            });
        }
        // A consent alone is to nothing.
        (!self.fields.is_empty()).then_some(self)
    }
}

impl Consent {
    /// Whether a shop can keep it.
    pub fn fit(&self) -> Result<(), Unfit> {
        let is_link = |link: &str| {
            let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\".contains(&byte);
            link.starts_with("https://") && link.len() <= URL_MAX && link.bytes().all(plain)
        };
        if !self.link.as_deref().is_none_or(is_link) {
            return Err(Unfit::Link);
        }
        match !self.text.is_empty() && self.text.values().all(|text| is_line(text)) {
            true => Ok(()),
            false => Err(Unfit::Words),
        }
    }
}

impl Field {
    /// Whether a shop can keep it.
    pub fn fit(&self) -> Result<(), Unfit> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let named = (1..=NAME_MAX).contains(&self.name.len()) && self.name != CONSENT;
        if !named || !self.name.bytes().all(plain) {
            return Err(Unfit::Name);
        }
        let asks = match self.kind {
            FieldKind::Name | FieldKind::Email => true,
            FieldKind::Text => !self.label.is_empty(),
            FieldKind::Unknown => return Err(Unfit::Kind),
        };
        match asks && self.label.values().all(|label| is_line(label)) {
            true => Ok(()),
            false => Err(Unfit::Words),
        }
    }
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LINE_MAX
}
