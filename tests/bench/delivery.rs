//! P6: visitor's socket → operator's socket, stored before it is told, one message in flight; the relay against its
//! JavaScript twin, round by round.

use std::time::Instant;

use protocol::{entry::Entry, frame::ServerFrame, id::MessageId};
use tests::{
    Peer, Relay,
    peer::{hello, message},
    shop,
};

use crate::{
    figure::{Figure, middle},
    machine::Machine,
    progress,
};

/// Rounds of each; the median of their ratios is the figure.
const ROUNDS: usize = 9;

/// Messages per round: enough for a median that stands, few enough that the machine does not change meanwhile.
const MESSAGES: usize = 500;

/// Messages before anything counts: both runtimes have compiled what they will run.
const WARM_UP: usize = 300;

/// As long as a shopper's sentence.
const WORDS: &str = "Is the moka for three cups in stock, and can you send it to Caserta by Friday? Thank you so much, ciao.";

const P50_BUDGET: f64 = 1.3;
const P99_BUDGET: f64 = 1.5;

/// Both ends of one conversation.
struct Line {
    visitor: Peer,
    operator: Peer,
    /// The last place that the operator heard of.
    head: u64,
}

/// The times of one round, in microseconds.
struct Round {
    p50: f64,
    p99: f64,
}

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let relay = Relay::start_with("edge/workerd.capnp", &machine.disk).await;
    let twin = Relay::start_with("tests/bench/peers/twin.capnp", &machine.disk).await;
    let mut ours = our_line(&relay).await;
    let mut theirs = twin_line(&twin).await;
    progress("delivery: warming up");
    ours.run(WARM_UP).await;
    theirs.run(WARM_UP).await;
    let mut rounds: Vec<(Round, Round)> = vec![];
    for round in 1..=ROUNDS {
        let (a, b) = (ours.run(MESSAGES).await, theirs.run(MESSAGES).await);
        progress(&format!(
            "delivery, round {round} of {ROUNDS}: relay {:.0} µs, twin {:.0} µs",
            a.p50, b.p50
        ));
        rounds.push((a, b));
    }
    ours.is_done().await;
    theirs.is_done().await;
    figures(machine, &rounds)
}

fn figures(machine: &Machine, rounds: &[(Round, Round)]) -> Vec<Figure> {
    let of = |f: fn(&(Round, Round)) -> f64| rounds.iter().map(f).collect::<Vec<f64>>();
    let sent = (ROUNDS * MESSAGES + WARM_UP) * 2;
    let p50 = Figure::of_rounds(
        "P6  visitor → operator, durable, p50, relay / twin",
        &of(|(a, b)| a.p50 / b.p50),
        "×",
    );
    let p50 = p50.within(P50_BUDGET).note(format!(
        "relay {:.0} µs, twin {:.0} µs; {sent} messages, 0 lost, 0 doubled, 0 out of order",
        middle(&of(|(a, _)| a.p50), 0.5),
        middle(&of(|(_, b)| b.p50), 0.5),
    ));
    let p99 = Figure::of_rounds("P6  the same, p99", &of(|(a, b)| a.p99 / b.p99), "×");
    let times = format!(
        "relay {:.0} µs, twin {:.0} µs",
        middle(&of(|(a, _)| a.p99), 0.5),
        middle(&of(|(_, b)| b.p99), 0.5),
    );
    // The slow end of a busy machine says nothing about the relay.
    let p99 = if machine.is_quiet() {
        p99.within(P99_BUDGET).note(times)
    } else {
        p99.note(format!(
            "{times}; the load was 1 or more, so it is not held to its budget"
        ))
    };
    vec![p50, p99]
}

async fn our_line(relay: &Relay) -> Line {
    let shop = relay.shop().await;
    let (visitor, conversation, _) = Peer::visitor(&shop).await;
    let operator = Peer::operator(&shop, conversation).await;
    Line {
        visitor,
        operator,
        head: 0,
    }
}

async fn twin_line(twin: &Relay) -> Line {
    let url = twin.url();
    let path = format!("/v1/socket?conversation={}", shop::conversation_id());
    let mut ends = vec![];
    for token in [Some("visitor"), None] {
        let opened = Peer::open(&url, &path, None, None).await;
        let mut peer = opened.expect("the twin opens the socket");
        peer.tell(&hello(token, None)).await;
        peer.welcomed().await;
        ends.push(peer);
    }
    let operator = ends.pop().expect("two ends");
    let visitor = ends.pop().expect("two ends");
    Line {
        visitor,
        operator,
        head: 0,
    }
}

impl Line {
    async fn run(&mut self, messages: usize) -> Round {
        let mut samples = Vec::with_capacity(messages);
        for _ in 0..messages {
            samples.push(self.send().await);
        }
        Round {
            p50: middle(&samples, 0.5),
            p99: middle(&samples, 0.99),
        }
    }

    /// Microseconds from the visitor's socket to the operator's. The next one leaves when both ends have heard of it.
    async fn send(&mut self) -> f64 {
        let id = shop::message_id();
        let frame = message(id, WORDS);
        let begun = Instant::now();
        self.visitor.tell(&frame).await;
        let heard = self.operator.hear_entry("delivery", |_| true).await;
        let took = begun.elapsed().as_secs_f64() * 1e6;
        self.count(&heard, id);
        let confirmed = self.visitor.hear_entry("confirmation", |_| true).await;
        assert_eq!(confirmed, heard, "both ends hear the same");
        took
    }

    /// The next entry that arrives must be the one that was sent: none is lost, doubled or out of order.
    fn count(&mut self, heard: &Entry, sent: MessageId) {
        self.head += 1;
        assert_eq!(
            (heard.id, heard.seq.0),
            (sent, self.head),
            "lost, doubled or out of order: no figure"
        );
    }

    /// Nothing more comes after the last one.
    async fn is_done(&mut self) {
        for end in [&mut self.visitor, &mut self.operator] {
            let rest = end.all_until_pong().await;
            let more = rest
                .iter()
                .any(|frame| matches!(frame, ServerFrame::Entry { .. }));
            assert!(!more, "doubled: no figure");
        }
    }
}
