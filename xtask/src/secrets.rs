//! The secrets of a relay on this machine: made at random the first time, kept beside the data, readable by their owner only.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The secret with which shops are created.
pub(crate) const ADMIN: &str = "COMMESSO_ADMIN_SECRET";

/// The keys that sign visitors' tokens, `kid:secret` separated by commas.
pub(crate) const TOKEN_KEYS: &str = "COMMESSO_TOKEN_KEYS";

/// Names and values in `<data>/secrets.env`.
pub(crate) struct Secrets {
    file: PathBuf,
    values: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads the file in `data`; without one there are no values.
    pub(crate) fn open(data: &Path) -> Self {
        let file = data.join("secrets.env");
        let values = read(&fs::read_to_string(&file).unwrap_or_default());
        Self { file, values }
    }

    /// A value of the file.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What the relay is to be started with: the environment first, then the file.
    pub(crate) fn of_relay(&self) -> Result<Vec<(&'static str, String)>> {
        [ADMIN, TOKEN_KEYS]
            .into_iter()
            .map(|name| Ok((name, self.of(name)?)))
            .collect()
    }

    /// One of the relay's secrets.
    pub(crate) fn of(&self, name: &str) -> Result<String> {
        env::var(name)
            .ok()
            .or_else(|| self.get(name).map(str::to_owned))
            .ok_or_else(|| {
                Failure::new(format!(
                    "{name} is not set: put it into the environment or into {}; `cargo xtask dev` makes one for trying out.",
                    self.file.display()
                ))
            })
    }

    /// Makes the relay's secrets where there are none.
    pub(crate) fn complete(&mut self) -> Result<()> {
        if self.get(ADMIN).is_none() {
            self.set(ADMIN, random()?)?;
        }
        if self.get(TOKEN_KEYS).is_none() {
            self.set(TOKEN_KEYS, format!("k1:{}", random()?))?;
        }
        Ok(())
    }

    /// Keeps a value, on disk before it is used anywhere.
    pub(crate) fn set(&mut self, name: &str, value: String) -> Result<()> {
        self.values.insert(name.to_owned(), value);
        let mut text =
            "# Made by `cargo xtask dev`. Whoever reads this file reads every conversation.\n"
                .to_owned();
        for (name, value) in &self.values {
            text.push_str(&format!("{name}={value}\n"));
        }
        self.write(&text).map_err(|error| {
            Failure::new(format!(
                "{} cannot be written ({error}): make the folder writable or choose another with --data.",
                self.file.display()
            ))
        })
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = self.file.with_extension("env.new");
        // The mode is set only when a file is made, so one that was left behind must go.
        let _ = fs::remove_file(&new);
        let mut out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(&new, &self.file)
    }
}

/// 256 random bits in hexadecimal.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0_u8; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| {
            Failure::new(format!(
                "There is no source of randomness on this machine (/dev/urandom: {error})."
            ))
        })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn read(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn lines_are_names_and_values() {
        let values = read("# a comment=no\nA=1\n\nB = k1:x=y \n");
        assert_eq!(values.get("A").unwrap(), "1");
        assert_eq!(values.get("B").unwrap(), "k1:x=y");
        assert_eq!(values.len(), 2);
    }

    #[test]
    fn secrets_are_made_once_and_kept_private() {
        let data = env::temp_dir().join(format!("xtask-secrets-{}", std::process::id()));
        let mut secrets = Secrets::open(&data);
        secrets.complete().unwrap();
        let first = secrets.get(ADMIN).unwrap().to_owned();
        let mode = fs::metadata(&secrets.file).unwrap().permissions().mode();
        let mut again = Secrets::open(&data);
        again.complete().unwrap();
        let _ = fs::remove_dir_all(&data);
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(again.get(ADMIN), Some(first.as_str()));
        assert!(first.len() >= 32 && again.get(TOKEN_KEYS).unwrap().starts_with("k1:"));
    }
}
