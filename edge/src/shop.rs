//! `ShopObject`: one shop on a Durable Object, a shell around [`protocol::relay::inbox`] and [`storage::ShopStorage`].
//!
//! What comes in becomes an `Input`, an `Effect` becomes a call. Its memory is a cache of its SQLite and its sockets'
//! attachments, and may vanish between any two events. No borrow is held across an `.await`, and there is none between
//! what is read and what is written because of it.

mod answer;
mod ask;
mod doubt;
mod handover;
mod identity;
mod list;
mod outlook;
pub mod settings;
pub mod storage;

use std::cell::{Cell, RefCell};

use futures_util::{StreamExt as _, stream};
use protocol::{
    close::CloseCode,
    entry::OperatorCard,
    frame::InboxClientFrame,
    id::{ConversationId, SessionId, ShopId},
    limits,
    outlook::Floor,
    relay::{
        admission::Admission,
        deadlines,
        handover::tries as handover_tries,
        inbox::{Effect, Inbox, Input, Session},
        storage::Fault,
        waiting::Waits,
    },
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{
    DurableObject, Env, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage,
    durable_object,
};

use crate::{
    auth::Digest,
    call::{self, FromShop, ToConversation, ToShop},
    clock, error,
    socket::Sockets,
    sql::{self, Sql},
    zone::Zone,
};
use storage::ShopStorage;

/// Conversations that are told at a time who is on duty: shoppers who look at the chat right now.
const ANNOUNCED: usize = 100;

/// Conversations that are called at once: the runtime's limit for outgoing connections.
const CALLED_AT_ONCE: usize = 6;

/// One shop.
#[durable_object]
pub struct ShopObject {
    state: State,
    env: Env,
    awake: RefCell<Option<Awake>>,
    /// When the alarm rings, as it was looked up before waking: to set it again would cost a row.
    alarm: Cell<Option<Timestamp>>,
    /// What was said and not kept may be forgotten: nobody has asked since this memory was made.
    forgetful: Cell<bool>,
}

/// What is in memory while the object is awake.
struct Awake {
    inbox: Inbox,
    storage: ShopStorage<Sql>,
    sockets: Sockets,
    /// By which reference each inbox was opened.
    references: Vec<(SessionId, Digest)>,
    /// When the alarm rings, as far as is known here.
    alarm: Option<Timestamp>,
    /// When a conversation in doubt is to be asked next.
    next_doubt: Option<Timestamp>,
    admission: Admission,
    /// Codes of other devices that are tried.
    takeovers: Admission,
    /// Nothing before it is asked for.
    waits: Option<Waits>,
    /// The time zone of the shop's hours, by its name, once it was asked for.
    zone: Option<(String, Zone)>,
}

/// What a socket carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    session: Session,
    reference: Digest,
}

type Done<T> = std::result::Result<T, Fault>;

impl DurableObject for ShopObject {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            awake: RefCell::new(None),
            alarm: Cell::new(None),
            forgetful: Cell::new(true),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let headers = request.headers();
        if headers.has(call::UPGRADE)? {
            let operator = headers.get(call::PRINCIPAL)?.unwrap_or_default();
            let reference = Digest(headers.get(call::BY_REFERENCE)?.unwrap_or_default());
            self.look_up_alarm().await?;
            return self
                .accept(serde_json::from_str(&operator)?, reference)
                .unwrap_or_else(|fault| Response::error(self.fail(&fault), 500));
        }
        // The release before asks so.
        match self.asked(&request.text().await?).await? {
            Some(answer) => Response::ok(answer),
            None => Response::error("a fault", 500),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.alarm.set(None);
        let rung = self.with(|awake| {
            awake.alarm = None;
            let pings = awake.sockets.pings(&self.state);
            self.handle(awake, Input::Alarm(pings))
        });
        let done = match rung {
            Ok(()) => self.ask_in_doubt().await,
            Err(fault) => Err(fault),
        };
        match done {
            Ok(()) => Response::ok(""),
            Err(fault) => {
                self.fail(&fault);
                clock::ring_again(&self.state)
            }
        }
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        self.look_up_alarm().await?;
        self.settle(self.with(|awake| match awake.sockets.session(&socket) {
            Some(session) => self.handle(awake, Input::Frame(session, read(&message))),
            None => Ok(()),
        }));
        Ok(())
    }

    async fn websocket_close(&self, socket: WebSocket, _: usize, _: String, _: bool) -> Result<()> {
        self.look_up_alarm().await?;
        self.gone(&socket);
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _: worker::Error) -> Result<()> {
        self.look_up_alarm().await?;
        self.gone(&socket);
        Ok(())
    }

    async fn connect(&self, _: worker::Socket) -> Result<()> {
        Err(worker::Error::from("a shop takes no plain sockets"))
    }
}

#[wasm_bindgen]
impl ShopObject {
    /// What the Worker and conversations ask; `null` for a fault.
    pub async fn ask(&self, question: String) -> std::result::Result<JsValue, JsValue> {
        Ok(self
            .asked(&question)
            .await?
            .map_or(JsValue::NULL, JsValue::from))
    }
}

impl ShopObject {
    /// Answers a question; nothing after a fault, which is logged. An error is a question of another release.
    async fn asked(&self, question: &str) -> Result<Option<String>> {
        let asked = call::question(question)?;
        self.look_up_alarm().await?;
        if matches!(
            asked,
            ToShop::List { .. } | ToShop::Latest | ToShop::Others { .. }
        ) {
            self.remember().await;
        }
        let mut told = None;
        if let ToShop::Project { summary, .. } = &asked {
            told = Some(summary.id);
        }
        let mut answer = self.with(|awake| self.answer(awake, asked));
        if let (Some(id), Ok(FromShop::Floor(floor) | FromShop::Shown(floor))) = (told, &mut answer)
            && let Some(sure) = self.sure_floor(id).await
        {
            *floor = sure;
        }
        match answer {
            Ok(answer) => Ok(Some(serde_json::to_string(&answer)?)),
            Err(fault) => {
                self.fail(&fault);
                Ok(None)
            }
        }
    }

    /// What waking must know and cannot ask for: it may not wait.
    async fn look_up_alarm(&self) -> Result<()> {
        if self.awake.borrow().is_none() {
            let alarm = self.state.storage().get_alarm().await?;
            let alarm = alarm.and_then(|at| u64::try_from(at).ok());
            self.alarm.set(alarm.map(Timestamp));
        }
        Ok(())
    }

    /// Does something with the memory, made anew where there is none.
    fn with<T>(&self, work: impl FnOnce(&mut Awake) -> Done<T>) -> Done<T> {
        self.with_closing(None, work)
    }

    /// The same, when a socket's closing may be what woke the object.
    fn with_closing<T>(
        &self,
        closing: Option<&WebSocket>,
        work: impl FnOnce(&mut Awake) -> Done<T>,
    ) -> Done<T> {
        let mut awake = self
            .awake
            .try_borrow_mut()
            .map_err(|error| Fault(error.to_string()))?;
        match awake.as_mut() {
            Some(awake) => work(awake),
            None => work(awake.insert(self.wake(closing)?)),
        }
    }

    fn wake(&self, closing: Option<&WebSocket>) -> Done<Awake> {
        self.forgetful.set(true);
        // All of a migration or nothing.
        let storage = sql::atomically(&self.state, || ShopStorage::open(Sql::of(&self.state)))?;
        let (sockets, carried) =
            Sockets::wake(&self.state, closing, |carried: &mut Carried, pinged| {
                let session = &mut carried.session;
                session.heard = pinged.unwrap_or_default().max(session.heard);
                session.id
            });
        let references = carried
            .iter()
            .map(|carried| (carried.session.id, carried.reference.clone()))
            .collect();
        let inbox = Inbox::wake(carried.into_iter().map(|carried| carried.session));
        let next_doubt = match storage.is_begun() {
            true => storage.next_doubt()?,
            false => None,
        };
        Ok(Awake {
            next_doubt,
            admission: Admission::default(),
            takeovers: handover_tries(),
            waits: None,
            zone: None,
            inbox,
            storage,
            sockets,
            references,
            alarm: self.alarm.take(),
        })
    }

    fn accept(&self, operator: OperatorCard, reference: Digest) -> Done<Result<Response>> {
        self.with(|awake| {
            let session = awake.inbox.free_session();
            awake.references.push((session, reference));
            let upgrade = awake.sockets.accept(&self.state, session);
            self.handle(awake, Input::Opened(session, operator))?;
            Ok(upgrade)
        })
    }

    fn gone(&self, socket: &WebSocket) {
        self.settle(
            self.with_closing(Some(socket), |awake| match awake.sockets.session(socket) {
                Some(session) => self.close(awake, session, None),
                None => Ok(()),
            }),
        );
    }

    /// Takes a socket out, closing it unless it is gone already.
    fn close(&self, awake: &mut Awake, session: SessionId, code: Option<CloseCode>) -> Done<()> {
        match code {
            Some(code) => awake.sockets.close(session, code),
            None => awake.sockets.forget(session),
        }
        self.handle(awake, Input::Closed(session))
    }

    /// Closes the inboxes that were opened by a reference which is good no more.
    fn revoke(&self, awake: &mut Awake, reference: &Digest) -> Done<()> {
        let opened = |(session, by): &(SessionId, Digest)| (by == reference).then_some(*session);
        for session in awake
            .references
            .iter()
            .filter_map(opened)
            .collect::<Vec<_>>()
        {
            self.close(awake, session, Some(CloseCode::Unauthorized))?;
        }
        Ok(())
    }

    /// Decide, tell. What is told was written before the input came here.
    fn handle(&self, awake: &mut Awake, input: Input) -> Done<()> {
        for effect in awake.inbox.handle(clock::now(), input) {
            match effect {
                Effect::Attach(session) => {
                    let opened = awake.references.iter().find(|(id, _)| *id == session.id);
                    let Some((id, reference)) = opened.cloned() else {
                        continue;
                    };
                    awake.sockets.attach(id, &Carried { session, reference });
                }
                Effect::Send(to, frame) => {
                    let text =
                        serde_json::to_string(&frame).map_err(|error| Fault(error.to_string()))?;
                    awake.sockets.send(&to, &text);
                }
                Effect::Close(session, code) => awake.sockets.close(session, code),
                // Who is on duty is asked anew, with what else there is to say.
                Effect::Announce(_) => self.announce(awake)?,
            }
        }
        awake.references.retain(|(id, _)| awake.sockets.has(*id));
        self.set_alarm(awake)
    }

    fn set_alarm(&self, awake: &mut Awake) -> Done<()> {
        let wanted = deadlines::earliest([awake.inbox.next_deadline(), awake.next_doubt]);
        if let Some(at) = deadlines::move_alarm(awake.alarm, wanted) {
            awake.alarm = Some(at);
            clock::set_alarm(&self.state, at)?;
        }
        Ok(())
    }

    /// Tells the shoppers who look at the chat. One who is not reached is told when their conversation changes next.
    fn announce(&self, awake: &mut Awake) -> Done<()> {
        if !awake.storage.is_begun() {
            return Ok(());
        }
        let present = awake.storage.present(ANNOUNCED)?;
        self.announce_to(awake, &present)
    }

    /// Tells the visitors of these conversations.
    fn announce_to(&self, awake: &mut Awake, conversations: &[ConversationId]) -> Done<()> {
        if conversations.is_empty() {
            return Ok(());
        }
        let (shop, now) = (awake.storage.shop()?.front.id, clock::now());
        // Where nobody is there it is the same for all, and when the shop opens is a search.
        let same = match awake.inbox.duty().is_empty() {
            true => Some(awake.floor(None, now)?),
            false => None,
        };
        let floor = |id: &ConversationId| match &same {
            Some(floor) => Ok((*id, floor.clone())),
            None => Ok((*id, awake.floor(Some(*id), now)?)),
        };
        let floors: Vec<_> = conversations.iter().map(floor).collect::<Done<_>>()?;
        self.state
            .wait_until(announce(self.env.clone(), shop, floors));
        Ok(())
    }

    fn settle(&self, done: Done<()>) {
        if let Err(fault) = done {
            self.fail(&fault);
        }
    }

    /// Ours to mend: the log has it, everybody comes back to a memory made anew from what is stored.
    fn fail(&self, fault: &Fault) -> String {
        if let Ok(mut awake) = self.awake.try_borrow_mut() {
            *awake = None;
        }
        Sockets::close_all(&self.state, CloseCode::Fault);
        error::log("shop_fault", &fault.to_string())
    }
}

async fn announce(env: Env, shop: ShopId, floors: Vec<(ConversationId, Floor)>) {
    let tell = |(conversation, floor)| {
        let (env, shop, told) = (&env, &shop, ToConversation::Duty(floor));
        async move {
            if let Err(fault) = call::conversation(env, shop, conversation, &told).await {
                error::log("duty_not_announced", &fault.to_string());
            }
        }
    };
    stream::iter(floors)
        .for_each_concurrent(CALLED_AT_ONCE, tell)
        .await;
}

/// What an inbox said; `None` for what is no frame.
fn read(message: &WebSocketIncomingMessage) -> Option<InboxClientFrame> {
    match message {
        WebSocketIncomingMessage::String(text) if text.len() <= limits::FRAME_MAX => {
            serde_json::from_str(text).ok()
        }
        WebSocketIncomingMessage::String(_) | WebSocketIncomingMessage::Binary(_) => None,
    }
}
