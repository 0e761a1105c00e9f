//! What is said where an operator offers answers to choose and cards.

/// The words of one language.
#[expect(missing_docs, reason = "the English table says what each is")]
pub struct Offering {
    /// The button that opens the editor, while nothing is in it.
    pub offer: &'static str,
    /// What is in it: so many answers and so many cards.
    pub holds: fn(usize, usize) -> String,
    /// The same button then; what is in it.
    pub offer_of: fn(&str) -> String,
    /// The editor.
    pub editor: &'static str,
    pub answers: &'static str,
    pub answers_hint: &'static str,
    pub answer: fn(usize) -> String,
    pub add_answer: &'static str,
    pub remove_answer: fn(usize) -> String,
    pub cards: &'static str,
    pub cards_hint: &'static str,
    pub card: fn(usize) -> String,
    pub add_card: &'static str,
    pub add_another: &'static str,
    pub remove_card: fn(usize) -> String,
    pub move_up: fn(usize) -> String,
    pub move_down: fn(usize) -> String,
    pub title: &'static str,
    pub price: &'static str,
    /// As prices are written where the language is spoken.
    pub price_like: &'static str,
    pub about: &'static str,
    pub link: &'static str,
    pub action: &'static str,
    pub picture: &'static str,
    /// There is no room for more than so many.
    pub full: fn(usize) -> String,
    /// What was removed, as it is called.
    pub removed: fn(&str) -> String,
    pub removed_bare: &'static str,

    pub untitled: &'static str,
    pub no_address: &'static str,
    pub no_link: &'static str,
    pub too_many: fn(usize) -> String,
    /// Beside the button that sends: where something is wrong, and what.
    pub at: fn(&str, &str) -> String,
    pub no_words: &'static str,
    /// The button that sends.
    pub send: &'static str,
}
