//! One line of the transcript.

use serde::{Deserialize, Serialize};

use crate::{
    conversation::Status,
    cursor::Seq,
    id::{MessageId, OperatorId},
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
    /// Something a later version knows; shown as nothing.
    #[serde(other)]
    Unknown,
}

impl Content {
    /// Whether only operators see it.
    pub fn is_internal(&self) -> bool {
        match self {
            Self::Note { .. } | Self::Assigned { .. } => true,
            Self::Message { .. } | Self::Status { .. } | Self::Unknown => false,
        }
    }

    /// The words, where there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Message { text } | Self::Note { text } => Some(text),
            Self::Assigned { .. } | Self::Status { .. } | Self::Unknown => None,
        }
    }
}
