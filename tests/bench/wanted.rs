//! What is asked for on the command line.

/// All that is measured when nothing is named, in the order of the table.
pub(crate) const NAMES: [&str; 12] = [
    "bytes",
    "delivery",
    "cpu",
    "wake",
    "memory",
    "missed",
    "network",
    "restart",
    "cost",
    "transcript",
    "page",
    "points",
];

/// Figures that are read from `/proc`.
pub(crate) const NEEDS_LINUX: [&str; 3] = ["cpu", "wake", "memory"];

/// Long enough for a line through a hundred points.
const SOAK_MINUTES: u64 = 30;

/// What is to be measured, and how it is told.
pub(crate) struct Wanted {
    pub(crate) names: Vec<&'static str>,
    pub(crate) json: bool,
    /// For so many minutes. Alone, unless others are named.
    pub(crate) soak: Option<u64>,
}

impl Wanted {
    /// Reads the words, or says in a sentence what is wrong with them.
    pub(crate) fn of(words: &[String]) -> Result<Self, String> {
        let mut wanted = Self {
            names: vec![],
            json: false,
            soak: None,
        };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--json" => wanted.json = true,
                "--soak" => {
                    let minutes = words.next_if(|next| next.parse::<u64>().is_ok());
                    let minutes = minutes.and_then(|minutes| minutes.parse().ok());
                    wanted.soak = Some(minutes.unwrap_or(SOAK_MINUTES));
                }
                word => match NAMES.into_iter().find(|name| *name == word) {
                    Some(name) => wanted.names.push(name),
                    None => return Err(usage(word)),
                },
            }
        }
        if wanted.names.is_empty() && wanted.soak.is_none() {
            wanted.names = NAMES.to_vec();
        }
        Ok(wanted)
    }
}

fn usage(unknown: &str) -> String {
    format!(
        "There is no “{unknown}” to measure: cargo xtask bench [--json] [--soak [MINUTES]] [{}]",
        NAMES.join("] [")
    )
}
