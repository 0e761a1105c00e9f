//! Giving drafts their place in the transcript, and telling everybody who may see it.
//!
//! Must stay true: a name is stored once and answered with the same entry ever after; a session's drafts get their places in
//! the order in which they were written; an internal entry is told to operators only.

use crate::{
    close::CloseCode,
    conversation::Status,
    cursor::Seq,
    entry::{Answer, Author, Content, Entry},
    frame::{Refusal, Refused, ServerFrame},
    id::{MessageId, SessionId},
    limits,
    message::{self, Draft, Unfit},
    part,
    relay::{
        Principal,
        pace::{Meter, Pace},
        storage::{Audience, Fault, Heads, Storage},
    },
};

use super::{
    Conversation, Effect, files::files_of, refused, transcript::free_neighbour, turn::Turn,
};

/// A draft that has its place.
pub(super) struct Placed {
    /// The place before it in its author's view.
    pub(super) previous: Seq,
    /// What it became.
    pub(super) entry: Entry,
    /// It had its place already.
    again: bool,
}

impl Conversation {
    /// A draft came on a socket; `held` is the one that must come before any other.
    pub(super) fn send<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        principal: &Principal,
        held: Option<MessageId>,
        draft: Draft,
    ) -> Result<(), Fault> {
        let name = draft.id;
        if let Some(held) = held.filter(|held| *held != name) {
            if turn.storage.find(held)?.is_some() {
                // It was stored on another way, and will not come again on this one. Which draft is now the next is only
                // known to the client: a new socket begins with it.
                return self.expel(turn, id, CloseCode::Stale);
            }
            turn.refuse(id, refused(Some(name), Refusal::Held, None));
            return Ok(());
        }
        let holds = match self.place(turn, principal, draft)? {
            // Only who asked again is answered.
            Ok(Placed {
                previous,
                entry,
                again: true,
            }) => {
                turn.tell(vec![id], ServerFrame::Entry { previous, entry });
                None
            }
            Ok(_) => None,
            Err(refused) => {
                let holds = refused.code.passes().then_some(name);
                turn.refuse(id, refused);
                holds
            }
        };
        if holds != held
            && let Some(session) = self.sessions.hold(id, holds)
        {
            turn.attach(session);
        }
        Ok(())
    }

    /// Gives a draft its place, or finds the one it has. Everybody is told of a new one.
    pub(super) fn place<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        draft: Draft,
    ) -> Result<Result<Placed, Refused>, Fault> {
        let author = principal.author();
        let audience = principal.audience();
        if let Err((code, limit)) = acceptable(audience, &draft.content) {
            return Ok(Err(refused(Some(draft.id), code, limit)));
        }
        let files = files_of(&draft.content);
        if !self.has(&files, audience, turn.storage)? {
            return Ok(Err(refused(Some(draft.id), Refusal::Missing, None)));
        }
        let reopens = self.reopens(audience, &draft, turn.storage)?;
        if audience == Audience::Visitor
            && let Some(wait) = self
                .meter(turn.storage)?
                .and_then(|meter| meter.wait(turn.now))
        {
            // What is stored already costs nothing more.
            return match turn.storage.find(draft.id)? {
                Some(entry) => found(turn, principal, &draft, entry),
                None => Ok(Err(Refused {
                    retry_after_ms: Some(wait.0),
                    ..refused(Some(draft.id), Refusal::RateLimited, None)
                })),
            };
        }
        let beside = if reopens {
            if let Some(entry) = turn.storage.find(draft.id)? {
                return found(turn, principal, &draft, entry);
            }
            let Some(free) = free_neighbour(draft.id, turn.storage)? else {
                // Nobody comes here by chance; under a new name it works.
                return Ok(Err(refused(Some(draft.id), Refusal::Conflict, None)));
            };
            Some(free)
        } else {
            None
        };
        let answers = matches!(
            (&author, &draft.content),
            (Author::Operator(_), Content::Message { .. })
        );
        let waited = match answers {
            true => self.transcript.standing(turn.storage)?.waiting,
            false => None,
        };
        // To try is cheaper than to look first: a name that is there comes once in a long while.
        let Some((heads, entry)) = self.append(turn, author.clone(), draft.clone())? else {
            return match turn.storage.find(draft.id)? {
                Some(entry) => found(turn, principal, &draft, entry),
                None => Err(Fault("a name is taken by no entry".into())),
            };
        };
        if audience == Audience::Visitor
            && let Some(meter) = &mut self.meter
        {
            meter.take(turn.now);
        }
        for file in files {
            turn.storage.show_file(file.id)?;
        }
        if let Some(id) = beside {
            let opening = Draft {
                id,
                content: Content::Status {
                    status: Status::Open,
                },
            };
            self.append(turn, Author::System, opening)?;
        }
        turn.push(Effect::Added);
        if let Some(since) = waited {
            self.projection.answered(since);
        }
        // What the shop says may be forgotten by its list for a moment; who waits may not.
        let by_shop = matches!(author, Author::Operator(_) | Author::Bot(_));
        if by_shop && entry.content.text().is_some() {
            self.projection.may_wait(turn.now);
        } else {
            self.projection.must_be_kept(turn.now);
        }
        Ok(Ok(Placed {
            previous: heads.of(audience),
            entry,
            again: false,
        }))
    }

    /// Whether a draft becomes one row at most, and no other.
    pub(super) fn is_one_entry(
        &mut self,
        audience: Audience,
        draft: &Draft,
        storage: &impl Storage,
    ) -> Result<bool, Fault> {
        Ok(files_of(&draft.content).is_empty() && !self.reopens(audience, draft, storage)?)
    }

    /// Whether something is left to do again because of a draft.
    fn reopens(
        &mut self,
        audience: Audience,
        draft: &Draft,
        storage: &impl Storage,
    ) -> Result<bool, Fault> {
        Ok(audience == Audience::Visitor
            && matches!(draft.content, Content::Message { .. })
            && self.transcript.status(storage)? == Status::Resolved)
    }

    /// What the visitor has left to write; nothing where that is not measured.
    fn meter(&mut self, storage: &impl Storage) -> Result<Option<&mut Meter>, Fault> {
        if self.pace == Pace::Unlimited {
            return Ok(None);
        }
        if self.meter.is_none() {
            self.meter = Some(Meter::of(storage.written(limits::PACE_LOOKS_BACK)?));
        }
        Ok(self.meter.as_mut())
    }

    fn append<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        author: Author,
        draft: Draft,
    ) -> Result<Option<(Heads, Entry)>, Fault> {
        let added = self
            .transcript
            .append(turn.now, author, draft, turn.storage)?;
        let Some((heads, entry)) = added else {
            return Ok(None);
        };
        let mut tell = |to, previous| {
            let entry = entry.clone();
            turn.tell(to, ServerFrame::Entry { previous, entry });
        };
        let mut operators = self.sessions.live(Audience::Operators);
        if entry.content.is_internal() {
            tell(operators, heads.all);
        } else if heads.all == heads.visitor {
            // Both see the same: one frame serves all.
            operators.extend(self.sessions.live(Audience::Visitor));
            tell(operators, heads.all);
        } else {
            tell(self.sessions.live(Audience::Visitor), heads.visitor);
            tell(operators, heads.all);
        }
        Ok(Some((heads, entry)))
    }
}

/// Whether words can be stored.
fn written(text: &str) -> Result<(), (Refusal, Option<u64>)> {
    match message::fit(text) {
        Ok(()) => Ok(()),
        Err(Unfit::Empty) => Err((Refusal::Empty, None)),
        Err(Unfit::TooLong) => Err((Refusal::TooLong, Some(limits::TEXT_MAX as u64))),
    }
}

fn within(text: &str, most: usize) -> Result<(), (Refusal, Option<u64>)> {
    if text.chars().count() > most {
        return Err((Refusal::TooLong, Some(most as u64)));
    }
    Ok(())
}

/// The answer to a draft whose name has its place already.
fn found<S: Storage>(
    turn: &mut Turn<'_, S>,
    principal: &Principal,
    draft: &Draft,
    entry: Entry,
) -> Result<Result<Placed, Refused>, Fault> {
    if !entry.author.is(&principal.author()) || entry.content != draft.content {
        return Ok(Err(refused(Some(draft.id), Refusal::Conflict, None)));
    }
    let before = turn.storage.before(entry.seq, principal.audience(), 1)?;
    Ok(Ok(Placed {
        previous: before.last().map_or(Seq::START, |entry| entry.seq),
        entry,
        again: true,
    }))
}

/// Whether somebody of this audience may store this.
fn acceptable(audience: Audience, content: &Content) -> Result<(), (Refusal, Option<u64>)> {
    match (content, audience) {
        (Content::Message { text, parts }, _) => {
            let fit = match audience {
                Audience::Operators => part::fit(parts),
                Audience::Visitor => part::fit_of_visitor(parts),
            };
            fit.map_err(|unfit| match unfit {
                part::Unfit::Forbidden => (Refusal::Forbidden, None),
                part::Unfit::Blank | part::Unfit::NoAddress => (Refusal::Malformed, None),
                part::Unfit::TooLong(most) => (Refusal::TooLong, Some(most as u64)),
            })?;
            match written(text) {
                Err((Refusal::Empty, _)) if !part::want_words(parts) => Ok(()),
                written => written,
            }
        }
        (Content::Note { text }, Audience::Operators) => written(text),
        (Content::Form { answers }, Audience::Visitor) => {
            let fits = |answer: &Answer| {
                within(&answer.name, limits::NAME_MAX)?;
                within(&answer.label, limits::LINE_MAX)?;
                within(&answer.value, limits::ANSWER_MAX)
            };
            if answers.all().len() > limits::ANSWERS_MAX {
                return Err((Refusal::TooLong, Some(limits::ANSWERS_MAX as u64)));
            }
            answers.all().iter().try_for_each(fits)
        }
        (
            Content::Rating {
                score: 1..=5,
                comment,
            },
            Audience::Visitor,
        ) => within(comment, limits::ANSWER_MAX),
        (Content::Rating { .. }, Audience::Visitor) => Err((Refusal::Malformed, None)),
        (Content::Form { .. } | Content::Rating { .. }, Audience::Operators) => {
            Err((Refusal::Forbidden, None))
        }
        (Content::Assigned { to: Some(card) }, Audience::Operators)
            if card.name.chars().count() > limits::NAME_MAX =>
        {
            Err((Refusal::TooLong, Some(limits::NAME_MAX as u64)))
        }
        (Content::Assigned { .. } | Content::Status { .. }, Audience::Operators) => Ok(()),
        (
            Content::Note { .. } | Content::Assigned { .. } | Content::Status { .. },
            Audience::Visitor,
        ) => Err((Refusal::Forbidden, None)),
        (Content::Unknown, _) => Err((Refusal::Malformed, None)),
    }
}
