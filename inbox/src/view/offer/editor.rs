//! The button that opens the editor, and the editor.

use leptos::prelude::*;
use protocol::{
    desk::offer::{Offer, Place},
    limits::PARTS_MAX,
};

use super::{
    BUTTON, Editing, escape,
    fault::fault_words,
    rows::{answer, card},
};
use crate::view::{
    icon::{Icon, icon},
    words,
};

/// The button that opens and closes it, and says what is in it.
#[component]
pub fn OfferButton(
    /// Which.
    editing: Editing,
) -> impl IntoView {
    let text = words().offering;
    let Editing { offer, open, .. } = editing;
    let counts = Memo::new(move |_| offer.with(Offer::counts));
    let holds = move || Some(counts.get()).filter(|counts| *counts != (0, 0));
    let said = move |(answers, cards)| (text.holds)(answers, cards);
    view! {
        <button
            type="button"
            id=BUTTON
            class="button offer-button"
            class:holds=move || holds().is_some()
            aria-expanded=move || open.get().to_string()
            aria-controls="offer"
            aria-label=move || holds().map(|counts| (text.offer_of)(&said(counts)))
            on:click=move |_| if open.get_untracked() { editing.open.set(false) } else { editing.show(None) }
            on:keydown=move |event| escape(&event, editing)
        >
            {icon(Icon::Offer)}
            <span>{move || holds().map_or_else(|| text.offer.to_owned(), said)}</span>
        </button>
    }
}

/// The editor.
#[component]
pub fn OfferEditor(
    /// What is filled in.
    editing: Editing,
) -> impl IntoView {
    let all = words();
    let text = all.offering;
    let offer = editing.offer;
    let answers = Memo::new(move |_| {
        let ids = |offer: &Offer| offer.answers().iter().map(|answer| answer.id).collect();
        offer.with::<Vec<u32>>(ids)
    });
    let cards = Memo::new(move |_| {
        let ids = |offer: &Offer| offer.cards().iter().map(|card| card.id).collect();
        offer.with::<Vec<u32>>(ids)
    });
    let has_room = Memo::new(move |_| offer.with(Offer::has_room));
    let has_cards = Memo::new(move |_| cards.with(|cards| !cards.is_empty()));
    let whole = Memo::new(move |_| offer.with(|offer| offer.fault(Place::Whole)));
    let removed = Memo::new(move |_| offer.with(|offer| offer.removed().map(str::to_owned)));
    view! {
        <div id="offer" class="offer" role="group" aria-label=text.editor on:keydown=move |event| escape(&event, editing)>
            <div class="offer-parts">
                <div class="offer-part" role="group" aria-labelledby="offer-answers" aria-describedby="offer-answers-hint">
                    <p class="offer-name" id="offer-answers">{text.answers}</p>
                    <p class="offer-hint" id="offer-answers-hint">{text.answers_hint}</p>
                    <For each=move || answers.get() key=|id| *id let:id>
                        {answer(editing, id, all)}
                    </For>
                    <Show when=move || has_room.get()>
                        <button
                            type="button"
                            id="offer-add-answer"
                            class="button quiet"
                            on:click=move |_| editing.next_answer(None)
                        >
                            {icon(Icon::Add)} {text.add_answer}
                        </button>
                    </Show>
                </div>
                <div class="offer-part" role="group" aria-labelledby="offer-cards" aria-describedby="offer-cards-hint">
                    <p class="offer-name" id="offer-cards">{text.cards}</p>
                    <p class="offer-hint" id="offer-cards-hint">{text.cards_hint}</p>
                    <For each=move || cards.get() key=|id| *id let:id>
                        {card(editing, id, cards, all)}
                    </For>
                    <Show when=move || has_room.get()>
                        <button type="button" id="offer-add-card" class="button quiet" on:click=move |_| editing.add_card()>
                            {icon(Icon::Add)} {move || if has_cards.get() { text.add_another } else { text.add_card }}
                        </button>
                    </Show>
                </div>
            </div>
            <div class="offer-foot" role="status">
                {move || {
                    whole
                        .get()
                        .map(|fault| {
                            view! { <p class="offer-fault">{icon(Icon::Warning)} <span>{fault_words(fault, all)}</span></p> }.into_any()
                        })
                        .or_else(|| {
                            (!has_room.get()).then(|| view! { <p class="offer-hint">{(text.full)(PARTS_MAX)}</p> }.into_any())
                        })
                }}
                {move || {
                    let name = removed.get()?;
                    let said = if name.is_empty() { text.removed_bare.to_owned() } else { (text.removed)(&name) };
                    Some(
                        view! {
                            <p class="offer-removed">
                                <span>{said}</span>
                                <button type="button" id="offer-undo" class="link" on:click=move |_| editing.undo()>
                                    {all.undo}
                                </button>
                            </p>
                        },
                    )
                }}
            </div>
        </div>
    }
}
