//! `cargo xtask bench`: the figures of the README, measured on the real runtime and in a real browser.
//!
//! Every figure that depends on the machine is a ratio against a peer in the same run, in interleaved rounds. A run in which
//! a message was lost, doubled or out of order has no figure. What is above its budget fails the command.

mod bytes;
mod cost;
mod delivery;
mod figure;
mod machine;
mod transcript;

use std::process::ExitCode;

use figure::Figure;
use machine::Machine;

const USAGE: &str = "cargo xtask bench [--json] [bytes] [delivery] [cost] [transcript]";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let json = words.iter().any(|word| word == "--json");
    let asked: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|w| *w != "--json")
        .collect();
    let known = ["bytes", "delivery", "cost", "transcript"];
    if let Some(unknown) = asked.iter().find(|word| !known.contains(word)) {
        eprintln!("There is no {unknown:?} to measure: {USAGE}");
        return ExitCode::FAILURE;
    }
    let wanted = |name: &str| asked.is_empty() || asked.contains(&name);

    let machine = Machine::look();
    let mut figures: Vec<Figure> = vec![];
    if wanted("bytes") {
        figures.extend(bytes::measure());
    }
    if wanted("delivery") {
        figures.extend(delivery::measure(&machine).await);
    }
    if wanted("cost") {
        figures.extend(cost::measure().await);
    }
    if wanted("transcript") {
        figures.extend(transcript::measure(&machine).await);
    }
    if json {
        println!("{:#}", figure::json(&machine, &figures));
    } else {
        print!("{}", figure::table(&machine, &figures));
    }
    if figures.iter().all(Figure::holds) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Says where a long measurement is. On the other stream, so that `--json` stays clean.
fn progress(words: &str) {
    eprintln!("  {words}");
}
