//! What was found before, once more, without libFuzzer: every file of `corpus`, and ten changed ones of each, always the same.

use std::{fs, path::Path};

use fuzz::{TARGETS, Target};

/// Changed copies of each file: enough to notice a careless decoder, and a matter of seconds.
const CHANGED: u64 = 10;

fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let found =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = found
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn every_file(name: &str) {
    let target = target(name);
    let files = files(name);
    assert!(!files.is_empty(), "corpus/{name} is empty");
    for (file, bytes) in &files {
        // Shown only when it fails.
        println!("corpus/{name}/{file}");
        target(bytes);
        for n in 1..=CHANGED {
            target(&changed(bytes, n));
        }
    }
}

fn target(name: &str) -> Target {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("{name} is not in the list of targets"))
        .1
}

/// The `n`th change of some bytes: one is another, a stretch is gone, or a stretch comes twice.
fn changed(bytes: &[u8], n: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    // Knuth's multiplier spreads the places over the file.
    let place = |salt: u64, end: usize| {
        ((n + salt).wrapping_mul(0x5851_f42d_4c95_7f2d) >> 33) as usize % end.max(1)
    };
    let (from, length) = (place(1, bytes.len()), 1 + place(2, 8));
    let to = (from + length).min(bytes.len());
    match n % 3 {
        0 => drop(bytes.drain(from..to)),
        1 => {
            let twice = bytes[from..to].to_vec();
            bytes.splice(from..from, twice);
        }
        _ => {
            if let Some(byte) = bytes.get_mut(from) {
                *byte ^= 1 << place(3, 8);
            }
        }
    }
    bytes
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                every_file(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_tested() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|(name, _)| name), tested);
        }
    };
}

targets! { attachment bodies client database frames relay requests tokens widget }
