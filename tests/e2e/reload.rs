//! A page that is loaded again, a tab that is opened twice, a browser without network: nothing that was written is lost.

use tests::{
    Browser, Peer, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    fault_proxy::Door,
    shopper::COMPOSER,
};

use crate::network::{BROKEN, behind_a_proxy};

#[tokio::test]
async fn a_reload_keeps_everything() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Do you ship to Caserta?").await;
    shop.caller()
        .conversation_with("Do you ship to Caserta?")
        .await;
    shop.caller().write("latest", "Every day.").await;
    shopper.reads("Every day.").await;
    shopper.types("How much does").await;

    shopper.browser.reload().await;
    // It was open, so it is open again.
    shopper.is_in_the_chat().await;
    shopper.reads("Do you ship to Caserta?").await;
    shopper.reads("Every day.").await;
    let composer = shopper.browser.see("textbox", COMPOSER).await;
    let kept = composer.prop("value").await.expect("a value");
    assert_eq!(
        kept.as_deref(),
        Some("How much does"),
        "a half-written message"
    );
    shopper.writes(" it cost?").await;
    shopper.is_stored("How much does it cost?").await;
    assert_eq!(shopper.browser.transcript().await.len(), 3);
    shopper.leaves().await;
}

#[tokio::test]
async fn written_offline_and_delivered_later() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Before the tunnel").await;
    let conversation = shop.caller().conversation_with("Before the tunnel").await;
    shopper.browser.online(false).await;
    for n in 1..=3 {
        shopper.writes(&format!("In the tunnel {n}")).await;
        shopper.reads(&format!("In the tunnel {n}")).await;
    }
    shop.caller().write("latest", "Meanwhile").await;
    shopper.browser.see_words_anywhere("No connection").await;

    shopper.browser.online(true).await;
    shopper.is_stored("In the tunnel 3").await;
    shopper.reads("Meanwhile").await;
    // DevTools' network takes new connections away and leaves those that are open, so who was first is not told here.
    let mut words = shop.caller().words(conversation.id).await;
    words.retain(|text| text != "Meanwhile");
    let all = [
        "Before the tunnel",
        "In the tunnel 1",
        "In the tunnel 2",
        "In the tunnel 3",
    ];
    assert_eq!(words, all);
    shopper
        .leaves_after(&["ERR_INTERNET_DISCONNECTED", "WebSocket"])
        .await;
}

#[tokio::test]
async fn written_offline_and_delivered_after_the_tab_was_closed() {
    let (proxy, shop) = behind_a_proxy().await;
    let browser = Browser::open(PHONE).await;
    browser.go(&shop.storefront.page("plain")).await;
    let first = browser.driver.window().await.expect("a tab");
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    proxy.door(Door::NoChat);
    proxy.reset();
    let last = "Then the battery died";
    shopper.writes(last).await;
    shopper.browser.see_bubble(last, &["On its way"]).await;

    let second = shopper.browser.tab("about:blank").await;
    shopper.browser.front(&first).await;
    shopper.browser.driver.close_window().await.expect("closed");
    proxy.calm();
    shopper.browser.front(&second).await;
    shopper.browser.go(&shop.storefront.page("plain")).await;
    // Nothing is pressed: a conversation that waits is taken up by itself.
    let caller = shop.caller();
    caller.conversation_with(last).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn ob2_a_clock_that_is_set_back_changes_no_order() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    proxy.door(Door::NoChat);
    proxy.reset();
    shopper.writes("First").await;
    shopper.reads("First").await;
    let back = "const now = Date.now; Date.now = () => now() - 20_000";
    shopper.browser.ask(back).await;
    shopper.writes("Second").await;
    shopper.browser.see_bubble("Second", &["On its way"]).await;

    // The next page knows of both by what the device has kept.
    shopper.browser.reload().await;
    proxy.calm();
    shopper.is_in_the_chat().await;
    shopper.is_stored("Second").await;
    let conversation = shop.caller().conversation_with("Second").await.id;
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["Hello", "First", "Second"]);
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn two_tabs_are_one_conversation() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let first = shopper.browser.driver.window().await.expect("a tab");
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("From the first tab").await;

    let second = shopper.browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    shopper.reads("From the first tab").await;
    shopper.writes_for_sure("From the second tab").await;
    shopper.browser.front(&first).await;
    shopper.reads("From the second tab").await;
    let summary = shop.caller().conversation_with("From the second tab").await;
    let mut operator = Peer::operator(&shop, summary.id).await;
    operator.say_for_sure("To both").await;
    shopper.reads("To both").await;
    shopper.browser.front(&second).await;
    shopper.reads("To both").await;

    let expected = ["From the first tab", "From the second tab", "To both"];
    assert_eq!(shop.caller().words(summary.id).await, expected);
    eventually("each tab shows each message once", async || {
        let bubbles = shopper.browser.transcript().await;
        (bubbles.len() == expected.len()).then_some(())
    })
    .await;
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves().await;
}

/// What a socket still had in its hands when the page went away is sent by a last request, and is there once.
#[tokio::test]
async fn the_last_words_of_a_page_that_goes_away() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("First").await;
    let conversation = shop.caller().conversation_with("First").await.id;
    // A socket that takes everything and sends nothing.
    let deaf = "WebSocket.prototype.send = () => {}";
    shopper.browser.ask(deaf).await;
    for words in ["Second", "Third"] {
        shopper.writes(words).await;
        shopper.browser.see_bubble(words, &["On its way"]).await;
    }
    let page = shopper.browser.ask("return location.href").await;
    shopper.browser.go("about:blank").await;

    let all = ["First", "Second", "Third"];
    eventually("the last words have arrived", async || {
        (shop.caller().words(conversation).await == all).then_some(())
    })
    .await;
    shopper.browser.go(page.as_str().expect("an address")).await;
    shopper.is_stored("Third").await;
    shopper.writes_for_sure("Fourth").await;
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["First", "Second", "Third", "Fourth"]);
    shopper.leaves().await;
}
