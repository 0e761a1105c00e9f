//! P6: visitor's socket → operator's socket, stored before it is told, one message in flight; the relay against its
//! JavaScript twin, round by round.

use crate::{
    figure::{Figure, middle},
    line::{Line, Writer},
    machine::Machine,
    progress,
    rivals::Rival,
};

/// Rounds of each; the median of their ratios is the figure.
const ROUNDS: usize = 9;

/// Messages per round: enough for a median that stands, few enough that the machine does not change meanwhile.
const MESSAGES: usize = 500;

/// Messages before anything counts: both runtimes have compiled what they will run.
const WARM_UP: usize = 300;

const P50_BUDGET: f64 = 1.3;
const P99_BUDGET: f64 = 1.5;
const MOONSHOT: f64 = 1.0;

/// The times of one round, in microseconds.
struct Round {
    p50: f64,
    p99: f64,
}

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let (relay, twin) = Rival::both(machine).await;
    let (mut ours, mut theirs) = (relay.line().await, twin.line().await);
    progress("delivery: warming up");
    run(&mut ours, WARM_UP).await;
    run(&mut theirs, WARM_UP).await;
    let mut rounds: Vec<(Round, Round)> = vec![];
    for round in 1..=ROUNDS {
        let (a, b) = (
            run(&mut ours, MESSAGES).await,
            run(&mut theirs, MESSAGES).await,
        );
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
    let p50 = p50
        .within(P50_BUDGET)
        .goal(MOONSHOT)
        .drawn("relay", "Delivery, median")
        .note(format!(
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

async fn run(line: &mut Line, messages: usize) -> Round {
    let mut samples = Vec::with_capacity(messages);
    // The operator only listens here, and the relay closes a socket that listens for too long without a sign of life.
    line.ping().await;
    for _ in 0..messages {
        samples.push(line.send(Writer::Visitor).await);
    }
    Round {
        p50: middle(&samples, 0.5),
        p99: middle(&samples, 0.99),
    }
}
