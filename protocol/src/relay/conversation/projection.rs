//! Telling the shop what its list is to show: at once (after waking, when the disk has what changed), about once a second at most, and until the shop knows.
//!
//! Must stay true: a change that the shop does not know has a deadline, so an alarm stands for it whatever becomes of this
//! memory; the first alarm after waking tells the shop in any case. What must not be forgotten is on the shop's disk when the
//! summary arrived, where it was not there before. All of it is said again within two minutes, and kept then unless a visitor who is
//! there talks on: of those the shop knows whom to ask, and each row is paid for.

use crate::{
    conversation::{Keep, LastWords, Summary},
    entry::{Content, Entry},
    limits,
    relay::pace::Bucket,
    relay::storage::{Fault, Origin, Storage},
    time::{Millis, Timestamp},
};

use super::{
    Conversation, Effect,
    files::{files_of, names},
    transcript::status_of,
    turn::Turn,
};

/// Whether the shop's list shows what the transcript says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    state: State,
    /// What of the next summary is to be kept.
    keep: Keep,
    /// By when everything is to be said again, where the shop has not kept it.
    keep_by: Option<Timestamp>,
    /// How often the shop may be told.
    bucket: Bucket,
    /// Since when the visitor had waited whom an operator has answered, until the shop is told.
    answered: Option<Timestamp>,
    /// The shop was not told since waking.
    fresh: bool,
    /// Nor to keep everything: an alarm may stand for what this memory does not know.
    in_doubt: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It does, as far as this memory goes.
    Clean,
    /// The shop will be told.
    Due { at: Timestamp, failures: u32 },
    /// It will be told as soon as what was written meanwhile is on disk: nobody's message waits for its waking.
    Settling { since: Timestamp, failures: u32 },
    /// It is being told; `again` when something changed meanwhile.
    Flying {
        since: Timestamp,
        failures: u32,
        again: bool,
        keep: Keep,
        /// An alarm is being dealt with, which rings again should this memory vanish: no other is set for it. Otherwise each
        /// alarm would set the next one, for ever.
        by_alarm: bool,
    },
}

impl Projection {
    /// As it is after waking.
    pub(super) fn fresh() -> Self {
        Self {
            state: State::Clean,
            keep: Keep::Nothing,
            keep_by: None,
            bucket: Bucket::full(limits::PROJECTION_BURST, limits::PROJECTION_EVERY),
            answered: None,
            fresh: true,
            in_doubt: true,
        }
    }

    /// Whether nobody was told since waking.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Due { at, .. } => Some(self.keep_by.map_or(at, |by| by.min(at))),
            State::Flying { by_alarm: true, .. } => None,
            // Should the answer never come, the next alarm tries again.
            State::Settling { since, .. } | State::Flying { since, .. } => {
                Some(since + limits::PROJECTION_KEPT)
            }
            State::Clean => self.keep_by,
        }
    }

    /// The list no longer shows what is so, and of that the shop must not forget what matters.
    pub(super) fn must_be_kept(&mut self, now: Timestamp) {
        self.keep = self.keep.max(Keep::WhatMatters);
        self.may_wait(now);
    }

    /// An operator has answered a visitor who waited since then.
    pub(super) fn answered(&mut self, since: Timestamp) {
        self.answered.get_or_insert(since);
    }

    /// The list no longer shows what is so. Should the shop forget what it is told, that does no harm for a while.
    pub(super) fn may_wait(&mut self, now: Timestamp) {
        self.keep_by.get_or_insert(now + limits::PROJECTION_KEPT);
        self.dirty(now);
    }

    fn dirty(&mut self, now: Timestamp) {
        match &mut self.state {
            State::Clean => {
                self.state = State::Due {
                    at: now + self.bucket.wait(now),
                    failures: 0,
                };
            }
            State::Flying { again, .. } => *again = true,
            State::Due { .. } | State::Settling { .. } => {}
        }
    }

    /// It is due, and waits until what was written is on disk.
    fn settle(&mut self, now: Timestamp) {
        let failures = match self.state {
            State::Due { failures, .. } | State::Settling { failures, .. } => failures,
            State::Flying { failures, keep, .. } => {
                // The answer never came: whether it was kept is not known.
                self.keep = self.keep.max(keep);
                failures
            }
            State::Clean => 0,
        };
        self.state = State::Settling {
            since: now,
            failures,
        };
    }

    /// The shop knows. Where it was to keep anything, it may have kept all.
    pub(super) fn arrived(&mut self, now: Timestamp, kept: bool) {
        if let State::Flying { again, keep, .. } = self.state {
            self.state = State::Clean;
            if again {
                self.dirty(now);
            } else if kept && keep != Keep::Nothing {
                self.keep_by = None;
            }
        }
    }

    /// The shop could not be told: it is tried again, ever later.
    pub(super) fn failed(&mut self, now: Timestamp) {
        if matches!(self.state, State::Flying { .. }) {
            self.put_off(now);
        }
    }

    fn put_off(&mut self, now: Timestamp) {
        let (failures, keep) = match self.state {
            State::Due { failures, .. } | State::Settling { failures, .. } => {
                (failures, Keep::Nothing)
            }
            State::Flying { failures, keep, .. } => (failures, keep),
            State::Clean => return,
        };
        let wait = limits::PROJECTION_RETRY
            .0
            .saturating_mul(1 << failures.min(16));
        self.state = State::Due {
            at: now + Millis(wait.min(limits::PROJECTION_RETRY_MAX.0)),
            failures: failures.saturating_add(1),
        };
        self.keep = self.keep.max(keep);
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.next_deadline().is_some_and(|at| at <= now)
    }

    /// Takes off. What of it the shop is to keep, by whether the talk goes on.
    fn fly(&mut self, now: Timestamp, by_alarm: bool, goes_on: bool) -> Keep {
        let (failures, in_doubt) = match self.state {
            State::Due { failures, .. } | State::Settling { failures, .. } => {
                (failures, Keep::Nothing)
            }
            // The answer never came: whether it was kept is not known.
            State::Flying { failures, keep, .. } => (failures, keep),
            State::Clean => (0, Keep::Nothing),
        };
        // An alarm may stand for what this memory does not know.
        let everything = by_alarm || self.keep_by.is_some_and(|by| by <= now);
        let keep = match (everything, goes_on) {
            (true, false) => Keep::Everything,
            (true, true) => Keep::WhatMatters,
            (false, _) => self.keep.max(in_doubt),
        };
        let keep_by = match everything {
            true => Some(now + limits::PROJECTION_KEPT).filter(|_| goes_on),
            // The clock may have gone back while it waited.
            false => self.keep_by.map(|by| by.min(now + limits::PROJECTION_KEPT)),
        };
        self.bucket.take(now);
        *self = Self {
            state: State::Flying {
                since: now,
                failures,
                again: false,
                keep,
                by_alarm,
            },
            keep: Keep::Nothing,
            keep_by,
            bucket: self.bucket,
            answered: None,
            fresh: false,
            in_doubt: self.in_doubt && !everything,
        };
        keep
    }

    fn call_off(&mut self) {
        self.state = State::Clean;
        self.keep = Keep::Nothing;
        self.keep_by = None;
        self.answered = None;
        self.fresh = false;
        self.in_doubt = false;
    }
}

impl Conversation {
    /// Tells the shop, if that is due. The first time since waking the shop may have to wake, too: then it is told after everybody who
    /// waits for what was written. Later it would save nobody anything.
    pub(super) fn project<S: Storage>(&mut self, turn: &mut Turn<'_, S>) {
        if !self.projection.is_due(turn.now) {
            return;
        }
        if self.projection.is_fresh() {
            self.projection.settle(turn.now);
            turn.push(Effect::Settle);
            return;
        }
        let tell = self.take_off_or_wait(turn.now, turn.storage);
        tell.into_iter().for_each(|tell| turn.push(tell));
    }

    /// What was written when [`Effect::Settle`] came is on disk: what the shop is to be told, unless it was told meanwhile.
    pub fn settled(&mut self, now: Timestamp, storage: &impl Storage) -> Option<Effect> {
        match self.projection.state {
            State::Settling { .. } => self.take_off_or_wait(now, storage),
            State::Clean | State::Due { .. } | State::Flying { .. } => None,
        }
    }

    /// On a fault what it would tell of is not undone: an alarm tries again, and where that does not succeed either, it says why.
    fn take_off_or_wait(&mut self, now: Timestamp, storage: &impl Storage) -> Option<Effect> {
        self.take_off(now, storage, false).unwrap_or_else(|_| {
            self.projection.put_off(now);
            None
        })
    }

    /// An alarm rang. One that rings while another is dealt with says that nothing came of that.
    pub(super) fn project_by_alarm<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
    ) -> Result<(), Fault> {
        let again = matches!(self.projection.state, State::Flying { by_alarm: true, .. });
        if self.projection.is_due(turn.now) || self.projection.in_doubt || again {
            let tell = self.take_off(turn.now, turn.storage, true)?;
            tell.into_iter().for_each(|tell| turn.push(tell));
        }
        Ok(())
    }

    fn take_off(
        &mut self,
        now: Timestamp,
        storage: &impl Storage,
        by_alarm: bool,
    ) -> Result<Option<Effect>, Fault> {
        let Some(summary) = self.listed(storage)? else {
            // Nobody has written: not a conversation anybody needs to see.
            self.projection.call_off();
            return Ok(None);
        };
        let lately = now - summary.updated_at < limits::PROJECTION_KEPT;
        let goes_on = summary.visitor_present && lately;
        let answered_since = self.projection.answered;
        let keep = self.projection.fly(now, by_alarm, goes_on);
        Ok(Some(Effect::Project {
            summary,
            keep,
            answered_since,
        }))
    }

    /// What the shop's list is to show, for the shop itself; nothing of a conversation in which nobody wrote.
    pub fn listed(&mut self, storage: &impl Storage) -> Result<Option<Summary>, Fault> {
        match self.transcript.origin(storage)? {
            Some(origin) if !self.transcript.is_empty(storage)? => {
                Ok(Some(self.summary(&origin, storage)?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// What the list is to show.
    pub(super) fn summary(
        &mut self,
        origin: &Origin,
        storage: &impl Storage,
    ) -> Result<Summary, Fault> {
        let read = self.read_by_operators(storage)?;
        let unread = self.transcript.unread(read, storage)?;
        let head = self.transcript.heads(storage)?.all;
        let standing = self.transcript.standing(storage)?.clone();
        let last = standing.words.as_ref().map(last_words);
        Ok(Summary {
            id: origin.conversation,
            visitor: origin.visitor,
            person: None,
            status: status_of(standing.status.as_ref()),
            assignee: standing.assigned.and_then(|entry| match entry.content {
                Content::Assigned { to } => to,
                Content::Message { .. }
                | Content::Note { .. }
                | Content::Status { .. }
                | Content::Form { .. }
                | Content::Rating { .. }
                | Content::Unknown => None,
            }),
            last,
            head,
            unread,
            waiting_since: standing.waiting,
            visitor_present: self.sessions.visitor_present(),
            page: self.sessions.last_page(),
            opened_at: origin.at,
            updated_at: standing.updated_at.unwrap_or(origin.at),
        })
    }
}

/// The words of an entry as a list shows them.
pub(super) fn last_words(entry: &Entry) -> LastWords {
    LastWords {
        note: matches!(entry.content, Content::Note { .. }),
        text: in_words(&entry.content)
            .chars()
            .take(limits::LAST_WORDS_MAX)
            .collect(),
        author: entry.author.clone(),
    }
}

/// What an entry says; the names of its files, where it has no words.
fn in_words(content: &Content) -> String {
    let words = content.text().unwrap_or_default();
    if words.trim().is_empty() {
        names(&files_of(content))
    } else {
        words.into()
    }
}
