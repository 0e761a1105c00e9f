//! `cargo xtask versions RELEASE`: builds another release in a worktree of its own, and plays stories with its relay and this
//! checkout's widget and clients, then with this relay and its widget.
//!
//! It takes as long as a build from nothing, so it is run before a release and not for every change: what the wire was is held
//! by `protocol/tests/it/golden` all the time.

use std::path::PathBuf;
use std::process::Command;

use crate::engines::Engine;
use crate::failure::{Failure, Result};
use crate::step::{Echo, Outcome, Step, Steps};
use crate::{assemble, browser, project};

/// What a shopper and an operator do all day, and what goes wrong with it. Stories of what only one of both releases can do are
/// not among them. These are for both ways round.
const STORIES: [&str; 5] = [
    "live_reply::",
    "reload::",
    "both_ends::",
    "versions::",
    "hibernation::",
];

/// With the other release's relay also these, which have no widget in them: the client machine on native sockets.
const OF_CLIENTS: [&str; 2] = ["crash::", "storm::the_relay_is_killed"];

/// Builds both and plays.
pub(crate) fn run(release: &str) -> Result<()> {
    let mut steps = Steps::new(assemble::STEPS + 5);
    let mut other = PathBuf::new();
    steps.step(&format!("Taking out {release}"), |step| {
        other = take_out(step, release)?;
        Ok(Outcome::Done)
    })?;
    assemble::all(&mut steps)?;
    steps.step("Installing the browser", |step| {
        browser::install(step, Engine::Chromium)
    })?;
    steps.step(&format!("Building {release}"), |step| {
        let mut build = Command::new("cargo");
        build
            .args(["xtask", "build"])
            .current_dir(&other)
            // It has a toolchain of its own.
            .env_remove("RUSTUP_TOOLCHAIN");
        step.run(&mut build, "That release does not build: see above.")?;
        Ok(Outcome::Done)
    })?;
    let with_clients = [&STORIES[..], &OF_CLIENTS].concat();
    let both = [
        (
            "Its relay, this widget",
            "COMMESSO_RELAY_OF",
            &with_clients[..],
        ),
        ("This relay, its widget", "COMMESSO_SITE_OF", &STORIES),
    ];
    let mut good = true;
    for (title, variable, stories) in both {
        steps.step(title, |step| {
            let mut cargo = project::cargo();
            cargo
                .args(["test", "--package", "tests", "--test", "e2e"])
                .args(["--no-fail-fast", "--"])
                .args(stories)
                .env(variable, &other);
            let passed = step.follow(&mut cargo, Echo::Live)?.success;
            good &= passed;
            Ok(if passed {
                Outcome::Done
            } else {
                Outcome::Failed
            })
        })?;
    }
    if good {
        return Ok(());
    }
    Err(Failure::new(
        "The two releases do not go together: the stories above say where.",
    ))
}

/// A worktree of the release, made the first time.
fn take_out(step: &mut Step, release: &str) -> Result<PathBuf> {
    let mut git = project::command("git", "");
    git.args(["rev-parse", "--verify", "--short=12"])
        .arg(format!("{release}^{{commit}}"));
    let unknown =
        "There is no such release here: name a tag or a commit, after `git fetch --tags`.";
    let lines = step.run(&mut git, unknown)?;
    let commit = lines
        .last()
        .ok_or_else(|| Failure::new(unknown))?
        .trim()
        .to_owned();
    let folder = project::path("target/versions").join(&commit);
    if !folder.join("Cargo.toml").exists() {
        let mut git = project::command("git", "");
        git.args(["worktree", "add", "--force", "--detach"])
            .arg(&folder)
            .arg(&commit);
        step.run(&mut git, "The release could not be taken out: see above.")?;
    }
    Ok(folder)
}
