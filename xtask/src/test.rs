//! `cargo xtask test`: format, lints, native tests, the sizes, and the stories in real browsers, one engine after the
//! other.
//!
//! Every kind runs even when one before it failed: a developer wants the whole list. The last line is `N passed, N failed`.

use std::process::Command;
use std::thread;

use crate::engines::{self, ENGINES, Engine, Plan};
use crate::failure::{Failure, Result};
use crate::machine::WASM;
use crate::step::{Echo, Outcome, Step, Steps};
use crate::tally::{self, Tally};
use crate::{assemble, browser, fuzz, project, size};

/// The crates that run as wasm, and are linted as such.
const WASM_CRATES: [&str; 4] = ["edge", "browser", "widget", "inbox"];

/// Steps that come before and after the build, but for the stories.
const CHECKS: usize = 7;

/// A list of the stories, and for each engine a browser and a run.
const STORY_STEPS: usize = 1 + 2 * ENGINES.len();

/// The binary of the stories.
const STORIES: [&str; 6] = [
    "test",
    "--package",
    "tests",
    "--test",
    "e2e",
    "--no-fail-fast",
];

/// So many stories may fail in an engine by chance, where two browsers share two cores with the relay; they are told again, alone.
/// More of them have a cause in common.
const CHANCE: usize = 3;

/// Seconds of made-up input for each target: a round of all is a minute, and begins with all that was found before.
const FUZZ_SECONDS: u32 = 6;

/// Runs everything, or the tests whose name contains `filter`.
pub(crate) fn run(filter: Option<&str>) -> Result<()> {
    let mut tally = Tally::default();
    match filter {
        None => everything(&mut tally)?,
        Some(filter) => matching(filter, &mut tally)?,
    }
    for name in tally.unsteady() {
        println!("unsteady: {name} failed among others and passed alone");
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
    let mut steps = Steps::new(CHECKS + assemble::STEPS + STORY_STEPS);
    assemble::ready(&mut steps)?;
    let (built, listed) = thread::scope(|scope| {
        let mut beside = steps.beside();
        // Linking and shrinking take one core, and minutes.
        let building = scope.spawn(move || assemble::made(&mut beside));
        let listed = checks(&mut steps, tally);
        (building.join(), listed)
    });
    if let Err(failure) = built.unwrap_or_else(|_| Err(Failure::new("The build ended by itself.")))
    {
        eprintln!("{failure}");
        tally.fail("build");
        return Ok(());
    }
    steps.step("Weighing the page", |step| {
        let (table, verdict) = size::verdict()?;
        step.say(table.trim_end());
        Ok(judge(tally, step, "size", verdict))
    })?;
    let Some(listed) = listed? else {
        return Ok(());
    };
    stories(&mut steps, tally, &ENGINES, &listed)
}

/// What needs nothing of what is built; answers the stories there are.
fn checks(steps: &mut Steps, tally: &mut Tally) -> Result<Option<Vec<String>>> {
    check(
        steps,
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
    check(steps, tally, "Linting", cargo(&lint))?;
    let mut wasm_lint = cargo(&["clippy", "--target", WASM]);
    for name in WASM_CRATES {
        wasm_lint.args(["--package", name]);
    }
    wasm_lint.args(["--", "-D", "warnings"]);
    check(steps, tally, "Linting for wasm", wasm_lint)?;
    let mut native = cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "tests",
        "--no-fail-fast",
    ]);
    tests(steps, tally, "Native tests", &mut native)?;
    fuzzing(steps, tally)?;
    let mut cast = cargo(&["test", "--package", "tests", "--lib", "--no-fail-fast"]);
    tests(steps, tally, "Tests of the cast", &mut cast)?;
    list(steps, tally)
}

/// All the stories there are; none where they do not compile, or are left out by a line that fits nothing.
fn list(steps: &mut Steps, tally: &mut Tally) -> Result<Option<Vec<String>>> {
    let mut listed = None;
    steps.step("Looking for stories", |step| {
        let mut list = cargo(&STORIES);
        let lines = step.run(
            list.args(["--", "--list"]),
            "The stories do not compile: mend what the compiler names above.",
        );
        let all = lines.map(|lines| engines::listed(&lines));
        let all = all.and_then(|all| engines::check(&all).map(|()| all));
        Ok(match all {
            Ok(all) => {
                listed = Some(all);
                Outcome::Done
            }
            Err(failure) => {
                step.say(&failure.to_string());
                tally.fail("stories");
                Outcome::Failed
            }
        })
    })?;
    Ok(listed)
}

/// The stories of `listed` in each of these engines. Where a browser cannot be had, the others are still asked.
fn stories(
    steps: &mut Steps,
    tally: &mut Tally,
    engines: &[Engine],
    listed: &[String],
) -> Result<()> {
    for &engine in engines {
        let title = engine.title();
        let installing = format!("Installing {title}");
        if let Err(failure) = steps.step(&installing, |step| browser::install(step, engine)) {
            eprintln!("{failure}");
            tally.fail(&installing);
            continue;
        }
        steps.step(&format!("Stories in {title}"), |step| {
            let plan = Plan::new(engine, listed);
            for line in &plan.left_out {
                step.say(line);
            }
            if plan.told.is_empty() {
                return Ok(Outcome::Unchanged);
            }
            let echo = Echo::Under(engine.name());
            let mut all = cargo(&STORIES);
            engine.tell(&plan.told, &mut all);
            let mut finished = step.follow(&mut all, echo)?;
            tally.read(title, &finished.lines, finished.success);
            let failed = engine.told(&tally::failed(&finished.lines));
            if (1..=CHANCE).contains(&failed.len()) {
                step.note("what failed, alone");
                let mut alone = cargo(&STORIES);
                engine.tell(&failed, &mut alone);
                alone.arg("--test-threads=1");
                finished = step.follow(&mut alone, echo)?;
                tally.read_again(&finished.lines);
            }
            Ok(if finished.success {
                Outcome::Done
            } else {
                Outcome::Failed
            })
        })?;
    }
    Ok(())
}

/// Nothing is built for the stories when none of them matches.
fn matching(filter: &str, tally: &mut Tally) -> Result<()> {
    let (engines, name) = engines::asked(filter);
    let mut steps = Steps::new(3);
    let mut native = cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "tests",
        "--no-fail-fast",
        filter,
    ]);
    tests(&mut steps, tally, "Native tests", &mut native)?;
    let mut cast = cargo(&["test", "--package", "tests", "--lib", filter]);
    tests(&mut steps, tally, "Tests of the cast", &mut cast)?;
    let Some(mut listed) = list(&mut steps, tally)? else {
        return Ok(());
    };
    listed.retain(|story| story.contains(name));
    if listed.is_empty() {
        return Ok(());
    }
    let mut steps = Steps::new(assemble::STEPS + 2 * engines.len());
    assemble::all(&mut steps)?;
    stories(&mut steps, tally, &engines, &listed)
}

fn cargo(words: &[&str]) -> Command {
    let mut cargo = project::cargo();
    cargo.args(words);
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
