//! Builds the relay, the widget, the inbox and the site that the relay serves. A step whose inputs are unchanged is skipped.

use std::path::Path;

use std::process::Command;

use crate::failure::Result;
use crate::stamp::Stamp;
use crate::step::{Outcome, Step, Steps};
use crate::tools::{TRUNK, WASM_BINDGEN, WORKER_BUILD};
use crate::{machine, project, tools};

/// How many steps [`all`] takes.
pub(crate) const STEPS: usize = 8;

/// How many of them [`ready`] takes.
const READY_STEPS: usize = 4;

/// How many of them [`made`] takes.
pub(crate) const MADE_STEPS: usize = STEPS - READY_STEPS;

/// What the relay is made from: a change here asks for a new start.
const RELAY_SOURCES: [&str; 6] = [
    "edge",
    "protocol",
    // The plain pages speak them.
    "widget/languages",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
];

/// Everything a running chat is made from.
pub(crate) const SOURCES: [&str; 11] = [
    "edge",
    "protocol",
    "widget",
    "inbox",
    "browser",
    "shop",
    "tests/shops",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "xtask/site.mjs",
];

/// `cargo xtask build`.
pub(crate) fn build() -> Result<()> {
    all(&mut Steps::new(STEPS))
}

/// Installs what is missing and builds everything.
pub(crate) fn all(steps: &mut Steps) -> Result<()> {
    ready(steps)?;
    made(steps)
}

/// Installs what is missing.
pub(crate) fn ready(steps: &mut Steps) -> Result<()> {
    steps.step("Checking the machine", machine::check)?;
    steps.step("Installing the npm packages", machine::packages)?;
    steps.step("Fetching the crates", machine::crates)?;
    steps.step("Installing the build tools", tools::install)
}

/// Builds everything on a machine that has what is needed.
pub(crate) fn made(steps: &mut Steps) -> Result<()> {
    steps.step("Building the relay", relay)?;
    steps.step("Building the widget", |step| {
        let sources = ["widget", "shop", "tests/shops", "index.html", "Trunk.toml"];
        page(step, "shop", "", &sources)
    })?;
    steps.step("Building the inbox", |step| {
        page(step, "inbox", "inbox", &["inbox"])
    })?;
    steps.step("Putting the site together", site)
}

fn relay(step: &mut Step) -> Result<Outcome> {
    let facts = format!("{} {}", WORKER_BUILD.version, WASM_BINDGEN.version);
    let stamp = Stamp::new(
        "relay",
        &RELAY_SOURCES,
        &["edge/build/index.js", "edge/build/index_bg.wasm"],
        &facts,
    );
    let mut worker_build = project::command("worker-build", "edge");
    worker_build
        .arg("--release")
        // Without these it downloads each of them.
        .env("WASM_BINDGEN_BIN", "wasm-bindgen")
        .env("WASM_OPT_BIN", project::npm_tool("wasm-opt"))
        .env("ESBUILD_BIN", project::npm_tool("esbuild"))
        .env("CARGO_ENCODED_RUSTFLAGS", without_places());
    fresh_or_run(
        step,
        &stamp,
        &mut worker_build,
        "The relay does not build: mend what the compiler names above.",
    )
}

/// Keeps this machine's folders out of what shoppers load, where panics name their places: it is nobody's business, and
/// shorter names are fewer bytes.
fn without_places() -> String {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let registries = std::fs::read_dir(format!("{home}/registry/src"));
    let registries = registries.into_iter().flatten().flatten();
    let hide = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    // Where two fit, the later one counts.
    let mut flags = vec![hide(&project::root(), "."), hide(home.as_ref(), "c")];
    flags.extend(registries.map(|registry| hide(&registry.path(), "c")));
    flags.join("\x1f")
}

/// A page that trunk builds in `folder` into `target/trunk/<name>`.
fn page(step: &mut Step, name: &str, folder: &str, sources: &[&str]) -> Result<Outcome> {
    let shared = [
        "browser",
        "protocol",
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
    ];
    let sources: Vec<&str> = sources.iter().chain(&shared).copied().collect();
    let output = format!("target/trunk/{name}/index.html");
    let facts = format!("{} {}", TRUNK.version, WASM_BINDGEN.version);
    let stamp = Stamp::new(name, &sources, &[&output], &facts);
    let mut trunk = project::command("trunk", folder);
    // Trunk reads `NO_COLOR` as a boolean and stumbles over the customary `1`.
    trunk
        .args(["build", "--release"])
        .env_remove("NO_COLOR")
        .env("CARGO_ENCODED_RUSTFLAGS", without_places())
        // The compiler names the place; where trunk was when it noticed helps nobody.
        .env("RUST_BACKTRACE", "0");
    fresh_or_run(
        step,
        &stamp,
        &mut trunk,
        &format!("The {name} page does not build: mend what trunk or the compiler names above."),
    )
}

fn site(step: &mut Step) -> Result<Outcome> {
    let inputs = [
        "xtask/site.mjs",
        "widget/shorten.mjs",
        "widget/mute.mjs",
        // A folder called `target` is passed over below an input, not as one.
        "target/trunk",
        "widget/loader.js",
        "widget/launcher.css",
        "widget/panel.js",
        "widget/phone.js",
        "widget/take.js",
        "widget/extra",
        "widget/languages",
        "widget/ladder.js",
        "widget/ladder",
        "widget/frame",
        "widget/sdk.js",
        "widget/sdk",
        "widget/adapters",
        "widget/commesso.d.ts",
        "docs/sdk",
        "inbox/preview",
        "browser/src/exchange.js",
        "browser/src/tabs.js",
        "edge/docs.html",
        "package-lock.json",
    ];
    let stamp = Stamp::new(
        "site",
        &inputs,
        &[
            "target/site/widget.js",
            "target/site/index.html",
            "target/size.json",
        ],
        "",
    );
    let mut node = project::command(project::node(), "");
    node.arg("xtask/site.mjs");
    fresh_or_run(
        step,
        &stamp,
        &mut node,
        "The site could not be put together: mend what is named above.",
    )
}

fn fresh_or_run(
    step: &mut Step,
    stamp: &Stamp,
    command: &mut Command,
    sentence: &str,
) -> Result<Outcome> {
    if stamp.is_fresh() {
        return Ok(Outcome::Unchanged);
    }
    let content = stamp.content();
    step.run(command, sentence)?;
    stamp.keep(&content);
    Ok(Outcome::Done)
}
