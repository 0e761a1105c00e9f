//! `cargo xtask size`: what a shopper's page loads, before and after the first click, against the budgets.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::project;

/// P1: bytes before any interaction, in brotli. A chat that nobody opens must cost a page next to nothing.
const BEFORE_BUDGET: u64 = 2_048;

/// P2: bytes to a usable chat, in brotli, all files. About a second on a slow phone network.
const USABLE_BUDGET: u64 = 61_440;

/// One file as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Weight {
    path: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// What a page loads before and after the first click, and beside a chat that can be used already.
#[derive(Debug)]
struct Page {
    before: Vec<Weight>,
    after: Vec<Weight>,
    beside: Vec<Weight>,
}

/// Prints the weights and fails above a budget.
pub(crate) fn run(json: bool) -> Result<()> {
    let page = Page::weigh()?;
    if json {
        println!("{:#}", page.json());
    } else {
        print!("{}", page.table());
    }
    page.check()
}

/// The table, and whether the budgets hold.
pub(crate) fn verdict() -> Result<(String, Result<()>)> {
    let page = Page::weigh()?;
    Ok((page.table(), page.check()))
}

impl Page {
    fn weigh() -> Result<Self> {
        let list = fs::read_to_string(project::path("target/size.json"))
            .ok()
            .and_then(|text| serde_json::from_str::<Value>(&text).ok())
            .ok_or_else(|| {
                Failure::new("There is nothing to weigh yet: run `cargo xtask build` first.")
            })?;
        let weights = |when: &str| -> Result<Vec<Weight>> {
            let paths = list.get(when).and_then(Value::as_array);
            paths
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|path| weigh(&project::path("target/site"), path))
                .collect()
        };
        Ok(Self {
            before: weights("before")?,
            after: weights("after")?,
            beside: weights("beside")?,
        })
    }

    fn before(&self) -> u64 {
        self.before.iter().map(|file| file.brotli).sum()
    }

    fn usable(&self) -> u64 {
        self.before() + self.after.iter().map(|file| file.brotli).sum::<u64>()
    }

    fn check(&self) -> Result<()> {
        let mut above = Vec::new();
        if self.before() > BEFORE_BUDGET {
            above.push(format!(
                "{} bytes are loaded before the first click, {} above the budget",
                self.before(),
                self.before() - BEFORE_BUDGET
            ));
        }
        if self.usable() > USABLE_BUDGET {
            above.push(format!(
                "{} bytes are loaded up to a usable chat, {} above the budget",
                self.usable(),
                self.usable() - USABLE_BUDGET
            ));
        }
        if above.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{}: find what grew with `twiggy top` or the last commits, and take it out.",
            above.join("; ")
        )))
    }

    fn table(&self) -> String {
        let mut text = format!("{:<44} {:>9} {:>9} {:>9}\n", "", "raw", "gzip", "brotli");
        let all = self.usable() + self.beside.iter().map(|file| file.brotli).sum::<u64>();
        let parts = [
            (
                "before the first click",
                &self.before,
                format!("{} of {BEFORE_BUDGET}", self.before()),
            ),
            (
                "after the first click",
                &self.after,
                format!("{} of {USABLE_BUDGET}", self.usable()),
            ),
            (
                "beside it, when it can be used already",
                &self.beside,
                all.to_string(),
            ),
        ];
        for (title, files, total) in parts {
            text.push_str(&format!("{title}\n"));
            for file in files {
                text.push_str(&format!(
                    "  {:<42} {:>9} {:>9} {:>9}\n",
                    file.path, file.raw, file.gzip, file.brotli
                ));
            }
            text.push_str(&format!("  {:<42} {total:>38}\n", "in all so far"));
        }
        text
    }

    fn json(&self) -> Value {
        let files = |files: &[Weight]| -> Vec<Value> {
            files
                .iter()
                .map(|file| {
                    json!({ "path": file.path, "raw": file.raw, "gzip": file.gzip, "brotli": file.brotli })
                })
                .collect()
        };
        json!({
            "before": { "files": files(&self.before), "brotli": self.before(), "budget": BEFORE_BUDGET },
            "usable": { "files": files(&self.after), "brotli": self.usable(), "budget": USABLE_BUDGET },
            "beside": { "files": files(&self.beside) },
            "ok": self.check().is_ok(),
        })
    }
}

/// A file without a compressed copy is sent as it is.
fn weigh(site: &Path, path: &str) -> Result<Weight> {
    let length = |suffix: &str| {
        fs::metadata(site.join(format!("{}{suffix}", path.trim_start_matches('/'))))
            .map(|facts| facts.len())
    };
    let raw = length("").map_err(|_| {
        Failure::new(format!(
            "{path} is not in target/site: run `cargo xtask build` again."
        ))
    })?;
    Ok(Weight {
        path: path.to_owned(),
        raw,
        gzip: length(".gz").unwrap_or(raw),
        brotli: length(".br").unwrap_or(raw),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, brotli: u64) -> Weight {
        Weight {
            path: path.to_owned(),
            raw: brotli * 3,
            gzip: brotli * 2,
            brotli,
        }
    }

    fn page(before: u64, after: u64) -> Page {
        Page {
            before: vec![file("/widget.js", before)],
            after: vec![
                file("/assets/widget.js", 5_000),
                file("/assets/widget.wasm", after - 5_000),
            ],
            beside: vec![],
        }
    }

    #[test]
    fn a_page_on_its_budgets_passes() {
        assert_eq!(page(2_048, 61_440 - 2_048).check(), Ok(()));
    }

    #[test]
    fn each_budget_is_held_by_itself() {
        let early = page(2_049, 40_000).check().unwrap_err().to_string();
        assert!(early.contains("before the first click, 1 above"), "{early}");
        let late = page(1_000, 60_441).check().unwrap_err().to_string();
        assert!(
            late.contains("usable chat, 1 above") && !late.contains("before"),
            "{late}"
        );
    }

    #[test]
    fn the_usable_chat_counts_every_file() {
        let told = page(1_000, 40_000).json();
        assert_eq!(told["usable"]["brotli"], 41_000);
        assert_eq!(told["ok"], true);
    }

    #[test]
    fn a_file_without_copies_weighs_what_it_is() {
        let site = std::env::temp_dir().join(format!("xtask-size-{}", std::process::id()));
        fs::create_dir_all(&site).unwrap();
        fs::write(site.join("a.js"), "12345").unwrap();
        let weight = weigh(&site, "/a.js");
        let missing = weigh(&site, "/b.js");
        let _ = fs::remove_dir_all(&site);
        assert_eq!(
            weight.map(|weight| (weight.raw, weight.gzip, weight.brotli)),
            Ok((5, 5, 5))
        );
        assert!(missing.is_err());
    }
}
