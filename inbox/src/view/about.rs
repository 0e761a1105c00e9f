//! What is known about the visitor, beside the conversation.

use leptos::{html, prelude::*};
use protocol::{
    conversation::{Status, Summary},
    entry::{Answer, Author},
    id::ConversationId,
    presence::Page,
    time::Timestamp,
};

use crate::{
    moment,
    view::{
        avatar,
        conversation::page_link,
        facts::{Cart, Said},
        icon::{Icon, icon},
        list::label,
        others::Others,
        row, slip, words,
    },
    wait,
};

/// Where there is room for the column, as in `inbox.css`.
const COLUMN: &str = "(min-width: 1100px)";

/// The right column.
#[component]
pub fn About(
    /// The conversation as the list knows it.
    #[prop(into)]
    summary: Signal<Option<Summary>>,
    /// The other conversations of whose it is; nothing where they could not be read.
    #[prop(into)]
    others: Signal<Option<Vec<Summary>>>,
    /// They are to be read again.
    on_others: Callback<()>,
    /// Who sits at this desk.
    you: Author,
    /// Another one was chosen.
    on_open: Callback<ConversationId>,
    /// They have the chat open.
    #[prop(into)]
    present: Signal<bool>,
    /// Where they are or were.
    #[prop(into)]
    page: Signal<Option<Page>>,
    /// Whether anything is left to do.
    #[prop(into)]
    status: Signal<Status>,
    /// Who is to answer, in words.
    #[prop(into)]
    assignee: Signal<String>,
    /// What they filled in.
    #[prop(into)]
    told: Signal<Vec<Answer>>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// A text is to be copied.
    on_copy: Callback<String>,
) -> impl IntoView {
    let text = words();
    let copied = RwSignal::new(false);
    let id = Memo::new(move |_| {
        summary
            .with(|s| s.as_ref().map(|s| s.id.to_string()))
            .unwrap_or_default()
    });
    let person = Memo::new(move |_| summary.with(|s| s.as_ref().and_then(|s| s.person.clone())));
    let waiting = Memo::new(move |_| {
        let waits = |summary: &Summary| {
            let open = summary.status == Status::Open;
            summary.waiting_since.filter(|_| open)
        };
        summary.with(|s| s.as_ref().and_then(waits))
    });
    let opened = Memo::new(move |_| summary.with(|s| s.as_ref().map(|s| s.opened_at)));
    let facts =
        Memo::new(move |_| page.with(|p| p.as_ref().map(|p| p.facts.clone()).unwrap_or_default()));
    Effect::new(move |_| {
        id.track();
        copied.set(false);
    });
    view! {
        <div class="about-card">
            <div class="about-face">{move || summary.with(|s| s.as_ref().map(|s| avatar::visitor(&s.visitor)))}</div>
            <h2>{move || summary.with(|s| s.as_ref().map(|s| label(s, text)))}</h2>
            {move || match person.get() {
                Some(_) => view! { <p class="proved">{icon(Icon::Proved)} <span>{text.proved}</span></p> }.into_any(),
                None => view! { <p class="quiet">{text.unproved}</p> }.into_any(),
            }}
            <p class="about-presence" class:here=move || present.get()>
                {move || if present.get() { text.here } else { text.away }}
            </p>
            {move || waiting.get().map(|since| row::chip(wait::wait(since, now.get()), text))}
        </div>
        {move || {
            person
                .get()
                .map(|person| {
                    let line = |(name, said): (&'static str, Option<String>)| {
                        said.map(|said| view! { <div><dt>{name}</dt><dd dir="auto">{said}</dd></div> })
                    };
                    let lines = [(text.customer, Some(person.id)), (text.email, person.email), (text.telephone, person.phone)];
                    view! { <dl class="facts person">{lines.map(line)}</dl> }
                })
        }}
        {move || {
            let told = told.get();
            (!told.is_empty())
                .then(|| {
                    view! {
                        <h3>{text.said_of_themselves}</h3>
                        <dl class="facts">{told.iter().map(slip::line).collect_view()}</dl>
                    }
                })
        }}
        <Cart facts />
        <dl class="facts">
            <div>
                <dt>{text.page}</dt>
                <dd>{move || page.get().map_or_else(|| text.no_page.into_any(), page_link)}</dd>
            </div>
            <div>
                <dt>{text.status}</dt>
                <dd>
                    {move || match status.get() {
                        Status::Open => text.open_one,
                        Status::Resolved => text.resolved_one,
                    }}
                </dd>
            </div>
            <div>
                <dt>{text.assignee}</dt>
                <dd>{move || assignee.get()}</dd>
            </div>
            <div>
                <dt>{text.opened}</dt>
                <dd>{move || opened.get().map(|at| moment::full(at, text.locale))}</dd>
            </div>
            <div>
                <dt>{text.conversation_id}</dt>
                <dd class="id">
                    <code>{move || id.get()}</code>
                    <button
                        type="button"
                        class="button icon-only"
                        aria-label=text.copy_id
                        title=text.copy_id
                        on:click=move |_| {
                            on_copy.run(id.get_untracked());
                            copied.set(true);
                        }
                    >
                        {move || icon(if copied.get() { Icon::Tick } else { Icon::Copy })}
                    </button>
                    <span class="unseen" role="status">{move || copied.get().then_some(text.copied)}</span>
                </dd>
            </div>
        </dl>
        <Said facts />
        <Others others on_again=on_others now you on_open />
    }
}

/// The same over the conversation, where there is no room for a column.
#[component]
pub fn Sheet(
    /// It is shown.
    open: RwSignal<bool>,
    /// What is known.
    children: ChildrenFn,
) -> impl IntoView {
    let text = words();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails only for a dialog that is open or not on the page.
            (true, false) => drop(dialog.show_modal()),
            // Gives the focus back to what had it.
            (false, true) => dialog.close(),
            (true, true) | (false, false) => {}
        }
    });
    let turned = window_event_listener(leptos::ev::resize, move |_| {
        let has_the_column = window().match_media(COLUMN).ok().flatten();
        if has_the_column.is_some_and(|query| query.matches()) {
            open.set(false);
        }
    });
    on_cleanup(move || turned.remove());
    view! {
        <dialog class="about-sheet about" node_ref=dialog aria-label=text.about on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <button type="button" class="button icon-only" aria-label=text.close on:click=move |_| open.set(false)>
                    {icon(Icon::Close)}
                </button>
                {children()}
            </Show>
        </dialog>
    }
}
