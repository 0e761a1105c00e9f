//! What the shop can say of when it answers. Decided in [`protocol::outlook`], [`protocol::hours`] and [`protocol::relay::waiting`];
//! here is where it is read and kept, and how the shop's clock goes.
//!
//! Who waits is read from the list once while the object is awake. What was measured is kept beside the settings, in their row, like
//! the sightings: a release that does not know it reads over it.

use protocol::{
    conversation::Summary,
    id::ConversationId,
    limits,
    outlook::Floor,
    relay::{storage::Fault, waiting::Waits},
    time::Timestamp,
};

use super::Awake;
use crate::zone::Zone;

impl Awake {
    /// What is known of those who wait.
    pub(super) fn waits(&mut self, now: Timestamp) -> Result<&mut Waits, Fault> {
        let known = match self.waits.take() {
            Some(known) => known,
            None => {
                let since = now.0.saturating_sub(limits::QUEUE_LOOKS_BACK.0);
                let list = &self.storage;
                let waiting = list.waiting_since(Timestamp(since), limits::QUEUE_READ)?;
                Waits::of(waiting, list.answers()?, now)
            }
        };
        Ok(self.waits.insert(known))
    }

    /// The list has taken what a conversation says of itself. Answers who is to hear that they have moved up because of it.
    pub(super) fn moved_up(
        &mut self,
        summary: &Summary,
        answered_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<ConversationId>, Fault> {
        let duty = self.inbox.duty();
        let waits = self.waits(now)?;
        let moved = match waits.take(summary, answered_since) {
            Some(since) => waits.moved_up(since, &duty),
            None => vec![],
        };
        let measured = waits.to_keep().cloned();
        if let Some(measured) = measured {
            self.storage.put_answers(&measured)?;
        }
        Ok(moved)
    }

    /// Who is there, and what else can be said now, to the visitor of this conversation.
    pub(super) fn floor(
        &mut self,
        of: Option<ConversationId>,
        now: Timestamp,
    ) -> Result<Floor, Fault> {
        let duty = self.inbox.duty();
        let wait = self.waits(now)?.wait(of, &duty, now);
        Floor::of(duty, wait, || self.opens_at(now))
    }

    fn opens_at(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
        let Some(hours) = self.storage.hours()? else {
            return Ok(None);
        };
        // To make one takes the runtime longer than all else that is told here.
        let known = self.zone.take();
        self.zone = match known.filter(|(name, _)| *name == hours.time_zone) {
            Some(known) => Some(known),
            // What was taken for a zone by a release of before may be none.
            None => Zone::of(&hours.time_zone).map(|zone| (hours.time_zone.clone(), zone)),
        };
        let zone = self.zone.as_ref().map(|(_, zone)| zone);
        Ok(zone.and_then(|zone| hours.opens_at(now, |at| zone.ahead(at))))
    }
}
