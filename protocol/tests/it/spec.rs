//! SPEC.md and the tests know each other: every rule has a test of its name, and every test that bears a number a rule.

use std::{collections::BTreeSet, fs, path::Path};

const AREAS: [&str; 18] = [
    "wr", "vs", "cl", "ob", "rl", "se", "in", "de", "lk", "fo", "hd", "oc", "id", "ho", "pp", "oh",
    "ou", "st",
];

/// Where rules are proved: the machines here; what the relay's outside and the browsers keep to, there.
const PROOFS: [&str; 3] = ["tests/it", "../edge/tests", "../tests/e2e"];

#[test]
fn every_rule_has_a_test_and_every_test_a_rule() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = fs::read_to_string(here.join("SPEC.md")).unwrap();
    let stated: Vec<String> = spec
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .filter_map(rule)
        .collect();
    let rules: BTreeSet<String> = stated.iter().cloned().collect();
    assert_eq!(stated.len(), rules.len(), "a number is given once");
    for area in AREAS {
        let count = rules.iter().filter(|rule| rule.starts_with(area)).count();
        let dense: BTreeSet<String> = (1..=count).map(|n| format!("{area}{n}")).collect();
        assert!(
            count > 0 && dense.is_subset(&rules),
            "{area}: numbers without a hole"
        );
    }
    let mut proved = BTreeSet::new();
    let mut left = PROOFS.map(|folder| here.join(folder)).to_vec();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|file| file.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let tests = text
                .split("test]\n")
                .skip(1)
                .filter_map(|test| test.trim_start_matches("async ").strip_prefix("fn "));
            proved.extend(tests.filter_map(rule));
        }
    }
    let unproved: Vec<_> = rules.difference(&proved).collect();
    let unstated: Vec<_> = proved.difference(&rules).collect();
    assert!(
        unproved.is_empty() && unstated.is_empty(),
        "without a test: {unproved:?}; without a rule: {unstated:?}"
    );
}

/// The number of a rule that a text begins with, such as `rl4`.
fn rule(text: &str) -> Option<String> {
    let area = text.get(..2)?.to_lowercase();
    let digits: String = text
        .get(2..)?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    (AREAS.contains(&area.as_str()) && !digits.is_empty()).then(|| area + &digits)
}
