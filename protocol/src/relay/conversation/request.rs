//! What is asked of a conversation over HTTPS, and when a request that may wait is answered (SPEC, RL16 and RL21).

use crate::{
    api::{Entries, Exchange, Exchanged, OwnConversation, Stored},
    conversation::Summary,
    cursor::{Epoch, Seq},
    frame::{Refused, Span},
    id::FileId,
    message::Draft,
    part::File,
    relay::{file::Digest, storage::Fault},
};

/// Something asked over HTTPS.
#[derive(Clone, Debug)]
pub enum Request {
    /// Store this.
    Send(Draft),
    /// Read from this place.
    Entries {
        /// The incarnation that the place belongs to; of another, reading starts over.
        epoch: Option<Epoch>,
        /// The place.
        span: Span,
    },
    /// Frames, as on a socket.
    Exchange(Exchange),
    /// Somebody types.
    Typing(bool),
    /// Somebody has read.
    Receipt {
        /// The last entry that reached them.
        delivered: Seq,
        /// The last entry they have seen.
        read: Seq,
    },
    /// Keep this file until a message shows it.
    HandOver {
        /// What it is, as its own bytes say.
        file: File,
        /// Of its bytes.
        digest: Digest,
    },
    /// Which of these files are here.
    Files(Vec<FileId>),
    /// What the list shows.
    Summary,
    /// What its visitor finds of it among their others.
    Own,
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is stored, now or before.
    Stored(Stored),
    /// What was to be read.
    Entries(Entries),
    /// What a socket would have been told.
    Exchanged(Exchanged),
    /// It is kept.
    Handed {
        /// As a message is to name it.
        file: File,
        /// It was not here before: its bytes are to be kept.
        new: bool,
    },
    /// Those that are here.
    Files(Vec<File>),
    /// What the list shows.
    Summary(Summary),
    /// What its visitor finds of it; nothing where there is nothing to find.
    Own(Option<OwnConversation>),
    /// Done.
    Done,
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such conversation for this principal.
    NotFound,
    /// Not as it is.
    Refused(Refused),
    /// Ours to mend.
    Fault(Fault),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Exchange {
    /// Whether it carries nothing yet: whoever begins stands in the door (SPEC, RL33).
    pub const fn begins(&self) -> bool {
        self.carried.is_none()
    }

    /// How long it may wait, of what its client is willing to: whoever stands in the door waits for nothing.
    pub const fn patience(&self, wait_ms: u64) -> u64 {
        if self.begins() { 0 } else { wait_ms }
    }
}

impl Request {
    /// What to ask when something has happened, of a request that may wait and was answered with nothing; `None` where the
    /// answer is one. What went up in an exchange is dealt with, and does not go up again.
    pub fn again(&self, answer: &Answer) -> Option<Self> {
        match (self, answer) {
            (
                Self::Entries {
                    span: Span::After(_),
                    ..
                },
                Answer::Entries(page),
            ) if page.entries.is_empty() => Some(self.clone()),
            (Self::Exchange(_), Answer::Exchanged(said))
                if said.frames.is_empty() && said.close.is_none() =>
            {
                Some(Self::Exchange(Exchange {
                    frames: vec![],
                    carried: said.carried,
                }))
            }
            _ => None,
        }
    }
}
