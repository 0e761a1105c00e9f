//! What a shop can say of when it answers, beside who is there (SPEC, OU). Nothing is claimed that was not set or measured.

use serde::{Deserialize, Serialize};

use crate::{entry::OperatorCard, time::Timestamp};

/// Who is there, and what else can be said of when somebody answers: what a shop tells a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The operators who have the inbox open.
    pub duty: Vec<OperatorCard>,
    /// What else can be said. The release before says nothing of it.
    #[serde(default, skip_serializing_if = "Outlook::is_empty")]
    pub outlook: Outlook,
}

impl Floor {
    /// Who is there, and what else can be said. `opens_at` is asked where it is told.
    pub fn of<E>(
        duty: Vec<OperatorCard>,
        opens_at: impl FnOnce() -> Result<Option<Timestamp>, E>,
    ) -> Result<Self, E> {
        let opens_at = match duty.is_empty() {
            true => opens_at()?,
            // Whoever is there answers, whatever the hours say.
            false => None,
        };
        let outlook = Outlook { opens_at };
        Ok(Self { duty, outlook })
    }
}

impl From<Vec<OperatorCard>> for Floor {
    fn from(duty: Vec<OperatorCard>) -> Self {
        let outlook = Outlook::default();
        Self { duty, outlook }
    }
}

/// When a visitor can count on an answer. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outlook {
    /// When the shop opens next, by its hours, while nobody is on duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Timestamp>,
}

impl Outlook {
    /// Nothing can be said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
