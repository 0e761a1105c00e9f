//! `kill -9` of the relay: every message that was confirmed is there after the restart, once, in order.

use std::collections::BTreeSet;

use protocol::{
    cursor::Seq,
    entry::Entry,
    id::{ConversationId, MessageId},
};
use tests::{
    Peer, Relay, Shop,
    peer::{entry_of, message},
    relay::project,
    shop,
};

/// Long enough for the kill to come in the middle.
const BURST: usize = 300;

/// Confirmations that are waited for before the kill.
const BEFORE_THE_KILL: usize = 40;

/// What a client had sent behind it is still on its way when the relay closes the socket: stored, it would change places with what
/// has to be sent again.
#[tokio::test]
async fn rl3_what_comes_behind_a_fault_is_passed_over() {
    let config = project().join("tests/e2e/objects/odd.capnp");
    let config = config.to_str().expect("a path");
    let relay = Relay::start_in(config, &std::env::temp_dir(), vec![]).await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Before").await;
    let words = ["One", "a disk that fails", "Two", "Three"];
    let ids: Vec<_> = words.iter().map(|_| shop::message_id()).collect();
    for (id, text) in ids.iter().zip(words) {
        visitor.tell(&message(*id, text)).await;
    }
    assert_eq!(visitor.closed().await, 4001);
    let caller = shop.caller();
    assert_eq!(caller.words(conversation).await, ["Before", "One"]);
    let (mut again, ..) = Peer::visitor_again(&shop, conversation, &pass, None).await;
    for (id, text) in ids.iter().zip(words).skip(1) {
        again.tell(&message(*id, text)).await;
        again.hear_words(text).await;
    }
    let all = [&["Before"], &words[..]].concat();
    assert_eq!(caller.words(conversation).await, all);
}

#[tokio::test]
async fn between_two_messages() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Before").await;
    shop.caller().write(conversation, "Answered").await;
    relay.kill_9();
    drop(visitor);
    relay.restart().await;

    let (mut visitor, welcome, missed) =
        Peer::visitor_again(&shop, conversation, &pass, None).await;
    assert_eq!(welcome.head, Seq(2));
    assert_eq!(missed.entries.len(), 2);
    visitor.say_for_sure("After").await;
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["Before", "Answered", "After"]);
    // The list heals too, though the relay died with it in its hands.
    shop.caller().conversation_with("After").await;
}

#[tokio::test]
async fn in_the_middle_of_a_burst() {
    // Nobody types so fast; it is the kill that must come in the middle.
    let relay = Relay::start_for_load(&std::env::temp_dir()).await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    let burst: Vec<(MessageId, String)> = (1..=BURST)
        .map(|n| (shop::message_id(), format!("Message {n}")))
        .collect();
    for (id, text) in &burst {
        visitor.tell(&message(*id, text)).await;
    }
    let mut confirmed: Vec<Entry> = vec![];
    while confirmed.len() < BEFORE_THE_KILL {
        confirmed.push(visitor.hear_entry("a confirmation", |_| true).await);
    }
    relay.kill_9();
    // What was on its way when the relay died was told, so it counts.
    confirmed.extend(visitor.last_words().await.into_iter().filter_map(entry_of));
    relay.restart().await;

    let kept = shop.caller().transcript(conversation).await;
    assert!(kept.len() >= confirmed.len(), "a confirmed message is lost");
    assert_eq!(
        &kept[..confirmed.len()],
        &confirmed[..],
        "same place, same words"
    );
    assert_once_and_in_order(&kept, &burst);

    let (mut visitor, _, _) = Peer::visitor_again(&shop, conversation, &pass, None).await;
    let seen: BTreeSet<MessageId> = confirmed.iter().map(|entry| entry.id).collect();
    for (id, text) in burst.iter().filter(|(id, _)| !seen.contains(id)) {
        visitor.tell(&message(*id, text)).await;
    }
    let last = burst.last().expect("a burst").0;
    visitor
        .hear_entry("the last confirmation", |entry| entry.id == last)
        .await;
    let all = shop.caller().transcript(conversation).await;
    assert_eq!(all.len(), BURST);
    assert_once_and_in_order(&all, &burst);
}

#[tokio::test]
async fn again_and_again_on_the_same_disk() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let (visitor, conversation, pass) = Peer::visitor(&shop).await;
    drop(visitor);
    for n in 1..=5 {
        say_and_kill(&relay, &shop, conversation, &pass, &format!("Round {n}")).await;
    }
    let words = shop.caller().words(conversation).await;
    let rounds: Vec<String> = (1..=5).map(|n| format!("Round {n}")).collect();
    assert_eq!(words, rounds);
}

async fn say_and_kill(
    relay: &Relay,
    shop: &Shop,
    conversation: ConversationId,
    pass: &protocol::api::VisitorPass,
    text: &str,
) {
    let (mut visitor, _, _) = Peer::visitor_again(shop, conversation, pass, None).await;
    visitor.say_for_sure(text).await;
    relay.kill_9();
    relay.restart().await;
}

fn assert_once_and_in_order(entries: &[Entry], sent: &[(MessageId, String)]) {
    for (n, (entry, (id, text))) in entries.iter().zip(sent).enumerate() {
        assert_eq!(entry.seq, Seq(n as u64 + 1), "places are dense");
        assert_eq!((entry.id, entry.content.text()), (*id, Some(text.as_str())));
    }
}
