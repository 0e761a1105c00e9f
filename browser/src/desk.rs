//! An inbox's end of its shop's socket: a link, and the frames that came over it.

use std::collections::VecDeque;

use protocol::{
    client::link::{self, Credential, Link, State},
    frame::{InboxClientFrame, InboxServerFrame},
    time::Timestamp,
    version::VersionRange,
};

use crate::{
    driver::{Event, Machine, PING, PONG, Setup, Task},
    json,
    page::Sign,
    random, socket,
};

/// An inbox's end. Run it with [`crate::driver::Driver`], tell it [`Input::Want`], and after each change take its
/// [`Desk::news`].
pub struct Desk {
    link: Link,
    news: VecDeque<InboxServerFrame>,
}

/// What happened to an inbox.
pub enum Input {
    /// The inbox is looked at.
    Want,
    /// It is not any more.
    Rest,
    /// Something happened to the devices.
    Device(Event),
}

impl Setup<Desk> {
    /// The inbox at this address; the operator's cookie says whose.
    pub fn desk(url: String) -> Self {
        Self::of(
            Desk {
                link: Link::new(Credential::Ambient, random::seed()),
                news: VecDeque::new(),
            },
            url,
            None,
            None,
        )
    }
}

impl Desk {
    /// Where the socket stands.
    pub fn link(&self) -> State {
        self.link.state()
    }

    /// The frames that came since this was asked last, the welcome included. After a welcome the list is to be read
    /// again: what happened while there was no socket is told by nobody.
    pub fn news(&mut self) -> VecDeque<InboxServerFrame> {
        core::mem::take(&mut self.news)
    }

    fn step(&mut self, now: Timestamp, input: Input) -> Vec<link::Effect> {
        match input {
            Input::Want => self.link.want(now),
            Input::Rest => self.link.rest(),
            Input::Device(Event::Timer) => self.link.timer(now),
            Input::Device(Event::Token(fetched)) => self.link.token_fetched(now, fetched),
            Input::Device(Event::Socket(socket::Event::Opened)) => self.link.opened(now),
            Input::Device(Event::Socket(socket::Event::Closed(code))) => {
                self.link.closed(now, code)
            }
            Input::Device(Event::Socket(socket::Event::Text(text))) => self.heard(now, &text),
            Input::Device(Event::Page(Sign::Online)) => self.link.wake(now),
            Input::Device(Event::Page(Sign::Shown)) => self.link.shown(now),
            Input::Device(Event::Page(Sign::Thawed)) => self.link.replace(now),
            Input::Device(Event::Page(Sign::Hidden)) => {
                self.link.hidden(now);
                vec![]
            }
            Input::Device(Event::Page(Sign::Offline | Sign::Leaving)) => vec![],
        }
    }

    fn heard(&mut self, now: Timestamp, text: &str) -> Vec<link::Effect> {
        self.link.heard(now);
        if text != PONG
            && let Some(frame) = json::decode(text)
        {
            if matches!(frame, InboxServerFrame::Welcome { .. }) {
                self.link.welcomed(now);
            }
            self.news.push_back(frame);
        }
        vec![]
    }
}

impl Machine for Desk {
    type Input = Input;

    fn input(event: Event) -> Option<Input> {
        Some(Input::Device(event))
    }

    fn take(&mut self, now: Timestamp, input: Input) -> Vec<Task> {
        let effects = self.step(now, input);
        let hello = || {
            json::encode(&InboxClientFrame::Hello {
                version: VersionRange::OURS,
            })
        };
        let task = |effect| match effect {
            link::Effect::Connect => Task::Connect,
            link::Effect::Disconnect(code) => Task::Disconnect(code),
            link::Effect::Greet => Task::Say(hello()),
            link::Effect::Ping => Task::Say(PING.into()),
            link::Effect::Renew => Task::Renew,
        };
        effects.into_iter().map(task).collect()
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.link.next_deadline()
    }
}
