//! The shopper's side: the panel, in the shell that `loader.js` has painted.
//!
//! Components (`view`) take data and give back what the person did; only `chat` knows them and the conversation both.
//! What a person typed is only ever a text node, and no markup is parsed: views are built, not written as HTML, since a
//! static part of `view!` would be set as `innerHTML`, which pages may forbid.

mod api;
mod chat;
mod config;
mod date;
mod dom;
mod host;
pub mod line;
mod talk;
pub mod text;
mod view;
pub mod wire;

use js_sys::Function;
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::ShadowRoot;

/// Starts the chat; nothing, when the shell or the settings are not what they should be. The answer is a function that
/// takes one word at a time.
pub fn start(
    root: ShadowRoot,
    settings: JsValue,
    tell: Function,
    language: text::Language,
) -> Option<JsValue> {
    let mut chat = Some(chat::Chat::start(root, settings, tell, language)?);
    let hear = Closure::<dyn FnMut(String)>::new(move |word: String| {
        if word == "destroy" {
            // Closed, or it would be open when it comes back.
            chat.take().inspect(|chat| chat.told("close"));
        } else if let Some(chat) = &chat {
            chat.told(&word);
        }
    });
    Some(hear.into_js_value())
}
