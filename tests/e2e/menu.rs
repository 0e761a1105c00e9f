//! What the menu in the panel's head does: it is worked by keys like any menu, and saves the conversation as a file.

use protocol::{
    api::NewMessage,
    part::{Card, Part},
};
use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};
use thirtyfour::Key;

use crate::accessible::assert_widget_accessible;

/// Keeps what would be saved, where the story can read it.
const SAVES: &str = "URL.createObjectURL = (blob) => { blob.text().then((text) => (window.saved = text)); return 'blob:saved' };
    HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download };";

/// The name of what has the focus in the widget.
fn focused() -> String {
    format!(
        "const at = {ROOT}.activeElement; return at && (at.getAttribute('aria-label') || at.textContent)"
    )
}

#[tokio::test]
async fn it_is_worked_by_keys_alone() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    let more = browser.see("button", "More").await;
    more.send_keys(Key::Enter + "").await.expect("keys");
    let save = browser.see("menuitem", "Save the conversation").await;
    // Nothing was said: there is nothing to save.
    assert_eq!(
        save.attr("aria-disabled").await.expect("an answer"),
        Some("true".into())
    );
    assert_eq!(browser.ask(&focused()).await, json!("Your conversations"));
    assert_widget_accessible(browser, "the menu").await;
    save.send_keys(Key::Escape + "").await.expect("keys");
    browser.see_no("menuitem", "Save").await;
    assert_eq!(browser.ask(&focused()).await, json!("More"));
    // The panel is still there.
    browser.see("textbox", "Write a message").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_conversation_is_saved_as_a_file() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(SAVES);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Which one <b>for two</b>?").await;
    let owner = shop.caller();
    let conversation = owner
        .conversation_with("Which one <b>for two</b>?")
        .await
        .id;
    let card = Part::Card(Card {
        title: "Moka".into(),
        text: None,
        price: Some("24,90 €".into()),
        picture: None,
        link: Some("https://shop.example/moka".into()),
        action: None,
    });
    let answer = NewMessage {
        id: None,
        text: "This one".into(),
        parts: vec![card].into(),
    };
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(owner.post(&path, &answer).await.status, 201);
    shopper.reads("This one").await;
    let browser = &shopper.browser;
    browser.press("More").await;
    browser.click("menuitem", "Save the conversation").await;
    browser
        .until("a file is saved", "return Boolean(window.saved)")
        .await;
    browser.see("status", "Saved.").await;
    let saved = browser.ask("return window.saved").await;
    let saved = saved.as_str().expect("a text");
    let at = |words: &str| {
        saved
            .find(words)
            .unwrap_or_else(|| panic!("{words:?} is in {saved}"))
    };
    let order = [
        at("Chat with Bottega Aroma"),
        at("  You\nWhich one <b>for two</b>?\n"),
        at("  Giulia\nThis one\nMoka, 24,90 €, https://shop.example/moka\n"),
    ];
    assert!(order.is_sorted(), "{saved}");
    let name = browser.ask("return window.savedAs").await;
    let name = name.as_str().expect("a name");
    assert!(
        name.starts_with(shop.id.as_str()) && name.ends_with(".txt"),
        "{name}"
    );
    shopper.leaves().await;
}
