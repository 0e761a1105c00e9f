//! One conversation in the list.

use leptos::prelude::*;
use protocol::{
    conversation::{LastWords, Summary},
    entry::Author,
    id::ConversationId,
    time::Timestamp,
};

use crate::{
    face,
    moment::{self, Ago},
    text::Text,
    view::{
        avatar,
        icon::{Icon, icon},
        list::label,
        words,
    },
    wait::{self, Patience},
};

/// One conversation in the list: who waits, for how long, what they said last, where they are.
#[component]
pub fn Row(
    /// The conversation.
    summary: Signal<Option<Summary>>,
    /// It is the open one.
    #[prop(into)]
    current: Signal<bool>,
    /// It has words that were not sent.
    #[prop(into)]
    unsent: Signal<bool>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// Who sits at this desk.
    you: Author,
    /// The shop's name, which needs no telling here.
    shop: String,
    /// It was chosen.
    on_open: Callback<ConversationId>,
) -> impl IntoView {
    let text = words();
    // A row lives as long as its conversation is in the list, and the visitor never changes.
    let first = summary.get_untracked();
    let visitor = first.as_ref().map(|summary| summary.visitor);
    let id = first.map(|summary| summary.id);
    let of = move |look: fn(&Summary) -> u32| {
        Memo::new(move |_| summary.with(|s| s.as_ref().map_or(0, look)))
    };
    let unread = of(|s| s.unread);
    let name = Memo::new(move |_| summary.with(|s| s.as_ref().map(|s| label(s, text))));
    let proved =
        Memo::new(move |_| summary.with(|s| s.as_ref().is_some_and(|s| s.person.is_some())));
    let present =
        Memo::new(move |_| summary.with(|s| s.as_ref().is_some_and(|s| s.visitor_present)));
    let waiting = Memo::new(move |_| {
        let since = summary.with(|s| s.as_ref().and_then(|s| s.waiting_since))?;
        Some(wait::wait(since, now.get()))
    });
    let when = Memo::new(move |_| {
        let at = summary.with(|s| s.as_ref().map(|s| s.updated_at));
        at.map(|at| ago(at, now.get(), text)).unwrap_or_default()
    });
    let last = Memo::new(move |_| summary.with(|s| s.as_ref().and_then(|s| s.last.clone())));
    let page = Memo::new(move |_| {
        let page = summary.with(|s| s.as_ref().and_then(|s| s.page.clone()))?;
        Some(if page.title.is_empty() {
            page.url
        } else {
            face::page(&page.title, &shop).to_owned()
        })
    });
    view! {
        <li>
            <button
                type="button"
                class="row"
                class:unread=move || { unread.get() > 0 }
                aria-current=move || current.get().then_some("true")
                on:click=move |_| {
                    if let Some(id) = id {
                        on_open.run(id);
                    }
                }
            >
                <span class="row-face">
                    {visitor.map(|visitor| avatar::visitor(&visitor))}
                    <Show when=move || present.get()>
                        <span class="presence" aria-hidden="true"></span>
                    </Show>
                </span>
                <span class="row-name">
                    <span>{move || name.get()}</span>
                    <Show when=move || proved.get()>
                        {icon(Icon::Proved)} <span class="unseen">{text.proved}</span>
                    </Show>
                </span>
                <span class="row-when">{move || when.get()}</span>
                <span class="row-last">
                    {move || last_words(last.get(), &you, text)}
                    {move || {
                        let unread = unread.get();
                        (unread > 0)
                            .then(|| {
                                view! {
                                    <span class="badge" aria-hidden="true">{unread.min(99)}</span>
                                    <span class="unseen">{(text.unread)(unread)}</span>
                                }
                            })
                    }}
                </span>
                <span class="row-foot">
                    <span class="unseen">{move || if present.get() { text.here } else { text.away }}</span>
                    <span class="row-page">
                        {move || {
                            let before = if present.get() { text.on_page } else { text.was_on_page };
                            page.get().map(|page| view! { <span class="unseen">{before} " "</span> {page} })
                        }}
                    </span>
                    <Show when=move || unsent.get()>
                        <span class="row-unsent">{icon(Icon::Warning)} {text.unsent}</span>
                    </Show>
                    {move || waiting.get().map(|wait| chip(wait, text))}
                </span>
            </button>
        </li>
    }
}

/// How long somebody waits, by colour, sign and words.
pub fn chip(wait: wait::Wait, text: &'static Text) -> impl IntoView {
    let (class, sign, said) = match wait.patience {
        Patience::Fresh => ("wait fresh", Icon::Clock, None),
        Patience::Long => ("wait long", Icon::Clock, Some(text.waits_long)),
        Patience::TooLong => ("wait too-long", Icon::Warning, Some(text.waits_too_long)),
    };
    let long = match wait.minutes {
        0 => text.waits_shortly.to_owned(),
        minutes @ 1..60 => (text.minutes)(minutes),
        minutes @ 60..1_440 => (text.hours)(minutes / 60),
        minutes => (text.days)(minutes / 1_440),
    };
    let title = format!("{} {long}", text.waits);
    view! {
        <span class=class title=title>
            {icon(sign)} <span class="wait-word">{text.waits} " "</span> <span>{long}</span>
            {said.map(|said| view! { <span class="unseen">", " {said}</span> })}
        </span>
    }
}

/// The last words, and whose they are.
pub fn last_words(
    last: Option<LastWords>,
    you: &Author,
    text: &'static Text,
) -> impl IntoView + use<> {
    let Some(last) = last else {
        return view! { <span class="row-words none">{text.no_words}</span> }.into_any();
    };
    let who = match &last.author {
        author if author == you => Some(text.you.to_owned()),
        Author::Operator(card) => Some(card.name.clone()),
        Author::Bot(card) => Some(card.name.clone()),
        Author::Visitor | Author::System | Author::Unknown => None,
    };
    view! {
        <span class="row-words">
            {last.note.then(|| view! { <span class="row-note">{icon(Icon::Note)} {text.note}</span> " " })}
            {who.map(|who| view! { <span class="row-who">{who} ": "</span> })}
            {last.text}
        </span>
    }
    .into_any()
}

/// How long ago, in the fewest words.
pub fn ago(at: Timestamp, now: Timestamp, text: &'static Text) -> String {
    match moment::ago(at, now) {
        Ago::Now => text.now.into(),
        Ago::Minutes(n) => (text.minutes)(n),
        Ago::Hours(n) => (text.hours)(n),
        Ago::Dated => moment::short_date(at, text.locale),
    }
}
