//! Only pages of the shop's own origins may carry its chat.

use tests::{Caller, Peer, Relay, peer::visitor_path, shop};

const STRANGER: &str = "https://elsewhere.example";

#[tokio::test]
async fn a_page_of_another_origin_gets_no_pass() {
    let shop = Relay::shared().await.shop().await;
    let stranger = Caller::nobody(&shop.relay).from(STRANGER);
    let new = protocol::api::NewVisitor {
        shop: shop.id.clone(),
        renewal: None,
    };
    let refused = stranger.post("/v1/visitors", &new).await;
    let problem = refused.problem(403);
    assert_eq!(problem.kind, "/problems/origin-not-allowed");
    let own = stranger.from(&shop.storefront.origin());
    assert!(own.post("/v1/visitors", &new).await.status.is_success());
}

#[tokio::test]
async fn a_stolen_pass_opens_nothing_from_a_page_of_another_origin() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, pass) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    visitor.write(conversation, "Mine").await;
    let thief = Caller::nobody(&shop.relay).from(STRANGER);
    let path = format!("/v1/conversations/{conversation}/entries");
    thief.bearing(&pass.token).get(&path).await.problem(403);

    let path = visitor_path(&shop, conversation);
    let refused = Peer::open(&shop.relay, &path, Some(STRANGER), None).await;
    let refusal = refused.expect_err("no socket from there");
    assert_eq!(refusal.status(), 403);
}
