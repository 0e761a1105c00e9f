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
mod extra;
mod host;
pub mod line;
mod talk;
pub mod text;
mod view;
pub mod wire;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::ShadowRoot;

/// Starts the chat; nothing, when the shell or the settings are not what they should be. The answer is a function that
/// takes a word and what belongs to it, and answers with a text.
pub fn start(
    root: ShadowRoot,
    settings: JsValue,
    tell: Function,
    language: text::Language,
) -> Option<JsValue> {
    let mut chat = Some(chat::Chat::start(
        root.clone(),
        settings.clone(),
        tell,
        language,
    )?);
    let hear = Closure::<dyn FnMut(String, JsValue) -> String>::new(
        move |word: String, detail: JsValue| {
            let Some(here) = &chat else {
                return String::new();
            };
            if word == "destroy" {
                // Closed, or it would be open when it comes back.
                here.told("close", "");
                chat = None;
                return String::new();
            }
            here.told(&word, &detail.as_string().unwrap_or_default())
        },
    );
    let hear = hear.into_js_value();
    extra::serve(hear.unchecked_ref(), &settings, &root);
    Some(hear)
}
