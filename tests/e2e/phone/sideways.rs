//! A phone on its side is as wide as a small desk and as low as none: it is a phone.

use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::DESKTOP,
    eventually,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};

use super::{SIDEWAYS, covers, place};

#[tokio::test]
async fn on_its_side_the_chat_covers_the_page_and_not_the_next_one() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(SIDEWAYS).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    browser.until("it covers the page", &covers()).await;
    let (width, height) = SIDEWAYS;
    let whole = [0.0, 0.0, f64::from(width), f64::from(height)];
    // It glides there.
    eventually("the panel is as large as the screen", async || {
        (place(browser, ".panel").await == whole).then_some(())
    })
    .await;
    let ours = "return Boolean(history.state?.commesso)";
    assert_eq!(browser.ask(ours).await, json!(true), "back closes the chat");
    shopper.writes_for_sure("From the train").await;

    // The next page comes without it, whatever the tag still loads.
    browser.go(&shop.storefront.page("spa")).await;
    browser.see("button", LAUNCHER).await;
    let loaded = format!("return Boolean({ROOT}.querySelector('[role=log]'))");
    browser.until("the chat is loaded", &loaded).await;
    let hidden = format!("return {ROOT}.querySelector('.panel').hidden");
    assert_eq!(browser.ask(&hidden).await, json!(true));
    shopper.opens_the_chat().await;
    shopper.reads("From the train").await;
    // On a desk, the one after that shows it: it was open.
    browser.resize(DESKTOP).await;
    browser.go(&shop.storefront.page("plain")).await;
    browser.see("textbox", COMPOSER).await;
    shopper.reads("From the train").await;
    shopper.leaves().await;
}
