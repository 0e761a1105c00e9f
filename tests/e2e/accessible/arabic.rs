//! The same in Arabic, from right to left: what lies beside the panel's own words, and the page of its own.

use protocol::form::{Consent, FieldKind, Form, Words};
use serde_json::json;
use tests::{Browser, Relay, Shopper, browser::PHONE, shopper::ROOT};
use thirtyfour::Key;

use super::{assert_accessible_now, assert_widget_accessible};
use crate::{
    form,
    languages::table,
    rating,
    states::{arrives_in, opens},
};

/// A word of a part's table.
fn word(part: &str, name: &str) -> String {
    let table = table(&format!("{part}/ar"));
    table[name].as_str().expect("a word").to_owned()
}

/// A word of the panel's own.
fn own(name: &str) -> String {
    table("ar")[name].as_str().expect("a word").to_owned()
}

async fn is_from_right_to_left(browser: &Browser, part: &str) {
    let direction = format!("return getComputedStyle({ROOT}.querySelector('{part}')).direction");
    assert_eq!(browser.ask(&direction).await, json!("rtl"), "{part}");
}

/// Chooses from the menu.
async fn chooses(browser: &Browser, line: &str) {
    browser.press(&word("menu", "more")).await;
    browser.click("menuitem", &word("menu", line)).await;
}

#[tokio::test]
async fn what_is_loaded_beside_the_panel_has_no_violation() {
    let shop = Relay::shared().await.shop().await;
    let agreed: Words = [("ar".to_owned(), "أوافق على حفظ إجاباتي".to_owned())].into();
    let asked = Form {
        fields: vec![
            form::field("name", FieldKind::Name, true),
            form::field("email", FieldKind::Email, false),
        ],
        consent: Some(Consent {
            text: agreed,
            link: Some("https://shop.example/privacy".into()),
        }),
        away: false,
    };
    form::asks(&shop, asked).await;
    let shopper = arrives_in("ar", Browser::open(PHONE).await, &shop).await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    browser.see("textbox", &word("form", "email")).await;
    is_from_right_to_left(browser, ".form").await;
    assert_widget_accessible(browser, "a form").await;

    browser.press(&word("menu", "more")).await;
    browser.see("menuitem", &word("menu", "others")).await;
    is_from_right_to_left(browser, ".more [role=menu]").await;
    assert_widget_accessible(browser, "the menu").await;
    browser.press(&word("menu", "more")).await;

    says(&shopper, "هل الموكا متوفرة؟").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("هل الموكا متوفرة؟").await.id;
    owner.write(conversation, "نعم، لدينا ثلاث قطع.").await;
    shopper.reads("نعم، لدينا ثلاث قطع.").await;

    chooses(browser, "others").await;
    browser.see("button", &word("conversations", "begin")).await;
    browser
        .see_words_anywhere(&word("conversations", "here"))
        .await;
    is_from_right_to_left(browser, ".dialog").await;
    assert_widget_accessible(browser, "the list").await;
    browser.press(&word("conversations", "close")).await;

    chooses(browser, "phone").await;
    browser.see("img", &word("handover", "picture")).await;
    is_from_right_to_left(browser, ".dialog").await;
    assert_widget_accessible(browser, "a hand-over").await;
    browser.press(&word("handover", "close")).await;

    rating::close(&owner, conversation).await;
    browser.choose(&word("rating", "5")).await;
    browser.see("textbox", &word("rating", "comment")).await;
    is_from_right_to_left(browser, "[type=radio]").await;
    assert_widget_accessible(browser, "a rating").await;
    shopper.leaves().await;
}

async fn says(shopper: &Shopper, words: &str) {
    let composer = shopper.browser.see("textbox", &own("write")).await;
    let sent = composer.send_keys(format!("{words}{}", char::from(Key::Enter)));
    sent.await.expect("keys");
    let marks = [own("stored"), own("seen")];
    let marks = marks.each_ref().map(String::as_str);
    shopper.browser.see_bubble(words, &marks).await;
}

#[tokio::test]
async fn the_page_of_its_own_has_no_violation_in_light() {
    the_page_of_its_own_has_no_violation(false).await;
}

#[tokio::test]
async fn the_page_of_its_own_has_no_violation_in_dark() {
    the_page_of_its_own_has_no_violation(true).await;
}

async fn the_page_of_its_own_has_no_violation(dark: bool) {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open_in(PHONE, dark).await;
    let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(browser.ask(is_dark).await, json!(dark), "it is dark");
    let page = format!("{}/chat/{}/", shop.relay, shop.id.as_str());
    browser.go(&format!("{page}?lang=ar")).await;
    let direction = "return getComputedStyle(document.body).direction";
    assert_eq!(browser.ask(direction).await, json!("rtl"));
    let composer = browser.see("textbox", &own("write")).await;
    composer.send_keys("هل الموكا متوفرة؟").await.expect("keys");
    browser.press(&own("send")).await;
    shop.caller().conversation_with("هل الموكا متوفرة؟").await;
    shop.caller().write("latest", "نعم، لدينا ثلاث قطع.").await;
    let empty = "return document.readyState === 'complete' && document.querySelector('textarea')?.value === ''";
    browser.until("the page has come again", empty).await;
    // Each by itself: what looks into a frame needs a script in it.
    let alone = "document.querySelector('iframe').remove()";
    browser.ask(alone).await;
    assert_accessible_now(&browser, "html", "around the transcript").await;
    browser
        .go(&format!("{page}transcript?lang=ar&still=1"))
        .await;
    browser.see_words("نعم، لدينا ثلاث قطع.").await;
    assert_eq!(browser.ask(direction).await, json!("rtl"));
    assert_accessible_now(&browser, "html", "the transcript").await;
    browser.leave(&[]).await;
}
