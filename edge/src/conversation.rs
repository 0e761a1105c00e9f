//! `ConversationObject`: one conversation on a Durable Object, a shell around [`protocol::relay::conversation`].
//!
//! What comes in becomes an `Input`, an `Effect` becomes a call. Its memory is a cache of its SQLite and its sockets'
//! attachments, and may vanish between any two events. Outgoing frames wait behind the runtime's output gate until what was
//! written before them is on disk, so what a peer is told is stored. No borrow is held across an `.await`.

mod errand;
mod files;
mod hearing;
mod requests;

use std::{cell::RefCell, rc::Rc};

use futures_channel::oneshot;
use protocol::{
    close::CloseCode,
    frame::ServerFrame,
    id::{ConversationId, ShopId},
    relay::{
        Principal,
        conversation::{Conversation, Effect, Input},
        deadlines,
        session::Session,
        storage::{Fault, Storage},
    },
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{
    DurableObject, Env, Method, Request, Response, Result, State, WebSocket, durable_object,
};

use errand::{Errand, Projected};

use crate::{
    call::{self, ToConversation},
    clock, config, error,
    socket::Sockets,
    sql::{self, Sql},
    storage::ConversationStorage,
};

/// One conversation. What its sockets say comes in by `hearing.rs`, which waits for nothing while the object is awake.
#[durable_object(alarm)]
pub struct ConversationObject(Rc<Object>);

/// It outlives the event that it deals with while the shop is told.
struct Object {
    state: State,
    env: Env,
    awake: RefCell<Option<Awake>>,
    /// Requests that wait for the next entry.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

/// What is in memory while the object is awake.
struct Awake {
    name: Name,
    conversation: Conversation,
    storage: ConversationStorage<Sql>,
    sockets: Sockets,
    /// When the alarm rings, as far as is known here.
    alarm: Option<Timestamp>,
}

/// Which conversation an object is; the runtime does not tell an object its name when it wakes.
#[derive(Clone, Serialize, Deserialize)]
struct Name {
    shop: ShopId,
    conversation: ConversationId,
}

impl Name {
    fn read(shop: &str, conversation: &str) -> Result<Self> {
        Ok(Self {
            shop: shop.parse().map_err(|_| worker::Error::from("no shop"))?,
            conversation: conversation
                .parse()
                .map_err(|_| worker::Error::from("no conversation"))?,
        })
    }
}

/// What a socket carries: the session, and which conversation it is of, for before that is stored.
#[derive(Serialize, Deserialize)]
struct Carried {
    name: Name,
    session: Session,
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        Self(Rc::new(Object {
            state,
            env,
            awake: RefCell::new(None),
            waiting: RefCell::new(vec![]),
        }))
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let name = Name::read(
            &header(&request, call::SHOP)?,
            &header(&request, call::CONVERSATION)?,
        )?;
        if request.method() == Method::Get {
            let principal = match request.headers().get(call::PRINCIPAL)? {
                Some(text) => Some(serde_json::from_str(&text)?),
                None => None,
            };
            return self.0.accept(name, principal).await;
        }
        if request.method() == Method::Put {
            return self.0.keep(name, &mut request).await;
        }
        // Not through `Request::json`, whose numbers are JavaScript's: a place may be any of 64 bits.
        let asked = call::question(&request.text().await?)?;
        if let ToConversation::Bytes { file } = asked {
            return self.0.hand_out(name, file).await;
        }
        // The release before asks so.
        match self.0.answer(name, asked).await {
            Ok(answer) => Response::from_json(&answer),
            Err(fault) => self.0.fail(&fault),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        match self.0.ring().await {
            Ok(()) => Response::ok(""),
            Err(fault) => {
                self.0.fail(&fault)?;
                clock::ring_again(&self.0.state)
            }
        }
    }
}

#[wasm_bindgen]
impl ConversationObject {
    /// What the Worker and its shop ask; `null` for a fault, which is logged. An error is a question of another release.
    pub async fn ask(
        &self,
        question: String,
        shop: String,
        conversation: String,
    ) -> std::result::Result<JsValue, JsValue> {
        let name = Name::read(&shop, &conversation)?;
        let asked = call::question(&question)?;
        if matches!(asked, ToConversation::Bytes { .. }) {
            return Err(worker::Error::from("bytes are asked for by a request").into());
        }
        match self.0.answer(name, asked).await {
            Ok(answer) => Ok(serde_json::to_string(&answer)
                .map_err(worker::Error::from)?
                .into()),
            Err(fault) => {
                let _ = self.0.fail(&fault);
                Ok(JsValue::NULL)
            }
        }
    }
}

impl Object {
    async fn accept(self: &Rc<Self>, name: Name, principal: Option<Principal>) -> Result<Response> {
        let mut upgrade = None;
        let turned = self
            .turn(Some(name), None, |awake, _| {
                let session = awake.conversation.free_session();
                upgrade = Some(awake.sockets.accept(&self.state, session));
                Some(Input::Opened(session, principal))
            })
            .await;
        match (turned, upgrade) {
            (Ok(()), Some(upgrade)) => upgrade,
            (Ok(()), None) => Response::error("not accepted", 500),
            (Err(fault), _) => self.fail(&fault),
        }
    }

    async fn gone(self: &Rc<Self>, socket: &WebSocket) -> Result<()> {
        let turned = self.turn(None, Some(socket), |awake, _| {
            let session = awake.sockets.session(socket)?;
            awake.sockets.forget(session);
            Some(Input::Closed(session))
        });
        self.settle(turned.await)
    }

    /// Wakes if need be, hands one input to the conversation and does what it answers.
    async fn turn(
        self: &Rc<Self>,
        name: Option<Name>,
        closing: Option<&WebSocket>,
        input: impl FnOnce(&mut Awake, &Env) -> Option<Input>,
    ) -> std::result::Result<(), Fault> {
        if !self.wake(name, closing).await? {
            return Ok(());
        }
        self.turn_awake(input)
    }

    /// The same while it is awake, which is almost always: nothing is waited for.
    fn turn_awake(
        self: &Rc<Self>,
        input: impl FnOnce(&mut Awake, &Env) -> Option<Input>,
    ) -> std::result::Result<(), Fault> {
        let errand = {
            let mut awake = self.awake.borrow_mut();
            let Some(awake) = awake.as_mut() else {
                return Ok(());
            };
            let Some(input) = input(awake, &self.env) else {
                return Ok(());
            };
            self.handle(awake, input)?
        };
        self.run_later(errand);
        Ok(())
    }

    /// The alarm rings. It is over when the shop knows, so that the runtime rings again should this end before.
    async fn ring(self: &Rc<Self>) -> std::result::Result<(), Fault> {
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.alarm = None;
        }
        if !self.wake(None, None).await? {
            return Ok(());
        }
        let errand = {
            let mut awake = self.awake.borrow_mut();
            let Some(awake) = awake.as_mut() else {
                return Ok(());
            };
            let pings = awake.sockets.pings(&self.state);
            self.handle(awake, Input::Alarm(pings))?
        };
        self.run(errand).await
    }

    /// Decide, write, tell. Answers what is left to be done.
    fn handle(
        &self,
        awake: &mut Awake,
        input: Input,
    ) -> std::result::Result<Option<Errand>, Fault> {
        let Awake {
            conversation,
            storage,
            ..
        } = awake;
        let effects = match conversation.is_one_row(&input, storage)? {
            true => conversation.handle(clock::now(), input, storage)?,
            false => sql::atomically(&self.state, || {
                conversation.handle(clock::now(), input, storage)
            })?,
        };
        let mut errand = self.perform(awake, effects)?;
        // Whoever does not listen is let go before memory grows; the others may be told of it, so it is asked again.
        while let Some(session) = awake.sockets.deaf(&self.state) {
            let Awake {
                conversation,
                storage,
                ..
            } = awake;
            let effects = sql::atomically(&self.state, || {
                conversation.handle(clock::now(), Input::Deaf(session), storage)
            })?;
            errand = self.perform(awake, effects)?.or(errand);
        }
        Ok(errand)
    }

    fn perform(
        &self,
        awake: &mut Awake,
        effects: Vec<Effect>,
    ) -> std::result::Result<Option<Errand>, Fault> {
        let mut errand = None;
        for effect in effects {
            match effect {
                Effect::Attach(session) => {
                    let id = session.id;
                    awake.sockets.attach(
                        id,
                        &Carried {
                            name: awake.name.clone(),
                            session,
                        },
                    );
                }
                Effect::Send(to, frame) => {
                    let text =
                        serde_json::to_string(&frame).map_err(|error| Fault(error.to_string()))?;
                    awake.sockets.send(&to, &text);
                    if let ServerFrame::History(_) = frame {
                        awake.sockets.read_a_page(&to, text.len());
                    }
                }
                Effect::Close(session, code) => awake.sockets.close(session, code),
                Effect::Settle => errand = Some(Errand::Settle),
                Effect::Project {
                    summary,
                    keep,
                    answered_since,
                } => {
                    errand = Some(Errand::Tell(Box::new(Projected {
                        shop: awake.name.shop.clone(),
                        summary,
                        keep,
                        answered_since,
                    })));
                }
                Effect::Dropped(file) => self.forget(&awake.name, file),
                Effect::Added => {
                    for waiting in self.waiting.borrow_mut().drain(..) {
                        // One that is gone waited long enough.
                        let _ = waiting.send(());
                    }
                }
            }
        }
        let wanted = awake.conversation.next_deadline();
        if let Some(at) = deadlines::move_alarm(awake.alarm, wanted) {
            awake.alarm = Some(at);
            clock::set_alarm(&self.state, at)?;
        }
        Ok(errand)
    }

    /// Makes the memory anew where there is none. `false` when nobody knows which conversation this is: then there is
    /// nothing to do in it.
    async fn wake(
        &self,
        name: Option<Name>,
        closing: Option<&WebSocket>,
    ) -> std::result::Result<bool, Fault> {
        if self.awake.borrow().is_some() {
            return Ok(true);
        }
        let alarm = self
            .state
            .storage()
            .get_alarm()
            .await
            .map_err(|error| Fault(error.to_string()))?;
        // Another event may have woken it while the alarm was looked up.
        if self.awake.borrow().is_some() {
            return Ok(true);
        }
        let storage = match ConversationStorage::resume(Sql::of(&self.state)) {
            Some(storage) => storage,
            // All of a migration or nothing.
            None => sql::atomically(&self.state, || {
                ConversationStorage::open(Sql::of(&self.state))
            })?,
        };
        let (sockets, carried) =
            Sockets::wake(&self.state, closing, |carried: &mut Carried, pinged| {
                pinged.into_iter().for_each(|at| carried.session.pinged(at));
                carried.session.id
            });
        let carried_name = || carried.first().map(|carried| carried.name.clone());
        let name = match name.or_else(carried_name) {
            Some(name) => name,
            // An alarm that nobody is there for.
            None => match storage.origin()? {
                Some(origin) => Name {
                    shop: origin.shop,
                    conversation: origin.conversation,
                },
                None => return Ok(false),
            },
        };
        let conversation = Conversation::wake(
            name.conversation,
            carried.into_iter().map(|carried| carried.session),
        )
        .at_pace(config::pace(&self.env))
        .restored_at(config::restored(&self.env));
        let alarm = alarm.and_then(|at| u64::try_from(at).ok()).map(Timestamp);
        *self.awake.borrow_mut() = Some(Awake {
            name,
            conversation,
            storage,
            sockets,
            alarm,
        });
        Ok(true)
    }

    fn settle(&self, turned: std::result::Result<(), Fault>) -> Result<()> {
        if let Err(fault) = turned {
            self.fail(&fault)?;
        }
        Ok(())
    }

    /// Ours to mend: the log has it, everybody comes back to a memory made anew from what is stored.
    fn fail(&self, fault: &Fault) -> Result<Response> {
        let id = error::log("conversation_fault", &fault.to_string());
        *self.awake.borrow_mut() = None;
        Sockets::close_all(&self.state, CloseCode::Fault);
        Response::error(id, 500)
    }
}

fn header(request: &Request, name: &str) -> Result<String> {
    request
        .headers()
        .get(name)?
        .ok_or_else(|| worker::Error::from(format!("no {name}")))
}
