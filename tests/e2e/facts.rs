//! What a shop's page says of its shopper: the operator reads it beside the conversation, as what nobody has proved (SPEC, RL32).

use protocol::fact::{Fact, Subject};
use tests::{
    Browser, Operator, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
};
use thirtyfour::Key;

use crate::accessible::assert_accessible;

/// What a page says before anybody has written.
const SAYS: &str = "document.documentElement.lang = 'en';
    commesso('set', { plan: 'gold', orders: 3, color: '#005f73', nothing: undefined });
    commesso('cart', { currency: 'EUR', total: 7990, lines: [{ name: 'Moka, three cups', quantity: 2, price: 3500 }, { sku: 'filter-3' }] })";

/// Whether the file that makes lines of it is there: browsers do not keep the order of calls that wait for one.
const HEARD: &str = "return performance.getEntriesByType('resource').some(({ name, responseEnd }) => responseEnd && name.endsWith('.facts.js'))";

/// What a shopper does there.
const DOES: &str =
    "for (let n = 1; n < 30; n++) commesso('track', { name: 'Looked at ' + n, size: n });
    commesso('track', 'Opened the size guide')";

/// What the inbox has of it, but for the times.
async fn kept(shop: &Shop) -> Vec<(Subject, String, String)> {
    let newest = shop.caller().open_conversations().await.into_iter().next();
    let facts = newest.and_then(|one| one.page).map(|page| page.facts);
    let plain = |Fact {
                     about, name, text, ..
                 }| (about, name, text);
    facts.into_iter().flatten().map(plain).collect()
}

async fn are(shop: &Shop, what: &str, all: &[(Subject, &str, &str)]) {
    eventually(what, async || {
        let kept = kept(shop).await;
        let same = kept.len() == all.len()
            && kept.iter().zip(all).all(|(one, (about, name, text))| {
                one == &(*about, (*name).to_owned(), (*text).to_owned())
            });
        same.then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_page_says_of_the_shopper_comes_with_their_words() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask(SAYS).await;
    browser.until("what the page says is heard", HEARD).await;
    browser.ask(DOES).await;
    shopper.opens_the_chat().await;
    assert!(
        shop.caller().open_conversations().await.is_empty(),
        "nothing is begun by what a page says"
    );
    shopper.writes_for_sure("Is the moka in stock?").await;
    let of_them = [
        (Subject::Visitor, "plan", "gold"),
        (Subject::Visitor, "orders", "3"),
    ];
    let looked: Vec<_> = (21..30)
        .rev()
        .map(|n| (format!("Looked at {n}"), format!("size: {n}")))
        .collect();
    let looked = looked
        .iter()
        .map(|(name, text)| (Subject::Event, name.as_str(), text.as_str()));
    let did = [(Subject::Event, "Opened the size guide", "")];
    let did: Vec<_> = did.into_iter().chain(looked).collect();
    let cart = [
        (Subject::Cart, "Moka, three cups", "2 × €35.00"),
        (Subject::Cart, "filter-3", "1 ×"),
        (Subject::Cart, "", "€79.90"),
    ];
    let all = [&of_them[..], &cart[..], &did[..]].concat();
    are(&shop, "the inbox knows what the page says", &all).await;

    browser
        .ask("commesso('set', { plan: null }); commesso('cart', null)")
        .await;
    let fewer = [&of_them[1..], &did[..]].concat();
    are(&shop, "what is taken back is gone", &fewer).await;
    // Who comes next at this device is somebody else, whatever is still on its way of who was there before.
    browser
        .ask("commesso('track', 'Signed out'); commesso('logout')")
        .await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("I am another one").await;
    shop.caller().conversation_with("I am another one").await;
    are(&shop, "nothing is known of them", &[]).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_inbox_shows_it_as_what_the_page_says() {
    let shop = Relay::shared().await.shop().await;
    let (browser, desk) = Browser::two(PHONE, DESKTOP).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.browser.ask(SAYS).await;
    shopper.browser.until("it is heard", HEARD).await;
    shopper.browser.ask(DOES).await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    let operator = Operator::signs_in(desk, &shop).await;
    operator.opens("Is the moka in stock?").await;
    for words in [
        "In the cart",
        "2 × €35.00",
        "Total",
        "What the page says of them",
        "gold",
        "Nobody has proved",
        "What they did",
        "Opened the size guide",
    ] {
        operator.browser.see_words_anywhere(words).await;
    }
    // It changes under the operator's eyes.
    shopper
        .browser
        .ask("commesso('cart', { note: 'Gift wrapping' })")
        .await;
    operator.browser.see_words_anywhere("Gift wrapping").await;
    // It is there for whoever comes when the shopper has gone.
    shopper.leaves().await;
    operator.browser.see_words_anywhere("Chat closed").await;
    let browser = &operator.browser;
    browser.reload().await;
    browser.see_words_anywhere("Gift wrapping").await;
    // On a phone, where there is no room for it, a button brings it.
    browser.resize(PHONE).await;
    browser.press("About the visitor").await;
    browser.see("dialog", "About the visitor").await;
    browser.see_words_anywhere("Gift wrapping").await;
    assert_accessible(browser, "html", "with what is known of them").await;
    browser.press("Close").await;
    browser.see_no("dialog", "About the visitor").await;
    let focused = "return document.activeElement.getAttribute('aria-label')";
    assert_eq!(browser.ask(focused).await, "About the visitor");
    // The key that leaves the conversation leaves what lies over it first.
    browser.press("About the visitor").await;
    browser.see("dialog", "About the visitor").await;
    let escape = browser.driver.action_chain().send_keys(Key::Escape);
    escape.perform().await.expect("a key");
    browser.see_no("dialog", "About the visitor").await;
    browser.see("log", "Transcript").await;
    operator.leaves().await;
}
