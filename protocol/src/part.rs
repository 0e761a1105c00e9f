//! What comes with the words of a message: files, cards, and answers to choose from.
//!
//! Must stay true: a client that knows nothing of a part shows the words, and they make sense alone.

use serde::{Deserialize, Serialize};

use crate::{id::FileId, limits, shared::Shared};

/// The parts of one message, in their order.
pub type Parts = Shared<Part>;

/// Something that comes with words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// A picture or a document that the relay has.
    File(File),
    /// A product, an order or a page of the shop. Several in a row are a carousel.
    Card(Card),
    /// An answer to choose: the visitor who does says these words.
    Reply {
        /// The words.
        text: String,
    },
    /// Something a later version knows; shown as nothing.
    #[serde(other)]
    Unknown,
}

/// A file that was handed to the relay before the message that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    /// Finds it.
    pub id: FileId,
    /// What it was called where it came from.
    pub name: String,
    /// What it is, by its own first bytes, such as `image/jpeg`.
    pub media: String,
    /// How large it is, in bytes.
    pub size: u64,
    /// Of a picture, in pixels, so that its place is kept before it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// Something of the shop, to look at and to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// What it is called.
    pub title: String,
    /// A line about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it costs, as it is to be read: `249,00 €`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// The address of its picture; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Where it leads; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The words on the button that leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// Why parts cannot be sent as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Not something that this author may send, or of a kind that nobody knows.
    Forbidden,
    /// A card without a title, or an answer without words.
    Blank,
    /// An address that is none, or not under https.
    NoAddress,
    /// Something is longer, or there are more, than this.
    TooLong(usize),
}

/// Whether a visitor may send these: files alone.
pub fn fit_of_visitor(parts: &Parts) -> Result<(), Unfit> {
    let files_only = parts.all().iter().all(|part| matches!(part, Part::File(_)));
    if files_only {
        fit(parts)
    } else {
        Err(Unfit::Forbidden)
    }
}

/// Whether these can come with words.
pub fn fit(parts: &Parts) -> Result<(), Unfit> {
    if parts.all().len() > limits::PARTS_MAX {
        return Err(Unfit::TooLong(limits::PARTS_MAX));
    }
    parts.all().iter().try_for_each(fit_one)
}

/// Whether this can be one of them.
pub fn fit_one(part: &Part) -> Result<(), Unfit> {
    match part {
        Part::File(file) => line(&file.name).and_then(|()| line(&file.media)),
        Part::Reply { text } if text.trim().is_empty() => Err(Unfit::Blank),
        Part::Reply { text } => line(text),
        Part::Card(card) => fit_card(card),
        Part::Unknown => Err(Unfit::Forbidden),
    }
}

/// Whether words must come with these: a card or a choice is read by nobody whose client does not know it.
pub fn want_words(parts: &Parts) -> bool {
    !parts.all().iter().any(|part| matches!(part, Part::File(_)))
}

fn fit_card(card: &Card) -> Result<(), Unfit> {
    if card.title.trim().is_empty() {
        return Err(Unfit::Blank);
    }
    let lines = [Some(&card.title), card.price.as_ref(), card.action.as_ref()];
    lines
        .into_iter()
        .flatten()
        .try_for_each(|text| line(text))?;
    about(card.text.as_deref().unwrap_or_default())?;
    [&card.picture, &card.link]
        .into_iter()
        .flatten()
        .try_for_each(|text| address(text))
}

/// Whether this can be a choice, or a line of a card: its title, its price, the words of its button.
pub fn line(text: &str) -> Result<(), Unfit> {
    longest(text, limits::LINE_MAX)
}

/// Whether this can be a card's text.
pub fn about(text: &str) -> Result<(), Unfit> {
    longest(text, limits::CARD_TEXT_MAX)
}

/// Whether a card can lead here, or have its picture from here.
pub fn address(text: &str) -> Result<(), Unfit> {
    longest(text, limits::URL_MAX)?;
    // Nothing that runs, and nothing that a page under https would refuse to show.
    match text.strip_prefix("https://") {
        Some(rest) if has_host(rest) => Ok(()),
        Some(_) | None => Err(Unfit::NoAddress),
    }
}

/// A browser makes an address of it: whoever draws a card need not look again.
fn has_host(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let ends_in_digits = name
        .rsplit('.')
        .find(|label| !label.is_empty())
        .is_some_and(is_digits);
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(plain)
        && !name.split('.').any(|label| label == "xn--")
        // Browsers take that for the address of a machine.
        && (!ends_in_digits || name.parse::<std::net::Ipv4Addr>().is_ok())
        && is_digits(port)
        && port.parse::<u16>().is_ok()
}

fn longest(text: &str, most: usize) -> Result<(), Unfit> {
    if text.chars().count() > most {
        return Err(Unfit::TooLong(most));
    }
    Ok(())
}
