//! `cargo xtask fuzz`: the targets of `tests/fuzz` under libFuzzer, on the stable compiler.
//!
//! Without a sanitizer, which only a nightly compiler has: there is no unsafe code of ours to find faults in, and what is looked for
//! are panics and broken promises. What is found new is kept in `target/fuzz/corpus`; what broke something, in
//! `target/fuzz/found`, from where it moves into the committed corpus with the repair.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project;
use crate::step::{Echo, Outcome, Step, Steps};
use crate::tools::{self, CARGO_FUZZ};

/// The crate with the targets.
const CRATE: &str = "tests/fuzz";

/// Bytes of one input at most: what says something about a machine of two hundred events, and most frames.
const LONGEST: u32 = 4_096;

/// Steps before the first target.
const STEPS: usize = 2;

/// Hands made-up input to one target or all, so many seconds to each.
pub(crate) fn run(target: Option<&str>, seconds: u32) -> Result<()> {
    let known = targets()?;
    let chosen: Vec<String> = match target {
        None => known,
        Some(one) if known.iter().any(|name| name == one) => vec![one.to_owned()],
        Some(other) => {
            return Err(Failure::new(format!(
                "There is no target “{other}”: there are {}.",
                known.join(", ")
            )));
        }
    };
    if !has_cpp() {
        return Err(Failure::new(NO_CPP));
    }
    let mut steps = Steps::new(STEPS + chosen.len());
    steps.step("Installing cargo-fuzz", |step| {
        tools::install_of(step, &[&CARGO_FUZZ])
    })?;
    steps.step("Building the fuzz targets", build)?;
    let mut broken = vec![];
    for name in &chosen {
        steps.step(&format!("Fuzzing {name}"), |step| {
            Ok(match one(step, name, seconds) {
                Ok(()) => Outcome::Done,
                Err(failure) => {
                    step.say(&failure.to_string());
                    broken.push(name.as_str());
                    Outcome::Failed
                }
            })
        })?;
    }
    match broken.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(format!("Broken: {}.", broken.join(", ")))),
    }
}

/// All targets for so many seconds each, within one step. `Ok(false)` when this machine cannot: then the committed corpus alone,
/// which is among the native tests, has to do.
pub(crate) fn round(step: &mut Step, seconds: u32) -> Result<bool> {
    if !has_cpp() {
        step.say(NO_CPP);
        return Ok(false);
    }
    tools::install_of(step, &[&CARGO_FUZZ])?;
    step.note("building");
    build(step)?;
    for name in targets()? {
        step.note(&name);
        one(step, &name, seconds)?;
    }
    Ok(true)
}

const NO_CPP: &str = "Fuzzing is left out: libFuzzer is compiled by a C++ compiler, and there is none. Install one (on Debian: apt-get install g++) and run the command again.";

fn has_cpp() -> bool {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    Command::new(compiler)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// The names of the targets: that of each program's source.
fn targets() -> Result<Vec<String>> {
    let folder = project::path(CRATE).join("targets");
    let files = fs::read_dir(&folder)
        .map_err(|error| Failure::new(format!("{} cannot be read ({error}).", folder.display())))?;
    let names = files.flatten().filter_map(|file| {
        let name = file.file_name().into_string().ok()?;
        name.strip_suffix(".rs").map(str::to_owned)
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

fn build(step: &mut Step) -> Result<Outcome> {
    step.run(
        &mut cargo_fuzz("build", None),
        "The fuzz targets do not build: mend what the compiler names above.",
    )?;
    Ok(Outcome::Done)
}

/// One target. What it found before is where it begins.
fn one(step: &mut Step, name: &str, seconds: u32) -> Result<()> {
    let own = project::path("target/fuzz/corpus").join(name);
    let found = project::path("target/fuzz/found").join(name);
    for folder in [&own, &found] {
        fs::create_dir_all(folder).map_err(|error| {
            Failure::new(format!("{} cannot be made ({error}).", folder.display()))
        })?;
    }
    let mut fuzz = cargo_fuzz("run", Some(name));
    fuzz.arg(&own)
        .arg(project::path(CRATE).join("corpus").join(name))
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-artifact_prefix={}/", found.display()));
    let finished = step.follow(&mut fuzz, Echo::OnFailure)?;
    if finished.success {
        if let Some(done) = finished.lines.iter().find(|line| line.contains("DONE ")) {
            step.say(&format!("{name}: {}", done.trim_start_matches('#')));
        }
        return Ok(());
    }
    // Above them stand the inputs that led there, one per line.
    let from = finished
        .lines
        .iter()
        .position(|line| line.contains("panicked at"));
    let told = &finished.lines[from.unwrap_or_default()..];
    for line in told.iter().take(SHOWN_LINES) {
        step.say(line);
    }
    Err(Failure::new(format!(
        "{name} breaks by what lies in target/fuzz/found/{name}: mend it, and keep the file as {CRATE}/corpus/{name}/found-… so that it is tried for ever."
    )))
}

/// Lines of a broken target that are shown: the panic and its trace.
const SHOWN_LINES: usize = 40;

fn cargo_fuzz(verb: &str, target: Option<&str>) -> Command {
    let mut cargo = project::cargo();
    cargo
        .args(["fuzz", verb, "--fuzz-dir", CRATE, "--sanitizer", "none"])
        .args(["--features", "libfuzzer", "--target-dir", "target/fuzz"])
        .args(target)
        // The release profile is tuned for bytes, and would take three times as long to compile.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_PANIC", "unwind");
    cargo
}
