//! An open conversation: the client machine on its driver, and what of it is drawn.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use browser::{
    clock,
    driver::{Driver, Setup},
    random,
};
use leptos::prelude::*;
use protocol::{
    client::{
        Client, Input,
        link::{Credential, State},
        outbox::Progress,
    },
    conversation::Status,
    cursor::Seq,
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
    id: ConversationId,
    driver: RefCell<Option<Driver>>,
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
        let setup = Setup::conversation(url, Credential::Ambient, outbox, None);
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
        let news = self.read(|client| {
            (client.transcript().last() > client.seen()).then(|| client.transcript().last())
        });
        if let Some(last) = news.flatten() {
            self.tell(Input::Seen(last));
        }
    }

    fn read<T>(&self, look: impl FnOnce(&Client) -> T) -> Option<T> {
        self.driver
            .borrow()
            .as_ref()
            .map(|driver| driver.read(look))
    }

    /// Nothing is on its way; what was refused waits for its author, on the device.
    fn is_settled(&self) -> bool {
        let refused = |client: &Client| {
            client
                .outbox()
                .outgoing()
                .iter()
                .all(|o| matches!(o.progress, Progress::Refused { .. }))
        };
        self.read(refused).unwrap_or(true)
    }

    fn scene(&self) -> Option<Scene> {
        self.read(|client| {
            let known = client.transcript().cursor().is_some();
            if known && self.news_after.get().is_none() && !client.transcript().entries().is_empty()
            {
                self.news_after.set(Some(if client.unread() > 0 {
                    client.seen()
                } else {
                    Seq(u64::MAX)
                }));
            }
            let (entries, outgoing) = (client.transcript().entries(), client.outbox().outgoing());
            let (assignee, status) = lines::standing(entries, outgoing);
            Scene {
                id: self.id,
                lines: self.lines(client),
                known: !entries.is_empty() || !outgoing.is_empty(),
                has_older: client.transcript().has_older(),
                begins: !entries.is_empty() && !client.transcript().has_older(),
                typing: client.typing().cloned().collect(),
                presence: known.then(|| client.presence().clone()),
                status: status.or_else(|| known.then(|| client.status())),
                assignee,
                unseen: client.unread(),
                hold: match client.link() {
                    State::Live(_) => None,
                    State::Ended { .. } => Some(Hold::Ended),
                    State::Waiting { .. }
                    | State::Connecting { attempt: 1.., .. }
                    | State::Greeting { attempt: 1.., .. } => Some(Hold::Offline),
                    State::Resting
                    | State::Renewing { .. }
                    | State::Connecting { .. }
                    | State::Greeting { .. } => Some(Hold::Connecting),
                },
            }
        })
    }

    fn lines(&self, client: &Client) -> Arc<Vec<Line>> {
        let news_after = self.news_after.get();
        let outbox = client.outbox();
        let version = (
            client.transcript().revision(),
            outbox.revision(),
            client.read_by_others(),
            news_after,
            client.you().is_some(),
        );
        if let Some((drawn, lines)) = &*self.drawn.borrow()
            && *drawn == version
        {
            return lines.clone();
        }
        let source = Source {
            entries: client.transcript().entries(),
            outgoing: outbox.outgoing(),
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

    /// The address says which conversation is open.
    pub(super) fn follow_address(self) {
        self.show(place::conversation());
    }

    fn show(self, id: Option<ConversationId>) {
        let before = self.selected.get_untracked();
        if before == id || self.me().is_none() {
            return;
        }
        self.selected.set(id);
        self.mode.set(Mode::Reply);
        self.at_end.set(true);
        if let Some(before) = before {
            self.settle(before);
        }
        let Some(id) = id else {
            self.scene.set(None);
            return;
        };
        self.draft.set(
            self.drawer()
                .get(&format!("draft:{id}"))
                .unwrap_or_default(),
        );
        self.make_known(id);
        let thread = self.thread(id);
        self.scene.set(thread.scene());
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

    fn thread_changed(self, id: ConversationId) {
        let Some(thread) = self.devices().threads.borrow().get(&id).cloned() else {
            return;
        };
        if self.selected.get_untracked() == Some(id) {
            let scene = thread.scene();
            if self.scene.with_untracked(|before| *before != scene) {
                self.scene.set(scene);
            }
        } else {
            self.settle(id);
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
                .is_some_and(|thread| thread.is_settled());
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

    fn do_in(self, id: ConversationId, content: Content) {
        let draft = Draft {
            id: MessageId::mint(clock::now(), random::bytes()),
            content,
        };
        self.thread(id).tell(Input::Send(draft));
    }

    pub(super) fn send(self) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        let text = self.draft.get_untracked().trim().to_owned();
        if protocol::message::fit(&text).is_err() {
            return;
        }
        let content = match self.mode.get_untracked() {
            Mode::Reply => Content::Message { text },
            Mode::Note => Content::Note { text },
        };
        self.do_in(id, content);
        self.draft.set(String::new());
        self.keep_draft();
        // The next words are for the visitor again, unless somebody says otherwise.
        self.mode.set(Mode::Reply);
        self.to_end.update(|n| *n = n.wrapping_add(1));
    }

    pub(super) fn typed(self) {
        self.keep_draft();
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        let words = self.draft.with_untracked(|draft| !draft.trim().is_empty());
        self.thread(id).tell(Input::Typing(
            words && self.mode.get_untracked() == Mode::Reply,
        ));
    }

    fn keep_draft(self) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        let (drawer, key) = (self.drawer(), format!("draft:{id}"));
        self.draft.with_untracked(|draft| {
            if draft.is_empty() {
                drawer.remove(&key);
            } else {
                drawer.set(&key, draft);
            }
        });
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
                let again = MessageId::mint(clock::now(), random::bytes());
                thread.tell(Input::Retry(old, again));
            }
            Remedy::Delete(old) => thread.tell(Input::Discard(old)),
            Remedy::Copy(old) => {
                let words = thread.read(|client| {
                    let refused = client
                        .outbox()
                        .outgoing()
                        .iter()
                        .find(|o| o.draft.id == old)?;
                    refused.draft.content.text().map(str::to_owned)
                });
                if let Some(words) = words.flatten() {
                    self.copy(&words);
                }
            }
        }
    }
}
