//! What a conversation is asked over HTTPS, by visitors, operators and its shop; some wait for an answer.

use std::{rc::Rc, time::Duration};

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use protocol::{
    relay::{
        Principal,
        conversation::{Answer, Failure, Input, Request as Asked},
        storage::Fault,
    },
    time::Millis,
};

use super::{Awake, Name, Object};
use crate::{
    call::{FromConversation, ToConversation},
    clock, sql,
};

/// Requests that wait for an entry at a time; more than the tabs of a conversation's people, and a bound for memory.
const WAITING_MAX: usize = 64;

type Answered = Result<FromConversation, Fault>;

impl Object {
    pub(super) async fn answer(self: &Rc<Self>, name: Name, asked: ToConversation) -> Answered {
        let (principal, asked, wait_ms) = match asked {
            ToConversation::Duty(floor) => {
                self.turn(Some(name), None, |_, _| Some(Input::Duty(floor)))
                    .await?;
                return Ok(FromConversation::Done);
            }
            ToConversation::Listed => return self.listed(name).await,
            ToConversation::Send { principal, draft } => (principal, Asked::Send(draft), 0),
            ToConversation::Entries {
                principal,
                epoch,
                span,
                wait_ms,
            } => (principal, Asked::Entries { epoch, span }, wait_ms),
            ToConversation::Exchange {
                principal,
                asked,
                wait_ms,
            } => (principal, Asked::Exchange(asked), wait_ms),
            ToConversation::Typing { principal, on } => (principal, Asked::Typing(on), 0),
            ToConversation::Receipt {
                principal,
                delivered,
                read,
            } => (principal, Asked::Receipt { delivered, read }, 0),
            ToConversation::Summary { principal } => (principal, Asked::Summary, 0),
            ToConversation::Own { principal } => (principal, Asked::Own, 0),
            ToConversation::Files { principal, files } => (principal, Asked::Files(files), 0),
            ToConversation::Bytes { .. } => {
                return Err(Fault("bytes are no answer in words".into()));
            }
        };
        self.wait_for(name, &principal, asked, Millis(wait_ms))
            .await
    }

    /// Asks, and asks again whenever something happens, until there is an answer or the time is over.
    async fn wait_for(
        self: &Rc<Self>,
        name: Name,
        principal: &Principal,
        mut asked: Asked,
        wait: Millis,
    ) -> Answered {
        let until = clock::now() + wait;
        loop {
            let (answer, again) = self.ask(name.clone(), principal, asked).await?;
            let left = until - clock::now();
            let crowd = self.waiting.borrow().len() >= WAITING_MAX;
            asked = match again {
                Some(again) if left > Millis(0) && !crowd => again,
                Some(_) | None => return Ok(answer),
            };
            let (tell, told) = oneshot::channel();
            self.waiting.borrow_mut().push(tell);
            let patience = worker::Delay::from(Duration::from_millis(left.0));
            match select(told, patience).await {
                // It may be an entry that this reader must not even know of: then the wait goes on.
                Either::Left(_) => {}
                Either::Right((_, told)) => {
                    drop(told);
                    self.waiting
                        .borrow_mut()
                        .retain(|waiting| !waiting.is_canceled());
                    return Ok(answer);
                }
            }
        }
    }

    async fn listed(self: &Rc<Self>, name: Name) -> Answered {
        self.wake(Some(name), None).await?;
        let mut awake = self.awake.borrow_mut();
        let Some(awake) = awake.as_mut() else {
            return Ok(FromConversation::NotFound);
        };
        let listed = awake.conversation.listed(&awake.storage)?;
        Ok(listed.map_or(FromConversation::NotFound, FromConversation::Summary))
    }

    /// The answer, and what to ask when something has happened, where it says nothing.
    async fn ask(
        self: &Rc<Self>,
        name: Name,
        principal: &Principal,
        asked: Asked,
    ) -> Result<(FromConversation, Option<Asked>), Fault> {
        self.wake(Some(name), None).await?;
        let mut awake = self.awake.borrow_mut();
        let Some(awake) = awake.as_mut() else {
            return Ok((FromConversation::NotFound, None));
        };
        let Awake {
            conversation,
            storage,
            ..
        } = awake;
        let answered = sql::atomically(&self.state, || {
            match conversation.answer(clock::now(), principal, asked.clone(), storage) {
                Err(Failure::Fault(fault)) => Err(fault),
                answered => Ok(answered),
            }
        })?;
        match answered {
            Ok((answer, effects)) => {
                let errand = self.perform(awake, effects)?;
                self.run_later(errand);
                let again = asked.again(&answer);
                let answer = match answer {
                    Answer::Stored(stored) => FromConversation::Stored(stored),
                    Answer::Entries(entries) => FromConversation::Entries(entries),
                    Answer::Exchanged(exchanged) => FromConversation::Exchanged(exchanged),
                    Answer::Summary(summary) => FromConversation::Summary(summary),
                    Answer::Own(own) => FromConversation::Own(own),
                    Answer::Handed { file, .. } => FromConversation::Handed(file),
                    Answer::Files(files) => FromConversation::Files(files),
                    Answer::Done => FromConversation::Done,
                };
                Ok((answer, again))
            }
            Err(Failure::NotFound) => Ok((FromConversation::NotFound, None)),
            Err(Failure::Refused(refused)) => Ok((FromConversation::Refused(refused), None)),
            Err(Failure::Fault(fault)) => Err(fault),
        }
    }
}
