//! The head of a conversation and the bars that belong to it.

use leptos::prelude::*;
use protocol::{
    conversation::Status,
    entry::{Author, OperatorCard},
    id::VisitorId,
    presence::Page,
};

use crate::view::{
    avatar,
    icon::{Icon, icon},
    words,
};

/// Who it is, where they are, who answers, and what can be done.
#[component]
pub fn Head(
    /// Whose conversation.
    #[prop(into)]
    visitor: Signal<Option<VisitorId>>,
    /// Their name.
    #[prop(into)]
    name: Signal<String>,
    /// They have the chat open.
    #[prop(into)]
    present: Signal<bool>,
    /// Where they are or were.
    #[prop(into)]
    page: Signal<Option<Page>>,
    /// Whether anything is left to do.
    #[prop(into)]
    status: Signal<Status>,
    /// Who is to answer.
    #[prop(into)]
    assignee: Signal<Option<OperatorCard>>,
    /// Who sits here.
    you: Author,
    /// Back to the list.
    on_back: Callback<()>,
    /// What is known about the visitor, where there is no room for it beside the conversation.
    on_about: Callback<()>,
    /// Take it.
    on_assign: Callback<()>,
    /// Resolve it, or open it again.
    on_status: Callback<Status>,
) -> impl IntoView {
    let text = words();
    let you = StoredValue::new(you);
    let mine = Memo::new(move |_| {
        assignee.with(|card| {
            card.as_ref()
                .is_some_and(|card| you.with_value(|you| is_of(you, card)))
        })
    });
    let answers = move || match assignee.get() {
        Some(_) if mine.get() => text.assigned_to_you.to_owned(),
        Some(card) => (text.assigned_to)(&card.name),
        None => text.unassigned.to_owned(),
    };
    view! {
        <header class="head">
            <button type="button" class="button icon-only back" aria-label=text.back on:click=move |_| on_back.run(())>
                {icon(Icon::Back)}
            </button>
            <span class="head-face">
                {move || visitor.get().map(|visitor| avatar::visitor(&visitor))}
                <Show when=move || present.get()>
                    <span class="presence" aria-hidden="true"></span>
                </Show>
            </span>
            <div class="head-who">
                <h2>{move || name.get()}</h2>
                <p>
                    <span class="head-presence">{move || if present.get() { text.here } else { text.away }}</span>
                    {move || page.get().map(|page| view! { <span class="head-page">{page_link(page)}</span> })}
                </p>
            </div>
            <span class="assignee" class:nobody=move || assignee.with(Option::is_none)>
                {move || assignee.get().map(|card| avatar::operator(&card))} <span>{answers}</span>
            </span>
            <button
                type="button"
                class="button icon-only about-button"
                aria-label=text.about
                title=text.about
                aria-haspopup="dialog"
                on:click=move |_| on_about.run(())
            >
                {icon(Icon::Card)}
            </button>
            <Show when=move || !mine.get()>
                <button type="button" class="button" title=format!("{} (A)", text.assign_to_me) on:click=move |_| on_assign.run(())>
                    {icon(Icon::Person)} <span>{text.assign_to_me}</span>
                </button>
            </Show>
            {move || {
                let (then, sign, label) = match status.get() {
                    Status::Open => (Status::Resolved, Icon::Done, text.resolve),
                    Status::Resolved => (Status::Open, Icon::Again, text.reopen),
                };
                view! {
                    <button
                        type="button"
                        class="button primary"
                        title=format!("{label} (E)")
                        on:click=move |_| on_status.run(then)
                    >
                        {icon(sign)}
                        <span>{label}</span>
                    </button>
                }
            }}
        </header>
    }
}

/// The way back after resolving, for as long as it is open.
#[component]
pub fn UndoBar(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Take it back.
    on_undo: Callback<()>,
) -> impl IntoView {
    let text = words();
    view! {
        <div class="undo-room" role="status">
            <Show when=move || open.get()>
                <p class="undo">
                    {icon(Icon::Done)} <span>{text.resolved_bar}</span>
                    <button type="button" class="link" on:click=move |_| on_undo.run(())>{text.undo}</button>
                </p>
            </Show>
        </div>
    }
}

/// Before any conversation is open.
#[component]
pub fn NoConversation() -> impl IntoView {
    let text = words();
    let key = |key: &'static str, does: &'static str| view! { <li><kbd>{key}</kbd> {does}</li> };
    view! {
        <div class="pick">
            <svg class="bell" viewBox="0 0 120 96" aria-hidden="true">
                <path class="bell-shadow" d="M22 82h76" />
                <path class="bell-body" d="M28 70a32 32 0 0 1 64 0z" />
                <path class="bell-shine" d="M40 64a21 21 0 0 1 12-15" />
                <path class="bell-line" d="M24 70h72v6H24zM60 38v-7M54 29h12M20 44l-7-4M32 27l-5-7M100 44l7-4M88 27l5-7" />
            </svg>
            <h2>{text.pick}</h2>
            <p>{text.pick_more}</p>
            <ul class="pick-keys">{key("J K", text.key_move)} {key("R", text.key_reply)} {key("?", text.shortcuts)}</ul>
        </div>
    }
}

/// A page of the shop; a link only where the address is one.
pub fn page_link(page: Page) -> AnyView {
    let text = words();
    let title = if page.title.is_empty() {
        page.url.clone()
    } else {
        page.title
    };
    match web_sys::Url::new(&page.url) {
        Ok(url) if matches!(url.protocol().as_str(), "https:" | "http:") => view! {
            <a href=url.href() target="_blank" rel="noopener noreferrer" title=page.url>
                <span>{title}</span>
                {icon(Icon::Outward)}
                <span class="unseen">" (" {text.opens_in_tab} ")"</span>
            </a>
        }
        .into_any(),
        Ok(_) | Err(_) => view! { <span>{title}</span> }.into_any(),
    }
}

fn is_of(you: &Author, card: &OperatorCard) -> bool {
    match you {
        Author::Operator(me) => me.id == card.id,
        Author::Visitor | Author::Bot(_) | Author::System | Author::Unknown => false,
    }
}
