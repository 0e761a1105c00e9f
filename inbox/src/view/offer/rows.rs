//! The rows of the editor: an answer is a field, a card is some.

use leptos::{ev, prelude::*};
use protocol::desk::offer::{Fault, Field, Place};
use wasm_bindgen::JsCast;

use super::{Editing, composes, fault::fault_words, focus, name, slug};
use crate::{
    text::{Text, offer::Offering},
    view::icon::{Icon, icon},
};

/// An answer to choose.
pub(super) fn answer(editing: Editing, id: u32, all: &'static Text) -> impl IntoView {
    let (offer, text, place) = (editing.offer, all.offering, Place::Answer(id));
    let number = Memo::new(move |_| {
        offer.with(|offer| {
            1 + offer
                .answers()
                .iter()
                .take_while(|one| one.id != id)
                .count()
        })
    });
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        // Nor does a keyboard's own "next" send the reply.
        "Enter" => {
            event.prevent_default();
            if !composes(&event) {
                editing.next_answer(Some(id));
            }
        }
        // What is held down to clear the words does not go on to the rows.
        "Backspace"
            if offer.with_untracked(|offer| offer.text(place).is_empty()) && !event.repeat() =>
        {
            let neighbour = offer.with_untracked(|offer| {
                let at = offer.answers().iter().position(|one| one.id == id)?;
                let near = at.checked_sub(1).unwrap_or(1);
                offer.answers().get(near).map(|one| one.id)
            });
            if let Some(neighbour) = neighbour {
                event.prevent_default();
                editing.change(|offer| offer.remove(id));
                focus(name(Place::Answer(neighbour)));
            }
        }
        _ => {}
    };
    view! {
        <div class="offer-answer">
            {field(editing, place, Signal::derive(move || (text.answer)(number.get())), None, all, Callback::new(key))}
            {cross(
                Signal::derive(move || (text.remove_answer)(number.get())),
                Callback::new(move |()| editing.remove(id, "offer-add-answer")),
            )}
        </div>
    }
}

/// A card.
pub(super) fn card(
    editing: Editing,
    id: u32,
    cards: Memo<Vec<u32>>,
    all: &'static Text,
) -> impl IntoView {
    let text = all.offering;
    let at =
        Memo::new(move |_| cards.with(|cards| cards.iter().take_while(|one| **one != id).count()));
    let many = Memo::new(move |_| cards.with(Vec::len));
    let number = move || at.get() + 1;
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if !composes(&event) {
                focus_next(&event);
            }
        }
    };
    let key = Callback::new(key);
    let fields = Field::ALL.map(|which| {
        let (label, like) = described(which, text);
        field(
            editing,
            Place::Card(id, which),
            Signal::derive(move || label.to_owned()),
            like,
            all,
            key,
        )
    });
    let way = move |back: bool| {
        let (way, sign) = if back {
            ("up", Icon::Up)
        } else {
            ("down", Icon::Down)
        };
        let named = move || {
            if back {
                (text.move_up)(number())
            } else {
                (text.move_down)(number())
            }
        };
        let at_end = move || {
            if back {
                at.get() == 0
            } else {
                at.get() + 1 >= many.get()
            }
        };
        view! {
            <button
                type="button"
                id=format!("offer-{way}-{id}")
                class="button icon-only"
                aria-label=named
                title=named
                disabled=at_end
                on:click=move |_| editing.step(id, back)
            >
                {icon(sign)}
            </button>
        }
    };
    view! {
        <div class="offer-card" role="group" aria-labelledby=format!("offer-card-{id}")>
            <div class="offer-card-head">
                <p id=format!("offer-card-{id}")>{move || (text.card)(number())}</p>
                <Show when=move || { many.get() > 1 }>{way(true)} {way(false)}</Show>
                {cross(
                    Signal::derive(move || (text.remove_card)(number())),
                    Callback::new(move |()| editing.remove(id, "offer-add-card")),
                )}
            </div>
            <div class="offer-fields">{fields.into_iter().collect_view()}</div>
        </div>
    }
}

/// A field, with what is wrong in it or how much room is left. That stands beside its name: nothing moves away under a finger that
/// leaves the field for a button.
fn field(
    editing: Editing,
    place: Place,
    label: Signal<String>,
    like: Option<&'static str>,
    all: &'static Text,
    on_key: Callback<ev::KeyboardEvent>,
) -> impl IntoView {
    let (offer, left) = (editing.offer, editing.left);
    let (id, said) = (name(place), format!("{}-said", name(place)));
    let is_address = matches!(place, Place::Card(_, Field::Link | Field::Picture));
    let value = Memo::new(move |_| offer.with(|offer| offer.text(place).to_owned()));
    let fault = Memo::new(move |_| {
        let fault = offer.with(|offer| offer.fault(place))?;
        // What is too long is so from its first character on; all else is wrong when it stays as it is.
        let at_once = matches!(fault, Fault::TooLong(_));
        (at_once || left.with(|left| left.contains(&place))).then_some(fault)
    });
    let room = Memo::new(move |_| {
        let (most, long) = (place.most(), value.with(|text| text.trim().chars().count()));
        // The last tenth is told.
        (long >= most / 10 * 9 && long <= most).then(|| most - long)
    });
    view! {
        <div class=match place {
            Place::Card(_, field) => format!("offer-field of-{}", slug(field)),
            Place::Answer(_) | Place::Whole => "offer-field".to_owned(),
        }>
            <div class="offer-label">
                <label for=id.clone() class:unseen=matches!(place, Place::Answer(_))>{label}</label>
                <p class="offer-said" id=said.clone() role="status">
                    {move || match (fault.get(), room.get()) {
                        (Some(fault), _) => {
                            Some(view! { <span class="offer-fault">{icon(Icon::Warning)} <span>{fault_words(fault, all)}</span></span> }.into_any())
                        }
                        (None, Some(room)) => Some(view! { <span>{(all.left)(room)}</span> }.into_any()),
                        (None, None) => None,
                    }}
                </p>
            </div>
            <input
                id=id
                autocomplete="off"
                enterkeyhint="next"
                inputmode=is_address.then_some("url")
                autocapitalize=is_address.then_some("none")
                spellcheck=is_address.then_some("false")
                placeholder=like
                aria-describedby=said
                aria-invalid=move || fault.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| editing.change(|offer| offer.write(place, event_target_value(&event)))
                on:change=move |_| left.update(|left| { left.insert(place); })
                on:keydown=move |event| on_key.run(event)
            />
        </div>
    }
}

fn cross(label: Signal<String>, on_press: Callback<()>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button icon-only"
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |_| on_press.run(())
        >
            {icon(Icon::Close)}
        </button>
    }
}

fn described(field: Field, text: &'static Offering) -> (&'static str, Option<&'static str>) {
    match field {
        Field::Title => (text.title, None),
        Field::Price => (text.price, Some(text.price_like)),
        Field::Text => (text.about, None),
        Field::Link => (text.link, Some("https://")),
        Field::Action => (text.action, None),
        Field::Picture => (text.picture, Some("https://")),
    }
}

/// To the field behind the one in which a key was pressed; behind the last, to where another card is added.
fn focus_next(event: &ev::KeyboardEvent) {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Ok(fields) = document().query_selector_all("#offer input") else {
        return;
    };
    let mut all = (0..fields.length()).filter_map(|at| fields.item(at));
    let is = |node: &web_sys::Node| {
        field
            .as_ref()
            .is_some_and(|field| field.is_same_node(Some(node)))
    };
    if all.by_ref().any(|node| is(&node))
        && let Some(next) = all
            .next()
            .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // As above.
        let _ = next.focus();
    } else {
        focus("offer-add-card".into());
    }
}
