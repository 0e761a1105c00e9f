//! P1 and P2: what a shopper's page loads, from the files that the relay serves.

use std::fs;

use serde_json::Value;
use tests::relay::project;

use crate::figure::Figure;

/// P1: a chat that nobody opens must cost a page next to nothing.
const BEFORE: f64 = 2_048.0;
const BEFORE_GOAL: f64 = 1_024.0;

/// P2: about a second on a slow phone network.
const USABLE: f64 = 61_440.0;
const USABLE_GOAL: f64 = 47_104.0;

pub(crate) fn measure() -> Vec<Figure> {
    let list = fs::read_to_string(project().join("target/size.json"));
    let list: Value =
        serde_json::from_str(&list.expect("`cargo xtask build` has run")).expect("JSON");
    let (before, before_files) = weigh(&list["before"]);
    let (after, after_files) = weigh(&list["after"]);
    vec![
        Figure::new("P1  bytes before interaction, brotli", before, "B")
            .within(BEFORE)
            .goal(BEFORE_GOAL)
            .drawn("bytes", "Before anybody touches the chat")
            .note(before_files),
        Figure::new("P2  bytes to a usable chat, brotli", before + after, "B")
            .within(USABLE)
            .goal(USABLE_GOAL)
            .drawn("bytes", "Once somebody can write in it, all files")
            .note(after_files),
    ]
}

fn weigh(paths: &Value) -> (f64, String) {
    let mut sum = 0;
    let mut note = String::new();
    for path in paths.as_array().into_iter().flatten() {
        let path = path.as_str().expect("a path");
        let file = format!("target/site{path}");
        // A file that is too small for a compressed copy is sent as it is.
        let sent = [format!("{file}.br"), file]
            .iter()
            .find_map(|file| fs::metadata(project().join(file)).ok())
            .unwrap_or_else(|| panic!("{path} is not there: `cargo xtask build` makes it"));
        sum += sent.len();
        note.push_str(&format!("{:>8} {path}\n", sent.len()));
    }
    (sum as f64, note)
}
