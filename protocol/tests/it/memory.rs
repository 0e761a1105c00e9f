//! [`Storage`] on plain memory, which can be made to fail.

use std::{cell::Cell, collections::BTreeMap};

use protocol::{
    cursor::Seq,
    entry::{Author, Content, Entry, OperatorCard},
    id::{FileId, MessageId},
    receipt::Receipt,
    relay::file::Handed,
    relay::storage::{Added, Audience, Fault, Heads, Origin, Standing, Storage},
    time::Timestamp,
};

#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub origin: Option<Origin>,
    pub entries: Vec<Entry>,
    pub names: BTreeMap<MessageId, usize>,
    pub receipts: Vec<Receipt>,
    pub duty: Vec<OperatorCard>,
    /// With whether a message shows it.
    pub files: Vec<(Handed, bool)>,
    /// The call after so many others fails.
    pub fails_after: Cell<Option<u32>>,
    /// The next call that follows a write in one transaction fails.
    pub fails_midway: Cell<bool>,
    /// Rows that were written since the savepoint.
    rows: Cell<usize>,
    /// A call failed since the savepoint.
    failed: Cell<bool>,
    /// How often the standing was asked for.
    pub standings: Cell<u32>,
}

/// What a transaction goes back to.
pub struct Savepoint {
    origin: Option<Origin>,
    entries: usize,
    receipts: Vec<Receipt>,
    duty: Vec<OperatorCard>,
    files: Vec<(Handed, bool)>,
}

impl Memory {
    pub fn savepoint(&self) -> Savepoint {
        self.rows.set(0);
        self.failed.set(false);
        Savepoint {
            origin: self.origin.clone(),
            entries: self.entries.len(),
            receipts: self.receipts.clone(),
            duty: self.duty.clone(),
            files: self.files.clone(),
        }
    }

    /// How many rows were written since the savepoint.
    pub fn rows(&self) -> usize {
        self.rows.get()
    }

    /// Whether a call failed since the savepoint.
    pub fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// What was added since.
    pub fn since(&self, before: &Savepoint) -> &[Entry] {
        &self.entries[before.entries..]
    }

    /// Undoes what was done since. Whether anything was.
    pub fn go_back(&mut self, to: Savepoint) -> bool {
        let undone = self.entries.len() > to.entries
            || self.origin != to.origin
            || self.receipts != to.receipts
            || self.duty != to.duty
            || self.files != to.files;
        for entry in self.entries.drain(to.entries..) {
            self.names.remove(&entry.id);
        }
        self.origin = to.origin;
        self.receipts = to.receipts;
        self.duty = to.duty;
        self.files = to.files;
        undone
    }

    /// The transcript as this audience sees it.
    pub fn view(&self, audience: Audience) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| audience == Audience::Operators || !entry.content.is_internal())
    }

    fn of_visitor(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| {
            entry.author == Author::Visitor && matches!(entry.content, Content::Message { .. })
        })
    }

    fn writes(&self) -> Result<(), Fault> {
        self.called()?;
        self.rows.update(|rows| rows + 1);
        Ok(())
    }

    fn called(&self) -> Result<(), Fault> {
        if self.rows.get() > 0 && self.fails_midway.take() {
            self.failed.set(true);
            return Err(Fault("the disk is full".into()));
        }
        match self.fails_after.get() {
            Some(0) => {
                self.fails_after.set(None);
                self.failed.set(true);
                Err(Fault("the disk does not answer".into()))
            }
            left => {
                self.fails_after.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}

impl Storage for Memory {
    fn origin(&self) -> Result<Option<Origin>, Fault> {
        self.called()?;
        Ok(self.origin.clone())
    }

    fn begin(&mut self, origin: &Origin) -> Result<(), Fault> {
        self.writes()?;
        if self.origin.is_some() {
            return Err(Fault("it has begun".into()));
        }
        self.origin = Some(origin.clone());
        Ok(())
    }

    fn heads(&self) -> Result<Heads, Fault> {
        self.called()?;
        let last = |audience| {
            self.view(audience)
                .next_back()
                .map_or(Seq::START, |entry| entry.seq)
        };
        Ok(Heads {
            all: last(Audience::Operators),
            visitor: last(Audience::Visitor),
        })
    }

    fn find(&self, id: MessageId) -> Result<Option<Entry>, Fault> {
        self.called()?;
        Ok(self.names.get(&id).map(|at| self.entries[*at].clone()))
    }

    fn append(&mut self, entry: &Entry) -> Result<Added, Fault> {
        self.called()?;
        if entry.seq.0 != self.entries.len() as u64 + 1 {
            return Err(Fault("not the next entry".into()));
        }
        if self.names.contains_key(&entry.id) {
            return Ok(Added::Taken);
        }
        self.names.insert(entry.id, self.entries.len());
        self.entries.push(entry.clone());
        self.rows.update(|rows| rows + 1);
        Ok(Added::New)
    }

    fn after(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault> {
        self.called()?;
        Ok(self
            .view(audience)
            .filter(|entry| entry.seq > seq)
            .take(limit)
            .cloned()
            .collect())
    }

    fn before(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault> {
        self.called()?;
        let mut entries: Vec<_> = self
            .view(audience)
            .rev()
            .filter(|entry| entry.seq < seq)
            .take(limit)
            .cloned()
            .collect();
        entries.reverse();
        Ok(entries)
    }

    fn receipts(&self) -> Result<Vec<Receipt>, Fault> {
        self.called()?;
        Ok(self.receipts.clone())
    }

    fn put_receipt(&mut self, receipt: &Receipt) -> Result<(), Fault> {
        self.writes()?;
        self.receipts
            .retain(|known| !known.reader.is(&receipt.reader));
        self.receipts.push(receipt.clone());
        Ok(())
    }

    fn standing(&self) -> Result<Standing, Fault> {
        self.called()?;
        self.standings.set(self.standings.get() + 1);
        let newest = |wanted: fn(&Content) -> bool| {
            self.entries
                .iter()
                .rev()
                .find(|e| wanted(&e.content))
                .cloned()
        };
        let is_message = |entry: &&Entry| matches!(entry.content, Content::Message { .. });
        let messages: Vec<&Entry> = self.entries.iter().filter(is_message).collect();
        let of_shop = |entry: &&Entry| matches!(entry.author, Author::Operator(_) | Author::Bot(_));
        let answered = messages
            .iter()
            .rev()
            .find(|e| of_shop(e))
            .map_or(Seq::START, |entry| entry.seq);
        let waiting = self.of_visitor().find(|entry| entry.seq > answered);
        Ok(Standing {
            status: newest(|content| matches!(content, Content::Status { .. })),
            assigned: newest(|content| matches!(content, Content::Assigned { .. })),
            words: newest(|content| content.text().is_some()),
            waiting: waiting.map(|entry| entry.at),
            updated_at: self.entries.last().map(|entry| entry.at),
        })
    }

    fn unread(&self, after: Seq) -> Result<u32, Fault> {
        self.called()?;
        let unread = self.of_visitor().filter(|entry| entry.seq > after);
        Ok(unread.count() as u32)
    }

    fn written(&self, entries: usize) -> Result<Vec<Timestamp>, Fault> {
        self.called()?;
        let skipped = self.entries.len().saturating_sub(entries) as u64;
        let written = self
            .entries
            .iter()
            .filter(|entry| entry.author == Author::Visitor && entry.seq.0 > skipped);
        Ok(written.map(|entry| entry.at).collect())
    }

    fn duty(&self) -> Result<Vec<OperatorCard>, Fault> {
        self.called()?;
        Ok(self.duty.clone())
    }

    fn put_duty(&mut self, duty: &[OperatorCard]) -> Result<(), Fault> {
        self.writes()?;
        self.duty = duty.to_vec();
        Ok(())
    }

    fn file(&self, id: FileId) -> Result<Option<Handed>, Fault> {
        self.called()?;
        let known = self.files.iter().find(|(known, _)| known.file.id == id);
        Ok(known.map(|(handed, _)| handed.clone()))
    }

    fn put_file(&mut self, file: &Handed) -> Result<(), Fault> {
        self.writes()?;
        if self
            .files
            .iter()
            .any(|(known, _)| known.file.id == file.file.id)
        {
            return Err(Fault("a file has this name".into()));
        }
        self.files.push((file.clone(), false));
        Ok(())
    }

    fn show_file(&mut self, id: FileId) -> Result<(), Fault> {
        self.writes()?;
        for (known, shown) in &mut self.files {
            *shown |= known.file.id == id;
        }
        Ok(())
    }

    fn loose_files(&self) -> Result<Vec<Handed>, Fault> {
        self.called()?;
        let loose = self.files.iter().filter(|(_, shown)| !shown);
        let mut loose: Vec<_> = loose.map(|(handed, _)| handed.clone()).collect();
        loose.sort_by_key(|handed| (handed.at, handed.file.id));
        Ok(loose)
    }

    fn drop_file(&mut self, id: FileId) -> Result<(), Fault> {
        self.writes()?;
        self.files.retain(|(known, _)| known.file.id != id);
        Ok(())
    }

    fn files_size(&self) -> Result<u64, Fault> {
        self.called()?;
        Ok(self.files.iter().map(|(known, _)| known.file.size).sum())
    }
}
