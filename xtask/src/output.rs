//! What the lines of a child mean: crates to count, noise to leave out, a registry that does not answer.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::Sender;
use std::thread;

use crate::failure::Failure;

/// Sends the lines of `stream` to `sender` until either ends.
pub(crate) fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
}

/// The crate that cargo announces in this line: news for the counter, noise for the reader.
pub(crate) fn crate_name(line: &str) -> Option<&str> {
    let (word, rest) = line.trim_start().split_once(' ')?;
    let known = [
        "Compiling",
        "Checking",
        "Downloading",
        "Downloaded",
        "Locking",
        "Updating",
        "Adding",
        "Blocking",
        "Installing",
    ];
    known.contains(&word).then(|| rest.trim_start())
}

/// A registry that does not answer looks different in every tool and calls for the same advice.
pub(crate) fn network_failure(lines: &[String]) -> Option<Failure> {
    const SIGNS: [&str; 13] = [
        "ENOTFOUND",
        "EAI_AGAIN",
        "ETIMEDOUT",
        "ECONNREFUSED",
        "ECONNRESET",
        "ENETUNREACH",
        "ERR_SOCKET_TIMEOUT",
        "network timeout",
        "Could not resolve host",
        "Couldn't connect to server",
        "spurious network error",
        "download of config.json failed",
        "Timeout was reached",
    ];
    lines
        .iter()
        .any(|line| SIGNS.iter().any(|sign| line.contains(sign)))
        .then(|| {
            Failure::new(
                "A package registry does not answer: check the network or the proxy settings and run the command again; what is already installed is kept.",
            )
        })
}

/// What cargo says about test binaries without tests: a dozen screens in a workspace, and nothing to read.
pub(crate) fn is_noise(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty()
        || line == "running 0 tests"
        || line.starts_with("Doc-tests ")
        || line.starts_with("Finished `")
        || line.starts_with("test result: ok. 0 passed; 0 failed; 0 ignored")
}

/// A line about a test, as if all of its binary were in a module of this name: its verdict, the head of what it printed, and its
/// place in the list of the failed ones.
pub(crate) fn under(name: &str, line: String) -> String {
    for (before, after) in [("test ", " ... "), ("---- ", " stdout ----")] {
        if let Some(rest) = line.strip_prefix(before)
            && rest.contains(after)
        {
            return format!("{before}{name}::{rest}");
        }
    }
    match line.strip_prefix("    ") {
        Some(story) if is_path(story) => format!("    {name}::{story}"),
        _ => line,
    }
}

/// Whether this is the name of a test in a module, and nothing more.
fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == ':';
    text.contains("::") && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_list_of_crates_is_counted() {
        assert_eq!(
            crate_name("   Compiling serde v1.0.228"),
            Some("serde v1.0.228")
        );
        assert_eq!(crate_name("error: Compiling failed"), None);
    }

    #[test]
    fn a_silent_registry_is_recognised() {
        let told = |line: &str| network_failure(&[line.to_owned()]).is_some();
        assert!(told("npm error code EAI_AGAIN"));
        assert!(told(
            "  [6] Could not resolve hostname (Could not resolve host: example.invalid)"
        ));
        assert!(!told("error[E0308]: mismatched types"));
    }

    #[test]
    fn tests_are_called_after_their_run() {
        let told = |line: &str| under("webkit", line.into());
        assert_eq!(
            told("test reload::a ... ok"),
            "test webkit::reload::a ... ok"
        );
        assert_eq!(
            told("---- reload::a stdout ----"),
            "---- webkit::reload::a stdout ----"
        );
        assert_eq!(told("    reload::a"), "    webkit::reload::a");
        for other in [
            "test result: ok. 1 passed",
            "    left: [1]",
            "    Running unittests",
        ] {
            assert_eq!(told(other), other);
        }
    }

    #[test]
    fn binaries_without_tests_are_left_out() {
        assert!(is_noise(
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out"
        ));
        assert!(!is_noise(
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured"
        ));
        assert!(!is_noise(
            "test result: FAILED. 0 passed; 1 failed; 0 ignored"
        ));
    }
}
