//! Each fault, seen from both ends: a client of bytes and a server that answers its first request and then echoes.

use std::io::ErrorKind;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::*;
use crate::patience::PATIENCE;

/// Long enough to tell silence from a scheduler's hiccup.
const SILENCE: Duration = Duration::from_millis(150);

/// What asks for a WebSocket, as far as the proxy looks.
const UPGRADE: &str = "GET /v1/socket HTTP/1.1\r\nUpgrade: WebSocket\r\n\r\n";
/// What asks for anything else.
const REQUEST: &str = "GET /widget.js HTTP/1.1\r\n\r\n";
const SWITCHED: &str = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
const FOUND: &str = "HTTP/1.1 200 OK\r\n\r\n";

/// A port on which every first request is answered and everything after it is echoed.
async fn echo() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a port is free");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut visit, _)) = listener.accept().await {
            tokio::spawn(async move {
                let head = read_head(&mut visit).await?;
                let answer = match door::asks_for_a_socket(head.as_bytes()) {
                    true => SWITCHED,
                    false => FOUND,
                };
                visit.write_all(answer.as_bytes()).await.ok()?;
                let (mut from, mut to) = visit.split();
                tokio::io::copy(&mut from, &mut to).await.ok()
            });
        }
    });
    port
}

async fn read_head(from: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(from.read_u8().await.ok()?));
    }
    Some(head)
}

/// A proxy in front of an echo.
async fn proxy() -> FaultProxy {
    FaultProxy::to(echo().await).await
}

async fn call(proxy: &FaultProxy, request: &str) -> TcpStream {
    let there = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port)).await;
    let mut there = there.expect("the proxy takes it");
    let asked = there.write_all(request.as_bytes()).await;
    asked.expect("the proxy listens");
    there
}

/// A connection whose first request was answered.
async fn open(proxy: &FaultProxy, request: &str) -> TcpStream {
    let mut there = call(proxy, request).await;
    let head = timeout(PATIENCE, read_head(&mut there)).await;
    let head = head.expect("an answer in time").expect("an answer");
    assert!(head.starts_with("HTTP/1.1 "), "{head}");
    there
}

async fn say(there: &mut TcpStream, bytes: &[u8]) {
    there.write_all(bytes).await.expect("it can be written");
}

/// The next bytes, so many.
async fn hear(there: &mut TcpStream, many: usize) -> Vec<u8> {
    let mut heard = vec![0; many];
    let read = timeout(PATIENCE, there.read_exact(&mut heard)).await;
    read.expect("it comes in time").expect("it comes");
    heard
}

/// Everything up to the end, and how that came: `None` for a FIN.
async fn hear_out(there: &mut TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut heard = vec![];
    let end = timeout(PATIENCE, there.read_to_end(&mut heard)).await;
    let end = end.expect("it ends in time").err();
    (heard, end.map(|error| error.kind()))
}

async fn assert_silent(there: &mut TcpStream) {
    let heard = timeout(SILENCE, there.read_u8()).await;
    assert!(heard.is_err(), "heard {heard:?} where nothing was to be");
}

/// Bytes that show it when one is missing, doubled or moved.
fn numbered(many: u16) -> Vec<u8> {
    (0..many).flat_map(u16::to_be_bytes).collect()
}

#[tokio::test]
async fn without_a_fault_everything_passes_and_ends() {
    let proxy = proxy().await;
    let mut there = open(&proxy, REQUEST).await;
    // More than the network holds, so that both ends must wait for each other.
    let all: Vec<u8> = (0..40).flat_map(|_| numbered(u16::MAX)).collect();
    let (mut from, mut to) = there.split();
    let (sent, expected) = (all.clone(), all.len());
    let write = async move {
        to.write_all(&sent).await.expect("it is taken");
        to.shutdown().await.expect("it can end");
    };
    let read = async {
        let mut heard = Vec::with_capacity(expected);
        from.read_to_end(&mut heard).await.expect("it comes");
        heard
    };
    let both = timeout(PATIENCE, async { tokio::join!(write, read) }).await;
    assert!(both.expect("it comes in time").1 == all, "other bytes");
}

#[tokio::test]
async fn what_is_late_and_lost_comes_in_order() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    let latency = Duration::from_millis(60);
    let lane = Lane {
        latency,
        jitter: Duration::from_millis(40),
        loss: 100,
        ..Lane::default()
    };
    proxy.lanes(lane);
    let (began, all) = (Instant::now(), numbered(40));
    for two in all.chunks(2) {
        say(&mut there, two).await;
        // Each in a segment of its own, and with a dice of its own.
        tokio::task::yield_now().await;
    }
    assert_eq!(hear(&mut there, all.len()).await, all);
    assert!(began.elapsed() >= latency * 2, "there and back");
}

#[tokio::test]
async fn a_slow_line_is_as_slow_as_it_says() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    let pace = Some(Pace::kilobits(64));
    proxy.lane(
        Way::Up,
        Lane {
            pace,
            ..Lane::default()
        },
    );
    let (began, all) = (Instant::now(), numbered(2000));
    say(&mut there, &all).await;
    assert_eq!(hear(&mut there, all.len()).await, all);
    // 4,000 bytes at 8,000 a second, less the pause after the last piece.
    assert!(began.elapsed() >= Duration::from_millis(440));
}

#[tokio::test]
async fn a_slow_loris_says_one_byte_at_a_time() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    let pace = Some(Pace::drip(Duration::from_millis(5)));
    proxy.lane(
        Way::Down,
        Lane {
            pace,
            ..Lane::default()
        },
    );
    say(&mut there, b"slowly").await;
    let mut heard = vec![];
    while heard.len() < 6 {
        let mut piece = [0; 6];
        let many = timeout(PATIENCE, there.read(&mut piece)).await;
        let many = many.expect("it comes in time").expect("it comes");
        heard.push(piece[..many].to_vec());
    }
    let expected: Vec<_> = b"slowly".iter().map(|byte| vec![*byte]).collect();
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn one_way_may_be_silent_while_the_other_is_heard() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    let silent = Lane {
        silent: true,
        ..Lane::default()
    };
    proxy.lane(Way::Down, silent);
    say(&mut there, b"one").await;
    there.shutdown().await.expect("it can end");
    assert_silent(&mut there).await;
    proxy.lane(Way::Down, Lane::default());
    // What was held back comes, and then the end that was held back too.
    assert_eq!(hear_out(&mut there).await, (b"one".to_vec(), None));
}

#[tokio::test]
async fn a_cut_comes_after_so_many_bytes_with_a_fin() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    let cut = |bytes| Lane {
        cut_after: Some(bytes),
        ..Lane::default()
    };
    proxy.lane(Way::Up, cut(5));
    say(&mut there, b"frame").await;
    say(&mut there, b"and more").await;
    let (_, end) = hear_out(&mut there).await;
    assert_eq!(end, None, "a FIN");

    proxy.calm();
    let mut there = open(&proxy, UPGRADE).await;
    proxy.lane(Way::Down, cut(5));
    say(&mut there, b"frame and more").await;
    assert_eq!(hear_out(&mut there).await, (b"frame".to_vec(), None));
    // Those that come are cut too.
    let mut there = call(&proxy, UPGRADE).await;
    assert_eq!(hear_out(&mut there).await, (b"HTTP/".to_vec(), None));
}

#[tokio::test]
async fn a_reset_is_an_rst_and_spares_who_comes_after() {
    let proxy = proxy().await;
    let mut there = open(&proxy, UPGRADE).await;
    proxy.reset();
    let (_, end) = hear_out(&mut there).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    open(&proxy, UPGRADE).await;
    assert_eq!(proxy.sockets(), 2);
    proxy.door(Door::Closed);
    let mut there = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port)).await;
    let there = there.as_mut().expect("the proxy takes it");
    assert_eq!(
        hear_out(there).await,
        (vec![], Some(ErrorKind::ConnectionReset))
    );
}

#[tokio::test]
async fn a_black_hole_swallows_what_is_open_and_what_comes() {
    let proxy = proxy().await;
    let mut old = open(&proxy, UPGRADE).await;
    proxy.black_hole();
    say(&mut old, b"is anybody there").await;
    let mut new = call(&proxy, UPGRADE).await;
    assert_silent(&mut new).await;
    assert_silent(&mut old).await;

    proxy.calm();
    let mut later = open(&proxy, UPGRADE).await;
    say(&mut later, b"yes").await;
    assert_eq!(hear(&mut later, 3).await, b"yes");
    // What went in does not come out.
    assert_silent(&mut old).await;
    assert_silent(&mut new).await;
}

#[tokio::test]
async fn a_network_without_sockets_lets_the_rest_pass() {
    let proxy = proxy().await;
    proxy.door(Door::NoSockets(Refusal::Forbidden));
    let (said, end) = hear_out(&mut call(&proxy, UPGRADE).await).await;
    assert!(said.starts_with(b"HTTP/1.1 403 "), "{said:?}");
    assert_eq!(end, None);
    let mut page = open(&proxy, REQUEST).await;
    say(&mut page, b"passes").await;
    assert_eq!(hear(&mut page, 6).await, b"passes");
    proxy.door(Door::NoSockets(Refusal::Dropped));
    let (said, end) = hear_out(&mut call(&proxy, UPGRADE).await).await;
    assert_eq!((said, end), (vec![], Some(ErrorKind::ConnectionReset)));
    open(&proxy, REQUEST).await;
    assert_eq!(proxy.sockets(), 0);
}

#[tokio::test]
async fn a_chat_that_is_out_of_reach_still_loads() {
    let proxy = proxy().await;
    proxy.door(Door::NoChat);
    for refused in [
        "GET /v1/socket?shop=demo HTTP/1.1\r\nupgrade: websocket\r\n\r\n",
        "POST /v1/socket?shop=demo&wait=0 HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        let (said, end) = hear_out(&mut call(&proxy, refused).await).await;
        assert_eq!((said, end), (vec![], Some(ErrorKind::ConnectionReset)));
    }
    open(&proxy, REQUEST).await;
    // What passes once is good for one request: the next would pass unseen.
    let asked = b"GET /widget.js HTTP/1.1\r\nConnection: keep-alive\r\n\r\n";
    let sent = Door::NoChat.sent_on(asked.to_vec());
    let wanted = "GET /widget.js HTTP/1.1\r\nconnection: close\r\n\r\n";
    assert_eq!(String::from_utf8_lossy(&sent), wanted);
}

#[tokio::test]
async fn sockets_live_for_so_long_and_the_rest_for_longer() {
    let proxy = proxy().await;
    let mut page = open(&proxy, REQUEST).await;
    let mut socket = open(&proxy, UPGRADE).await;
    proxy.sockets_live_for(Some(SILENCE));
    let (_, end) = hear_out(&mut socket).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    let began = Instant::now();
    let (_, end) = hear_out(&mut call(&proxy, UPGRADE).await).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert!(began.elapsed() >= SILENCE, "it lived for as long");
    say(&mut page, b"passes").await;
    assert_eq!(hear(&mut page, 6).await, b"passes");
}

#[tokio::test]
async fn a_portal_answers_everything_itself() {
    let proxy = proxy().await;
    let mut old = open(&proxy, UPGRADE).await;
    proxy.moves_behind(Door::Portal(Portal::Page));
    for request in [REQUEST, UPGRADE] {
        let (said, end) = hear_out(&mut call(&proxy, request).await).await;
        let said = String::from_utf8_lossy(&said);
        assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
        assert!(said.contains("content-type: text/html\r\n"), "{said}");
        assert_eq!(end, None);
    }
    assert_silent(&mut old).await;

    proxy.door(Door::Portal(Portal::Redirect));
    let (said, _) = hear_out(&mut call(&proxy, REQUEST).await).await;
    let said = String::from_utf8_lossy(&said);
    assert!(said.starts_with("HTTP/1.1 302 Found\r\n"), "{said}");
    let there = format!("location: {}/portal\r\n", proxy.url());
    assert!(said.contains(&there), "{said}");
    let page = "GET /portal HTTP/1.1\r\n\r\n";
    let (said, _) = hear_out(&mut call(&proxy, page).await).await;
    assert!(said.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(proxy.sockets(), 1);
}

#[tokio::test]
async fn a_relay_that_is_gone_is_a_reset() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let taken = taken.expect("a port is free");
    let nobody = taken.local_addr().expect("an address").port();
    drop(taken);
    let proxy = FaultProxy::to(nobody).await;
    let (said, end) = hear_out(&mut call(&proxy, REQUEST).await).await;
    assert_eq!((said, end), (vec![], Some(ErrorKind::ConnectionReset)));
}
