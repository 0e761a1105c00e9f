//! The operator's machines on the browser's devices: the list with its socket, and the end of one conversation. No decision
//! is made here.

use std::collections::VecDeque;

use protocol::{
    client::{
        self, Client,
        link::{self, Credential, Way},
    },
    conversation::Summary,
    desk::{
        answering::{self, Answering},
        list::{self, Ask, List},
    },
    frame::InboxClientFrame,
    id::OperatorId,
    time::Timestamp,
    version::VersionRange,
};

use crate::{
    clock,
    driver::{self, Event, Machine, PING, PONG, Setup, Task},
    json,
    page::Sign,
    random, socket,
    store::Store,
};

/// The list of a shop's conversations. Run it with [`driver::Driver`], and after each change take its [`Desk::asks`] and
/// [`Desk::news`].
pub struct Desk {
    list: List,
    asks: VecDeque<Ask>,
    news: VecDeque<Summary>,
}

impl Setup<Desk> {
    /// The list at this address; the operator's cookie says whose.
    pub fn desk(url: String, me: OperatorId) -> Self {
        let desk = Desk {
            list: List::new(clock::now(), me, random::seed()),
            asks: VecDeque::new(),
            news: VecDeque::new(),
        };
        Self::of(desk, url, None, None)
    }
}

impl Desk {
    /// The machine, to be read.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The pages to be read since this was asked last. Only the last is waited for.
    pub fn asks(&mut self) -> VecDeque<Ask> {
        core::mem::take(&mut self.asks)
    }

    /// The conversations that brought unread words since this was asked last.
    pub fn news(&mut self) -> VecDeque<Summary> {
        core::mem::take(&mut self.news)
    }
}

impl Machine for Desk {
    type Input = list::Input;

    fn input(event: Event) -> Option<list::Input> {
        Some(match event {
            Event::Timer => list::Input::Timer,
            Event::Socket(socket::Event::Opened) => list::Input::Opened,
            Event::Socket(socket::Event::Closed(code)) => list::Input::Closed(code),
            Event::Socket(socket::Event::Text(text)) if text == PONG => list::Input::Pong,
            // What cannot be read is what a later version says.
            Event::Socket(socket::Event::Text(text)) => list::Input::Frame(json::decode(&text)?),
            Event::Page(Sign::Online) => list::Input::Online,
            Event::Page(Sign::Hidden) => list::Input::Hidden,
            Event::Page(Sign::Shown) => list::Input::Shown,
            // A socket that is open all the same may only be late, and an operator acts on what it brings.
            Event::Page(Sign::Thawed | Sign::Offline) => list::Input::Thawed,
            Event::Token(_) | Event::Page(Sign::Leaving) => return None,
        })
    }

    fn take(&mut self, now: Timestamp, input: list::Input) -> Vec<Task> {
        let mut tasks = vec![];
        for effect in self.list.handle(now, input) {
            match effect {
                list::Effect::Read(ask) => self.asks.push_back(ask),
                list::Effect::News(summary) => self.news.push_back(*summary),
                // The list has no other way; sockets fail on for it.
                list::Effect::Link(link::Effect::Connect(_)) => {
                    tasks.push(Task::Connect(Way::Socket));
                }
                list::Effect::Link(link::Effect::Disconnect(code)) => {
                    tasks.push(Task::Disconnect(code));
                }
                list::Effect::Link(link::Effect::Greet) => {
                    let version = VersionRange::OURS;
                    tasks.push(Task::Say(json::encode(&InboxClientFrame::Hello {
                        version,
                    })));
                }
                list::Effect::Link(link::Effect::Ping) => tasks.push(Task::Say(PING.into())),
                list::Effect::Link(link::Effect::Renew) => tasks.push(Task::Renew),
            }
        }
        tasks
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.list.next_deadline()
    }
}

impl Setup<Answering> {
    /// The signed-in operator's end of a conversation, with what `outbox` kept from before.
    pub fn answering(url: String, outbox: Store) -> Self {
        let keys = outbox.keys();
        // What cannot be read is left where it is: it is somebody's words.
        let kept = keys
            .iter()
            .filter_map(|key| json::decode(&outbox.get(key)?));
        let client = Client::new(clock::now(), Credential::Ambient, vec![], random::seed());
        Self::of(
            Answering::new(client, kept.collect()),
            url,
            Some(outbox),
            None,
        )
    }
}

impl Machine for Answering {
    type Input = client::Input;

    fn input(event: Event) -> Option<client::Input> {
        if matches!(event, Event::Page(Sign::Offline)) {
            // As above.
            return Some(client::Input::Thawed);
        }
        driver::input(event, json::decode)
    }

    fn take(&mut self, now: Timestamp, input: client::Input) -> Vec<Task> {
        let effects = self.handle(now, input).into_iter();
        effects
            .map(|effect| match effect {
                answering::Effect::Client(effect) => {
                    driver::task(effect, json::encode, json::encode)
                }
                answering::Effect::Keep(written) => Task::Keep(written.id, json::encode(&written)),
            })
            .collect()
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        Self::next_deadline(self)
    }
}
