//! An inbox's end of its shop's socket, and the pages of the list that are read beside it (SPEC, DE 1 to 5).
//!
//! The shell says what happened, does what it is answered, in order, and calls again at [`List::next_deadline`].
//!
//! Must stay true: what is shown was read after the last welcome, or was told after it, or is being read again.

use crate::{
    api::Conversations,
    backoff::{self, Dice},
    client::link::{self, Credential, Link, State},
    conversation::Summary,
    frame::InboxServerFrame,
    id::OperatorId,
    limits,
    time::{Timestamp, slept},
};

use super::listing::{Listing, Reading, Tab};

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The inbox is looked at.
    Want,
    /// It is not any more.
    Rest,
    /// A deadline has come.
    Timer,
    /// The socket is open.
    Opened,
    /// The socket is gone, with the close code where there was one.
    Closed(Option<u16>),
    /// A frame came.
    Frame(InboxServerFrame),
    /// A `pong` came.
    Pong,
    /// The network is back.
    Online,
    /// The page went out of sight.
    Hidden,
    /// The page is in sight again.
    Shown,
    /// The page was frozen and is back.
    Thawed,
    /// The operator looks at this list.
    Choose(Tab),
    /// The operator wants more of it, or the same again after a failure.
    More,
    /// The page of this number came, or could not be read.
    Page(u64, Option<Conversations>),
    /// A conversation that was asked for by name.
    Learn(Box<Summary>),
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Do this with the socket; its hello is an inbox's.
    Link(link::Effect),
    /// Read a page.
    Read(Ask),
    /// A conversation brought words that nobody has read.
    News(Box<Summary>),
}

/// A page to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its number: the answer bears it.
    pub number: u64,
    /// Of which list.
    pub tab: Tab,
    /// After this; the first page without.
    pub after: Option<String>,
}

/// The page that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// None.
    Idle,
    /// It was asked for.
    Reading {
        /// When it counts as failed.
        by: Timestamp,
    },
    /// It could not be read.
    Failed {
        /// When it is asked for again.
        until: Timestamp,
    },
}

/// The list of a shop's conversations.
#[derive(Clone, Debug)]
pub struct List {
    link: Link,
    me: OperatorId,
    listing: Listing,
    tab: Tab,
    progress: Progress,
    /// What was asked for last; an answer of another number is too old to count.
    asked: Ask,
    /// Pages in a row that could not be read.
    failures: u32,
    dice: Dice,
    looked_at: Timestamp,
    revision: u64,
}

impl List {
    /// A list that rests. `seed` is for jitter.
    pub fn new(now: Timestamp, me: OperatorId, seed: u64) -> Self {
        Self {
            link: Link::new(Credential::Ambient, seed).watching(),
            me,
            listing: Listing::new(me),
            tab: Tab::default(),
            progress: Progress::Idle,
            asked: Ask {
                number: 0,
                tab: Tab::default(),
                after: None,
            },
            failures: 0,
            dice: Dice::new(seed.rotate_left(32)),
            looked_at: now,
            revision: 0,
        }
    }

    /// Who looks.
    pub fn me(&self) -> OperatorId {
        self.me
    }

    /// Where the socket stands.
    pub fn link(&self) -> State {
        self.link.state()
    }

    /// What is known.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Grows with every change of what is known.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How the page that is wanted is doing.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// When [`Input::Timer`] is due; the shell keeps one timer for it.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let page = match self.progress {
            Progress::Idle => None,
            Progress::Reading { by: at } | Progress::Failed { until: at } => Some(at),
        };
        self.link.next_deadline().into_iter().chain(page).min()
    }

    /// Takes what happened and answers what to do, in order.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        let mut effects = vec![];
        let due = self
            .next_deadline()
            // Out of sight browsers put timers off.
            .filter(|_| matches!(input, Input::Timer) && !self.link.is_hidden());
        if slept(self.looked_at, now, due) {
            linked(self.link.replace(now), &mut effects);
        }
        self.looked_at = now;
        self.take(now, input, &mut effects);
        effects
    }

    fn take(&mut self, now: Timestamp, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Want => {
                linked(self.link.want(now), effects);
                // The first page does not wait for the socket. After the welcome it is read again, and nothing falls between.
                if self.progress == Progress::Idle && self.is_owed() {
                    self.read(now, effects);
                }
            }
            Input::Rest => {
                self.progress = Progress::Idle;
                linked(self.link.rest(), effects);
            }
            Input::Timer => {
                linked(self.link.timer(now), effects);
                match self.progress {
                    Progress::Reading { by } if by <= now => self.failed(now),
                    Progress::Failed { until } if until <= now => self.read(now, effects),
                    Progress::Idle | Progress::Reading { .. } | Progress::Failed { .. } => {}
                }
            }
            Input::Opened => linked(self.link.opened(now), effects),
            Input::Closed(code) => linked(self.link.closed(now, code), effects),
            Input::Pong => self.link.heard(now),
            Input::Frame(frame) => {
                self.link.heard(now);
                self.frame(now, frame, effects);
            }
            Input::Online => {
                linked(self.link.wake(now), effects);
                self.try_again(now, effects);
            }
            Input::Shown => {
                linked(self.link.shown(now), effects);
                self.try_again(now, effects);
            }
            Input::Thawed => {
                linked(self.link.replace(now), effects);
                self.try_again(now, effects);
            }
            Input::Hidden => self.link.hidden(now),
            Input::Choose(tab) => {
                self.tab = tab;
                if self.is_owed() {
                    self.read(now, effects);
                }
            }
            Input::More => {
                if !matches!(self.progress, Progress::Reading { .. }) {
                    self.read(now, effects);
                }
            }
            Input::Page(number, page) => self.page(now, number, page, effects),
            Input::Learn(summary) => {
                self.listing.learn(*summary);
                self.revision += 1;
            }
        }
    }

    fn frame(&mut self, now: Timestamp, frame: InboxServerFrame, effects: &mut Vec<Effect>) {
        match frame {
            InboxServerFrame::Welcome { .. } => {
                if self.link.welcomed(now) {
                    // Nobody told what changed while there was no socket.
                    self.listing.doubt();
                    self.revision += 1;
                    self.failures = 0;
                    self.read(now, effects);
                }
            }
            InboxServerFrame::Summary(summary) if self.link.is_live() => {
                self.revision += 1;
                if self.listing.tell((*summary).clone()) {
                    effects.push(Effect::News(summary));
                }
            }
            InboxServerFrame::Summary(_)
            | InboxServerFrame::Duty { .. }
            | InboxServerFrame::Unknown => {}
        }
    }

    fn page(
        &mut self,
        now: Timestamp,
        number: u64,
        page: Option<Conversations>,
        effects: &mut Vec<Effect>,
    ) {
        let awaited = matches!(self.progress, Progress::Reading { .. });
        if !awaited || number != self.asked.number {
            return;
        }
        let Some(page) = page else {
            return self.failed(now);
        };
        self.listing
            .page(self.asked.tab, self.asked.after.is_none(), page);
        self.revision += 1;
        self.failures = 0;
        self.progress = Progress::Idle;
        if self.is_owed() {
            self.read(now, effects);
        }
    }

    /// Whether the list that is looked at is not read as far as it is to be.
    fn is_owed(&self) -> bool {
        self.listing.reading(self.tab) == Reading::Unread || self.listing.owes(self.tab)
    }

    fn try_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if matches!(self.progress, Progress::Failed { .. }) {
            self.read(now, effects);
        }
    }

    /// Asks for the next page of the list that is looked at; whatever was asked for before does not count any more.
    fn read(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let after = match self.listing.reading(self.tab) {
            Reading::Unread => None,
            Reading::Partly(after) => Some(after),
            Reading::Wholly => {
                self.progress = Progress::Idle;
                return;
            }
        };
        self.listing.ask();
        self.asked = Ask {
            number: self.asked.number + 1,
            tab: self.tab,
            after,
        };
        self.progress = Progress::Reading {
            by: now + limits::READ_WITHIN,
        };
        effects.push(Effect::Read(self.asked.clone()));
    }

    fn failed(&mut self, now: Timestamp) {
        let wait = backoff::wait(self.failures, &mut self.dice);
        self.failures = self.failures.saturating_add(1);
        self.progress = Progress::Failed { until: now + wait };
    }
}

fn linked(steps: Vec<link::Effect>, effects: &mut Vec<Effect>) {
    effects.extend(steps.into_iter().map(Effect::Link));
}
