//! What the visitor filled in: a form, or what they think of the conversation. It stands in the transcript like a slip of paper that
//! was handed in, and is only ever text.

use leptos::prelude::*;
use protocol::{entry::Answer, shared::Shared};

use crate::{
    lines::Shape,
    text::Text,
    view::{
        bubble::{pieces, time},
        icon::{Icon, icon},
    },
};

/// A filled form: each question with its answer.
pub fn form(
    answers: &Shared<Answer>,
    shape: Signal<Shape>,
    visitor: Signal<String>,
    text: &'static Text,
) -> impl IntoView + use<> {
    let filled = move || (text.filled_in)(&visitor.get());
    view! {
        <article class="slip" aria-label=filled>
            <p class="slip-head">
                {icon(Icon::Note)} <span aria-hidden="true">{filled}</span>
                {move || shape.get().at.map(|at| time(at, text))}
            </p>
            <dl>{answers.all().iter().map(line).collect_view()}</dl>
        </article>
    }
}

/// One question with its answer.
pub fn line(answer: &Answer) -> impl IntoView + use<> {
    view! {
        <div>
            <dt>{answer.label.clone()}</dt>
            <dd>{pieces(&answer.value)}</dd>
        </div>
    }
}

/// What the visitor thinks of it.
pub fn rating(
    score: u8,
    comment: &str,
    shape: Signal<Shape>,
    visitor: Signal<String>,
    text: &'static Text,
) -> impl IntoView + use<> {
    let word = text.scores.get(usize::from(score).saturating_sub(1));
    let word = word.copied().unwrap_or_default();
    let rated = move || (text.rated)(&visitor.get(), word, score);
    view! {
        <article class="slip" aria-label=rated>
            <p class="slip-head">
                {icon(Icon::Star)} <span aria-hidden="true">{rated}</span>
                {move || shape.get().at.map(|at| time(at, text))}
            </p>
            {(!comment.is_empty()).then(|| view! { <p class="slip-words">{pieces(comment)}</p> })}
        </article>
    }
}
