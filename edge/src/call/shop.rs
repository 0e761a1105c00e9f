//! What a shop is asked, and what it answers.

use protocol::{
    api::{
        Conversations, IdentityAlgorithm, Key, Keys, Me, Operators, Reindexing, Shop, ShopChange,
        Sightings,
    },
    conversation::{Status, Summary},
    entry::OperatorCard,
    id::{ConversationId, OperatorId, VisitorId},
    identity::{Person, Unproved},
    outlook::{Floor, Outlook},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{Digest, Reference},
    error::Failure,
};

/// An operator who is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// How they are shown.
    pub card: OperatorCard,
    /// Signs in with it; lower case.
    pub email: String,
    /// The password as it is kept.
    pub password: String,
}

/// An API key that is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyToKeep {
    /// Names it for deletion.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The operator it acts as.
    pub operator: OperatorId,
    /// How the shop knows it.
    pub digest: Digest,
}

/// Whose conversations a list is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Nobody's in particular.
    Nobody,
    /// This operator's.
    Operator(OperatorId),
}

/// What a shop is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time, on its way into JSON; it depends on the target"
)]
#[expect(missing_docs, reason = "fields are named after what they are of")]
pub enum ToShop {
    /// Begins it: `Done`, or `Taken`.
    Create {
        shop: Box<Shop>,
        owner: Account,
        key: KeyToKeep,
    },
    /// What shoppers see: `Front`.
    Front,
    /// The same for a visitor: `Front` or `TooMany`. The release before said the place alone, and only of new ones; it
    /// reads this, and counts who comes again as new.
    Admit {
        /// The address of a new one.
        place: Option<String>,
        /// The origin of the page they are on.
        #[serde(default)]
        page: Option<String>,
        /// Who says to have been here before: not counted.
        #[serde(default)]
        again: bool,
    },
    /// Another device is to go on as this visitor: `HandedOver`.
    HandOver {
        code: Digest,
        visitor: VisitorId,
        conversation: ConversationId,
    },
    /// Somebody tries a code, which counts: `TakenOver`, `NotFound` or `TooMany`.
    TakeOver {
        code: Digest,
        /// The address they come from.
        place: Option<String>,
    },
    /// Somebody tries to sign in, which counts: `Attempt` or `TooMany`.
    Attempt { email: String },
    /// The password was right: `Me`.
    SignIn {
        operator: OperatorId,
        session: Digest,
    },
    /// Whose this reference is: `Operator`.
    WhoIs { reference: Reference },
    /// Ends a session: `Done`.
    SignOut { session: Digest },
    /// Everything of an operator: `Me`.
    Me { operator: OperatorId },
    /// An operator's card: `Operator`.
    Card { operator: OperatorId },
    /// Where visitors were: `Sightings`.
    Sightings,
    /// Changes settings: `Shop`.
    Change { change: Box<ShopChange> },
    /// Lists operators: `Operators`.
    Operators,
    /// Adds one: `Operator` or `Taken`.
    AddOperator { account: Account },
    /// Lists API keys: `Keys`.
    Keys,
    /// Adds one: `Key`.
    AddKey { key: KeyToKeep },
    /// Deletes one: `Done`.
    DeleteKey { id: String },
    /// A page of the inbox: `Conversations`.
    List {
        status: Option<Status>,
        whose: Option<Whose>,
        after: Option<Place>,
        limit: usize,
    },
    /// The conversations of this visitor, those they opened last: `Own`.
    Own { visitor: VisitorId },
    /// The other conversations of whose this one is: `Conversations`.
    Others { conversation: ConversationId },
    /// Keeps the secret, or the public key, that proves its customers, or ends it: `Identity`.
    KeepIdentity { secret: Option<String> },
    /// Whether there is one: `Identity`.
    Identity,
    /// A visitor shows who they are: `Person` or `Unproved`.
    Identify { visitor: VisitorId, token: String },
    /// Who a visitor was proved to be: `Person`.
    Person { visitor: VisitorId },
    /// Asks every conversation again what the list is to show: `Reindexing`.
    Reindex,
    /// How far that is: `Reindexing`.
    Reindexing,
    /// The open one that changed last: `Latest`.
    Latest,
    /// A conversation says what the list is to show, and whether it must be on the disk by the answer: `Floor`, or `Duty`, or, where
    /// it was only shown because the disk said what matters of it before, `Shown`. The first release said the summary alone and always
    /// meant it to be kept; it reads this, and is read.
    Project {
        #[serde(flatten)]
        summary: Summary,
        #[serde(default = "kept")]
        keep: bool,
        /// Whether the answer may be `Floor`, which the release before does not read.
        #[serde(default)]
        floor: bool,
        /// Whether what is to be kept need not be where the disk says what matters of it. The release before keeps it.
        #[serde(default)]
        unless_said: bool,
        /// Since when the visitor had waited whom an operator has just answered. The release before leaves it out, and reads over it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered_since: Option<Timestamp>,
    },
}

fn kept() -> bool {
    true
}

/// What a shop answers; nothing else but after a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the question says what each answers")]
pub enum FromShop {
    Done,
    NotFound,
    Taken,
    Front {
        shop: Box<Shop>,
        duty: Vec<OperatorCard>,
        #[serde(default)]
        outlook: Outlook,
    },
    HandedOver {
        ends_at: Timestamp,
    },
    TakenOver {
        visitor: VisitorId,
        conversation: ConversationId,
    },
    Attempt {
        operator: Option<OperatorId>,
        password: Option<String>,
    },
    TooMany {
        retry_after_ms: u64,
    },
    Me(Box<Me>),
    Shop(Box<Shop>),
    Sightings(Sightings),
    Operator(OperatorCard),
    Operators(Operators),
    Key(Key),
    Keys(Keys),
    Conversations(Conversations),
    Own(Vec<ConversationId>),
    Identity {
        /// The release before does not say, and knows one.
        #[serde(default)]
        algorithm: IdentityAlgorithm,
        made_at: Option<Timestamp>,
    },
    Person(Option<Person>),
    Unproved(Unproved),
    Reindexing(Reindexing),
    Latest {
        conversation: Option<ConversationId>,
    },
    Duty(Vec<OperatorCard>),
    Floor(Floor),
    Shown(Floor),
}

impl FromShop {
    /// An answer to another question: a fault of ours.
    pub(crate) fn unexpected(self) -> Failure {
        Failure::fault("a shop answered another question")
    }
}

/// A place in the inbox, last changed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the conversation there was changed.
    pub updated_at: u64,
    /// Which it is.
    pub id: ConversationId,
}

impl Place {
    /// The form in which clients hand it back.
    pub fn text(self) -> String {
        format!("{}.{}", self.updated_at, self.id)
    }

    /// Reads [`Place::text`].
    pub fn read(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        Some(Self {
            updated_at: updated_at.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}
