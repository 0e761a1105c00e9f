//! The relay below a path of the shop's own host, behind a web server that takes the path away, and under a name below the shop's:
//! nothing is asked of any other host, and the widget and its frame work from there; plain pages, too, on the path.

use serde_json::json;
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    shop,
    shopper::{COMPOSER, LAUNCHER},
    storefront::BELOW,
};

use crate::frame::{inside, outside};

/// What was loaded from elsewhere than the page's own host and those below it.
const STRANGERS: &str = r#"
    return performance
      .getEntriesByType("resource")
      .map(({ name }) => new URL(name).hostname)
      .filter((name) => !`.${name}`.endsWith(`.${location.hostname}`))"#;

async fn shop() -> Shop {
    Shop::open_above(Relay::shared().await, &shop::word()).await
}

#[tokio::test]
async fn the_widget_asks_nobody_but_the_shops_own_host() {
    let shop = shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("On your own host").await;
    shop.caller().write("latest", "It is").await;
    shopper.reads("It is").await;
    let strangers = "return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin))";
    assert_eq!(shopper.browser.ask(strangers).await, json!([]));
    shopper.leaves().await;
}

#[tokio::test]
async fn the_frame_lies_below_the_path_too() {
    let shop = shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "walled-self").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("Framed, on your own host").await;
    shopper
        .leaves_after(&["Content Security Policy", "WebAssembly"])
        .await;
}

#[tokio::test]
async fn pp9_plain_pages_and_their_cookie_lie_below_the_path() {
    let shop = shop().await;
    let browser = Browser::open(DESKTOP).await;
    // Without its slash.
    let page = format!(
        "{}{BELOW}/chat/{}",
        shop.storefront.origin(),
        shop.id.as_str()
    );
    browser.go(&page).await;
    let field = browser.see("textbox", COMPOSER).await;
    field
        .send_keys("Plain, on your own host")
        .await
        .expect("keys");
    browser.press("Send").await;
    shop.caller()
        .conversation_with("Plain, on your own host")
        .await;
    let here = format!(
        "return location.pathname === '{BELOW}/chat/{}/'",
        shop.id.as_str()
    );
    browser.until("it is the same page", &here).await;
    browser.reload().await;
    browser.driver.enter_frame(0).await.expect("the transcript");
    browser.see_words("Plain, on your own host").await;
    browser.leave(&[]).await;
}

async fn named() -> Shop {
    Shop::open_named(Relay::shared().await, &shop::word()).await
}

#[tokio::test]
async fn under_a_name_below_the_shops_nobody_else_is_asked() {
    let shop = named().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Under your own name").await;
    shop.caller().write("latest", "It is").await;
    shopper.reads("It is").await;
    let loaded = "return performance.getEntriesByType('resource').some(({ name }) => name.includes('//chat.shop.localhost:'))";
    assert_eq!(shopper.browser.ask(loaded).await, json!(true));
    assert_eq!(shopper.browser.ask(STRANGERS).await, json!([]));
    shopper.leaves().await;
}

#[tokio::test]
async fn the_frame_under_a_name_below_the_shops_keeps_the_conversation() {
    let shop = named().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "walled").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("Framed, under your own name").await;
    outside(browser).await;
    browser.reload().await;
    inside(browser).await;
    shopper.reads("Framed, under your own name").await;
    shopper
        .leaves_after(&["Content Security Policy", "WebAssembly"])
        .await;
}
