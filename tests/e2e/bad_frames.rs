//! What a socket is told when it says what it should not. No frame of one peer hurts another.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use protocol::{
    frame::{ClientFrame, Refusal},
    limits,
    time::Timestamp,
};
use serde_json::json;
use tests::{
    Caller, Peer, Relay,
    peer::{hello, message},
    shop,
};

#[tokio::test]
async fn what_is_not_a_frame_is_refused_and_the_socket_lives() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, _, _) = Peer::visitor(&shop).await;
    let nonsense = [
        "not JSON",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"send"}"#,
        r#"{"type":"send","id":"1","content":{"kind":"message","text":"x"}}"#,
        "\u{0}",
    ];
    for text in nonsense {
        visitor.tell_raw(text).await;
        let refused = visitor.refused(&format!("a refusal of {text:?}")).await;
        assert_eq!((refused.id, refused.code), (None, Refusal::Malformed));
    }
    visitor.say_for_sure("Still here").await;
}

#[tokio::test]
async fn what_a_later_version_says_is_ignored() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, _, _) = Peer::visitor(&shop).await;
    visitor.all_until_pong().await;
    visitor
        .tell(&json!({ "type": "teleport", "where": "Napoli" }))
        .await;
    let later = json!({ "type": "typing", "on": false, "mood": "curious" });
    visitor.tell(&later).await;
    let id = shop::message_id();
    visitor.tell(&message(id, "Still here")).await;
    let confirmed = visitor.hear_entry("a confirmation", |_| true).await;
    assert_eq!(confirmed.id, id);
    let refused = visitor.all_until_pong().await;
    assert!(refused.iter().all(|f| !is_refusal(f)), "{refused:?}");
}

fn is_refusal(frame: &protocol::frame::ServerFrame) -> bool {
    matches!(frame, protocol::frame::ServerFrame::Refused(_))
}

#[tokio::test]
async fn words_have_a_limit_that_the_answer_names() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, _, _) = Peer::visitor(&shop).await;
    // Characters count, not bytes.
    let longest = "è".repeat(limits::TEXT_MAX);
    visitor.say_for_sure(&longest).await;
    let id = visitor.say(&format!("{longest}!")).await;
    let refused = visitor.refused("too long").await;
    let limit = Some(limits::TEXT_MAX as u64);
    assert_eq!(refused.id, Some(id));
    assert_eq!((refused.code, refused.limit), (Refusal::TooLong, limit));
    for blank in ["", " \n\t", "\u{a0}"] {
        visitor.say(blank).await;
        assert_eq!(visitor.refused("empty").await.code, Refusal::Empty);
    }
}

#[tokio::test]
async fn a_frame_has_a_limit_that_the_answer_names() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, _, _) = Peer::visitor(&shop).await;
    visitor.say(&"x".repeat(limits::FRAME_MAX + 1)).await;
    let refused = visitor.refused("too long").await;
    let limit = Some(limits::FRAME_MAX as u64);
    assert_eq!((refused.code, refused.limit), (Refusal::TooLong, limit));
    visitor.say_for_sure("Still here").await;
}

#[tokio::test]
async fn nothing_may_come_before_the_hello_or_a_second_hello() {
    let shop = Relay::shared().await.shop().await;
    let mut hasty = Peer::ungreeted(&shop, shop::conversation_id()).await;
    hasty.say("Hello?").await;
    assert_eq!(hasty.closed().await, 4202);

    let (mut twice, _, pass) = Peer::visitor(&shop).await;
    twice.tell(&hello(Some(&pass.token), None)).await;
    assert_eq!(twice.closed().await, 4202);
}

#[tokio::test]
async fn a_visitor_cannot_write_what_operators_write() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let operators = [
        json!({ "kind": "note", "text": "psst" }),
        json!({ "kind": "assigned", "to": null }),
        json!({ "kind": "status", "status": "resolved" }),
    ];
    for content in operators {
        let id = shop::message_id();
        let send = json!({ "type": "send", "id": id, "content": content });
        visitor.tell(&send).await;
        let refused = visitor.refused(&content.to_string()).await;
        assert_eq!((refused.id, refused.code), (Some(id), Refusal::Forbidden));
    }
    assert_eq!(shop.caller().words(conversation).await.len(), 0);
}

#[tokio::test]
async fn the_same_id_with_other_words_is_a_conflict() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let first = visitor.say_for_sure("One").await;
    visitor.tell(&message(first.id, "One")).await;
    let again = visitor.hear_entry("the same answer", |_| true).await;
    assert_eq!(again, first);
    visitor.tell(&message(first.id, "Other")).await;
    let refused = visitor.refused("a conflict").await;
    assert_eq!(
        (refused.id, refused.code),
        (Some(first.id), Refusal::Conflict)
    );
    assert_eq!(shop.caller().words(conversation).await, ["One"]);
}

#[tokio::test]
async fn a_token_that_is_missing_wrong_or_expired_asks_for_another() {
    let relay = Relay::shared().await;
    let shop = relay.shop().await;
    let (_, pass) = Caller::visitor(&shop).await;
    let visitor = pass.visitor.to_string();
    let soon = Timestamp(tests::shop::now().0 + 60_000);
    let past = Timestamp(tests::shop::now().0 - 1);
    let good = signed(relay, shop.id.as_str(), &visitor, soon);
    let tokens = [
        None,
        Some(String::new()),
        Some("nonsense".to_owned()),
        Some(pass.token.replace('.', "")),
        Some(pass.renewal.clone()),
        Some(tampered(&pass.token)),
        Some(signed(relay, shop.id.as_str(), &visitor, past)),
    ];
    for token in tokens {
        let mut peer = Peer::ungreeted(&shop, shop::conversation_id()).await;
        peer.tell(&hello(token.as_deref(), None)).await;
        assert_eq!(peer.closed().await, 4100, "{token:?}");
        let bearer = Caller::nobody(&shop.relay).bearing(&token.unwrap_or_default());
        let path = format!("/v1/conversations/{}/entries", shop::conversation_id());
        bearer.get(&path).await.problem(401);
    }
    // The forger of this test can do it right, so what is refused above is refused for the right reason.
    let mut peer = Peer::ungreeted(&shop, shop::conversation_id()).await;
    peer.tell(&hello(Some(&good), None)).await;
    peer.welcomed().await;
}

/// A token as the relay signs it, with the relay's own key.
fn signed(relay: &Relay, shop: &str, visitor: &str, ends: Timestamp) -> String {
    let (kid, secret) = relay.token_key();
    let claim = json!({ "shop": shop, "visitor": visitor, "ends": ends }).to_string();
    let text = format!("cv_{kid}.{}", BASE64.encode(claim));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

/// The same signature under another claim.
fn tampered(token: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let claim = BASE64.decode(&parts[1]).expect("a claim");
    let claim = String::from_utf8(claim).expect("text").replace('1', "2");
    parts[1] = BASE64.encode(claim);
    parts.join(".")
}

#[tokio::test]
async fn one_peers_nonsense_does_not_reach_the_other() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let mut operator = Peer::operator(&shop, conversation).await;
    operator.all_until_pong().await;
    for _ in 0..20 {
        visitor.tell_raw("}{").await;
        visitor.refused("a refusal").await;
    }
    visitor.tell(&ClientFrame::Unknown).await;
    visitor.say_for_sure("Sorry").await;
    operator.hear_words("Sorry").await;
}
