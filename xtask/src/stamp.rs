//! Knows whether a step's inputs changed since it last succeeded, so that a second start takes seconds.
//!
//! The content counts, not the time of change: a fresh checkout or a switched branch must neither rebuild nor mislead.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::project;

/// Folders that hold what steps make, not what they are made from.
const MADE: [&str; 4] = ["target", "node_modules", "build", "dist"];

/// The inputs and outputs of one step.
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
    facts: String,
}

impl Stamp {
    /// A step by `name`, made from `inputs` (files or folders of the checkout), giving `outputs`. `facts` is what else it
    /// depends on, such as the version of a tool.
    pub(crate) fn new(name: &str, inputs: &[&str], outputs: &[&str], facts: &str) -> Self {
        Self::within(&project::root(), name, inputs, outputs, facts)
    }

    fn within(root: &Path, name: &str, inputs: &[&str], outputs: &[&str], facts: &str) -> Self {
        Self {
            file: root.join("target/stamps").join(name),
            inputs: inputs.iter().map(|path| root.join(path)).collect(),
            outputs: outputs.iter().map(|path| root.join(path)).collect(),
            facts: facts.to_owned(),
        }
    }

    /// Whether the outputs are there and were made from the inputs as they are now.
    pub(crate) fn is_fresh(&self) -> bool {
        self.outputs.iter().all(|path| path.exists())
            && fs::read_to_string(&self.file).is_ok_and(|known| known == self.content())
    }

    /// What the inputs are now: to be taken before the step works, so that an edit made meanwhile is not overlooked.
    pub(crate) fn content(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.facts.hash(&mut hasher);
        for input in &self.inputs {
            for file in files(input) {
                file.hash(&mut hasher);
                fs::read(&file).ok().hash(&mut hasher);
            }
        }
        format!("{:016x}", hasher.finish())
    }

    /// Remembers that the step succeeded on `content`. A stamp that cannot be written costs a rebuild, nothing else.
    pub(crate) fn keep(&self, content: &str) {
        if let Some(folder) = self.file.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(&self.file, content);
    }
}

/// Number of files and the newest time of change below `paths`: cheap enough to be asked every second.
pub(crate) fn pulse(paths: &[&str]) -> (usize, Option<SystemTime>) {
    let all: Vec<PathBuf> = paths
        .iter()
        .flat_map(|path| files(&project::path(path)))
        .collect();
    let newest = all
        .iter()
        .filter_map(|file| fs::metadata(file).and_then(|facts| facts.modified()).ok())
        .max();
    (all.len(), newest)
}

/// The files below `path` in a fixed order, without what steps make and what starts with a dot.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut children: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let made = MADE.contains(&name.as_ref()) && entry.path().is_dir();
            !name.starts_with('.') && !made
        })
        .map(|entry| entry.path())
        .collect();
    children.sort();
    children.iter().flat_map(|child| files(child)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, gone at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(path.join("src/build")).unwrap();
            Self(path)
        }

        fn write(&self, path: &str, text: &str) {
            fs::write(self.0.join(path), text).unwrap();
        }

        fn stamp(&self, facts: &str) -> Stamp {
            Stamp::within(&self.0, "step", &["src"], &["out"], facts)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn made(name: &str) -> Folder {
        let folder = Folder::new(name);
        folder.write("src/a", "one");
        folder.write("out", "made");
        let stamp = folder.stamp("1");
        assert!(!stamp.is_fresh(), "nothing is fresh before it was made");
        stamp.keep(&stamp.content());
        assert!(stamp.is_fresh());
        folder
    }

    #[test]
    fn a_changed_or_new_input_is_noticed() {
        let folder = made("input");
        folder.write("src/a", "two");
        assert!(!folder.stamp("1").is_fresh());
        folder.write("src/a", "one");
        assert!(
            folder.stamp("1").is_fresh(),
            "the content counts, not the time"
        );
        folder.write("src/b", "new");
        assert!(!folder.stamp("1").is_fresh());
    }

    #[test]
    fn a_missing_output_is_noticed() {
        let folder = made("output");
        fs::remove_file(folder.0.join("out")).unwrap();
        assert!(!folder.stamp("1").is_fresh());
    }

    #[test]
    fn another_tool_version_is_noticed() {
        assert!(!made("facts").stamp("2").is_fresh());
    }

    #[test]
    fn what_steps_make_is_no_input() {
        let folder = made("made");
        folder.write("src/build/index.js", "made");
        folder.write("src/.hidden", "editor");
        assert!(folder.stamp("1").is_fresh());
    }
}
