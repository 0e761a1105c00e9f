//! A conversation's storage on SQLite. All SQL of a conversation stands here and in `migrations/conversation`.
//!
//! Calls that are made without a wait between them are one transaction of the Durable Object. The tables are made when
//! the conversation begins, so that a socket that is never greeted leaves nothing behind.

mod files;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use protocol::{
    cursor::{Epoch, Seq},
    entry::{Author, Content, Entry, OperatorCard},
    id::{ConversationId, FileId, MessageId, VisitorId},
    part::Parts,
    receipt::Receipt,
    relay::file::Handed,
    relay::storage::{Added, Audience, Fault, Heads, Origin, Standing, Storage},
    time::Timestamp,
};

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

/// A conversation's storage.
pub struct ConversationStorage<D> {
    database: D,
    begun: bool,
    /// The place of the last entry, once it was asked for.
    head: Cell<Option<Seq>>,
    /// The names of all entries, once one was asked for: 16 bytes each instead of a row of an index.
    names: RefCell<Option<BTreeSet<MessageId>>>,
}

const ENTRY: &str = "SELECT seq, id, at, role, card, kind, body, parts FROM entry";
/// What a visitor does not see.
const SHOWN: &str = "kind NOT IN ('note', 'assigned')";

impl<D: Database> ConversationStorage<D> {
    /// Opens the storage, and brings tables that are there up to this version.
    pub fn open(database: D) -> Result<Self, Fault> {
        let begun = migrate::go_on(&database, MIGRATIONS)?;
        Ok(Self {
            database,
            begun,
            head: Cell::new(None),
            names: RefCell::new(None),
        })
    }

    fn entries(&self, clause: &str, values: &[Value<'_>]) -> Result<Vec<Entry>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        self.database
            .query(&format!("{ENTRY} {clause}"), values)?
            .iter()
            .map(entry)
            .collect()
    }

    fn entry(&self, clause: &str, values: &[Value<'_>]) -> Result<Option<Entry>, Fault> {
        Ok(self.entries(clause, values)?.into_iter().next())
    }

    fn head(&self) -> Result<Seq, Fault> {
        match self.head.get() {
            Some(head) => Ok(head),
            None => Ok(self.heads()?.all),
        }
    }

    /// Whether an entry has this name.
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
        if !self.begun {
            return Ok(None);
        }
        let rows = self.database.query(
            "SELECT conversation, shop, visitor, epoch, at FROM meta",
            &[],
        )?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(Origin {
            conversation: ConversationId::from_bytes(row.id(0)?),
            shop: row
                .text(1)?
                .parse()
                .map_err(|_| Fault("the shop's name is not one".into()))?,
            visitor: VisitorId::from_bytes(row.id(2)?),
            epoch: Epoch(row.number(3)?),
            at: Timestamp(row.number(4)?),
        }))
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
        )
    }

    fn heads(&self) -> Result<Heads, Fault> {
        if !self.begun {
            return Ok(Heads::default());
        }
        let select = format!(
            "SELECT (SELECT max(seq) FROM entry), (SELECT seq FROM entry WHERE {SHOWN} ORDER BY seq DESC LIMIT 1)"
        );
        let rows = self.database.query(&select, &[])?;
        let place = |column| match rows.first() {
            Some(row) => row.number_if_any(column),
            None => Ok(None),
        };
        let all = Seq(place(0)?.unwrap_or_default());
        self.head.set(Some(all));
        Ok(Heads {
            all,
            visitor: Seq(place(1)?.unwrap_or_default()),
        })
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
        if entry.seq != self.head()?.next() {
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
        self.head.set(Some(entry.seq));
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
        // One statement for all of them: a conversation that wakes asks, and a statement costs more than what it reads.
        let newest = |of: &str| format!("SELECT * FROM ({ENTRY} {of} ORDER BY seq DESC LIMIT 1)");
        let select = [
            // As the index says it, or it is not used.
            newest("WHERE kind = 'status' AND kind IN ('status', 'assigned')"),
            newest("WHERE kind = 'assigned' AND kind IN ('status', 'assigned')"),
            newest("WHERE kind IN ('message', 'note')"),
            newest(""),
        ];
        let rows = self.database.query(&select.join(" UNION ALL "), &[])?;
        let mut standing = Standing::default();
        let mut last = Seq::START;
        for row in &rows {
            let (seq, at) = (Seq(row.number(0)?), Timestamp(row.number(2)?));
            if seq >= last {
                last = seq;
                standing.updated_at = Some(at);
            }
            match row.text(5)? {
                "status" => standing.status = Some(entry(row)?),
                "assigned" => standing.assigned = Some(entry(row)?),
                "message" | "note" => standing.words = Some(entry(row)?),
                // The newest of all may be of a kind that this release does not know.
                _ => {}
            }
        }
        let waiting = self.number(
            "SELECT at FROM entry WHERE seq > coalesce((SELECT seq FROM entry WHERE role IN ('operator', 'bot') \
             AND kind = 'message' ORDER BY seq DESC LIMIT 1), 0) AND role = 'visitor' AND kind = 'message' \
             ORDER BY seq LIMIT 1",
            &[],
        )?;
        standing.waiting = waiting.map(Timestamp);
        Ok(standing)
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
        let skipped = self.head()?.0.saturating_sub(entries as u64);
        let rows = self.database.query(
            "SELECT at FROM entry WHERE seq > ? AND role = 'visitor' ORDER BY seq",
            &[skipped.into()],
        )?;
        rows.iter()
            .map(|row| row.number(0).map(Timestamp))
            .collect()
    }

    fn duty(&self) -> Result<Vec<OperatorCard>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        match self.database.query("SELECT duty FROM meta", &[])?.first() {
            Some(row) => from_json(row.text(0)?),
            None => Ok(vec![]),
        }
    }

    fn put_duty(&mut self, duty: &[OperatorCard]) -> Result<(), Fault> {
        self.database
            .run("UPDATE meta SET duty = ?", &[to_json(duty)?.into()])
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

fn author_columns(author: &Author) -> Result<(&'static str, Option<String>), Fault> {
    match author {
        Author::Visitor => Ok(("visitor", None)),
        Author::System => Ok(("system", None)),
        Author::Operator(card) => Ok(("operator", Some(to_json(card)?))),
        Author::Bot(card) => Ok(("bot", Some(to_json(card)?))),
        Author::Unknown => Err(Fault("an author of a kind that is not known".into())),
    }
}

fn parts_column(content: &Content) -> Result<Option<String>, Fault> {
    match content {
        Content::Message { parts, .. } if !parts.is_empty() => to_json(parts).map(Some),
        Content::Message { .. }
        | Content::Note { .. }
        | Content::Assigned { .. }
        | Content::Status { .. }
        | Content::Form { .. }
        | Content::Rating { .. }
        | Content::Unknown => Ok(None),
    }
}

fn content_columns(content: &Content) -> Result<(&'static str, String), Fault> {
    match content {
        Content::Message { text, .. } => Ok(("message", text.clone())),
        Content::Note { text } => Ok(("note", text.clone())),
        Content::Assigned { to } => Ok(("assigned", to_json(to)?)),
        Content::Status { status } => Ok(("status", to_json(status)?)),
        Content::Form { answers } => Ok(("form", to_json(answers)?)),
        Content::Rating { score, comment } => Ok(("rating", to_json(&(score, comment))?)),
        Content::Unknown => Err(Fault("an entry of a kind that is not known".into())),
    }
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    let card = || row.text(4);
    let body = row.text(6)?;
    Ok(Entry {
        seq: Seq(row.number(0)?),
        id: MessageId::from_bytes(row.id(1)?),
        at: Timestamp(row.number(2)?),
        author: match row.text(3)? {
            "visitor" => Author::Visitor,
            "system" => Author::System,
            "operator" => Author::Operator(from_json(card()?)?),
            "bot" => Author::Bot(from_json(card()?)?),
            other => return Err(Fault(format!("an entry has the role {other}"))),
        },
        content: match row.text(5)? {
            "message" => Content::Message {
                text: body.into(),
                parts: match row.text_if_any(7)? {
                    Some(parts) => from_json(parts)?,
                    None => Parts::default(),
                },
            },
            "note" => Content::Note { text: body.into() },
            "assigned" => Content::Assigned {
                to: from_json(body)?,
            },
            "status" => Content::Status {
                status: from_json(body)?,
            },
            "form" => Content::Form {
                answers: from_json(body)?,
            },
            "rating" => {
                let (score, comment) = from_json(body)?;
                Content::Rating { score, comment }
            }
            other => return Err(Fault(format!("an entry is of the kind {other}"))),
        },
    })
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault(error.to_string()))
}
