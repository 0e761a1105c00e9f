//! A conversation that nobody speaks in leaves the relay's memory after ten seconds; its sockets stay and work.

use std::time::Duration;

use protocol::cursor::Seq;
use tests::{Peer, Relay};

/// The runtime lets an idle object go after 10 s; two more make sure of it.
const ASLEEP: Duration = Duration::from_secs(12);

#[tokio::test]
async fn after_a_silence_a_message_goes_each_way() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let mut operator = Peer::operator(&shop, conversation).await;
    visitor.say_for_sure("Before the silence").await;
    operator.hear_words("Before the silence").await;
    // What the presence of both still has to say.
    visitor.all_until_pong().await;
    operator.all_until_pong().await;

    let (one, other) = tokio::join!(
        visitor.is_left_alone(ASLEEP),
        operator.is_left_alone(ASLEEP)
    );
    assert!(one && other, "the object was kept awake");

    let woke = visitor.say_for_sure("After the silence").await;
    assert_eq!(woke.seq, Seq(2));
    assert_eq!(operator.hear_words("After the silence").await, woke);
    operator.say_for_sure("And back").await;
    visitor.hear_words("And back").await;
}
