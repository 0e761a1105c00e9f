//! Whom the shop has proved its visitors to be: its secret or public key, and the people. With the other files of the shop's storage this is all its
//! SQL.

use protocol::{
    conversation::Summary,
    id::VisitorId,
    identity::{Person, Unproved},
    relay::{inbox::Input, storage::Fault},
    time::Timestamp,
};

use super::{
    Awake, Done, ShopObject,
    storage::{ShopStorage, json, of_json},
};
use crate::{auth::identity, call::FromShop, sql::Database};

/// Lines that are named at once: nobody has opened more, and a turn of the shop's writes them in a moment.
const NAMED_MAX: usize = 1_000;

/// Visitors of one customer that are looked through, the newest first: each is a query, and the list has room for ten conversations.
const DEVICES_MAX: usize = 20;

impl<D: Database> ShopStorage<D> {
    /// Keeps a secret, in place of the one before; nothing ends what proves.
    pub fn keep_identity(&self, secret: Option<&str>, now: Timestamp) -> Result<(), Fault> {
        let Some(secret) = secret else {
            return self.database().run("DELETE FROM identity", &[]);
        };
        let put = "INSERT INTO identity (one, secret, made_at) VALUES (1, ?, ?) \
                   ON CONFLICT (one) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at";
        self.database().run(put, &[secret.into(), now.0.into()])
    }

    /// The secret, and when it was made.
    pub fn identity(&self) -> Result<Option<(String, Timestamp)>, Fault> {
        let rows = self
            .database()
            .query("SELECT secret, made_at FROM identity", &[])?;
        let row = rows.first();
        row.map(|row| Ok((row.text(0)?.to_owned(), Timestamp(row.number(1)?))))
            .transpose()
    }

    /// Who this visitor was proved to be.
    pub fn person(&self, visitor: VisitorId) -> Result<Option<Person>, Fault> {
        let select = "SELECT person FROM person WHERE visitor = ?";
        let rows = self
            .database()
            .query(select, &[visitor.as_bytes().into()])?;
        rows.first().map(|row| of_json(row.text(0)?)).transpose()
    }

    /// Whether another device became this visitor by a code.
    pub fn is_shared(&self, visitor: VisitorId) -> Result<bool, Fault> {
        let select = "SELECT 1 FROM shared WHERE visitor = ?";
        let rows = self
            .database()
            .query(select, &[visitor.as_bytes().into()])?;
        Ok(!rows.is_empty())
    }

    /// Keeps who somebody was proved to be; answers the lines of the list that say so now and did not. Nothing is written where nothing
    /// is new.
    pub fn prove(
        &self,
        visitor: VisitorId,
        person: &Person,
        before: Option<&Person>,
    ) -> Result<Vec<Summary>, Fault> {
        if before == Some(person) {
            return Ok(vec![]);
        }
        if before.is_none() {
            // Whoever has noted a code would be the customer with it.
            let end = "DELETE FROM handover WHERE visitor = ?";
            self.database().run(end, &[visitor.as_bytes().into()])?;
        }
        // Who it is never changes, so the index is written once.
        let put = "INSERT INTO person (visitor, id, person) VALUES (?, ?, ?) \
                   ON CONFLICT (visitor) DO UPDATE SET person = excluded.person";
        let (id, text) = (person.id.as_str(), json(person)?);
        self.database()
            .run(put, &[visitor.as_bytes().into(), id.into(), text.into()])?;
        self.name(visitor, person, NAMED_MAX)
    }
}

impl<D: Database> ShopStorage<D> {
    /// This visitor, and all who were proved to be the same person.
    pub(super) fn same_as(&self, visitor: VisitorId) -> Result<Vec<VisitorId>, Fault> {
        let select = "SELECT visitor FROM person WHERE id = (SELECT id FROM person WHERE visitor = ?) ORDER BY visitor DESC LIMIT ?";
        let values = [visitor.as_bytes().into(), DEVICES_MAX.into()];
        let rows = self.database().query(select, &values)?;
        let same = rows.iter().map(|row| Ok(VisitorId::from_bytes(row.id(0)?)));
        let mut same = same.collect::<Result<Vec<_>, Fault>>()?;
        if !same.contains(&visitor) {
            same.push(visitor);
        }
        Ok(same)
    }
}

impl ShopObject {
    /// A token of this visitor's is looked at: `Person`, or `Unproved`.
    pub(super) fn identify(
        &self,
        awake: &mut Awake,
        visitor: VisitorId,
        token: &str,
        now: Timestamp,
    ) -> Done<FromShop> {
        let Some((secret, _)) = awake.storage.identity()? else {
            return Ok(FromShop::Unproved(Unproved::NoSecret));
        };
        let shop = awake.storage.shop()?.front.id;
        let before = awake.storage.person(visitor)?;
        let shared = awake.storage.is_shared(visitor)?;
        let proven = identity::proven(&secret, token, &shop, now);
        let person = match proven.and_then(|person| person.after(before.as_ref(), shared)) {
            Ok(person) => person,
            Err(why) => return Ok(FromShop::Unproved(why)),
        };
        for summary in awake.storage.prove(visitor, &person, before.as_ref())? {
            self.handle(awake, Input::Changed(Box::new(summary)))?;
        }
        Ok(FromShop::Person(Some(person)))
    }
}
