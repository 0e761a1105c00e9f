//! The hibernating sockets of one object, by the names of their sessions.
//!
//! A socket's attachment carries its session; the map here is a cache, made anew on waking.

use std::collections::BTreeMap;

use protocol::{close::CloseCode, id::SessionId, limits, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::{Response, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};

use crate::clock;

/// The runtime refuses more sockets per object; we refuse before, since its refusal is an exception.
const SOCKETS_MAX: usize = 32_000;

/// The sockets of one object.
pub(crate) struct Sockets(BTreeMap<SessionId, Open>);

/// An open socket.
struct Open {
    socket: WebSocket,
    /// Bytes that it was told since it was heard.
    unheard: usize,
    /// Since when pages count, and the bytes of those that it was sent.
    pages: (Timestamp, usize),
    /// When it was heard to be pinging, as far as that was looked up.
    pinged: Option<Timestamp>,
}

impl Sockets {
    /// The sockets there are, with what each carries. `name` finds a session's name in that, and takes when it pinged last. A socket whose closing woke
    /// the object may not be listed any more, and its session is still to be ended.
    pub(crate) fn wake<A: DeserializeOwned>(
        state: &State,
        closing: Option<&WebSocket>,
        name: impl Fn(&mut A, Option<Timestamp>) -> SessionId,
    ) -> (Self, Vec<A>) {
        let mut sockets = BTreeMap::new();
        let mut carried = vec![];
        let mut listed = state.get_websockets();
        listed.extend(closing.filter(|closing| !listed.contains(closing)).cloned());
        for socket in listed {
            // A socket that carries nothing readable belongs to no session; its client will come back.
            match attachment::<A>(&socket) {
                Some(mut attachment) => {
                    let pinged = pinged(state, &socket);
                    sockets.insert(name(&mut attachment, pinged), Open::of(socket));
                    carried.push(attachment);
                }
                None => close(&socket, CloseCode::Stale),
            }
        }
        (Self(sockets), carried)
    }

    /// Accepts a socket for this session; the answer is the upgrade.
    pub(crate) fn accept(&mut self, state: &State, id: SessionId) -> worker::Result<Response> {
        if self.0.len() >= SOCKETS_MAX {
            return Response::error("too many sockets", 503);
        }
        let pair = WebSocketPair::new()?;
        // Answered by the runtime: a heartbeat must not wake the object.
        state.set_websocket_auto_response(&WebSocketRequestResponsePair::new("ping", "pong")?);
        state.accept_web_socket(&pair.server);
        self.0.insert(id, Open::of(pair.server));
        Response::from_websocket(pair.client)
    }

    /// The session that a socket belongs to.
    pub(crate) fn session(&self, socket: &WebSocket) -> Option<SessionId> {
        self.0
            .iter()
            .find_map(|(id, known)| (known.socket == *socket).then_some(*id))
    }

    /// Keeps this with the socket.
    pub(crate) fn attach<A: Serialize>(&self, id: SessionId, carried: &A) {
        // In ASCII, or one letter beyond Latin-1 would double what it takes (SE7).
        if let (Some(open), Ok(text)) = (self.0.get(&id), crate::call::ascii_json(carried)) {
            // It fails for a socket that is gone, which its close event tells.
            let _ = open.socket.serialize_attachment(text);
        }
    }

    /// Sends one text to these sessions. One that is gone is told of by its close event.
    pub(crate) fn send(&mut self, to: &[SessionId], text: &str) {
        for id in to {
            if let Some(open) = self.0.get_mut(id) {
                let _ = open.socket.send_with_str(text);
                open.unheard = open.unheard.saturating_add(text.len());
            }
        }
    }

    /// What was sent to these was a page of so many bytes.
    pub(crate) fn read_a_page(&mut self, by: &[SessionId], bytes: usize) {
        for id in by {
            if let Some(open) = self.0.get_mut(id) {
                open.pages.1 = open.pages.1.saturating_add(bytes);
            }
        }
    }

    /// A frame came from it.
    pub(crate) fn heard(&mut self, id: SessionId) {
        if let Some(open) = self.0.get_mut(&id) {
            open.unheard = 0;
        }
    }

    /// When each socket pinged last: the runtime answers pings without waking the object, and remembers the last.
    pub(crate) fn pings(&self, state: &State) -> Vec<(SessionId, Timestamp)> {
        let pings = self.0.iter();
        pings
            .filter_map(|(id, open)| Some((*id, pinged(state, &open.socket)?)))
            .collect()
    }

    /// A socket that was told more than it may be without a frame or a new ping from it ([`limits::UNHEARD_MAX`]), or asked for more
    /// pages than anybody reads ([`limits::PAGES_MAX`]).
    pub(crate) fn deaf(&mut self, state: &State) -> Option<SessionId> {
        for (id, open) in &mut self.0 {
            if open.pages.1 > limits::PAGES_MAX {
                let now = clock::now();
                if now - open.pages.0 < limits::PAGES_WITHIN {
                    return Some(*id);
                }
                open.pages = (now, 0);
            }
            if open.unheard > limits::UNHEARD_MAX {
                let last = pinged(state, &open.socket);
                if last <= open.pinged {
                    return Some(*id);
                }
                open.pinged = last;
                open.unheard = 0;
            }
        }
        None
    }

    /// Whether this session's socket is there.
    pub(crate) fn has(&self, id: SessionId) -> bool {
        self.0.contains_key(&id)
    }

    /// Closes a session's socket.
    pub(crate) fn close(&mut self, id: SessionId, code: CloseCode) {
        if let Some(open) = self.0.remove(&id) {
            close(&open.socket, code);
        }
    }

    /// Forgets a socket that is gone.
    pub(crate) fn forget(&mut self, id: SessionId) {
        self.0.remove(&id);
    }

    /// Closes all that an object has, also where nothing is known of them.
    pub(crate) fn close_all(state: &State, code: CloseCode) {
        for socket in state.get_websockets() {
            close(&socket, code);
        }
    }
}

impl Open {
    fn of(socket: WebSocket) -> Self {
        Self {
            socket,
            unheard: 0,
            pages: (clock::now(), 0),
            pinged: None,
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// An object's state, for the one call of it that `worker` does not bind.
    type Pings;

    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    fn last(this: &Pings, socket: &JsValue) -> Result<Option<js_sys::Date>, JsValue>;
}

fn pinged(state: &State, socket: &WebSocket) -> Option<Timestamp> {
    let pings: &Pings = state.as_raw().unchecked_ref();
    let socket: &JsValue = socket.as_ref().as_ref();
    let date = pings.last(socket).ok()??;
    Some(Timestamp(date.get_time() as u64))
}

fn attachment<A: DeserializeOwned>(socket: &WebSocket) -> Option<A> {
    let text: String = socket.deserialize_attachment().ok()??;
    serde_json::from_str(&text).ok()
}

/// What is on its way from it still comes, and would be taken by the next memory: behind a frame that ended in a fault it would change
/// places with it. So the socket carries nothing any more, and is nobody's.
fn close(socket: &WebSocket, code: CloseCode) {
    let _ = socket.serialize_attachment(());
    let _ = socket.close(Some(code.number()), Some(code.reason()));
}
