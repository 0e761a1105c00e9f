//! Conversations that are being handed over to another device: what the shop keeps of a code, which is its digest. With the other
//! files of the shop's storage this is all its SQL.

use protocol::{
    id::{ConversationId, VisitorId},
    relay::{handover, storage::Fault},
    time::Timestamp,
};

use super::storage::ShopStorage;
use crate::{auth::Digest, sql::Database};

impl<D: Database> ShopStorage<D> {
    /// Keeps a code, in place of the one that this visitor had; answers when it ends. What is over is forgotten.
    pub fn hand_over(
        &self,
        code: &Digest,
        visitor: VisitorId,
        conversation: ConversationId,
        now: Timestamp,
    ) -> Result<Timestamp, Fault> {
        let ends_at = handover::ends_at(now);
        self.database().run(
            "DELETE FROM handover WHERE visitor = ? OR ends_at <= ?",
            &[visitor.as_bytes().into(), now.0.into()],
        )?;
        self.database().run(
            "INSERT INTO handover (digest, visitor, conversation, ends_at) VALUES (?, ?, ?, ?)",
            &[
                code.0.as_str().into(),
                visitor.as_bytes().into(),
                conversation.as_bytes().into(),
                ends_at.0.into(),
            ],
        )?;
        Ok(ends_at)
    }

    /// What a code hands over, once: it is good no more.
    pub fn take_over(
        &self,
        code: &Digest,
        now: Timestamp,
    ) -> Result<Option<(VisitorId, ConversationId)>, Fault> {
        let rows = self.database().query(
            "SELECT visitor, conversation, ends_at FROM handover WHERE digest = ?",
            &[code.0.as_str().into()],
        )?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let whose = (
            VisitorId::from_bytes(row.id(0)?),
            ConversationId::from_bytes(row.id(1)?),
        );
        let ends_at = Timestamp(row.number(2)?);
        self.database().run(
            "DELETE FROM handover WHERE digest = ?",
            &[code.0.as_str().into()],
        )?;
        if !handover::is_good(ends_at, now) {
            return Ok(None);
        }
        let share = "INSERT OR IGNORE INTO shared (visitor) VALUES (?)";
        self.database().run(share, &[whose.0.as_bytes().into()])?;
        Ok(Some(whose))
    }
}
