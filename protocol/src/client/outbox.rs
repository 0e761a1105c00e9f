//! Drafts that the relay has not confirmed (SPEC, OB). They leave in the order they were written, and stay until they
//! are confirmed or their author throws them away.

use crate::{
    frame::{Refusal, Refused},
    id::MessageId,
    limits,
    message::{self, Draft, Unfit},
    time::{Millis, Timestamp},
};

/// A draft on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// What is to be sent.
    pub draft: Draft,
    /// How far it is.
    pub progress: Progress,
}

/// How far a draft is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not sent on the socket there is.
    Waiting,
    /// Sent; without an answer by then the socket is dead.
    Sent {
        /// By when.
        confirm_by: Timestamp,
    },
    /// Refused for good; its author decides.
    Refused {
        /// Why.
        code: Refusal,
        /// The limit that was passed.
        limit: Option<u64>,
    },
}

/// Drafts that the relay has not confirmed, in the order they were written.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    outgoing: Vec<Outgoing>,
    paused_until: Option<Timestamp>,
    revision: u64,
}

impl Outbox {
    /// The outbox of these drafts, kept by the device from before.
    pub fn restored(drafts: Vec<Draft>) -> Self {
        let mut ordered: Vec<Draft> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            // They are few, and every shopper would download the code of a sort.
            let at = ordered.partition_point(|other| other.id <= draft.id);
            ordered.insert(at, draft);
        }
        let mut outbox = Self::default();
        ordered.into_iter().for_each(|draft| outbox.push(draft));
        outbox
    }

    /// What is in it, in the order it was written.
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// What is waiting or on its way, in order.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Draft> {
        let unconfirmed = |o: &&Outgoing| !matches!(o.progress, Progress::Refused { .. });
        self.outgoing.iter().filter(unconfirmed).map(|o| &o.draft)
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When something is due: the end of a pause, or the answer to a send.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let waiting = self
            .outgoing
            .iter()
            .any(|o| o.progress == Progress::Waiting);
        self.overdue_at()
            .into_iter()
            .chain(self.paused_until.filter(|_| waiting))
            .min()
    }

    /// When the first sent draft is overdue.
    pub fn overdue_at(&self) -> Option<Timestamp> {
        let deadlines = self.outgoing.iter().filter_map(|o| match o.progress {
            Progress::Sent { confirm_by } => Some(confirm_by),
            Progress::Waiting | Progress::Refused { .. } => None,
        });
        deadlines.min()
    }

    /// Mints the name of the next draft from the time and ten random bytes: after what is here, also when they were
    /// minted in the same millisecond or by a clock that was set back since. [`Outbox::restored`] knows the order from
    /// the names alone.
    pub fn mint(&self, now: Timestamp, random: [u8; 10]) -> MessageId {
        MessageId::mint(self.after(now), random)
    }

    /// Now, or right after the name of the last one here. The last is the newest but where a letter, named when its files were chosen,
    /// came in behind what was written meanwhile; to look through all would cost every shopper 90 bytes.
    pub fn after(&self, now: Timestamp) -> Timestamp {
        let last = self.outgoing.last();
        last.map_or(now, |o| now.max(minted_at(o.draft.id) + Millis(1)))
    }

    /// Adds a draft at the end. One that is there already is left as it is; words that no relay takes are refused here.
    pub fn push(&mut self, draft: Draft) {
        if self.outgoing.iter().any(|o| o.draft.id == draft.id) {
            return;
        }
        // Without any text it may come with what this end does not look into: that is for the relay to say.
        let text = draft.content.text().filter(|text| !text.is_empty());
        let progress = match text.map_or(Ok(()), message::fit) {
            Ok(()) => Progress::Waiting,
            Err(Unfit::Empty) => Progress::Refused {
                code: Refusal::Empty,
                limit: None,
            },
            Err(Unfit::TooLong) => Progress::Refused {
                code: Refusal::TooLong,
                limit: Some(limits::TEXT_MAX as u64),
            },
        };
        self.outgoing.push(Outgoing { draft, progress });
        self.revision += 1;
    }

    /// The drafts to send now, in order; none while a pause lasts.
    pub fn due(&mut self, now: Timestamp) -> Vec<Draft> {
        if self.paused_until.is_some_and(|until| until > now) {
            return vec![];
        }
        self.paused_until = None;
        let mut due = vec![];
        for outgoing in &mut self.outgoing {
            if outgoing.progress == Progress::Waiting {
                outgoing.progress = Progress::Sent {
                    confirm_by: now + limits::CONFIRM_WITHIN,
                };
                due.push(outgoing.draft.clone());
            }
        }
        due
    }

    /// The relay has stored it. Whether it was here.
    pub fn confirm(&mut self, now: Timestamp, id: MessageId) -> bool {
        let before = self.outgoing.len();
        self.outgoing.retain(|o| o.draft.id != id);
        let found = self.outgoing.len() < before;
        if found {
            self.revision += 1;
            self.prolong(now);
        }
        found
    }

    /// The relay works: what was sent gets its full time again, so that a long burst or many pages on a slow line are no
    /// alarm.
    pub fn prolong(&mut self, now: Timestamp) {
        for outgoing in &mut self.outgoing {
            if let Progress::Sent { confirm_by } = &mut outgoing.progress {
                *confirm_by = now + limits::CONFIRM_WITHIN;
            }
        }
    }

    /// The relay did not take a draft.
    pub fn refused(&mut self, now: Timestamp, refused: &Refused) {
        let Some(at) = self
            .outgoing
            .iter()
            .position(|o| refused.id == Some(o.draft.id))
        else {
            return;
        };
        self.revision += 1;
        if !refused.code.passes() {
            if let Some(outgoing) = self.outgoing.get_mut(at) {
                outgoing.progress = Progress::Refused {
                    code: refused.code,
                    limit: refused.limit,
                };
            }
            return;
        }
        let wait = refused.retry_after_ms.map_or(limits::RETRY_AFTER, Millis);
        // The drafts behind it are held with it; their own refusals do not make the pause longer.
        if self.paused_until.is_none() || refused.code != Refusal::Held {
            self.paused_until = Some(now + wait);
        }
        self.lost();
    }

    /// The socket is gone: what was sent on it is to be sent again.
    pub fn lost(&mut self) {
        for outgoing in &mut self.outgoing {
            if matches!(outgoing.progress, Progress::Sent { .. }) {
                outgoing.progress = Progress::Waiting;
            }
        }
    }

    /// A new socket: no pause of the old one binds it.
    pub fn resume(&mut self) {
        self.paused_until = None;
    }

    /// Its author wants a refused draft tried again, under a new name and at the end: the old one's place is gone.
    pub fn retry(&mut self, id: MessageId, again: MessageId) -> Option<Draft> {
        let content = self.discard(id)?.content;
        let draft = Draft { id: again, content };
        self.push(draft.clone());
        Some(draft)
    }

    /// Takes back a draft that is not on its way.
    pub fn withdraw(&mut self, id: MessageId) -> Option<Draft> {
        let waits = |o: &Outgoing| o.draft.id == id && o.progress == Progress::Waiting;
        let at = self.outgoing.iter().position(waits)?;
        self.revision += 1;
        Some(self.outgoing.remove(at).draft)
    }

    /// Its author throws a refused draft away. One on its way cannot be taken back.
    pub fn discard(&mut self, id: MessageId) -> Option<Draft> {
        let refused =
            |o: &Outgoing| o.draft.id == id && matches!(o.progress, Progress::Refused { .. });
        let at = self.outgoing.iter().position(refused)?;
        self.revision += 1;
        Some(self.outgoing.remove(at).draft)
    }
}

/// When a name was minted (UUIDv7: the first 48 bits).
pub fn minted_at(id: MessageId) -> Timestamp {
    Timestamp(
        id.as_bytes()
            .iter()
            .take(6)
            .fold(0, |at, byte| at << 8 | u64::from(*byte)),
    )
}
