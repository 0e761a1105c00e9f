//! Networks that answer in the relay's place: a captive portal, and a house without WebSockets.

use protocol::frame::{ClientFrame, ServerFrame};
use tests::{
    Browser, Peer, Shopper,
    browser::PHONE,
    fault_proxy::{Door, Portal, Refusal},
    patience::within,
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
async fn a_house_that_refuses_websockets() {
    in_a_house_without_websockets(Refusal::Forbidden).await;
}

#[tokio::test]
async fn a_house_that_drops_websockets() {
    in_a_house_without_websockets(Refusal::Dropped).await;
}

/// The same conversation by requests over HTTPS, without a word about it; on a socket again when there are any.
async fn in_a_house_without_websockets(refusal: Refusal) {
    let (proxy, shop) = behind_a_proxy().await;
    proxy.door(Door::NoSockets(refusal));
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("From the office").await;
    let conversation = shop.caller().conversation_with("From the office").await.id;
    shopper.browser.see_no("status", QUIET).await;
    // While a request waits for it, an answer comes at once, and what was read goes both ways.
    let giulia = Peer::operator(&shop, conversation).await;
    let answer = shop.caller().write(conversation, "Hello there").await;
    shopper.browser.see_words("Hello there").await;
    let mut giulia = giulia;
    let read = |frame| {
        let ServerFrame::Receipt(receipt) = frame else {
            return None;
        };
        (receipt.read >= answer.entry.seq).then_some(())
    };
    giulia.hear("the shopper has read the answer", read).await;
    let seen = ClientFrame::Receipt {
        delivered: answer.entry.seq,
        read: answer.entry.seq,
    };
    giulia.tell(&seen).await;
    shopper
        .browser
        .see_bubble("From the office", &["Seen"])
        .await;
    shopper.writes_for_sure("Thank you").await;
    assert_eq!(proxy.sockets(), 0, "not one socket got through");
    // The page is loaded again in the same house.
    shopper.browser.reload().await;
    shopper.opens_the_chat().await;
    shopper.browser.see_words("Thank you").await;
    shopper.writes_for_sure("Still in the office").await;
    let words = [
        "From the office",
        "Hello there",
        "Thank you",
        "Still in the office",
    ];
    all_is_well(&shop, &shopper, conversation, &words).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_middlebox_drops_every_socket_after_a_moment() {
    let (proxy, shop) = behind_a_proxy().await;
    proxy.sockets_live_for(Some(std::time::Duration::from_secs(1)));
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("One").await;
    let conversation = shop.caller().conversation_with("One").await.id;
    // Soon frames go by requests, and nothing is dropped any more: nobody opens another socket.
    let exchanging =
        "return performance.getEntriesByType('resource').some((it) => /wait=/.test(it.name))";
    within(
        std::time::Duration::from_secs(30),
        "the chat has found another way",
        async || (shopper.browser.ask(exchanging).await == true).then_some(()),
    )
    .await;
    shopper.writes_for_sure("Two").await;
    shop.caller().write(conversation, "Three").await;
    shopper.browser.see_words("Three").await;
    all_is_well(&shop, &shopper, conversation, &["One", "Two", "Three"]).await;
    shopper.leaves_after(&BROKEN).await;
}
