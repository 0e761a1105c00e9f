//! What the shop's page says of its visitor: the cart, what it set, what they did. Said as what it is, a claim of a page, and only ever
//! text.

use leptos::prelude::*;
use protocol::fact::{Fact, Subject};

use crate::{
    moment,
    text::Text,
    view::{bubble::pieces, words},
};

/// The cart.
#[component]
pub fn Cart(
    /// All that the page says.
    #[prop(into)]
    facts: Signal<Vec<Fact>>,
) -> impl IntoView {
    let text = words();
    move || {
        let lines = of(&facts.get(), Subject::Cart);
        (!lines.is_empty()).then(|| {
            let line = |fact: &Fact| match fact.name.is_empty() {
                true => pair(text.cart_sum, fact).into_any(),
                false => pair(&fact.name, fact).into_any(),
            };
            view! {
                <h3>{text.cart}</h3>
                <dl class="facts cart">{lines.iter().map(line).collect_view()}</dl>
            }
        })
    }
}

/// Everything else.
#[component]
pub fn Said(
    /// All that the page says.
    #[prop(into)]
    facts: Signal<Vec<Fact>>,
) -> impl IntoView {
    let text = words();
    move || {
        let all = facts.get();
        let (set, done) = (of(&all, Subject::Visitor), of(&all, Subject::Event));
        let set = (!set.is_empty()).then(|| {
            view! {
                <h3>{text.page_says}</h3>
                <dl class="facts">{set.iter().map(|fact| pair(&fact.name, fact)).collect_view()}</dl>
            }
        });
        let done = (!done.is_empty()).then(|| {
            view! {
                <h3>{text.did}</h3>
                <ul class="facts">{done.iter().map(|fact| event(fact, text)).collect_view()}</ul>
            }
        });
        let unproved =
            (!all.is_empty()).then(|| view! { <p class="unproved">{text.page_says_unproved}</p> });
        (set, done, unproved)
    }
}

fn of(all: &[Fact], subject: Subject) -> Vec<Fact> {
    let lines = all.iter().filter(|fact| fact.about == subject);
    lines.cloned().collect()
}

fn pair(name: &str, fact: &Fact) -> impl IntoView + use<> {
    view! {
        <div>
            <dt dir="auto">{name.to_owned()}</dt>
            <dd dir="auto">{pieces(&fact.text)}</dd>
        </div>
    }
}

fn event(fact: &Fact, text: &'static Text) -> impl IntoView + use<> {
    let at = fact.at.map(|at| moment::full(at, text.locale));
    view! {
        <li>
            <span class="quiet">{at}</span>
            <p dir="auto">{pieces(&fact.name)}</p>
            <p dir="auto" class="quiet">{pieces(&fact.text)}</p>
        </li>
    }
}
