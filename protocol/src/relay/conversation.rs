//! A conversation: who may do what in it, and what everybody is told (SPEC, RL).
//!
//! Must stay true: `Seq` is dense and increasing; a `MessageId` is stored once; whatever is told is stored. Everything in
//! memory here is a cache: [`Conversation::wake`] makes it anew from the sessions that the sockets carry, and the storage.

mod entrance;
mod exchange;
mod files;
mod placing;
mod presence;
mod projection;
mod reading;
mod receipts;
mod request;
mod sessions;
mod transcript;
mod turn;

use crate::{
    close::CloseCode,
    conversation::{Keep, Summary},
    cursor::Epoch,
    frame::{ClientFrame, Hello, Refusal, Refused, ServerFrame},
    id::{ConversationId, FileId, MessageId, SessionId},
    limits,
    outlook::{Floor, Outlook},
    receipt::Receipt,
    relay::{
        Principal, deadlines,
        pace::{Meter, Pace},
        session::{Session, State},
        storage::{Audience, Fault, Storage},
    },
    time::Timestamp,
};
use projection::Projection;
pub use request::{Answer, Failure, Request};
use sessions::Sessions;
use transcript::Transcript;
use turn::Turn;

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
    /// It was told so much without a word from it that it does not listen ([`limits::UNHEARD_MAX`]).
    Deaf(SessionId),
    /// A deadline has come. With it comes when each socket pinged last: pings wake nobody.
    Alarm(Vec<(SessionId, Timestamp)>),
    /// The shop has the summary and has kept it, or was not to keep it; and says who is on duty.
    Projected(Floor),
    /// The same, but it has only shown it: what matters of it its disk had said before.
    Shown(Floor),
    /// The shop could not be told.
    ProjectionFailed,
    /// The shop says who is on duty.
    Duty(Floor),
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
    /// Ask [`Conversation::settled`] when all that was written is on disk: the shop is told then, so that nobody's message waits for its waking.
    Settle,
    /// Tell the shop what its list is to show; answered by [`Input::Projected`], [`Input::Shown`] or
    /// [`Input::ProjectionFailed`].
    Project {
        /// What its list is to show.
        summary: Summary,
        /// What of it must be on the shop's disk by the answer.
        keep: Keep,
        /// Since when the visitor had waited whom an operator has answered since the shop was told last.
        answered_since: Option<Timestamp>,
    },
    /// Entries were added, or somebody has read: requests that wait for it can go on.
    Added,
    /// A file was let go: where its bytes are kept elsewhere, they go too.
    Dropped(FileId),
}

/// A conversation in memory.
#[derive(Clone, Debug)]
pub struct Conversation {
    id: ConversationId,
    sessions: Sessions,
    transcript: Transcript,
    /// What is stored, and what the sockets carry; nothing before it is asked for.
    receipts: Option<Vec<Receipt>>,
    projection: Projection,
    /// What the shop said last of when it answers; nothing before it has said so to this memory.
    outlook: Outlook,
    pace: Pace,
    /// What the visitor has left to write; nothing before it is asked for.
    meter: Option<Meter>,
    /// When a file that no message shows is let go, as far as this memory knows; an alarm asks the storage.
    sweep_at: Option<Timestamp>,
    /// The oldest incarnation that a transcript here can be of.
    restored: Epoch,
}

type Effects = Vec<Effect>;

impl Conversation {
    /// The conversation as it is after waking: the sessions come from their sockets.
    pub fn wake(id: ConversationId, sessions: impl IntoIterator<Item = Session>) -> Self {
        Self {
            id,
            sessions: Sessions::restored(sessions),
            transcript: Transcript::default(),
            receipts: None,
            projection: Projection::fresh(),
            outlook: Outlook::default(),
            pace: Pace::Human,
            meter: None,
            sweep_at: None,
            restored: Epoch::default(),
        }
    }

    /// The same, with visitors writing at this pace.
    pub fn at_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same, on a disk that was replaced by an older copy at this time.
    pub fn restored_at(self, at: Timestamp) -> Self {
        let restored = Epoch(at.0);
        Self { restored, ..self }
    }

    /// A name for the next socket, used by none.
    pub fn free_session(&self) -> SessionId {
        self.sessions.free()
    }

    /// When [`Input::Alarm`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        deadlines::earliest([
            self.sessions.next_deadline(),
            self.projection.next_deadline(),
            self.sweep_at,
        ])
    }

    /// Whether this writes one row at most, after which nothing of it can fail: then a fault leaves nothing to take back, and who
    /// calls [`Self::handle`] saves the savepoint, which costs more than the row (SPEC, RL3).
    pub fn is_one_row(&mut self, input: &Input, storage: &impl Storage) -> Result<bool, Fault> {
        let (id, frame) = match input {
            Input::Frame(id, frame) => (*id, frame),
            Input::Projected(_) | Input::Shown(_) | Input::ProjectionFailed | Input::Duty(_) => {
                return Ok(true);
            }
            Input::Opened(..)
            | Input::Hello(..)
            | Input::Malformed(_)
            | Input::Oversized(_)
            | Input::Closed(_)
            | Input::Deaf(_)
            | Input::Alarm(_) => return Ok(false),
        };
        let Some(State::Live {
            principal,
            held: None,
            ..
        }) = self.sessions.get(id)
        else {
            return Ok(false);
        };
        let audience = principal.audience();
        match frame {
            ClientFrame::Send(draft) => self.is_one_entry(audience, draft, storage),
            ClientFrame::Receipt { .. } | ClientFrame::Typing { .. } => Ok(true),
            ClientFrame::Hello(_)
            | ClientFrame::History(_)
            | ClientFrame::Page(_)
            | ClientFrame::Unknown => Ok(false),
        }
    }

    /// Takes what happened and answers what to do. On a fault nothing of it was done, and the shell lets the object's
    /// memory go, since it may not be what is stored. Unless [`Self::is_one_row`], all of it is one transaction.
    pub fn handle(
        &mut self,
        now: Timestamp,
        input: Input,
        storage: &mut impl Storage,
    ) -> Result<Effects, Fault> {
        let mut turn = Turn::new(now, storage);
        match input {
            Input::Opened(id, principal) => self.opened(&mut turn, id, principal),
            Input::Hello(id, hello, claim) => self.hello(&mut turn, id, hello, claim)?,
            Input::Frame(id, frame) => self.frame(&mut turn, id, frame)?,
            Input::Malformed(id) => turn.refuse(id, refused(None, Refusal::Malformed, None)),
            Input::Oversized(id) => {
                let limit = Some(limits::FRAME_MAX as u64);
                turn.refuse(id, refused(None, Refusal::TooLong, limit));
            }
            Input::Closed(id) => self.closed(&mut turn, id)?,
            Input::Deaf(id) => self.expel(&mut turn, id, CloseCode::Deaf)?,
            Input::Alarm(pings) => {
                self.close_late(&mut turn);
                for (id, at) in pings {
                    self.heard(&mut turn, id, at)?;
                }
                self.end_leases(&mut turn)?;
                if self.projection.is_fresh() {
                    // Who had asked over HTTPS is known to no socket: operators may think that they are still there.
                    self.tell_presence(&mut turn, Audience::Operators)?;
                }
                self.sweep(&mut turn)?;
                self.project_by_alarm(&mut turn)?;
            }
            Input::Projected(floor) => {
                self.projection.arrived(now, true);
                self.floor(&mut turn, floor)?;
            }
            Input::Shown(floor) => {
                self.projection.arrived(now, false);
                self.floor(&mut turn, floor)?;
            }
            Input::ProjectionFailed => self.projection.failed(now),
            Input::Duty(floor) => self.floor(&mut turn, floor)?,
        }
        self.project(&mut turn);
        Ok(turn.done())
    }

    /// Does what was asked over HTTPS, by the same rules as on a socket.
    pub fn answer(
        &mut self,
        now: Timestamp,
        principal: &Principal,
        request: Request,
        storage: &mut impl Storage,
    ) -> Result<(Answer, Effects), Failure> {
        let mut turn = Turn::new(now, storage);
        let begins = matches!(
            request,
            Request::Send(_)
                | Request::Entries { .. }
                | Request::Exchange(_)
                | Request::HandOver { .. }
        );
        let origin = self
            .enter(&mut turn, principal, begins)?
            .ok_or(Failure::NotFound)?;
        let answer = match request {
            Request::Send(draft) => {
                let placed = self
                    .place(&mut turn, principal, draft)?
                    .map_err(Failure::Refused)?;
                Answer::Stored(crate::api::Stored {
                    epoch: origin.epoch,
                    previous: placed.previous,
                    entry: placed.entry,
                })
            }
            Request::Entries { epoch, span } => {
                Answer::Entries(self.entries(&origin, principal, epoch, span, turn.storage)?)
            }
            Request::Exchange(asked) => {
                Answer::Exchanged(self.exchange(&mut turn, principal, &origin, asked)?)
            }
            Request::Typing(on) => {
                self.typing(&mut turn, principal, None, on);
                Answer::Done
            }
            Request::Receipt { delivered, read } => {
                self.receipt(&mut turn, principal, None, delivered, read)?;
                Answer::Done
            }
            Request::HandOver { file, digest } => self
                .hand_over(&mut turn, principal, file, digest)?
                .map_err(Failure::Refused)?,
            Request::Files(ids) => Answer::Files(Self::files(ids, turn.storage)?),
            Request::Own => Answer::Own(self.own(&origin, turn.storage)?),
            Request::Summary => Answer::Summary(self.summary(&origin, turn.storage)?),
        };
        self.project(&mut turn);
        Ok((answer, turn.done()))
    }

    fn frame<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        frame: ClientFrame,
    ) -> Result<(), Fault> {
        let (principal, held) = match self.sessions.get(id) {
            Some(State::Live {
                principal, held, ..
            }) => (principal.clone(), *held),
            Some(State::Greeting { .. }) => return self.expel(turn, id, CloseCode::OutOfTurn),
            None => return Ok(()),
        };
        self.heard(turn, id, turn.now)?;
        match frame {
            ClientFrame::Hello(_) => self.expel(turn, id, CloseCode::OutOfTurn),
            ClientFrame::Send(draft) => self.send(turn, id, &principal, held, draft),
            ClientFrame::Receipt { delivered, read } => {
                self.receipt(turn, &principal, Some(id), delivered, read)
            }
            ClientFrame::Typing { on } => {
                self.typing(turn, &principal, Some(id), on);
                Ok(())
            }
            ClientFrame::History(span) => self.history(turn, id, span, principal.audience()),
            ClientFrame::Page(page) if principal.audience() == Audience::Visitor => {
                self.page(turn, id, page)
            }
            ClientFrame::Page(_) | ClientFrame::Unknown => Ok(()),
        }
    }
}

fn refused(id: Option<MessageId>, code: Refusal, limit: Option<u64>) -> Refused {
    Refused {
        id,
        code,
        limit,
        retry_after_ms: None,
    }
}
