//! The page's address and language: `?shop=` names the shop to sign in to, `#<conversation>` the open conversation, so that
//! the browser's own back works, and `#install` the page of that name; `?lang=` chooses a language for who has the wrong one.

use leptos::prelude::window;
use protocol::id::ConversationId;

/// The language the page speaks.
pub(super) fn language() -> String {
    query("lang")
        .or_else(|| window().navigator().language())
        .unwrap_or_default()
}

/// A value of the query.
pub(super) fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search)
        .ok()?
        .get(name)
}

/// The conversation in the address.
pub(super) fn conversation() -> Option<ConversationId> {
    window()
        .location()
        .hash()
        .ok()?
        .strip_prefix('#')?
        .parse()
        .ok()
}

/// Puts a conversation into the address. From the list it is a step that can be gone back; from another conversation it is not.
pub(super) fn go(to: Option<ConversationId>) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let url = to.map_or_else(|| path.clone(), |id| format!("{path}#{id}"));
    if let Ok(history) = window().history() {
        let step = if conversation().is_some() {
            history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url))
        } else {
            history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url))
        };
        // Without history (a sandboxed frame) the page works, only the browser's back does not.
        let _ = step;
    }
}

/// Where the page *Install* is.
const INSTALL: &str = "#install";

/// Whether the address is that of the page *Install*.
pub(super) fn is_install() -> bool {
    window().location().hash().is_ok_and(|hash| hash == INSTALL)
}

/// Puts the page *Install* into the address, a step that can be gone back.
pub(super) fn go_to_install() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window().history() {
        // As above.
        let url = path + INSTALL;
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}

/// Loads the page again.
pub(super) fn reload() {
    // Where it may not, the words beside the button say what to do.
    let _ = window().location().reload();
}

/// The address of a socket of this relay.
pub(super) fn socket(path: &str) -> String {
    let location = window().location();
    let secure = location
        .protocol()
        .is_ok_and(|protocol| protocol == "https:");
    format!(
        "{}://{}{path}",
        if secure { "wss" } else { "ws" },
        location.host().unwrap_or_default()
    )
}

/// `(2) Inbox — Bottega Aroma`
pub(super) fn title(news: u32, inbox: &str, shop: Option<&str>) -> String {
    let badge = if news > 0 {
        format!("({news}) ")
    } else {
        String::new()
    };
    let shop = shop.map(|shop| format!(" — {shop}")).unwrap_or_default();
    format!("{badge}{inbox}{shop}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_counts_the_news() {
        assert_eq!(
            title(2, "Inbox", Some("Bottega Aroma")),
            "(2) Inbox — Bottega Aroma"
        );
        assert_eq!(
            title(0, "Inbox", Some("Bottega Aroma")),
            "Inbox — Bottega Aroma"
        );
        assert_eq!(title(0, "Inbox", None), "Inbox");
    }
}
