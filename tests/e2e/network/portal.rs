//! Networks that answer in the relay's place: a captive portal, and a house without WebSockets.

use tests::{
    Browser, FaultProxy, Shopper,
    browser::PHONE,
    fault_proxy::{Door, Portal, Refusal},
};

use super::{BROKEN, all_is_well, behind_a_proxy, has_the_chat_at_hand};

/// What the shopper is told.
const QUIET: &str = "Nothing you write is lost";

#[tokio::test]
async fn the_wifi_of_a_hotel_wants_to_be_paid_in_the_middle() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("From the train").await;
    let conversation = shop.caller().conversation_with("From the train").await.id;

    proxy.door(Door::Portal(Portal::Page));
    proxy.reset();
    shopper.writes("From the hotel").await;
    shopper.browser.see_words_anywhere(QUIET).await;
    shopper
        .browser
        .see_bubble("From the hotel", &["On its way"])
        .await;
    shopper.types("Half a").await;
    proxy.door(Door::Portal(Portal::Redirect));
    shop.caller().write(conversation, "Answered").await;
    shopper
        .browser
        .see_bubble("From the hotel", &["On its way"])
        .await;
    proxy.calm();

    shopper.is_stored("From the hotel").await;
    shopper.browser.see_no("status", QUIET).await;
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    let all = [
        "From the train",
        "Answered",
        "From the hotel",
        "Half a sentence",
    ];
    all_is_well(&shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn the_wifi_wants_to_be_paid_before_the_first_word() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    has_the_chat_at_hand(&shopper).await;
    proxy.door(Door::Portal(Portal::Page));
    proxy.reset();

    shopper.opens_the_chat().await;
    shopper.writes("Do you deliver to hotels?").await;
    let waits = "Do you deliver to hotels?";
    shopper.browser.see_bubble(waits, &["On its way"]).await;
    shopper.browser.see_words_anywhere(QUIET).await;
    shopper.types("Room 12").await;
    proxy.calm();

    shopper.is_stored(waits).await;
    let conversation = shop.caller().conversation_with(waits).await.id;
    shopper.writes(".").await;
    shopper.is_stored("Room 12.").await;
    all_is_well(&shop, &shopper, conversation, &[waits, "Room 12."]).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_house_without_websockets() {
    for refusal in [Refusal::Forbidden, Refusal::Dropped] {
        let (proxy, shop) = behind_a_proxy().await;
        proxy.door(Door::NoSockets(refusal));
        in_a_house_without_websockets(&proxy, &shop).await;
    }
}

async fn in_a_house_without_websockets(proxy: &FaultProxy, shop: &tests::Shop) {
    let shopper = Shopper::arrives(Browser::open(PHONE).await, shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes("From the office").await;
    shopper.browser.see_words_anywhere(QUIET).await;
    shopper
        .browser
        .see_bubble("From the office", &["On its way"])
        .await;
    assert_eq!(proxy.sockets(), 0);
    proxy.calm();
    shopper.is_stored("From the office").await;
    let conversation = shop.caller().conversation_with("From the office").await.id;
    all_is_well(shop, &shopper, conversation, &["From the office"]).await;
    shopper.leaves_after(&BROKEN).await;
}
