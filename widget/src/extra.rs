//! The way to what is loaded when it is needed (`widget/extra`).

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ShadowRoot};

#[wasm_bindgen(module = "/src/extra.js")]
extern "C" {
    /// Tells it whom to ask: `chat(word, detail)`, the page's settings, and the shadow root.
    pub(crate) fn serve(chat: &Function, settings: &JsValue, root: &ShadowRoot);

    /// Lets it do something in a place.
    pub(crate) fn extra(name: &str, place: &Element, detail: &str);
}
