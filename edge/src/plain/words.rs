//! The words of the plain pages: the panel's own (`widget/languages`), and a few that only a page of its own needs
//! (`widget/languages/plain`).
//!
//! The order is the panel's: what the shop's page asks for, then what the browser asks for, then the shop's own.

use serde::Deserialize;

/// A language that the pages can speak.
#[derive(Debug)]
pub struct Language {
    /// Its code.
    pub code: &'static str,
    panel: &'static str,
    plain: &'static str,
}

/// What the panel says too.
#[derive(Debug, Deserialize)]
#[expect(
    missing_docs,
    reason = "`widget/languages/notes.json` says what each is"
)]
pub struct Words {
    pub again: String,
    pub chat_with: String,
    pub greeting: String,
    pub nobody_there: String,
    pub one_there: String,
    pub refused: String,
    pub resolved: String,
    pub seen: String,
    pub send: String,
    pub stored: String,
    pub to_newest: String,
    pub too_long: Forms,
    pub transcript: String,
    pub two_there: String,
    pub write: String,
    pub you: String,
}

/// A sentence about a number.
#[derive(Debug, Deserialize)]
pub struct Forms {
    /// With a number of some thousands: in every language here the form that fits most.
    pub other: String,
}

/// What only a page of its own says.
#[derive(Debug, Deserialize)]
pub struct Own {
    /// A link to what was said before.
    pub earlier: String,
    /// A file came with the words; `{}` is its name.
    pub file: String,
    /// A link: ends the updates.
    pub pause: String,
    /// A link: begins them again.
    pub resume: String,
    /// Too many messages at once.
    pub slowly: String,
    /// A link: loads what is new.
    pub update: String,
}

macro_rules! language {
    ($code:literal) => {
        &Language {
            code: $code,
            panel: include_str!(concat!("../../../widget/languages/", $code, ".json")),
            plain: include_str!(concat!("../../../widget/languages/plain/", $code, ".json")),
        }
    };
}

/// Spoken where nobody asks for another one.
const ENGLISH: &Language = language!("en");

/// Every language there is.
pub static LANGUAGES: [&Language; 7] = [
    ENGLISH,
    language!("it"),
    language!("fr"),
    language!("de"),
    language!("es"),
    language!("pt"),
    language!("ar"),
];

impl Language {
    /// The language to speak with somebody: what the page asked for, what `Accept-Language` says, what the shop speaks.
    pub fn choose(asked: Option<&str>, accepted: &str, shop: &[String]) -> &'static Self {
        let accepted = accepted
            .split(',')
            .map(|part| part.split(';').next().unwrap_or_default().trim());
        asked
            .into_iter()
            .chain(accepted)
            .chain(shop.iter().map(String::as_str))
            .find_map(Self::find)
            .unwrap_or(ENGLISH)
    }

    /// Its words; `None` where a table is not as it must be, which a test rules out.
    pub fn words(&self) -> Option<(Words, Own)> {
        let words = serde_json::from_str(self.panel).ok()?;
        Some((words, serde_json::from_str(self.plain).ok()?))
    }

    /// Which way it is written.
    pub fn direction(&self) -> &'static str {
        if self.code == "ar" { "rtl" } else { "ltr" }
    }

    fn find(tag: &str) -> Option<&'static Self> {
        let code = tag.split(['-', '_']).next()?.to_lowercase();
        LANGUAGES.into_iter().find(|language| language.code == code)
    }
}

/// Puts words in for `{}`, one after the other.
pub fn with(sentence: &str, words: &[&str]) -> String {
    let mut parts = sentence.split("{}");
    let mut said = parts.next().unwrap_or_default().to_owned();
    let mut words = words.iter();
    for part in parts {
        said.push_str(words.next().unwrap_or(&""));
        said.push_str(part);
    }
    said
}
