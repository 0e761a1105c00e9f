//! The addresses of files: signed, so that a browser can read a picture without any credential.
//!
//! Must stay true: an address gives one file of one conversation until it ends, and opens nothing else; nothing else opens a file.

use protocol::{
    id::{ConversationId, FileId, ShopId},
    relay::storage::Fault,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{TokenFault, TokenKeys, Use, proven, sign};

/// Under it the addresses of files stand.
pub const FOLDER: &str = "/files/";

/// What an address gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The shop.
    pub shop: ShopId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The file.
    pub file: FileId,
    /// When it gives nothing any more.
    pub ends: Timestamp,
}

impl Address {
    /// The path of it.
    pub fn path(&self, keys: &TokenKeys) -> Result<String, Fault> {
        Ok([FOLDER, &sign(keys, Use::Address, self)?].concat())
    }

    /// What this path gives.
    pub fn read(keys: &TokenKeys, path: &str, now: Timestamp) -> Result<Self, TokenFault> {
        let signed = path.strip_prefix(FOLDER).ok_or(TokenFault::Forged)?;
        let address: Self = proven(keys, Use::Address, signed).ok_or(TokenFault::Forged)?;
        if address.ends <= now {
            Err(TokenFault::Expired)
        } else {
            Ok(address)
        }
    }
}
