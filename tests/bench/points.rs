//! What Lighthouse says of the demo shop with the chat and without it: the same page, its one request refused.

use std::{fs, process::Command};

use serde_json::Value;
use tests::{Relay, Shop, relay::project};

use crate::{
    figure::{Figure, middle},
    machine::Machine,
    page, progress,
};

/// Pairs; Lighthouse's own advice against noise is the middle of five.
const ROUNDS: usize = 5;

/// Lighthouse itself asks to be run again now and then, when it has lost the beginning of a load.
const TRIES: usize = 3;

/// What is compared, and what each is called.
const KINDS: [(&str, &str); 3] = [
    (
        "performance",
        "Lighthouse, points lost to the chat: performance",
    ),
    (
        "accessibility",
        "Lighthouse, points lost to the chat: accessibility",
    ),
    (
        "best-practices",
        "Lighthouse, points lost to the chat: practices",
    ),
];

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    page::peers();
    let relay = Relay::start_with("edge/workerd.capnp", &machine.disk).await;
    Shop::demo(&relay).await;
    let address = format!("{}/", relay.url());
    let mut rounds = vec![];
    for round in 1..=ROUNDS {
        let pair = [report(&address, false), report(&address, true)];
        progress(&format!(
            "points, round {round} of {ROUNDS}: performance {:.0} without and {:.0} with the chat",
            points(&pair[0], "performance"),
            points(&pair[1], "performance")
        ));
        rounds.push(pair);
    }
    let mut figures: Vec<Figure> = KINDS
        .iter()
        .map(|(kind, name)| {
            let lost: Vec<f64> = rounds
                .iter()
                .map(|[without, with]| points(without, kind) - points(with, kind))
                .collect();
            let with: Vec<f64> = rounds.iter().map(|[_, with]| points(with, kind)).collect();
            Figure::of_rounds(name, &lost, "points")
                .within(0.0)
                .note(format!("{:.0} points with the chat", middle(&with, 0.5)))
        })
        .collect();
    let shift = |report: &Value| {
        report["audits"]["cumulative-layout-shift"]["numericValue"]
            .as_f64()
            .unwrap_or(f64::NAN)
    };
    let shifts: Vec<f64> = rounds
        .iter()
        .map(|[without, with]| shift(with) - shift(without))
        .collect();
    figures.push(
        Figure::of_rounds("Lighthouse, layout shift added by the chat", &shifts, "").within(0.0),
    );
    figures
}

fn points(report: &Value, kind: &str) -> f64 {
    let score = report["categories"][kind]["score"].as_f64();
    (score.expect("Lighthouse gives a score") * 100.0).round()
}

fn report(address: &str, with_chat: bool) -> Value {
    let file = project().join("target/peers/report.json");
    let mut lighthouse = Command::new(project().join("node_modules/node/bin/node"));
    lighthouse
        .arg(project().join("target/peers/node_modules/lighthouse/cli/index.js"))
        .args([
            address,
            "--quiet",
            "--output=json",
            "--only-categories=performance,accessibility,best-practices",
        ])
        .arg(format!("--output-path={}", file.display()))
        .arg("--chrome-flags=--headless=new --no-sandbox --disable-background-networking");
    if !with_chat {
        lighthouse.arg("--blocked-url-patterns=*/widget.js");
    }
    let answers = |_| lighthouse.status().is_ok_and(|status| status.success());
    assert!(
        (0..TRIES).any(answers),
        "Lighthouse did not answer: see above"
    );
    let report = fs::read_to_string(&file).expect("Lighthouse wrote a report");
    serde_json::from_str(&report).expect("JSON")
}
