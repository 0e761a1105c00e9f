//! What else a visitor has written, or the customer whom they were proved to be.

use leptos::prelude::*;
use protocol::{
    conversation::{Status, Summary},
    entry::Author,
    id::ConversationId,
    time::Timestamp,
};

use crate::view::{row, words};

/// Their other conversations, last changed first; nothing where there is none.
#[component]
pub fn Others(
    /// Those.
    #[prop(into)]
    others: Signal<Vec<Summary>>,
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
    move || {
        let others = others.get();
        (!others.is_empty()).then(|| {
            let lines = others
                .into_iter()
                .map(|one| line.with_value(|line| line(one)));
            view! {
                <h3>{text.others}</h3>
                <ul class="facts others" aria-label=text.others>{lines.collect_view()}</ul>
            }
        })
    }
}
