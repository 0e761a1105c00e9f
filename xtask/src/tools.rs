//! The build tools that are written in Rust, at pinned versions, compiled once into `target/tools`.
//!
//! A tool of the right version that is already on the machine is used as it is. Releases are not downloaded: crates come from the
//! registry that cargo uses anyway, so there is one source to trust and one to configure.

use std::fs;

use crate::failure::Result;
use crate::project;
use crate::step::{Outcome, Step};

/// One tool.
pub(crate) struct Tool {
    /// The crate on the registry.
    package: &'static str,
    /// Its program that tells the version.
    program: &'static str,
    /// The pinned version.
    pub(crate) version: &'static str,
    /// Whether the versions in the crate's own lock are taken.
    locked: bool,
}

/// Makes the JavaScript side of a wasm module; must equal the library's version in `Cargo.lock`.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.130",
    // Its lock names a version that was withdrawn.
    locked: false,
};

/// Builds the relay.
pub(crate) const WORKER_BUILD: Tool = Tool {
    package: "worker-build",
    program: "worker-build",
    version: "0.8.7",
    locked: true,
};

/// Builds the pages; 0.22 wants a newer compiler than our oldest.
pub(crate) const TRUNK: Tool = Tool {
    package: "trunk",
    program: "trunk",
    version: "0.21.14",
    locked: true,
};

/// Drives Firefox; Debian has no package of it.
pub(crate) const GECKODRIVER: Tool = Tool {
    package: "geckodriver",
    program: "geckodriver",
    version: "0.37.1",
    locked: true,
};

/// Builds and runs the targets of `tests/fuzz`.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: "0.13.2",
    locked: true,
};

/// Breaks the code on purpose, to see whether a test notices.
pub(crate) const CARGO_MUTANTS: Tool = Tool {
    package: "cargo-mutants",
    program: "cargo-mutants",
    version: "27.1.0",
    locked: true,
};

/// Installs what is missing of the tools that everything is built with.
pub(crate) fn install(step: &mut Step) -> Result<Outcome> {
    install_of(step, &[&WASM_BINDGEN, &WORKER_BUILD, &TRUNK])
}

/// Installs what is missing of these.
pub(crate) fn install_of(step: &mut Step, tools: &[&Tool]) -> Result<Outcome> {
    let missing: Vec<&Tool> = tools
        .iter()
        .copied()
        .filter(|tool| !tool.is_here())
        .collect();
    if missing.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    let scratch = project::own_tools().join("build");
    for tool in &missing {
        let mut cargo = project::cargo();
        cargo
            .arg("install")
            .arg(format!("{}@{}", tool.package, tool.version))
            .args(tool.locked.then_some("--locked"))
            .arg("--root")
            .arg(project::own_tools())
            // What they share is compiled once, and as it is written: with the profile of its authors trunk alone takes 18 minutes. What
            // that costs is seconds, of which wasm-bindgen needs two more for the largest module.
            .env("CARGO_TARGET_DIR", &scratch)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        step.note(&format!("{} {}", tool.package, tool.version));
        step.run(
            &mut cargo,
            &format!(
                "{} {} could not be compiled: mend what cargo names above and run the command again.",
                tool.package, tool.version
            ),
        )?;
    }
    // More than a gigabyte that nobody needs again; left behind, it costs only room.
    let _ = fs::remove_dir_all(&scratch);
    Ok(Outcome::Done)
}

impl Tool {
    fn is_here(&self) -> bool {
        project::command(self.program, "")
            .arg("--version")
            .output()
            .is_ok_and(|output| {
                tells_version(&String::from_utf8_lossy(&output.stdout), self.version)
            })
    }
}

/// Programs answer `0.8.7` or `trunk 0.21.14`.
fn tells_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().any(|word| word == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_a_whole_word() {
        assert!(tells_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(tells_version("0.8.7", "0.8.7"));
        assert!(!tells_version("trunk 0.21.141", "0.21.14"));
    }

    #[test]
    fn wasm_bindgen_is_the_one_of_the_lock() {
        let lock = fs::read_to_string(project::path("Cargo.lock")).unwrap();
        let entry = format!(
            "name = \"wasm-bindgen\"\nversion = \"{}\"",
            WASM_BINDGEN.version
        );
        assert!(
            lock.contains(&entry),
            "the program and the library must be of the same version"
        );
    }
}
