//! The hibernating sockets of one object, by the names of their sessions.
//!
//! A socket's attachment carries its session; the map here is a cache, made anew on waking.

use std::collections::BTreeMap;

use protocol::{close::CloseCode, id::SessionId};
use serde::{Serialize, de::DeserializeOwned};
use worker::{Response, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};

/// The runtime refuses more sockets per object; we refuse before, since its refusal is an exception.
const SOCKETS_MAX: usize = 32_000;

/// The sockets of one object.
pub(crate) struct Sockets(BTreeMap<SessionId, WebSocket>);

impl Sockets {
    /// The sockets there are, with what each carries. `name` finds a session's name in that. A socket whose closing woke
    /// the object may not be listed any more, and its session is still to be ended.
    pub(crate) fn wake<A: DeserializeOwned>(
        state: &State,
        closing: Option<&WebSocket>,
        name: impl Fn(&A) -> SessionId,
    ) -> (Self, Vec<A>) {
        let mut sockets = BTreeMap::new();
        let mut carried = vec![];
        let mut listed = state.get_websockets();
        listed.extend(closing.filter(|closing| !listed.contains(closing)).cloned());
        for socket in listed {
            // A socket that carries nothing readable belongs to no session; its client will come back.
            match attachment::<A>(&socket) {
                Some(attachment) => {
                    sockets.insert(name(&attachment), socket);
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
        self.0.insert(id, pair.server);
        Response::from_websocket(pair.client)
    }

    /// The session that a socket belongs to.
    pub(crate) fn session(&self, socket: &WebSocket) -> Option<SessionId> {
        self.0
            .iter()
            .find_map(|(id, known)| (known == socket).then_some(*id))
    }

    /// Keeps this with the socket.
    pub(crate) fn attach<A: Serialize>(&self, id: SessionId, carried: &A) {
        if let (Some(socket), Ok(text)) = (self.0.get(&id), serde_json::to_string(carried)) {
            // It fails for a socket that is gone, which its close event tells.
            let _ = socket.serialize_attachment(text);
        }
    }

    /// Sends one text to these sessions. One that is gone is told of by its close event.
    pub(crate) fn send(&self, to: &[SessionId], text: &str) {
        for socket in to.iter().filter_map(|id| self.0.get(id)) {
            let _ = socket.send_with_str(text);
        }
    }

    /// Whether this session's socket is there.
    pub(crate) fn has(&self, id: SessionId) -> bool {
        self.0.contains_key(&id)
    }

    /// Closes a session's socket.
    pub(crate) fn close(&mut self, id: SessionId, code: CloseCode) {
        if let Some(socket) = self.0.remove(&id) {
            close(&socket, code);
        }
    }

    /// Forgets a socket that is gone.
    pub(crate) fn forget(&mut self, id: SessionId) {
        self.0.remove(&id);
    }

    /// Closes all of them.
    pub(crate) fn close_all(&mut self, code: CloseCode) {
        for socket in std::mem::take(&mut self.0).values() {
            close(socket, code);
        }
    }
}

fn attachment<A: DeserializeOwned>(socket: &WebSocket) -> Option<A> {
    let text: String = socket.deserialize_attachment().ok()??;
    serde_json::from_str(&text).ok()
}

fn close(socket: &WebSocket, code: CloseCode) {
    let _ = socket.close(Some(code.number()), Some(code.reason()));
}
