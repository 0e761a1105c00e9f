//! The browser of the end-to-end tests: Debian's Chromium and its driver, installed when we may.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project;
use crate::step::{Outcome, Step};

const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Makes sure that a browser and its driver are on the machine.
pub(crate) fn install(step: &mut Step) -> Result<Outcome> {
    if is_here() {
        return Ok(Outcome::Unchanged);
    }
    let command = format!(
        "apt-get install -y --no-install-recommends {}",
        PACKAGES.join(" ")
    );
    if !is_root() || find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "The tests in the browser want Chromium and its driver: run `sudo {command}` (or your system's own way) and start again."
        )));
    }
    let sentence = format!("Chromium could not be installed: run `{command}` by hand to see why.");
    let apt = |words: &[&str]| {
        let mut apt = project::command("apt-get", "");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        apt
    };
    step.run(
        apt(&["update", "--quiet"]).args(["-o", "Acquire::Retries=2"]),
        &sentence,
    )?;
    step.run(
        apt(&["install", "-y", "--no-install-recommends", "--quiet"]).args(PACKAGES),
        &sentence,
    )?;
    Ok(Outcome::Done)
}

/// The driver, for tools that want to be told.
pub(crate) fn driver() -> Option<PathBuf> {
    find("chromedriver")
}

fn is_here() -> bool {
    let browsers = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    driver().is_some() && browsers.into_iter().any(|name| find(name).is_some())
}

fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
