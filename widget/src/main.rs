//! What the loader finds in the module: one function that brings the panel to life in the shell it has painted.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

fn main() {}

/// Starts the chat in the loader's shadow root. `tell` hears `unread`, `message`, `close` and `gone`; the answer is told
/// `open`, `close`, `set` and `destroy`.
#[wasm_bindgen]
pub fn start(root: ShadowRoot, settings: JsValue, tell: Function) -> Result<JsValue, JsValue> {
    widget::start(root, settings, tell).ok_or_else(|| "commesso: the chat could not start".into())
}
