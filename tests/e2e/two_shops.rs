//! Two shops never meet: whoever belongs to one finds nothing of the other, whatever they ask and however.

use protocol::api::{NewAssignee, NewMessage, NewReceipt, NewStatus, NewTyping};
use protocol::conversation::Status;
use protocol::cursor::{Cursor, Seq};
use protocol::part::Parts;
use tests::{Caller, Peer, Relay, Shop, caller::Answer, peer::hello};

const CANARY: &str = "canary of the first shop";

#[tokio::test]
async fn nothing_of_a_conversation_is_told_to_another_shop_or_visitor() {
    let relay = Relay::shared().await;
    let (ours, theirs) = (relay.shop().await, relay.shop().await);
    let (mut visitor, conversation, _) = Peer::visitor(&ours).await;
    visitor.say_for_sure(CANARY).await;
    ours.caller().conversation_with(CANARY).await;

    let (other_visitor, _) = Caller::visitor(&ours).await;
    let nobody = Caller::nobody(&ours.relay);
    let strangers: [(&str, Caller, &[u16]); 3] = [
        ("their operator", theirs.caller(), &[404]),
        ("another visitor", other_visitor, &[403, 404]),
        ("nobody", nobody, &[401]),
    ];
    for (who, stranger, statuses) in &strangers {
        for answer in everything(stranger, &conversation.to_string()).await {
            assert_no_canary(who, &answer);
            let status = answer.status.as_u16();
            assert!(
                statuses.contains(&status),
                "{who}: {status} {}",
                answer.body
            );
        }
        assert_no_canary(who, &stranger.get("/v1/conversations").await);
    }
    // The same id in another shop is another conversation.
    let (their_visitor, _) = Caller::visitor(&theirs).await;
    for answer in everything(&their_visitor, &conversation.to_string()).await {
        assert_no_canary("their visitor", &answer);
    }
    assert_eq!(ours.caller().words(conversation).await, [CANARY]);
}

fn assert_no_canary(who: &str, answer: &Answer) {
    assert!(!answer.body.contains("canary"), "{who}: {}", answer.body);
}

/// Every request that names a conversation.
async fn everything(caller: &Caller, conversation: &str) -> Vec<Answer> {
    let at = |what: &str| format!("/v1/conversations/{conversation}{what}");
    let words = NewMessage {
        id: None,
        text: "Let me in".into(),
        parts: Parts::default(),
    };
    let assignee = NewAssignee {
        id: None,
        operator: None,
    };
    let status = NewStatus {
        id: None,
        status: Status::Resolved,
    };
    let receipt = NewReceipt {
        delivered: Seq(1),
        read: Seq(1),
    };
    let on = NewTyping { on: true };
    vec![
        caller.get(&at("/entries")).await,
        caller.get(&at("/entries?after=0")).await,
        caller.post(&at("/messages"), &words).await,
        caller.post(&at("/typing"), &on).await,
        caller.post(&at("/receipts"), &receipt).await,
        caller.get(&at("")).await,
        caller.post(&at("/notes"), &words).await,
        caller.put(&at("/assignee"), &assignee).await,
        caller.put(&at("/status"), &status).await,
    ]
}

#[tokio::test]
async fn a_socket_into_another_shops_conversation_is_closed() {
    let relay = Relay::shared().await;
    let (ours, theirs) = (relay.shop().await, relay.shop().await);
    let (mut visitor, conversation, _) = Peer::visitor(&ours).await;
    visitor.say_for_sure(CANARY).await;

    for shop in [&ours, &theirs] {
        // A token of another visitor, or of another shop, on the address of this conversation.
        let (_, pass) = Caller::visitor(shop).await;
        let mut peer = Peer::ungreeted(&ours, conversation).await;
        let all = Some(Cursor::default());
        peer.tell(&hello(Some(&pass.token), all)).await;
        let code = peer.closed().await;
        assert!([4100, 4201].contains(&code), "closed with {code}");
    }
    assert_operator_is_kept_out(&theirs, &conversation.to_string()).await;
    assert_eq!(ours.caller().words(conversation).await, [CANARY]);
}

async fn assert_operator_is_kept_out(theirs: &Shop, conversation: &str) {
    let path = format!("/v1/socket?conversation={conversation}");
    match Peer::open(&theirs.relay, &path, None, Some(&theirs.made.key)).await {
        Err(refusal) => assert!([403, 404].contains(&refusal.status().as_u16())),
        Ok(mut peer) => {
            peer.tell(&hello(None, Some(Cursor::default()))).await;
            assert_eq!(peer.closed().await, 4201);
        }
    }
}

#[tokio::test]
async fn an_inbox_hears_of_its_own_shop_alone() {
    let relay = Relay::shared().await;
    let (ours, theirs) = (relay.shop().await, relay.shop().await);
    let mut inbox = Peer::inbox(&theirs).await;
    let (mut visitor, _, _) = Peer::visitor(&ours).await;
    visitor.say_for_sure(CANARY).await;
    ours.caller().conversation_with(CANARY).await;
    let (mut own, _, _) = Peer::visitor(&theirs).await;
    own.say_for_sure("Their own").await;
    let heard = |frame: serde_json::Value| {
        assert!(!frame.to_string().contains("canary"), "{frame}");
        (frame["last"]["text"] == "Their own").then_some(())
    };
    inbox.hear("a summary of their own", heard).await;
}

#[tokio::test]
async fn what_one_shop_is_cannot_be_read_or_changed_by_another() {
    let relay = Relay::shared().await;
    let (ours, theirs) = (relay.shop().await, relay.shop().await);
    let mine: protocol::api::Shop = theirs.caller().get("/v1/shop").await.json();
    assert_eq!(mine.front.id, theirs.id);
    let sign_in = protocol::api::SignIn {
        shop: ours.id.clone(),
        email: theirs.owner.email.clone(),
        password: theirs.owner.password.clone(),
    };
    let nobody = Caller::nobody(&relay.url());
    nobody.post("/v1/sessions", &sign_in).await.problem(401);
    // Not even with the right key under the wrong name.
    let swapped = theirs
        .made
        .key
        .replace(theirs.id.as_str(), ours.id.as_str());
    let thief = Caller::with_key(&relay.url(), &swapped);
    thief.get("/v1/me").await.problem(401);
}
