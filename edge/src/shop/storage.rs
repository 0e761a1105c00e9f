//! What a shop keeps: its operators with their sessions and keys. What it knows of its conversations is in
//! `list.rs` and `doubt.rs`, its settings and where its visitors were in `settings.rs`, where they go on in `handover.rs`, who they
//! are in `identity.rs`; together they are the only SQL of the shop besides its migrations.
//!
//! Each call of the shop is one transaction: there is no wait in any of them.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use protocol::{
    api::{Key, Shop},
    conversation::Summary,
    entry::OperatorCard,
    id::{ConversationId, OperatorId},
    relay::storage::Fault,
    time::{Millis, Timestamp},
};

use super::settings::Kept;
use crate::{
    auth::{Digest, Reference, ReferenceKind},
    call::{Account, KeyToKeep},
    migrate::{self, Migration},
    sql::{Database, Row},
};

/// Every migration of a shop, for ever in this order.
pub const MIGRATIONS: &[Migration] = &[
    (
        "0001_shop",
        include_str!("../../migrations/shop/0001_shop.sql"),
    ),
    (
        "0002_by_the_hour",
        include_str!("../../migrations/shop/0002_by_the_hour.sql"),
    ),
    (
        "0003_doubt",
        include_str!("../../migrations/shop/0003_doubt.sql"),
    ),
    (
        "0004_handover",
        include_str!("../../migrations/shop/0004_handover.sql"),
    ),
    (
        "0005_own",
        include_str!("../../migrations/shop/0005_own.sql"),
    ),
    (
        "0006_identity",
        include_str!("../../migrations/shop/0006_identity.sql"),
    ),
];

const DAY: u64 = 24 * 60 * 60;

/// A session ends when it was not used for so long.
pub const SESSION_LIFE: Millis = Millis::seconds(30 * DAY);

/// Its end is moved at most so often: a row each time.
const SESSION_EVERY: Millis = Millis::seconds(DAY);

/// When a key was used last is written at most so often.
const KEY_EVERY: Millis = Millis::seconds(60);

/// Attempts to sign in before there is a wait.
pub const ATTEMPTS_FREE: u64 = 5;

/// The longest wait between two attempts: 288 guesses a day find no password of ten characters, and an operator whom
/// somebody else locks out is back within minutes.
const ATTEMPT_WAIT_MAX: u64 = 300_000;

/// Attempts are forgotten after this.
const ATTEMPT_LIFE: Millis = Millis::seconds(DAY);

/// A shop's storage.
pub struct ShopStorage<D> {
    database: D,
    begun: Cell<bool>,
    /// The row of the settings, once it was read: whatever a conversation says is answered by it.
    pub(super) settings: RefCell<Option<Kept>>,
    /// What was said of conversations and is not on the disk. Whoever said it says it again within two minutes, so this memory may
    /// vanish; whoever reads the list has it written first.
    pub(super) shown: RefCell<BTreeMap<ConversationId, Summary>>,
    /// Lines as they are on the disk, of the conversations that were told of: each tells of its next entry soon.
    pub(super) lines: RefCell<BTreeMap<ConversationId, Summary>>,
}

/// What an attempt to sign in comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may be made; with the account that it is for, if there is one.
    Allowed(Option<(OperatorId, String)>),
    /// Too early.
    Wait(Millis),
}

impl<D: Database> ShopStorage<D> {
    /// Opens it, and brings its tables up to date where there are any: who asks for a shop that is not there leaves no
    /// trace.
    pub fn open(database: D) -> Result<Self, Fault> {
        let begun = migrate::go_on(&database, MIGRATIONS)?;
        Ok(Self {
            database,
            begun: Cell::new(begun),
            settings: RefCell::default(),
            shown: RefCell::default(),
            lines: RefCell::default(),
        })
    }

    pub(super) fn database(&self) -> &D {
        &self.database
    }

    /// Whether there is a shop.
    pub fn is_begun(&self) -> bool {
        self.begun.get()
    }

    /// Makes the shop; `false` when it is there.
    pub fn create(
        &self,
        shop: &Shop,
        owner: &Account,
        key: &KeyToKeep,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        if self.is_begun() {
            return Ok(false);
        }
        migrate::run(&self.database, MIGRATIONS)?;
        self.begun.set(true);
        let insert = "INSERT INTO shop (one, settings, made_at) VALUES (1, ?, ?)";
        self.database
            .run(insert, &[json(shop)?.into(), now.0.into()])?;
        self.add_operator(owner, now)?;
        self.add_key(key, now)?;
        Ok(true)
    }

    /// Counts an attempt to sign in before it is made, so that many at once are counted too.
    pub fn attempt(&self, email: &str, now: Timestamp) -> Result<Attempt, Fault> {
        // Who has no account leaves no address here.
        let digest = Digest::of(email).0;
        let kept = "SELECT count, last_at FROM attempt WHERE email = ?";
        let rows = self.database.query(kept, &[digest.as_str().into()])?;
        let (count, last_at) = match rows.first() {
            Some(row) => (row.number(0)?, Timestamp(row.number(1)?)),
            None => (0, now),
        };
        let wait = (last_at + attempt_wait(count)) - now;
        if wait.0 > 0 {
            return Ok(Attempt::Wait(wait));
        }
        let old = now.0.saturating_sub(ATTEMPT_LIFE.0);
        self.database
            .run("DELETE FROM attempt WHERE last_at < ?", &[old.into()])?;
        let put = "INSERT INTO attempt (email, count, last_at) VALUES (?, 1, ?) \
                   ON CONFLICT (email) DO UPDATE SET count = count + 1, last_at = excluded.last_at";
        self.database
            .run(put, &[digest.as_str().into(), now.0.into()])?;
        let account = "SELECT id, password FROM operator WHERE email = ?";
        let rows = self.database.query(account, &[email.into()])?;
        let account = rows
            .first()
            .map(|row| Ok((OperatorId::from_bytes(row.id(0)?), row.text(1)?.to_owned())));
        Ok(Attempt::Allowed(account.transpose()?))
    }

    /// Begins a session of who has shown the password; `None` when they are gone.
    pub fn sign_in(
        &self,
        id: OperatorId,
        session: &Digest,
        now: Timestamp,
    ) -> Result<Option<(OperatorCard, String)>, Fault> {
        let Some((card, email)) = self.operator(id)? else {
            return Ok(None);
        };
        self.database.run(
            "DELETE FROM attempt WHERE email = ?",
            &[Digest::of(&email).0.into()],
        )?;
        self.database
            .run("DELETE FROM session WHERE ends_at <= ?", &[now.0.into()])?;
        let insert = "INSERT INTO session (digest, operator, ends_at) VALUES (?, ?, ?)";
        let ends_at = now + SESSION_LIFE;
        self.database.run(
            insert,
            &[
                session.0.as_str().into(),
                id.as_bytes().into(),
                ends_at.0.into(),
            ],
        )?;
        Ok(Some((card, email)))
    }

    /// Ends a session.
    pub fn sign_out(&self, session: &Digest) -> Result<(), Fault> {
        self.database.run(
            "DELETE FROM session WHERE digest = ?",
            &[session.0.as_str().into()],
        )
    }

    /// Whose this reference is, if it is good.
    pub fn who_is(
        &self,
        reference: &Reference,
        now: Timestamp,
    ) -> Result<Option<OperatorCard>, Fault> {
        let found = match reference.kind {
            ReferenceKind::Session => self.of_session(&reference.digest, now)?,
            ReferenceKind::Key => self.of_key(&reference.digest, now)?,
        };
        match found {
            Some(id) => Ok(self.operator(id)?.map(|(card, _)| card)),
            None => Ok(None),
        }
    }

    fn of_session(&self, digest: &Digest, now: Timestamp) -> Result<Option<OperatorId>, Fault> {
        let select = "SELECT operator, ends_at FROM session WHERE digest = ? AND ends_at > ?";
        let rows = self
            .database
            .query(select, &[digest.0.as_str().into(), now.0.into()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let wanted = now + SESSION_LIFE;
        if wanted - Timestamp(row.number(1)?) >= SESSION_EVERY {
            let update = "UPDATE session SET ends_at = ? WHERE digest = ?";
            self.database
                .run(update, &[wanted.0.into(), digest.0.as_str().into()])?;
        }
        Ok(Some(OperatorId::from_bytes(row.id(0)?)))
    }

    fn of_key(&self, digest: &Digest, now: Timestamp) -> Result<Option<OperatorId>, Fault> {
        let select = "SELECT operator, used_at FROM key WHERE digest = ?";
        let rows = self.database.query(select, &[digest.0.as_str().into()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let used_at = row.number_if_any(1)?;
        if used_at.is_none_or(|used_at| now - Timestamp(used_at) >= KEY_EVERY) {
            let update = "UPDATE key SET used_at = ? WHERE digest = ?";
            self.database
                .run(update, &[now.0.into(), digest.0.as_str().into()])?;
        }
        Ok(Some(OperatorId::from_bytes(row.id(0)?)))
    }

    /// An operator and their address.
    pub fn operator(&self, id: OperatorId) -> Result<Option<(OperatorCard, String)>, Fault> {
        let rows = self.database.query(
            "SELECT name, email FROM operator WHERE id = ?",
            &[id.as_bytes().into()],
        )?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        Ok(Some((
            OperatorCard {
                id,
                name: row.text(0)?.into(),
            },
            row.text(1)?.into(),
        )))
    }

    /// All operators, by name.
    pub fn operators(&self) -> Result<Vec<OperatorCard>, Fault> {
        let rows = self
            .database
            .query("SELECT id, name FROM operator ORDER BY name, id", &[])?;
        let card = |row: &Row| {
            Ok(OperatorCard {
                id: OperatorId::from_bytes(row.id(0)?),
                name: row.text(1)?.into(),
            })
        };
        rows.iter().map(card).collect()
    }

    /// Adds an operator; `false` when there is one with this address.
    pub fn add_operator(&self, account: &Account, now: Timestamp) -> Result<bool, Fault> {
        let email = account.email.as_str();
        if !self
            .database
            .query("SELECT 1 FROM operator WHERE email = ?", &[email.into()])?
            .is_empty()
        {
            return Ok(false);
        }
        let insert =
            "INSERT INTO operator (id, name, email, password, made_at) VALUES (?, ?, ?, ?, ?)";
        let Account { card, password, .. } = account;
        let values = [
            card.id.as_bytes().into(),
            card.name.as_str().into(),
            email.into(),
            password.as_str().into(),
            now.0.into(),
        ];
        self.database.run(insert, &values)?;
        Ok(true)
    }

    /// All API keys, newest first.
    pub fn keys(&self) -> Result<Vec<Key>, Fault> {
        let select =
            "SELECT id, name, operator, made_at, used_at FROM key ORDER BY made_at DESC, id";
        let key = |row: &Row| {
            Ok(Key {
                id: row.text(0)?.into(),
                name: row.text(1)?.into(),
                operator: OperatorId::from_bytes(row.id(2)?),
                made_at: Timestamp(row.number(3)?),
                used_at: row.number_if_any(4)?.map(Timestamp),
            })
        };
        self.database.query(select, &[])?.iter().map(key).collect()
    }

    /// Adds an API key, and answers its line in the list.
    pub fn add_key(&self, key: &KeyToKeep, now: Timestamp) -> Result<Key, Fault> {
        let insert = "INSERT INTO key (id, digest, name, operator, made_at) VALUES (?, ?, ?, ?, ?)";
        let values = [
            key.id.as_str().into(),
            key.digest.0.as_str().into(),
            key.name.as_str().into(),
            key.operator.as_bytes().into(),
            now.0.into(),
        ];
        self.database.run(insert, &values)?;
        let KeyToKeep {
            id, name, operator, ..
        } = key.clone();
        Ok(Key {
            id,
            name,
            operator,
            made_at: now,
            used_at: None,
        })
    }

    /// Deletes an API key, and answers how it was known; `None` when it is not there.
    pub fn delete_key(&self, id: &str) -> Result<Option<Digest>, Fault> {
        let rows = self
            .database
            .query("SELECT digest FROM key WHERE id = ?", &[id.into()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let digest = Digest(row.text(0)?.into());
        self.database
            .run("DELETE FROM key WHERE id = ?", &[id.into()])?;
        Ok(Some(digest))
    }
}

/// How long after the last of so many attempts the next may be made: a second after the fifth, then doubling.
pub fn attempt_wait(count: u64) -> Millis {
    match count.checked_sub(ATTEMPTS_FREE) {
        None => Millis(0),
        Some(over) => Millis((1_000_u64 << over.min(20)).min(ATTEMPT_WAIT_MAX)),
    }
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault(error.to_string()))
}

/// The error's own words may quote what somebody wrote.
pub(super) fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text)
        .map_err(|error| Fault(format!("a row holds {:?} JSON", error.classify())))
}
