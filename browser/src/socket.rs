//! A WebSocket that says what happens to it until it is dropped, and nothing after.

use protocol::{client::link::Way, close::CloseCode};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::listener::Listener;

#[wasm_bindgen(module = "/src/way.js")]
extern "C" {
    /// A socket, or what tabs have instead who share one.
    #[wasm_bindgen(catch)]
    fn socket(url: &str) -> Result<WebSocket, wasm_bindgen::JsValue>;

    /// What goes for a socket, where they do not get through.
    fn exchange(url: &str) -> WebSocket;

    /// Sends a frame, with those that are said in the same go, by a request that outlives the page.
    pub(crate) fn farewell(url: &str, frame: &str);
}

/// What happened to a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is open.
    Opened,
    /// It is gone, with its close code where there was one.
    Closed(Option<u16>),
    /// A text came.
    Text(String),
}

/// An open or opening socket. Dropping it closes it, and what it still has to say is not heard.
pub struct Socket {
    raw: WebSocket,
    code: CloseCode,
    _listener: Listener,
}

/// The browser did not even try: a wrong address, or forbidden by the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOpened;

impl Socket {
    /// Opens one to a `wss:` or `ws:` address, or what goes for it.
    pub fn open(way: Way, url: &str, tell: impl Fn(Event) + 'static) -> Result<Self, NotOpened> {
        let raw = match way {
            Way::Socket => socket(url).map_err(|_| NotOpened)?,
            Way::Exchange => exchange(url),
        };
        // No `error`: a `close` always follows it, and it says nothing.
        let listener = Listener::new(
            raw.clone().into(),
            &["open", "message", "close"],
            move |event| {
                if let Some(event) = read(&event) {
                    tell(event);
                }
            },
        );
        Ok(Self {
            raw,
            code: CloseCode::Leaving,
            _listener: listener,
        })
    }

    /// Sends a text; on a socket that is closing it is lost, and its close is still to be told.
    pub fn send(&self, text: &str) {
        let _ = self.raw.send_with_str(text);
    }

    /// Closes it, saying why.
    pub fn close(mut self, code: CloseCode) {
        self.code = code;
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self
            .raw
            .close_with_code_and_reason(self.code.number(), self.code.reason());
    }
}

fn read(event: &web_sys::Event) -> Option<Event> {
    match event.type_().as_str() {
        "open" => Some(Event::Opened),
        "message" => event
            .unchecked_ref::<MessageEvent>()
            .data()
            .as_string()
            .map(Event::Text),
        // 1005 and 1006 are the browser's words for no code at all.
        _ => Some(Event::Closed(
            Some(event.unchecked_ref::<CloseEvent>().code()).filter(|c| !matches!(c, 1005 | 1006)),
        )),
    }
}
