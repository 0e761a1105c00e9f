//! Shoppers who wait while somebody is there: each reads their place, and how long an answer takes here, as it was measured.

use protocol::{frame::ServerFrame, limits::ANSWERS_ENOUGH};
use tests::{
    Browser, Peer, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::ROOT,
};

/// The header says nothing of a wait.
fn nothing_of_a_wait() -> String {
    format!("return !/queue|next|usually/.test({ROOT}.querySelector('header').innerText)")
}

#[tokio::test]
async fn ou4_who_waits_reads_their_place_and_moves_up() {
    let shop = Relay::shared().await.shop().await;
    let inbox = Peer::inbox(&shop).await;
    let (mut first, earlier, _) = Peer::visitor(&shop).await;
    first.say_for_sure("I was here before").await;
    shop.caller().conversation_with("I was here before").await;

    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    browser.see_words_anywhere("Giulia answers here").await;
    let quiet = nothing_of_a_wait();
    browser
        .until("who has not asked does not wait", &quiet)
        .await;
    shopper.writes_for_sure("And I came after").await;
    let place = "your place in the queue: 2";
    browser.see_words_anywhere(place).await;
    // Somebody who comes later takes nobody's place.
    let (mut last, later, _) = Peer::visitor(&shop).await;
    last.say_for_sure("I am the last").await;
    shop.caller().conversation_with("I am the last").await;
    shop.caller().write(later, "A quick one first.").await;
    browser.see_words_anywhere(place).await;

    shop.caller().write(earlier, "Here I am.").await;
    browser.see_words_anywhere("you are next").await;
    let mine = shop.caller().conversation_with("And I came after").await.id;
    shop.caller().write(mine, "Your turn.").await;
    shopper.reads("Your turn.").await;
    browser
        .until("who was answered waits no more", &quiet)
        .await;

    // Nobody waits for who is not there.
    shopper.writes_for_sure("One more thing").await;
    browser.see_words_anywhere("you are next").await;
    drop(inbox);
    browser.until("nobody is there", &quiet).await;
    shopper.leaves().await;
}

/// Those before left and have said nothing since: all that the shop has of them is what it wrote down.
#[tokio::test]
async fn ou4_a_shop_that_has_just_woken_asks_those_before() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    for n in 1..=2 {
        let (mut before, _, _) = Peer::visitor(&shop).await;
        let words = format!("I was here before, {n}");
        before.say_for_sure(&words).await;
        shop.caller().conversation_with(&words).await;
    }
    relay.kill_9();
    relay.restart().await;
    let _inbox = Peer::inbox(&shop).await;
    let (mut after, _, _) = Peer::visitor(&shop).await;
    after.say_for_sure("And I came after").await;
    after
        .hear("their place", |frame| {
            let ServerFrame::Presence(said) = frame else {
                return None;
            };
            (said.outlook.ahead == Some(2)).then_some(())
        })
        .await;
}

#[tokio::test]
async fn ou3_who_asks_reads_how_long_answers_take() {
    let shop = Relay::shared().await.shop().await;
    for n in 1..=ANSWERS_ENOUGH {
        let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
        visitor.say_for_sure(&format!("Question {n}")).await;
        shop.caller()
            .conversation_with(&format!("Question {n}"))
            .await;
        shop.caller().write(conversation, "That is quick.").await;
        visitor.hear_words("That is quick.").await;
    }
    // Each says itself how long it was, a moment after.
    eventually("every answer is known to the shop", async || {
        let known = shop.caller().open_conversations().await;
        let answered = known.iter().filter(|one| one.waiting_since.is_none());
        (answered.count() == ANSWERS_ENOUGH).then_some(())
    })
    .await;
    let inbox = Peer::inbox(&shop).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser.see_words_anywhere("Giulia answers here").await;
    browser.see_words_anywhere("usually within a minute").await;
    shopper.leaves().await;
    drop(inbox);
}
