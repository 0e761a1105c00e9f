//! What the relay does not take is said, and the words that came with it are not lost.

use protocol::{
    api::NewMessage,
    limits::{FILES_LOOSE_MAX, PARTS_MAX},
    part::{File, Part},
};
use reqwest::Method;
use tests::{Caller, Relay, shopper::ROOT};

use super::{leaving::says_hello, sent, takes};
use crate::accessible::assert_widget_accessible;

/// Lets requests for a file go to an address that is none, as long as `window.astray` is set.
const ASTRAY: &str = "{
    const open = XMLHttpRequest.prototype.open;
    XMLHttpRequest.prototype.open = function (method, address) {
        return open.call(this, method, window.astray ? address.replace('?id=', '?id=none-') : address);
    };
}";

#[tokio::test]
async fn what_is_refused_is_said_and_can_be_tried_again_or_given_up() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(ASTRAY);
    let shopper = says_hello(&shop).await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    let refused = async |name: &str, words: &str| {
        browser.ask("window.astray = true").await;
        takes(browser, "choose", &[(name, "pdf")]).await;
        browser.see("button", &format!("Remove {name}")).await;
        shopper.writes(words).await;
        browser.see("alert", &format!("{name} was not sent.")).await;
    };
    refused("scontrino.pdf", "Here it is").await;
    browser.see("button", "Delete").await;
    assert_widget_accessible(browser, "a file that was refused").await;
    browser.ask("window.astray = false").await;
    browser.press("Try again").await;
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    assert_eq!((text.as_str(), files.len()), ("Here it is", 1));
    browser.see_no("alert", "was not sent").await;

    refused("altro.pdf", "And another").await;
    browser.press("Delete").await;
    browser.see_no("alert", "was not sent").await;
    let given = format!("return {ROOT}.querySelector('textarea').value === 'And another'");
    browser.until("the words are back", &given).await;
    shopper.writes(" day").await;
    shopper.is_stored("And another day").await;
    let words = owner.words(conversation).await;
    assert_eq!(words, ["Hello", "Here it is", "And another day"]);
    shopper.leaves_after(&["400"]).await;
}

#[tokio::test]
async fn what_comes_too_soon_goes_by_itself_when_there_is_room() {
    let shop = Relay::shared().await.shop().await;
    let shopper = says_hello(&shop).await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    // Another page of the shopper's has handed over as much as may be and shows nothing of it yet.
    let pass = format!(
        "return JSON.parse(localStorage['commesso:{}:pass']).token",
        shop.id.as_str()
    );
    let token = browser.ask(&pass).await;
    let own = Caller::nobody(&shop.relay)
        .from(&shop.storefront.origin())
        .bearing(token.as_str().expect("a token"));
    let place = format!("/v1/conversations/{conversation}");
    let hands = async |n: usize| {
        let address = format!("{place}/files?name=foglio-{n}.pdf");
        let request = own.request(Method::POST, &address);
        own.send(request.body("%PDF-1.4\n%%EOF")).await
    };
    let mut loose: Vec<Part> = vec![];
    for n in 0..FILES_LOOSE_MAX {
        let file: File = hands(n).await.json();
        loose.push(Part::File(file));
    }
    hands(FILES_LOOSE_MAX).await.problem(429);
    takes(browser, "choose", &[("scontrino.pdf", "pdf")]).await;
    browser.see("button", "Remove scontrino.pdf").await;
    shopper.writes("Here it is").await;
    browser.see("status", "leaves by itself").await;
    loose.truncate(PARTS_MAX);
    let shown = NewMessage {
        id: None,
        text: "From the other page".into(),
        parts: loose.into(),
    };
    let answer = own.post(&format!("{place}/messages"), &shown).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let (text, files) = sent(&owner, conversation, 2).await.remove(1);
    assert_eq!((text.as_str(), files.len()), ("Here it is", 1));
    shopper.is_stored("Here it is").await;
    browser.see_no("button", "Cancel").await;
    shopper.leaves_after(&["429"]).await;
}
