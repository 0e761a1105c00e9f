//! The words of what is loaded beside the panel (`widget/languages/*/`): every language says all of it. (Those of the panel itself are
//! tested beside it, in `widget/src/text/tests.rs`.)

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::{Map, Value};
use tests::relay::project;

use super::{CODES, table};

/// The parts that have words.
fn parts() -> Vec<String> {
    let folder = project().join("widget/languages");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let entries = entries.map(|entry| entry.expect("an entry"));
    let parts = entries.filter(|entry| entry.path().is_dir());
    let mut parts: Vec<String> = parts
        .map(|part| part.file_name().to_string_lossy().into())
        .collect();
    parts.sort();
    parts
}

fn words(part: &str, code: &str) -> Map<String, Value> {
    let words = table(&format!("{part}/{code}"));
    words.as_object().expect("words by their names").clone()
}

/// Every sentence of a part by its name, and by its form where it is about a number.
fn sentences(words: &Map<String, Value>) -> BTreeMap<(String, String), String> {
    let text = |value: &Value| value.as_str().expect("a sentence").to_owned();
    let mut all = BTreeMap::new();
    for (name, value) in words {
        match value.as_object() {
            Some(forms) => all.extend(
                forms
                    .iter()
                    .map(|(form, value)| ((name.clone(), form.clone()), text(value))),
            ),
            None => {
                all.insert((name.clone(), String::new()), text(value));
            }
        }
    }
    all
}

#[test]
fn every_part_has_all_languages_and_no_other() {
    let mut known = CODES.map(|code| format!("{code}.json"));
    known.sort();
    // Parts come and go; that there are some is what is looked at here.
    assert!(parts().contains(&"cards".into()), "{:?}", parts());
    for part in parts() {
        let folder = project().join("widget/languages").join(&part);
        let files = fs::read_dir(folder).expect("the folder is there");
        let names = files.map(|file| file.expect("a file").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, known, "{part}");
    }
}

#[test]
fn every_language_has_the_names_that_english_has() {
    for part in parts() {
        let english = words(&part, "en");
        for code in CODES {
            let words = words(&part, code);
            let names: Vec<_> = words.keys().collect();
            assert_eq!(names, english.keys().collect::<Vec<_>>(), "{part}/{code}");
            let panel = table(code);
            for (name, value) in &words {
                let at = format!("{part}/{code}: {name}");
                assert_eq!(value.is_object(), english[name].is_object(), "{at}");
                if value.is_object() {
                    // As the panel's own, of which a story asks the browser. No part counts what is not there.
                    let mut needed = forms(&panel["left"]);
                    needed.remove("zero");
                    assert_eq!(forms(value), needed, "{at}");
                }
            }
        }
    }
}

fn forms(sentence: &Value) -> BTreeSet<&str> {
    let forms = sentence.as_object().expect("forms");
    forms.keys().map(String::as_str).collect()
}

#[test]
fn every_sentence_says_something_and_has_the_places_that_english_has() {
    for part in parts() {
        let english = sentences(&words(&part, "en"));
        for code in CODES {
            for ((name, form), sentence) in sentences(&words(&part, code)) {
                let at = format!("{part}/{code}: {name} {form}");
                let model = |form: &str| english.get(&(name.clone(), form.to_owned()));
                // Of what is counted the others are the model: they say how many. One and two may be words.
                let counted = model("other");
                let model = counted.or(model(&form)).expect("English has every name");
                let may_be_words = counted.is_some() && ["one", "two"].contains(&form.as_str());
                assert!(!sentence.is_empty(), "{at}");
                assert_eq!(sentence, sentence.trim(), "{at}");
                let (has, needed) = (places(&sentence), places(model));
                assert!(
                    has == needed || may_be_words && has.is_empty(),
                    "{at}: {has:?}, not {needed:?}"
                );
            }
        }
    }
}

/// What is put into a sentence, such as `{}` or `{day}`: in any order where it has a name.
fn places(sentence: &str) -> Vec<&str> {
    let mut pieces = sentence.split('{');
    let before = pieces.next().unwrap_or_default();
    assert!(!before.contains('}'), "{sentence}");
    let mut places: Vec<_> = pieces
        .map(|piece| piece.split_once('}').expect("a place ends").0)
        .collect();
    places.sort_unstable();
    places
}
