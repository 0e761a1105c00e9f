//! What is offered beside a reply: answers to choose, and cards. It stands above the words that it goes with, and closing it
//! takes nothing away. What is wrong is said at its field (SPEC, DE10), an address once somebody has left it.

pub mod editor;
mod fault;
mod rows;

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use protocol::desk::offer::{Field, Offer, Place};
use wasm_bindgen::JsCast;

pub use fault::fault_at;

/// Where the button that opens it is.
const BUTTON: &str = "offer-button";

/// An offer that is filled in. Copies are the same.
#[derive(Clone, Copy)]
pub struct Editing {
    /// What is in it.
    pub offer: RwSignal<Offer>,
    /// Whether it is to be seen.
    pub open: RwSignal<bool>,
    /// The places that somebody has left, or has tried to send.
    left: RwSignal<BTreeSet<Place>>,
    /// It was changed by hand.
    on_change: Callback<()>,
}

impl Editing {
    /// The offer is kept by who hears of `on_change`.
    pub fn new(offer: RwSignal<Offer>, open: RwSignal<bool>, on_change: Callback<()>) -> Self {
        Self {
            offer,
            open,
            left: RwSignal::default(),
            on_change,
        }
    }

    /// Shows it, and what is wrong in it, with the focus in this place or in the first field.
    pub fn show(self, at: Option<Place>) {
        self.offer.update(|offer| {
            if offer.answers().is_empty() {
                offer.next_answer(None);
            }
        });
        let faults = self.offer.with_untracked(Offer::faults);
        self.left
            .set(faults.into_iter().map(|(place, _)| place).collect());
        self.open.set(true);
        let first = || {
            self.offer.with_untracked(|offer| {
                let answer = offer.answers().first();
                let card = offer.cards().first();
                answer
                    .map(|answer| Place::Answer(answer.id))
                    .or(card.map(|card| Place::Card(card.id, Field::Title)))
            })
        };
        let at = at.filter(|at| *at != Place::Whole);
        if let Some(place) = at.or_else(first) {
            focus(name(place));
        }
    }

    fn close(self) {
        self.open.set(false);
        focus(BUTTON.into());
    }

    fn change<T: Default>(self, change: impl FnOnce(&mut Offer) -> T) -> T {
        let done = self.offer.try_update(change);
        self.on_change.run(());
        done.unwrap_or_default()
    }

    fn next_answer(self, after: Option<u32>) {
        if let Some(id) = self.change(|offer| offer.next_answer(after)) {
            focus(name(Place::Answer(id)));
        }
    }

    fn add_card(self) {
        if let Some(id) = self.change(Offer::add_card) {
            focus(name(Place::Card(id, Field::Title)));
        }
    }

    /// The focus goes to the way back, or to where there is something like it.
    fn remove(self, id: u32, or_to: &'static str) {
        let undo = self.change(|offer| offer.remove(id));
        focus(if undo { "offer-undo" } else { or_to }.into());
    }

    fn undo(self) {
        let Some(id) = self.change(Offer::undo) else {
            return;
        };
        let is_card = self
            .offer
            .with_untracked(|offer| offer.cards().iter().any(|card| card.id == id));
        focus(name(if is_card {
            Place::Card(id, Field::Title)
        } else {
            Place::Answer(id)
        }));
    }

    /// The button that was pressed keeps the focus, or the other one where it has come to an end.
    fn step(self, id: u32, back: bool) {
        self.change(|offer| offer.step(id, back));
        let at_end = self.offer.with_untracked(|offer| {
            let cards = offer.cards();
            let end = if back { cards.first() } else { cards.last() };
            end.is_some_and(|card| card.id == id)
        });
        let way = if back == at_end { "down" } else { "up" };
        focus(format!("offer-{way}-{id}"));
    }
}

/// What a field is called on the page.
fn name(place: Place) -> String {
    match place {
        Place::Answer(id) => format!("offer-answer-{id}"),
        Place::Card(id, field) => format!("offer-card-{id}-{}", slug(field)),
        Place::Whole => "offer".into(),
    }
}

fn slug(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Price => "price",
        Field::Text => "about",
        Field::Link => "link",
        Field::Action => "action",
        Field::Picture => "picture",
    }
}

/// Esc closes the editor, and nothing behind it.
fn escape(event: &ev::KeyboardEvent, editing: Editing) {
    if event.key() == "Escape" && !composes(event) && editing.open.get_untracked() {
        event.prevent_default();
        editing.close();
    }
}

/// While a word is being composed the keys belong to the keyboard (composer.rs).
fn composes(event: &ev::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Puts the focus there, once it is drawn.
fn focus(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) =
            element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // A card is filled in as a whole.
            if let Ok(Some(card)) = element.closest(".offer-card") {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                card.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
            // Where it cannot have the focus, everything works as well.
            let _ = element.focus();
        }
    });
}
