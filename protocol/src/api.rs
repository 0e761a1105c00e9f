//! The bodies of the HTTPS API, shared by the relay and the browser. Routes are listed in `edge/src/route.rs`; their
//! description for everybody is served at `/v1/openapi.json`.

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Status, Summary},
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, Entry, OperatorCard},
    form::Form,
    frame::{ClientFrame, Presence, ServerFrame},
    hours::Hours,
    id::{ConversationId, FileId, MessageId, OperatorId, ShopId},
    looks::{Font, Looks, Position, Theme},
    part::Parts,
    receipt::Receipt,
    time::Timestamp,
};

macro_rules! bodies {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $item
    )*};
}

mod visitor;

pub use visitor::{
    Handover, NewHandover, NewIdentity, NewTakeover, NewVisitor, OwnConversation, OwnConversations,
    Takeover, VisitorPass,
};

bodies! {
    /// Why a request was not done (RFC 9457).
    pub struct Problem {
        /// A stable name of the kind of problem, such as `/problems/too-long`.
        #[serde(rename = "type")]
        pub kind: String,
        /// The kind in words, the same for every problem of the kind.
        pub title: String,
        /// The HTTP status.
        pub status: u16,
        /// What happened and what to do, for a person.
        pub detail: String,
        /// Finds this very problem in the relay's log.
        pub id: String,
        /// The limit that was passed, in the unit that `detail` names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u64>,
        /// When to try again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub retry_after_ms: Option<u64>,
    }

    /// What a shop looks like to its shoppers.
    pub struct Storefront {
        /// Which shop.
        pub id: ShopId,
        /// Its name.
        pub name: String,
        /// Its colour, `#rrggbb`.
        pub color: String,
        /// The first words in an empty chat, by language (`it`, `en`, …).
        #[serde(default)]
        pub greeting: std::collections::BTreeMap<String, String>,
        /// The languages it answers in, the preferred one first.
        #[serde(default)]
        pub languages: Vec<String>,
        /// Opening hours; `null` when it keeps none.
        #[serde(default)]
        pub hours: Option<Hours>,
        /// What it asks beside the first words; in a visitor's pass, what it asks now. Absent when it asks nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub form: Option<Form>,
        /// What else its widget looks like.
        #[serde(flatten)]
        pub looks: Looks,
    }

    /// A shop with everything its operators may set.
    pub struct Shop {
        /// What shoppers see of it.
        #[serde(flatten)]
        pub front: Storefront,
        /// The origins whose pages may carry the widget, such as `https://shop.example`.
        pub origins: Vec<String>,
    }

    /// Asks for a new shop (with the relay's admin secret).
    pub struct NewShop {
        /// The shop.
        #[serde(flatten)]
        pub shop: Shop,
        /// Its first operator.
        pub owner: NewOperator,
    }

    /// A new operator.
    pub struct NewOperator {
        /// The name shown to shoppers.
        pub name: String,
        /// Signs in with it.
        pub email: String,
        /// At least 10 characters.
        pub password: String,
    }

    /// Answers [`NewShop`].
    pub struct ShopMade {
        /// The shop.
        pub shop: Shop,
        /// Its first operator.
        pub operator: OperatorCard,
        /// An API key of that operator; it is not shown again.
        pub key: String,
    }

    /// Changes a shop; what is absent stays.
    #[derive(Default)]
    pub struct ShopChange {
        /// See [`Storefront::name`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// See [`Storefront::color`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        /// See [`Storefront::greeting`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub greeting: Option<std::collections::BTreeMap<String, String>>,
        /// See [`Storefront::languages`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub languages: Option<Vec<String>>,
        /// See [`Storefront::hours`]; an empty list of openings means none are kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub hours: Option<Hours>,
        /// See [`Storefront::form`]; one without anything in it means none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub form: Option<Form>,
        /// See [`Looks::logo`]; an empty text means none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub logo: Option<String>,
        /// See [`Looks::radius`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub radius: Option<u16>,
        /// See [`Looks::position`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub position: Option<Position>,
        /// See [`Looks::font`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub font: Option<Font>,
        /// See [`Looks::theme`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub theme: Option<Theme>,
        /// See [`Shop::origins`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub origins: Option<Vec<String>>,
    }

    /// Where shoppers have opened the chat.
    pub struct Sightings {
        /// The last time on each of the shop's origins, the latest first; origins where nobody has are not here.
        pub sightings: Vec<Sighting>,
    }

    /// Somebody opened the chat on a page of this origin.
    pub struct Sighting {
        /// The origin.
        pub origin: String,
        /// When, to the hour: it is written down at most so often.
        pub at: Timestamp,
    }

    /// Signs an operator in.
    pub struct SignIn {
        /// The shop.
        pub shop: ShopId,
        /// The operator's e-mail address.
        pub email: String,
        /// Their password.
        pub password: String,
    }

    /// Who is signed in.
    pub struct Me {
        /// The operator.
        pub operator: OperatorCard,
        /// Their e-mail address.
        pub email: String,
        /// Their shop.
        pub shop: Shop,
    }

    /// Asks for an API key.
    pub struct NewKey {
        /// What it is for, for the list of keys.
        pub name: String,
    }

    /// Answers [`NewKey`].
    pub struct KeyMade {
        /// The key; it is not shown again.
        pub key: String,
        /// Its line in the list.
        pub listed: Key,
    }

    /// With what a shop's own server proves its customers.
    pub struct Identity {
        /// How it signs.
        pub algorithm: IdentityAlgorithm,
        /// When the secret was made, or the key kept; `null` when there is none, and nobody is proved.
        pub made_at: Option<Timestamp>,
    }

    /// How a shop's server signs; what a token says of itself is never asked.
    #[derive(Copy, Default)]
    pub enum IdentityAlgorithm {
        /// HMAC with SHA-256, with a secret that the relay made.
        #[default]
        #[serde(rename = "HS256")]
        Hs256,
        /// Ed25519, with a key of the shop's own.
        #[serde(rename = "EdDSA")]
        EdDsa,
    }

    /// A key of the shop's own.
    pub struct NewIdentityKey {
        /// The public half of an Ed25519 key, as a PEM file has it (`BEGIN PUBLIC KEY`).
        pub public_key: String,
    }

    /// A new secret.
    pub struct IdentityMade {
        /// The secret, whose whole text signs; it is not shown again.
        pub secret: String,
        /// What there is now.
        #[serde(flatten)]
        pub identity: Identity,
    }

    /// An API key in the list of keys.
    pub struct Key {
        /// Names it for deletion.
        pub id: String,
        /// What it is for.
        pub name: String,
        /// The operator it acts as.
        pub operator: OperatorId,
        /// When it was made.
        pub made_at: Timestamp,
        /// When it was used last, to the minute.
        pub used_at: Option<Timestamp>,
    }

    /// The API keys of a shop.
    pub struct Keys {
        /// Newest first.
        pub keys: Vec<Key>,
    }

    /// The operators of a shop.
    pub struct Operators {
        /// By name.
        pub operators: Vec<OperatorCard>,
    }

    /// A page of the inbox.
    pub struct Conversations {
        /// Last changed first.
        pub conversations: Vec<Summary>,
        /// Goes into `after` for the next page; absent on the last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next: Option<String>,
    }

    /// How far the list is with asking conversations again what it is to show of them.
    pub struct Reindexing {
        /// Conversations that have not answered yet.
        pub left: u64,
        /// Those of them that were asked in vain, the worst first.
        pub unanswered: Vec<Unanswered>,
    }

    /// A conversation that was asked in vain; it is asked again by itself.
    pub struct Unanswered {
        /// Which.
        pub conversation: ConversationId,
        /// How often it was asked.
        pub attempts: u64,
        /// When it is asked again.
        pub next_at: Timestamp,
    }

    /// Words to store.
    pub struct NewMessage {
        /// The name of the message, minted by its author (UUIDv7). Sending the same id and words twice stores once;
        /// without an id every request is a new message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<MessageId>,
        /// Plain text.
        pub text: String,
        /// What comes with it: files, cards, answers to choose from.
        #[serde(default, skip_serializing_if = "Parts::is_empty")]
        pub parts: Parts,
    }

    /// Files to be read.
    pub struct WantedFiles {
        /// Which, at most 100.
        pub files: Vec<FileId>,
    }

    /// Where files are read.
    pub struct Addresses {
        /// Of those that are in the conversation.
        pub addresses: Vec<Address>,
        /// When all of these end.
        pub end_at: Timestamp,
    }

    /// Where a file is read by GET, without any credential.
    pub struct Address {
        /// Which.
        pub file: FileId,
        /// On the relay's own origin. It gives this file and nothing else.
        pub path: String,
    }

    /// A note to store.
    pub struct NewNote {
        /// See [`NewMessage::id`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<MessageId>,
        /// Plain text.
        pub text: String,
    }

    /// Who is to answer.
    pub struct NewAssignee {
        /// See [`NewMessage::id`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<MessageId>,
        /// The operator; `null` for nobody in particular.
        pub operator: Option<OperatorId>,
    }

    /// Resolves or opens again.
    pub struct NewStatus {
        /// See [`NewMessage::id`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<MessageId>,
        /// What it is to be.
        pub status: Status,
    }

    /// Says that somebody types.
    pub struct NewTyping {
        /// Whether.
        pub on: bool,
    }

    /// Says how far somebody has read.
    pub struct NewReceipt {
        /// The last entry that reached them.
        pub delivered: Seq,
        /// The last entry they have seen.
        pub read: Seq,
    }

    /// A stored entry.
    pub struct Stored {
        /// The transcript's incarnation.
        pub epoch: Epoch,
        /// The place of the entry before it in this reader's view.
        pub previous: Seq,
        /// The entry.
        pub entry: Entry,
    }

    /// A page of a transcript.
    pub struct Entries {
        /// The conversation.
        pub conversation: ConversationId,
        /// Who the reader is.
        pub you: Author,
        /// Where this page ends: goes into `epoch` and `after` for the next.
        pub cursor: Cursor,
        /// The place of the entry before the first of these in this reader's view.
        pub previous: Seq,
        /// Oldest first.
        pub entries: Vec<Entry>,
        /// Whether there are more in the direction that was asked for.
        pub more: bool,
        /// Whether anything is left to do.
        pub status: Status,
        /// How far the others have read.
        pub receipts: Vec<Receipt>,
        /// Who is there.
        pub presence: Presence,
    }

    /// Frames that go up, as on a socket.
    pub struct Exchange {
        /// In order; a `hello` first, where nothing is carried.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<AnyFrame>"))]
        pub frames: Vec<ClientFrame>,
        /// What the last answer gave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub carried: Option<Carried>,
    }

    /// Frames that come down, as on a socket.
    pub struct Exchanged {
        /// In order.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<AnyFrame>"))]
        pub frames: Vec<ServerFrame>,
        /// Goes into the next request; absent when nothing was greeted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub carried: Option<Carried>,
        /// The code with which a socket would be closed now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub close: Option<u16>,
    }

    /// What a socket's session would remember.
    #[derive(Copy)]
    pub struct Carried {
        /// The transcript's incarnation.
        pub epoch: Epoch,
        /// The last entry that came down.
        pub seq: Seq,
        /// Grows when somebody reads.
        pub read: u64,
        /// A draft that was refused for now, before which no other is accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub held: Option<MessageId>,
    }

    /// The relay is up.
    pub struct Health {
        /// Always `ok`.
        pub status: String,
        /// The relay's version.
        pub version: String,
    }
}

impl Shop {
    /// The shop after a change: what the change does not name stays.
    pub fn after(self, change: ShopChange) -> Self {
        let Self { front, origins } = self;
        let looks = front.looks;
        let looks = Looks {
            logo: change.logo.map_or(looks.logo, |logo| {
                Some(logo).filter(|logo| !logo.is_empty())
            }),
            radius: change.radius.unwrap_or(looks.radius),
            position: change.position.unwrap_or(looks.position),
            font: change.font.unwrap_or(looks.font),
            theme: change.theme.unwrap_or(looks.theme),
        };
        let hours = change
            .hours
            .map_or(front.hours, |hours| Some(hours).filter(Hours::is_any));
        let form = change.form.map_or(front.form, |form| {
            Some(form).filter(|form| !form.is_empty())
        });
        Self {
            front: Storefront {
                id: front.id,
                name: change.name.unwrap_or(front.name),
                color: change.color.unwrap_or(front.color),
                greeting: change.greeting.unwrap_or(front.greeting),
                languages: change.languages.unwrap_or(front.languages),
                hours,
                form,
                looks,
            },
            origins: change.origins.unwrap_or(origins),
        }
    }
}

/// A frame in the written description: the protocol's rules say what else is in it.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "its shape is what is written")]
struct AnyFrame {
    /// The kind of frame, such as `hello` or `send`.
    r#type: String,
}
