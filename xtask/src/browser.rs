//! The browsers of the end-to-end tests and their drivers: Debian's, installed when we may; Firefox's driver, which Debian does
//! not have, is compiled.

use std::path::PathBuf;
use std::process::Command;

use crate::engines::Engine;
use crate::failure::{Failure, Result};
use crate::project;
use crate::step::{Outcome, Step};
use crate::tools;

/// A package, and the programs of which one shows that it, or something as good, is here.
struct Package {
    name: &'static str,
    programs: &'static [&'static str],
}

const CHROMIUM: [Package; 2] = [
    Package {
        name: "chromium",
        programs: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
    },
    Package {
        name: "chromium-driver",
        programs: &["chromedriver"],
    },
];

const FIREFOX: [Package; 1] = [Package {
    name: "firefox-esr",
    programs: &["firefox-esr", "firefox"],
}];

/// The driver brings a browser along, which needs a display.
const WEBKIT: [Package; 2] = [
    Package {
        name: "webkit2gtk-driver",
        programs: &["WebKitWebDriver"],
    },
    Package {
        name: "xvfb",
        programs: &["Xvfb"],
    },
];

/// Makes sure that a browser of this engine and its driver are on the machine.
pub(crate) fn install(step: &mut Step, engine: Engine) -> Result<Outcome> {
    let packages: &[Package] = match engine {
        Engine::Chromium => &CHROMIUM,
        Engine::Firefox => &FIREFOX,
        Engine::WebKit => &WEBKIT,
    };
    let installed = packages_of(step, engine, packages)?;
    if engine != Engine::Firefox {
        return Ok(installed);
    }
    let compiled = tools::install_of(step, &[&tools::GECKODRIVER])?;
    Ok(match (installed, compiled) {
        (Outcome::Unchanged, Outcome::Unchanged) => Outcome::Unchanged,
        _ => Outcome::Done,
    })
}

fn packages_of(step: &mut Step, engine: Engine, packages: &[Package]) -> Result<Outcome> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| package.programs.iter().all(|name| find(name).is_none()))
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    let command = format!(
        "apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    );
    let title = engine.title();
    if !is_root() || find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "The stories in {title} want it and its driver: run `sudo {command}` (or your system's own way) and start again."
        )));
    }
    let sentence = format!("{title} could not be installed: run `{command}` by hand to see why.");
    let apt = |words: &[&str]| {
        let mut apt = project::command("apt-get", "");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        apt
    };
    step.note(&missing.join(", "));
    step.run(
        apt(&["update", "--quiet"]).args(["-o", "Acquire::Retries=2"]),
        &sentence,
    )?;
    step.run(
        apt(&["install", "-y", "--no-install-recommends", "--quiet"]).args(&missing),
        &sentence,
    )?;
    Ok(Outcome::Done)
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
