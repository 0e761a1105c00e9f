//! A device that keeps nothing, forgets everything, or dies: what was written is there once, in order, all the same.
//!
//! Where the relay must be out of reach while the page still loads, the network refuses what carries a chat's frames and nothing else.

use serde_json::json;
use tests::{
    Browser, FaultProxy, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    fault_proxy::Door,
    shopper::COMPOSER,
};

use crate::network::{BROKEN, all_is_well, behind_a_proxy};

/// Takes all the room that the page's origin has. The answer is whether nothing more fits.
const FILL: &str = "
    let part = 'x'.repeat(1 << 20), keys = 0;
    while (part) {
        try { localStorage.setItem('theirs' + keys++, part); }
        catch { part = part.slice(part.length - (part.length >> 1)); if (part.length === 1) break; }
    }
    try { while (true) localStorage.setItem('theirs' + keys++, ''); } catch { return true; }";

#[tokio::test]
async fn a_full_disk_keeps_nobody_from_writing() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    assert_eq!(shopper.browser.ask(FILL).await, json!(true), "it is full");
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Nothing is kept here").await;
    let conversation = shop
        .caller()
        .conversation_with("Nothing is kept here")
        .await
        .id;
    shop.caller().write(conversation, "But here").await;
    shopper.reads("But here").await;

    offline(&proxy);
    shopper.writes("Not even this").await;
    shopper
        .browser
        .see_bubble("Not even this", &["On its way"])
        .await;
    shopper.writes("Nor this").await;
    shopper.types("Half a").await;
    proxy.calm();
    shopper.is_stored("Nor this").await;
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    let kept = "return Object.keys(localStorage).some((key) => key.startsWith('commesso:'))";
    assert_eq!(shopper.browser.ask(kept).await, json!(false), "it was full");
    let all = [
        "Nothing is kept here",
        "But here",
        "Not even this",
        "Nor this",
        "Half a sentence",
    ];
    all_is_well(&shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_page_that_clears_the_storage_takes_no_draft_away() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Signed in").await;
    let conversation = shop.caller().conversation_with("Signed in").await.id;
    offline(&proxy);
    shopper.writes("About my order").await;
    shopper
        .browser
        .see_bubble("About my order", &["On its way"])
        .await;
    shopper.types("It is number").await;
    // As pages do when somebody signs out.
    shopper
        .browser
        .ask("localStorage.clear(); sessionStorage.clear()")
        .await;
    shopper
        .browser
        .see_bubble("About my order", &["On its way"])
        .await;
    proxy.calm();
    shopper.is_stored("About my order").await;
    shopper.writes(" 12").await;
    shopper.is_stored("It is number 12").await;
    let all = ["Signed in", "About my order", "It is number 12"];
    all_is_well(&shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_tab_that_crashes_keeps_drafts_and_half_a_sentence() {
    let (proxy, shop) = behind_a_proxy().await;
    let browser = Browser::open(PHONE).await;
    browser.go(&shop.storefront.page("plain")).await;
    let first = browser.driver.window().await.expect("a tab");
    let second = browser.tab("about:blank").await;
    browser.front(&first).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    write_into_nothing(&proxy, &shopper).await;
    // There is nobody left to answer.
    let _ = shopper.browser.devtools().execute_cdp("Page.crash").await;
    shopper.browser.front(&second).await;
    comes_back(&proxy, &shop, shopper).await;
}

#[tokio::test]
async fn a_browser_that_is_killed_keeps_drafts_and_half_a_sentence() {
    let (proxy, shop) = behind_a_proxy().await;
    let mut shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    write_into_nothing(&proxy, &shopper).await;
    for words in ["Then the screen went black", "And half a"] {
        shopper.browser.has_written_down(words).await;
    }
    shopper.browser.is_killed_and_started().await;
    comes_back(&proxy, &shop, shopper).await;
}

/// Two drafts that cannot leave, and words that were not sent.
async fn write_into_nothing(proxy: &FaultProxy, shopper: &Shopper) {
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("A last question").await;
    offline(proxy);
    for words in ["Are you there?", "Then the screen went black"] {
        shopper.writes(words).await;
        shopper.browser.see_bubble(words, &["On its way"]).await;
    }
    shopper.types("And half a").await;
}

/// The page is opened again: out of reach of the relay at first, and then not.
async fn comes_back(proxy: &FaultProxy, shop: &Shop, shopper: Shopper) {
    let Shopper { browser } = shopper;
    let shopper = Shopper::arrives(browser, shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.reads("Are you there?").await;
    let last = "Then the screen went black";
    shopper.browser.see_bubble(last, &["On its way"]).await;
    let composer = shopper.browser.see("textbox", COMPOSER).await;
    let words = composer.prop("value").await.expect("a value");
    assert_eq!(words.as_deref(), Some("And half a"));
    let conversation = shop.caller().conversation_with("A last question").await.id;
    assert_eq!(shop.caller().words(conversation).await, ["A last question"]);

    proxy.calm();
    shopper.is_stored(last).await;
    shopper.writes(" sentence").await;
    shopper.is_stored("And half a sentence").await;
    let all = [
        "A last question",
        "Are you there?",
        last,
        "And half a sentence",
    ];
    all_is_well(shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}

/// No way for a frame any more, on a socket or by a request.
pub(crate) fn offline(proxy: &FaultProxy) {
    proxy.door(Door::NoChat);
    proxy.reset();
}
