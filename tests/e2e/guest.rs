//! A guest in the shop: the widget costs the page nothing before it is touched, survives what pages do, and leaves nothing.

mod loads;

use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};

/// What a page holds that a script could have left: its elements, globals, storage and cookies.
const TRACES: &str = "return {
  elements: [...document.querySelectorAll('*')].map((e) => e.tagName).join(),
  globals: Object.getOwnPropertyNames(window).filter((name) => name.includes('ommesso')).join(),
  styles: document.styleSheets.length + document.adoptedStyleSheets.length,
  classes: document.documentElement.className + document.body.className,
  style: (document.documentElement.getAttribute('style') ?? '') + (document.body.getAttribute('style') ?? ''),
  cookies: document.cookie,
}";

#[tokio::test]
async fn before_it_is_touched_it_loads_one_file_and_stores_nothing() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser
        .until(
            "the page is at rest",
            "return document.readyState === 'complete'",
        )
        .await;
    // Safari has no callback for a page that idles.
    let idle = "const done = arguments[0], idle = window.requestIdleCallback ?? setTimeout; idle(() => idle(() => done(true)))";
    browser
        .driver
        .execute_async(idle, vec![])
        .await
        .expect("the page idles");
    let loaded = browser
        .ask("return performance.getEntriesByType('resource').map((one) => one.name)")
        .await;
    assert_eq!(loaded, json!([format!("{}/widget.js", shop.relay)]));
    let stored = browser
        .ask("return localStorage.length + sessionStorage.length")
        .await;
    assert_eq!(stored, json!(0));
    shopper.leaves().await;
}

#[tokio::test]
async fn it_looks_and_works_the_same_on_a_hostile_page() {
    let shop = Relay::shared().await.shop().await;
    let plain = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    plain.opens_the_chat().await;
    let expected = looks(&plain.browser).await;
    plain.leaves().await;
    let hostile = Shopper::arrives(Browser::open(PHONE).await, &shop, "hostile").await;
    hostile.opens_the_chat().await;
    assert_eq!(looks(&hostile.browser).await, expected);
    hostile.writes_for_sure("Through all that").await;
    hostile.browser.press("Close").await;
    hostile.browser.see_no("textbox", "").await;
    hostile.leaves().await;
}

/// What a page's style could change: of every element of ours where it is, and how it is drawn.
async fn looks(browser: &Browser) -> serde_json::Value {
    // What is loaded beside draws itself when it comes.
    let still = format!(
        "return {ROOT}.querySelectorAll('.attach, .more').length > 1
           && {ROOT}.getAnimations().every((one) => one.playState === 'finished')"
    );
    browser
        .until("everything is there and nothing moves any more", &still)
        .await;
    let script = format!(
        "return [...{ROOT}.querySelectorAll('*')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width).map((e) => {{
           const {{ x, y, width, height }} = e.getBoundingClientRect();
           const style = getComputedStyle(e);
           const drawn = ['display', 'color', 'backgroundColor', 'fontSize', 'fontFamily', 'letterSpacing', 'lineHeight', 'cursor', 'pointerEvents'].map((name) => style[name]);
           return [e.tagName, ...[x, y, width, height].map(Math.round), ...drawn].join(' ');
         }})"
    );
    browser.ask(&script).await
}

#[tokio::test]
async fn a_finger_opens_and_closes_it() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let watch = "window.touches = []; addEventListener('click', (event) => touches.push(event.pointerType), true)";
    browser.ask(watch).await;
    shopper.opens_the_chat().await;
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    let seen = "return [matchMedia('(pointer: coarse) and (hover: none)').matches, ...touches]";
    assert_eq!(browser.ask(seen).await, json!([true, "touch", "touch"]));
    shopper.leaves().await;
}

#[tokio::test]
async fn what_is_sent_before_anybody_hears_it_leaves_as_soon_as_somebody_does() {
    let shop = Relay::shared().await.shop().await;
    for page in ["plain", "walled"] {
        let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, page).await;
        // The keys of who is faster than their network.
        let types = format!(
            "commesso('open'); const field = {ROOT}.querySelector('textarea'); field.value = 'At once, on {page}\\n'"
        );
        shopper.browser.ask(&types).await;
        let words = format!("At once, on {page}");
        let summary = shop.caller().conversation_with(&words).await;
        assert_eq!(shop.caller().words(summary.id).await, [words]);
        shopper
            .leaves_after(&["Content Security Policy", "WebAssembly"])
            .await;
    }
}

#[tokio::test]
async fn it_stays_on_a_page_that_replaces_its_body() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "spa").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("On the first page").await;
    shopper.types("Half a").await;
    for page in 2..=4 {
        shopper.browser.press("Next page").await;
        shopper
            .browser
            .see("heading", &format!("Page {page}"))
            .await;
        shopper.reads("On the first page").await;
    }
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    let hosts = "return document.querySelectorAll('commesso-chat').length";
    assert_eq!(shopper.browser.ask(hosts).await, json!(1));
    shopper.leaves().await;
}

#[tokio::test]
async fn the_operator_is_told_which_page_the_shopper_is_on() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "spa").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    shopper.browser.press("Next page").await;
    let caller = shop.caller();
    eventually("the inbox knows the page", async || {
        let page = caller.open_conversations().await.pop()?.page?;
        // Without its query, which may hold what is nobody's business.
        let path = shop.storefront.page("spa");
        (page.title == "Page 2" && page.url == path).then_some(())
    })
    .await;
    shopper.leaves().await;
}

#[tokio::test]
async fn destroy_leaves_nothing() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("bare")).await;
    let before = browser.ask(TRACES).await;
    let tag = format!(
        "const tag = document.createElement('script');
         tag.src = '{}/widget.js'; tag.dataset.shop = '{}'; tag.async = true;
         document.head.append(tag); tag.remove();",
        shop.relay,
        shop.id.as_str()
    );
    browser.ask(&tag).await;
    browser.see("button", LAUNCHER).await;
    let shopper = Shopper { browser };
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    shopper.browser.ask("commesso('destroy')").await;
    shopper.browser.see_no("button", LAUNCHER).await;
    assert_eq!(shopper.browser.ask(TRACES).await, before);
    // And it may come back.
    shopper.browser.ask(&tag).await;
    shopper.browser.press(LAUNCHER).await;
    shopper.reads("Hello").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_mistyped_shop_leaves_the_page_untouched_and_one_line_in_the_console() {
    let relay = Relay::shared().await;
    let shop = relay.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("unknown")).await;
    // Nothing is asked before somebody wants to chat, so it shows only then.
    browser.press(LAUNCHER).await;
    browser.see_no("button", "").await;
    let hosts = "return document.querySelectorAll('commesso-chat').length";
    assert_eq!(browser.ask(hosts).await, json!(0));
    let said = eventually("the console says why", async || {
        let said = browser.complaints().await;
        let ours = said
            .iter()
            .any(|line| line.contains("nobody-has-this-name"));
        ours.then_some(said)
    })
    .await;
    let ours: Vec<_> = said
        .iter()
        .filter(|line| !line.contains("Failed to load resource"))
        .collect();
    assert_eq!(ours.len(), 1, "{said:#?}");
    browser.leave(&[]).await;
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_chat() {
    let relay = Relay::shared().await;
    let (ours, theirs) = (relay.shop().await, relay.shop().await);
    let browser = Browser::open(DESKTOP).await;
    browser.go(&theirs.storefront.page("bare")).await;
    let tag = format!(
        "const tag = document.createElement('script');
         tag.src = '{}/widget.js'; tag.dataset.shop = '{}'; document.head.append(tag);",
        ours.relay,
        ours.id.as_str()
    );
    browser.ask(&tag).await;
    browser.press(LAUNCHER).await;
    browser.see_no("button", LAUNCHER).await;
    assert!(ours.caller().open_conversations().await.is_empty());
    browser
        .leave(&["Failed to load resource", ours.id.as_str()])
        .await;
}
