//! The authority: what the relay decides (SPEC, RL, SE and IN).
//!
//! The order of work is decide, write, tell. What is told is returned as effects after it was written, so nothing can
//! be told that is not written.

pub mod admission;
pub mod conversation;
pub mod deadlines;
pub mod door;
pub mod file;
pub mod handover;
pub mod inbox;
pub mod pace;
pub mod session;
pub mod storage;
pub mod waiting;

use serde::{Deserialize, Serialize};

use crate::{
    entry::{Author, OperatorCard},
    id::{ShopId, VisitorId},
};

/// Somebody who has shown who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Principal {
    /// A visitor of a shop.
    Visitor {
        /// The shop.
        shop: ShopId,
        /// Who.
        visitor: VisitorId,
    },
    /// An operator of a shop.
    Operator {
        /// The shop.
        shop: ShopId,
        /// Who.
        card: OperatorCard,
    },
}

impl Principal {
    /// As whom they write.
    pub fn author(&self) -> Author {
        match self {
            Self::Visitor { .. } => Author::Visitor,
            Self::Operator { card, .. } => Author::Operator(card.clone()),
        }
    }

    /// The shop they belong to.
    pub fn shop(&self) -> &ShopId {
        match self {
            Self::Visitor { shop, .. } | Self::Operator { shop, .. } => shop,
        }
    }

    /// Whose view of a transcript they have.
    pub fn audience(&self) -> storage::Audience {
        match self {
            Self::Visitor { .. } => storage::Audience::Visitor,
            Self::Operator { .. } => storage::Audience::Operators,
        }
    }
}
