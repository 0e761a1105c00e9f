//! Files of a conversation: handed over before the message that shows them, and let go when none does (SPEC, RL26 to RL31).
//!
//! Must stay true: a name is kept once; a message shows only what is here, as it was handed over by the same side. The bytes
//! are the shell's, which keeps them in the same transaction, or before it in another place.

use crate::{
    entry::Content,
    frame::{Refusal, Refused},
    id::FileId,
    limits,
    part::{File, Part},
    relay::{
        Principal,
        file::{Digest, Handed},
        storage::{Audience, Fault, Storage},
    },
};

use super::{Answer, Conversation, Effect, refused, turn::Turn};

impl Conversation {
    /// Keeps a file until a message shows it, or finds that it is here.
    pub(super) fn hand_over<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        file: File,
        digest: Digest,
    ) -> Result<Result<Answer, Refused>, Fault> {
        let by = principal.audience();
        if let Some(known) = turn.storage.file(file.id)? {
            let same = known.by == by && known.digest == digest && known.file == file;
            return Ok(if same {
                Ok(Answer::Handed { file, new: false })
            } else {
                Err(refused(None, Refusal::Conflict, None))
            });
        }
        if turn.storage.files_size()?.saturating_add(file.size) > limits::FILES_ROOM {
            return Ok(Err(refused(
                None,
                Refusal::TooLong,
                Some(limits::FILES_ROOM),
            )));
        }
        let loose = turn.storage.loose_files()?;
        let mut own = loose.iter().filter(|loose| loose.by == by);
        if own.clone().count() >= limits::FILES_LOOSE_MAX {
            let next = own.next().map_or(turn.now, gone_at);
            return Ok(Err(Refused {
                retry_after_ms: Some((next - turn.now).0),
                ..refused(None, Refusal::RateLimited, None)
            }));
        }
        let handed = Handed {
            file,
            by,
            digest,
            at: turn.now,
        };
        turn.storage.put_file(&handed)?;
        let gone_at = gone_at(&handed);
        self.sweep_at = Some(self.sweep_at.map_or(gone_at, |at| at.min(gone_at)));
        Ok(Ok(Answer::Handed {
            file: handed.file,
            new: true,
        }))
    }

    /// Those of these files that are here.
    pub(super) fn files(ids: Vec<FileId>, storage: &impl Storage) -> Result<Vec<File>, Fault> {
        let mut here = vec![];
        for id in ids {
            here.extend(storage.file(id)?.map(|handed| handed.file));
        }
        Ok(here)
    }

    /// Whether these are here, as this side has handed them over.
    pub(super) fn has(
        &self,
        files: &[File],
        by: Audience,
        storage: &impl Storage,
    ) -> Result<bool, Fault> {
        for file in files {
            let known = storage.file(file.id)?;
            if !known.is_some_and(|known| known.by == by && known.file == *file) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets go what no message shows for too long, and remembers when the next of them goes.
    pub(super) fn sweep<S: Storage>(&mut self, turn: &mut Turn<'_, S>) -> Result<(), Fault> {
        self.sweep_at = None;
        for loose in turn.storage.loose_files()? {
            let at = gone_at(&loose);
            if at > turn.now {
                self.sweep_at = Some(at);
                break;
            }
            turn.storage.drop_file(loose.file.id)?;
            turn.push(Effect::Dropped(loose.file.id));
        }
        Ok(())
    }
}

/// The files that come with an entry.
pub(super) fn files_of(content: &Content) -> Vec<File> {
    match content {
        Content::Message { parts, .. } => parts
            .all()
            .iter()
            .filter_map(|part| match part {
                Part::File(file) => Some(file.clone()),
                Part::Card(_) | Part::Reply { .. } | Part::Unknown => None,
            })
            .collect(),
        Content::Note { .. }
        | Content::Assigned { .. }
        | Content::Status { .. }
        | Content::Form { .. }
        | Content::Rating { .. }
        | Content::Unknown => vec![],
    }
}

/// What files are called, for a list.
pub(super) fn names(files: &[File]) -> String {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.join(", ")
}

fn gone_at(loose: &Handed) -> crate::time::Timestamp {
    loose.at + limits::FILE_LOOSE_FOR
}
