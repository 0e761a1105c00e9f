//! Everybody can use a plain page: axe finds nothing, in light and in dark.

use protocol::form::{FieldKind, Form};
use tests::{Browser, Relay, browser::PHONE};

use super::{DOT, consent, writes};
use crate::{accessible::assert_accessible_now, form, rating};

#[tokio::test]
async fn it_finds_nothing_in_light() {
    it_finds_nothing(false).await;
}

#[tokio::test]
async fn it_finds_nothing_in_dark() {
    it_finds_nothing(true).await;
}

async fn it_finds_nothing(dark: bool) {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open_in(PHONE, dark).await;
    let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(browser.ask(is_dark).await, dark, "it is dark");
    let page = format!("{}/chat/{}/", shop.relay, shop.id.as_str());
    browser.go(&page).await;
    writes(&browser, "Is the moka back?").await;
    shop.caller().conversation_with("Is the moka back?").await;
    shop.caller().show("latest", "moka.gif", DOT).await;
    shop.caller().write("latest", "It is, since Monday").await;
    // Each by itself: what looks into a frame needs a script in it.
    browser
        .ask("document.querySelector('iframe').remove()")
        .await;
    assert_accessible_now(&browser, "html", "around the transcript").await;
    browser.go(&format!("{page}transcript?still=1")).await;
    browser.see_words("It is, since Monday").await;
    assert_accessible_now(&browser, "html", "the transcript").await;
    let asked = Form {
        fields: vec![form::field("email", FieldKind::Email, true)],
        consent: Some(consent()),
        away: false,
    };
    form::asks(&shop, asked).await;
    browser.go(&format!("{page}form")).await;
    let email = browser.see("textbox", "Your e-mail").await;
    assert_accessible_now(&browser, "html", "what the shop asks").await;
    // As a browser that looks at nothing itself sends it.
    browser
        .ask("document.querySelector('form').noValidate = true")
        .await;
    email.send_keys("anna").await.expect("keys");
    browser.press("Send").await;
    let wrong = "return document.activeElement.matches('[aria-invalid][name=asked-email]')";
    browser.until("what is wrong has the focus", wrong).await;
    assert_accessible_now(&browser, "html", "what is wrong with it").await;
    let conversation = shop.caller().conversation_with("It is, since Monday").await;
    rating::close(&shop.caller(), conversation.id).await;
    browser.go(&format!("{page}rating")).await;
    browser.see("radio", "Very well").await;
    assert_accessible_now(&browser, "html", "how it was").await;
    browser.leave(&["422"]).await;
}
