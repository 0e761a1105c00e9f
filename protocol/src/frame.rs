//! The units on the wire: JSON texts tagged by `type`. What a reader does not know it ignores.

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Status, Summary},
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, Entry, OperatorCard},
    id::MessageId,
    message::Draft,
    outlook::Outlook,
    presence::Page,
    receipt::Receipt,
    version::VersionRange,
};

/// From a client to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of every socket.
    Hello(Hello),
    /// A draft to be placed in the transcript.
    Send(Draft),
    /// What was delivered and read, up to and including these places.
    Receipt {
        /// The last entry that reached the device.
        delivered: Seq,
        /// The last entry that was seen.
        read: Seq,
    },
    /// Whether this participant is typing.
    Typing {
        /// `false` when they stopped or sent.
        on: bool,
    },
    /// Asks for a page of the transcript.
    History(Span),
    /// The visitor is on another page.
    Page(Page),
    /// Something a later version says.
    #[serde(other)]
    Unknown,
}

/// How a client introduces itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// What it can speak.
    pub version: VersionRange,
    /// The visitor's token. An operator is known by the request that opened the socket and sends none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How far it has read; absent when it has nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// The page the visitor is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
}

/// A stretch of the transcript, [`crate::limits::HISTORY_PAGE`] entries at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SpanFields", into = "SpanFields")]
pub enum Span {
    /// The entries right after this place, oldest first.
    After(Seq),
    /// The entries right before this place, oldest first.
    Before(Seq),
    /// The newest entries, oldest first. On the wire, neither of the above.
    Newest,
}

/// A [`Span`] in JSON: an enum would take a field that it does not know for a second variant.
#[derive(Serialize, Deserialize)]
struct SpanFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Seq>,
}

impl From<Span> for SpanFields {
    fn from(span: Span) -> Self {
        let (after, before) = match span {
            Span::After(seq) => (Some(seq), None),
            Span::Before(seq) => (None, Some(seq)),
            Span::Newest => (None, None),
        };
        Self { after, before }
    }
}

impl From<SpanFields> for Span {
    fn from(fields: SpanFields) -> Self {
        match (fields.after, fields.before) {
            (Some(seq), _) => Self::After(seq),
            (None, Some(seq)) => Self::Before(seq),
            (None, None) => Self::Newest,
        }
    }
}

/// From a conversation to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answers the hello. One `history` with what the client has not read follows.
    Welcome(Welcome),
    /// A page of the transcript.
    History(History),
    /// A new entry; to its author's device it is the confirmation.
    Entry {
        /// The place of the entry before it in this reader's view.
        previous: Seq,
        /// The entry.
        entry: Entry,
    },
    /// A draft or a frame was not accepted.
    Refused(Refused),
    /// Somebody has read further.
    Receipt(Receipt),
    /// Somebody types, or stopped.
    Typing {
        /// Who.
        author: Author,
        /// Whether.
        on: bool,
    },
    /// Who is there changed.
    Presence(Presence),
    /// Something a later version says.
    #[serde(other)]
    Unknown,
}

/// The relay's answer to a hello.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The version both will speak.
    pub version: u16,
    /// The transcript's incarnation.
    pub epoch: Epoch,
    /// The last entry in this reader's view.
    pub head: Seq,
    /// Who this client is to the relay.
    pub you: Author,
    /// Whether anything is left to do.
    pub status: Status,
    /// How far the others have read.
    pub receipts: Vec<Receipt>,
    /// Who is there.
    pub presence: Presence,
}

/// A page of the transcript in one reader's view, without a hole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct History {
    /// The place of the entry before the first of these in this reader's view.
    pub previous: Seq,
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Whether there are more in the direction that was asked for.
    pub more: bool,
}

/// Who is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presence {
    /// The operators who have the inbox open.
    pub duty: Vec<OperatorCard>,
    /// Whether the visitor has the chat open.
    pub visitor: bool,
    /// The page the visitor is on; told to operators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// What else can be said of when they answer; told to visitors only.
    #[serde(default, skip_serializing_if = "Outlook::is_empty")]
    pub outlook: Outlook,
}

/// Why something was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// Which draft; absent when the frame could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// Why.
    pub code: Refusal,
    /// The limit that was passed, in the unit of that limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// When to try again, for a refusal that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nothing but white space.
    Empty,
    /// Longer than `limit`.
    TooLong,
    /// The same id was stored with other words.
    Conflict,
    /// Not for this participant.
    Forbidden,
    /// Not a frame.
    Malformed,
    /// Names a file that the conversation does not have.
    Missing,
    /// Too many; passes.
    RateLimited,
    /// Waits for an earlier draft that was refused for now; passes.
    Held,
    /// The relay could not store it; passes.
    Unavailable,
    /// Something a later version says.
    #[serde(other)]
    Unknown,
}

impl Refusal {
    /// Whether the same draft may be accepted later.
    pub const fn passes(self) -> bool {
        match self {
            Self::RateLimited | Self::Held | Self::Unavailable => true,
            Self::Empty
            | Self::TooLong
            | Self::Conflict
            | Self::Forbidden
            | Self::Malformed
            | Self::Missing
            | Self::Unknown => false,
        }
    }
}

/// From an inbox to its shop, on the shop's own socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboxClientFrame {
    /// The first frame.
    Hello {
        /// What it can speak.
        version: VersionRange,
    },
    /// Something a later version says.
    #[serde(other)]
    Unknown,
}

/// From a shop to an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboxServerFrame {
    /// Answers the hello. The list itself is read over HTTPS, after this, so that nothing falls between.
    Welcome {
        /// The version both will speak.
        version: u16,
        /// Who this is.
        you: OperatorCard,
        /// Who has the inbox open.
        duty: Vec<OperatorCard>,
    },
    /// A conversation is new or has changed.
    Summary(Box<Summary>),
    /// Who has the inbox open changed.
    Duty {
        /// All of them.
        duty: Vec<OperatorCard>,
    },
    /// Something a later version says.
    #[serde(other)]
    Unknown,
}
