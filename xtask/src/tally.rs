//! Counts what passed and what failed over all kinds of tests, and remembers the names of the failed ones.

/// The count so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u32,
    failures: Vec<String>,
    unsteady: Vec<String>,
}

impl Tally {
    /// One check that passed.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    /// One check that failed, by name.
    pub(crate) fn fail(&mut self, name: &str) {
        self.failures.push(name.to_owned());
    }

    /// What a run of test binaries printed. A run that failed without a failed test (it did not compile, it crashed) counts as
    /// one failure by the name of `what`.
    pub(crate) fn read(&mut self, what: &str, lines: &[String], success: bool) {
        for line in lines {
            if let Some(counts) = line.split_once("test result: ").map(|(_, rest)| rest) {
                self.passed += count(counts, "passed");
            }
        }
        self.failures.extend(named(lines, FAILED));
        // A binary that crashes has told of some and says no result.
        let counted = lines
            .iter()
            .any(|line| line.contains("test result: FAILED"));
        if !success && !counted {
            self.fail(what);
        }
    }

    /// What failed among others was told once more, alone. What passed then has passed, and is remembered as unsteady.
    pub(crate) fn read_again(&mut self, lines: &[String]) {
        for name in named(lines, PASSED) {
            if let Some(at) = self.failures.iter().position(|failed| *failed == name) {
                self.unsteady.push(self.failures.remove(at));
                self.passed += 1;
            }
        }
    }

    /// Whether everything passed. Nothing at all is no success: a filter that matches nothing is a typing mistake.
    pub(crate) fn is_good(&self) -> bool {
        self.failures.is_empty() && self.passed > 0
    }

    /// The names of what failed, one per line.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// The names of what failed among others and passed alone.
    pub(crate) fn unsteady(&self) -> &[String] {
        &self.unsteady
    }

    /// The last line of the run.
    pub(crate) fn summary(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failures.len())
    }
}

const PASSED: &str = " ... ok";
const FAILED: &str = " ... FAILED";

/// The names of the tests that ended like this.
pub(crate) fn failed(lines: &[String]) -> Vec<String> {
    named(lines, FAILED)
}

fn named(lines: &[String], end: &str) -> Vec<String> {
    let name = |line: &String| {
        line.strip_prefix("test ")?
            .strip_suffix(end)
            .map(str::to_owned)
    };
    lines.iter().filter_map(name).collect()
}

/// The number before `word` in `ok. 12 passed; 1 failed; …`.
fn count(counts: &str, word: &str) -> u32 {
    let words: Vec<&str> = counts
        .split([' ', ';'])
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn results_of_all_binaries_add_up() {
        let mut tally = Tally::default();
        tally.pass();
        let out = "test a ... ok\ntest b ... FAILED\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        tally.read("native tests", &lines(out), false);
        assert_eq!(tally.summary(), "14 passed, 1 failed");
        assert_eq!(tally.failures(), ["b"]);
        assert!(!tally.is_good());
    }

    #[test]
    fn a_crash_is_a_failure_whatever_passes_later() {
        let mut tally = Tally::default();
        tally.read(
            "stories",
            &lines("test a ... ok\ntest b ... FAILED\nsignal: 6"),
            false,
        );
        tally.read_again(&lines(
            "test b ... ok\ntest result: ok. 1 passed; 0 failed;",
        ));
        assert_eq!(tally.failures(), ["stories"]);
        assert!(!tally.is_good());
    }

    #[test]
    fn what_passes_alone_has_passed_and_is_unsteady() {
        let mut tally = Tally::default();
        let among_others =
            "test a ... FAILED\ntest b ... FAILED\ntest result: FAILED. 3 passed; 2 failed;";
        tally.read("stories", &lines(among_others), false);
        let alone = "test a ... ok\ntest b ... FAILED\ntest result: FAILED. 1 passed; 1 failed;";
        tally.read_again(&lines(alone));
        assert_eq!(tally.summary(), "4 passed, 1 failed");
        assert_eq!(tally.failures(), ["b"]);
        assert_eq!(tally.unsteady(), ["a"]);
    }

    #[test]
    fn a_run_that_does_not_compile_is_one_failure() {
        let mut tally = Tally::default();
        tally.read("native tests", &lines("error: could not compile"), false);
        assert_eq!(tally.summary(), "0 passed, 1 failed");
        assert_eq!(tally.failures(), ["native tests"]);
    }

    #[test]
    fn nothing_is_no_success() {
        let mut tally = Tally::default();
        assert!(!tally.is_good());
        tally.pass();
        assert!(tally.is_good());
    }
}
