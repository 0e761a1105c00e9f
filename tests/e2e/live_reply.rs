//! A program writes to a visitor, and both see it live; everything an inbox does can be done from outside.

use protocol::{
    api::{Me, NewAssignee, NewMessage, NewNote, NewReceipt, NewStatus, NewTyping, Stored},
    conversation::Status,
    cursor::{Cursor, Seq},
    entry::{Author, Content},
    frame::{InboxServerFrame, ServerFrame},
    part::Parts,
};
use tests::{Caller, Peer, Relay, eventually, shop};

#[tokio::test]
async fn a_first_message_reaches_the_inbox_and_the_answer_comes_back_live() {
    let shop = Relay::shared().await.shop().await;
    let mut inbox = Peer::inbox(&shop).await;
    inbox
        .hear("the inbox's welcome", |frame| match frame {
            InboxServerFrame::Welcome { you, .. } => (you == shop.made.operator).then_some(()),
            InboxServerFrame::Summary(_)
            | InboxServerFrame::Duty { .. }
            | InboxServerFrame::Unknown => None,
        })
        .await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    let first = visitor.say_for_sure("Is the moka in stock?").await;
    assert_eq!((first.seq, &first.author), (Seq(1), &Author::Visitor));

    let summary = |frame| match frame {
        InboxServerFrame::Summary(summary) => (summary.unread == 1).then_some(summary),
        InboxServerFrame::Welcome { .. }
        | InboxServerFrame::Duty { .. }
        | InboxServerFrame::Unknown => None,
    };
    let summary = inbox.hear("the inbox shows it", summary).await;
    assert_eq!((summary.id, summary.visitor), (conversation, pass.visitor));
    assert_eq!(summary.last.expect("words").text, "Is the moka in stock?");

    let answer = shop.caller().write("latest", "Three are left.").await;
    let heard = visitor.hear_words("Three are left.").await;
    assert_eq!(heard, answer.entry);
    assert_eq!(heard.author, Author::Operator(shop.made.operator.clone()));
}

#[tokio::test]
async fn the_same_request_twice_stores_once_and_answers_the_same() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Hello").await;
    let new = NewMessage {
        id: Some(shop::message_id()),
        text: "Once".into(),
        parts: Parts::default(),
    };
    let path = format!("/v1/conversations/{conversation}/messages");
    let first = shop.caller().post(&path, &new).await;
    let again = shop.caller().post(&path, &new).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.json::<Stored>(), again.json::<Stored>());
    let other = NewMessage {
        text: "Twice".into(),
        ..new
    };
    let conflict = shop.caller().post(&path, &other).await;
    assert_eq!(conflict.problem(409).kind, "/problems/conflict");
    assert_eq!(shop.caller().words(conversation).await, ["Hello", "Once"]);
}

#[tokio::test]
async fn a_visitor_without_sockets_waits_for_the_answer_on_one_request() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    let first = visitor.write(conversation, "No socket here").await;
    let path = format!(
        "/v1/conversations/{conversation}/entries?after={}&epoch={}&wait=20",
        first.entry.seq.0, first.epoch.0
    );
    let waiting = tokio::spawn(async move { visitor.get(&path).await });
    let caller = shop.caller();
    caller.conversation_with("No socket here").await;
    caller.write(conversation, "None needed").await;
    let page: protocol::api::Entries = waiting.await.expect("an answer").json();
    let texts: Vec<_> = page.entries.iter().map(|e| e.content.text()).collect();
    assert_eq!(texts, [Some("None needed")]);
}

#[tokio::test]
async fn notes_and_assignments_stay_among_operators() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("A question").await;
    let caller = shop.caller();
    let at = |what: &str| format!("/v1/conversations/{conversation}/{what}");
    let note = NewNote {
        id: None,
        text: "Asked last week too".into(),
    };
    caller.post(&at("notes"), &note).await.json::<Stored>();
    let me: Me = caller.get("/v1/me").await.json();
    let assignee = NewAssignee {
        id: None,
        operator: Some(me.operator.id),
    };
    let assigned = caller.put(&at("assignee"), &assignee).await;
    assert!(matches!(
        assigned.json::<Stored>().entry.content,
        Content::Assigned { to: Some(_) }
    ));
    caller.write(conversation, "An answer").await;

    // The visitor's view has no hole where the note and the assignment are.
    let frame = |frame| {
        let ServerFrame::Entry { previous, entry } = frame else {
            return None;
        };
        (entry.content.text() == Some("An answer")).then_some((previous, entry.seq))
    };
    assert_eq!(visitor.hear("the answer", frame).await, (Seq(1), Seq(4)));
    let (_, missed) = {
        let (_, welcome, missed) =
            Peer::visitor_again(&shop, conversation, &pass, Some(Cursor::default())).await;
        (welcome, missed)
    };
    let texts: Vec<_> = missed.entries.iter().map(|e| e.content.text()).collect();
    assert_eq!(texts, [Some("A question"), Some("An answer")]);
    assert_eq!(caller.transcript(conversation).await.len(), 4);
}

#[tokio::test]
async fn typing_and_receipts_go_both_ways() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let mut operator = Peer::operator(&shop, conversation).await;
    let caller = shop.caller();
    let first = visitor.say_for_sure("Hello").await;
    operator.hear_words("Hello").await;

    let typing = |frame| {
        let ServerFrame::Typing { author, on: true } = frame else {
            return None;
        };
        Some(author)
    };
    let on = protocol::frame::ClientFrame::Typing { on: true };
    visitor.tell(&on).await;
    let who = operator.hear("the visitor types", typing).await;
    assert_eq!(who, Author::Visitor);
    let at = |what: &str| format!("/v1/conversations/{conversation}/{what}");
    let told = caller.post(&at("typing"), &NewTyping { on: true }).await;
    assert_eq!(told.status, 204);
    let who = visitor.hear("the operator types", typing).await;
    assert_eq!(who, Author::Operator(shop.made.operator.clone()));

    let seen = NewReceipt {
        delivered: first.seq,
        read: first.seq,
    };
    let told = caller.post(&at("receipts"), &seen).await;
    assert_eq!(told.status, 204);
    let receipt = |frame| {
        let ServerFrame::Receipt(receipt) = frame else {
            return None;
        };
        (receipt.read == first.seq).then_some(receipt.reader)
    };
    let reader = visitor.hear("it was seen", receipt).await;
    assert_eq!(reader, Author::Operator(shop.made.operator.clone()));
}

#[tokio::test]
async fn a_resolved_conversation_opens_again_when_the_visitor_writes() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Thank you").await;
    let path = format!("/v1/conversations/{conversation}/status");
    let resolved = NewStatus {
        id: None,
        status: Status::Resolved,
    };
    let caller = shop.caller();
    caller.put(&path, &resolved).await.json::<Stored>();
    eventually("the list of open ones is empty", async || {
        caller.open_conversations().await.is_empty().then_some(())
    })
    .await;
    visitor.say_for_sure("One more thing").await;
    let open = caller.conversation_with("One more thing").await;
    assert_eq!((open.id, open.status), (conversation, Status::Open));
}
