//! The way to the parts of a chat that are loaded when they are needed (`widget/extra`): the inbox shows and sends files by the same
//! ones as the widget.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen(module = "/src/extra.js")]
extern "C" {
    /// Tells it whom to ask: `ask(conversation, word, detail)`, and whose inbox it is.
    pub(crate) fn serve(ask: &Function, shop: &str);

    /// Lets files be chosen, pasted and dropped for this conversation, in this part of the page.
    pub(crate) fn attach(conversation: &str, place: &Element);

    /// Draws what came with words of this conversation.
    pub(crate) fn parts(conversation: &str, place: &Element, parts: &str);
}
