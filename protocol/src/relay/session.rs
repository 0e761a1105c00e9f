//! One socket of a conversation (SPEC, SE). The whole of it is kept in the socket's attachment, so that it survives the
//! object's memory.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MessageId, SessionId},
    presence::Page,
    receipt::Receipt,
    relay::Principal,
    time::Timestamp,
};

/// One socket of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its name within the object.
    pub id: SessionId,
    /// How far it is.
    pub state: State,
}

impl Session {
    /// The runtime answered its ping at this time.
    pub fn pinged(&mut self, at: Timestamp) {
        if let State::Live { heard, .. } = &mut self.state {
            *heard = at.max(*heard);
        }
    }
}

/// How far a session is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Open, and the hello has not come.
    Greeting {
        /// It is closed then.
        until: Timestamp,
        /// Who opened the socket, where the request said so.
        principal: Option<Principal>,
    },
    /// Welcomed.
    Live {
        /// Who it is.
        principal: Principal,
        /// A draft that was refused for now: no other is accepted before it, or they would change places.
        held: Option<MessageId>,
        /// The page the visitor is on.
        page: Option<Page>,
        /// When something was heard of it, as far as that was kept; its pings are remembered by the runtime.
        #[serde(default)]
        heard: Timestamp,
        /// Nothing was heard for so long that nobody may be there.
        #[serde(default)]
        lapsed: bool,
        /// How far it said that its reader has read. Written when the socket is gone; until then a row is saved.
        #[serde(default)]
        receipt: Option<Receipt>,
    },
}
