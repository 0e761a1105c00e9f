//! Bad lines, with the client that runs in the widget and no browser around it: a burst is sent, and arrives once and in
//! order, in the relay and in the author's own transcript.

use std::time::Duration;

use protocol::client::{Client, link::State};
use tests::{
    Commuter, FaultProxy, Shop,
    fault_proxy::{Lane, Pace, Way},
};

use super::behind_a_proxy_unpaced;

/// Messages of a burst: some segments on a good line.
const BURST: usize = 30;

/// A commuter in the chat, over a line that is still good.
async fn commuter() -> (FaultProxy, Shop, Commuter) {
    let (proxy, shop) = behind_a_proxy_unpaced().await;
    let commuter = Commuter::arrives(&shop, &proxy.url()).await;
    (proxy, shop, commuter)
}

fn burst(commuter: &Commuter) -> Vec<String> {
    let words: Vec<String> = (1..=BURST).map(|n| format!("Message {n}")).collect();
    words.iter().for_each(|words| commuter.writes(words));
    words
}

async fn assert_once_and_in_order(shop: &Shop, commuter: &Commuter, words: &[String]) {
    let stored = shop.caller().words(commuter.conversation).await;
    assert_eq!(stored, words, "in the relay");
    assert_eq!(commuter.words(), words, "in the author's own transcript");
}

fn is_down(client: &Client) -> bool {
    !matches!(client.link(), State::Live(_))
}

#[tokio::test]
async fn a_cut_in_the_middle_of_a_frame() {
    let (proxy, shop, commuter) = commuter().await;
    // Frames up are some 150 bytes, down some 250: none of these is their sum.
    let cuts = [
        (Way::Up, 777),
        (Way::Down, 1111),
        (Way::Up, 2005),
        (Way::Down, 3),
    ];
    let mut words = vec![];
    for (way, bytes) in cuts {
        let losses = commuter.losses();
        let cut_after = Some(bytes);
        proxy.lane(
            way,
            Lane {
                cut_after,
                ..Lane::default()
            },
        );
        for n in 1..=16 {
            words.push(format!("Message {n} before the cut after {bytes}"));
            commuter.writes(words.last().expect("it was put there"));
        }
        commuter.loses_more_than(losses).await;
        proxy.calm();
        commuter.is_online();
        commuter.has_all_stored().await;
    }
    assert_once_and_in_order(&shop, &commuter, &words).await;
}

#[tokio::test]
async fn one_byte_at_a_time() {
    let (proxy, shop, commuter) = commuter().await;
    let pace = Some(Pace::drip(Duration::from_millis(1)));
    proxy.lanes(Lane {
        pace,
        ..Lane::default()
    });
    let words: Vec<String> = (1..=12).map(|n| format!("Slowly {n}")).collect();
    words.iter().for_each(|words| commuter.writes(words));
    commuter.has_all_stored().await;
    assert_once_and_in_order(&shop, &commuter, &words).await;
}

#[tokio::test]
async fn sixteen_kilobits() {
    let (proxy, shop, commuter) = commuter().await;
    let pace = Some(Pace::kilobits(16));
    proxy.lanes(Lane {
        pace,
        ..Lane::default()
    });
    let words = burst(&commuter);
    commuter.has_all_stored().await;
    assert_eq!(proxy.sockets(), 1, "a slow line is no reason to give it up");
    assert_once_and_in_order(&shop, &commuter, &words).await;
}

#[tokio::test]
async fn a_line_that_loses_much_one_way_and_is_late_the_other() {
    let (proxy, shop, commuter) = commuter().await;
    let lossy = Lane {
        loss: 300,
        ..Lane::default()
    };
    let late = Lane {
        latency: Duration::from_millis(300),
        jitter: Duration::from_millis(200),
        ..Lane::default()
    };
    let mut words = vec![];
    for (up, down) in [(lossy, late), (late, lossy)] {
        proxy.lane(Way::Up, up);
        proxy.lane(Way::Down, down);
        words.extend(burst(&commuter));
        commuter.has_all_stored().await;
    }
    assert_once_and_in_order(&shop, &commuter, &words).await;
}

#[tokio::test]
async fn the_relay_hears_and_is_not_heard() {
    one_way_is_silent(Way::Down).await;
}

#[tokio::test]
async fn the_relay_is_heard_and_does_not_hear() {
    one_way_is_silent(Way::Up).await;
}

/// The silence lasts until the sends are overdue. Then what was held back comes on a socket that nobody believes in any
/// more, at the same time as the same drafts on a new one.
async fn one_way_is_silent(way: Way) {
    let (proxy, shop, commuter) = commuter().await;
    proxy.lane(
        way,
        Lane {
            silent: true,
            ..Lane::default()
        },
    );
    let words = burst(&commuter);
    commuter.until("the silence is noticed", is_down).await;
    assert!(commuter.words().is_empty(), "confirmed through a silence");
    commuter
        .until("a new socket is tried", |client| {
            matches!(client.link(), State::Connecting { .. })
        })
        .await;
    proxy.calm();
    commuter.has_all_stored().await;
    assert_once_and_in_order(&shop, &commuter, &words).await;
}

#[tokio::test]
async fn a_middlebox_that_lets_no_socket_grow_old() {
    let (proxy, shop, commuter) = commuter().await;
    proxy.sockets_live_for(Some(Duration::from_millis(300)));
    let mut words = vec![];
    for n in 1..=4 {
        let losses = commuter.losses();
        for part in ["a", "b", "c"] {
            words.push(format!("Round {n}{part}"));
            commuter.writes(words.last().expect("it was put there"));
        }
        commuter.has_all_stored().await;
        commuter.loses_more_than(losses).await;
        commuter.is_online();
    }
    assert!(proxy.sockets() >= 4, "one socket was enough");
    proxy.calm();
    commuter.has_all_stored().await;
    assert_once_and_in_order(&shop, &commuter, &words).await;
}
