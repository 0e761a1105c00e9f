use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Map, Value};

use super::{NAMES, with};

/// The languages, and the plural categories of numbers up to ten thousand: nothing here counts as far as a million, where
/// some have one more. (A story asks the browser whether these are its own.)
const LANGUAGES: [(&str, &[&str]); 7] = [
    ("ar", &["few", "many", "one", "other", "two", "zero"]),
    ("de", &["one", "other"]),
    ("en", &["one", "other"]),
    ("es", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("it", &["one", "other"]),
    ("pt", &["one", "other"]),
];

type Table = Map<String, Value>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("languages")
}

fn table(name: &str) -> Table {
    let file = folder().join(name).with_extension("json");
    let text = fs::read_to_string(&file).expect("the table is there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Every sentence of a table by its name, and by its category where it is about a number.
fn sentences(table: &Table) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().expect("a sentence").to_owned();
    table
        .iter()
        .flat_map(|(name, value)| match value.as_object() {
            Some(forms) => forms
                .iter()
                .map(|(category, form)| (format!("{name}/{category}"), text(form)))
                .collect(),
            None => vec![(name.clone(), text(value))],
        })
        .collect()
}

#[test]
fn every_table_has_every_name_and_no_other() {
    let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    assert!(
        names.is_sorted(),
        "the order of the alphabet is the tables'"
    );
    for name in LANGUAGES.map(|(code, _)| code).into_iter().chain(["notes"]) {
        let keys: Vec<String> = table(name).keys().cloned().collect();
        assert_eq!(keys, names, "{name}.json");
    }
}

#[test]
fn every_file_is_a_language_or_the_notes() {
    let mut found: Vec<String> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into())
        .collect();
    found.sort();
    let mut known: Vec<&str> = LANGUAGES.iter().map(|(code, _)| *code).collect();
    known.push("notes");
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn every_sentence_about_a_number_has_the_forms_of_its_language() {
    for (code, categories) in LANGUAGES {
        let table = table(code);
        for (name, kind) in NAMES {
            let forms = table[*name].as_object();
            assert_eq!(forms.is_some(), *kind == "count", "{code}: {name}");
            let Some(forms) = forms else { continue };
            let given: Vec<&String> = forms.keys().collect();
            assert_eq!(given, categories, "{code}: {name}");
            // One and two may be words; what stands for many numbers must say which.
            for category in ["few", "many", "other"] {
                let form = forms.get(category).and_then(Value::as_str);
                let says = form.is_none_or(|form| form.matches('#').count() == 1);
                assert!(says, "{code}: {name}/{category}");
            }
        }
    }
}

#[test]
fn every_language_has_the_same_places() {
    let english = sentences(&table("en"));
    for (code, _) in LANGUAGES {
        for (name, sentence) in sentences(&table(code)) {
            let plain = name.split('/').next().expect("a name");
            let model = english
                .get(plain)
                .or(english.get(&format!("{plain}/other")));
            let model = model.expect("English has every name");
            let places = |sentence: &str| sentence.matches("{}").count();
            assert_eq!(places(&sentence), places(model), "{code}: {name}");
            let signs = sentence.replace("{}", "").matches(['{', '}']).count();
            assert_eq!(signs, 0, "{code}: {name}");
            let numbers = sentence.matches('#').count();
            assert!(numbers <= model.matches('#').count(), "{code}: {name}");
        }
    }
}

#[test]
fn nothing_shouts_and_nothing_is_empty_or_loose() {
    for (code, _) in LANGUAGES {
        for (name, sentence) in sentences(&table(code)) {
            assert!(!sentence.contains(['!', '¡', '\n']), "{code}: {name}");
            assert!(!sentence.is_empty(), "{code}: {name}");
            assert_eq!(sentence, sentence.trim(), "{code}: {name}");
        }
    }
}

#[test]
fn no_name_is_unused() {
    let sources = sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"));
    for (name, _) in NAMES {
        let used = ["text.", "self."].map(|from| sources.contains(&format!("{from}{name}(")));
        assert!(used.contains(&true), "nobody says {name}");
    }
}

fn sources(folder: &PathBuf) -> String {
    let entries = fs::read_dir(folder).expect("the sources are there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                fs::read_to_string(&path).expect("a source")
            }
        })
        .collect()
}

#[test]
fn parts_are_put_in_once_and_in_order() {
    assert_eq!(with("{} e {}", &["{}", "b"]), "{} e b");
    assert_eq!(with("{}", &[]), "");
}
