//! What a socket does, over HTTPS: frames go up in a request and come down in its answer (SPEC, RL21).
//!
//! Must stay true: the same rules hold as on a socket. The session is not in memory but travels with the client, which hands
//! back in the next request what it was given in the last answer; nothing in it is a secret or grants anything.

use crate::{
    api::{Carried, Exchange, Exchanged},
    close::CloseCode,
    frame::{ClientFrame, Hello, Refusal, Refused, ServerFrame, Welcome},
    id::MessageId,
    message::Draft,
    receipt::Receipt,
    relay::{
        Principal,
        storage::{Audience, Fault, Origin, Storage},
    },
    version::VersionRange,
};

use super::{Conversation, refused, turn::Turn};

impl Conversation {
    /// Takes frames as from a socket, and answers what a socket would have been told since.
    pub(super) fn exchange<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        origin: &Origin,
        asked: Exchange,
    ) -> Result<Exchanged, Fault> {
        let mut answer = Exchanged {
            frames: vec![],
            carried: asked.carried,
            close: None,
        };
        if answer
            .carried
            .is_some_and(|carried| carried.epoch != origin.epoch)
        {
            // As a restored relay does: whoever comes back begins anew. Nothing that was said to another transcript counts here.
            answer.close = Some(CloseCode::Stale.number());
            return Ok(answer);
        }
        for frame in asked.frames {
            let step = self.take(turn, principal, origin, frame, &mut answer)?;
            if let Err(code) = step {
                answer.close = Some(code.number());
                return Ok(answer);
            }
        }
        if let Some(carried) = answer.carried {
            self.visitor_asks(turn, principal)?;
            self.catch_up(turn, principal, carried, &mut answer)?;
        }
        Ok(answer)
    }

    fn take<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        origin: &Origin,
        frame: ClientFrame,
        answer: &mut Exchanged,
    ) -> Result<Result<(), CloseCode>, Fault> {
        match (frame, answer.carried) {
            (ClientFrame::Hello(hello), None) => {
                return self.greet(turn, principal, origin, hello, answer);
            }
            (ClientFrame::Hello(_), Some(_)) | (_, None) => return Ok(Err(CloseCode::OutOfTurn)),
            (ClientFrame::Send(draft), Some(carried)) => {
                return self.take_draft(turn, principal, draft, carried, answer);
            }
            (ClientFrame::Receipt { delivered, read }, Some(_)) => {
                self.receipt(turn, principal, None, delivered, read)?;
            }
            (ClientFrame::Typing { on }, Some(_)) => self.typing(turn, principal, None, on),
            (ClientFrame::History(span), Some(_)) => {
                let page = self
                    .transcript
                    .page(span, principal.audience(), turn.storage)?;
                answer.frames.push(ServerFrame::History(page));
            }
            // Where the visitor is, is kept with a socket.
            (ClientFrame::Page(_) | ClientFrame::Unknown, Some(_)) => {}
        }
        Ok(Ok(()))
    }

    fn greet<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        origin: &Origin,
        hello: Hello,
        answer: &mut Exchanged,
    ) -> Result<Result<(), CloseCode>, Fault> {
        let Some(version) = VersionRange::OURS.agree(hello.version) else {
            return Ok(Err(CloseCode::TooOld));
        };
        let welcome = self.welcome(principal, origin, version, turn.storage)?;
        let span = Self::missed(hello.cursor, origin, welcome.head);
        let page = self
            .transcript
            .page(span, principal.audience(), turn.storage)?;
        answer.carried = Some(Carried {
            epoch: origin.epoch,
            seq: page.entries.last().map_or(page.previous, |entry| entry.seq),
            read: read_in_all(&welcome.receipts),
            held: None,
        });
        answer.frames.push(ServerFrame::Welcome(welcome));
        answer.frames.push(ServerFrame::History(page));
        Ok(Ok(()))
    }

    fn take_draft<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        draft: Draft,
        carried: Carried,
        answer: &mut Exchanged,
    ) -> Result<Result<(), CloseCode>, Fault> {
        let name = draft.id;
        let mut refuse = |refused: Refused, held: Option<MessageId>| {
            answer.frames.push(ServerFrame::Refused(refused));
            answer.carried = Some(Carried { held, ..carried });
        };
        if let Some(held) = carried.held.filter(|held| *held != name) {
            if turn.storage.find(held)?.is_some() {
                // As on a socket: it came another way, and only the client knows which is the next.
                return Ok(Err(CloseCode::Stale));
            }
            refuse(refused(Some(name), Refusal::Held, None), Some(held));
            return Ok(Ok(()));
        }
        match self.place(turn, principal, draft)? {
            Ok(placed) => {
                answer.frames.push(ServerFrame::Entry {
                    previous: placed.previous,
                    entry: placed.entry,
                });
                answer.carried = Some(Carried {
                    held: None,
                    ..carried
                });
            }
            Err(refusal) => {
                let held = refusal.code.passes().then_some(name);
                refuse(refusal, held);
            }
        }
        Ok(Ok(()))
    }

    /// What was stored since; in front of the answers to drafts, which may lie behind it.
    fn catch_up<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        carried: Carried,
        answer: &mut Exchanged,
    ) -> Result<(), Fault> {
        let span = crate::frame::Span::After(carried.seq);
        let page = self
            .transcript
            .page(span, principal.audience(), turn.storage)?;
        let mut previous = page.previous;
        let entries = page.entries.into_iter().map(|entry| {
            let before = std::mem::replace(&mut previous, entry.seq);
            ServerFrame::Entry {
                previous: before,
                entry,
            }
        });
        let mut frames: Vec<ServerFrame> = entries.collect();
        let greeted = matches!(answer.frames.first(), Some(ServerFrame::Welcome(_)));
        if greeted {
            // The welcome comes first, and its page with it.
            answer.frames.append(&mut frames);
        } else {
            frames.append(&mut answer.frames);
            answer.frames = frames;
        }
        let receipts = self.receipts_for(principal, turn.storage)?;
        let read = read_in_all(&receipts);
        if read != carried.read {
            answer
                .frames
                .extend(receipts.into_iter().map(ServerFrame::Receipt));
        }
        if !greeted && !answer.frames.is_empty() {
            let presence = self.presence(principal.audience(), turn.storage.duty()?);
            answer.frames.push(ServerFrame::Presence(presence));
        }
        answer.carried = Some(Carried {
            seq: previous,
            read,
            ..answer.carried.unwrap_or(carried)
        });
        Ok(())
    }

    /// What a hello is answered.
    pub(super) fn welcome(
        &mut self,
        principal: &Principal,
        origin: &Origin,
        version: u16,
        storage: &impl Storage,
    ) -> Result<Welcome, Fault> {
        let audience = principal.audience();
        Ok(Welcome {
            version,
            epoch: origin.epoch,
            head: self.transcript.heads(storage)?.of(audience),
            you: principal.author(),
            status: self.transcript.status(storage)?,
            receipts: self.receipts_for(principal, storage)?,
            presence: self.presence(audience, storage.duty()?),
        })
    }

    /// A visitor who asks over HTTPS is there for a while.
    fn visitor_asks<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
    ) -> Result<(), Fault> {
        if principal.audience() == Audience::Visitor && self.sessions.visitor_asked(turn.now) {
            self.visitor_moved(turn)?;
        }
        Ok(())
    }
}

/// Grows whenever somebody reads.
fn read_in_all(receipts: &[Receipt]) -> u64 {
    let sum = |sum: u64, receipt: &Receipt| {
        sum.saturating_add(receipt.read.0)
            .saturating_add(receipt.delivered.0)
    };
    receipts.iter().fold(0, sum)
}
