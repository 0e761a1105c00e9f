//! A shopper on the move: through a tunnel, in a lift, on a plane.

use std::time::Duration;

use tests::{
    Browser, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    fault_proxy::Door,
    patience::within,
    shopper::{LAUNCHER, ROOT},
};

use super::{
    BROKEN, all_is_well, behind_a_proxy, behind_a_proxy_unpaced, has_the_chat_at_hand, later,
    own_clock,
};

/// How long a socket lives in a lift: from one floor to the next, and long enough for a hello.
const FLOOR: Duration = Duration::from_millis(400);

/// Sockets until the lift has arrived. After so many that break early frames go another way (CL20).
const FLOORS: usize = 3;

#[tokio::test]
async fn a_train_goes_through_a_tunnel() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Before the tunnel").await;
    let before = shop.caller().conversation_with("Before the tunnel").await;

    proxy.black_hole();
    let inside = ["In the dark, one", "In the dark, two", "In the dark, three"];
    for words in inside {
        shopper.writes(words).await;
        shopper.browser.see_bubble(words, &["On its way"]).await;
    }
    shop.caller().write(before.id, "Answered meanwhile").await;
    // The sends' deadline passes before anybody knows.
    let quiet = "Nothing you write is lost";
    shopper.browser.see_words_anywhere(quiet).await;
    let last = "In the dark, three";
    shopper.browser.see_bubble(last, &["On its way"]).await;
    proxy.calm();

    shopper.reads("Answered meanwhile").await;
    shopper.is_stored(last).await;
    let [one, two, three] = inside;
    let all = ["Before the tunnel", "Answered meanwhile", one, two, three];
    all_is_well(&shop, &shopper, before.id, &all).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn the_tunnel_comes_before_the_first_word() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    has_the_chat_at_hand(&shopper).await;
    // The request for a pass is swallowed, and will never be answered.
    proxy.door(Door::Hole);
    proxy.reset();
    shopper.opens_the_chat().await;
    let first = "Does it fit into a suitcase?";
    shopper.writes(first).await;
    shopper.browser.see_bubble(first, &["On its way"]).await;
    let quiet = "Nothing you write is lost";
    shopper.browser.see_words_anywhere(quiet).await;
    proxy.calm();

    shopper.is_stored(first).await;
    let conversation = shop.caller().conversation_with(first).await.id;
    all_is_well(&shop, &shopper, conversation, &[first]).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn the_tunnel_comes_before_the_chat_is_there() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    proxy.door(Door::Hole);
    proxy.reset();
    shopper.browser.press(LAUNCHER).await;
    // The loader knows no language, so its field has no name yet.
    let field = shopper.browser.see("textbox", "").await;
    let words = field.send_keys("Does it fit into a suitcase?");
    words.await.expect("keys");
    proxy.calm();
    // The loader gives up after 20 s, and says so.
    within(
        Duration::from_secs(40),
        "the loader says that it failed",
        async || {
            let said = format!("return {ROOT}.querySelector('main').textContent.includes('↻')");
            (shopper.browser.ask(&said).await == true).then_some(())
        },
    )
    .await;
    // In no language yet.
    shopper.browser.press("close").await;
    shopper.browser.press(LAUNCHER).await;
    shopper.is_in_the_chat().await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_lift_cuts_the_line_at_every_floor() {
    let (proxy, shop) = behind_a_proxy_unpaced().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Going up.").await;
    let conversation = shop.caller().conversation_with("Going up.").await.id;

    proxy.sockets_live_for(Some(FLOOR));
    let mut words = vec!["Going up.".to_owned()];
    eventually("the lift has arrived", async || {
        let next = format!("Words, number {}.", words.len());
        shopper.writes(&next).await;
        words.push(next);
        (proxy.sockets() >= FLOORS).then_some(())
    })
    .await;
    proxy.calm();
    shopper.writes("Out again.").await;
    words.push("Out again.".into());
    shopper.is_stored("Out again.").await;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    all_is_well(&shop, &shopper, conversation, &words).await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn an_hour_in_airplane_mode() {
    let (proxy, shop) = behind_a_proxy().await;
    own_clock(&shop);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Boarding").await;
    let conversation = shop.caller().conversation_with("Boarding").await.id;

    // DevTools' network leaves open sockets open; the proxy does not.
    shopper.browser.online(false).await;
    proxy.black_hole();
    shopper.browser.see_words_anywhere("No connection").await;
    let mut all = vec!["Boarding"];
    let meanwhile = ["We have it in blue", "And in red", "Shall we keep one?"];
    for words in meanwhile {
        shop.caller().write(conversation, words).await;
        all.push(words);
    }
    later(&shopper.browser, Duration::from_secs(3600)).await;
    proxy.calm();
    shopper.browser.online(true).await;

    shopper.reads("Shall we keep one?").await;
    shopper.browser.see_no("status", "No connection").await;
    shopper.writes_for_sure("The red one").await;
    all.push("The red one");
    all_is_well(&shop, &shopper, conversation, &all).await;
    shopper.leaves_after(&BROKEN).await;
}
