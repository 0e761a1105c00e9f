//! Every word the panel says, one table per language. A third language is a third table and a line in [`Text::of`]; the
//! compiler says what is missing. (The loader has three words of its own.)
//!
//! Short and plain; the shopper is *you* (Italian: *tu*). Sentence case, no exclamation marks, no blame, no promise that
//! nobody keeps. `{}` is where something is put in.

/// The words of one language.
#[derive(Debug)]
pub struct Text {
    /// Its code, for `lang`.
    pub code: &'static str,
    /// The launcher's name.
    pub chat: &'static str,
    /// The launcher's name with `{}` unread messages.
    pub chat_unread: Plural,
    /// The panel's name; `{}` is the shop.
    pub chat_with: &'static str,
    /// Closes the panel.
    pub close: &'static str,
    /// Sends what is in the composer.
    pub send: &'static str,
    /// The composer's name and what stands in it while it is empty.
    pub write: &'static str,
    /// How many of `{}` characters are left.
    pub left: Plural,
    /// By how many of `{}` characters it is too long.
    pub over: Plural,
    /// One operator, `{}`, is there.
    pub one_there: &'static str,
    /// Two operators are there, `{}` and `{}`.
    pub two_there: &'static str,
    /// `{}` and `{}` others are there (two or more).
    pub many_there: &'static str,
    /// Nobody is there.
    pub nobody_there: &'static str,
    /// The shop's first words, when it has not said them itself.
    pub greeting: &'static str,
    /// Before the questions below.
    pub ask: &'static str,
    /// What shoppers ask most; each goes into the composer.
    pub questions: [&'static str; 3],
    /// The transcript's name for who cannot see it.
    pub transcript: &'static str,
    /// While the transcript is fetched, for who cannot see it.
    pub loading: &'static str,
    /// Above the first unread message.
    pub new: &'static str,
    /// The button to `{}` new messages below.
    pub new_below: Plural,
    /// The button to the newest messages.
    pub to_newest: &'static str,
    /// The operator closed the conversation.
    pub resolved: &'static str,
    /// `{}` types, for who cannot see the dots.
    pub types: &'static str,
    /// The day dividers.
    pub today: &'static str,
    /// The day dividers.
    pub yesterday: &'static str,
    /// The message is on its way.
    pub waiting: &'static str,
    /// The message is stored by the relay.
    pub stored: &'static str,
    /// An operator has read it.
    pub seen: &'static str,
    /// The message was refused: it is longer than `{}` characters.
    pub too_long: &'static str,
    /// The message was refused for any other reason.
    pub refused: &'static str,
    /// Sends a refused message again.
    pub again: &'static str,
    /// Copies a refused message.
    pub copy: &'static str,
    /// Throws a refused message away.
    pub delete: &'static str,
    /// The device has no network.
    pub offline: &'static str,
    /// The relay is not reached.
    pub reconnecting: &'static str,
    /// The chat cannot go on in this page.
    pub ended: &'static str,
    /// Loads the page again.
    pub reload: &'static str,
}

/// A sentence about a number, `{}`, by the browser's plural categories.
#[derive(Clone, Copy, Debug)]
pub struct Plural(&'static [(&'static str, &'static str)]);

impl Plural {
    /// The sentence of a category (`one`, `few`, …); the last one is for all others.
    pub fn form(self, category: &str) -> &'static str {
        let form = self
            .0
            .iter()
            .find(|(name, _)| *name == category)
            .or(self.0.last());
        form.map_or("", |(_, sentence)| sentence)
    }
}

impl Text {
    /// The table for a language tag such as `it-CH`; English when there is none.
    pub fn of(locale: &str) -> &'static Self {
        match locale
            .get(..2)
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "it" => &ITALIAN,
            _ => &ENGLISH,
        }
    }
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

static ENGLISH: Text = Text {
    code: "en",
    chat: "Chat",
    chat_unread: Plural(&[
        ("one", "Chat, {} unread message"),
        ("other", "Chat, {} unread messages"),
    ]),
    chat_with: "Chat with {}",
    close: "Close",
    send: "Send",
    write: "Write a message",
    left: Plural(&[
        ("one", "{} character left"),
        ("other", "{} characters left"),
    ]),
    over: Plural(&[
        ("one", "{} character too many"),
        ("other", "{} characters too many"),
    ]),
    one_there: "{} answers here",
    two_there: "{} and {} answer here",
    many_there: "{} and {} others answer here",
    nobody_there: "We reply as soon as we are back",
    greeting: "Hello, how can we help?",
    ask: "You could ask",
    questions: [
        "Where is my order?",
        "How long does delivery take?",
        "Can I return something?",
    ],
    transcript: "Messages",
    loading: "Loading messages",
    new: "New",
    new_below: Plural(&[("one", "{} new message"), ("other", "{} new messages")]),
    to_newest: "To the newest messages",
    resolved: "This conversation was closed. Write and it opens again.",
    types: "{} is typing",
    today: "Today",
    yesterday: "Yesterday",
    waiting: "On its way",
    stored: "Sent",
    seen: "Seen",
    too_long: "Not sent: it is longer than {} characters.",
    refused: "Not sent.",
    again: "Try again",
    copy: "Copy",
    delete: "Delete",
    offline: "No connection. Your message leaves when it is back.",
    reconnecting: "Connecting again. Nothing you write is lost.",
    ended: "The chat was updated. Load the page again to go on.",
    reload: "Load again",
};

static ITALIAN: Text = Text {
    code: "it",
    chat: "Chat",
    chat_unread: Plural(&[
        ("one", "Chat, {} messaggio da leggere"),
        ("other", "Chat, {} messaggi da leggere"),
    ]),
    chat_with: "Chat con {}",
    close: "Chiudi",
    send: "Invia",
    write: "Scrivi un messaggio",
    left: Plural(&[
        ("one", "Ancora {} carattere"),
        ("other", "Ancora {} caratteri"),
    ]),
    over: Plural(&[
        ("one", "{} carattere di troppo"),
        ("other", "{} caratteri di troppo"),
    ]),
    one_there: "Ti risponde {}",
    two_there: "Ti rispondono {} e {}",
    many_there: "Ti rispondono {} e altri {}",
    nobody_there: "Ti rispondiamo appena torniamo",
    greeting: "Ciao, come possiamo aiutarti?",
    ask: "Puoi chiederci",
    questions: [
        "Dov’è il mio ordine?",
        "In quanto tempo arriva?",
        "Posso fare un reso?",
    ],
    transcript: "Messaggi",
    loading: "Arrivano i messaggi",
    new: "Nuovi",
    new_below: Plural(&[
        ("one", "{} nuovo messaggio"),
        ("other", "{} nuovi messaggi"),
    ]),
    to_newest: "Vai ai messaggi più recenti",
    resolved: "Questa conversazione è stata chiusa. Se scrivi, si riapre.",
    types: "{} sta scrivendo",
    today: "Oggi",
    yesterday: "Ieri",
    waiting: "In partenza",
    stored: "Inviato",
    seen: "Letto",
    too_long: "Non inviato: supera i {} caratteri.",
    refused: "Non inviato.",
    again: "Riprova",
    copy: "Copia",
    delete: "Elimina",
    offline: "Sei senza rete. Il messaggio parte appena torna.",
    reconnecting: "Ci stiamo ricollegando. Quello che scrivi non va perso.",
    ended: "La chat è stata aggiornata. Ricarica la pagina per continuare.",
    reload: "Ricarica",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag_or_is_english() {
        for (locale, code) in [
            ("it", "it"),
            ("it-IT", "it"),
            ("IT", "it"),
            ("en-GB", "en"),
            ("de", "en"),
            ("", "en"),
            ("é", "en"),
        ] {
            assert_eq!(Text::of(locale).code, code, "{locale}");
        }
    }

    #[test]
    fn every_language_has_the_same_places() {
        for text in [&ENGLISH, &ITALIAN] {
            for plural in [text.chat_unread, text.left, text.over, text.new_below] {
                assert!(plural.form("other").contains("{}"), "{plural:?}");
                assert_eq!(plural.0.last().map(|(name, _)| *name), Some("other"));
            }
            for (sentence, places) in [
                (text.chat_with, 1),
                (text.one_there, 1),
                (text.two_there, 2),
                (text.many_there, 2),
                (text.types, 1),
                (text.too_long, 1),
            ] {
                assert_eq!(sentence.matches("{}").count(), places, "{sentence}");
            }
        }
    }

    #[test]
    fn nothing_shouts() {
        for text in [&ENGLISH, &ITALIAN] {
            assert!(!format!("{text:?}").contains('!'));
        }
    }

    #[test]
    fn parts_are_put_in_once_and_in_order() {
        assert_eq!(with("{} e {}", &["{}", "b"]), "{} e b");
        assert_eq!(with("{}", &[]), "");
    }
}
