//! What a conversation is asked, and what it answers.

use protocol::{
    api::{Entries, Exchange, Exchanged, OwnConversation, Stored},
    conversation::Summary,
    cursor::{Epoch, Seq},
    frame::{Refused, Span},
    id::FileId,
    message::Draft,
    outlook::Floor,
    part::File,
    relay::{Principal, file},
};
use serde::{Deserialize, Serialize};

use crate::error::Failure;

/// A file that a conversation is to keep; its bytes come with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileToKeep {
    /// Who hands it over.
    pub principal: Principal,
    /// What it is.
    pub file: File,
    /// Of its bytes.
    pub digest: file::Digest,
}

/// What a conversation is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is a request of protocol::relay::conversation"
)]
pub enum ToConversation {
    Send {
        principal: Principal,
        draft: Draft,
    },
    Entries {
        principal: Principal,
        epoch: Option<Epoch>,
        span: Span,
        wait_ms: u64,
    },
    Exchange {
        principal: Principal,
        asked: Exchange,
        wait_ms: u64,
    },
    Typing {
        principal: Principal,
        on: bool,
    },
    Receipt {
        principal: Principal,
        delivered: Seq,
        read: Seq,
    },
    Summary {
        principal: Principal,
    },
    Files {
        principal: Principal,
        files: Vec<FileId>,
    },
    /// Who has its address reads a file: its bytes, or `NotFound`.
    Bytes {
        file: FileId,
    },
    /// What its visitor finds of it among their others: `Own`.
    Own {
        principal: Principal,
    },
    /// The shop asks what its list is to show: `Summary`, or `NotFound` where nobody wrote.
    Listed,
    /// The shop says who is on duty. The release before reads `duty` alone.
    Duty(Floor),
}

/// What a conversation answers; nothing else but after a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is an answer of protocol::relay::conversation"
)]
pub enum FromConversation {
    Stored(Stored),
    Entries(Entries),
    Exchanged(Exchanged),
    Summary(Summary),
    Own(Option<OwnConversation>),
    Handed(File),
    Files(Vec<File>),
    Done,
    NotFound,
    Refused(Refused),
}

impl FromConversation {
    /// An answer to another question: a fault of ours.
    pub(crate) fn unexpected(self) -> Failure {
        Failure::fault("a conversation answered another question")
    }
}
