//! `cargo xtask bench`: the figures of the README, measured on the real runtime and in a real browser.
//!
//! Every figure that depends on the machine is a ratio against a peer in the same run, in interleaved rounds. A run in which
//! a message was lost, doubled or out of order has no figure. What is above its budget fails the command.

mod back;
mod bytes;
mod cost;
mod cpu;
mod delivery;
mod figure;
mod line;
mod machine;
mod memory;
mod missed;
mod page;
mod pictures;
mod points;
mod process;
mod restart;
mod rivals;
mod soak;
mod transcript;
mod wake;
mod wanted;

use std::{fs, panic::AssertUnwindSafe, process::ExitCode};

use figure::Figure;
use futures_util::FutureExt;
use machine::Machine;
use tests::relay::project;
use wanted::Wanted;

/// Where the last run is kept, for programs.
const KEPT: &str = "target/bench.json";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = match Wanted::of(&words) {
        Ok(wanted) => wanted,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::FAILURE;
        }
    };
    let machine = Machine::look();
    let mut figures: Vec<Figure> = vec![];
    let mut missing = vec![];
    for name in &wanted.names {
        // One that cannot be had has said why; the others may have taken a quarter of an hour.
        match AssertUnwindSafe(measure(name, &machine))
            .catch_unwind()
            .await
        {
            Ok(measured) => figures.extend(measured),
            Err(_) => missing.push(*name),
        }
    }
    if let Some(minutes) = wanted.soak {
        figures.extend(soak::measure(&machine, minutes).await);
    }
    let json = format!("{:#}\n", figure::json(&machine, &figures));
    if let Err(error) = fs::write(project().join(KEPT), &json) {
        eprintln!("{KEPT} could not be written ({error}).");
        return ExitCode::FAILURE;
    }
    if wanted.json {
        print!("{json}");
    } else {
        print!("{}", figure::table(&machine, &figures));
    }
    for path in pictures::draw(&machine, &figures) {
        progress(&format!("drew {path}"));
    }
    if !missing.is_empty() {
        eprintln!("There is no figure of {}: see above.", missing.join(", "));
    }
    if missing.is_empty() && figures.iter().all(Figure::holds) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn measure(name: &str, machine: &Machine) -> Vec<Figure> {
    if wanted::NEEDS_LINUX.contains(&name) && !process::can_be_seen() {
        progress(&format!("{name} is read from Linux's /proc: not here"));
        return vec![];
    }
    match name {
        "bytes" => bytes::measure(),
        "delivery" => delivery::measure(machine).await,
        "cpu" => cpu::measure(machine).await,
        "wake" => wake::measure(machine).await,
        "memory" => memory::measure(machine).await,
        "missed" => missed::measure().await,
        "network" => back::measure(machine).await,
        "restart" => restart::measure(machine).await,
        "cost" => cost::measure().await,
        "transcript" => transcript::measure(machine).await,
        "page" => page::measure(machine).await,
        "points" => points::measure(machine).await,
        unknown => unreachable!("{unknown} is not in the list"),
    }
}

/// Says where a long measurement is. On the other stream, so that `--json` stays clean.
fn progress(words: &str) {
    eprintln!("  {words}");
}
