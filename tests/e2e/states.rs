//! The panel in its main states, on a phone and on a desk, in each engine: axe finds nothing in any of them, and each looks as it did
//! when somebody last looked at its picture (`states/picture.rs`).

mod picture;

use protocol::limits::TEXT_MAX;
use serde_json::json;
use tests::{
    Browser, Engine, Relay, Shop, Shopper,
    browser::{DESKTOP, Size},
    shop::message_id,
    shopper::{LAUNCHER, ROOT},
};
use thirtyfour::Key;

use crate::accessible::assert_widget_accessible;

/// The smallest phone that is still sold.
pub(crate) const SMALL_PHONE: Size = (360, 640);

/// Arrives at a page that says which language its chat is to speak.
pub(crate) async fn arrives_in(locale: &str, browser: Browser, shop: &Shop) -> Shopper {
    browser.go(&shop.storefront.page("bare")).await;
    put_tag(&browser, shop, &[("locale", locale)]).await;
    browser.see("button", LAUNCHER).await;
    Shopper { browser }
}

/// Puts the script tag into the page, with these attributes.
pub(crate) async fn put_tag(browser: &Browser, shop: &Shop, attributes: &[(&str, &str)]) {
    let mut tag = format!(
        "const tag = document.createElement('script');
         tag.src = '{}/widget.js'; tag.dataset.shop = '{}';",
        shop.relay,
        shop.id.as_str()
    );
    for (name, value) in attributes {
        tag += &format!("tag.dataset.{name} = '{value}';");
    }
    browser.ask(&(tag + "document.body.append(tag)")).await;
}

/// Opens the chat, whatever language it speaks and whether or not it has stayed open from another page.
pub(crate) async fn opens(shopper: &Shopper) {
    shopper.browser.ask("commesso('open')").await;
    shopper.browser.see("log", "").await;
    shopper.browser.see("textbox", "").await;
}

/// Types and sends, whatever language the chat speaks.
async fn writes(shopper: &Shopper, words: &str) {
    let composer = shopper.browser.see("textbox", "").await;
    let keys = format!("{words}{}", char::from(Key::Enter));
    composer.send_keys(keys).await.expect("keys");
}

/// Puts a draft on the device that another release kept, and that is too long for the relay, by signs that nobody sees. The next page
/// sends it in vain.
pub(crate) async fn keeps_what_is_too_long(browser: &Browser, shop: &Shop, words: &str) {
    let name = message_id();
    let words = format!("{words}{}", "\u{200b}".repeat(TEXT_MAX));
    let draft = json!({ "id": name, "content": { "kind": "message", "text": words } });
    let key = format!("commesso:{}:outbox:{name}", shop.id.as_str());
    let keep = "localStorage.setItem(arguments[0], arguments[1])";
    let kept = browser
        .driver
        .execute(keep, vec![json!(key), json!(draft.to_string())]);
    kept.await.expect("it is kept");
}

/// Whether the network is there. WebKit's driver cannot take it away: there the page says so, which is all that the panel goes by.
async fn online(browser: &Browser, on: bool) {
    match Engine::of_this_run() {
        Engine::Chromium | Engine::Firefox => browser.online(on).await,
        Engine::WebKit => {
            let event = if on { "online" } else { "offline" };
            let say = format!(
                "Object.defineProperty(navigator, 'onLine', {{ value: {on}, configurable: true }});
                 dispatchEvent(new Event('{event}'))"
            );
            browser.ask(&say).await;
        }
    }
}

/// Brings the chat from one state into the next, and calls with each, by name.
async fn through_the_states(
    shopper: &Shopper,
    shop: &Shop,
    language: &str,
    mut look: impl AsyncFnMut(&'static str),
) {
    let browser = &shopper.browser;
    let (question, answer, more) = match language {
        "ar" => (
            "هل الموكا متوفرة؟",
            "نعم، لدينا ثلاث قطع من Moka Express 3.",
            "شكرًا",
        ),
        _ => (
            "Is the moka in stock?",
            "Yes, three are left.",
            "Thank you, I take one",
        ),
    };
    opens(shopper).await;
    browser
        .until(
            "the greeting stands there",
            &format!("return {ROOT}.querySelectorAll('.question').length === 3"),
        )
        .await;
    look("empty").await;

    writes(shopper, question).await;
    let id = shop.caller().conversation_with(question).await.id;
    shop.caller().write(id, answer).await;
    shopper.reads(answer).await;
    writes(shopper, more).await;
    shop.caller().conversation_with(more).await;
    let stored = format!(
        "return {ROOT}.querySelectorAll('.state').length === 1 && !{ROOT}.querySelector('.state [d^=\"M12 7\"]')"
    );
    browser.until("the last message is stored", &stored).await;
    look("talk").await;

    online(browser, false).await;
    let notice = format!("return Boolean({ROOT}.querySelector('.notice'))");
    browser.until("the notice is there", &notice).await;
    look("offline").await;
    online(browser, true).await;
    let gone = format!("return !{ROOT}.querySelector('.notice')");
    browser.until("the notice is gone", &gone).await;

    keeps_what_is_too_long(browser, shop, question).await;
    browser.reload().await;
    put_tag(browser, shop, &[("locale", language)]).await;
    browser.see("button", "").await;
    opens(shopper).await;
    let refused = format!(
        "return Boolean({ROOT}.querySelector('.refusal')) && {ROOT}.querySelectorAll('.row').length === 4"
    );
    browser
        .until("the message is refused, below the others", &refused)
        .await;
    look("refused").await;
}

async fn axe_finds_nothing(size: Size, locale: &str) {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives_in(locale, Browser::open(size).await, &shop).await;
    through_the_states(&shopper, &shop, locale, async |state| {
        let when = format!("{state}, {locale}, {} wide", size.0);
        assert_widget_accessible(&shopper.browser, &when).await;
    })
    .await;
    shopper.leaves_after(&["net::ERR_", "WebSocket"]).await;
}

#[tokio::test]
async fn no_state_has_a_violation_on_a_phone() {
    axe_finds_nothing(SMALL_PHONE, "en").await;
}

#[tokio::test]
async fn no_state_has_a_violation_on_a_desk() {
    axe_finds_nothing(DESKTOP, "en").await;
}

#[tokio::test]
async fn no_state_has_a_violation_from_right_to_left() {
    axe_finds_nothing(SMALL_PHONE, "ar").await;
}

#[tokio::test]
async fn it_looks_as_it_did_on_a_phone() {
    looks_as_it_did("phone", SMALL_PHONE).await;
}

#[tokio::test]
async fn it_looks_as_it_did_on_a_desk() {
    looks_as_it_did("desk", DESKTOP).await;
}

async fn looks_as_it_did(place: &str, size: Size) {
    let mut shots = vec![];
    for (locale, dark, look) in [
        ("en", false, ""),
        ("ar", false, "-arabic"),
        ("en", true, "-dark"),
    ] {
        let shop = Relay::shared().await.shop().await;
        let browser = Browser::open_in(size, dark).await;
        let shopper = arrives_in(locale, browser, &shop).await;
        through_the_states(&shopper, &shop, locale, async |state| {
            let name = format!("{state}-{place}{look}");
            shots.push((name, picture::shot(&shopper.browser).await));
        })
        .await;
        shopper.leaves_after(&["net::ERR_", "WebSocket"]).await;
    }
    let chromium = Browser::beside().await;
    let mut wrong = vec![];
    for (name, shot) in shots {
        wrong.extend(picture::compared(&chromium, &name, &shot).await);
    }
    chromium.leave(&[]).await;
    assert!(
        wrong.is_empty(),
        "look at target/pictures; if it is as it should be, run again with UPDATE=1: {wrong:#?}"
    );
}
