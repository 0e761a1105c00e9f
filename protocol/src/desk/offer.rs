//! What an operator offers beside the words of a reply, while it is filled in: answers to choose, and cards (SPEC, DE10 and
//! DE11). Pure.
//!
//! Must stay true: what has no fault here is taken by the relay ([`part::fit`]), and nothing that somebody filled in goes
//! but by their hand.

use serde::{Deserialize, Serialize};

use crate::{
    limits::{CARD_TEXT_MAX, LINE_MAX, PARTS_MAX, URL_MAX},
    part::{self, Card, Part, Parts, Unfit},
};

/// Answers and cards that are filled in. The device keeps it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offer {
    answers: Vec<Answer>,
    cards: Vec<Sketch>,
    /// The last number that was given.
    last: u32,
    #[serde(skip)]
    removed: Option<Removed>,
}

/// An answer to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// Which, among the rows of this offer.
    pub id: u32,
    /// The words.
    pub text: String,
}

/// A card that is being filled in: every field is a text, blank where there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sketch {
    /// Which, among the rows of this offer.
    pub id: u32,
    title: String,
    text: String,
    price: String,
    link: String,
    action: String,
    picture: String,
}

/// A field of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What it is called.
    Title,
    /// What it costs.
    Price,
    /// A line about it.
    Text,
    /// Where it leads.
    Link,
    /// The words on the button that leads there.
    Action,
    /// The address of its picture.
    Picture,
}

impl Field {
    /// All of them, in the order in which they are filled in.
    pub const ALL: [Self; 6] = [
        Self::Title,
        Self::Price,
        Self::Text,
        Self::Link,
        Self::Action,
        Self::Picture,
    ];
}

/// A place where something can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An answer.
    Answer(u32),
    /// A field of a card.
    Card(u32, Field),
    /// The offer as a whole.
    Whole,
}

impl Place {
    /// How many characters there is room for.
    pub fn most(self) -> usize {
        match self {
            Self::Answer(_) | Self::Card(_, Field::Title | Field::Price | Field::Action) => {
                LINE_MAX
            }
            Self::Card(_, Field::Text) => CARD_TEXT_MAX,
            Self::Card(_, Field::Link | Field::Picture) => URL_MAX,
            Self::Whole => usize::MAX,
        }
    }
}

/// What is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A card has no title.
    Untitled,
    /// So many characters too many.
    TooLong(usize),
    /// It is not the address of a page under https.
    NoAddress,
    /// There is a button, and it leads nowhere.
    NoLink,
    /// There are more answers and cards than so many.
    TooMany(usize),
}

/// Why a reply does not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// This is wrong.
    Fault(Place, Fault),
    /// Nobody would read it whose chat knows no cards.
    NoWords,
}

/// What was taken out last, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Removed {
    Answer(usize, Answer),
    Card(usize, Sketch),
}

impl Offer {
    /// The answers, in their order.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The cards, in their order.
    pub fn cards(&self) -> &[Sketch] {
        &self.cards
    }

    /// What stands in a place.
    pub fn text(&self, place: Place) -> &str {
        match place {
            Place::Answer(id) => self
                .answers
                .iter()
                .find(|answer| answer.id == id)
                .map(|answer| &*answer.text),
            Place::Card(id, field) => self.card(id).map(|card| card.field(field)),
            Place::Whole => None,
        }
        .unwrap_or_default()
    }

    /// Writes it.
    pub fn write(&mut self, place: Place, text: String) {
        let (answers, cards) = (&mut self.answers, &mut self.cards);
        let known = match place {
            Place::Answer(id) => answers
                .iter_mut()
                .find(|answer| answer.id == id)
                .map(|answer| &mut answer.text),
            Place::Card(id, field) => cards
                .iter_mut()
                .find(|card| card.id == id)
                .map(|card| card.field_mut(field)),
            Place::Whole => None,
        };
        if let Some(known) = known {
            *known = text;
        }
    }

    /// How many answers and cards would leave.
    pub fn counts(&self) -> (usize, usize) {
        let answers = self.answers.iter().filter(|answer| !answer.is_blank());
        let cards = self.cards.iter().filter(|card| !card.is_blank());
        (answers.count(), cards.count())
    }

    /// Whether nothing would leave.
    pub fn is_empty(&self) -> bool {
        self.counts() == (0, 0)
    }

    /// Whether there is room for another.
    pub fn has_room(&self) -> bool {
        let (answers, _) = self.counts();
        answers + self.cards.len() < PARTS_MAX
    }

    /// The row for the answer after this one, or for the last: one that is blank already, or a new one where there is room.
    pub fn next_answer(&mut self, after: Option<u32>) -> Option<u32> {
        let known = after.and_then(|id| self.answers.iter().position(|answer| answer.id == id));
        let at = known.map_or(self.answers.len(), |at| at + 1);
        // Behind a blank one there is nothing to say yet.
        let near = [at.checked_sub(1), Some(at)].into_iter().flatten();
        let blank = near
            .filter_map(|at| self.answers.get(at))
            .find(|answer| answer.is_blank());
        if let Some(blank) = blank {
            return Some(blank.id);
        }
        if !self.has_room() {
            return None;
        }
        let id = self.number();
        let text = String::new();
        self.answers.insert(at, Answer { id, text });
        Some(id)
    }

    /// Adds a card, where there is room.
    pub fn add_card(&mut self) -> Option<u32> {
        if !self.has_room() {
            return None;
        }
        let id = self.number();
        self.cards.push(Sketch {
            id,
            ..Sketch::default()
        });
        Some(id)
    }

    /// Takes an answer or a card out. What had anything in it can be taken back; the answer is whether it can.
    pub fn remove(&mut self, id: u32) -> bool {
        let removed = if let Some(at) = self.answers.iter().position(|answer| answer.id == id) {
            let answer = self.answers.remove(at);
            (!answer.is_blank()).then_some(Removed::Answer(at, answer))
        } else if let Some(at) = self.cards.iter().position(|card| card.id == id) {
            let card = self.cards.remove(at);
            (!card.is_blank()).then_some(Removed::Card(at, card))
        } else {
            None
        };
        let is_something = removed.is_some();
        if is_something {
            self.removed = removed;
        }
        is_something
    }

    /// What was taken out last and can be taken back, as it is called.
    pub fn removed(&self) -> Option<&str> {
        self.removed.as_ref().map(|removed| match removed {
            Removed::Answer(_, answer) => answer.text.trim(),
            Removed::Card(_, card) => card.title.trim(),
        })
    }

    /// Puts it back where it was, and answers which it is.
    pub fn undo(&mut self) -> Option<u32> {
        match self.removed.take()? {
            Removed::Answer(at, answer) => {
                let id = answer.id;
                self.answers.insert(at.min(self.answers.len()), answer);
                Some(id)
            }
            Removed::Card(at, card) => {
                let id = card.id;
                self.cards.insert(at.min(self.cards.len()), card);
                Some(id)
            }
        }
    }

    /// Moves a card before the one that is before it, or behind the one behind it.
    pub fn step(&mut self, id: u32, back: bool) {
        let Some(at) = self.cards.iter().position(|card| card.id == id) else {
            return;
        };
        let to = if back {
            at.checked_sub(1)
        } else {
            Some(at + 1)
        };
        if let Some(to) = to.filter(|to| *to < self.cards.len()) {
            self.cards.swap(at, to);
        }
    }

    /// What is wrong in a place.
    pub fn fault(&self, place: Place) -> Option<Fault> {
        let faults = self.faults();
        let here = faults.into_iter().find(|(at, _)| *at == place);
        here.map(|(_, fault)| fault)
    }

    /// What is wrong, in the order of the page.
    pub fn faults(&self) -> Vec<(Place, Fault)> {
        let answers = self.answers.iter().filter_map(|answer| {
            let fault = too_long(part::line(answer.text.trim()), &answer.text)?;
            Some((Place::Answer(answer.id), fault))
        });
        let cards = self.cards.iter().flat_map(|card| {
            let fault = |field| Some((Place::Card(card.id, field), card.fault(field)?));
            Field::ALL.into_iter().filter_map(fault)
        });
        let (of_answers, of_cards) = self.counts();
        let many = (of_answers + of_cards > PARTS_MAX)
            .then_some((Place::Whole, Fault::TooMany(PARTS_MAX)));
        answers.chain(cards).chain(many).collect()
    }

    /// Why a reply with these words and this offer does not leave; words alone are none of an offer's business.
    pub fn stop(&self, words: &str) -> Option<Stop> {
        if self.is_empty() {
            return None;
        }
        let fault = self.faults().first().copied();
        let fault = fault.map(|(place, fault)| Stop::Fault(place, fault));
        fault.or_else(|| words.trim().is_empty().then_some(Stop::NoWords))
    }

    /// What leaves with the words: the cards, and the answers under them.
    pub fn parts(&self) -> Parts {
        let cards = self.cards.iter().filter(|card| !card.is_blank());
        let answers = self.answers.iter().filter(|answer| !answer.is_blank());
        let answers = answers.map(|answer| Part::Reply {
            text: answer.text.trim().to_owned(),
        });
        let parts: Vec<_> = cards
            .map(|card| Part::Card(card.card()))
            .chain(answers)
            .collect();
        parts.into()
    }

    fn card(&self, id: u32) -> Option<&Sketch> {
        self.cards.iter().find(|card| card.id == id)
    }

    fn number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.last
    }
}

impl Answer {
    /// Nothing is in it.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl Sketch {
    /// What a field says.
    pub fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Price => &self.price,
            Field::Text => &self.text,
            Field::Link => &self.link,
            Field::Action => &self.action,
            Field::Picture => &self.picture,
        }
    }

    /// Nothing is in it.
    pub fn is_blank(&self) -> bool {
        Field::ALL
            .into_iter()
            .all(|field| self.says(field).is_empty())
    }

    fn field_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Title => &mut self.title,
            Field::Price => &mut self.price,
            Field::Text => &mut self.text,
            Field::Link => &mut self.link,
            Field::Action => &mut self.action,
            Field::Picture => &mut self.picture,
        }
    }

    fn says(&self, field: Field) -> &str {
        self.field(field).trim()
    }

    fn fault(&self, field: Field) -> Option<Fault> {
        let said = self.says(field);
        match field {
            Field::Title if said.is_empty() => (!self.is_blank()).then_some(Fault::Untitled),
            Field::Title | Field::Price | Field::Action => too_long(part::line(said), said),
            Field::Text => too_long(part::about(said), said),
            Field::Link if said.is_empty() => {
                (!self.says(Field::Action).is_empty()).then_some(Fault::NoLink)
            }
            Field::Picture if said.is_empty() => None,
            Field::Link | Field::Picture => match part::address(said) {
                // A browser mends that; a hand that pasted more than an address does not mean it.
                Ok(()) if said.contains(char::is_whitespace) => Some(Fault::NoAddress),
                Err(Unfit::NoAddress) => Some(Fault::NoAddress),
                other => too_long(other, said),
            },
        }
    }

    fn card(&self) -> Card {
        let given = |field| Some(self.says(field).to_owned()).filter(|said| !said.is_empty());
        Card {
            title: self.says(Field::Title).to_owned(),
            text: given(Field::Text),
            price: given(Field::Price),
            picture: given(Field::Picture),
            link: given(Field::Link),
            action: given(Field::Action),
        }
    }
}

fn too_long(fit: Result<(), Unfit>, text: &str) -> Option<Fault> {
    match fit {
        Err(Unfit::TooLong(most)) => {
            let over = text.trim().chars().count().saturating_sub(most);
            Some(Fault::TooLong(over))
        }
        Ok(()) | Err(Unfit::Forbidden | Unfit::Blank | Unfit::NoAddress) => None,
    }
}
