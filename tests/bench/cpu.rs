//! P7: processor time of the server per message, in one conversation and in a thousand, and how many messages a second a thousand
//! get through; the relay against its JavaScript twin, round by round.
//!
//! The same plain sockets drive both, with the same frames at the same times, and count every message at both ends. What the relay
//! does beside (the inbox, presence, alarms) counts as its own: a round's time ends when the twin's turn does, so that most of what
//! is put off falls into it.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{
    figure::{Figure, middle},
    line::{Line, Writer},
    machine::Machine,
    process, progress,
    rivals::Rival,
};

const ROUNDS: usize = 7;

/// Messages of a round in one conversation: half a second of processor time, which is counted in hundredths.
const ALONE: usize = 4_000;

/// Messages before anything counts: both runtimes have compiled what they will run.
const WARM_UP: usize = 500;

const MANY: usize = 1_000;

/// In a thousand conversations each has a message this often, which makes 600 a second; and so many in a round.
const EVERY: Duration = Duration::from_millis(1_667);
const PACED: usize = 3;

/// Messages of each of the thousand in a round without a pause.
const FLAT_OUT: usize = 4;

const BUDGET: f64 = 1.2;
const MOONSHOT: f64 = 0.8;

/// A thousand conversations may take a quarter more time than in the twin, which is 0.8 of its messages per second.
const TIME_BUDGET: f64 = 1.25;

/// What a round took: of the relay, of its twin, and of the twin with an inbox where it takes part.
struct Round {
    /// Processor time of each server per message, in microseconds.
    cpu: Vec<f64>,
    /// Time of each server's turn per message, in microseconds.
    time: Vec<f64>,
}

/// Which of them the relay is compared with.
const TWIN: usize = 1;
const LISTED: usize = 2;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let (relay, twin) = Rival::both(machine).await;
    let mut pids = vec![relay.pid(), twin.pid()];
    let mut one = [vec![relay.line().await], vec![twin.line().await]];
    for lines in &mut one {
        turn(lines, WARM_UP, Duration::ZERO).await;
    }
    let alone = rounds("one conversation", &pids, &mut one, ALONE, Duration::ZERO).await;

    progress("cpu: opening a thousand conversations on each");
    let listed = Rival::listed(&machine.disk).await;
    pids.push(listed.pid());
    let mut many = vec![];
    for rival in [&relay, &twin, &listed] {
        many.push(rival.lines(MANY).await);
    }
    for lines in &mut many {
        turn(lines, 1, Duration::ZERO).await;
    }
    let paced = rounds("a thousand, at a pace", &pids, &mut many, PACED, EVERY).await;
    let flat_out = rounds(
        "a thousand, flat out",
        &pids,
        &mut many,
        FLAT_OUT,
        Duration::ZERO,
    )
    .await;
    for line in one.iter_mut().chain(&mut many).flatten() {
        line.is_done().await;
    }
    vec![
        per_message(
            "P7  CPU per message, 1 conversation, relay / twin",
            "CPU per message, 1 conversation",
            &alone,
            TWIN,
        )
        .within(BUDGET)
        .goal(MOONSHOT),
        per_message(
            "P7  CPU per message, 1,000 conversations, relay / twin",
            "CPU per message, 1,000 conversations",
            &paced,
            TWIN,
        )
        .within(BUDGET)
        .goal(MOONSHOT),
        per_message(
            "P7  the same, relay / twin that keeps an inbox too",
            "CPU per message, 1,000, against a twin with an inbox",
            &paced,
            LISTED,
        ),
        throughput(&flat_out),
    ]
}

fn per_message(name: &'static str, label: &'static str, rounds: &[Round], other: usize) -> Figure {
    let ratios: Vec<f64> = rounds
        .iter()
        .map(|round| round.cpu[0] / round.cpu[other])
        .collect();
    let [relay, twin] = [0, other].map(|at| middle_of(rounds, |round| round.cpu[at]));
    Figure::of_rounds(name, &ratios, "×")
        .drawn("relay", label)
        .note(format!(
            "relay {relay:.0} µs, twin {twin:.0} µs; 0 lost, 0 doubled, 0 out of order"
        ))
}

fn throughput(rounds: &[Round]) -> Figure {
    let ratios: Vec<f64> = rounds
        .iter()
        .map(|round| round.time[0] / round.time[TWIN])
        .collect();
    let [relay, twin] = [0, 1].map(|at| 1e6 / middle_of(rounds, |round| round.time[at]));
    Figure::of_rounds(
        "P7  time per message, 1,000 at once, relay / twin",
        &ratios,
        "×",
    )
    .within(TIME_BUDGET)
    .drawn("relay", "Time per message, 1,000 conversations at once")
    .note(format!(
        "relay {relay:.0} messages/s, twin {twin:.0} messages/s, the sockets' other ends on the same cores; 0 lost, 0 doubled, 0 out of order"
    ))
}

fn middle_of(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    middle(&rounds.iter().map(of).collect::<Vec<f64>>(), 0.5)
}

/// Relay, twin, relay, twin: `each` messages in each conversation a turn.
async fn rounds(
    what: &str,
    pids: &[u32],
    lines: &mut [Vec<Line>],
    each: usize,
    every: Duration,
) -> Vec<Round> {
    let mut rounds = vec![];
    for round in 1..=ROUNDS {
        let spent = || pids.iter().copied().map(process::cpu);
        let before: Vec<Duration> = spent().collect();
        let messages = (lines[0].len() * each) as f64;
        let mut time = vec![];
        for lines in lines.iter_mut() {
            let begun = Instant::now();
            turn(lines, each, every).await;
            time.push(begun.elapsed().as_secs_f64() * 1e6 / messages);
        }
        let cpu: Vec<f64> = spent()
            .zip(before)
            .map(|(after, before)| (after - before).as_secs_f64() * 1e6 / messages)
            .collect();
        let told: Vec<String> = cpu
            .iter()
            .zip(&time)
            .map(|(cpu, time)| format!("{cpu:.0} µs and {:.0}/s", 1e6 / time))
            .collect();
        progress(&format!(
            "cpu, {what}, round {round} of {ROUNDS}, relay and twins, a message: {}",
            told.join(", ")
        ));
        rounds.push(Round { cpu, time });
    }
    rounds
}

/// Each conversation has `each` messages, one every so often; one is in flight in each. The conversations begin one after the
/// other, so that the messages are spread evenly.
async fn turn(lines: &mut Vec<Line>, each: usize, every: Duration) {
    let begun = Instant::now();
    let many = lines.len() as u32;
    let mut running = JoinSet::new();
    for (place, mut line) in (0..).zip(lines.drain(..)) {
        let first = begun + every * place / many;
        running.spawn(async move {
            for turn in 0..each {
                sleep_until(first + every * turn as u32).await;
                line.send(Writer::of_turn(turn)).await;
            }
            line
        });
    }
    while let Some(line) = running.join_next().await {
        lines.push(line.expect("every message arrives"));
    }
}
