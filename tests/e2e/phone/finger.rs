//! What is pressed is as large as a finger, and what is written into has letters so large that no phone zooms into it.

use protocol::form::{Consent, FieldKind, Form};
use serde_json::{Value, json};
use tests::{Browser, Relay, Shopper, shopper::ROOT};
use thirtyfour::Key;

use super::opens_over_the_page;
use crate::{
    files, form, rating,
    states::{SMALL_PHONE, keeps_what_is_too_long},
};

/// What is to be seen and smaller than a finger (44 by 44 pixels, WCAG 2.5.5), and every field with letters under the 16 pixels from
/// which phones leave the page as large as it is. A box to tick is as large as its label. What turns a carousel is for a mouse.
pub(crate) async fn too_small(browser: &Browser) -> Value {
    let script = format!(
        "const all = (selector) => [...{ROOT}.querySelectorAll(selector)].filter((one) => one.checkVisibility({{ visibilityProperty: true }}));
         // Engines lay out in 64ths of a pixel.
         const finger = 44 - 1 / 64;
         const name = (one) => one.ariaLabel || one.labels?.[0]?.textContent || one.textContent || one.className || one.localName;
         const box = (one) => (/checkbox|radio/.test(one.type) ? one.labels[0] : one).getBoundingClientRect();
         const small = all('button, [role=menuitem], input, .card a')
           .filter((one) => matchMedia('(pointer: coarse)').matches || !one.closest('.turn'))
           .map((one) => [name(one), box(one)]).filter(([, {{ width, height }}]) => Math.min(width, height) < finger)
           .map(([name, {{ width, height }}]) => `${{name}}: ${{width}} × ${{height}}`);
         const zoomed = all('input:not([type=checkbox], [type=radio]), textarea')
           .map((one) => [name(one), getComputedStyle(one).fontSize]).filter(([, size]) => parseFloat(size) < 16)
           .map(([name, size]) => `${{name}}: letters of ${{size}}`);
         return [...small, ...zoomed]"
    );
    browser.ask(&script).await
}

async fn assert_large(browser: &Browser, when: &str) {
    assert_eq!(too_small(browser).await, json!([]), "{when}");
}

#[tokio::test]
async fn every_button_is_as_large_as_a_finger_and_the_field_does_not_zoom() {
    let shop = Relay::shared().await.shop().await;
    let agreed = [("en".to_owned(), "I agree".to_owned())];
    let asked = Form {
        fields: vec![
            form::field("email", FieldKind::Email, false),
            form::field("order", FieldKind::Text, false),
        ],
        consent: Some(Consent {
            text: agreed.into(),
            link: None,
        }),
        away: false,
    };
    form::asks(&shop, asked).await;
    let shopper = Shopper::arrives(Browser::open(SMALL_PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    assert_large(browser, "closed").await;
    opens_over_the_page(&shopper).await;
    browser.see("group", "You could ask").await;
    browser.see("checkbox", "I agree").await;
    browser.see("button", "Attach a picture or PDF").await;
    assert_large(browser, "empty, with a form").await;

    let more = browser.see("button", "More").await;
    more.send_keys(Key::Enter + "").await.expect("keys");
    let save = browser.see("menuitem", "Save the conversation").await;
    assert_large(browser, "the menu").await;
    save.send_keys(Key::Escape + "").await.expect("keys");

    shopper.writes_for_sure("Which one for two?").await;
    browser.see("button", "Not now").await;
    assert_large(browser, "a form that was put off").await;

    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    let moka = json!({ "type": "card", "title": "Moka", "link": "https://shop.example/moka" });
    let offer = json!({
        "text": "One of these?",
        "parts": [moka, moka, { "type": "reply", "text": "A" }, { "type": "reply", "text": "B" }],
    });
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(owner.post(&path, &offer).await.status, 201);
    browser.see("group", "You could answer").await;
    browser.see("link", "Moka").await;
    assert_large(browser, "cards and answers").await;

    rating::close(&owner, conversation).await;
    browser.choose("Well").await;
    browser.see("textbox", "Anything to add?").await;
    assert_large(browser, "how it was").await;

    keeps_what_is_too_long(browser, &shop, "One more").await;
    browser.reload().await;
    opens_over_the_page(&shopper).await;
    browser.see("button", "Delete").await;
    assert_large(browser, "refused").await;

    files::takes(browser, "choose", &[("scontrino.pdf", "pdf")]).await;
    browser.see("button", "Remove scontrino.pdf").await;
    assert_large(browser, "a paper to be sent").await;
    shopper.leaves().await;
}
