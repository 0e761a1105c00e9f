//! Every word the panel says, by name. The words are in `widget/languages`, one table per language; `panel.js` loads the
//! one that is spoken and hands it over, in the order of the names. A new word is a line here, one in each table, and one
//! in `notes.json` for the translator; the tests say what is missing.
//!
//! Short and plain; the shopper is *you* (Italian: *tu*). Sentence case, no exclamation marks, no blame, no promise that
//! nobody keeps. `{}` is where words are put in, `#` where a number is.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A language, as `panel.js` speaks it: its words, numbers, times and days.
    pub type Language;
    /// Its code, and the words in the order of their names, each on a line.
    #[wasm_bindgen(method, getter)]
    fn lines(this: &Language) -> String;
    #[wasm_bindgen(method)]
    fn count(this: &Language, line: usize, n: usize) -> String;
    /// The time of day.
    #[wasm_bindgen(method)]
    pub(crate) fn time(this: &Language, at: f64) -> String;
    /// The day, in words when it is today or yesterday.
    #[wasm_bindgen(method)]
    pub(crate) fn day(this: &Language, at: f64, days_ago: f64) -> String;
}

/// The words of one language.
pub struct Text {
    /// What writes times and days.
    pub(crate) language: Language,
    lines: String,
}

impl Text {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> Rc<Self> {
        Rc::new(Self {
            lines: language.lines(),
            language,
        })
    }

    /// The language's code.
    pub(crate) fn code(&self) -> &str {
        self.line(Line::code)
    }

    fn line(&self, line: Line) -> &str {
        // There are few and they are short: nothing is gained by an index.
        self.lines
            .split('\n')
            .nth(line as usize)
            .unwrap_or_default()
    }

    fn count(&self, line: Line, n: usize) -> String {
        self.language.count(line as usize, n)
    }

    /// What shoppers ask most; each goes into the composer.
    pub(crate) fn questions(&self) -> [&str; 3] {
        [
            self.question_order(),
            self.question_delivery(),
            self.question_return(),
        ]
    }
}

/// The names, in the order of the alphabet: `text` is a sentence, `count` one about a number, by the browser's plural
/// categories.
macro_rules! words {
    ($($name:ident: $kind:ident,)*) => {
        #[expect(non_camel_case_types, reason = "they are the names in the tables")]
        #[derive(Clone, Copy)]
        enum Line { code, $($name),* }

        #[cfg(test)]
        const NAMES: &[(&str, &str)] = &[$((stringify!($name), stringify!($kind))),*];

        #[expect(
            clippy::new_ret_no_self,
            clippy::wrong_self_convention,
            reason = "`new` is a word on the screen"
        )]
        impl Text { $(words!(@$kind $name);)* }
    };
    (@text $name:ident) => { pub(crate) fn $name(&self) -> &str { self.line(Line::$name) } };
    (@count $name:ident) => { pub(crate) fn $name(&self, n: usize) -> String { self.count(Line::$name, n) } };
}

words! {
    again: text,
    ask: text,
    chat: text,
    chat_unread: count,
    chat_with: text,
    close: text,
    copy: text,
    delete: text,
    ended: text,
    greeting: text,
    left: count,
    loading: text,
    many_there: count,
    new: text,
    new_below: count,
    nobody_there: text,
    offline: text,
    one_there: text,
    over: count,
    question_delivery: text,
    question_order: text,
    question_return: text,
    reconnecting: text,
    refused: text,
    reload: text,
    resolved: text,
    seen: text,
    send: text,
    stored: text,
    to_newest: text,
    too_long: count,
    transcript: text,
    two_there: text,
    types: text,
    waiting: text,
    write: text,
    you: text,
}

/// Puts something in for each `{}`, in order.
pub fn with(sentence: &str, parts: &[&str]) -> String {
    // By single signs: a search for two brings the machinery for long needles.
    let mut pieces = sentence.split('{');
    let mut whole = String::from(pieces.next().unwrap_or_default());
    for (piece, part) in pieces.zip(parts) {
        whole.push_str(part);
        whole.push_str(piece.strip_prefix('}').unwrap_or(piece));
    }
    whole
}

#[cfg(test)]
mod tests;
