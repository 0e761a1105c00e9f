//! Where things are in the checkout. Every command works from the root, wherever it was typed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    // Set by cargo when it runs us; the compiled-in folder serves a binary that is started by itself.
    let own = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// A path inside the checkout.
pub(crate) fn path(relative: impl AsRef<Path>) -> PathBuf {
    root().join(relative)
}

/// The folder of our own tools, as `cargo install --root` lays it out.
pub(crate) fn own_tools() -> PathBuf {
    path("target/tools")
}

/// A program of an npm package.
pub(crate) fn npm_tool(name: &str) -> PathBuf {
    path("node_modules/.bin").join(name)
}

/// Node at the version that `package.json` pins; wrangler refuses the older ones that distributions carry.
pub(crate) fn node() -> PathBuf {
    path("node_modules/node/bin/node")
}

/// A command that works in `folder` of the checkout and finds our tools before any other of the same name.
pub(crate) fn command(program: impl AsRef<Path>, folder: &str) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(path(folder));
    let mut paths = vec![own_tools().join("bin"), path("node_modules/.bin")];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    if let Ok(joined) = env::join_paths(paths) {
        command.env("PATH", joined);
    }
    command
}

/// Cargo, the same that runs us.
pub(crate) fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    command(PathBuf::from(program), "")
}
