//! The relay is killed under a shopper's and an operator's eyes: they go on writing, and nothing is lost or doubled.

use tests::{
    Browser, Operator, Relay, Shopper,
    browser::{DESKTOP, PHONE},
};

/// What a browser says about a relay that is not there.
const GONE: [&str; 2] = ["ERR_CONNECTION_REFUSED", "WebSocket"];

#[tokio::test]
async fn both_go_on_writing_while_the_relay_is_away() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Before").await;
    operator.opens("Before").await;

    relay.kill_9();
    shopper.writes("While it was away").await;
    shopper
        .browser
        .see_bubble("While it was away", &["On its way"])
        .await;
    shopper
        .browser
        .see_words_anywhere("Nothing you write is lost")
        .await;
    operator.answers("I saw it go").await;
    operator.reads("I saw it go").await;
    relay.restart().await;

    shopper.reads("I saw it go").await;
    operator.reads("While it was away").await;
    shopper.writes_for_sure("After").await;
    operator.reads("After").await;
    let conversation = shop.caller().conversation_with("After").await;
    let mut words = shop.caller().words(conversation.id).await;
    assert_eq!(
        (words.remove(0).as_str(), words.remove(2).as_str()),
        ("Before", "After")
    );
    // Which of the two was back first is theirs to decide.
    words.sort();
    assert_eq!(words, ["I saw it go", "While it was away"]);
    for browser in [&shopper.browser, &operator.browser] {
        assert_eq!(browser.transcript().await.len(), 4, "each once");
    }
    shopper.leaves_after(&GONE).await;
    operator.leaves_after(&GONE).await;
}

#[tokio::test]
async fn a_shopper_who_writes_fast_through_a_crash_loses_and_doubles_nothing() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let words: Vec<String> = (1..=12).map(|n| format!("Word {n}.")).collect();
    for (n, word) in words.iter().enumerate() {
        shopper.writes(word).await;
        if n == 5 {
            relay.kill_9();
        }
    }
    relay.restart().await;
    shopper.is_stored("Word 12.").await;
    let conversation = shop.caller().conversation_with("Word 12.").await;
    assert_eq!(shop.caller().words(conversation.id).await, words);
    assert_eq!(shopper.browser.transcript().await.len(), words.len());
    shopper.leaves_after(&GONE).await;
}
