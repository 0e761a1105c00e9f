//! What a file may be and how many may go: said in words before anything leaves, and nothing that was written is lost by it.

use protocol::limits::PARTS_MAX;
use serde_json::json;
use tests::{
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};
use thirtyfour::Key;

use super::{in_a_chat, sent, takes};
use crate::accessible::assert_widget_accessible;

/// What the device's own chooser would be asked; it is a window that no driver closes.
const CHOOSER: &str = "HTMLInputElement.prototype.click = function () { window.asked = [this.type, this.multiple, this.accept].join(' '); }";

#[tokio::test]
async fn what_is_too_large_or_too_much_is_said_and_no_word_is_lost() {
    let (_, shopper, owner, conversation) = in_a_chat(PHONE, "My order came").await;
    let browser = &shopper.browser;
    shopper.types("Look at").await;
    takes(browser, "choose", &[("atlante.pdf", "atlas")]).await;
    browser
        .see_words_anywhere("atlante.pdf is too large: up to 10 MB.")
        .await;
    browser.see_no("button", "Remove atlante.pdf").await;
    // Of a kind that can be sent, and larger.
    takes(browser, "choose", &[("atlante.jpg", "page")]).await;
    browser
        .see_words_anywhere("atlante.jpg cannot be sent. Pictures and PDF can.")
        .await;

    let names: Vec<_> = (0..=PARTS_MAX).map(|n| format!("foglio-{n}.pdf")).collect();
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), "pdf")).collect();
    takes(browser, "choose", &all).await;
    browser
        .see_words_anywhere("Up to 10 files at a time.")
        .await;
    browser.see("button", "Remove foglio-9.pdf").await;
    browser.see_no("button", "Remove foglio-10.pdf").await;
    assert_widget_accessible(browser, "as many files as go").await;
    // Who takes one back has room for another, and for no more.
    browser.click("button", "Remove foglio-0.pdf").await;
    takes(browser, "choose", &all[PARTS_MAX..]).await;
    browser.see("button", "Remove foglio-10.pdf").await;
    takes(browser, "choose", &all[..1]).await;
    browser
        .see_words_anywhere("Up to 10 files at a time.")
        .await;
    browser.see_no("button", "Remove foglio-0.pdf").await;

    shopper.writes(" these").await;
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    let came: Vec<_> = files.iter().map(|file| &file.name).collect();
    assert_eq!(text, "Look at these");
    assert_eq!(came, names[1..].iter().collect::<Vec<_>>());
    let quiet = format!("return {ROOT}.querySelector('.tray-said').textContent === ''");
    browser
        .until("nothing is said of it any more", &quiet)
        .await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_button_opens_what_the_device_chooses_with() {
    for size in [PHONE, DESKTOP] {
        let (shop, shopper, ..) = in_a_chat(size, "Look at this").await;
        let browser = &shopper.browser;
        browser.ask(CHOOSER).await;
        let asked = "const { asked } = window; delete window.asked; return asked === 'file true image/*,application/pdf'";
        browser.press("Attach a picture or PDF").await;
        browser.until("files are asked for", asked).await;
        let button = browser.see("button", "Attach a picture or PDF").await;
        button.send_keys(Key::Enter + "").await.expect("a key");
        browser.until("by a key as well", asked).await;
        // Who chooses nothing has chosen nothing.
        let tray = format!("return {ROOT}.querySelectorAll('.tray li').length");
        assert_eq!(browser.ask(&tray).await, json!(0));
        assert_eq!(shop.caller().open_conversations().await.len(), 1);
        shopper.leaves().await;
    }
}
