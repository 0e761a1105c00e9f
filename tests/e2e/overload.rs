//! Too much of something: it is refused with the time to wait, waits on the device and leaves by itself; nothing is lost.

use std::time::Duration;

use futures_util::{StreamExt, future, stream};
use protocol::{
    api::{Exchange, Exchanged, NewVisitor},
    frame::{ClientFrame, Refusal, Span},
    limits,
};
use tests::{
    Browser, Caller, Peer, Relay, Shopper,
    browser::PHONE,
    peer::{hello, message, visitor_path},
    shop,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Hundreds of sockets are opened in a second; a machine may be busy.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_shopper_in_a_hurry() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let words: Vec<String> = (1..=limits::PACE_BURST + 4)
        .map(|n| format!("Word {n}"))
        .collect();
    for word in &words {
        shopper.writes(word).await;
    }
    // Only the last of a group says how far it is.
    let last = words.last().expect("words");
    shopper.is_stored(last).await;
    let conversation = shop.caller().conversation_with(last).await.id;
    assert_eq!(shop.caller().words(conversation).await, words);
    shopper.leaves().await;
}

#[tokio::test]
async fn a_program_in_a_hurry_is_told_when_to_come_back() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, _, _) = Peer::visitor(&shop).await;
    let ids: Vec<_> = (0..limits::PACE_BURST + 20)
        .map(|_| shop::message_id())
        .collect();
    for id in &ids {
        visitor.tell(&message(*id, "More")).await;
    }
    let first = visitor.refused("too soon").await;
    assert_eq!(first.code, Refusal::RateLimited);
    let wait = first.retry_after_ms.expect("a time to wait");
    assert!((1..=limits::PACE_EVERY.0).contains(&wait), "{wait} ms");
    let behind = visitor.refused("behind it").await;
    assert_eq!(behind.code, Refusal::Held);
    let at = |id| ids.iter().position(|known| Some(*known) == id);
    assert_eq!(at(behind.id), at(first.id).map(|at| at + 1), "in order");
}

#[tokio::test]
async fn who_does_not_listen_is_closed_and_may_come_back() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Tell me everything").await;
    let mut operator = Peer::operator(&shop, conversation).await;
    let much = "x".repeat(limits::TEXT_MAX);
    let enough = limits::UNHEARD_MAX / limits::TEXT_MAX + 1;
    for _ in 0..enough {
        operator.say_for_sure(&much).await;
        // The operator's own end listens.
        operator.tell_raw("ping").await;
    }
    assert_eq!(visitor.closed().await, 4002);
    let (mut again, welcome, _) = Peer::visitor_again(&shop, conversation, &pass, None).await;
    assert_eq!(welcome.head.0, enough as u64 + 1);
    again.say_for_sure("Thank you").await;
}

#[tokio::test]
async fn rl19_who_asks_for_more_than_anybody_reads_is_closed() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Tell me everything").await;
    let mut operator = Peer::operator(&shop, conversation).await;
    let much = "x".repeat(limits::TEXT_MAX);
    for _ in 0..limits::HISTORY_PAGE {
        operator.say_for_sure(&much).await;
    }
    let page = limits::HISTORY_PAGE * limits::TEXT_MAX;
    for _ in 0..=limits::PAGES_MAX / page {
        visitor.tell(&ClientFrame::History(Span::Newest)).await;
    }
    assert_eq!(visitor.closed().await, 4002);
}

#[tokio::test]
async fn so_many_new_visitors_and_no_more() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let newcomer = Caller::nobody(&relay.url()).from(&shop.storefront.origin());
    let new = NewVisitor {
        shop: shop.id.clone(),
        renewal: None,
    };
    let knock = |_| newcomer.post("/v1/visitors", &new);
    // Many at a time: one after the other a slow machine lets them all in.
    let answers: Vec<_> = stream::iter(0..3 * limits::ADMIT_BURST)
        .map(knock)
        .buffer_unordered(64)
        .collect()
        .await;
    let refused = answers.iter().find(|answer| answer.status == 429);
    let refused = refused.map(|answer| &answer.body);
    let refused = refused.expect("at some point it is enough");
    assert!(refused.contains("retry_after_ms"), "{refused}");
}

/// RL33. All of them ask while the relay stands still, so that it finds them together: by turns for a socket and to exchange.
#[tokio::test]
async fn when_everybody_comes_at_once_some_are_let_in_and_the_others_told_so() {
    let relay = Relay::start_for_load(&std::env::temp_dir()).await;
    let shop = relay.shop().await;
    let (_, pass) = Caller::visitor(&shop).await;
    let path = visitor_path(&shop, shop::conversation_id());
    let host = relay.url().replace("http://", "");
    let head = format!("host: {host}\r\norigin: {}\r\n", shop.storefront.origin());
    let begins = Exchange {
        frames: vec![hello(Some(&pass.token), None)],
        carried: None,
    };
    let newcomer = Caller::nobody(&relay.url()).from(&shop.storefront.origin());
    let begun: Exchanged = newcomer.post(&path, &begins).await.json();
    assert!(begun.carried.is_some());
    let goes_on = Exchange {
        frames: vec![],
        carried: begun.carried,
    };
    let post = |asked: &Exchange| {
        let body = serde_json::to_string(asked).expect("JSON");
        format!(
            "POST {path} HTTP/1.1\r\n{head}authorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            pass.token,
            body.len()
        )
    };
    let ways = [
        format!(
            "GET {path} HTTP/1.1\r\n{head}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ),
        post(&begins),
    ];
    relay.stand_still();
    let mut asking = vec![];
    let crowd = ways.iter().cycle().take(limits::OPENING_AT_ONCE * 5 / 2);
    for request in crowd.chain([&post(&goes_on)]) {
        let mut socket = TcpStream::connect(&host).await.expect("a connection");
        let written = socket.write_all(request.as_bytes()).await;
        written.expect("a request");
        asking.push(BufReader::new(socket));
    }
    relay.go_on();
    let first_lines = future::join_all(asking.iter_mut().map(async |socket| {
        let mut line = String::new();
        let read = timeout(ANSWERED_WITHIN, socket.read_line(&mut line)).await;
        read.expect("it is waited for in vain").expect("an answer");
        line
    }));
    let mut lines = first_lines.await;
    let last = lines.pop().expect("of the exchange that goes on");
    assert!(last.contains(" 200 "), "{last}");
    let answered = |status: &str| lines.iter().filter(|line| line.contains(status)).count();
    let (opened, exchanged, refused) = (answered(" 101 "), answered(" 200 "), answered(" 503 "));
    assert_eq!(opened + exchanged + refused, lines.len(), "{lines:?}");
    assert!(opened + exchanged >= limits::OPENING_AT_ONCE, "{lines:?}");
    let refused_of = |way: usize| {
        let those = lines.iter().skip(way).step_by(ways.len());
        those.filter(|line| line.contains(" 503 ")).count()
    };
    assert!(
        refused_of(0) > 0 && refused_of(1) > 0,
        "{opened} sockets and {exchanged} exchanges were let in, of {} each",
        lines.len() / ways.len()
    );
    // Whoever was let in has left the door, and the next finds it open.
    Peer::visitor(&shop).await;
    assert_eq!(newcomer.post(&path, &begins).await.status, 200);
    // Nobody stands in it and waits.
    let nothing = Exchange {
        frames: vec![],
        carried: None,
    };
    let long = format!("{path}&wait=25");
    let owner = newcomer.bearing(&pass.token);
    let answer = timeout(Duration::from_secs(20), owner.post(&long, &nothing)).await;
    assert_eq!(answer.expect("it does not wait").status, 200);
}
