//! A file takes its time: how far it is can be seen, it can be stopped, and what was broken on its way goes again from the same page.

use serde_json::{Value, json};
use tests::{
    Browser, Shop, Shopper,
    browser::DESKTOP,
    eventually,
    fault_proxy::{Lane, Pace, Way},
    shopper::ROOT,
};

use super::{sent, takes};
use crate::{
    accessible::assert_accessible_now,
    network::{BROKEN, behind_a_proxy},
};

/// Bytes of a catalogue (`choose.js`).
const CATALOGUE: u64 = 9 + (9 << 20);

/// Says whether a request was stopped.
const STOPPED: &str = "{
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...body) {
        this.addEventListener('abort', () => (window.stopped = true));
        return send.apply(this, body);
    };
}";

pub(super) async fn says_hello(shop: &Shop) -> Shopper {
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    shopper
}

/// How far it is, as the bar shows it.
async fn far(browser: &Browser) -> Option<f64> {
    let bar = format!("return {ROOT}.querySelector('progress')?.value");
    browser.ask(&bar).await.as_f64()
}

/// Waits until it is further than this and not there.
async fn is_further(browser: &Browser, than: f64) -> f64 {
    eventually(&format!("it is further than {than}"), async || {
        let far = far(browser).await?;
        (far > than && far < 1.0).then_some(far)
    })
    .await
}

#[tokio::test]
async fn how_far_it_is_can_be_seen_and_it_can_be_stopped() {
    let (proxy, shop) = behind_a_proxy().await;
    shop.storefront.begins_with(STOPPED);
    let shopper = says_hello(&shop).await;
    let conversation = shop.caller().conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    let slow = Lane {
        pace: Some(Pace::kilobits(4_000)),
        ..Lane::default()
    };
    proxy.lane(Way::Up, slow);
    takes(browser, "choose", &[("catalogo.pdf", "catalogue")]).await;
    browser.see("button", "Remove catalogo.pdf").await;
    shopper.writes("All of it").await;
    let before = is_further(browser, 0.0).await;
    is_further(browser, before).await;
    // It stands still, and can be looked at; a page in another colour would wait for the network.
    let silent = Lane {
        silent: true,
        ..Lane::default()
    };
    proxy.lane(Way::Up, silent);
    let named = format!("return {ROOT}.querySelector('progress').ariaLabel");
    assert_eq!(browser.ask(&named).await, json!("Being sent"));
    assert_accessible_now(browser, "commesso-chat", "a file on its way").await;
    assert_eq!(browser.ask("return window.stopped").await, Value::Null);
    browser.click("button", "Cancel").await;
    browser
        .until("it is stopped", "return window.stopped === true")
        .await;
    browser.see_no("button", "Cancel").await;
    let given = format!(
        "const field = {ROOT}.querySelector('textarea'); return field.value === 'All of it' && {ROOT}.activeElement === field"
    );
    browser.until("the words are back", &given).await;
    proxy.calm();
    shopper.writes(", on paper").await;
    shopper.is_stored("All of it, on paper").await;
    let entries = shop.caller().transcript(conversation).await;
    assert_eq!(entries.len(), 2, "{entries:?}");
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["Hello", "All of it, on paper"]);
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn what_broke_in_the_middle_goes_again_by_itself_and_is_there_once() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = says_hello(&shop).await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    browser.ask("window.same = true").await;
    let cut = Lane {
        cut_after: Some(2 << 20),
        ..Lane::default()
    };
    proxy.lane(Way::Up, cut);
    takes(browser, "choose", &[("catalogo.pdf", "catalogue")]).await;
    browser.see("button", "Remove catalogo.pdf").await;
    shopper.writes("All of it").await;
    browser
        .see_words_anywhere("It leaves when it is back")
        .await;
    // What is written meanwhile waits for nothing.
    shopper.writes_for_sure("It is large").await;
    proxy.calm();
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    let came: Vec<_> = files
        .iter()
        .map(|file| (file.name.as_str(), file.size))
        .collect();
    assert_eq!(
        (text.as_str(), &came[..]),
        ("All of it", &[("catalogo.pdf", CATALOGUE)][..])
    );
    browser.see("link", "Download catalogo.pdf").await;
    browser.see_no("button", "Cancel").await;
    assert_eq!(browser.ask("return window.same").await, json!(true));
    let words = owner.words(conversation).await;
    assert_eq!(words, ["Hello", "It is large", "All of it"], "and once");
    shopper.leaves_after(&BROKEN).await;
}
