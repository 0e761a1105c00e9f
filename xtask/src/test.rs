//! `cargo xtask test`: format, lints, native tests, wasm tests, the sizes, and the stories in a real browser.
//!
//! Every kind runs even when one before it failed: a developer wants the whole list. The last line is `N passed, N failed`.

use std::process::Command;

use crate::failure::Result;
use crate::machine::WASM;
use crate::step::{Echo, Outcome, Step, Steps};
use crate::tally::Tally;
use crate::{assemble, browser, fuzz, project, size, tools};

/// The crates that run as wasm, and are linted as such.
const WASM_CRATES: [&str; 4] = ["edge", "browser", "widget", "inbox"];

/// The crates with tests that run inside a browser.
const WASM_TESTED: [&str; 0] = [];

/// Steps that come before and after the build.
const CHECKS: usize = 8;

/// Seconds of made-up input for each target: a round of all is a minute, and begins with all that was found before.
const FUZZ_SECONDS: u32 = 6;

/// Runs everything, or the tests whose name contains `filter`.
pub(crate) fn run(filter: Option<&str>) -> Result<()> {
    let mut tally = Tally::default();
    match filter {
        None => everything(&mut tally)?,
        Some(filter) => matching(filter, &mut tally)?,
    }
    for name in tally.failures() {
        println!("failed: {name}");
    }
    if tally.is_good() {
        println!("{}", tally.summary());
        return Ok(());
    }
    if let Some(filter) = filter
        && tally.failures().is_empty()
    {
        println!("No test has “{filter}” in its name.");
    }
    println!("{}", tally.summary());
    // The summary is the last line that is promised; the exit code tells the rest.
    std::process::exit(1);
}

fn everything(tally: &mut Tally) -> Result<()> {
    let wasm_steps = WASM_TESTED.len();
    let mut steps = Steps::new(CHECKS + wasm_steps + assemble::STEPS);
    assemble::ready(&mut steps)?;
    check(
        &mut steps,
        tally,
        "Checking the format",
        cargo(&["fmt", "--all", "--check"]),
    )?;
    let lint = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    check(&mut steps, tally, "Linting", cargo(&lint))?;
    let mut wasm_lint = cargo(&["clippy", "--target", WASM]);
    for name in WASM_CRATES {
        wasm_lint.args(["--package", name]);
    }
    wasm_lint.args(["--", "-D", "warnings"]);
    check(&mut steps, tally, "Linting for wasm", wasm_lint)?;
    let mut native = cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "tests",
        "--no-fail-fast",
    ]);
    tests(&mut steps, tally, "Native tests", &mut native)?;
    fuzzing(&mut steps, tally)?;
    let browser = steps.step("Installing the browser", browser::install);
    for name in WASM_TESTED {
        tests(
            &mut steps,
            tally,
            &format!("Tests of {name} in the browser"),
            &mut wasm_test(name),
        )?;
    }
    if let Err(failure) = assemble::made(&mut steps) {
        eprintln!("{failure}");
        tally.fail("build");
        return Ok(());
    }
    steps.step("Weighing the page", |step| {
        let (table, verdict) = size::verdict()?;
        step.say(table.trim_end());
        Ok(judge(tally, step, "size", verdict))
    })?;
    if let Err(failure) = browser {
        eprintln!("{failure}");
        tally.fail("browser");
        return Ok(());
    }
    let mut stories = cargo(&["test", "--package", "tests", "--no-fail-fast"]);
    tests(&mut steps, tally, "Stories in the browser", &mut stories)
}

/// Nothing is built for the stories when none of them matches.
fn matching(filter: &str, tally: &mut Tally) -> Result<()> {
    let mut steps = Steps::new(2);
    let mut native = cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "tests",
        "--no-fail-fast",
        filter,
    ]);
    tests(&mut steps, tally, "Native tests", &mut native)?;
    let mut found = false;
    steps.step("Looking for stories", |step| {
        let mut list = cargo(&["test", "--package", "tests", filter, "--", "--list"]);
        let listed = step.run(
            &mut list,
            "The stories do not compile: mend what the compiler names above.",
        )?;
        found = listed.iter().any(|line| line.ends_with(": test"));
        Ok(Outcome::Done)
    })?;
    if !found {
        return Ok(());
    }
    let mut steps = Steps::new(assemble::STEPS + 2);
    assemble::all(&mut steps)?;
    steps.step("Installing the browser", browser::install)?;
    let mut stories = cargo(&["test", "--package", "tests", "--no-fail-fast", filter]);
    tests(&mut steps, tally, "Stories in the browser", &mut stories)
}

fn cargo(words: &[&str]) -> Command {
    let mut cargo = project::cargo();
    cargo.args(words);
    cargo
}

fn wasm_test(name: &str) -> Command {
    let mut cargo = cargo(&[
        "test",
        "--package",
        name,
        "--target",
        WASM,
        "--no-fail-fast",
    ]);
    cargo.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        tools::WASM_TEST_RUNNER,
    );
    if let Some(driver) = browser::driver() {
        cargo.env("CHROMEDRIVER", driver);
    }
    cargo
}

/// A check is one test: it passes or it fails.
fn check(steps: &mut Steps, tally: &mut Tally, title: &str, mut command: Command) -> Result<()> {
    steps.step(title, |step| {
        let sentence = format!("{title} found what is shown above.");
        let verdict = step.run(&mut command, &sentence).map(|_| ());
        Ok(judge(tally, step, title, verdict))
    })
}

/// One check for all targets.
fn fuzzing(steps: &mut Steps, tally: &mut Tally) -> Result<()> {
    steps.step("Fuzzing", |step| {
        Ok(match fuzz::round(step, FUZZ_SECONDS) {
            Ok(false) => Outcome::Unchanged,
            Ok(true) => judge(tally, step, "Fuzzing", Ok(())),
            Err(failure) => judge(tally, step, "Fuzzing", Err(failure)),
        })
    })
}

fn judge(tally: &mut Tally, step: &Step, name: &str, verdict: Result<()>) -> Outcome {
    match verdict {
        Ok(()) => {
            tally.pass();
            Outcome::Done
        }
        Err(failure) => {
            step.say(&failure.to_string());
            tally.fail(name);
            Outcome::Failed
        }
    }
}

fn tests(steps: &mut Steps, tally: &mut Tally, title: &str, command: &mut Command) -> Result<()> {
    steps.step(title, |step: &mut Step| {
        let finished = step.follow(command, Echo::Live)?;
        tally.read(title, &finished.lines, finished.success);
        Ok(if finished.success {
            Outcome::Done
        } else {
            Outcome::Failed
        })
    })
}
