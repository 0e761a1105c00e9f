//! What a socket's events become. Exported by hand: the macro's exports make a future of every event, which costs more than
//! the event itself while the object is awake and has nothing to wait for.

use std::rc::Rc;

use protocol::{frame::ClientFrame, id::SessionId, limits, relay::conversation::Input};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use worker::{Env, WebSocket, worker_sys::web_sys};

use super::{Awake, ConversationObject, Name, Object};
use crate::{auth, clock, config::Config};

#[wasm_bindgen]
impl ConversationObject {
    /// A text or bytes came.
    #[wasm_bindgen(js_name = webSocketMessage)]
    pub fn web_socket_message(&self, socket: web_sys::WebSocket, message: JsValue) -> JsValue {
        let socket = WebSocket::from(socket);
        let text = message.as_string();
        let input = move |awake: &mut Awake, env: &Env| {
            let session = awake.sockets.session(&socket)?;
            awake.sockets.heard(session);
            Some(read(session, text.as_deref(), &awake.name, env))
        };
        if self.0.awake.borrow().is_some() {
            settled(self.0.settle(self.0.turn_awake(input)))
        } else {
            let object = self.0.clone();
            later(async move { object.settle(object.turn(None, None, input).await) })
        }
    }

    /// It is closed.
    #[wasm_bindgen(js_name = webSocketClose)]
    pub fn web_socket_close(
        &self,
        socket: web_sys::WebSocket,
        _code: usize,
        _reason: JsValue,
        _clean: bool,
    ) -> JsValue {
        gone(&self.0, socket)
    }

    /// It failed.
    #[wasm_bindgen(js_name = webSocketError)]
    pub fn web_socket_error(&self, socket: web_sys::WebSocket, _error: JsValue) -> JsValue {
        gone(&self.0, socket)
    }
}

fn gone(object: &Rc<Object>, socket: web_sys::WebSocket) -> JsValue {
    let (object, socket) = (object.clone(), WebSocket::from(socket));
    later(async move { object.gone(&socket).await })
}

fn later(work: impl Future<Output = worker::Result<()>> + 'static) -> JsValue {
    future_to_promise(async { Ok(settled(work.await)) }).into()
}

/// Faults were logged, and the sockets closed: there is nobody to tell.
fn settled(_: worker::Result<()>) -> JsValue {
    JsValue::UNDEFINED
}

/// What a socket said, as an input.
fn read(session: SessionId, text: Option<&str>, name: &Name, env: &Env) -> Input {
    let Some(text) = text else {
        return Input::Malformed(session);
    };
    if text.len() > limits::FRAME_MAX {
        return Input::Oversized(session);
    }
    match serde_json::from_str(text) {
        Ok(ClientFrame::Hello(hello)) => {
            let claim = hello.token.as_deref().and_then(|token| {
                let config = Config::read(env).ok()?;
                let principal =
                    auth::verify_visitor(&config.token_keys, token, clock::now()).ok()?;
                (*principal.shop() == name.shop).then_some(principal)
            });
            Input::Hello(session, hello, claim)
        }
        Ok(frame) => Input::Frame(session, frame),
        Err(_) => Input::Malformed(session),
    }
}
