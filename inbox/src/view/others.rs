//! What else a visitor has written, or the customer whom they were proved to be.

use leptos::prelude::*;
use protocol::{
    conversation::{Status, Summary},
    entry::Author,
    id::ConversationId,
    time::Timestamp,
};

use crate::view::{row, words};

/// Their other conversations, last changed first; nothing where there is none, and a way to try again where that is not known.
#[component]
pub fn Others(
    /// Those; nothing where they could not be read.
    #[prop(into)]
    others: Signal<Option<Vec<Summary>>>,
    /// They are to be read again.
    on_again: Callback<()>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// Who sits at this desk.
    you: Author,
    /// One was chosen.
    on_open: Callback<ConversationId>,
) -> impl IntoView {
    let text = words();
    let line = move |one: Summary| {
        let id = one.id;
        let status = match one.status {
            Status::Open => text.open_one,
            Status::Resolved => text.resolved_one,
        };
        view! {
            <li>
                <button type="button" on:click=move |_| on_open.run(id)>
                    <span class="quiet">
                        {status} " · " {move || row::ago(one.updated_at, now.get(), text)}
                    </span>
                    {row::last_words(one.last, &you, text)}
                </button>
            </li>
        }
    };
    let line = StoredValue::new(line);
    let failed = move || {
        view! {
            <div class="facts failed">
                <p role="alert">{text.others_failed}</p>
                <button type="button" class="button" on:click=move |_| on_again.run(())>{text.try_again}</button>
            </div>
        }
    };
    let list = move |others: Vec<Summary>| {
        let lines = others
            .into_iter()
            .map(|one| line.with_value(|line| line(one)));
        view! { <ul class="facts others" aria-label=text.others>{lines.collect_view()}</ul> }
    };
    // Another entry of another conversation changes nothing here.
    let others = Memo::new(move |_| others.get());
    move || {
        let shown = match others.get() {
            Some(others) if others.is_empty() => return None,
            Some(others) => list(others).into_any(),
            None => failed().into_any(),
        };
        Some(view! {
            <h3>{text.others}</h3>
            {shown}
        })
    }
}
