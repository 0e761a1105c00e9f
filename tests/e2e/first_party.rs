//! The relay below a path of the shop's own host, behind a web server that takes the path away: nothing else is asked of any other host,
//! and every rung works from there.

use serde_json::json;
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::DESKTOP,
    shop,
    shopper::{COMPOSER, LAUNCHER, ROOT},
    storefront::BELOW,
};

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
    let shown = format!("return {ROOT}?.querySelector('iframe')?.style.visibility === ''");
    browser.until("the chat is in its frame", &shown).await;
    let frame = format!("return {ROOT}.querySelector('iframe')");
    let frame = browser.driver.execute(frame, vec![]).await;
    let frame = frame.and_then(|found| found.element()).expect("the frame");
    frame.enter_frame().await.expect("it can be entered");
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
