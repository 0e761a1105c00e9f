//! The relay as it is deployed: by the configuration of the deployment, with its bucket, on the runtime that Cloudflare hands out for
//! one's own machine.

use std::{fs, path::PathBuf, process::Command};

use super::{Relay, project};

impl Relay {
    /// `wrangler dev`, which asks nobody on the network and keeps everything below the relay's folder.
    pub(super) fn wrangler(&self) -> Command {
        let home = self.folder.path();
        let secrets = self
            .secrets
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"));
        fs::write(home.join("wrangler.toml"), self.deployment()).expect("a configuration");
        fs::write(home.join(".dev.vars"), secrets.collect::<String>()).expect("its secrets");
        // It needs a newer Node than the machine may have.
        let mut command = Command::new(project().join("node_modules/.bin/node"));
        command
            .arg(project().join("node_modules/wrangler/bin/wrangler.js"))
            .args([
                "dev",
                "--local",
                "--ip",
                "127.0.0.1",
                "--inspector-port",
                "0",
            ])
            .args(["--show-interactive-dev-session", "false"])
            .arg("--config")
            .arg(home.join("wrangler.toml"))
            .arg("--persist-to")
            .arg(self.objects())
            .arg(format!("--port={}", self.port))
            .current_dir(home)
            .env("HOME", home)
            .env("TMPDIR", home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .env("WRANGLER_HIDE_BANNER", "true")
            .env("CI", "1")
            .env("WRANGLER_SEND_METRICS", "false")
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
        command
    }

    /// The bytes of everything that is in its bucket.
    pub fn in_bucket(&self) -> Vec<Vec<u8>> {
        let mut folders = vec![self.objects().join("v3/r2/commesso-files")];
        let mut found: Vec<PathBuf> = vec![];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path().is_dir() {
                    true => folders.push(entry.path()),
                    false => found.push(entry.path()),
                }
            }
        }
        found
            .iter()
            .map(|file| fs::read(file).unwrap_or_default())
            .collect()
    }

    /// The configuration of the deployment as its comments say to change it for a bucket, with paths from anywhere.
    fn deployment(&self) -> String {
        let text = fs::read_to_string(&self.config).expect("the configuration of the deployment");
        let top = project();
        let (_, bucket) = text
            .split_once("# [[r2_buckets]]")
            .expect("the lines of the bucket, as a comment");
        let bucket: String = bucket
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with('#'))
            .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
            .collect();
        let placed = text
            .replace("\"entry.js\"", &format!("{:?}", top.join("edge/entry.js")))
            .replace(
                "\"../target/site\"",
                &format!("{:?}", top.join("target/site")),
            );
        assert!(
            !placed.contains("\"../") && !placed.contains("\"entry.js"),
            "paths: {placed}"
        );
        format!("{placed}\n[[r2_buckets]]{bucket}")
    }
}
