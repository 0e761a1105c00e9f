//! `cargo xtask mutants`: breaks the rules of `protocol` and the policy one by one, and runs the tests. A mutant that no test notices is
//! a rule that no test proves.
//!
//! It takes hours, so it is no part of `cargo xtask test`; `--shard 0/8` does an eighth, `--file protocol/src/client/outbox.rs` one
//! file.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project;
use crate::step::Steps;
use crate::tools::{self, CARGO_MUTANTS};

/// What is not run for each mutant: the small worlds have half a million states, and a story that fails is shortened for minutes. What
/// only they notice is a rule without a test of its own.
const TOO_LONG: [&str; 2] = ["small_world", "converge"];

/// Seconds for the tests of one mutant: ten times what they take, since a mutant may wait for ever.
const TIMEOUT: &str = "60";

/// Runs cargo-mutants, with `words`.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let mut steps = Steps::new(1);
    steps.step("Installing cargo-mutants", |step| {
        tools::install_of(step, &[&CARGO_MUTANTS])
    })?;
    let kept = project::path("target/mutants");
    fs::create_dir_all(&kept).map_err(|error| {
        Failure::new(format!("{} could not be made ({error}).", kept.display()))
    })?;
    let file = words
        .iter()
        .position(|word| word == "--file" || word == "-f");
    let policy = file
        .and_then(|at| words.get(at + 1))
        .map(|name| name.starts_with("edge"));
    let mut missed = false;
    if policy != Some(true) {
        let mut mutants = cargo_mutants("protocol", words);
        // Compiled lightly, the other tests take seconds.
        mutants
            .arg("--cargo-arg=--config=profile.test.package.protocol.opt-level=0")
            .args(["--", "--test", "it", "--"]);
        for name in TOO_LONG {
            mutants.args(["--skip", name]);
        }
        missed |= !succeeds(&mut mutants)?;
    }
    if policy != Some(false) {
        let mut mutants = cargo_mutants("edge", words);
        if policy.is_none() {
            mutants.args(["--file", "edge/src/policy.rs"]);
        }
        mutants.args(["--", "--test", "policy"]);
        missed |= !succeeds(&mut mutants)?;
    }
    match missed {
        false => Ok(()),
        true => Err(Failure::new(
            "Some mutants live, or could not be tried: target/mutants names them. A rule whose mutant lives wants a test.",
        )),
    }
}

fn cargo_mutants(package: &str, words: &[String]) -> Command {
    let mut cargo = project::cargo();
    cargo
        .args(["mutants", "--package", package, "--timeout", TIMEOUT])
        // What only a log or a panic message shows.
        .args(["--exclude-re", "impl fmt::(Debug|Display)"])
        .arg("--output")
        .arg(project::path("target/mutants").join(package))
        .arg("--cargo-arg=--config=profile.test.debug=false")
        .args(words);
    cargo
}

fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cargo could not be started ({error}).")))?;
    Ok(status.success())
}
