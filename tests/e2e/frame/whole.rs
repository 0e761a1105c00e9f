//! The chat is whole in its frame: what comes beside words works there as it does in a page (SPEC, HO1).

use serde_json::{Value, json};
use tests::{
    Browser, Engine, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::ROOT,
};

use super::{KEPT, arrives, inside, opens, outside};
use crate::{
    files::{sent, takes},
    form,
    rating::{close, ratings},
};

/// Loads the page around it again, on which it is open still.
async fn loads_again(browser: &Browser) {
    outside(browser).await;
    browser.reload().await;
    inside(browser).await;
}

async fn leaves(shopper: Shopper, announced: &[&str]) {
    outside(&shopper.browser).await;
    let kept = [&[KEPT, "WebAssembly"], announced].concat();
    shopper.leaves_after(&kept).await;
}

#[tokio::test]
async fn ho1_a_picture_is_sent_from_the_frame_and_looked_at_in_it() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    takes(browser, "choose", &[("moka rotta.jpg", "photo")]).await;
    let made = format!("return {ROOT}.querySelector('.tray img')?.naturalWidth === 1365");
    browser.until("the picture is made", &made).await;
    shopper.writes("Look").await;
    browser.see("button", "Open moka rotta.jpg").await;
    shopper.is_stored("Look").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Look").await.id;
    let (_, files) = sent(&owner, conversation, 1).await.remove(0);
    assert_eq!(files[0].media, "image/jpeg");
    owner
        .show(conversation, "Fattura", b"%PDF-1.4\n%%EOF")
        .await;
    browser.see("link", "Download Fattura.pdf").await;

    // The next page has it from the relay.
    loads_again(browser).await;
    let loaded = format!("return {ROOT}.querySelector('.picture img')?.naturalWidth === 1365");
    browser.until("the picture is there", &loaded).await;
    browser.click("button", "Open moka rotta.jpg").await;
    browser.see("dialog", "moka rotta.jpg").await;
    let large = format!("return {ROOT}.querySelector('dialog img').naturalWidth === 1365");
    browser.until("it is large", &large).await;
    browser.click("button", "Close the picture").await;
    browser.see_no("dialog", "moka rotta.jpg").await;
    leaves(shopper, &[]).await;
}

#[tokio::test]
async fn ho1_a_card_is_followed_and_an_answer_chosen_in_the_frame() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    let offer = json!({
        "text": "One of these?",
        "parts": [
            // Nobody is there: a tab is opened for it all the same.
            { "type": "card", "title": "Moka", "link": "https://localhost/moka", "action": "Look at it" },
            { "type": "reply", "text": "The first" },
            { "type": "reply", "text": "The second" },
        ],
    });
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(owner.post(&path, &offer).await.status, 201);
    shopper.reads("One of these?").await;
    browser.see("button", "The second").await;
    let page = browser.driver.window().await.expect("a tab");
    browser
        .click("link", "Look at it, Moka, opens in a new tab")
        .await;
    let tab = eventually("another tab is opened", async || {
        let tabs = browser.driver.windows().await.ok()?;
        tabs.into_iter().find(|tab| *tab != page)
    })
    .await;
    browser.front(&tab).await;
    eventually("it is on its way to the product", async || {
        let url = browser.driver.current_url().await.ok()?;
        (url.as_str() == "https://localhost/moka").then_some(())
    })
    .await;
    browser.front(&page).await;
    inside(browser).await;
    browser.click("button", "The first").await;
    browser.see_no("button", "The second").await;
    shopper.is_stored("The first").await;
    let words = owner.words(conversation).await;
    assert_eq!(words, ["Which one for two?", "One of these?", "The first"]);
    leaves(shopper, &["net::ERR_"]).await;
}

#[tokio::test]
async fn ho1_how_it_was_is_said_in_the_frame() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, PHONE, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    close(&owner, conversation).await;
    browser.choose("Well").await;
    let comment = browser.see("textbox", "Anything to add?").await;
    comment.send_keys("Fast").await.expect("keys");
    form::sends(browser).await;
    browser.see_words_anywhere("Thanks. You said: Well.").await;
    ratings(&owner, conversation, &[(4, "Fast")]).await;
    leaves(shopper, &[]).await;
}

#[tokio::test]
async fn what_a_frame_has_loaded_is_not_in_the_receipt_and_not_guessed() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    browser
        .ask("commesso('on', 'receipt', (receipt) => { window.receipt = receipt; })")
        .await;
    opens(&shopper).await;
    outside(browser).await;
    browser
        .until("there is a receipt", "return Boolean(window.receipt)")
        .await;
    let receipt = browser.ask("return receipt").await;
    assert_eq!(receipt["bytes"]["after"], Value::Null, "{receipt}");
    assert!(receipt["ready"].as_f64() > Some(0.0), "{receipt}");
    // What this page has loaded itself is measured, where the engine does so.
    let measured = receipt["bytes"]["before"].as_f64() > Some(0.0);
    assert!(
        measured || Engine::of_this_run() != Engine::Chromium,
        "{receipt}"
    );
    leaves(shopper, &[]).await;
}

#[tokio::test]
async fn in_a_browser_without_style_sheet_objects_the_frame_is_dressed_all_the_same() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    // In the page and in the frame.
    browser
        .before_every_page("delete window.CSSStyleSheet;")
        .await;
    let shopper = Shopper::arrives(browser, &shop, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Within the rules").await;
    for beside in ["Attach", "More"] {
        browser.see("button", beside).await;
    }
    // A policy leaves an element without its nonce no sheet.
    let dressed = format!(
        "return [...{ROOT}.querySelectorAll('style')].map(({{ nonce, sheet }}) => Boolean(nonce && sheet?.cssRules.length))"
    );
    // The frame's own, the panel's, and those of what is loaded when it is needed.
    assert_eq!(browser.ask(&dressed).await, json!([true, true, true, true]));
    outside(browser).await;
    // Nothing is drawn for what stands in for it out here, and it lies over all of the panel.
    let lies = format!(
        "const [frame, panel] = ['iframe', '.panel'].map((part) => {ROOT}.querySelector(part).getBoundingClientRect()); return [frame.width, frame.height, panel.width, panel.height]"
    );
    assert_eq!(browser.ask(&lies).await, json!([384, 640, 384, 640]));
    assert_eq!(browser.ask(&dressed).await, json!([true, true]));
    leaves(shopper, &[]).await;
}
