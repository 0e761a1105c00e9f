//! What a message costs on Cloudflare, from the runtime's own counters (`tests/bench/peers/count.mjs`): rows written,
//! alarms set, requests between objects.

use std::time::Duration;

use protocol::{
    entry::Entry,
    frame::{ClientFrame, InboxServerFrame},
};
use serde::Deserialize;
use tests::{Caller, Peer, Relay};

use crate::{figure::Figure, progress};

/// Paces of a conversation in which every second message is an answer: the time between two messages, and how many there are.
/// Two people who write at once, and two of whom one is busy; each for some minutes, since what may wait is kept every two.
const PACES: [(&str, Duration, usize); 2] = [
    (
        "P10 USD per million messages, one every 3 s",
        Duration::from_secs(3),
        60,
    ),
    (
        "P10 USD per million messages, one every 20 s",
        Duration::from_secs(20),
        12,
    ),
];

/// Messages as fast as they are confirmed, half of them answers.
const FAST: usize = 400;

/// USD per million messages, everything included.
const BUDGET: f64 = 2.10;

/// The prices of the paid plan, in USD per million.
const ROW: f64 = 1.00;
const REQUEST: f64 = 0.15;

/// So many incoming WebSocket messages are billed as one request.
const FRAMES_PER_REQUEST: f64 = 20.0;

#[derive(Debug, Deserialize)]
struct Counters {
    rows: u32,
    alarms: u32,
    requests: u32,
}

pub(crate) async fn measure() -> Vec<Figure> {
    let relay = Relay::start_with("tests/bench/peers/count.capnp", &std::env::temp_dir()).await;
    let shop = relay.shop().await;
    let mut inbox = Peer::inbox(&shop).await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    let mut operator = Peer::operator(&shop, conversation).await;
    let counters = Caller::nobody(&relay.url());
    let read = async || -> Counters { counters.get("/bench/counters").await.json() };
    visitor.say_for_sure("Hello").await;

    let mut figures = vec![];
    for (name, pause, messages) in PACES {
        progress(&format!(
            "cost: a message every {pause:?}, {messages} times"
        ));
        quiet(&mut inbox).await;
        read().await;
        let mut clock = tokio::time::interval(pause);
        for turn in 0..messages {
            clock.tick().await;
            // As clients in sight do; the runtime answers without the relay.
            for end in [&mut visitor, &mut operator, &mut inbox] {
                end.tell_raw("ping").await;
            }
            let sent = one_turn(&mut visitor, &mut operator, turn).await;
            told(&mut inbox, &sent).await;
        }
        quiet(&mut inbox).await;
        figures.push(figure(name, &read().await, messages).within(BUDGET));
    }
    progress("cost: as fast as it goes");
    for turn in 0..FAST {
        one_turn(&mut visitor, &mut operator, turn).await;
    }
    quiet(&mut inbox).await;
    let fast = read().await;
    let fast = figure("P10 USD per million messages, in a burst", &fast, FAST);
    figures.push(fast.within(BUDGET));
    figures
}

/// Somebody writes, the other one sees it and says so.
async fn one_turn(visitor: &mut Peer, operator: &mut Peer, turn: usize) -> Entry {
    let (writer, reader) = if turn.is_multiple_of(2) {
        (visitor, operator)
    } else {
        (operator, visitor)
    };
    let sent = writer.say_for_sure("Is it in stock?").await;
    reader
        .hear_entry("the message", |entry| entry.id == sent.id)
        .await;
    let seen = ClientFrame::Receipt {
        delivered: sent.seq,
        read: sent.seq,
    };
    reader.tell(&seen).await;
    sent
}

/// Waits until the inbox has been told of this entry.
async fn told(inbox: &mut Peer, sent: &Entry) {
    let shows = |frame| {
        let InboxServerFrame::Summary(summary) = frame else {
            return None;
        };
        (summary.head >= sent.seq).then_some(())
    };
    inbox.hear("the inbox shows the message", shows).await;
}

/// Waits until the inbox has nothing more to say: summaries are told at most every second.
async fn quiet(inbox: &mut Peer) {
    while !inbox.is_left_alone(Duration::from_secs(3)).await {}
}

fn figure(name: &'static str, counted: &Counters, messages: usize) -> Figure {
    let per = |count: u32| f64::from(count) / messages as f64;
    // A message and the receipt that it is answered with are two frames.
    let requests = per(counted.requests) + 2.0 / FRAMES_PER_REQUEST;
    let usd = (per(counted.rows) + per(counted.alarms)) * ROW + requests * REQUEST;
    let note = format!(
        "per message: {:.2} rows written, {:.2} alarms set, {:.2} questions between objects, 2 frames",
        per(counted.rows),
        per(counted.alarms),
        per(counted.requests)
    );
    Figure::new(name, usd, "USD").note(note)
}
