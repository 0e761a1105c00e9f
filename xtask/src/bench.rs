//! `cargo xtask bench`: builds what is measured and hands the words on to the suite in `tests/bench`.

use crate::assemble;
use crate::failure::{Failure, Result};
use crate::project;

/// Runs the suite with `words`.
pub(crate) fn run(words: &[String]) -> Result<()> {
    assemble::build()?;
    let status = project::cargo()
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
        .env("CARGO_PROFILE_RELEASE_PANIC", "unwind")
        .status()
        .map_err(|error| Failure::new(format!("cargo could not be started ({error}).")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(
            "The benchmark failed or a figure is above its budget: see above.",
        ))
    }
}
