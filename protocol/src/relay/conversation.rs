//! A conversation: who may do what in it, and what everybody is told (SPEC, RL).
//!
//! Must stay true: `Seq` is dense and increasing; a `MessageId` is stored once; whatever is told is stored. Everything in
//! memory here is a cache: [`Conversation::wake`] makes it anew from the sessions that the sockets carry, and the storage.

use std::collections::BTreeMap;

use crate::{
    close::CloseCode,
    conversation::{LastWords, Status, Summary},
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, Content, Entry, OperatorCard},
    frame::{ClientFrame, Hello, History, Presence, Refusal, Refused, ServerFrame, Span, Welcome},
    id::{ConversationId, MessageId, SessionId},
    limits,
    message::{self, Draft, Unfit},
    presence::Page,
    receipt::Receipt,
    relay::{
        Principal, deadlines,
        session::{Session, State},
        storage::{Audience, Fault, Heads, Origin, Storage},
    },
    time::{Millis, Timestamp},
    version::VersionRange,
};

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A socket was accepted; `principal` is who opened it, where the request said so.
    Opened(SessionId, Option<Principal>),
    /// Its hello came; `claim` is what its token proves, if it carries one that is good.
    Hello(SessionId, Hello, Option<Principal>),
    /// Another frame came.
    Frame(SessionId, ClientFrame),
    /// Something came that is no frame.
    Malformed(SessionId),
    /// A frame came that is longer than [`limits::FRAME_MAX`].
    Oversized(SessionId),
    /// The socket is gone.
    Closed(SessionId),
    /// A deadline has come.
    Alarm,
    /// The shop has the summary, and says who is on duty.
    Projected(Vec<OperatorCard>),
    /// The shop could not be told.
    ProjectionFailed,
    /// The shop says who is on duty.
    Duty(Vec<OperatorCard>),
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Keep the session with its socket.
    Attach(Session),
    /// Tell these sessions.
    Send(Vec<SessionId>, ServerFrame),
    /// Close the socket.
    Close(SessionId, CloseCode),
    /// Tell the shop what its list is to show; answered by [`Input::Projected`] or [`Input::ProjectionFailed`].
    Project(Summary),
    /// Entries were added: requests that wait for one can go on.
    Added,
}

/// Something asked over HTTPS.
#[derive(Clone, Debug)]
pub enum Request {
    /// Store this.
    Send(Draft),
    /// Read from this place.
    Entries {
        /// The incarnation that the place belongs to; of another, reading starts over.
        epoch: Option<Epoch>,
        /// The place.
        span: Span,
    },
    /// Somebody types.
    Typing(bool),
    /// Somebody has read.
    Receipt {
        /// The last entry that reached them.
        delivered: Seq,
        /// The last entry they have seen.
        read: Seq,
    },
    /// What the list shows.
    Summary,
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is stored, now or before.
    Stored(crate::api::Stored),
    /// What was to be read.
    Entries(crate::api::Entries),
    /// What the list shows.
    Summary(Summary),
    /// Done.
    Done,
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such conversation for this principal.
    NotFound,
    /// Not as it is.
    Refused(Refused),
    /// Ours to mend.
    Fault(Fault),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Whether the shop's list shows what the transcript says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Projection {
    /// It does, as far as this memory goes.
    Clean,
    /// It will be told.
    Due { at: Timestamp, failures: u32 },
    /// It is being told; `again` when something changed meanwhile.
    Flying {
        since: Timestamp,
        failures: u32,
        again: bool,
    },
}

/// A conversation in memory.
#[derive(Clone, Debug)]
pub struct Conversation {
    id: ConversationId,
    sessions: BTreeMap<SessionId, State>,
    /// The newest name of a session; the event that an older socket is gone may still come.
    newest: SessionId,
    origin: Option<Origin>,
    heads: Option<Heads>,
    status: Option<Status>,
    projection: Projection,
    projected_at: Timestamp,
    /// Nothing was projected since waking: an alarm may stand for work that this memory does not know.
    fresh: bool,
}

type Effects = Vec<Effect>;

impl Conversation {
    /// The conversation as it is after waking: the sessions come from their sockets.
    pub fn wake(id: ConversationId, sessions: impl IntoIterator<Item = Session>) -> Self {
        let sessions: BTreeMap<_, _> = sessions
            .into_iter()
            .map(|session| (session.id, session.state))
            .collect();
        Self {
            id,
            newest: sessions.keys().max().copied().unwrap_or_default(),
            sessions,
            origin: None,
            heads: None,
            status: None,
            projection: Projection::Clean,
            projected_at: Timestamp(0),
            fresh: true,
        }
    }

    /// A name for the next socket, used by none.
    pub fn free_session(&self) -> SessionId {
        SessionId(self.newest.0.wrapping_add(1))
    }

    /// When [`Input::Alarm`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let greetings = self.sessions.values().map(|state| match state {
            State::Greeting { until, .. } => Some(*until),
            State::Live { .. } => None,
        });
        let projection = match self.projection {
            Projection::Due { at, .. } => Some(at),
            // Should the answer never come, the next alarm tries again.
            Projection::Flying { since, .. } => Some(since + limits::PROJECTION_RETRY_MAX),
            Projection::Clean => None,
        };
        deadlines::earliest(greetings.chain([projection]))
    }

    /// Takes what happened and answers what to do. On a fault nothing of it was done, and the shell lets the object's
    /// memory go, since it may not be what is stored.
    pub fn handle(
        &mut self,
        now: Timestamp,
        input: Input,
        storage: &mut impl Storage,
    ) -> Result<Effects, Fault> {
        let mut effects = vec![];
        match input {
            Input::Opened(id, principal) => {
                self.newest = self.newest.max(id);
                let state = State::Greeting {
                    until: now + limits::GREETING,
                    principal,
                };
                self.attach(id, state, &mut effects);
            }
            Input::Hello(id, hello, claim) => {
                self.hello(now, id, hello, claim, storage, &mut effects)?
            }
            Input::Frame(id, frame) => self.frame(now, id, frame, storage, &mut effects)?,
            Input::Malformed(id) => effects.push(refuse(id, None, Refusal::Malformed, None)),
            Input::Oversized(id) => {
                effects.push(refuse(
                    id,
                    None,
                    Refusal::TooLong,
                    Some(limits::FRAME_MAX as u64),
                ));
            }
            Input::Closed(id) => self.closed(now, id, storage, &mut effects)?,
            Input::Alarm => self.alarm(now, storage, &mut effects)?,
            Input::Projected(duty) => {
                if let Projection::Flying { again, .. } = self.projection {
                    let next = Projection::Due {
                        at: self.projected_at + limits::PROJECTION_EVERY,
                        failures: 0,
                    };
                    self.projection = if again { next } else { Projection::Clean };
                }
                self.duty(duty, storage, &mut effects)?;
            }
            Input::ProjectionFailed => {
                if let Projection::Flying { failures, .. } = self.projection {
                    let wait = limits::PROJECTION_RETRY
                        .0
                        .saturating_mul(1 << failures.min(16));
                    let at = now + Millis(wait.min(limits::PROJECTION_RETRY_MAX.0));
                    self.projection = Projection::Due {
                        at,
                        failures: failures.saturating_add(1),
                    };
                }
            }
            Input::Duty(duty) => self.duty(duty, storage, &mut effects)?,
        }
        Ok(effects)
    }

    /// Does what was asked over HTTPS, by the same rules as on a socket.
    pub fn answer(
        &mut self,
        now: Timestamp,
        principal: &Principal,
        request: Request,
        storage: &mut impl Storage,
    ) -> Result<(Answer, Effects), Failure> {
        let mut effects = vec![];
        let begins = matches!(request, Request::Send(_) | Request::Entries { .. });
        let origin = self
            .enter(now, principal, begins, storage)?
            .ok_or(Failure::NotFound)?;
        let answer = match request {
            Request::Send(draft) => {
                let (previous, entry) = self
                    .place(now, principal, draft, storage, &mut effects)?
                    .map_err(Failure::Refused)?;
                Answer::Stored(crate::api::Stored {
                    epoch: origin.epoch,
                    previous,
                    entry,
                })
            }
            Request::Entries { epoch, span } => {
                let span = if epoch.is_none_or(|epoch| epoch == origin.epoch) {
                    span
                } else {
                    Span::Newest
                };
                let page = self.page(span, principal.audience(), storage)?;
                let seq = page.entries.last().map_or(page.previous, |entry| entry.seq);
                Answer::Entries(crate::api::Entries {
                    conversation: origin.conversation,
                    you: principal.author(),
                    cursor: Cursor {
                        epoch: origin.epoch,
                        seq,
                    },
                    previous: page.previous,
                    entries: page.entries,
                    more: page.more,
                    status: self.status(storage)?,
                    receipts: self.receipts_for(principal, storage)?,
                    presence: self.presence(principal.audience(), storage)?,
                })
            }
            Request::Typing(on) => {
                self.typing(principal, None, on, &mut effects);
                Answer::Done
            }
            Request::Receipt { delivered, read } => {
                self.receipt(now, principal, delivered, read, storage, &mut effects)?;
                Answer::Done
            }
            Request::Summary => Answer::Summary(self.summary(&origin, storage)?),
        };
        Ok((answer, effects))
    }

    fn hello(
        &mut self,
        now: Timestamp,
        id: SessionId,
        hello: Hello,
        claim: Option<Principal>,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let Some(State::Greeting { principal, .. }) = self.sessions.get(&id) else {
            return self.expel(now, id, CloseCode::OutOfTurn, storage, effects);
        };
        let Some(version) = VersionRange::OURS.agree(hello.version) else {
            self.close(id, CloseCode::TooOld, effects);
            return Ok(());
        };
        // A token says as whom the hello is meant: an operator who visits the shop sends the operator's cookie along.
        let principal = if hello.token.is_some() {
            claim
        } else {
            principal.clone()
        };
        let Some(principal) = principal else {
            self.close(id, CloseCode::Unauthorized, effects);
            return Ok(());
        };
        let Some(origin) = self.enter(now, &principal, true, storage)? else {
            self.close(id, CloseCode::Forbidden, effects);
            return Ok(());
        };
        let audience = principal.audience();
        let page = if audience == Audience::Visitor {
            hello.page.map(cut_page)
        } else {
            None
        };
        self.attach(
            id,
            State::Live {
                principal: principal.clone(),
                held: None,
                page,
            },
            effects,
        );
        let head = self.heads(storage)?.of(audience);
        let welcome = Welcome {
            version,
            epoch: origin.epoch,
            head,
            you: principal.author(),
            status: self.status(storage)?,
            receipts: self.receipts_for(&principal, storage)?,
            presence: self.presence(audience, storage)?,
        };
        effects.push(Effect::Send(vec![id], ServerFrame::Welcome(welcome)));
        let span = match hello.cursor {
            // A reader who has more than there is has read what is lost.
            Some(cursor) if cursor.epoch == origin.epoch && cursor.seq <= head => {
                Span::After(cursor.seq)
            }
            Some(_) | None => Span::Newest,
        };
        let missed = self.page(span, audience, storage)?;
        effects.push(Effect::Send(vec![id], ServerFrame::History(missed)));
        if audience == Audience::Visitor {
            self.visitor_moved(now, storage, effects)?;
        }
        Ok(())
    }

    fn frame(
        &mut self,
        now: Timestamp,
        id: SessionId,
        frame: ClientFrame,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let (principal, held) = match self.sessions.get(&id) {
            Some(State::Live {
                principal, held, ..
            }) => (principal.clone(), *held),
            Some(State::Greeting { .. }) => {
                return self.expel(now, id, CloseCode::OutOfTurn, storage, effects);
            }
            None => return Ok(()),
        };
        match frame {
            ClientFrame::Hello(_) => self.expel(now, id, CloseCode::OutOfTurn, storage, effects)?,
            ClientFrame::Send(draft) => {
                self.send(now, id, &principal, held, draft, storage, effects)?
            }
            ClientFrame::Receipt { delivered, read } => {
                self.receipt(now, &principal, delivered, read, storage, effects)?;
            }
            ClientFrame::Typing { on } => self.typing(&principal, Some(id), on, effects),
            ClientFrame::History(span) => {
                let page = self.page(span, principal.audience(), storage)?;
                effects.push(Effect::Send(vec![id], ServerFrame::History(page)));
            }
            ClientFrame::Page(page) => {
                if principal.audience() == Audience::Visitor {
                    let page = Some(cut_page(page));
                    self.attach(
                        id,
                        State::Live {
                            principal,
                            held,
                            page,
                        },
                        effects,
                    );
                    self.visitor_moved(now, storage, effects)?;
                }
            }
            ClientFrame::Unknown => {}
        }
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is one thing the decision needs"
    )]
    fn send(
        &mut self,
        now: Timestamp,
        id: SessionId,
        principal: &Principal,
        held: Option<MessageId>,
        draft: Draft,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let name = draft.id;
        if let Some(held) = held.filter(|held| *held != name) {
            if storage.find(held)?.is_some() {
                // It was stored on another way, and will not come again on this one. Which draft is now the next is only
                // known to the client: a new socket begins with it.
                return self.expel(now, id, CloseCode::Stale, storage, effects);
            }
            effects.push(refuse(id, Some(name), Refusal::Held, None));
            return Ok(());
        }
        let before = effects.len();
        let holds = match self.place(now, principal, draft, storage, effects)? {
            // Stored before: only who asked again is answered.
            Ok((previous, entry)) if effects.len() == before => {
                effects.push(Effect::Send(
                    vec![id],
                    ServerFrame::Entry { previous, entry },
                ));
                None
            }
            Ok(_) => None,
            Err(refused) => {
                let holds = refused.code.passes().then_some(name);
                effects.push(Effect::Send(vec![id], ServerFrame::Refused(refused)));
                holds
            }
        };
        if holds != held
            && let Some(State::Live { page, .. }) = self.sessions.get(&id)
        {
            let state = State::Live {
                principal: principal.clone(),
                held: holds,
                page: page.clone(),
            };
            self.attach(id, state, effects);
        }
        Ok(())
    }

    /// Gives a draft its place, or finds the one it has. Everybody is told of a new one.
    fn place(
        &mut self,
        now: Timestamp,
        principal: &Principal,
        draft: Draft,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<Result<(Seq, Entry), Refused>, Fault> {
        let author = principal.author();
        let audience = principal.audience();
        if let Err((code, limit)) = acceptable(audience, &draft.content) {
            return Ok(Err(Refused {
                id: Some(draft.id),
                code,
                limit,
                retry_after_ms: None,
            }));
        }
        if let Some(known) = storage.find(draft.id)? {
            if !known.author.is(&author) || known.content != draft.content {
                return Ok(Err(Refused {
                    id: Some(draft.id),
                    code: Refusal::Conflict,
                    limit: None,
                    retry_after_ms: None,
                }));
            }
            let previous = storage
                .before(known.seq, audience, 1)?
                .last()
                .map_or(Seq::START, |entry| entry.seq);
            return Ok(Ok((previous, known)));
        }
        let reopens = audience == Audience::Visitor && self.status(storage)? == Status::Resolved;
        let (previous, entry) = self.append(
            now,
            author,
            draft.id,
            draft.content,
            audience,
            storage,
            effects,
        )?;
        if reopens {
            let name = free_neighbour(entry.id, storage)?;
            let content = Content::Status {
                status: Status::Open,
            };
            self.append(
                now,
                Author::System,
                name,
                content,
                audience,
                storage,
                effects,
            )?;
        }
        effects.push(Effect::Added);
        self.dirty(now);
        Ok(Ok((previous, entry)))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of an entry, and where it goes"
    )]
    fn append(
        &mut self,
        now: Timestamp,
        author: Author,
        id: MessageId,
        content: Content,
        audience: Audience,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(Seq, Entry), Fault> {
        let heads = self.heads(storage)?;
        let entry = Entry {
            seq: heads.all.next(),
            id,
            at: now,
            author,
            content,
        };
        storage.append(&entry)?;
        if let Content::Status { status } = entry.content {
            self.status = Some(status);
        }
        let internal = entry.content.is_internal();
        self.heads = Some(Heads {
            all: entry.seq,
            visitor: if internal { heads.visitor } else { entry.seq },
        });
        for (reader, previous) in [
            (Audience::Visitor, heads.visitor),
            (Audience::Operators, heads.all),
        ] {
            let to = self.live(reader, None);
            if !to.is_empty() && (!internal || reader == Audience::Operators) {
                effects.push(Effect::Send(
                    to,
                    ServerFrame::Entry {
                        previous,
                        entry: entry.clone(),
                    },
                ));
            }
        }
        Ok((heads.of(audience), entry))
    }

    fn receipt(
        &mut self,
        now: Timestamp,
        principal: &Principal,
        delivered: Seq,
        read: Seq,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let reader = principal.author();
        let head = self.heads(storage)?.all;
        let known = storage
            .receipts()?
            .into_iter()
            .find(|known| known.reader.is(&reader));
        let old = known.unwrap_or(Receipt {
            reader: reader.clone(),
            delivered: Seq::START,
            read: Seq::START,
        });
        // A register that only grows, and never past what there is.
        let read = old.read.max(read.min(head));
        let new = Receipt {
            reader,
            delivered: old.delivered.max(delivered.min(head)).max(read),
            read,
        };
        if new == old {
            return Ok(());
        }
        storage.put_receipt(&new)?;
        let mut to = self.live(Audience::Visitor, None);
        to.extend(self.live(Audience::Operators, None));
        if !to.is_empty() {
            effects.push(Effect::Send(to, ServerFrame::Receipt(new)));
        }
        if principal.audience() == Audience::Operators && read > old.read {
            self.dirty(now);
        }
        Ok(())
    }

    fn typing(
        &self,
        principal: &Principal,
        from: Option<SessionId>,
        on: bool,
        effects: &mut Effects,
    ) {
        let mut to = self.live(Audience::Operators, from);
        to.extend(self.live(Audience::Visitor, from));
        if !to.is_empty() {
            effects.push(Effect::Send(
                to,
                ServerFrame::Typing {
                    author: principal.author(),
                    on,
                },
            ));
        }
    }

    fn closed(
        &mut self,
        now: Timestamp,
        id: SessionId,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let Some(State::Live { principal, .. }) = self.sessions.remove(&id) else {
            return Ok(());
        };
        self.typing(&principal, Some(id), false, effects);
        if principal.audience() == Audience::Visitor {
            self.visitor_moved(now, storage, effects)?;
        }
        Ok(())
    }

    fn alarm(
        &mut self,
        now: Timestamp,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        let late = self.sessions.iter().filter_map(|(id, state)| match state {
            State::Greeting { until, .. } if *until <= now => Some(*id),
            State::Greeting { .. } | State::Live { .. } => None,
        });
        for id in late.collect::<Vec<_>>() {
            self.close(id, CloseCode::Stale, effects);
        }
        let failures = match self.projection {
            Projection::Due { at, failures } if at <= now => failures,
            Projection::Flying {
                since, failures, ..
            } if since + limits::PROJECTION_RETRY_MAX <= now => failures,
            Projection::Clean if self.fresh => 0,
            Projection::Clean | Projection::Due { .. } | Projection::Flying { .. } => return Ok(()),
        };
        let Some(origin) = self.origin(storage)? else {
            self.projection = Projection::Clean;
            return Ok(());
        };
        if self.heads(storage)?.all == Seq::START {
            // Nobody has written: not a conversation anybody needs to see.
            self.projection = Projection::Clean;
            return Ok(());
        }
        self.projection = Projection::Flying {
            since: now,
            failures,
            again: false,
        };
        self.projected_at = now;
        self.fresh = false;
        effects.push(Effect::Project(self.summary(&origin, storage)?));
        Ok(())
    }

    /// The list no longer shows what is so.
    fn dirty(&mut self, now: Timestamp) {
        self.projection = match self.projection {
            Projection::Clean => {
                let at = (self.projected_at + limits::PROJECTION_EVERY).max(now);
                // A clock set back must not keep the list waiting.
                Projection::Due {
                    at: at.min(now + limits::PROJECTION_EVERY),
                    failures: 0,
                }
            }
            Projection::Flying {
                since, failures, ..
            } => Projection::Flying {
                since,
                failures,
                again: true,
            },
            due @ Projection::Due { .. } => due,
        };
    }

    fn duty(
        &mut self,
        duty: Vec<OperatorCard>,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        if self.origin(storage)?.is_some() && storage.duty()? != duty {
            storage.put_duty(&duty)?;
            self.tell_presence(storage, effects)?;
        }
        Ok(())
    }

    /// The visitor came, left, or is on another page.
    fn visitor_moved(
        &mut self,
        now: Timestamp,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        if self.heads(storage)?.all > Seq::START {
            self.dirty(now);
        }
        let to = self.live(Audience::Operators, None);
        if !to.is_empty() {
            let presence = self.presence(Audience::Operators, storage)?;
            effects.push(Effect::Send(to, ServerFrame::Presence(presence)));
        }
        Ok(())
    }

    fn tell_presence(&self, storage: &impl Storage, effects: &mut Effects) -> Result<(), Fault> {
        for audience in [Audience::Visitor, Audience::Operators] {
            let to = self.live(audience, None);
            if !to.is_empty() {
                effects.push(Effect::Send(
                    to,
                    ServerFrame::Presence(self.presence(audience, storage)?),
                ));
            }
        }
        Ok(())
    }

    fn presence(&self, audience: Audience, storage: &impl Storage) -> Result<Presence, Fault> {
        let page = if audience == Audience::Operators {
            self.visitors_page()
        } else {
            None
        };
        Ok(Presence {
            duty: storage.duty()?,
            visitor: self.visitor_present(),
            page,
        })
    }

    fn visitor_present(&self) -> bool {
        !self.live(Audience::Visitor, None).is_empty()
    }

    /// The page of the visitor's newest socket.
    fn visitors_page(&self) -> Option<Page> {
        self.sessions.values().rev().find_map(|state| match state {
            State::Live { page, .. } => page.clone(),
            State::Greeting { .. } => None,
        })
    }

    fn summary(&self, origin: &Origin, storage: &impl Storage) -> Result<Summary, Fault> {
        let standing = storage.standing()?;
        let last = standing.words.map(|entry| LastWords {
            note: matches!(entry.content, Content::Note { .. }),
            text: entry
                .content
                .text()
                .unwrap_or_default()
                .chars()
                .take(limits::LAST_WORDS_MAX)
                .collect(),
            author: entry.author,
        });
        Ok(Summary {
            id: origin.conversation,
            visitor: origin.visitor,
            status: status_of(standing.status.as_ref()),
            assignee: standing.assigned.and_then(|entry| match entry.content {
                Content::Assigned { to } => to,
                Content::Message { .. }
                | Content::Note { .. }
                | Content::Status { .. }
                | Content::Unknown => None,
            }),
            last,
            head: storage.heads()?.all,
            unread: standing.unread,
            waiting_since: standing.waiting,
            visitor_present: self.visitor_present(),
            page: self.visitors_page(),
            opened_at: origin.at,
            updated_at: standing.updated_at.unwrap_or(origin.at),
        })
    }

    fn receipts_for(
        &self,
        reader: &Principal,
        storage: &impl Storage,
    ) -> Result<Vec<Receipt>, Fault> {
        let mut receipts = storage.receipts()?;
        if reader.audience() == Audience::Visitor {
            receipts
                .retain(|receipt| matches!(receipt.reader, Author::Visitor | Author::Operator(_)));
        }
        Ok(receipts)
    }

    fn page(
        &mut self,
        span: Span,
        audience: Audience,
        storage: &impl Storage,
    ) -> Result<History, Fault> {
        // One more than a page tells whether there are more, and what comes before the first.
        let limit = limits::HISTORY_PAGE;
        match span {
            Span::After(seq) => {
                // What the reader names is in its view, or it would not know it; past the end it is any number.
                let previous = seq.min(self.heads(storage)?.of(audience));
                let mut entries = storage.after(previous, audience, limit + 1)?;
                let more = entries.len() > limit;
                entries.truncate(limit);
                Ok(History {
                    previous,
                    entries,
                    more,
                })
            }
            Span::Before(_) | Span::Newest => {
                let past = self.heads(storage)?.all.next();
                let end = match span {
                    Span::Before(seq) => seq.min(past),
                    Span::After(_) | Span::Newest => past,
                };
                let mut entries = storage.before(end, audience, limit + 1)?;
                let more = entries.len() > limit;
                let previous = if more {
                    entries.remove(0).seq
                } else {
                    Seq::START
                };
                Ok(History {
                    previous,
                    entries,
                    more,
                })
            }
        }
    }

    /// Lets a principal in, and begins the conversation when a visitor comes to it first. `None` when it is not theirs,
    /// or not there.
    fn enter(
        &mut self,
        now: Timestamp,
        principal: &Principal,
        begins: bool,
        storage: &mut impl Storage,
    ) -> Result<Option<Origin>, Fault> {
        match (self.origin(storage)?, principal) {
            (Some(origin), Principal::Visitor { shop, visitor }) => {
                Ok((origin.shop == *shop && origin.visitor == *visitor).then_some(origin))
            }
            (Some(origin), Principal::Operator { shop, .. }) => {
                Ok((origin.shop == *shop).then_some(origin))
            }
            (None, Principal::Visitor { shop, visitor }) if begins => {
                let origin = Origin {
                    conversation: self.id,
                    shop: shop.clone(),
                    visitor: *visitor,
                    epoch: Epoch(now.0),
                    at: now,
                };
                storage.begin(&origin)?;
                self.origin = Some(origin.clone());
                Ok(Some(origin))
            }
            (None, Principal::Visitor { .. } | Principal::Operator { .. }) => Ok(None),
        }
    }

    fn origin(&mut self, storage: &impl Storage) -> Result<Option<Origin>, Fault> {
        if self.origin.is_none() {
            self.origin = storage.origin()?;
        }
        Ok(self.origin.clone())
    }

    fn heads(&mut self, storage: &impl Storage) -> Result<Heads, Fault> {
        match self.heads {
            Some(heads) => Ok(heads),
            None => Ok(*self.heads.insert(storage.heads()?)),
        }
    }

    fn status(&mut self, storage: &impl Storage) -> Result<Status, Fault> {
        match self.status {
            Some(status) => Ok(status),
            None => Ok(*self
                .status
                .insert(status_of(storage.standing()?.status.as_ref()))),
        }
    }

    fn live(&self, audience: Audience, except: Option<SessionId>) -> Vec<SessionId> {
        let live = self.sessions.iter().filter_map(|(id, state)| match state {
            State::Live { principal, .. } if principal.audience() == audience => Some(*id),
            State::Live { .. } | State::Greeting { .. } => None,
        });
        live.filter(|id| Some(*id) != except).collect()
    }

    fn attach(&mut self, id: SessionId, state: State, effects: &mut Effects) {
        self.sessions.insert(id, state.clone());
        effects.push(Effect::Attach(Session { id, state }));
    }

    /// Closes a socket as if it had gone by itself: others may have been told that it is there.
    fn expel(
        &mut self,
        now: Timestamp,
        id: SessionId,
        code: CloseCode,
        storage: &mut impl Storage,
        effects: &mut Effects,
    ) -> Result<(), Fault> {
        self.closed(now, id, storage, effects)?;
        effects.push(Effect::Close(id, code));
        Ok(())
    }

    fn close(&mut self, id: SessionId, code: CloseCode, effects: &mut Effects) {
        self.sessions.remove(&id);
        effects.push(Effect::Close(id, code));
    }
}

/// Whether somebody of this audience may store this.
fn acceptable(audience: Audience, content: &Content) -> Result<(), (Refusal, Option<u64>)> {
    match (content, audience) {
        (Content::Message { text }, _) | (Content::Note { text }, Audience::Operators) => {
            match message::fit(text) {
                Ok(()) => Ok(()),
                Err(Unfit::Empty) => Err((Refusal::Empty, None)),
                Err(Unfit::TooLong) => Err((Refusal::TooLong, Some(limits::TEXT_MAX as u64))),
            }
        }
        (Content::Assigned { .. } | Content::Status { .. }, Audience::Operators) => Ok(()),
        (
            Content::Note { .. } | Content::Assigned { .. } | Content::Status { .. },
            Audience::Visitor,
        ) => Err((Refusal::Forbidden, None)),
        (Content::Unknown, _) => Err((Refusal::Malformed, None)),
    }
}

/// A name beside that of the message which causes an entry, taken by none.
fn free_neighbour(id: MessageId, storage: &impl Storage) -> Result<MessageId, Fault> {
    let [first @ .., last] = *id.as_bytes();
    let beside = |salt: u8| {
        let mut name = [last ^ salt; 16];
        name.iter_mut().zip(first).for_each(|(to, byte)| *to = byte);
        MessageId::from_bytes(name)
    };
    for name in (1..=u8::MAX).map(beside) {
        if storage.find(name)?.is_none() {
            return Ok(name);
        }
    }
    Err(Fault("no name is free beside that of a message".into()))
}

fn status_of(entry: Option<&Entry>) -> Status {
    match entry.map(|entry| &entry.content) {
        Some(Content::Status { status }) => *status,
        Some(
            Content::Message { .. }
            | Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Unknown,
        )
        | None => Status::Open,
    }
}

fn refuse(to: SessionId, id: Option<MessageId>, code: Refusal, limit: Option<u64>) -> Effect {
    Effect::Send(
        vec![to],
        ServerFrame::Refused(Refused {
            id,
            code,
            limit,
            retry_after_ms: None,
        }),
    )
}

fn cut_page(page: Page) -> Page {
    let url = page.url.split(['?', '#']).next().unwrap_or_default();
    Page {
        url: url.chars().take(limits::URL_MAX).collect(),
        title: page.title.chars().take(limits::TITLE_MAX).collect(),
    }
}
