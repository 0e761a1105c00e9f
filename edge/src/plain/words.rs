//! The words of the plain pages: the panel's own (`widget/languages`), and a few that only a page of its own needs
//! (`widget/languages/plain`).
//!
//! The order is the panel's: what the shop's page asks for, then what the browser asks for, then the shop's own.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A language that the pages can speak.
#[derive(Debug)]
pub struct Language {
    /// Its code.
    pub code: &'static str,
    panel: &'static str,
    plain: &'static str,
    form: &'static str,
    rating: &'static str,
}

/// All that the pages say in a language.
#[derive(Debug)]
pub struct Spoken {
    /// What the panel says too.
    pub words: Words,
    /// What only these pages say.
    pub own: Own,
    /// Where the shop asks something.
    pub forms: Forms,
    /// Where it is asked how it was.
    pub ratings: Ratings,
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
    pub too_long: Counted,
    pub transcript: String,
    pub two_there: String,
    pub write: String,
    pub you: String,
}

/// A sentence about a number.
#[derive(Debug, Deserialize)]
pub struct Counted {
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

/// What the panel says where the shop asks something.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "`widget/extra/form.js` says where each stands")]
pub struct Forms {
    pub agree: String,
    pub away: String,
    pub bad: String,
    pub email: String,
    pub lead: String,
    pub missing: String,
    pub more: String,
    pub name: String,
    pub optional: String,
    pub send: String,
    pub skip: String,
    pub tab: String,
    pub title: String,
}

/// What the panel says where it asks how the conversation was.
#[derive(Debug, Deserialize)]
#[expect(
    missing_docs,
    reason = "`widget/extra/rating.js` says where each stands"
)]
pub struct Ratings {
    pub ask: String,
    pub change: String,
    pub comment: String,
    pub send: String,
    pub thanks: String,
    #[serde(flatten)]
    scores: BTreeMap<String, String>,
}

impl Ratings {
    /// A score in words.
    pub fn of(&self, score: u8) -> &str {
        let said = self.scores.get(&score.to_string());
        said.map_or("", String::as_str)
    }
}

macro_rules! language {
    ($code:literal) => {
        &Language {
            code: $code,
            panel: include_str!(concat!("../../../widget/languages/", $code, ".json")),
            plain: include_str!(concat!("../../../widget/languages/plain/", $code, ".json")),
            form: include_str!(concat!("../../../widget/languages/form/", $code, ".json")),
            rating: include_str!(concat!("../../../widget/languages/rating/", $code, ".json")),
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
    pub fn words(&self) -> Option<Spoken> {
        Some(Spoken {
            words: serde_json::from_str(self.panel).ok()?,
            own: serde_json::from_str(self.plain).ok()?,
            forms: serde_json::from_str(self.form).ok()?,
            ratings: serde_json::from_str(self.rating).ok()?,
        })
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
