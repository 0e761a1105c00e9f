//! What a shop can say of when it answers, beside who is there (SPEC, OU). Nothing is claimed that was not set or measured.

use serde::{Deserialize, Serialize};

use crate::{
    entry::OperatorCard,
    time::{Millis, Timestamp},
};

/// Who is there, and what else can be said of when somebody answers: what a shop tells a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The operators who have the inbox open.
    pub duty: Vec<OperatorCard>,
    /// What else can be said. The release before says nothing of it.
    #[serde(default, skip_serializing_if = "Outlook::is_empty")]
    pub outlook: Outlook,
}

/// What was measured of the wait, for one visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// Within how long half of the visitors are answered.
    pub usual: Option<Millis>,
    /// How many wait since before this one.
    pub ahead: Option<u64>,
}

impl Floor {
    /// Who is there, and what else can be said. `opens_at` is asked where it is told, and of the wait is told while somebody is there to
    /// end it.
    pub fn of<E>(
        duty: Vec<OperatorCard>,
        wait: Wait,
        opens_at: impl FnOnce() -> Result<Option<Timestamp>, E>,
    ) -> Result<Self, E> {
        let outlook = match duty.is_empty() {
            true => Outlook {
                opens_at: opens_at()?,
                ..Outlook::default()
            },
            // Whoever is there answers, whatever the hours say.
            false => Outlook {
                opens_at: None,
                usual_ms: wait.usual.map(|usual| usual.0),
                ahead: wait.ahead,
            },
        };
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
    /// Half of the visitors are answered within so many milliseconds, as it was measured lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_ms: Option<u64>,
    /// How many visitors wait since before this one, while this one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u64>,
}

impl Outlook {
    /// Nothing can be said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
