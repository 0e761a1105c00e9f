//! What a shopper's device asks beside the conversation itself.

use serde::{Deserialize, Serialize};

use super::Storefront;
use crate::{
    conversation::{LastWords, Status},
    cursor::Seq,
    entry::OperatorCard,
    id::{ConversationId, ShopId, VisitorId},
    outlook::Outlook,
    time::Timestamp,
};

bodies! {
    /// Asks for a visitor's pass.
    pub struct NewVisitor {
        /// The shop, from the script tag.
        pub shop: ShopId,
        /// A renewal from an earlier pass: the same visitor gets a fresh token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub renewal: Option<String>,
    }

    /// What a visitor's device needs to chat.
    pub struct VisitorPass {
        /// Who they are to the relay.
        pub visitor: VisitorId,
        /// Opens sockets and requests until `expires_at`.
        pub token: String,
        /// When `token` ends.
        pub expires_at: Timestamp,
        /// Gets the next pass for the same visitor.
        pub renewal: String,
        /// What the shop looks like.
        pub shop: Storefront,
        /// The operators who have the inbox open.
        pub duty: Vec<OperatorCard>,
        /// What else can be said of when they answer.
        #[serde(default, skip_serializing_if = "Outlook::is_empty")]
        pub outlook: Outlook,
    }

    /// Shows who this visitor is.
    pub struct NewIdentity {
        /// What the shop's own server has signed: a JSON Web Token (HS256, or EdDSA where the shop has handed in a key) with `sub`, `aud` (the shop's id) and `exp`, ten minutes ahead at
        /// most; `name`, `email` and `phone_number` may stand beside them.
        pub token: String,
    }

    /// Asks for a code with which another device goes on as this visitor.
    pub struct NewHandover {
        /// The conversation that is to go on there.
        pub conversation: ConversationId,
    }

    /// Answers [`NewHandover`].
    pub struct Handover {
        /// The code; it is good once, and is not shown again.
        pub code: String,
        /// When it ends.
        pub expires_at: Timestamp,
    }

    /// The conversations of a visitor, last changed first.
    pub struct OwnConversations {
        /// Of those that they opened last.
        pub conversations: Vec<OwnConversation>,
    }

    /// A conversation as its visitor finds it among their others.
    pub struct OwnConversation {
        /// Which conversation.
        pub id: ConversationId,
        /// Whether anything is left to do.
        pub status: Status,
        /// The last words of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last: Option<LastWords>,
        /// The place of the last entry that its visitor sees.
        pub head: Seq,
        /// When that was stored.
        pub updated_at: Timestamp,
    }

    /// Uses a code of another device up.
    pub struct NewTakeover {
        /// The shop, from the script tag.
        pub shop: ShopId,
        /// The code, as somebody typed it or as it stood in the link.
        pub code: String,
    }

    /// Answers [`NewTakeover`].
    pub struct Takeover {
        /// The conversation that goes on here.
        pub conversation: ConversationId,
        /// A pass of the same visitor.
        pub pass: VisitorPass,
    }
}

impl OwnConversations {
    /// As a visitor reads them: last changed first.
    pub fn of(conversations: impl IntoIterator<Item = OwnConversation>) -> Self {
        let mut conversations: Vec<_> = conversations.into_iter().collect();
        conversations.sort_by_key(|own| core::cmp::Reverse((own.updated_at, own.id)));
        Self { conversations }
    }
}
