//! A conversation's storage on SQLite. All SQL of a conversation stands here and in `migrations/conversation`.
//!
//! Calls that are made without a wait between them are one transaction of the Durable Object. The tables are made when
//! the conversation begins, so that a socket that is never greeted leaves nothing behind.

mod columns;
mod files;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use protocol::{
    cursor::{Epoch, Seq},
    entry::{Author, Entry, OperatorCard},
    id::{ConversationId, FileId, MessageId, VisitorId},
    receipt::Receipt,
    relay::file::Handed,
    relay::storage::{Added, Audience, Fault, Heads, Origin, Standing, Storage},
    time::Timestamp,
};

use columns::{COLUMNS, author_columns, content_columns, entry, parts_column};

use crate::{
    migrate::{self, Migration},
    sql::{Database, Row, Value},
};

/// The steps that made a conversation's tables what they are.
pub const MIGRATIONS: &[Migration] = &[
    (
        "0001_transcript",
        include_str!("../migrations/conversation/0001_transcript.sql"),
    ),
    (
        "0002_one_row",
        include_str!("../migrations/conversation/0002_one_row.sql"),
    ),
    (
        "0003_parts",
        include_str!("../migrations/conversation/0003_parts.sql"),
    ),
    (
        "0004_files",
        include_str!("../migrations/conversation/0004_files.sql"),
    ),
];

/// A conversation's storage. A statement costs more than what it reads, so what an object asks for when it wakes is read together.
pub struct ConversationStorage<D> {
    database: D,
    begun: bool,
    /// How it began, and who is on duty as the shop said last.
    meta: Option<(Origin, Vec<OperatorCard>)>,
    /// The last places, once they were asked for.
    heads: Cell<Option<Heads>>,
    /// What the newest entries amount to, where it was read with the last places and nobody has asked for it yet.
    standing: Cell<Option<Standing>>,
    /// Whether a name was asked for.
    named: Cell<bool>,
    /// The names of all entries, once a second one was asked for: 16 bytes each instead of a row of an index.
    names: RefCell<Option<BTreeSet<MessageId>>>,
}

/// What a visitor does not see.
const SHOWN: &str = "kind NOT IN ('note', 'assigned')";

impl<D: Database> ConversationStorage<D> {
    /// Opens the storage, and brings tables that are there up to this version.
    pub fn open(database: D) -> Result<Self, Fault> {
        let begun = migrate::go_on(&database, MIGRATIONS)?;
        let meta = match begun {
            true => meta(&database)?.map(|(_, meta)| meta),
            false => None,
        };
        Ok(Self::of(database, begun, meta))
    }

    /// Opens the storage where it has begun and its tables are of this version, which is almost always: nothing is written, in one
    /// statement. Whatever else there is, [`Self::open`] finds it.
    pub fn resume(database: D) -> Option<Self> {
        let (applied, meta) = meta(&database).ok()??;
        let known = MIGRATIONS.iter().map(|(name, _)| *name);
        applied
            .split(',')
            .eq(known)
            .then(|| Self::of(database, true, Some(meta)))
    }

    fn of(database: D, begun: bool, meta: Option<(Origin, Vec<OperatorCard>)>) -> Self {
        Self {
            database,
            begun,
            meta,
            heads: Cell::new(None),
            standing: Cell::new(None),
            named: Cell::new(false),
            names: RefCell::new(None),
        }
    }

    fn entries(&self, clause: &str, values: &[Value<'_>]) -> Result<Vec<Entry>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        self.database
            .query(&format!("SELECT {COLUMNS} FROM entry {clause}"), values)?
            .iter()
            .map(entry)
            .collect()
    }

    fn entry(&self, clause: &str, values: &[Value<'_>]) -> Result<Option<Entry>, Fault> {
        Ok(self.entries(clause, values)?.into_iter().next())
    }

    /// The last places, and what the newest entries amount to.
    fn newest(&self) -> Result<(Heads, Standing), Fault> {
        let newest = |of: &str| format!("(SELECT seq FROM entry {of} ORDER BY seq DESC LIMIT 1)");
        let shown = newest(&format!("WHERE {SHOWN}"));
        let answered = newest("WHERE role IN ('operator', 'bot') AND kind = 'message'");
        let waiting = format!(
            "(SELECT at FROM entry WHERE seq > coalesce({answered}, 0) AND role = 'visitor' AND kind = 'message' ORDER BY seq LIMIT 1)"
        );
        let each = [
            // As the index says it, or it is not used.
            newest("WHERE kind = 'status' AND kind IN ('status', 'assigned')"),
            newest("WHERE kind = 'assigned' AND kind IN ('status', 'assigned')"),
            newest("WHERE kind IN ('message', 'note')"),
            newest(""),
        ];
        let select = format!(
            "SELECT {COLUMNS}, {shown}, {waiting} FROM entry WHERE seq IN ({}) ORDER BY seq",
            each.join(", ")
        );
        let (mut heads, mut standing) = (Heads::default(), Standing::default());
        for row in &self.database.query(&select, &[])? {
            heads.all = Seq(row.number(0)?);
            heads.visitor = Seq(row.number_if_any(8)?.unwrap_or_default());
            standing.updated_at = Some(Timestamp(row.number(2)?));
            standing.waiting = row.number_if_any(9)?.map(Timestamp);
            match row.text(5)? {
                "status" => standing.status = Some(entry(row)?),
                "assigned" => standing.assigned = Some(entry(row)?),
                "message" | "note" => standing.words = Some(entry(row)?),
                // The newest of all may be of a kind that this release does not know.
                _ => {}
            }
        }
        self.heads.set(Some(heads));
        Ok((heads, standing))
    }

    /// Whether an entry has this name. To walk over the entries once costs less than to take all names out of them, and who is woken
    /// by a message asks once.
    fn is_taken(&self, id: MessageId) -> Result<bool, Fault> {
        if !self.begun {
            return Ok(false);
        }
        let mut names = self
            .names
            .try_borrow_mut()
            .map_err(|error| Fault(error.to_string()))?;
        if let Some(names) = &*names {
            return Ok(names.contains(&id));
        }
        if !self.named.replace(true) {
            let walk = "SELECT 1 FROM entry WHERE id = ?";
            let found = self.number(walk, &[id.as_bytes().into()])?;
            return Ok(found.is_some());
        }
        let rows = self.database.query("SELECT id FROM entry", &[])?;
        let read: BTreeSet<MessageId> = rows
            .iter()
            .map(|row| Ok(MessageId::from_bytes(row.id(0)?)))
            .collect::<Result<_, Fault>>()?;
        Ok(names.insert(read).contains(&id))
    }

    fn number(&self, query: &str, values: &[Value<'_>]) -> Result<Option<u64>, Fault> {
        match self.database.query(query, values)?.first() {
            Some(row) => row.number_if_any(0),
            None => Ok(None),
        }
    }
}

impl<D: Database> Storage for ConversationStorage<D> {
    fn origin(&self) -> Result<Option<Origin>, Fault> {
        Ok(self.meta.as_ref().map(|(origin, _)| origin.clone()))
    }

    fn begin(&mut self, origin: &Origin) -> Result<(), Fault> {
        migrate::run(&self.database, MIGRATIONS)?;
        self.begun = true;
        self.database.run(
            "INSERT INTO meta (one, conversation, shop, visitor, epoch, at) VALUES (1, ?, ?, ?, ?, ?)",
            &[
                origin.conversation.as_bytes().into(),
                origin.shop.as_str().into(),
                origin.visitor.as_bytes().into(),
                origin.epoch.0.into(),
                origin.at.0.into(),
            ],
        )?;
        self.meta = Some((origin.clone(), vec![]));
        Ok(())
    }

    fn heads(&self) -> Result<Heads, Fault> {
        if !self.begun {
            return Ok(Heads::default());
        }
        if let Some(heads) = self.heads.get() {
            return Ok(heads);
        }
        let (heads, standing) = self.newest()?;
        self.standing.set(Some(standing));
        Ok(heads)
    }

    fn find(&self, id: MessageId) -> Result<Option<Entry>, Fault> {
        if !self.is_taken(id)? {
            return Ok(None);
        }
        // A walk over the entries: once in a long while a device asks again.
        self.entry("WHERE id = ?", &[id.as_bytes().into()])
    }

    fn append(&mut self, entry: &Entry) -> Result<Added, Fault> {
        let (role, card) = author_columns(&entry.author)?;
        let (kind, body) = content_columns(&entry.content)?;
        let parts = parts_column(&entry.content)?;
        let heads = self.heads()?;
        if entry.seq != heads.all.next() {
            return Err(Fault(format!("entry {} is not the next one", entry.seq.0)));
        }
        if self.is_taken(entry.id)? {
            return Ok(Added::Taken);
        }
        self.database.run(
            "INSERT INTO entry (seq, id, at, role, card, kind, body, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                entry.seq.0.into(),
                entry.id.as_bytes().into(),
                entry.at.0.into(),
                role.into(),
                card.into(),
                kind.into(),
                body.into(),
                parts.into(),
            ],
        )?;
        self.heads.set(Some(heads.with(entry)));
        self.standing.set(None);
        if let Some(names) = self.names.get_mut() {
            names.insert(entry.id);
        }
        Ok(Added::New)
    }

    fn after(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault> {
        let clause = match audience {
            Audience::Operators => "WHERE seq > ? ORDER BY seq LIMIT ?".into(),
            Audience::Visitor => format!("WHERE seq > ? AND {SHOWN} ORDER BY seq LIMIT ?"),
        };
        self.entries(&clause, &[seq.0.into(), limit.into()])
    }

    fn before(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault> {
        let clause = match audience {
            Audience::Operators => "WHERE seq < ? ORDER BY seq DESC LIMIT ?".into(),
            Audience::Visitor => format!("WHERE seq < ? AND {SHOWN} ORDER BY seq DESC LIMIT ?"),
        };
        let mut entries = self.entries(&clause, &[seq.0.into(), limit.into()])?;
        entries.reverse();
        Ok(entries)
    }

    fn receipts(&self) -> Result<Vec<Receipt>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        let rows = self.database.query(
            "SELECT author, delivered, read FROM receipt ORDER BY reader",
            &[],
        )?;
        let receipt = |row: &Row| {
            Ok(Receipt {
                reader: from_json(row.text(0)?)?,
                delivered: Seq(row.number(1)?),
                read: Seq(row.number(2)?),
            })
        };
        rows.iter().map(receipt).collect()
    }

    fn put_receipt(&mut self, receipt: &Receipt) -> Result<(), Fault> {
        let reader = match &receipt.reader {
            Author::Operator(card) => format!("operator:{}", card.id),
            Author::Bot(card) => format!("bot:{}", card.id),
            Author::Visitor => "visitor".into(),
            Author::System => "system".into(),
            Author::Unknown => return Err(Fault("a reader of a kind that is not known".into())),
        };
        self.database.run(
            "INSERT INTO receipt (reader, author, delivered, read) VALUES (?, ?, ?, ?)
             ON CONFLICT (reader) DO UPDATE SET
                author = excluded.author, delivered = excluded.delivered, read = excluded.read",
            &[
                reader.into(),
                to_json(&receipt.reader)?.into(),
                receipt.delivered.0.into(),
                receipt.read.0.into(),
            ],
        )
    }

    fn standing(&self) -> Result<Standing, Fault> {
        if !self.begun {
            return Ok(Standing::default());
        }
        match self.standing.take() {
            Some(standing) => Ok(standing),
            None => Ok(self.newest()?.1),
        }
    }

    fn unread(&self, after: Seq) -> Result<u32, Fault> {
        if !self.begun {
            return Ok(0);
        }
        let unread = self.number(
            "SELECT count(*) FROM entry WHERE seq > ? AND role = 'visitor' AND kind = 'message'",
            &[after.0.into()],
        )?;
        Ok(u32::try_from(unread.unwrap_or_default()).unwrap_or(u32::MAX))
    }

    fn written(&self, entries: usize) -> Result<Vec<Timestamp>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        let skipped = self.heads()?.all.0.saturating_sub(entries as u64);
        let rows = self.database.query(
            "SELECT at FROM entry WHERE seq > ? AND role = 'visitor' ORDER BY seq",
            &[skipped.into()],
        )?;
        rows.iter()
            .map(|row| row.number(0).map(Timestamp))
            .collect()
    }

    fn duty(&self) -> Result<Vec<OperatorCard>, Fault> {
        Ok(self.meta.as_ref().map_or(vec![], |(_, duty)| duty.clone()))
    }

    fn put_duty(&mut self, duty: &[OperatorCard]) -> Result<(), Fault> {
        self.database
            .run("UPDATE meta SET duty = ?", &[to_json(duty)?.into()])?;
        if let Some((_, said)) = &mut self.meta {
            *said = duty.to_vec();
        }
        Ok(())
    }

    fn file(&self, id: FileId) -> Result<Option<Handed>, Fault> {
        let one = self.files("WHERE id = ?", &[id.as_bytes().into()])?;
        Ok(one.into_iter().next())
    }

    fn put_file(&mut self, file: &Handed) -> Result<(), Fault> {
        self.insert_file(file)
    }

    fn show_file(&mut self, id: FileId) -> Result<(), Fault> {
        let shown = "UPDATE file SET shown = 1 WHERE id = ? AND shown = 0";
        self.database.run(shown, &[id.as_bytes().into()])
    }

    fn loose_files(&self) -> Result<Vec<Handed>, Fault> {
        self.files("WHERE shown = 0 ORDER BY at, id", &[])
    }

    fn drop_file(&mut self, id: FileId) -> Result<(), Fault> {
        self.delete_file(id)
    }

    fn files_size(&self) -> Result<u64, Fault> {
        if !self.begun {
            return Ok(0);
        }
        let size = self.number("SELECT sum(size) FROM file", &[])?;
        Ok(size.unwrap_or_default())
    }
}

/// The names of what was applied, and how the conversation began with who is on duty.
type Meta = (String, (Origin, Vec<OperatorCard>));

fn meta(database: &impl Database) -> Result<Option<Meta>, Fault> {
    let select = "SELECT conversation, shop, visitor, epoch, at, duty, \
                  (SELECT group_concat(name) FROM (SELECT name FROM migration ORDER BY place)) FROM meta";
    let rows = database.query(select, &[])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let origin = Origin {
        conversation: ConversationId::from_bytes(row.id(0)?),
        shop: row
            .text(1)?
            .parse()
            .map_err(|_| Fault("the shop's name is not one".into()))?,
        visitor: VisitorId::from_bytes(row.id(2)?),
        epoch: Epoch(row.number(3)?),
        at: Timestamp(row.number(4)?),
    };
    let applied = row.text_if_any(6)?.unwrap_or_default();
    Ok(Some((applied.into(), (origin, from_json(row.text(5)?)?))))
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault(error.to_string()))
}
