//! What a conversation keeps (SPEC, ST): a port, so that the same decisions run on a Durable Object's SQLite, on SQLite
//! in a test and on plain memory. Synchronous, as the former is.

use core::fmt;

use crate::{
    cursor::{Epoch, Seq},
    entry::{Author, Content, Entry, OperatorCard},
    id::{ConversationId, FileId, MessageId, ShopId, VisitorId},
    receipt::Receipt,
    relay::file::Handed,
    time::Timestamp,
};

/// Something that could not be read or written. Ours to mend; the log has the text, peers do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Fault {}

/// How a conversation began. Written once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its own name.
    pub conversation: ConversationId,
    /// The shop.
    pub shop: ShopId,
    /// The visitor who opened it.
    pub visitor: VisitorId,
    /// The transcript's incarnation.
    pub epoch: Epoch,
    /// When.
    pub at: Timestamp,
}

/// Whose view of the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Without internal entries.
    Visitor,
    /// All of it.
    Operators,
}

/// The last places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Of the transcript.
    pub all: Seq,
    /// Of what the visitor sees of it.
    pub visitor: Seq,
}

impl Heads {
    /// The last place in this view.
    pub fn of(self, audience: Audience) -> Seq {
        match audience {
            Audience::Visitor => self.visitor,
            Audience::Operators => self.all,
        }
    }

    /// The last places when this entry was added.
    pub fn with(self, entry: &Entry) -> Self {
        Self {
            all: entry.seq,
            visitor: match entry.content.is_internal() {
                true => self.visitor,
                false => entry.seq,
            },
        }
    }
}

/// What became of an entry that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is stored.
    New,
    /// An entry of its name is there: nothing was written.
    Taken,
}

/// A conversation's storage. All of one call of the conversation's `handle` is one transaction, or one row: there is no wait in it.
pub trait Storage {
    /// How the conversation began; `None` before that.
    fn origin(&self) -> Result<Option<Origin>, Fault>;
    /// Writes how it began.
    fn begin(&mut self, origin: &Origin) -> Result<(), Fault>;
    /// The last places.
    fn heads(&self) -> Result<Heads, Fault>;
    /// The entry of this name.
    fn find(&self, id: MessageId) -> Result<Option<Entry>, Fault>;
    /// Adds the next entry, unless there is one of its name. Any other place is a fault.
    fn append(&mut self, entry: &Entry) -> Result<Added, Fault>;
    /// Up to `limit` entries of this view after a place, oldest first.
    fn after(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault>;
    /// Up to `limit` entries of this view before a place, oldest first (the last ones before it).
    fn before(&self, seq: Seq, audience: Audience, limit: usize) -> Result<Vec<Entry>, Fault>;
    /// How far everybody has read.
    fn receipts(&self) -> Result<Vec<Receipt>, Fault>;
    /// Writes how far one participant has read.
    fn put_receipt(&mut self, receipt: &Receipt) -> Result<(), Fault>;
    /// The newest status entry, the newest assignment, the newest message or note, and since when the visitor waits.
    fn standing(&self) -> Result<Standing, Fault>;
    /// How many of the visitor's messages come after a place.
    fn unread(&self, after: Seq) -> Result<u32, Fault>;
    /// When the visitor's messages among the last `entries` entries were stored, oldest first.
    fn written(&self, entries: usize) -> Result<Vec<Timestamp>, Fault>;
    /// The operators on duty, as the shop said last.
    fn duty(&self) -> Result<Vec<OperatorCard>, Fault>;
    /// Writes the operators on duty.
    fn put_duty(&mut self, duty: &[OperatorCard]) -> Result<(), Fault>;
    /// The file of this name.
    fn file(&self, id: FileId) -> Result<Option<Handed>, Fault>;
    /// Writes a file that is not there yet; what is in it is the shell's.
    fn put_file(&mut self, file: &Handed) -> Result<(), Fault>;
    /// Writes that a message shows it.
    fn show_file(&mut self, id: FileId) -> Result<(), Fault>;
    /// The files that no message shows, the oldest first.
    fn loose_files(&self) -> Result<Vec<Handed>, Fault>;
    /// Lets a file go, with what is in it.
    fn drop_file(&mut self, id: FileId) -> Result<(), Fault>;
    /// The bytes of all files.
    fn files_size(&self) -> Result<u64, Fault>;
}

/// What a transcript amounts to for a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The newest status entry.
    pub status: Option<Entry>,
    /// The newest assignment.
    pub assigned: Option<Entry>,
    /// The newest message or note.
    pub words: Option<Entry>,
    /// The visitor's first message after the last one of an operator or bot.
    pub waiting: Option<Timestamp>,
    /// When the newest entry was stored.
    pub updated_at: Option<Timestamp>,
}

impl Standing {
    /// What it is with one more entry.
    pub fn add(&mut self, entry: &Entry) {
        self.updated_at = Some(entry.at);
        match (&entry.content, &entry.author) {
            (Content::Status { .. }, _) => self.status = Some(entry.clone()),
            (Content::Assigned { .. }, _) => self.assigned = Some(entry.clone()),
            (Content::Note { .. }, _) => self.words = Some(entry.clone()),
            (Content::Message { .. }, author) => {
                self.words = Some(entry.clone());
                self.waiting = match author {
                    Author::Visitor => self.waiting.or(Some(entry.at)),
                    Author::Operator(_) | Author::Bot(_) => None,
                    Author::System | Author::Unknown => self.waiting,
                };
            }
            (Content::Form { .. } | Content::Rating { .. } | Content::Unknown, _) => {}
        }
    }
}
