//! `ConversationObject`: one conversation on a Durable Object, a shell around [`protocol::relay::conversation`].
//!
//! What comes in becomes an `Input`, an `Effect` becomes a call. Its memory is a cache of its SQLite and its sockets'
//! attachments, and may vanish between any two events. Outgoing frames wait behind the runtime's output gate until what was
//! written before them is on disk, so what a peer is told is stored. No borrow is held across an `.await`.

use std::{cell::RefCell, time::Duration};

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use protocol::{
    close::CloseCode,
    conversation::Summary,
    frame::{ClientFrame, Span},
    id::{ConversationId, SessionId, ShopId},
    limits,
    relay::{
        Principal,
        conversation::{Answer, Conversation, Effect, Failure, Input, Request as Asked},
        deadlines,
        session::Session,
        storage::{Fault, Storage},
    },
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Method, Request, Response, Result, State, WebSocket,
    WebSocketIncomingMessage, durable_object,
};

use crate::{
    auth,
    call::{self, FromConversation, FromShop, ToConversation, ToShop},
    config::Config,
    error,
    socket::Sockets,
    sql::{self, Sql},
    storage::ConversationStorage,
};

/// One conversation.
#[durable_object]
pub struct ConversationObject {
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

/// What a socket carries: the session, and which conversation it is of, for before that is stored.
#[derive(Serialize, Deserialize)]
struct Carried {
    name: Name,
    session: Session,
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            awake: RefCell::new(None),
            waiting: RefCell::new(vec![]),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let name = Name {
            shop: header(&request, call::SHOP)?
                .parse()
                .map_err(|_| worker::Error::from("no shop"))?,
            conversation: header(&request, call::CONVERSATION)?
                .parse()
                .map_err(|_| worker::Error::from("no conversation"))?,
        };
        if request.method() == Method::Get {
            let principal = match request.headers().get(call::PRINCIPAL)? {
                Some(text) => Some(serde_json::from_str(&text)?),
                None => None,
            };
            return self.accept(name, principal).await;
        }
        // Not through `Request::json`, whose numbers are JavaScript's: a place may be any of 64 bits.
        let asked = serde_json::from_str(&request.text().await?)?;
        match self.answer(name, asked).await {
            Ok(answer) => Response::from_json(&answer),
            Err(fault) => self.fail(&fault),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.alarm = None;
        }
        match self.turn(None, None, |_, _| Some(Input::Alarm)).await {
            Ok(()) => Response::ok(""),
            // The runtime rings again when this fails.
            Err(fault) => {
                self.fail(&fault)?;
                Err(worker::Error::from("the alarm's work was not done"))
            }
        }
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        let turned = self.turn(None, None, |awake, env| {
            let session = awake.sockets.session(&socket)?;
            Some(read(session, &message, &awake.name, env))
        });
        self.settle(turned.await)
    }

    async fn websocket_close(&self, socket: WebSocket, _: usize, _: String, _: bool) -> Result<()> {
        self.gone(&socket).await
    }

    async fn websocket_error(&self, socket: WebSocket, _: worker::Error) -> Result<()> {
        self.gone(&socket).await
    }

    async fn connect(&self, _: worker::Socket) -> Result<()> {
        Err(worker::Error::from("a conversation takes no plain sockets"))
    }
}

impl ConversationObject {
    async fn accept(&self, name: Name, principal: Option<Principal>) -> Result<Response> {
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

    async fn gone(&self, socket: &WebSocket) -> Result<()> {
        let turned = self.turn(None, Some(socket), |awake, _| {
            let session = awake.sockets.session(socket)?;
            awake.sockets.forget(session);
            Some(Input::Closed(session))
        });
        self.settle(turned.await)
    }

    /// Wakes if need be, hands one input to the conversation and does what it answers.
    async fn turn(
        &self,
        name: Option<Name>,
        closing: Option<&WebSocket>,
        input: impl FnOnce(&mut Awake, &Env) -> Option<Input>,
    ) -> std::result::Result<(), Fault> {
        if !self.wake(name, closing).await? {
            return Ok(());
        }
        let mut project = {
            let mut awake = self.awake.borrow_mut();
            let Some(awake) = awake.as_mut() else {
                return Ok(());
            };
            let Some(input) = input(awake, &self.env) else {
                return Ok(());
            };
            self.handle(awake, input)?
        };
        while let Some((shop, summary)) = project {
            let answered = call::shop(&self.env, &shop, &ToShop::Project(summary)).await;
            let input = match answered {
                Ok(FromShop::Duty(duty)) => Input::Projected(duty),
                Ok(_) => Input::ProjectionFailed,
                Err(fault) => {
                    error::log("projection_failed", &fault.to_string());
                    Input::ProjectionFailed
                }
            };
            let mut awake = self.awake.borrow_mut();
            let Some(awake) = awake.as_mut() else {
                return Ok(());
            };
            project = self.handle(awake, input)?;
        }
        Ok(())
    }

    /// Decide, write, tell. Answers what the shop is to be told.
    fn handle(
        &self,
        awake: &mut Awake,
        input: Input,
    ) -> std::result::Result<Option<(ShopId, Summary)>, Fault> {
        let Awake {
            conversation,
            storage,
            ..
        } = awake;
        let effects = sql::atomically(&self.state, || conversation.handle(now(), input, storage))?;
        self.perform(awake, effects)
    }

    fn perform(
        &self,
        awake: &mut Awake,
        effects: Vec<Effect>,
    ) -> std::result::Result<Option<(ShopId, Summary)>, Fault> {
        let mut project = None;
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
                }
                Effect::Close(session, code) => awake.sockets.close(session, code),
                Effect::Project(summary) => project = Some((awake.name.shop.clone(), summary)),
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
            set_alarm(&self.state, at)?;
        }
        Ok(project)
    }

    async fn answer(
        &self,
        name: Name,
        asked: ToConversation,
    ) -> std::result::Result<FromConversation, Fault> {
        let (principal, asked, wait_ms) = match asked {
            ToConversation::Duty { duty } => {
                self.turn(Some(name), None, |_, _| Some(Input::Duty(duty)))
                    .await?;
                return Ok(FromConversation::Done);
            }
            ToConversation::Send { principal, draft } => (principal, Asked::Send(draft), 0),
            ToConversation::Entries {
                principal,
                epoch,
                span,
                wait_ms,
            } => (principal, Asked::Entries { epoch, span }, wait_ms),
            ToConversation::Typing { principal, on } => (principal, Asked::Typing(on), 0),
            ToConversation::Receipt {
                principal,
                delivered,
                read,
            } => (principal, Asked::Receipt { delivered, read }, 0),
            ToConversation::Summary { principal } => (principal, Asked::Summary, 0),
        };
        let until = now() + Millis(wait_ms);
        loop {
            let answer = self.ask(name.clone(), &principal, asked.clone()).await?;
            let left = until - now();
            if left == Millis(0) || !is_empty_news(&answer, &asked) {
                return Ok(answer);
            }
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

    async fn ask(
        &self,
        name: Name,
        principal: &Principal,
        asked: Asked,
    ) -> std::result::Result<FromConversation, Fault> {
        self.wake(Some(name), None).await?;
        let mut awake = self.awake.borrow_mut();
        let Some(awake) = awake.as_mut() else {
            return Ok(FromConversation::NotFound);
        };
        let Awake {
            conversation,
            storage,
            ..
        } = awake;
        let answered = sql::atomically(&self.state, || {
            match conversation.answer(now(), principal, asked, storage) {
                Err(Failure::Fault(fault)) => Err(fault),
                answered => Ok(answered),
            }
        })?;
        match answered {
            Ok((answer, effects)) => {
                self.perform(awake, effects)?;
                Ok(match answer {
                    Answer::Stored(stored) => FromConversation::Stored(stored),
                    Answer::Entries(entries) => FromConversation::Entries(entries),
                    Answer::Summary(summary) => FromConversation::Summary(summary),
                    Answer::Done => FromConversation::Done,
                })
            }
            Err(Failure::NotFound) => Ok(FromConversation::NotFound),
            Err(Failure::Refused(refused)) => Ok(FromConversation::Refused(refused)),
            Err(Failure::Fault(fault)) => Err(fault),
        }
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
        let storage = ConversationStorage::open(Sql::of(&self.state))?;
        let (sockets, carried) =
            Sockets::wake(&self.state, closing, |carried: &Carried| carried.session.id);
        let stored = storage.origin()?.map(|origin| Name {
            shop: origin.shop,
            conversation: origin.conversation,
        });
        let Some(name) = stored
            .or(name)
            .or_else(|| carried.first().map(|carried| carried.name.clone()))
        else {
            return Ok(false);
        };
        let conversation = Conversation::wake(
            name.conversation,
            carried.into_iter().map(|carried| carried.session),
        );
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
        if let Some(mut awake) = self.awake.borrow_mut().take() {
            awake.sockets.close_all(CloseCode::Fault);
        }
        Response::error(id, 500)
    }
}

/// What a socket said, as an input.
fn read(session: SessionId, message: &WebSocketIncomingMessage, name: &Name, env: &Env) -> Input {
    let WebSocketIncomingMessage::String(text) = message else {
        return Input::Malformed(session);
    };
    if text.len() > limits::FRAME_MAX {
        return Input::Oversized(session);
    }
    match serde_json::from_str(text) {
        Ok(ClientFrame::Hello(hello)) => {
            let claim = hello.token.as_deref().and_then(|token| {
                let config = Config::read(env).ok()?;
                let principal = auth::verify_visitor(&config.token_keys, token, now()).ok()?;
                (*principal.shop() == name.shop).then_some(principal)
            });
            Input::Hello(session, hello, claim)
        }
        Ok(frame) => Input::Frame(session, frame),
        Err(_) => Input::Malformed(session),
    }
}

/// Whether a reader who asked for what comes next got nothing, and may wait for it.
fn is_empty_news(answer: &FromConversation, asked: &Asked) -> bool {
    match (answer, asked) {
        (
            FromConversation::Entries(page),
            Asked::Entries {
                span: Span::After(_),
                ..
            },
        ) => page.entries.is_empty(),
        _ => false,
    }
}

fn header(request: &Request, name: &str) -> Result<String> {
    request
        .headers()
        .get(name)?
        .ok_or_else(|| worker::Error::from(format!("no {name}")))
}

fn set_alarm(state: &State, at: Timestamp) -> std::result::Result<(), Fault> {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64));
    let none = wasm_bindgen::JsValue::UNDEFINED.into();
    // Not awaited: it is part of the same transaction as what was written before it.
    let set = state.storage().as_raw().set_alarm(date, none);
    set.map(drop)
        .map_err(|error| Fault(format!("the alarm could not be set: {error:?}")))
}

fn now() -> Timestamp {
    Timestamp(worker::Date::now().as_millis())
}
