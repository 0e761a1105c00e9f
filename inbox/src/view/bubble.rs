//! One line of the transcript. What people typed is only ever a text node; a link is an element made from a parsed address.

use browser::{
    json,
    link::{self, Piece},
};
use leptos::{html, prelude::*};
use protocol::{
    conversation::Status,
    desk::meanwhile::Meanwhile,
    entry::Author,
    frame::Refusal,
    id::MessageId,
    part::{Part, Parts},
    time::Timestamp,
};

use crate::{
    lines::{Deed, Key, Line, Mark, Shape, What},
    moment,
    text::Text,
    view::{
        avatar,
        icon::{Icon, icon},
        slip, words,
    },
};

/// What can be done about words that were not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Send them again.
    Retry(MessageId),
    /// Copy them.
    Copy(MessageId),
    /// Throw them away.
    Delete(MessageId),
}

/// One line. Its shape can change; what it says cannot.
#[component]
pub fn Bubble(
    /// The line.
    line: Line,
    /// What can change about it.
    #[prop(into)]
    shape: Signal<Shape>,
    /// The visitor's name.
    #[prop(into)]
    visitor: Signal<String>,
    /// Now, for the days.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// Something is to be done about words that were not sent.
    on_remedy: Callback<Remedy>,
    /// What came with the words is to be drawn in this place.
    on_parts: Callback<(web_sys::Element, String)>,
) -> impl IntoView {
    let text = words();
    let id = match line.key {
        Key::Entry(id) => Some(id),
        Key::Day(_) | Key::News => None,
    };
    match line.what {
        What::Day(at) => view! {
            <div class="divider day" role="separator" aria-label=move || day(at, now.get(), text)>
                <span aria-hidden="true">{move || day(at, now.get(), text)}</span>
            </div>
        }
        .into_any(),
        What::News => view! {
            <div class="divider news" role="separator" aria-label=text.news>
                <span aria-hidden="true">{text.news}</span>
            </div>
        }
        .into_any(),
        What::Form(answers) => slip::form(&answers, shape, visitor, text).into_any(),
        What::Rating { score, comment } => {
            slip::rating(score, &comment, shape, visitor, text).into_any()
        }
        What::Deed { author, deed } => {
            let said = deed_words(&author, &deed, visitor, text);
            view! {
                <p class="deed" class:waiting=move || shape.get().mark == Mark::Waiting>
                    {icon(deed_icon(&deed))} <span>{move || said()}</span>
                    {move || shape.get().at.map(|at| time(at, text))}
                </p>
                {refusal(id, shape, on_remedy, text)}
            }
            .into_any()
        }
        What::Words {
            author,
            mine,
            note,
            text: said,
            parts,
        } => {
            let side = match (&author, note) {
                (_, true) => "bubble note",
                (Author::Visitor, _) => "bubble theirs",
                (Author::Operator(_) | Author::Bot(_) | Author::System | Author::Unknown, _) => {
                    "bubble ours"
                }
            };
            let who = author_name(&author, visitor, text);
            let named = who.clone();
            let label = move || {
                if note {
                    format!("{}, {}", text.note, named())
                } else {
                    named()
                }
            };
            let face = match &author {
                Author::Operator(card) => Some(avatar::operator(card)),
                Author::Visitor | Author::Bot(_) | Author::System | Author::Unknown => None,
            };
            let show_name = note || (!mine && author != Author::Visitor);
            view! {
                <article
                    class=side
                    class:mine=mine
                    class:first=move || shape.get().first
                    class:last=move || shape.get().last
                    class:refused=move || matches!(shape.get().mark, Mark::Refused(..))
                    class:held=move || matches!(shape.get().mark, Mark::Held(_))
                    class:waiting=move || shape.get().mark == Mark::Waiting
                    aria-label=label
                >
                    <Show when=move || show_name && shape.get().first>
                        <p class="bubble-by" aria-hidden="true">
                            {note.then(|| view! { <span class="note-word">{icon(Icon::Note)} {text.note}</span> })}
                            <span>{who.clone()}</span>
                        </p>
                    </Show>
                    <div class="bubble-line">
                        {(!said.is_empty()).then(|| view! { <p class="words">{pieces(&said)}</p> })}
                        {(!mine).then_some(face)}
                    </div>
                    {offered(&parts)}
                    {files(&parts).map(|files| view! { <Files files on_parts /> })}
                    {move || {
                        let shape = shape.get();
                        shape
                            .at
                            .filter(|_| shape.last || shape.mark != Mark::None)
                            .map(|at| view! { <p class="meta">{time(at, text)} {mark(&shape.mark, text)}</p> }.into_any())
                            .or_else(|| {
                                (shape.mark == Mark::Waiting)
                                    .then(|| view! { <p class="meta">{mark(&shape.mark, text)}</p> }.into_any())
                            })
                    }}
                </article>
                {refusal(id, shape, on_remedy, text)}
            }
            .into_any()
        }
    }
}

/// What is drawn by what is loaded for it.
#[component]
fn Files(
    /// As JSON.
    files: String,
    /// Who draws it.
    on_parts: Callback<(web_sys::Element, String)>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            on_parts.run((place.into(), files.clone()));
        }
    });
    view! { <div class="parts" node_ref=place></div> }
}

/// The cards and choices among these, as their words: visitors see them drawn and choose.
fn offered(parts: &Parts) -> Option<impl IntoView + use<>> {
    let offer = |part: &Part| {
        let words = match part {
            Part::Card(card) => [Some(&card.title), card.price.as_ref(), card.link.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(" · "),
            Part::Reply { text } => text.clone(),
            Part::File(_) | Part::Unknown => return None,
        };
        Some(view! { <li>{pieces(&words)}</li> })
    };
    let offers: Vec<_> = parts.all().iter().filter_map(offer).collect();
    (!offers.is_empty()).then(|| view! { <ul class="offered">{offers}</ul> })
}

/// The files among these.
fn files(parts: &Parts) -> Option<String> {
    let files = parts
        .all()
        .iter()
        .filter(|part| matches!(part, Part::File(_)));
    let files: Vec<_> = files.collect();
    (!files.is_empty()).then(|| json::encode(&files))
}

/// Words with their links.
pub fn pieces(said: &str) -> impl IntoView + use<> {
    let piece = |piece| match piece {
        Piece::Words(words) => words.to_owned().into_any(),
        // Letters and calls would leave the inbox: they stay words.
        Piece::Link { words, href } => match web_sys::Url::new(&href) {
            Ok(url) if matches!(url.protocol().as_str(), "https:" | "http:") => view! {
                <a href=url.href() target="_blank" rel="noopener noreferrer nofollow ugc">
                    {words.to_owned()}
                </a>
            }
            .into_any(),
            Ok(_) | Err(_) => words.to_owned().into_any(),
        },
    };
    link::pieces(said)
        .into_iter()
        .map(piece)
        .collect::<Vec<_>>()
}

/// A time of day, with the whole date for who points at it.
pub fn time(at: Timestamp, text: &'static Text) -> impl IntoView + use<> {
    view! { <time title=moment::full(at, text.locale)>{moment::clock(at, text.locale)}</time> }
}

fn mark(mark: &Mark, text: &'static Text) -> impl IntoView + use<> {
    let (class, sign, said) = match mark {
        Mark::Waiting => ("mark", Icon::Clock, text.mark_waiting),
        Mark::Stored => ("mark", Icon::Tick, text.mark_stored),
        Mark::Seen => ("mark seen", Icon::Ticks, text.mark_seen),
        Mark::None | Mark::Held(_) | Mark::Refused(..) => return None,
    };
    Some(view! { <span class=class>{icon(sign)} <span>{said}</span></span> })
}

fn refusal(
    id: Option<MessageId>,
    shape: Signal<Shape>,
    on_remedy: Callback<Remedy>,
    text: &'static Text,
) -> impl Fn() -> Option<AnyView> {
    move || {
        let (again, class, why) = match shape.get().mark {
            Mark::Refused(code, limit) => (text.try_again, "refusal", refused(code, limit, text)),
            Mark::Held(told) => {
                let why = format!("{} {}", meanwhile(&told, text), text.held);
                (text.send_anyway, "refusal for-now", why)
            }
            Mark::None | Mark::Waiting | Mark::Stored | Mark::Seen => return None,
        };
        let id = id?;
        let remedy = |label, remedy| {
            view! { <button type="button" class="link" on:click=move |_| on_remedy.run(remedy)>{label}</button> }
        };
        Some(
            view! {
                <div class=class>
                    <p role="alert">{icon(Icon::Warning)} {why}</p>
                    <p class="remedies">
                        {remedy(again, Remedy::Retry(id))} {remedy(text.copy, Remedy::Copy(id))}
                        {remedy(text.delete, Remedy::Delete(id))}
                    </p>
                </div>
            }
            .into_any(),
        )
    }
}

/// What was written meanwhile, in words.
pub fn meanwhile(told: &Meanwhile, text: &'static Text) -> String {
    let said = if told.note {
        text.meanwhile_noted
    } else {
        text.meanwhile_answered
    };
    match &told.author {
        Author::Operator(card) => said(&card.name),
        Author::Bot(card) => said(&card.name),
        Author::Visitor => text.meanwhile_visitor.into(),
        Author::System | Author::Unknown => said(text.somebody),
    }
}

fn refused(code: Refusal, limit: Option<u64>, text: &'static Text) -> String {
    match (code, limit) {
        (Refusal::TooLong, Some(limit)) => (text.refused_long)(limit),
        (Refusal::Forbidden, _) => text.refused_forbidden.into(),
        (
            Refusal::TooLong
            | Refusal::Empty
            | Refusal::Conflict
            | Refusal::Malformed
            | Refusal::Missing
            | Refusal::RateLimited
            | Refusal::Held
            | Refusal::Unavailable
            | Refusal::Unknown,
            _,
        ) => text.refused.into(),
    }
}

fn author_name(
    author: &Author,
    visitor: Signal<String>,
    text: &'static Text,
) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let known = match author {
        Author::Visitor => None,
        Author::Operator(card) => Some(card.name.clone()),
        Author::Bot(card) => Some(card.name.clone()),
        Author::System => Some("Commesso".into()),
        Author::Unknown => Some(text.somebody.into()),
    };
    move || known.clone().unwrap_or_else(|| visitor.get())
}

fn deed_words(
    author: &Author,
    deed: &Deed,
    visitor: Signal<String>,
    text: &'static Text,
) -> impl Fn() -> String + Send + Sync + 'static {
    let (who, took) = (
        author_name(author, visitor, text),
        matches!((author, deed), (Author::Operator(by), Deed::Assigned(Some(to))) if by.id == to.id),
    );
    // The relay opens a conversation for one reason only.
    let came_back = *author == Author::System;
    let deed = deed.clone();
    move || match &deed {
        Deed::Assigned(Some(_)) if took => (text.deed_took)(&who()),
        Deed::Assigned(Some(to)) => (text.deed_assigned)(&who(), &to.name),
        Deed::Assigned(None) => (text.deed_unassigned)(&who()),
        Deed::Status(Status::Resolved) => (text.deed_resolved)(&who()),
        Deed::Status(Status::Open) if came_back => (text.deed_came_back)(&visitor.get()),
        Deed::Status(Status::Open) => (text.deed_reopened)(&who()),
    }
}

fn deed_icon(deed: &Deed) -> Icon {
    match deed {
        Deed::Assigned(_) => Icon::Person,
        Deed::Status(Status::Resolved) => Icon::Done,
        Deed::Status(Status::Open) => Icon::Again,
    }
}

fn day(at: Timestamp, now: Timestamp, text: &'static Text) -> String {
    match moment::day(now) - moment::day(at) {
        0 => text.today.into(),
        1 => text.yesterday.into(),
        _ => moment::long_date(at, text.locale),
    }
}
