//! Memory over time: conversations are opened, written in, put to sleep by the runtime, woken by a message and left, again and again.
//! The figure is how much the process grows with every thousand of them, once it has its working size.

use std::time::{Duration, Instant};

use crate::{figure::Figure, line::Writer, machine::Machine, process, progress, rivals::Rival};

/// Conversations that go through it at a time.
const COHORT: usize = 200;

/// What is measured before is warming up: of all cohorts the first third.
const WARM_UP: usize = 3;

/// A line through fewer points says nothing.
const COHORTS_MIN: usize = 9;

pub(crate) async fn measure(machine: &Machine, minutes: u64) -> Vec<Figure> {
    let relay = Rival::relay(&machine.disk).await;
    let begun = Instant::now();
    let mut points: Vec<(f64, f64)> = vec![];
    while points.len() < COHORTS_MIN || begun.elapsed() < Duration::from_secs(minutes * 60) {
        let mut lines = relay.lines(COHORT).await;
        for line in &mut lines {
            line.send(Writer::Visitor).await;
        }
        process::asleep([relay.pid()]).await;
        for line in &mut lines {
            line.send(Writer::Operator).await;
            line.is_done().await;
        }
        drop(lines);
        let conversations = ((points.len() + 1) * COHORT) as f64;
        let kilobytes = process::resident(relay.pid()) / 1024.0;
        progress(&format!(
            "soak, {:.0?} of {minutes} min: {conversations} conversations, {kilobytes:.0} kB",
            begun.elapsed()
        ));
        points.push((conversations / 1e3, kilobytes));
    }
    process::asleep([relay.pid()]).await;
    let steady = &points[points.len() / WARM_UP..];
    let (first, last) = (points[0].1, points[points.len() - 1].1);
    vec![
        Figure::new("    memory that 1,000 more conversations leave behind", slope(steady), "kB").note(
            format!(
                "{} conversations in {:.0?}, each asleep once and woken; {first:.0} kB after the first {COHORT}, {last:.0} kB at the end; 0 lost, 0 doubled, 0 out of order",
                points.len() * COHORT,
                begun.elapsed(),
            ),
        ),
    ]
}

/// Of the straight line that is nearest to the points (least squares).
fn slope(points: &[(f64, f64)]) -> f64 {
    let many = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / many;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let together: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    let alone: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    together / alone
}
