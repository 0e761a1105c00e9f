//! What the list is not sure of: conversations that are asked again what it is to show of them.
//!
//! Must stay true: a conversation in doubt stays so until it has answered, whatever fails in between; to ask it twice does no harm.

use protocol::{
    api::{Reindexing, Unanswered},
    id::ConversationId,
    relay::storage::Fault,
    time::{Millis, Timestamp},
};

use super::storage::ShopStorage;
use crate::sql::Database;

/// The first wait after a conversation did not answer; it doubles.
const RETRY: Millis = Millis::seconds(2);

/// The longest such wait.
const RETRY_MAX: Millis = Millis::seconds(300);

/// Conversations that do not answer, as far as they are named one by one: whoever sees as many knows enough.
const NAMED: usize = 20;

impl<D: Database> ShopStorage<D> {
    /// Doubts the whole list.
    pub fn doubt_all(&self, now: Timestamp) -> Result<(), Fault> {
        let insert = "INSERT INTO doubt (id, attempts, next_at) SELECT id, 0, ? FROM conversation WHERE true \
                      ON CONFLICT (id) DO UPDATE SET attempts = 0, next_at = excluded.next_at";
        // A row that is not as this memory has it is made anew, too.
        self.forget_lines()?;
        self.database().run(insert, &[now.0.into()])
    }

    /// The conversations to ask now.
    pub fn doubts(&self, now: Timestamp, limit: usize) -> Result<Vec<ConversationId>, Fault> {
        let select = "SELECT id FROM doubt WHERE next_at <= ? ORDER BY next_at LIMIT ?";
        let rows = self
            .database()
            .query(select, &[now.0.into(), limit.into()])?;
        rows.iter()
            .map(|row| Ok(ConversationId::from_bytes(row.id(0)?)))
            .collect()
    }

    /// When the next one is to be asked.
    pub fn next_doubt(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self
            .database()
            .query("SELECT min(next_at) FROM doubt", &[])?;
        match rows.first() {
            Some(row) => Ok(row.number_if_any(0)?.map(Timestamp)),
            None => Ok(None),
        }
    }

    /// A conversation has answered.
    pub fn settle(&self, id: ConversationId) -> Result<(), Fault> {
        self.database()
            .run("DELETE FROM doubt WHERE id = ?", &[id.as_bytes().into()])
    }

    /// A conversation did not answer: it is asked again, ever later.
    pub fn put_off(&self, id: ConversationId, now: Timestamp) -> Result<(), Fault> {
        let select = "SELECT attempts FROM doubt WHERE id = ?";
        let rows = self.database().query(select, &[id.as_bytes().into()])?;
        let attempts = match rows.first() {
            Some(row) => row.number(0)?,
            None => return Ok(()),
        };
        let wait = RETRY.0.saturating_mul(1 << attempts.min(16));
        let next_at = now + Millis(wait.min(RETRY_MAX.0));
        let update = "UPDATE doubt SET attempts = attempts + 1, next_at = ? WHERE id = ?";
        self.database()
            .run(update, &[next_at.0.into(), id.as_bytes().into()])
    }

    /// How far it is.
    pub fn reindexing(&self) -> Result<Reindexing, Fault> {
        let rows = self.database().query("SELECT count(*) FROM doubt", &[])?;
        let left = match rows.first() {
            Some(row) => row.number(0)?,
            None => 0,
        };
        let select = "SELECT id, attempts, next_at FROM doubt WHERE attempts > 0 ORDER BY attempts DESC, id LIMIT ?";
        let rows = self.database().query(select, &[NAMED.into()])?;
        let unanswered = rows.iter().map(|row| {
            Ok(Unanswered {
                conversation: ConversationId::from_bytes(row.id(0)?),
                attempts: row.number(1)?,
                next_at: Timestamp(row.number(2)?),
            })
        });
        Ok(Reindexing {
            left,
            unanswered: unanswered.collect::<Result<_, Fault>>()?,
        })
    }
}
