//! An open conversation: the operator's end on its driver, and what of it is drawn.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use browser::{
    clock,
    driver::{Driver, Setup},
    json, random,
};
use leptos::prelude::*;
use protocol::{
    client::{
        Input,
        link::State,
        outbox::{Outgoing, Progress},
    },
    conversation::Status,
    cursor::Seq,
    desk::{answering::Answering, writing::Writing},
    entry::{Author, Content, OperatorCard},
    frame::Presence,
    id::{ConversationId, MessageId},
    message::Draft,
};

use crate::{
    desk::{Desk, UNDO_FOR, place},
    lines::{self, Line, Source},
    moment,
    view::{
        bubble::Remedy,
        composer::{Hold, Mode},
    },
};

/// What is drawn of the open conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) id: ConversationId,
    pub(super) lines: Arc<Vec<Line>>,
    /// There is something to draw.
    pub(super) known: bool,
    pub(super) has_older: bool,
    /// The first line here is the first of all.
    pub(super) begins: bool,
    pub(super) typing: Vec<Author>,
    pub(super) presence: Option<Presence>,
    pub(super) status: Option<Status>,
    /// Nothing when no line here says it.
    pub(super) assignee: Option<Option<OperatorCard>>,
    pub(super) unseen: usize,
    pub(super) hold: Option<Hold>,
}

/// An open conversation.
pub(super) struct Thread {
    pub(super) id: ConversationId,
    driver: RefCell<Option<Driver<Answering>>>,
    you: Author,
    /// What had been seen when it was opened; nothing before the first page came.
    news_after: Cell<Option<Seq>>,
    drawn: RefCell<Option<(Version, Arc<Vec<Line>>)>>,
}

/// Lines of the same version are the same.
type Version = (u64, u64, Seq, Option<Seq>, bool);

impl Thread {
    fn start(desk: Desk, id: ConversationId) -> Rc<Self> {
        let thread = Rc::new(Self {
            id,
            driver: RefCell::default(),
            you: desk.you(),
            news_after: Cell::default(),
            drawn: RefCell::default(),
        });
        let outbox = desk.drawer().under(&format!("outbox:{id}:"));
        let url = place::socket(&format!("/v1/socket?conversation={id}"));
        let setup = Setup::answering(url, outbox);
        let driver = Driver::start(setup, move || desk.thread_changed(id));
        thread.driver.replace(Some(driver));
        thread.tell(Input::Want);
        thread
    }

    pub(super) fn tell(&self, input: Input) {
        let driver = self.driver.borrow().clone();
        if let Some(driver) = driver {
            driver.tell(input);
        }
    }

    pub(super) fn rest(&self) {
        self.tell(Input::Rest);
    }

    /// Everything here was before the operator's eyes.
    pub(super) fn seen(&self) {
        let news = self.read(|end| {
            let client = end.client();
            (client.transcript().last() > client.seen()).then(|| client.transcript().last())
        });
        if let Some(last) = news.flatten() {
            self.tell(Input::Seen(last));
        }
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Answering) -> T) -> Option<T> {
        self.driver
            .borrow()
            .as_ref()
            .map(|driver| driver.read(look))
    }

    /// Whether nothing is on its way, and whether something waits for its author, on the device.
    fn standing(&self) -> (bool, bool) {
        let stuck = |end: &Answering| {
            let outgoing = end.outgoing();
            let stuck = outgoing.iter().filter(|o| {
                matches!(o.progress, Progress::Refused { .. }) || end.held(o.draft.id).is_some()
            });
            let stuck = stuck.count();
            (stuck == outgoing.len(), stuck > 0)
        };
        self.read(stuck).unwrap_or((true, false))
    }

    /// A name for what is written next.
    fn mint(&self) -> MessageId {
        let (now, random) = (clock::now(), random::bytes());
        self.read(|end| end.mint(now, random))
            .unwrap_or_else(|| MessageId::mint(now, random))
    }

    fn scene(&self) -> Option<Scene> {
        self.read(|end| {
            let client = end.client();
            let known = client.transcript().cursor().is_some();
            if known && self.news_after.get().is_none() && !client.transcript().entries().is_empty()
            {
                self.news_after.set(Some(if client.unread() > 0 {
                    client.seen()
                } else {
                    Seq(u64::MAX)
                }));
            }
            let (entries, outgoing) = (client.transcript().entries(), end.outgoing());
            let (assignee, status) = lines::standing(entries, &outgoing);
            Scene {
                id: self.id,
                lines: self.lines(end, &outgoing),
                known: !entries.is_empty() || !outgoing.is_empty(),
                has_older: client.transcript().has_older(),
                begins: !entries.is_empty() && !client.transcript().has_older(),
                typing: client.typing().cloned().collect(),
                presence: known.then(|| client.presence().clone()),
                status: status.or_else(|| known.then(|| client.status())),
                assignee,
                unseen: client.unread(),
                hold: match client.link() {
                    State::Live(_) if client.has_newest() && !browser::page::is_offline() => None,
                    State::Ended { .. } => Some(Hold::Ended),
                    // What is on the screen may be old; an empty screen is plainly not all.
                    State::Waiting { .. }
                    | State::Connecting { attempt: 1.., .. }
                    | State::Greeting { attempt: 1.., .. } => Some(Hold::Behind),
                    State::Resting
                    | State::Renewing { .. }
                    | State::Connecting { .. }
                    | State::Greeting { .. }
                    | State::Live(_)
                        if !entries.is_empty() =>
                    {
                        Some(Hold::Behind)
                    }
                    State::Resting
                    | State::Renewing { .. }
                    | State::Connecting { .. }
                    | State::Greeting { .. }
                    | State::Live(_) => Some(Hold::Connecting),
                },
            }
        })
    }

    fn lines(&self, end: &Answering, outgoing: &[Outgoing]) -> Arc<Vec<Line>> {
        let news_after = self.news_after.get();
        let client = end.client();
        let version = (
            client.transcript().revision(),
            end.revision(),
            client.read_by_others(),
            news_after,
            client.you().is_some(),
        );
        if let Some((drawn, lines)) = &*self.drawn.borrow()
            && *drawn == version
        {
            return lines.clone();
        }
        let names = outgoing.iter().map(|o| o.draft.id);
        let held: Vec<_> = names.filter_map(|id| Some((id, end.held(id)?))).collect();
        let source = Source {
            entries: client.transcript().entries(),
            outgoing,
            held: &held,
            you: client.you().unwrap_or(&self.you),
            read: client.read_by_others(),
            news_after,
        };
        let lines = Arc::new(lines::lines(source, clock::now(), moment::day));
        self.drawn.replace(Some((version, lines.clone())));
        lines
    }
}

impl Desk {
    /// What this operator keeps on this device for this shop.
    pub(super) fn drawer(self) -> browser::store::Store {
        let me = self.me();
        let whose = me
            .map(|me| format!("{}:{}:", me.shop.front.id, me.operator.id))
            .unwrap_or_default();
        self.devices().store.under(&whose)
    }

    /// Opens a conversation, or none.
    pub(super) fn open(self, id: Option<ConversationId>) {
        if place::conversation() != id {
            place::go(id);
        }
        self.show(id);
    }

    /// The address says which conversation is open; behind the page *Install* it stays as it is.
    pub(super) fn follow_address(self) {
        let install = place::is_install();
        self.show_install(install);
        if !install {
            self.show(place::conversation());
        }
    }

    fn show(self, id: Option<ConversationId>) {
        let before = self.selected.get_untracked();
        if before == id || self.me().is_none() {
            return;
        }
        self.selected.set(id);
        self.sheet.set(false);
        self.mode.set(Mode::Reply);
        self.at_end.set(true);
        if let Some(before) = before {
            self.settle(before);
        }
        let Some(id) = id else {
            self.scene.set(None);
            self.meanwhile.set(None);
            return;
        };
        let words = self.drawer().get(&format!("draft:{id}"));
        let since = self.drawer().get(&format!("since:{id}"));
        let since = since.and_then(|since| json::decode(&since));
        let offer = self.offered_in(id);
        let writing = Writing::restored(words.is_some() || !offer.is_empty(), since);
        self.devices().writing.replace(writing);
        self.draft.set(words.unwrap_or_default());
        self.offering.set(false);
        self.offer_kept.set_value(offer.clone());
        self.offer.set(offer);
        self.make_known(id);
        let thread = self.thread(id);
        self.scene.set(thread.scene());
        self.look_around(&thread);
        self.to_end.update(|n| *n = n.wrapping_add(1));
    }

    /// The conversation, started if it is not.
    pub(super) fn thread(self, id: ConversationId) -> Rc<Thread> {
        let devices = self.devices();
        let known = devices.threads.borrow().get(&id).cloned();
        known.unwrap_or_else(|| {
            let thread = Thread::start(self, id);
            devices.threads.borrow_mut().insert(id, thread.clone());
            thread
        })
    }

    /// Words that were on their way when the page went away are sent now.
    pub(super) fn take_up_outboxes(self) {
        let waiting = self.drawer().under("outbox:").keys();
        let ids = waiting
            .iter()
            .filter_map(|key| key.split(':').next()?.parse::<ConversationId>().ok());
        for id in ids.collect::<std::collections::BTreeSet<_>>() {
            self.thread(id);
        }
    }

    pub(super) fn thread_changed(self, id: ConversationId) {
        let Some(thread) = self.devices().threads.borrow().get(&id).cloned() else {
            return;
        };
        if self.selected.get_untracked() == Some(id) {
            let scene = thread.scene();
            // The visitor has written, or somebody else was quicker: nothing is left to take back.
            let is_open = scene.as_ref().and_then(|scene| scene.status) == Some(Status::Open);
            let undone = |undo: &Option<(ConversationId, _)>| undo.is_some_and(|(of, _)| of == id);
            if is_open && self.undo.with_untracked(undone) {
                self.undo.set(None);
            }
            if self.scene.with_untracked(|before| *before != scene) {
                self.scene.set(scene);
            }
            self.look_around(&thread);
        } else {
            self.settle(id);
        }
        let (_, stuck) = thread.standing();
        if self.unsent.with_untracked(|unsent| unsent.contains(&id)) != stuck {
            self.unsent.update(|unsent| {
                if stuck {
                    unsent.insert(id);
                } else {
                    unsent.remove(&id);
                }
            });
        }
    }

    /// A conversation that nobody looks at ends when all its words are stored.
    fn settle(self, id: ConversationId) {
        // Not in the middle of what the driver itself is doing.
        queue_microtask(move || {
            if self.selected.get_untracked() == Some(id) {
                return;
            }
            let threads = &self.devices().threads;
            let settled = threads
                .borrow()
                .get(&id)
                .is_some_and(|thread| thread.standing().0);
            let done = if settled {
                threads.borrow_mut().remove(&id)
            } else {
                None
            };
            if let Some(thread) = done {
                thread.rest();
            }
        });
    }

    pub(super) fn do_in(self, id: ConversationId, content: Content) {
        let thread = self.thread(id);
        let draft = Draft {
            id: thread.mint(),
            content,
        };
        thread.tell(Input::Send(draft));
    }

    pub(super) fn older(self) {
        if let Some(id) = self.selected.get_untracked() {
            self.thread(id).tell(Input::Older);
        }
    }

    pub(super) fn assign_to_me(self) {
        let (Some(id), Some(me)) = (self.selected.get_untracked(), self.me()) else {
            return;
        };
        let already = self
            .assignee()
            .get_untracked()
            .is_some_and(|card| card.id == me.operator.id);
        if !already {
            self.do_in(
                id,
                Content::Assigned {
                    to: Some(me.operator),
                },
            );
        }
    }

    pub(super) fn set_status(self, status: Status) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        self.do_in(id, Content::Status { status });
        match status {
            Status::Open => self.undo.set(None),
            Status::Resolved => {
                let until = clock::now() + UNDO_FOR;
                self.undo.set(Some((id, until)));
                let close = move || {
                    if self.undo.get_untracked() == Some((id, until)) {
                        self.undo.set(None);
                    }
                };
                set_timeout(close, core::time::Duration::from_millis(UNDO_FOR.0));
            }
        }
    }

    pub(super) fn take_back(self) {
        if let Some((id, _)) = self.undo.get_untracked() {
            self.undo.set(None);
            self.do_in(
                id,
                Content::Status {
                    status: Status::Open,
                },
            );
        }
    }

    pub(super) fn remedy(self, remedy: Remedy) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        let thread = self.thread(id);
        match remedy {
            Remedy::Retry(old) => {
                thread.tell(Input::Retry(old, thread.mint()));
            }
            Remedy::Delete(old) => thread.tell(Input::Discard(old)),
            Remedy::Copy(old) => {
                let words = thread.read(|end| {
                    let outgoing = end.outgoing();
                    let unsent = outgoing.iter().find(|o| o.draft.id == old)?;
                    unsent.draft.content.text().map(str::to_owned)
                });
                if let Some(words) = words.flatten() {
                    self.copy(&words);
                }
            }
        }
    }
}
