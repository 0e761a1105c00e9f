//! `cargo xtask bench`: builds what is measured and hands the words on to the suite in `tests/bench`. With `--soak [MINUTES]` the
//! long runs go first: stories that chance writes, and kills under load.

use std::process::Command;

use crate::assemble;
use crate::failure::{Failure, Result};
use crate::project;

/// Stories of a long run, which take two hours, and how many are told in a minute.
const STORIES: u64 = 10_000_000;
const STORIES_PER_MINUTE: u64 = 100_000;

/// Kills of a long run, which take five hours, and how many there are in a minute.
const STORM_ROUNDS: u64 = 10_000;
const STORM_ROUNDS_PER_MINUTE: u64 = 30;

/// Runs the suite with `words`.
pub(crate) fn run(words: &[String]) -> Result<()> {
    assemble::build()?;
    if let Some(place) = words.iter().position(|word| word == "--soak") {
        let minutes = words.get(place + 1).and_then(|word| word.parse().ok());
        soak(minutes)?;
    }
    finish(
        project::cargo()
            .args([
                "run",
                "--quiet",
                "--release",
                "--package",
                "tests",
                "--bin",
                "bench",
                "--",
            ])
            .args(words)
            // The release profile is tuned for bytes over the wire; the load generator must not be the slow part.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_PANIC", "unwind"),
        "The benchmark failed or a figure is above its budget: see above.",
    )
}

/// The long runs of the tests: all of them, or as much as fits into so many minutes each.
fn soak(minutes: Option<u64>) -> Result<()> {
    let (stories, rounds) = loads(minutes);
    finish(
        project::cargo()
            .args(["test", "--package", "protocol", "--test", "it"])
            .args(["rl1_everybody_converges", "--", "--nocapture"])
            .env("STORIES", stories.to_string()),
        "A story did not converge: see above.",
    )?;
    finish(
        project::cargo()
            .args(["test", "--package", "tests", "--test", "e2e"])
            .args(["storm::the_relay_is_killed", "--", "--nocapture"])
            .env("STORM_ROUNDS", rounds.to_string()),
        "The storm found a fault: see above.",
    )
}

fn loads(minutes: Option<u64>) -> (u64, u64) {
    let Some(minutes) = minutes else {
        return (STORIES, STORM_ROUNDS);
    };
    // None at all would prove nothing.
    let minutes = minutes.max(1);
    (
        minutes * STORIES_PER_MINUTE,
        minutes * STORM_ROUNDS_PER_MINUTE,
    )
}

fn finish(command: &mut Command, sentence: &str) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cargo could not be started ({error}).")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::loads;

    #[test]
    fn a_soak_is_as_long_as_it_is_asked_to_be() {
        assert_eq!(loads(None), (10_000_000, 10_000));
        assert_eq!(loads(Some(5)), (500_000, 150));
        assert_eq!(loads(Some(0)), (100_000, 30));
    }
}
