//! One line of the transcript.

use serde::{Deserialize, Serialize};

use crate::{
    conversation::Status,
    cursor::Seq,
    id::{MessageId, OperatorId},
    part::Parts,
    shared::Shared,
    time::Timestamp,
};

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Its place.
    pub seq: Seq,
    /// Its name, minted by the author's device.
    pub id: MessageId,
    /// When the relay stored it.
    pub at: Timestamp,
    /// Who made it.
    pub author: Author,
    /// What it says.
    pub content: Content,
}

/// Who made an entry, or does something in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Author {
    /// The person in the widget.
    Visitor,
    /// A human who answers.
    Operator(OperatorCard),
    /// A program that answers.
    Bot(BotCard),
    /// The relay itself.
    System,
    /// Somebody of a kind that a later version knows.
    #[serde(other)]
    Unknown,
}

impl Author {
    /// Whether this is the same participant, whatever they are called now.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Operator(one), Self::Operator(two)) => one.id == two.id,
            (Self::Bot(one), Self::Bot(two)) => one.id == two.id,
            (
                Self::Visitor | Self::Operator(_) | Self::Bot(_) | Self::System | Self::Unknown,
                _,
            ) => self == other,
        }
    }
}

/// How an operator is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperatorCard {
    /// Who.
    pub id: OperatorId,
    /// The name shown to shoppers.
    pub name: String,
}

/// How a bot is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BotCard {
    /// Which.
    pub id: String,
    /// The name shown to shoppers.
    pub name: String,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Words between the visitor and the shop.
    Message {
        /// Plain text.
        text: String,
        /// What comes with it.
        #[serde(default, skip_serializing_if = "Parts::is_empty")]
        parts: Parts,
    },
    /// Words among operators, never shown to the visitor.
    Note {
        /// Plain text.
        text: String,
    },
    /// Who is to answer, `null` for nobody in particular. Never shown to the visitor.
    Assigned {
        /// The operator, as named at that time.
        to: Option<OperatorCard>,
    },
    /// The conversation was resolved or opened again.
    Status {
        /// What it is from here on.
        status: Status,
    },
    /// What the visitor was asked before the first word, and answered.
    Form {
        /// Each question with its answer.
        answers: Shared<Answer>,
    },
    /// What the visitor thinks of the conversation.
    Rating {
        /// From 1, bad, to 5, very good.
        #[serde(default)]
        score: u8,
        /// In words; may be empty.
        #[serde(default)]
        comment: String,
    },
    /// Something a later version knows; shown as nothing.
    #[serde(other)]
    Unknown,
}

/// One line of a filled form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// Which question: the name of the field in the shop's settings.
    pub name: String,
    /// The question as it was asked.
    pub label: String,
    /// The answer.
    pub value: String,
}

impl Answer {
    /// What a form amounts to where it is read as words (SPEC, FO5): a line for each answer.
    pub fn words(answers: &[Self]) -> String {
        let mut words = String::new();
        for Self { label, value, .. } in answers {
            Self::put(&mut words, label, value);
        }
        words
    }

    /// Puts one behind these. No formatting: it would be a kilobyte of the widget.
    pub fn put(words: &mut String, label: &str, value: &str) {
        let first = words.is_empty();
        for part in [if first { "" } else { "\n" }, label, ": ", value] {
            words.push_str(part);
        }
    }
}

impl Content {
    /// Words and nothing else.
    pub fn words(text: impl Into<String>) -> Self {
        Self::Message {
            text: text.into(),
            parts: Parts::default(),
        }
    }

    /// Whether only operators see it.
    pub fn is_internal(&self) -> bool {
        match self {
            Self::Note { .. } | Self::Assigned { .. } => true,
            Self::Message { .. }
            | Self::Status { .. }
            | Self::Form { .. }
            | Self::Rating { .. }
            | Self::Unknown => false,
        }
    }

    /// The words, where there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Message { text, .. } | Self::Note { text } => Some(text),
            Self::Assigned { .. }
            | Self::Status { .. }
            | Self::Form { .. }
            | Self::Rating { .. }
            | Self::Unknown => None,
        }
    }
}
