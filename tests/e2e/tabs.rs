//! Several tabs of one conversation share a socket: one leads, the others follow, and whoever dies, nothing is lost or doubled.

use std::time::Duration;

use serde_json::json;
use tests::{Browser, Peer, Relay, Shopper, browser::DESKTOP, eventually, patience::within};

/// Tabs begin to share when the socket has lived for a while (11 s); a busy machine takes its time.
const SHARED: Duration = Duration::from_secs(40);

/// How soon a tab must notice that the one that led is gone.
const NOTICED: Duration = Duration::from_secs(2);

/// Counts the page's open sockets.
const COUNTED: &str = "window.opened = [];
    Object.defineProperty(Document.prototype, 'hidden', { get: () => !!window.away });
    window.WebSocket = class extends WebSocket { constructor(...words) { super(...words); opened.push(this); } };";

const OPEN: &str = "return opened.filter((socket) => socket.readyState === 1).length";

async fn open_sockets(browser: &Browser) -> serde_json::Value {
    browser.ask(OPEN).await
}

#[tokio::test]
async fn one_tab_leads_and_the_others_follow() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(COUNTED);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let first = browser.driver.window().await.expect("a tab");
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("One").await;
    let conversation = shop.caller().conversation_with("One").await.id;
    let mut giulia = Peer::operator(&shop, conversation).await;
    assert_eq!(open_sockets(browser).await, json!(1));

    // From here on this tab thinks that it is out of sight, whichever the driver looks at.
    browser.ask("window.away = true").await;

    let second = browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    shopper.reads("One").await;
    let leads = "return navigator.locks.query().then(({ held, pending }) => held.length === 1 && pending.length === 1)";
    within(SHARED, "one tab leads and one waits", async || {
        (browser.ask(leads).await == true).then_some(())
    })
    .await;
    browser.front(&first).await;
    within(
        SHARED,
        "the first tab has no socket of its own",
        async || (open_sockets(browser).await == 0).then_some(()),
    )
    .await;
    // What comes down reaches it all the same, and what it writes goes up.
    giulia.say_for_sure("Two").await;
    shopper.reads("Two").await;
    shopper.writes_for_sure("Three").await;
    giulia.hear_words("Three").await;
    assert_eq!(open_sockets(browser).await, json!(0), "not by a socket");
    browser.front(&second).await;
    shopper.reads("Three").await;
    assert_eq!(open_sockets(browser).await, json!(1));

    // The tab that leads dies.
    browser.driver.close_window().await.expect("the tab closes");
    browser.front(&first).await;
    within(NOTICED, "the one that is left has a socket", async || {
        (open_sockets(browser).await == 1).then_some(())
    })
    .await;
    giulia.say_for_sure("Four").await;
    shopper.reads("Four").await;
    shopper.writes_for_sure("Five").await;
    let words = ["One", "Two", "Three", "Four", "Five"];
    assert_eq!(shop.caller().words(conversation).await, words);
    eventually("each is shown once", async || {
        (browser.transcript().await.len() == words.len()).then_some(())
    })
    .await;
    shopper.leaves().await;
}

#[tokio::test]
async fn words_that_are_being_written_stay_in_their_tab() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let first = browser.driver.window().await.expect("a tab");
    shopper.opens_the_chat().await;
    let second = browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    browser.front(&first).await;
    // The first letter begins a conversation, in which the other tab goes along.
    shopper.types("From the first").await;
    browser.front(&second).await;
    let begun = "return Object.keys(localStorage).some((key) => key.endsWith(':conversation'))";
    browser.until("a conversation has begun", begun).await;
    shopper.is_in_the_chat().await;
    shopper.types("From the second").await;
    browser.front(&first).await;
    shopper.writes(" tab").await;
    shopper.is_stored("From the first tab").await;
    browser.front(&second).await;
    shopper.reads("From the first tab").await;
    // A page that is loaded again has what was written in its tab.
    browser.reload().await;
    shopper.is_in_the_chat().await;
    shopper.writes(" tab").await;
    shopper.is_stored("From the second tab").await;
    // The tab that goes along begins anew, and so does its socket.
    shopper
        .leaves_after(&["before the connection is established"])
        .await;
}

#[tokio::test]
async fn without_locks_every_tab_works_alone() {
    let shop = Relay::shared().await.shop().await;
    let without = "delete Navigator.prototype.locks; delete window.BroadcastChannel;";
    shop.storefront.begins_with(without);
    shop.storefront.begins_with(COUNTED);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("One").await;
    let first = browser.driver.window().await.expect("a tab");
    browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    shopper.reads("One").await;
    shopper.writes_for_sure("Two").await;
    assert_eq!(open_sockets(browser).await, json!(1));
    browser.front(&first).await;
    shopper.reads("Two").await;
    assert_eq!(open_sockets(browser).await, json!(1));
    shopper.leaves().await;
}
