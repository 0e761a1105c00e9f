//! The module's one function, which brings the panel to life in the shell that the loader has painted. `panel.js` stands
//! between the loader and it.

// There is nothing to run by itself, and no runtime to start for it.
#![cfg_attr(target_family = "wasm", no_main)]

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;
use widget::text::Language;

#[cfg(target_family = "wasm")]
#[global_allocator]
static HEAP: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// Starts the chat in the loader's shadow root. `tell` hears `unread`, `message`, `words` and `gone`; the answer is told
/// `open`, `close`, `set` and `destroy`.
#[wasm_bindgen]
pub fn start(
    root: ShadowRoot,
    settings: JsValue,
    tell: Function,
    language: Language,
) -> Result<JsValue, JsValue> {
    widget::start(root, settings, tell, language)
        .ok_or_else(|| "commesso: the chat could not start".into())
}

#[cfg(not(target_family = "wasm"))]
fn main() {}
