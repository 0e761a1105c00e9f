//! A phone in a pocket: the page is out of sight, and what was its socket is a zombie.

use std::time::Duration;

use protocol::limits::HIDDEN_MAX;
use tests::{Browser, Shopper, browser::PHONE, patience::within};

use super::{BROKEN, all_is_well, behind_a_proxy, own_clock};

/// A person who looks again sees that it lives before they have found their place.
const AT_ONCE: Duration = Duration::from_millis(1500);

#[tokio::test]
async fn a_socket_that_died_in_a_pocket_is_replaced_at_once() {
    let (proxy, shop) = behind_a_proxy().await;
    own_clock(&shop);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let chat = shopper.browser.driver.window().await.expect("a tab");
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Is it waterproof?").await;
    let conversation = shop
        .caller()
        .conversation_with("Is it waterproof?")
        .await
        .id;

    // The page moves its clock itself when it goes out of sight: to ask it to would bring it to the front.
    let away = HIDDEN_MAX.0 + 1000;
    let hidden = format!(
        "document.addEventListener('visibilitychange', () => document.hidden && moveOn({away}))"
    );
    shopper.browser.ask(&hidden).await;
    shopper.browser.tab("about:blank").await;
    proxy.black_hole();
    shop.caller()
        .write(conversation, "Up to thirty metres")
        .await;
    proxy.calm();
    let before = proxy.sockets();

    shopper.browser.front(&chat).await;
    within(AT_ONCE, "a new socket", async || {
        (proxy.sockets() > before).then_some(())
    })
    .await;
    shopper.reads("Up to thirty metres").await;
    let all = ["Is it waterproof?", "Up to thirty metres"];
    all_is_well(&shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}
