//! Old and new ends of the protocol meet: what cannot be spoken is refused politely.

use protocol::{
    frame::{ClientFrame, Hello},
    version::{CURRENT, VersionRange},
};
use tests::{Browser, Caller, Peer, Relay, Shopper, browser::PHONE, shop, shopper::COMPOSER};

fn hello(token: &str, oldest: u16, newest: u16) -> ClientFrame {
    ClientFrame::Hello(Hello {
        version: VersionRange { oldest, newest },
        token: Some(token.into()),
        cursor: None,
        page: None,
    })
}

#[tokio::test]
async fn a_widget_that_is_too_old_is_told_to_reload() {
    let shop = Relay::shared().await.shop().await;
    let (_, pass) = Caller::visitor(&shop).await;
    let mut peer = Peer::ungreeted(&shop, shop::conversation_id()).await;
    peer.tell(&hello(&pass.token, 0, 0)).await;
    assert_eq!(peer.closed().await, 4200);
}

#[tokio::test]
async fn a_widget_of_tomorrow_agrees_on_what_both_speak() {
    let shop = Relay::shared().await.shop().await;
    let (_, pass) = Caller::visitor(&shop).await;
    let mut peer = Peer::ungreeted(&shop, shop::conversation_id()).await;
    peer.tell(&hello(&pass.token, 1, CURRENT + 5)).await;
    assert_eq!(peer.welcomed().await.0.version, CURRENT);
}

/// Makes the page's sockets speak as a widget of an age ago.
const OF_AN_AGE_AGO: &str = r#"
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
      const frame = text.startsWith?.("{") ? JSON.parse(text) : {};
      if (frame.type === "hello") text = JSON.stringify({ ...frame, version: { oldest: 0, newest: 0 } });
      return send.call(this, text);
    };"#;

#[tokio::test]
async fn a_widget_that_is_too_old_says_politely_to_load_the_page_again() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(OF_AN_AGE_AGO);
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.types("Half a sentence").await;
    shopper
        .browser
        .see_words_anywhere("The chat was updated")
        .await;
    shopper.browser.see("button", "Load again").await;
    let composer = shopper.browser.see("textbox", COMPOSER).await;
    let kept = composer.prop("value").await.expect("a value");
    assert_eq!(kept.as_deref(), Some("Half a sentence"));
    shopper.leaves().await;
}
