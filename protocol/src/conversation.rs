//! A conversation as a list shows it.

use serde::{Deserialize, Serialize};

use crate::{
    cursor::Seq,
    entry::{Author, OperatorCard},
    id::{ConversationId, VisitorId},
    identity::Person,
    presence::Page,
    time::Timestamp,
};

/// Whether anything is left to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody may be waiting.
    #[default]
    Open,
    /// Done, until the visitor writes again.
    Resolved,
}

/// A conversation as the inbox lists it: a projection of its transcript, which it can always be made from again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Which conversation.
    pub id: ConversationId,
    /// Whose.
    pub visitor: VisitorId,
    /// Who that is, where the shop has proved it; absent where nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Whether anything is left to do.
    pub status: Status,
    /// Who is to answer.
    pub assignee: Option<OperatorCard>,
    /// The last words, notes included.
    pub last: Option<LastWords>,
    /// The place of the last entry.
    pub head: Seq,
    /// How many of the visitor's messages no operator has read.
    pub unread: u32,
    /// Since when the visitor waits for an answer, if they do.
    pub waiting_since: Option<Timestamp>,
    /// Whether the visitor has the chat open.
    pub visitor_present: bool,
    /// The page the visitor is on; in a list, where they were last when they have gone.
    pub page: Option<Page>,
    /// When the visitor opened it.
    pub opened_at: Timestamp,
    /// When the last entry was stored.
    pub updated_at: Timestamp,
}

impl Summary {
    /// As a list shows it, which has shown `before`: whoever answers when the visitor has gone still reads where they were, and who
    /// was proved stays it (a conversation knows nothing of that).
    pub fn after(self, before: Option<&Self>) -> Self {
        let page = self
            .page
            .or_else(|| before.and_then(|before| before.page.clone()));
        let person = self
            .person
            .or_else(|| before.and_then(|before| before.person.clone()));
        Self {
            page,
            person,
            ..self
        }
    }

    /// Whether a shop may not go on with what its disk has. Times count by the hour: since when somebody waits may stand there a little
    /// too early.
    fn is_missed(&self, disk: &Self) -> bool {
        let assigned = |of: &Self| of.assignee.as_ref().map(|card| card.id);
        let moved = self.status != disk.status
            || assigned(self) != assigned(disk)
            || self.updated_at.hour() != disk.updated_at.hour();
        let waits = |of: &Self| (of.waiting_since.map(Timestamp::hour), of.unread > 0);
        let (waits, waited) = (waits(self), waits(disk));
        // That somebody waits no more does no harm where it is forgotten: whoever is there is asked.
        let more = (waits.0.is_some() && waits.0 != waited.0) || (waits.1 && !waited.1);
        moved || more || (!self.visitor_present && waits != waited)
    }
}

/// What of a summary must be on the shop's disk by its answer. Each row is paid for, so what harms nobody if it is forgotten waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// Nothing: it is shown, and kept later.
    #[default]
    Nothing,
    /// What a shop must not forget: whether anything is left to do and for whom, by the hour when it changed and since when somebody
    /// waits, whether anything is unread; and that the visitor is there, by which a shop knows whom to ask.
    WhatMatters,
    /// All of it.
    Everything,
}

impl Keep {
    /// Whether this summary is to be written, over what the disk says of its conversation.
    pub fn is_written(self, summary: &Summary, on_disk: Option<&Summary>) -> bool {
        match self {
            Self::Nothing => false,
            // A shop that has forgotten what it was told asks those who are there by its disk, and nobody else.
            Self::WhatMatters => {
                on_disk.is_none_or(|disk| !disk.visitor_present || summary.is_missed(disk))
            }
            Self::Everything => true,
        }
    }

    /// Whether the answer says that the summary was only shown: it was to be kept where the disk lacked it, and was not `written`.
    pub fn was_only_shown(self, written: bool) -> bool {
        self == Self::WhatMatters && !written
    }
}

/// The last words of a transcript, cut to [`crate::limits::LAST_WORDS_MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LastWords {
    /// Whose.
    pub author: Author,
    /// The words.
    pub text: String,
    /// Whether it is a note.
    #[serde(default)]
    pub note: bool,
}
