//! The transcript as the storage has it, with what every event asks of it kept in memory.
//!
//! Must stay true: what is kept here is what is stored; a place is given once, and the next one follows on the last.

use crate::{
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    frame::{History, Span},
    id::MessageId,
    limits,
    message::Draft,
    relay::storage::{Added, Audience, Fault, Heads, Origin, Standing, Storage},
    time::Timestamp,
};

/// The transcript, as far as memory has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Transcript {
    origin: Option<Origin>,
    heads: Option<Heads>,
    standing: Option<Standing>,
    /// How many of the visitor's messages come after a place.
    unread: Option<(Seq, u32)>,
}

impl Transcript {
    pub(super) fn origin(&mut self, storage: &impl Storage) -> Result<Option<Origin>, Fault> {
        if self.origin.is_none() {
            self.origin = storage.origin()?;
        }
        Ok(self.origin.clone())
    }

    pub(super) fn begin(
        &mut self,
        origin: &Origin,
        storage: &mut impl Storage,
    ) -> Result<(), Fault> {
        storage.begin(origin)?;
        self.origin = Some(origin.clone());
        Ok(())
    }

    pub(super) fn heads(&mut self, storage: &impl Storage) -> Result<Heads, Fault> {
        match self.heads {
            Some(heads) => Ok(heads),
            None => Ok(*self.heads.insert(storage.heads()?)),
        }
    }

    pub(super) fn is_empty(&mut self, storage: &impl Storage) -> Result<bool, Fault> {
        Ok(self.heads(storage)?.all == Seq::START)
    }

    /// What the transcript amounts to. To ask the storage means reading much of it.
    pub(super) fn standing(&mut self, storage: &impl Storage) -> Result<&Standing, Fault> {
        let standing = match self.standing.take() {
            Some(standing) => standing,
            None => storage.standing()?,
        };
        Ok(self.standing.insert(standing))
    }

    /// Whether anything is left to do.
    pub(super) fn status(&mut self, storage: &impl Storage) -> Result<Status, Fault> {
        Ok(status_of(self.standing(storage)?.status.as_ref()))
    }

    /// How many of the visitor's messages come after this place.
    pub(super) fn unread(&mut self, after: Seq, storage: &impl Storage) -> Result<u32, Fault> {
        match self.unread {
            Some((of, count)) if of == after => Ok(count),
            Some(_) | None => Ok(self.unread.insert((after, storage.unread(after)?)).1),
        }
    }

    /// Gives a draft the next place; nothing when its name has a place already. With the entry come the last places
    /// before it.
    pub(super) fn append(
        &mut self,
        now: Timestamp,
        author: Author,
        draft: Draft,
        storage: &mut impl Storage,
    ) -> Result<Option<(Heads, Entry)>, Fault> {
        let heads = self.heads(storage)?;
        let entry = Entry {
            seq: heads.all.next(),
            id: draft.id,
            at: now,
            author,
            content: draft.content,
        };
        match storage.append(&entry)? {
            Added::New => {}
            Added::Taken => return Ok(None),
        }
        if let Some(standing) = &mut self.standing {
            standing.add(&entry);
        }
        if let (Some((_, unread)), Author::Visitor, Content::Message { .. }) =
            (&mut self.unread, &entry.author, &entry.content)
        {
            *unread = unread.saturating_add(1);
        }
        self.heads = Some(heads.with(&entry));
        Ok(Some((heads, entry)))
    }

    /// One page of this audience's view.
    pub(super) fn page(
        &mut self,
        span: Span,
        audience: Audience,
        storage: &impl Storage,
    ) -> Result<History, Fault> {
        let heads = self.heads(storage)?;
        match span {
            // What the reader names is in its view, or it would not know it; past the end it is any number.
            Span::After(seq) => page_after(seq.min(heads.of(audience)), audience, storage),
            Span::Before(seq) => page_before(seq.min(heads.all.next()), audience, storage),
            Span::Newest => page_before(heads.all.next(), audience, storage),
        }
    }
}

/// What the newest status entry says.
pub(super) fn status_of(entry: Option<&Entry>) -> Status {
    match entry.map(|entry| &entry.content) {
        Some(Content::Status { status }) => *status,
        Some(
            Content::Message { .. }
            | Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Form { .. }
            | Content::Rating { .. }
            | Content::Unknown,
        )
        | None => Status::Open,
    }
}

/// A name beside that of the message which causes an entry, taken by none.
pub(super) fn free_neighbour(
    id: MessageId,
    storage: &impl Storage,
) -> Result<Option<MessageId>, Fault> {
    let [first @ .., last] = *id.as_bytes();
    let beside = |salt: u8| {
        let mut name = [last ^ salt; 16];
        name.iter_mut().zip(first).for_each(|(to, byte)| *to = byte);
        MessageId::from_bytes(name)
    };
    for name in (1..=u8::MAX).map(beside) {
        if storage.find(name)?.is_none() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn page_after(previous: Seq, audience: Audience, storage: &impl Storage) -> Result<History, Fault> {
    // One more than a page tells whether there are more.
    let limit = limits::HISTORY_PAGE;
    let mut entries = storage.after(previous, audience, limit + 1)?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(History {
        previous,
        entries,
        more,
    })
}

fn page_before(end: Seq, audience: Audience, storage: &impl Storage) -> Result<History, Fault> {
    // One more than a page also tells what comes before the first.
    let limit = limits::HISTORY_PAGE;
    let mut entries = storage.before(end, audience, limit + 1)?;
    let more = entries.len() > limit;
    let previous = if more {
        entries.remove(0).seq
    } else {
        Seq::START
    };
    Ok(History {
        previous,
        entries,
        more,
    })
}
