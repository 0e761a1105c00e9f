//! What a visitor's or an operator's end does in one conversation (SPEC, CL and OB).
//!
//! The shell says what happened ([`Input`]), does what it is answered ([`Effect`], in order) and calls again at
//! [`Client::next_deadline`]. It never waits and never fails. A draft is kept on the device before it is drawn or sent.

mod hearing;
pub mod link;
pub mod outbox;
mod pages;
mod receipts;
pub mod transcript;
pub mod typing;

use crate::{
    close::{CloseCode, Comeback},
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    frame::{ClientFrame, Hello, Presence, ServerFrame, Span},
    id::MessageId,
    limits,
    message::Draft,
    presence::Page,
    time::{Timestamp, slept},
    version::VersionRange,
};
use link::{Credential, Link, Way};
use outbox::Outbox;
use pages::Pages;
use receipts::Receipts;
use transcript::Transcript;
use typing::Typing;

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The conversation is wanted (the panel was opened, a draft waits).
    Want,
    /// It is not wanted any more; what is in the outbox stays.
    Rest,
    /// A deadline has come.
    Timer,
    /// The socket is open.
    Opened,
    /// The socket is gone, with the close code where there was one.
    Closed(Option<u16>),
    /// A frame came.
    Frame(ServerFrame),
    /// A `pong` came.
    Pong,
    /// A token was fetched, or could not be.
    Token(Result<String, Comeback>),
    /// The person sends this.
    Send(Draft),
    /// The person wants a refused draft tried again under this new name.
    Retry(MessageId, MessageId),
    /// The person throws a refused draft away.
    Discard(MessageId),
    /// The person types, or stopped.
    Typing(bool),
    /// Everything up to here was before the person's eyes.
    Seen(Seq),
    /// The person scrolled to the oldest entry here.
    Older,
    /// The visitor is on this page.
    Page(Page),
    /// The network is back.
    Online,
    /// The page went out of sight.
    Hidden,
    /// The page is in sight again.
    Shown,
    /// The page was frozen and is back.
    Thawed,
    /// The page goes away, perhaps to be thawed later.
    Leaving,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket, or what goes for one, forgetting any other.
    Connect(Way),
    /// Close the socket; nothing that it still says counts.
    Disconnect(CloseCode),
    /// Send a frame on it.
    Transmit(ClientFrame),
    /// Send `ping` on it.
    Ping,
    /// Fetch a new token.
    Renew,
    /// What is transmitted from here on goes by a request that outlives the page, as in an exchange, and not on the socket.
    /// Nobody waits for the answer.
    Farewell,
    /// Keep a draft on the device.
    Keep(Draft),
    /// The device need not keep this draft any more.
    Forget(MessageId),
}

/// One end of a conversation.
#[derive(Clone, Debug)]
pub struct Client {
    link: Link,
    outbox: Outbox,
    transcript: Transcript,
    typing: Typing,
    pages: Pages,
    receipts: Receipts,
    page: Option<Page>,
    told_page: Option<Page>,
    you: Option<Author>,
    status: Status,
    presence: Presence,
    looked_at: Timestamp,
}

impl Client {
    /// A client that rests, with the drafts that the device kept from before. `seed` is for jitter.
    pub fn new(now: Timestamp, credential: Credential, kept: Vec<Draft>, seed: u64) -> Self {
        Self {
            link: Link::new(credential, seed),
            outbox: Outbox::restored(kept),
            transcript: Transcript::default(),
            typing: Typing::default(),
            pages: Pages::default(),
            receipts: Receipts::default(),
            page: None,
            told_page: None,
            you: None,
            status: Status::Open,
            presence: Presence::default(),
            looked_at: now,
        }
    }

    /// Where the socket stands.
    pub fn link(&self) -> link::State {
        self.link.state()
    }

    /// What is not confirmed.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// What is known of the transcript.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// Who types.
    pub fn typing(&self) -> impl Iterator<Item = &Author> {
        self.typing.authors()
    }

    /// Who is there.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Whether anything is left to do.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Who this is to the relay; nothing before the first welcome.
    pub fn you(&self) -> Option<&Author> {
        self.you.as_ref()
    }

    /// Whether older entries were asked for and have not come.
    pub fn is_fetching_older(&self) -> bool {
        self.pages.is_fetching_older()
    }

    /// Whether everything is here that the relay had when it was last heard.
    pub fn is_caught_up(&self) -> bool {
        self.link.is_live() && self.pages.is_complete()
    }

    /// Whether the newest entry here is the relay's newest, as far as it was heard; older ones may be under way.
    pub fn has_newest(&self) -> bool {
        self.link.is_live() && self.pages.has_newest()
    }

    /// Takes back a draft that is not on its way; the device keeps it.
    pub fn withdraw(&mut self, id: MessageId) -> Option<Draft> {
        self.outbox.withdraw(id)
    }

    /// How far the other side has read: for a visitor any operator, for an operator the visitor.
    pub fn read_by_others(&self) -> Seq {
        self.receipts.read_by_others(self.you.as_ref())
    }

    /// How far this participant has read.
    pub fn seen(&self) -> Seq {
        self.receipts.seen()
    }

    /// How many messages of others this participant has not seen.
    pub fn unread(&self) -> usize {
        let unseen = self
            .transcript
            .entries()
            .iter()
            .rev()
            .take_while(|entry| entry.seq > self.seen());
        unseen.filter(|entry| self.is_news(entry)).count()
    }

    /// Whether an entry is words of somebody else.
    pub fn is_news(&self, entry: &Entry) -> bool {
        matches!(entry.content, Content::Message { .. }) && !self.is_you(&entry.author)
    }

    fn is_you(&self, author: &Author) -> bool {
        self.you.as_ref().is_some_and(|you| you.is(author))
    }

    /// When [`Input::Timer`] is due; the shell keeps one timer for it.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let live = self.link.is_live();
        [
            self.link.next_deadline(),
            self.outbox.next_deadline().filter(|_| live),
            self.pages.next_deadline().filter(|_| live),
            self.typing.next_deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Takes what happened and answers what to do, in order.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        let mut effects = vec![];
        let due = self
            .next_deadline()
            .filter(|_| matches!(input, Input::Timer | Input::Online | Input::Shown));
        if slept(self.looked_at, now, due) {
            let link = self.link.replace(now);
            self.follow(link, &mut effects);
        }
        self.looked_at = now;
        self.take(now, input, &mut effects);
        effects
    }

    fn take(&mut self, now: Timestamp, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Want => self.linked(effects, |link| link.want(now)),
            Input::Rest => self.linked(effects, Link::rest),
            Input::Opened => self.linked(effects, |link| link.opened(now)),
            Input::Closed(code) => {
                self.linked(effects, |link| link.closed(now, code));
                self.lost();
            }
            Input::Token(fetched) => self.linked(effects, |link| link.token_fetched(now, fetched)),
            Input::Online => self.linked(effects, |link| link.wake(now)),
            Input::Shown => self.linked(effects, |link| link.shown(now)),
            Input::Thawed => self.linked(effects, |link| link.replace(now)),
            Input::Hidden => self.link.hidden(now),
            Input::Leaving => self.leave(effects),
            Input::Pong => self.link.heard(now),
            Input::Timer => self.timer(now, effects),
            Input::Frame(frame) => {
                self.link.heard(now);
                self.frame(now, frame, effects);
            }
            Input::Send(draft) => {
                effects.push(Effect::Keep(draft.clone()));
                self.outbox.push(draft);
                self.typing.say(now, false);
                self.linked(effects, |link| link.want(now));
                self.drain(now, effects);
            }
            Input::Retry(id, again) => {
                if let Some(draft) = self.outbox.retry(id, again) {
                    effects.push(Effect::Keep(draft));
                    effects.push(Effect::Forget(id));
                    self.drain(now, effects);
                }
            }
            Input::Discard(id) => {
                if self.outbox.discard(id).is_some() {
                    effects.push(Effect::Forget(id));
                }
            }
            Input::Typing(on) => {
                if self.link.is_live() && self.typing.say(now, on) {
                    effects.push(Effect::Transmit(ClientFrame::Typing { on }));
                }
            }
            Input::Seen(seq) => {
                self.receipts.see(seq.min(self.transcript.last()));
                self.tell_seen(effects);
            }
            Input::Older => self.fetch_older(now, effects),
            Input::Page(page) => {
                self.page = Some(page);
                self.tell_page(effects);
            }
        }
    }

    /// What is not confirmed goes once more, in order: what a socket still had in its hands dies with the page. It stays in
    /// the outbox, since nobody hears what became of it.
    fn leave(&mut self, effects: &mut Vec<Effect>) {
        if self.link.token().is_none() {
            return;
        }
        for (at, draft) in self.outbox.unconfirmed().enumerate() {
            if at == 0 {
                effects.push(Effect::Farewell);
                effects.push(Effect::Transmit(ClientFrame::Hello(self.hello())));
            }
            if at < limits::FAREWELL_MAX {
                effects.push(Effect::Transmit(ClientFrame::Send(draft.clone())));
            }
        }
    }

    fn timer(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.typing.expire(now);
        self.linked(effects, |link| link.timer(now));
        if !self.link.is_live() {
            return;
        }
        let overdue = self
            .outbox
            .overdue_at()
            .into_iter()
            .chain(self.pages.next_deadline())
            .min();
        if overdue.is_some_and(|by| by <= now) {
            self.linked(effects, |link| link.suspect(now));
        } else {
            self.drain(now, effects);
        }
    }

    fn tell_seen(&mut self, effects: &mut Vec<Effect>) {
        if self.link.is_live()
            && let Some(read) = self.receipts.take_news()
        {
            effects.push(Effect::Transmit(ClientFrame::Receipt {
                delivered: self.transcript.last(),
                read,
            }));
        }
    }

    fn tell_page(&mut self, effects: &mut Vec<Effect>) {
        if self.link.is_live() && self.page != self.told_page {
            self.told_page.clone_from(&self.page);
            effects.extend(
                self.page
                    .clone()
                    .map(|page| Effect::Transmit(ClientFrame::Page(page))),
            );
        }
    }

    fn fetch_older(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(first) = self.transcript.entries().front()
            && self.transcript.has_older()
        {
            self.fetch(now, Span::Before(first.seq), effects);
        }
    }

    /// Asks for one page at a time.
    fn fetch(&mut self, now: Timestamp, span: Span, effects: &mut Vec<Effect>) {
        if self.link.is_live() && self.pages.ask(now, span) {
            effects.push(Effect::Transmit(ClientFrame::History(span)));
        }
    }

    fn drain(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.link.is_live() {
            let due = self.outbox.due(now);
            effects.extend(
                due.into_iter()
                    .map(|draft| Effect::Transmit(ClientFrame::Send(draft))),
            );
        }
    }

    fn linked(
        &mut self,
        effects: &mut Vec<Effect>,
        step: impl FnOnce(&mut Link) -> Vec<link::Effect>,
    ) {
        let steps = step(&mut self.link);
        self.follow(steps, effects);
    }

    fn follow(&mut self, steps: Vec<link::Effect>, effects: &mut Vec<Effect>) {
        for step in steps {
            effects.push(match step {
                link::Effect::Connect(way) => Effect::Connect(way),
                link::Effect::Disconnect(code) => {
                    self.lost();
                    Effect::Disconnect(code)
                }
                link::Effect::Greet => {
                    self.told_page.clone_from(&self.page);
                    Effect::Transmit(ClientFrame::Hello(self.hello()))
                }
                link::Effect::Ping => Effect::Ping,
                link::Effect::Renew => Effect::Renew,
            });
        }
    }

    fn hello(&self) -> Hello {
        Hello {
            version: VersionRange::OURS,
            token: self.link.token().map(Into::into),
            cursor: self
                .transcript
                .cursor()
                .filter(|cursor| cursor.seq > Seq::START),
            page: self.page.clone(),
        }
    }

    /// Nothing that was said on the socket counts any more.
    fn lost(&mut self) {
        self.outbox.lost();
        self.pages.forget();
        self.typing.forget();
        self.receipts.lost();
    }
}
