//! `cargo xtask deploy`: builds, then publishes the same modules to Cloudflare Workers with wrangler.

use crate::assemble;
use crate::failure::{Failure, Result};
use crate::project;

/// Publishes, or with `dry_run` writes to `target/deploy` what would be published; that needs no account.
pub(crate) fn run(dry_run: bool) -> Result<()> {
    assemble::build()?;
    let mut wrangler = project::command(project::node(), "");
    wrangler
        .arg("node_modules/wrangler/bin/wrangler.js")
        .args(["deploy", "--config", "edge/wrangler.toml"])
        .env("WRANGLER_SEND_METRICS", "false");
    if dry_run {
        // Wrangler would take a relative folder from where its configuration is.
        wrangler
            .args(["--dry-run", "--outdir"])
            .arg(project::path("target/deploy"));
    }
    let status = wrangler.status().map_err(|error| {
        Failure::new(format!(
            "wrangler could not be started ({error}): run `npm ci`."
        ))
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(
            "wrangler did not publish: sign in with `npx wrangler login` or set CLOUDFLARE_API_TOKEN, and see what it says above.",
        ))
    }
}
