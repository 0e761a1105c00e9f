//! The list of conversations, and what belongs to the desk itself: sound, hints, the way out.

use std::collections::BTreeSet;

use leptos::{html, prelude::*};
use protocol::{
    api::Me,
    conversation::Summary,
    desk::listing::{Count, Listing, Reading, Tab},
    entry::Author,
    id::ConversationId,
    time::Timestamp,
};

use crate::{
    face,
    text::Text,
    view::{
        avatar,
        icon::{Icon, icon},
        row::Row,
        words,
    },
};

/// How close to the end of the list the next page is asked for: two rows.
const NEAR_END: i32 = 180;

/// How the list is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is under way.
    #[default]
    Idle,
    /// A page is being read.
    Reading,
    /// The last page could not be read.
    Failed,
}

/// The left column.
#[component]
pub fn List(
    /// Who sits here.
    me: Me,
    /// What is known of the inbox.
    #[prop(into)]
    listing: Signal<Listing>,
    /// Which list is shown.
    #[prop(into)]
    tab: Signal<Tab>,
    /// How the list is doing.
    #[prop(into)]
    progress: Signal<Progress>,
    /// The inbox is connected.
    #[prop(into)]
    live: Signal<bool>,
    /// The open conversation.
    #[prop(into)]
    selected: Signal<Option<ConversationId>>,
    /// The conversations with words that were not sent.
    #[prop(into)]
    unsent: Signal<BTreeSet<ConversationId>>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// What the operator asked for and could not be done.
    #[prop(into)]
    trouble: Signal<Option<String>>,
    /// New messages make a sound.
    #[prop(into)]
    sound: Signal<bool>,
    /// Another list was chosen.
    on_tab: Callback<Tab>,
    /// A conversation was chosen.
    on_open: Callback<ConversationId>,
    /// More of the list is wanted, or the same again after a failure.
    on_more: Callback<()>,
    /// The sound is switched.
    on_sound: Callback<()>,
    /// The hints are wanted.
    on_hints: Callback<()>,
    /// Changes of the shop are not saved yet.
    #[prop(into)]
    unsaved: Signal<bool>,
    /// The chat is to be installed, or its looks to be changed.
    on_install: Callback<()>,
    /// The operator leaves.
    on_sign_out: Callback<()>,
) -> impl IntoView {
    let text = words();
    let you = StoredValue::new(Author::Operator(me.operator.clone()));
    let shop = StoredValue::new(me.shop.front.name.clone());
    let shown = Memo::new(move |_| listing.with(|listing| listing.shown(tab.get())));
    let reading = Memo::new(move |_| listing.with(|listing| listing.reading(tab.get())));
    let more = Memo::new(move |_| matches!(reading.get(), Reading::Partly(_)));
    let scroller = NodeRef::<html::Section>::new();
    Effect::new(move |before: Option<Tab>| {
        let tab = tab.get();
        // Another list begins at its beginning.
        if before.is_some_and(|before| before != tab)
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
        }
        tab
    });
    let scrolled = move |event: web_sys::Event| {
        let element = event_target::<web_sys::Element>(&event);
        let left = element.scroll_height() - element.scroll_top() - element.client_height();
        if left < NEAR_END && more.get_untracked() && progress.get_untracked() == Progress::Idle {
            on_more.run(());
        }
    };
    view! {
        <header class="shop">
            <span class="shop-mark" aria-hidden="true">{face::initials(&me.shop.front.name)}</span>
            <p class="shop-name">{me.shop.front.name.clone()}</p>
            <Show when=move || !live.get()>
                <span class="shop-offline" role="status">{icon(Icon::Offline)} {text.connecting}</span>
            </Show>
        </header>
        <nav class="tabs" aria-label=text.lists>
            {Tab::ALL
                .map(|each| {
                    let count = Memo::new(move |_| listing.with(|listing| listing.count(each)));
                    view! {
                        <button
                            type="button"
                            class="tab"
                            aria-current=move || (tab.get() == each).then_some("true")
                            on:click=move |_| on_tab.run(each)
                        >
                            {name(each, text)}
                            {move || count.get().map(|count| view! { " " <span class="tab-count">{told(count)}</span> })}
                        </button>
                    }
                })
                .collect_view()}
        </nav>
        <section class="rows-scroller" node_ref=scroller aria-label=text.conversations on:scroll=scrolled>
            <ul class="rows" aria-label=text.conversations aria-busy=move || (progress.get() == Progress::Reading).to_string()>
                <For each=move || shown.get() key=|id| *id let:id>
                    <Row
                        summary=Memo::new(move |_| listing.with(|listing| listing.get(id).cloned())).into()
                        current=Signal::derive(move || selected.get() == Some(id))
                        unsent=Memo::new(move |_| unsent.with(|unsent| unsent.contains(&id)))
                        now
                        you=you.get_value()
                        shop=shop.get_value()
                        on_open
                    />
                </For>
            </ul>
            {move || {
                let empty = shown.with(Vec::is_empty);
                match (progress.get(), empty) {
                    (Progress::Reading, true) => skeletons(text).into_any(),
                    (Progress::Failed, _) => failed(text, on_more).into_any(),
                    (Progress::Idle, true) if reading.get() != Reading::Unread => nothing(tab.get(), text, on_install).into_any(),
                    (Progress::Idle, true) => skeletons(text).into_any(),
                    (Progress::Idle | Progress::Reading, false) if more.get() => {
                        let label = if progress.get() == Progress::Reading { text.loading } else { text.load_more };
                        view! {
                            <button type="button" class="button quiet more" on:click=move |_| on_more.run(())>
                                {label}
                            </button>
                        }
                            .into_any()
                    }
                    (Progress::Idle | Progress::Reading, false) => ().into_any(),
                }
            }}
        </section>
        <div class="trouble" role="alert">
            {move || trouble.get().map(|trouble| view! { <p>{trouble}</p> })}
        </div>
        <footer class="desk-foot">
            {avatar::operator(&me.operator)} <span class="desk-who">{me.operator.name.clone()}</span>
            <button
                type="button"
                class="button icon-only install-way"
                class:unsaved=move || unsaved.get()
                aria-label=move || if unsaved.get() { text.install.install_unsaved } else { text.install.install }
                title=move || if unsaved.get() { text.install.install_unsaved } else { text.install.install }
                on:click=move |_| on_install.run(())
            >
                {icon(Icon::Shop)}
            </button>
            <button
                type="button"
                class="button icon-only"
                aria-label=move || if sound.get() { text.sound_on } else { text.sound_off }
                title=move || if sound.get() { text.sound_on } else { text.sound_off }
                on:click=move |_| on_sound.run(())
            >
                {move || icon(if sound.get() { Icon::Sound } else { Icon::Mute })}
            </button>
            <button
                type="button"
                class="button icon-only hints-button"
                aria-label=text.shortcuts
                title=format!("{} (?)", text.shortcuts)
                on:click=move |_| on_hints.run(())
            >
                {icon(Icon::Keyboard)}
            </button>
            <button
                type="button"
                class="button icon-only"
                aria-label=text.sign_out
                title=text.sign_out
                on:click=move |_| on_sign_out.run(())
            >
                {icon(Icon::Leave)}
            </button>
        </footer>
    }
}

/// What the row of a conversation shows, for the other columns: their name where the shop has proved it.
pub fn label(summary: &Summary, text: &'static Text) -> String {
    let name = summary
        .person
        .as_ref()
        .and_then(|person| person.name.clone());
    name.unwrap_or_else(|| (text.visitor)(&face::tag(&summary.visitor)))
}

fn name(tab: Tab, text: &'static Text) -> &'static str {
    match tab {
        Tab::Open => text.open,
        Tab::Mine => text.mine,
        Tab::Resolved => text.resolved,
    }
}

fn told(count: Count) -> String {
    match count {
        Count::Exactly(n) => n.to_string(),
        Count::AtLeast(n) => format!("{n}+"),
    }
}

fn skeletons(text: &'static Text) -> impl IntoView {
    let one = || {
        view! {
            <div class="row skeleton">
                <span class="avatar"></span>
                <span class="bone a"></span>
                <span class="bone b"></span>
                <span class="bone c"></span>
            </div>
        }
    };
    view! {
        <div class="skeletons" role="status">
            <span class="unseen">{text.loading}</span>
            {[(); 5].map(|()| one()).collect_view()}
        </div>
    }
}

fn nothing(tab: Tab, text: &'static Text, on_install: Callback<()>) -> impl IntoView {
    let (title, more) = match tab {
        Tab::Open => (text.empty_open, text.empty_open_more),
        Tab::Mine => (text.empty_mine, text.empty_mine_more),
        Tab::Resolved => (text.empty_resolved, text.empty_resolved_more),
    };
    view! {
        <div class="nothing" role="status">
            <svg class="cup" viewBox="0 0 96 72" aria-hidden="true">
                <path class="cup-steam" d="M36 18c-4-4 4-7 0-12M48 18c-4-4 4-7 0-12M60 18c-4-4 4-7 0-12" />
                <path class="cup-body" d="M22 26h52l-4 24a12 12 0 0 1-12 10H38a12 12 0 0 1-12-10z" />
                <path class="cup-line" d="M73 31h4a8 8 0 0 1 0 16h-6M16 66h64" />
            </svg>
            <p class="nothing-title">{title}</p>
            <p>{more}</p>
            {(tab == Tab::Open)
                .then(|| {
                    view! {
                        <button type="button" class="button" on:click=move |_| on_install.run(())>
                            {text.key_install}
                        </button>
                    }
                })}
        </div>
    }
}

fn failed(text: &'static Text, on_more: Callback<()>) -> impl IntoView {
    view! {
        <div class="nothing" role="alert">
            <p>{text.list_failed}</p>
            <button type="button" class="button" on:click=move |_| on_more.run(())>{text.try_again}</button>
        </div>
    }
}
