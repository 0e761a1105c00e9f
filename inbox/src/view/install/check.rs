//! The last step: whether it works.

use leptos::prelude::*;
use protocol::{
    api::{Shop, Sighting},
    time::Timestamp,
};

use crate::{
    install::{Ago, ago},
    text::install::Install as Text,
    view::{
        icon::{Icon, icon},
        install::Seen,
        words,
    },
};

/// When the chat was opened last on each of the shop's origins.
#[component]
pub fn Check(
    /// The shop as it is saved.
    shop: Signal<Shop>,
    /// Its origins are being changed.
    origins_changed: Memo<bool>,
    /// Where it was opened.
    seen: Signal<Seen>,
    /// Now.
    now: Signal<Timestamp>,
    /// It is to be looked up again.
    on_look: Callback<()>,
) -> impl IntoView {
    let text = words().install;
    let origins = Memo::new(move |_| shop.with(|shop| shop.origins.clone()));
    let looking = Memo::new(move |_| seen.with(|seen| seen.looking));
    let known = Memo::new(move |_| seen.with(|seen| seen.sightings.clone()));
    let failed = Memo::new(move |_| seen.with(|seen| seen.failed));
    view! {
        <ul class="seen" aria-label=text.check_title aria-busy=move || looking.get().to_string()>
            <For each=move || origins.get() key=Clone::clone let:origin>
                {sighting(origin, known, now, text)}
            </For>
        </ul>
        <Show when=move || origins.with(Vec::is_empty) && !origins_changed.get()>
            <p class="hint">{text.check_empty}</p>
        </Show>
        <Show when=move || origins_changed.get()>
            <p class="hint">{text.check_unsaved}</p>
        </Show>
        <p class="fault" role="alert">
            {move || failed.get().then(|| view! { {icon(Icon::Warning)} <span>{text.check_failed}</span> })}
        </p>
        <button
            type="button"
            class="button"
            aria-disabled=move || looking.get().to_string()
            on:click=move |_| {
                if !looking.get_untracked() {
                    on_look.run(());
                }
            }
        >
            {icon(Icon::Again)}
            {move || if looking.get() { text.looking } else { text.look_again }}
        </button>
    }
}

fn sighting(
    origin: String,
    known: Memo<Option<Vec<Sighting>>>,
    now: Signal<Timestamp>,
    text: &'static Text,
) -> impl IntoView {
    let of = origin.clone();
    // Nothing while it is not known; then when, or never.
    let last = Memo::new(move |_| {
        known.with(|known| {
            let known = known.as_ref()?;
            Some(known.iter().find(|one| one.origin == of).map(|one| one.at))
        })
    });
    let works = Memo::new(move |_| matches!(last.get(), Some(Some(_))));
    view! {
        <li class:works=move || works.get()>
            {move || icon(if works.get() { Icon::Done } else { Icon::Clock })}
            <span class="origin">{origin}</span>
            <span class="seen-when" role="status">
                {move || match last.get() {
                    None => text.looking.to_owned(),
                    Some(None) => text.never.to_owned(),
                    Some(Some(at)) => match ago(at, now.get()) {
                        Ago::Hour => text.within_the_hour.to_owned(),
                        Ago::Hours(n) => (text.hours_ago)(n),
                        Ago::Days(n) => (text.days_ago)(n),
                    },
                }}
            </span>
        </li>
    }
}
