//! When a relay's data were last replaced by an older copy. It is kept beside them, and handed to every relay on them from then
//! on: what clients know of the transcripts is then of another epoch, and they start over.
//!
//! The copy may bring such a file of its own; the newer time is written over it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::failure::{Failure, Result};

/// The relay's variable: milliseconds since 1970.
const VARIABLE: &str = "COMMESSO_RESTORED";

/// Says of `data` that they were replaced just now.
pub(crate) fn mark(data: &Path) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_millis());
    fs::create_dir_all(data)
        .and_then(|()| fs::write(file(data), format!("{now}\n")))
        .map_err(|error| {
            Failure::new(format!(
                "{} cannot be written ({error}): make the folder writable or choose another with --data.",
                file(data).display()
            ))
        })
}

/// What the relay is to be started with: the environment first, which it has by itself, then the file.
pub(crate) fn of_relay(data: &Path) -> Result<Option<(&'static str, String)>> {
    if env::var_os(VARIABLE).is_some() || !file(data).exists() {
        return Ok(None);
    }
    // Not without it: clients would take the older transcript for the one they know.
    let text = fs::read_to_string(file(data)).map_err(|error| {
        Failure::new(format!(
            "{} cannot be read ({error}): make it readable, or start once with --restored.",
            file(data).display()
        ))
    })?;
    Ok(Some((VARIABLE, text.trim().to_owned())))
}

fn file(data: &Path) -> PathBuf {
    data.join("restored")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restoration_is_remembered_and_a_newer_one_counts() {
        let data = env::temp_dir().join(format!("commesso-restored-{}", std::process::id()));
        assert_eq!(of_relay(&data), Ok(None));
        mark(&data).unwrap();
        let (name, first) = of_relay(&data).unwrap().unwrap();
        assert_eq!(name, VARIABLE);
        assert!(first.parse::<u64>().unwrap() > 1_577_836_800_000, "{first}");
        // The copy brings its own.
        fs::write(file(&data), "1600000000000\n").unwrap();
        mark(&data).unwrap();
        let (_, second) = of_relay(&data).unwrap().unwrap();
        assert!(second >= first, "{second}");
        fs::remove_dir_all(&data).unwrap();
    }
}
