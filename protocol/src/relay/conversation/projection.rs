//! Telling the shop what its list is to show: at most once a second, and until the shop knows.
//!
//! Must stay true: a change that the shop does not know has a deadline. What memory forgot, the alarm still stands for: the
//! first one after waking tells the shop in any case.

use crate::{
    conversation::{LastWords, Summary},
    entry::Content,
    limits,
    relay::storage::{Fault, Origin, Storage},
    time::{Millis, Timestamp},
};

use super::{Conversation, Effect, transcript::status_of, turn::Turn};

/// Whether the shop's list shows what the transcript says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    state: State,
    /// When the shop was told last.
    told_at: Timestamp,
    /// The shop was not told since waking: an alarm may stand for work that this memory does not know.
    fresh: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It does, as far as this memory goes.
    Clean,
    /// The shop will be told.
    Due { at: Timestamp, failures: u32 },
    /// It is being told; `again` when something changed meanwhile.
    Flying {
        since: Timestamp,
        failures: u32,
        again: bool,
    },
}

impl Projection {
    /// As it is after waking.
    pub(super) fn fresh() -> Self {
        Self {
            state: State::Clean,
            told_at: Timestamp(0),
            fresh: true,
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Due { at, .. } => Some(at),
            // Should the answer never come, the next alarm tries again.
            State::Flying { since, .. } => Some(since + limits::PROJECTION_RETRY_MAX),
            State::Clean => None,
        }
    }

    /// The list no longer shows what is so.
    pub(super) fn dirty(&mut self, now: Timestamp) {
        match &mut self.state {
            State::Clean => {
                let at = (self.told_at + limits::PROJECTION_EVERY).max(now);
                self.state = State::Due {
                    // A clock set back must not keep the list waiting.
                    at: at.min(now + limits::PROJECTION_EVERY),
                    failures: 0,
                };
            }
            State::Flying { again, .. } => *again = true,
            State::Due { .. } => {}
        }
    }

    /// The shop knows.
    pub(super) fn arrived(&mut self) {
        if let State::Flying { again, .. } = self.state {
            let next = State::Due {
                at: self.told_at + limits::PROJECTION_EVERY,
                failures: 0,
            };
            self.state = if again { next } else { State::Clean };
        }
    }

    /// The shop could not be told: it is tried again, ever later.
    pub(super) fn failed(&mut self, now: Timestamp) {
        if let State::Flying { failures, .. } = self.state {
            let wait = limits::PROJECTION_RETRY
                .0
                .saturating_mul(1 << failures.min(16));
            self.state = State::Due {
                at: now + Millis(wait.min(limits::PROJECTION_RETRY_MAX.0)),
                failures: failures.saturating_add(1),
            };
        }
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.next_deadline().map_or(self.fresh, |at| at <= now)
    }

    fn fly(&mut self, now: Timestamp) {
        let failures = match self.state {
            State::Due { failures, .. } | State::Flying { failures, .. } => failures,
            State::Clean => 0,
        };
        *self = Self {
            state: State::Flying {
                since: now,
                failures,
                again: false,
            },
            told_at: now,
            fresh: false,
        };
    }

    fn call_off(&mut self) {
        self.state = State::Clean;
    }
}

impl Conversation {
    /// Tells the shop, if that is due.
    pub(super) fn project<S: Storage>(&mut self, turn: &mut Turn<'_, S>) -> Result<(), Fault> {
        if !self.projection.is_due(turn.now) {
            return Ok(());
        }
        match self.transcript.origin(turn.storage)? {
            Some(origin) if !self.transcript.is_empty(turn.storage)? => {
                self.projection.fly(turn.now);
                turn.push(Effect::Project(self.summary(&origin, turn.storage)?));
            }
            // Nobody has written: not a conversation anybody needs to see.
            Some(_) | None => self.projection.call_off(),
        }
        Ok(())
    }

    /// What the list is to show.
    pub(super) fn summary(
        &self,
        origin: &Origin,
        storage: &impl Storage,
    ) -> Result<Summary, Fault> {
        let standing = storage.standing()?;
        let last = standing.words.map(|entry| LastWords {
            note: matches!(entry.content, Content::Note { .. }),
            text: entry
                .content
                .text()
                .unwrap_or_default()
                .chars()
                .take(limits::LAST_WORDS_MAX)
                .collect(),
            author: entry.author,
        });
        Ok(Summary {
            id: origin.conversation,
            visitor: origin.visitor,
            status: status_of(standing.status.as_ref()),
            assignee: standing.assigned.and_then(|entry| match entry.content {
                Content::Assigned { to } => to,
                Content::Message { .. }
                | Content::Note { .. }
                | Content::Status { .. }
                | Content::Unknown => None,
            }),
            last,
            head: storage.heads()?.all,
            unread: standing.unread,
            waiting_since: standing.waiting,
            visitor_present: self.sessions.visitor_present(),
            page: self.sessions.visitors_page(),
            opened_at: origin.at,
            updated_at: standing.updated_at.unwrap_or(origin.at),
        })
    }
}
