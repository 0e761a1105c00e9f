//! P8: a message to a conversation that the runtime has put to sleep, until it is delivered; the relay against its JavaScript twin,
//! woken in turns. Many sleep at the same time, so that one wait gives many samples.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    figure::{Figure, middle},
    line::{Line, Writer},
    machine::Machine,
    process, progress,
    rivals::Rival,
};

const ROUNDS: usize = 7;

/// Conversations that are woken in a round: a median stands on them.
const SLEEPERS: usize = 40;

/// The runtime lets an idle object go after 10 s; two more make sure of it.
const SILENCE: Duration = Duration::from_secs(12);

const BUDGET: f64 = 1.2;
const MOONSHOT: f64 = 0.75;

/// Microseconds to delivery, of each server: from sleep, and awake right after.
#[derive(Default)]
struct Round {
    asleep: [f64; 2],
    awake: [f64; 2],
}

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let (relay, twin) = Rival::both(machine).await;
    let mut lines = [relay.lines(SLEEPERS).await, twin.lines(SLEEPERS).await];
    for line in lines.iter_mut().flatten() {
        line.send(Writer::Visitor).await;
    }
    let mut rounds = vec![];
    for round in 1..=ROUNDS {
        // Or their visitors' leases would end in the middle of a round.
        for line in lines.iter_mut().flatten() {
            line.ping().await;
        }
        sleep(SILENCE).await;
        process::asleep([relay.pid(), twin.pid()]).await;
        let woken = wake_all(&mut lines).await;
        progress(&format!(
            "wake, round {round} of {ROUNDS}: relay {:.0} µs, twin {:.0} µs",
            woken.asleep[0], woken.asleep[1]
        ));
        rounds.push(woken);
    }
    for line in lines.iter_mut().flatten() {
        line.is_done().await;
    }
    vec![figure(&rounds)]
}

async fn wake_all(lines: &mut [Vec<Line>; 2]) -> Round {
    let mut asleep = [vec![], vec![]];
    let mut awake = [vec![], vec![]];
    for sleeper in 0..SLEEPERS {
        for (server, lines) in lines.iter_mut().enumerate() {
            let line = &mut lines[sleeper];
            asleep[server].push(line.send(Writer::Visitor).await);
            awake[server].push(line.send(Writer::Visitor).await);
        }
    }
    Round {
        asleep: asleep.map(|samples| middle(&samples, 0.5)),
        awake: awake.map(|samples| middle(&samples, 0.5)),
    }
}

fn figure(rounds: &[Round]) -> Figure {
    let ratios: Vec<f64> = rounds
        .iter()
        .map(|Round { asleep, .. }| asleep[0] / asleep[1])
        .collect();
    let of = |f: fn(&Round) -> f64| middle(&rounds.iter().map(f).collect::<Vec<f64>>(), 0.5);
    Figure::of_rounds("P8  wake → delivered, p50, relay / twin", &ratios, "×")
        .within(BUDGET)
        .goal(MOONSHOT)
        .drawn("relay", "Delivery out of hibernation")
        .note(format!(
            "relay {:.0} µs, twin {:.0} µs; the message right after {:.0} and {:.0} µs; {} wakes of each, every one out of memory before; 0 lost, 0 doubled, 0 out of order",
            of(|round| round.asleep[0]),
            of(|round| round.asleep[1]),
            of(|round| round.awake[0]),
            of(|round| round.awake[1]),
            ROUNDS * SLEEPERS,
        ))
}
