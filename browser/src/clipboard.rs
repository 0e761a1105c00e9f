//! Where words are copied to.

use js_sys::Promise;

/// Copies words; nothing on a page without TLS, which has no clipboard. Where it is closed to the page, the promise fails.
pub fn copy(words: &str) -> Option<Promise> {
    let clipboard = web_sys::window()?.navigator().clipboard();
    (!clipboard.is_undefined()).then(|| clipboard.write_text(words))
}
