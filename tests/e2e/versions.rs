//! Old and new ends of the protocol meet: what cannot be spoken is refused politely.

use protocol::{
    frame::{ClientFrame, Hello},
    version::{CURRENT, VersionRange},
};
use tests::{
    Browser, Caller, Peer, Relay, Shopper, browser::PHONE, relay::project, shop, shopper::COMPOSER,
};

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

/// Between a deploy's beginning and its end some objects are still the old ones, and the release before had none whose methods could
/// be called: they are asked by requests.
#[tokio::test]
async fn objects_of_a_release_that_has_no_methods_are_asked_all_the_same() {
    everybody_is_asked("old").await;
}

#[tokio::test]
async fn objects_that_have_methods_are_asked_by_them_alone() {
    everybody_is_asked("odd").await;
}

async fn everybody_is_asked(objects: &str) {
    // From here, also where the relay of another release is told stories.
    let config = project().join(format!("tests/e2e/objects/{objects}.capnp"));
    let config = config.to_str().expect("a path");
    let relay = Relay::start_in(config, &std::env::temp_dir(), vec![]).await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Is anybody there?").await;
    // The conversation told the shop, and the shop was asked.
    shop.caller().conversation_with("Is anybody there?").await;
    // The conversation was asked.
    shop.caller().write(conversation, "Always").await;
    visitor.hear_words("Always").await;
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["Is anybody there?", "Always"]);
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
    shopper.browser.see("button", "Reload").await;
    let composer = shopper.browser.see("textbox", COMPOSER).await;
    let kept = composer.prop("value").await.expect("a value");
    assert_eq!(kept.as_deref(), Some("Half a sentence"));
    shopper.leaves().await;
}
