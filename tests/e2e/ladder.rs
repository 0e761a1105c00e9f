//! The last rung: where the chat cannot be in the page at all, the panel takes the first words and hands its visitor over to a page of
//! its own, which goes on with the same conversation (SPEC, HO8 and PP4).

use reqwest::Method;
use serde_json::json;
use tests::{
    Browser, Caller, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually, shop,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};
use thirtyfour::{Key, WindowHandle};

use crate::{
    accessible::assert_accessible_now,
    frame::{inside, outside},
    handover::link,
};

/// What a browser says about a policy that is kept.
const KEPT: &str = "Content Security Policy";

/// The lockdown mode of a phone takes it away.
const NO_WEBASSEMBLY: &str = "if (!location.search) delete window.WebAssembly;";

/// As where a browser is told to let nobody keep anything.
const NO_STORAGE: &str = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('denied', 'SecurityError') } });";

/// Gives every page of the shop's this policy, in front of all that it loads.
pub(crate) fn policy(shop: &Shop, policy: &str) {
    let script = format!(
        "{{ const meta = document.createElement('meta'); meta.httpEquiv = 'Content-Security-Policy'; meta.content = \"{policy}\"; document.head.append(meta); }}"
    );
    shop.storefront.begins_with(&script);
}

/// Opens the chat on a page of this policy, where it lives in a frame and is the conversation that it was before there was a policy.
async fn in_a_frame_by(policy_of: impl Fn(&Shop) -> String) {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Before there was a policy").await;
    policy(&shop, &policy_of(&shop));
    let browser = &shopper.browser;
    browser.reload().await;
    inside(browser).await;
    shopper.reads("Before there was a policy").await;
    shopper.writes_for_sure("And under it").await;
    shop.caller().write("latest", "We read both").await;
    shopper.reads("We read both").await;
    outside(browser).await;
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho1_a_policy_without_webassembly_is_reason_enough_for_a_frame() {
    in_a_frame_by(|shop| format!("script-src {}", shop.relay)).await;
}

#[tokio::test]
async fn ho1_a_policy_that_lets_nothing_be_asked_of_the_relay_is_reason_enough_for_a_frame() {
    in_a_frame_by(|shop| {
        let own = shop.storefront.origin();
        format!(
            "script-src {} 'wasm-unsafe-eval'; connect-src {own}",
            shop.relay
        )
    })
    .await;
}

#[tokio::test]
async fn under_a_policy_that_forgets_sockets_the_chat_is_in_the_page_by_requests() {
    let shop = Relay::shared().await.shop().await;
    policy(&shop, &format!("connect-src {}", shop.relay));
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Without a socket").await;
    let conversation = shop.caller().conversation_with("Without a socket").await;
    assert!(conversation.visitor_present);
    shop.caller().write(conversation.id, "We hear you").await;
    shopper.reads("We hear you").await;
    let browser = &shopper.browser;
    browser.see_no("status", "Nothing you write is lost").await;
    browser.reload().await;
    shopper.is_in_the_chat().await;
    shopper.reads("We hear you").await;
    shopper.writes_for_sure("On the next page as well").await;
    let framed = format!("return {ROOT}.querySelectorAll('iframe').length");
    assert_eq!(browser.ask(&framed).await, json!(0));
    shopper.leaves_after(&[KEPT, "WebSocket"]).await;
}

/// Goes to the tab that was opened, where there is a transcript; answers with the one that was left.
async fn in_the_other_tab(browser: &Browser) -> WindowHandle {
    let here = browser.driver.window().await.expect("a tab");
    in_a_tab_beside(browser, &[here]).await
}

/// The same, where there were these before.
async fn in_a_tab_beside(browser: &Browser, before: &[WindowHandle]) -> WindowHandle {
    let here = browser.driver.window().await.expect("a tab");
    let tab = eventually("another tab is opened", async || {
        // Engines list them in any order.
        let tabs = browser.driver.windows().await.ok()?;
        tabs.into_iter().find(|tab| !before.contains(tab))
    })
    .await;
    browser.front(&tab).await;
    browser.see("heading", "Bottega Aroma").await;
    let loaded = "return document.readyState === 'complete' && frames.length === 1";
    browser.until("the page is whole", loaded).await;
    here
}

async fn reads_there(browser: &Browser, words: &str) {
    let entered = browser.driver.enter_frame(0).await;
    entered.expect("the transcript is a frame");
    browser.see_words(words).await;
    browser
        .driver
        .enter_default_frame()
        .await
        .expect("the page");
}

#[tokio::test]
async fn ho8_without_webassembly_the_first_words_open_a_page_of_their_own() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_WEBASSEMBLY);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    browser.see("status", "a page of its own").await;
    let field = browser.see("textbox", COMPOSER).await;
    let words = format!("From a locked phone{}", char::from(Key::Enter));
    field.send_keys(words).await.expect("keys");
    let left = in_the_other_tab(browser).await;
    reads_there(browser, "From a locked phone").await;
    let summary = shop.caller().conversation_with("From a locked phone").await;

    // The page that was left says where the words are, and keeps whose they are: a browser that can hold the chat goes on with it.
    browser.front(&left).await;
    browser
        .see("status", "Your message went to the other page")
        .await;
    browser
        .go(&format!("{}?whole", shop.storefront.page("plain")))
        .await;
    shopper.opens_the_chat().await;
    shopper.reads("From a locked phone").await;
    shopper.writes_for_sure("And from a whole one").await;
    let said = ["From a locked phone", "And from a whole one"];
    assert_eq!(shop.caller().words(summary.id).await, said);
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves_after(&["WebAssembly"]).await;
}

#[tokio::test]
async fn ho8_a_page_that_allows_no_frame_either_hands_over_by_a_form() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "sealed").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    browser.click("button", "Open the chat").await;
    in_the_other_tab(browser).await;
    let field = browser.see("textbox", COMPOSER).await;
    field.send_keys("Behind the seal").await.expect("keys");
    browser.press("Send").await;
    eventually("the words are there", async || {
        let open = shop.caller().open_conversations().await;
        (open.len() == 1).then_some(())
    })
    .await;
    reads_there(browser, "Behind the seal").await;
    shopper.leaves_after(&[KEPT]).await;
}

#[tokio::test]
async fn ho8_where_no_form_may_be_sent_either_the_words_stay_and_a_link_leads_there() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_WEBASSEMBLY);
    policy(&shop, "form-action 'none'");
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    let field = browser.see("textbox", COMPOSER).await;
    let words = format!("Half of it{}", char::from(Key::Enter));
    field.send_keys(words).await.expect("keys");
    browser.see("link", "Open the chat").await;
    // Chromium opens a tab for the form before it asks the policy, and leaves it empty.
    let before = browser.driver.windows().await.expect("tabs");
    browser.click("link", "Open the chat").await;
    let left = in_a_tab_beside(browser, &before).await;
    browser.see("textbox", COMPOSER).await;
    browser.front(&left).await;
    browser.see("status", "a page of its own").await;
    let kept = format!("return {ROOT}.querySelector('textarea').value");
    assert_eq!(browser.ask(&kept).await, json!("Half of it"));
    assert!(shop.caller().open_conversations().await.is_empty());
    shopper.leaves_after(&[KEPT]).await;
}

#[tokio::test]
async fn ho8_where_nothing_can_be_loaded_it_says_so_and_words_wait() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    relay.kill_9();
    browser.press(LAUNCHER).await;
    browser.see("button", "↻").await;
    let field = browser.see("textbox", "").await;
    field.send_keys("Kept meanwhile").await.expect("keys");

    // The relay is back: it is tried again, and the words are there.
    relay.restart().await;
    browser.press("↻").await;
    shopper.is_in_the_chat().await;
    shopper.writes("").await;
    shopper.is_stored("Kept meanwhile").await;
    shopper.leaves_after(&["ERR_CONNECTION_REFUSED"]).await;
}

#[tokio::test]
async fn where_storage_is_blocked_the_conversation_is_kept_as_long_as_the_page() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_STORAGE);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Nothing is kept here").await;
    shop.caller().write("latest", "And nothing is lost").await;
    shopper.reads("And nothing is lost").await;
    shopper.types("Half a").await;
    let browser = &shopper.browser;
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    shopper.opens_the_chat().await;
    shopper.reads("Nothing is kept here").await;
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves().await;
}

#[tokio::test]
async fn where_storage_is_blocked_the_frame_needs_none() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    // In the page and in the frame.
    browser.before_every_page(NO_STORAGE).await;
    let shopper = Shopper::arrives(browser, &shop, "walled").await;
    shopper.browser.press(LAUNCHER).await;
    inside(&shopper.browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("Framed, and nothing is kept").await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho8_on_a_phone_the_back_button_closes_it_and_its_words_are_read_on_any_colour() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_WEBASSEMBLY);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    browser.see("status", "a page of its own").await;
    // Of which the loader guesses what is read on it.
    browser.ask("commesso('set', { color: '#ff0000' })").await;
    let black =
        format!("return getComputedStyle({ROOT}.host).getPropertyValue('--on').trim() === '#000'");
    browser.until("black is read on it", &black).await;
    assert_accessible_now(browser, "commesso-chat", "the way to a page of its own").await;
    assert_eq!(browser.ask("return document.body.inert").await, json!(true));
    browser.driver.back().await.expect("back");
    let closed = format!("return {ROOT}.querySelector('.panel').hidden");
    browser.until("it is closed", &closed).await;
    let here = browser
        .ask("return [document.body.inert, location.pathname]")
        .await;
    assert_eq!(here, json!([false, "/plain"]), "the shop is still there");
    shopper.leaves().await;
}

#[tokio::test]
async fn lk4_without_webassembly_the_next_page_has_the_shops_colour_at_once() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_WEBASSEMBLY);
    let caller = shop.caller();
    let orange = caller.request(Method::PATCH, "/v1/shop");
    let orange = orange.json(&json!({ "color": "#ff6900" }));
    assert_eq!(caller.send(orange).await.status, 200);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    browser.see("status", "a page of its own").await;
    let known = format!(
        "return Boolean(localStorage['commesso:{}:color'])",
        shop.id.as_str()
    );
    browser.until("the colour is known", &known).await;
    browser.go(&shop.storefront.page("plain")).await;
    browser.see("button", "Chat").await;
    // By its green alone white would be read on it.
    let worn = format!(
        "const {{ backgroundColor, color }} = getComputedStyle({ROOT}.querySelector('.launcher'));
         return [backgroundColor, color, Boolean({ROOT}.querySelector('.panel'))]"
    );
    let worn = browser.ask(&worn).await;
    assert_eq!(worn, json!(["rgb(255, 105, 0)", "rgb(0, 0, 0)", false]));
    shopper.leaves().await;
}

#[tokio::test]
async fn ho9_a_link_from_another_device_asks_before_the_page_of_its_own() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(NO_WEBASSEMBLY);
    let (visitor, _) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    let link = link(&visitor, conversation, &shop.storefront.page("plain")).await;
    let browser = Browser::open(PHONE).await;
    browser.go(&link).await;
    browser.press("Go on here").await;
    browser.see("status", "a page of its own").await;
    let kept = format!(
        "return localStorage['commesso:{}:conversation'] === '{conversation}' && location.hash === ''",
        shop.id.as_str()
    );
    browser.until("it goes on here", &kept).await;
    browser.leave(&[]).await;
}

#[tokio::test]
async fn ho9_where_nothing_can_be_asked_a_link_from_another_device_stays_good() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let page = shop.storefront.page("sealed");
    let link = link(&visitor, shop::conversation_id(), &page).await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&link).await;
    browser.see("status", "a page of its own").await;
    let kept = browser.ask("return location.href").await;
    assert_eq!(kept, json!(link), "the code is not lost");
    browser.leave(&[KEPT]).await;
}
