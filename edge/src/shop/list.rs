//! The list of a shop's conversations: a projection, of which every line can be made again from its conversation.
//!
//! Must stay true: what must be kept is on the disk, what was only shown is in memory and written before anybody reads the list,
//! and nothing is written over by what is older.

use std::{
    cell::{RefCell, RefMut},
    collections::BTreeMap,
};

use protocol::{
    conversation::{Keep, Status, Summary},
    id::{ConversationId, VisitorId},
    identity::Person,
    relay::{storage::Fault, waiting::Listed},
    time::Timestamp,
};

use super::storage::{ShopStorage, json, of_json};
use crate::{
    call::{Place, Whose},
    sql::{Database, Row, Value},
};

/// Lines that are kept in memory as they are on the disk: a busy hour of a large shop, and some megabytes.
const LINES: usize = 2_000;

impl<D: Database> ShopStorage<D> {
    /// Takes what the list is to show of a conversation, in memory or, where it must be kept, on the disk. What is older than
    /// what is there is passed over: two attempts to tell may overtake each other. Answers what is shown now, where it was taken,
    /// and whether it was written.
    pub fn project(&self, summary: &Summary, keep: Keep) -> Result<Option<(Summary, bool)>, Fault> {
        let mut shown = self.shown()?;
        let old = self.listed(summary.id)?;
        let newest = shown.get(&summary.id).or(old.as_ref());
        if newest.is_some_and(|newest| newest.head > summary.head) {
            return Ok(None);
        }
        let mut summary = summary.clone().after(newest);
        if newest.is_none() {
            summary.person = self.person(summary.visitor)?;
        }
        let written = keep.is_written(&summary, old.as_ref());
        if written {
            shown.remove(&summary.id);
            self.write(old, &summary)?;
        } else {
            shown.insert(summary.id, summary.clone());
        }
        Ok(Some((summary, written)))
    }

    /// Says of this visitor's conversations who they are; answers those lines.
    pub(super) fn name(
        &self,
        visitor: VisitorId,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Summary>, Fault> {
        self.flush()?;
        let mut named = vec![];
        for id in self.of_visitor(visitor, limit)? {
            let Some(old) = self.listed(id)? else {
                continue;
            };
            let summary = Summary {
                person: Some(person.clone()),
                ..old.clone()
            };
            self.write(Some(old), &summary)?;
            named.push(summary);
        }
        Ok(named)
    }

    /// Writes what is in memory only.
    fn flush(&self) -> Result<(), Fault> {
        for (id, summary) in std::mem::take(&mut *self.shown()?) {
            self.write(self.listed(id)?, &summary)?;
        }
        Ok(())
    }

    fn shown(&self) -> Result<RefMut<'_, BTreeMap<ConversationId, Summary>>, Fault> {
        borrowed(&self.shown)
    }

    /// What the list has of a conversation; nothing where that cannot be read, since it is about to be written anew.
    fn listed(&self, id: ConversationId) -> Result<Option<Summary>, Fault> {
        if let Some(line) = borrowed(&self.lines)?.get(&id) {
            return Ok(Some(line.clone()));
        }
        let read = self.read(id)?;
        if let Some(line) = &read {
            self.remember(line)?;
        }
        Ok(read)
    }

    /// Reads the disk again from here on.
    pub(super) fn forget_lines(&self) -> Result<(), Fault> {
        borrowed(&self.lines)?.clear();
        Ok(())
    }

    /// This is on the disk.
    fn remember(&self, line: &Summary) -> Result<(), Fault> {
        let mut lines = borrowed(&self.lines)?;
        if lines.len() >= LINES {
            lines.clear();
        }
        lines.insert(line.id, line.clone());
        Ok(())
    }

    fn read(&self, id: ConversationId) -> Result<Option<Summary>, Fault> {
        let select = "SELECT summary FROM conversation WHERE id = ?";
        let rows = self.database().query(select, &[id.as_bytes().into()])?;
        let read = |row: &Row| of_json(row.text(0).ok()?).ok();
        Ok(rows.first().and_then(read))
    }

    /// Writes one line of the list. What is there already costs nothing.
    fn write(&self, old: Option<Summary>, summary: &Summary) -> Result<(), Fault> {
        if old.as_ref() == Some(summary) {
            return Ok(());
        }
        self.write_line(old, summary)?;
        self.remember(summary)
    }

    /// One row, and those of the indexes only when it moves in them.
    fn write_line(&self, old: Option<Summary>, summary: &Summary) -> Result<(), Fault> {
        let id = Value::from(summary.id.as_bytes());
        let (text, at) = (json(summary)?, summary.updated_at.0);
        let [status, assignee, present, hour] = places(summary);
        let Some(old) = old else {
            // Whose it is never changes, so its index is written once.
            let put = "INSERT INTO conversation (id, status, assignee, present, updated_at, hour, summary, visitor) \
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET status = excluded.status, \
                       assignee = excluded.assignee, present = excluded.present, \
                       updated_at = excluded.updated_at, hour = excluded.hour, summary = excluded.summary, \
                       visitor = excluded.visitor";
            let visitor = summary.visitor.as_bytes().into();
            let values = [
                id,
                status,
                assignee,
                present,
                at.into(),
                hour,
                text.into(),
                visitor,
            ];
            return self.database().run(put, &values);
        };
        if places(&old) == places(summary) {
            let update = "UPDATE conversation SET updated_at = ?, summary = ? WHERE id = ?";
            return self.database().run(update, &[at.into(), text.into(), id]);
        }
        let update = "UPDATE conversation SET status = ?, assignee = ?, present = ?, updated_at = ?, hour = ?, \
                      summary = ? WHERE id = ?";
        let values = [status, assignee, present, at.into(), hour, text.into(), id];
        self.database().run(update, &values)
    }

    /// A page of the list, last changed first.
    pub fn list(
        &self,
        of_status: Option<Status>,
        whose: Option<Whose>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Summary>, Fault> {
        self.flush()?;
        let statuses = match of_status {
            Some(one) => vec![one],
            None => vec![Status::Open, Status::Resolved],
        };
        let mut found = vec![];
        // One walk along the index for each status; both together in order would be a sort of everything.
        for one in statuses {
            found.extend(self.list_of(one, whose, after, limit)?);
        }
        found.sort_by_key(|summary| core::cmp::Reverse((summary.updated_at, summary.id)));
        found.truncate(limit);
        Ok(found)
    }

    fn list_of(
        &self,
        one: Status,
        whose: Option<Whose>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Summary>, Fault> {
        let mut select = "SELECT summary FROM conversation WHERE status = ?".to_owned();
        let mut values: Vec<Value<'_>> = vec![status(one).into()];
        let operator = match &whose {
            Some(Whose::Operator(id)) => Some(id),
            Some(Whose::Nobody) => {
                select.push_str(" AND assignee IS NULL");
                None
            }
            None => None,
        };
        if let Some(operator) = operator {
            select.push_str(" AND assignee = ?");
            values.push(operator.as_bytes().into());
        }
        if let Some(place) = &after {
            select.push_str(" AND hour <= ? AND (updated_at, id) < (?, ?)");
            values.push(Timestamp(place.updated_at).hour().into());
            values.push(place.updated_at.into());
            values.push(place.id.as_bytes().into());
        }
        // The index gives the hours; within one the rest is a sort of what changed in it.
        select.push_str(" ORDER BY hour DESC, updated_at DESC, id DESC LIMIT ?");
        values.push(limit.into());
        self.database()
            .query(&select, &values)?
            .iter()
            .map(|row| of_json(row.text(0)?))
            .collect()
    }

    /// The conversations that this visitor has opened, the last one first.
    pub fn of_visitor(
        &self,
        visitor: VisitorId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Fault> {
        let select = "SELECT id FROM conversation WHERE visitor = ? ORDER BY id DESC LIMIT ?";
        let values = [
            visitor.as_bytes().into(),
            u64::try_from(limit).unwrap_or(u64::MAX).into(),
        ];
        let rows = self.database().query(select, &values)?;
        rows.iter()
            .map(|row| Ok(ConversationId::from_bytes(row.id(0)?)))
            .collect()
    }

    /// The other conversations of whose this is, last changed first.
    pub fn others(&self, id: ConversationId, limit: usize) -> Result<Vec<Summary>, Fault> {
        self.flush()?;
        let Some(this) = self.listed(id)? else {
            return Ok(vec![]);
        };
        let mut others = vec![];
        for visitor in self.same_as(this.visitor)? {
            // This one may be among them.
            for other in self.of_visitor(visitor, limit.saturating_add(1))? {
                others.extend(self.listed(other)?.filter(|other| other.id != id));
            }
        }
        others.sort_by_key(|summary| core::cmp::Reverse((summary.updated_at, summary.id)));
        others.truncate(limit);
        Ok(others)
    }

    /// The open conversation that changed last.
    pub fn latest(&self) -> Result<Option<ConversationId>, Fault> {
        self.flush()?;
        let newest = self.list_of(Status::Open, None, None, 1)?;
        Ok(newest.first().map(|summary| summary.id))
    }

    /// The open ones that changed since then and whose visitors wait, as they are on the disk: since when, and whether they have the chat
    /// open.
    pub fn waiting_since(&self, since: Timestamp, limit: usize) -> Result<Vec<Listed>, Fault> {
        let select = "SELECT id, summary ->> '$.waiting_since', present FROM conversation \
             WHERE status = ? AND hour >= ? AND summary ->> '$.waiting_since' IS NOT NULL ORDER BY hour DESC LIMIT ?";
        let values = [
            status(Status::Open).into(),
            since.hour().into(),
            u64::try_from(limit).unwrap_or(u64::MAX).into(),
        ];
        let rows = self.database().query(select, &values)?;
        let waiting = |row: &Row| {
            let id = ConversationId::from_bytes(row.id(0)?);
            Ok((id, Timestamp(row.number(1)?), row.number(2)? == 1))
        };
        rows.iter().map(waiting).collect()
    }

    /// The conversations whose visitors are there, last changed first.
    pub fn present(&self, limit: usize) -> Result<Vec<ConversationId>, Fault> {
        self.flush()?;
        let select = "SELECT id FROM conversation WHERE present = 1 ORDER BY hour DESC, updated_at DESC LIMIT ?";
        let rows = self.database().query(select, &[limit.into()])?;
        rows.iter()
            .map(|row| Ok(ConversationId::from_bytes(row.id(0)?)))
            .collect()
    }
}

fn borrowed(
    lines: &RefCell<BTreeMap<ConversationId, Summary>>,
) -> Result<RefMut<'_, BTreeMap<ConversationId, Summary>>, Fault> {
    lines
        .try_borrow_mut()
        .map_err(|error| Fault(error.to_string()))
}

/// Where a conversation stands in the indexes and filters: its status, its assignee, whether its visitor is there, its hour.
fn places(summary: &Summary) -> [Value<'_>; 4] {
    [
        status(summary.status).into(),
        summary
            .assignee
            .as_ref()
            .map(|card| card.id.as_bytes())
            .into(),
        u64::from(summary.visitor_present).into(),
        summary.updated_at.hour().into(),
    ]
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Resolved => "resolved",
    }
}
