//! An operator's end of a conversation: the client machine, and in front of it what the operator wrote and may not leave
//! yet (SPEC, DE 6 to 8).
//!
//! Must stay true: a client here never has a draft in its outbox that is neither on its way nor refused, while the transcript is
//! not whole. What it cannot send at once is taken back, and given again when it is known what was written meanwhile;
//! it keeps its name, so the relay stores it once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    client::{
        self, Client,
        outbox::{self, Outgoing, Progress},
    },
    conversation::Status,
    cursor::Cursor,
    entry::Content,
    id::MessageId,
    message::{self, Draft},
    time::{Millis, Timestamp},
};

use super::meanwhile::Meanwhile;

/// What an operator wrote, as the device keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The same on every attempt.
    pub id: MessageId,
    /// What is to be stored.
    pub content: Content,
    /// How much of the transcript its author had here.
    #[serde(default)]
    pub against: Option<Cursor>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What a client does; never [`client::Effect::Keep`].
    Client(client::Effect),
    /// Keep this on the device, in the place of what has its name.
    Keep(Written),
}

/// One end of a conversation.
#[derive(Clone, Debug)]
pub struct Answering {
    client: Client,
    /// What was not given to the client, in the order it was written.
    waiting: Vec<Written>,
    /// What the drafts in the client's outbox were written against.
    given: BTreeMap<MessageId, Option<Cursor>>,
    revision: u64,
}

impl Answering {
    /// A client without drafts, and what the device kept from before.
    pub fn new(client: Client, kept: Vec<Written>) -> Self {
        let mut waiting = kept;
        waiting.sort_by_key(|written| written.id);
        waiting.dedup_by_key(|written| written.id);
        Self {
            client,
            waiting,
            given: BTreeMap::new(),
            revision: 0,
        }
    }

    /// The client, to be read.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Everything that is not confirmed.
    pub fn outgoing(&self) -> Vec<Outgoing> {
        let waiting = self.waiting.iter().map(|written| Outgoing {
            draft: draft(written),
            progress: Progress::Waiting,
        });
        let given = self.client.outbox().outgoing().iter().cloned();
        given.chain(waiting).collect()
    }

    /// What keeps a draft from leaving until its author says so.
    pub fn held(&self, id: MessageId) -> Option<Meanwhile> {
        let written = self.waiting.iter().find(|written| written.id == id)?;
        self.overtaken(&written.content, written.against)
    }

    /// Grows with every change of what is not confirmed.
    pub fn revision(&self) -> u64 {
        self.revision + self.client.outbox().revision()
    }

    /// Mints the name of the next draft, after all that wait (SPEC, OB2).
    pub fn mint(&self, now: Timestamp, random: [u8; 10]) -> MessageId {
        let newest = self.waiting.iter().map(|w| outbox::minted_at(w.id)).max();
        let after = newest.map_or(now, |at| now.max(at + Millis(1)));
        self.client.outbox().mint(after, random)
    }

    /// When [`client::Input::Timer`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.client.next_deadline()
    }

    /// Takes what happened and answers what to do, in order. To try again what is held is to send it anyway, under the name
    /// it has.
    pub fn handle(&mut self, now: Timestamp, input: client::Input) -> Vec<Effect> {
        let mut effects = vec![];
        if let client::Input::Send(draft) = input {
            self.write(now, draft, &mut effects);
        } else if let client::Input::Retry(id, _) = input
            && self.held(id).is_some()
        {
            self.confirm(id, &mut effects);
        } else if let client::Input::Discard(id) = input
            && self.held(id).is_some()
        {
            self.waiting.retain(|written| written.id != id);
            effects.push(Effect::Client(client::Effect::Forget(id)));
            self.revision += 1;
        } else {
            self.tell(now, input, &mut effects);
        }
        self.take_back();
        self.let_go(now, &mut effects);
        effects
    }

    fn write(&mut self, now: Timestamp, draft: Draft, effects: &mut Vec<Effect>) {
        if !self.waits(draft.id) && !self.given.contains_key(&draft.id) {
            let written = Written {
                id: draft.id,
                content: draft.content,
                against: self.client.transcript().cursor(),
            };
            effects.push(Effect::Keep(written.clone()));
            self.waiting.push(written);
            self.revision += 1;
        }
        self.tell(now, client::Input::Want, effects);
    }

    /// Its author has seen what is here.
    fn confirm(&mut self, id: MessageId, effects: &mut Vec<Effect>) {
        let here = self.client.transcript().cursor();
        let written = self.waiting.iter_mut().find(|written| written.id == id);
        effects.extend(written.map(|written| {
            written.against = here;
            Effect::Keep(written.clone())
        }));
        self.revision += 1;
    }

    fn tell(&mut self, now: Timestamp, input: client::Input, effects: &mut Vec<Effect>) {
        for effect in self.client.handle(now, input) {
            effects.push(if let client::Effect::Keep(draft) = effect {
                let here = self.client.transcript().cursor();
                Effect::Keep(Written {
                    id: draft.id,
                    content: draft.content,
                    against: *self.given.entry(draft.id).or_insert(here),
                })
            } else {
                Effect::Client(effect)
            });
        }
    }

    /// What the client has and cannot send now is looked at again before it leaves.
    fn take_back(&mut self) {
        let whole = self.client.has_newest();
        let outgoing = self.client.outbox().outgoing().iter();
        let back: Vec<MessageId> = outgoing
            .filter(|o| o.progress == Progress::Waiting)
            .filter(|o| {
                let against = self.given.get(&o.draft.id).copied().flatten();
                !whole || self.overtaken(&o.draft.content, against).is_some()
            })
            .map(|o| o.draft.id)
            .collect();
        for id in back {
            let Some(draft) = self.client.withdraw(id) else {
                continue;
            };
            let written = Written {
                id,
                content: draft.content,
                against: self.given.remove(&id).flatten(),
            };
            let at = self.waiting.partition_point(|other| other.id < id);
            self.waiting.insert(at, written);
        }
        let outbox = self.client.outbox();
        self.given
            .retain(|id, _| outbox.outgoing().iter().any(|o| o.draft.id == *id));
    }

    /// What may leave leaves; what had arrived after all is done with, and so is what nobody would do who had read on.
    fn let_go(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let mut stays_open = false;
        for written in core::mem::take(&mut self.waiting) {
            let mut entries = self.client.transcript().entries().iter().rev();
            let arrived = entries.any(|entry| entry.id == written.id);
            let closes = !arrived && self.closes_over_words(&written);
            // What was never closed is not opened again.
            let opens = stays_open && is(&written, Status::Open);
            if is(&written, Status::Resolved) {
                stays_open = closes;
            }
            if arrived || closes || opens {
                effects.push(Effect::Client(client::Effect::Forget(written.id)));
                self.revision += 1;
                continue;
            }
            let unfit = written.content.text().map(message::fit);
            let free = self.client.has_newest()
                && self.overtaken(&written.content, written.against).is_none();
            if free || unfit.is_some_and(|fit| fit.is_err()) {
                self.given.insert(written.id, written.against);
                self.tell(now, client::Input::Send(draft(&written)), effects);
            } else {
                self.waiting.push(written);
            }
        }
    }

    /// Whether it closes a conversation in which the visitor has written since.
    fn closes_over_words(&self, written: &Written) -> bool {
        let closes = is(written, Status::Resolved) && self.client.has_newest();
        let against = written.against.filter(|_| closes);
        against.is_some_and(|here| {
            Meanwhile::of_visitor(self.client.transcript(), Some(here)).is_some()
        })
    }

    fn overtaken(&self, content: &Content, against: Option<Cursor>) -> Option<Meanwhile> {
        // Notes and deeds are for the team, which reads them beside whatever came between.
        let answer = matches!(content, Content::Message { .. });
        let you = self.client.you().filter(|_| answer)?;
        Meanwhile::of_others(self.client.transcript(), you, against)
    }

    fn waits(&self, id: MessageId) -> bool {
        self.waiting.iter().any(|written| written.id == id)
    }
}

fn is(written: &Written, wanted: Status) -> bool {
    matches!(written.content, Content::Status { status } if status == wanted)
}

fn draft(written: &Written) -> Draft {
    Draft {
        id: written.id,
        content: written.content.clone(),
    }
}
