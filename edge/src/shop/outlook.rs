//! What the shop can say of when it answers. Decided in [`protocol::outlook`], [`protocol::hours`] and [`protocol::relay::waiting`];
//! here is what is known of it, and how the shop's clock goes.
//!
//! Who waits is read from the list once while the object is awake; the list on the disk may be behind by `PROJECTION_KEPT`. What was
//! measured is kept beside the settings, in their row, like the sightings: a release that does not know it reads over it.

use protocol::{
    conversation::Summary,
    id::ConversationId,
    limits,
    outlook::{Floor, Wait},
    relay::{
        storage::Fault,
        waiting::{Answers, Queue},
    },
    time::Timestamp,
};

use super::{Awake, storage::ShopStorage};
use crate::{sql::Database, zone::Zone};

/// What is known of those who wait.
pub(super) struct Waits {
    /// Nothing where too many wait for anybody to count.
    queue: Option<Queue>,
    answers: Answers,
    /// What is on the disk of them is as old as this.
    written_at: Timestamp,
    /// When the list has caught up with what was told to the object before it slept; nothing once it has.
    sure_at: Option<Timestamp>,
}

impl Waits {
    /// As the disk has it.
    pub(super) fn read<D: Database>(
        storage: &ShopStorage<D>,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let since = now.0.saturating_sub(limits::QUEUE_LOOKS_BACK.0);
        let waiting = storage.waiting_since(Timestamp(since), limits::QUEUE_READ)?;
        let answers = storage.answers()?;
        Ok(Self {
            queue: (waiting.len() < limits::QUEUE_READ).then(|| Queue::of(waiting)),
            written_at: answers.last_at(),
            answers,
            sure_at: Some(now + limits::PROJECTION_KEPT),
        })
    }

    /// A conversation says what it is now, and the list has taken it. Answers who has moved up because of it.
    pub(super) fn take<D: Database>(
        &mut self,
        storage: &ShopStorage<D>,
        summary: &Summary,
    ) -> Result<Vec<ConversationId>, Fault> {
        let Some(queue) = &mut self.queue else {
            return Ok(vec![]);
        };
        let Some(since) = queue.take(summary) else {
            return Ok(vec![]);
        };
        if self.answers.take(since, summary)
            && self.answers.last_at() - self.written_at >= limits::ANSWERS_WRITTEN_EVERY
        {
            storage.put_answers(&self.answers)?;
            self.written_at = self.answers.last_at();
        }
        Ok(queue.behind(since))
    }

    fn wait(&mut self, of: Option<ConversationId>, now: Timestamp) -> Wait {
        if self.sure_at.take_if(|at| *at <= now).is_some()
            && let Some(queue) = &mut self.queue
        {
            queue.is_sure();
        }
        let place = |id| self.queue.as_ref()?.ahead(id, now);
        Wait {
            usual: self.answers.usual(now),
            ahead: of.and_then(place),
        }
    }
}

impl Awake {
    /// What is known of those who wait.
    pub(super) fn waits(&mut self, now: Timestamp) -> Result<&mut Waits, Fault> {
        let known = match self.waits.take() {
            Some(known) => known,
            None => Waits::read(&self.storage, now)?,
        };
        Ok(self.waits.insert(known))
    }

    /// Who is there, and what else can be said now, to the visitor of this conversation.
    pub(super) fn floor(
        &mut self,
        of: Option<ConversationId>,
        now: Timestamp,
    ) -> Result<Floor, Fault> {
        let duty = self.inbox.duty();
        let wait = match duty.is_empty() {
            true => Wait::default(),
            false => self.waits(now)?.wait(of, now),
        };
        Floor::of(duty, wait, || opens_at(&self.storage, now))
    }
}

fn opens_at<D: Database>(
    storage: &ShopStorage<D>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let Some(hours) = storage.shop()?.front.hours else {
        return Ok(None);
    };
    // What was taken for a zone by a release of before may be none.
    let zone = Zone::of(&hours.time_zone);
    Ok(zone.and_then(|zone| hours.opens_at(now, |at| zone.ahead(at))))
}
