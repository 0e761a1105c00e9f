//! What must be on the machine before anything is built: Node, the wasm target, the npm packages, the crates.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::project;
use crate::stamp::Stamp;
use crate::step::{Outcome, Step};

/// The oldest Node that runs the pinned packages' installers; wrangler and our scripts run on the Node that npm installs.
const OLDEST_NODE: u32 = 18;

/// The target of everything that runs in a browser or on the relay.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Node, npm and the wasm target; the last is added when rustup is there.
pub(crate) fn check(step: &mut Step) -> Result<Outcome> {
    let version = Command::new("node")
        .arg("--version")
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .ok_or_else(|| {
            Failure::new(format!(
                "Node is missing: install Node {OLDEST_NODE} or later with npm and run the command again."
            ))
        })?;
    if major(&version).is_none_or(|major| major < OLDEST_NODE) {
        return Err(Failure::new(format!(
            "Node {version} is too old: install Node {OLDEST_NODE} or later and run the command again."
        )));
    }
    if Command::new("npm").arg("--version").output().is_err() {
        return Err(Failure::new(
            "npm is missing: install it (on Debian: apt-get install npm) and run the command again.",
        ));
    }
    if has_wasm_target() {
        return Ok(Outcome::Unchanged);
    }
    let mut rustup = project::command("rustup", "");
    step.run(
        rustup.args(["target", "add", WASM]),
        &format!(
            "The Rust target {WASM} is missing and could not be added: run `rustup target add {WASM}`, or install your distribution's package of it."
        ),
    )?;
    Ok(Outcome::Done)
}

fn has_wasm_target() -> bool {
    project::command("rustc", "")
        .args(["--print", "target-libdir", "--target", WASM])
        .output()
        .is_ok_and(|output| {
            let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            output.status.success() && std::path::Path::new(&folder).is_dir()
        })
}

/// The packages of `package-lock.json`, exactly.
pub(crate) fn packages(step: &mut Step) -> Result<Outcome> {
    let stamp = Stamp::new(
        "npm",
        &["package.json", "package-lock.json"],
        &[
            "node_modules/.bin/workerd",
            "node_modules/.bin/wasm-opt",
            "node_modules/.bin/esbuild",
            "node_modules/node/bin/node",
            "node_modules/wrangler/bin/wrangler.js",
        ],
        "",
    );
    if stamp.is_fresh() {
        return Ok(Outcome::Unchanged);
    }
    let content = stamp.content();
    // With npm's own limits a registry that does not answer would be waited for a quarter of an hour.
    let limits = [
        "--fetch-timeout=60000",
        "--fetch-retries=2",
        "--fetch-retry-maxtimeout=10000",
    ];
    let mut npm = project::command("npm", "");
    step.run(
        npm.args(["ci", "--no-audit", "--no-fund"]).args(limits),
        "`npm ci` failed: mend what it names above and run the command again.",
    )?;
    stamp.keep(&content);
    Ok(Outcome::Done)
}

/// The crates of `Cargo.lock`, because trunk builds without the network.
pub(crate) fn crates(step: &mut Step) -> Result<Outcome> {
    let stamp = Stamp::new("crates", &["Cargo.lock"], &[], "");
    if stamp.is_fresh() {
        return Ok(Outcome::Unchanged);
    }
    step.run(
        project::cargo().arg("fetch"),
        "`cargo fetch` failed: mend what it names above and run the command again.",
    )?;
    // Taken afterwards, because fetching may complete the lock.
    stamp.keep(&stamp.content());
    Ok(Outcome::Done)
}

fn major(version: &str) -> Option<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("22.1"), Some(22));
        assert_eq!(major("nonsense"), None);
    }
}
