//! The list of conversations is a projection: what it does not know any more it asks for.

use protocol::api::Reindexing;
use tests::{Peer, Relay, eventually};

#[tokio::test]
async fn it_is_made_again_when_it_is_asked_for() {
    let shop = Relay::shared().await.shop().await;
    let mut visitors = vec![];
    for n in 1..=3 {
        let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
        visitor.say_for_sure(&format!("Question {n}")).await;
        visitors.push((visitor, conversation));
    }
    let caller = shop.caller();
    for n in 1..=3 {
        caller.conversation_with(&format!("Question {n}")).await;
    }
    let asked = caller.post("/v1/shop/reindex", &()).await;
    assert_eq!(asked.status, 202);
    let begun: Reindexing = asked.json();
    assert_eq!((begun.left, begun.unanswered), (3, vec![]));
    eventually("everybody has answered", async || {
        let now: Reindexing = caller.get("/v1/shop/reindex").await.json();
        assert_eq!(now.unanswered, vec![]);
        (now.left == 0).then_some(())
    })
    .await;
    for n in 1..=3 {
        caller.conversation_with(&format!("Question {n}")).await;
    }
}

/// An answer need not be kept at once; a relay that died with it in memory only shows it all the same.
#[tokio::test]
async fn what_was_only_shown_is_asked_for_when_the_relay_comes_back() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("A question").await;
    let caller = shop.caller();
    caller.conversation_with("A question").await;
    caller.write(conversation, "An answer").await;
    relay.kill_9();
    drop(visitor);
    relay.restart().await;
    // The visitor is there again, which the list's own disk does not know yet; nor does it know the answer.
    let (_visitor, _, _) = Peer::visitor_again(&shop, conversation, &pass, None).await;
    caller.conversation_with("An answer").await;
}
