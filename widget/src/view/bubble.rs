//! One line of the transcript: words with who, when and how far, a day, or a mark.

use std::rc::Rc;

use browser::link::{Piece, pieces};

use super::{Act, Row, View, button, face, shop_face};
use crate::{
    dom::{El, Live, el, icon},
    extra::extra,
    line::{Bubble, Line, Sent},
    text::with,
    wire::parts,
};

/// A row. What kind of line it is stays; what a bubble says about itself changes in place.
pub(crate) fn row(view: &Rc<View>, row: Row) -> El {
    match &*row.line.now() {
        Line::Day(at) => el("div", "mark day").text(&view.day(*at)),
        Line::New => el("div", "mark new").text(view.text.new()),
        Line::Resolved => {
            let mark = el("div", "mark").text(view.text.resolved());
            extra("resolved", &mark.0, "");
            mark
        }
        Line::Bubble(bubble) => said(view, &row, bubble),
    }
}

/// What the changing parts of a bubble are made of.
struct Said {
    view: Rc<View>,
    line: Rc<Live<Line>>,
    fresh: bool,
}

fn said(view: &Rc<View>, row: &Row, bubble: &Bubble) -> El {
    let said = &Rc::new(Said {
        view: view.clone(),
        line: row.line.clone(),
        fresh: row.fresh,
    });
    // Who says it, for who does not see on which side it stands.
    let shop = view.shop.now();
    let author = if bubble.mine {
        view.text.you()
    } else {
        bubble.author.as_deref().unwrap_or(&shop)
    };
    let mut whole = el("div", "")
        .attr("role", "group")
        .attr("aria-label", author);
    let mut stack = el("div", "stack");
    if !bubble.mine {
        let name = el("div", "name");
        (whole, stack) = match &bubble.author {
            Some(author) => (whole.child(face(author)), stack.child(name.text(author))),
            None => (
                whole.child(shop_face(view)),
                stack.child(name.says(view, |view| view.shop.read().clone())),
            ),
        };
    }
    let meta = el("div", "meta")
        .child(el("time", "").text(&view.time(bubble.at)))
        .when(said, state);
    let words = linked(el("div", "bubble").attr("dir", "auto"), &bubble.text);
    stack = stack.child(words);
    if let Some(parts) = parts::of(bubble.id).filter(|parts| !is_form(parts)) {
        let place = el("div", "parts");
        extra("parts", &place.0, &parts);
        stack = stack.child(place);
    }
    whole
        .child(stack.child(meta).when(said, refusal))
        .attr_of("class", said, class)
}

/// What is no list of parts is a form, whose words these are.
fn is_form(parts: &str) -> bool {
    !parts.starts_with('[')
}

fn class(said: &Said) -> String {
    let Line::Bubble(now) = &*said.line.read() else {
        return String::new();
    };
    let refused = matches!(now.progress, Some(Sent::Refused(..)));
    let mut class = String::from(if now.mine { "row mine" } else { "row theirs" });
    for (holds, name) in [
        (now.first, " first"),
        (now.last, " last"),
        (said.fresh, " fresh"),
        (refused, " refused"),
        // Filled in, and no answer to what was said before.
        (
            parts::of(now.id).is_some_and(|parts| is_form(&parts)),
            " filled",
        ),
    ] {
        if holds {
            class.push_str(name);
        }
    }
    class
}

/// How far a message is: a shape for the eye, a word for the ear.
fn state(said: &Rc<Said>) -> Option<El> {
    let Line::Bubble(now) = &*said.line.read() else {
        return None;
    };
    let text = &said.view.text;
    let (name, path) = match now.progress? {
        Sent::Waiting => (
            text.waiting(),
            "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
        ),
        Sent::Stored => (text.stored(), "M5 12.5l4.5 4.5L19 7.5"),
        Sent::Seen => (text.seen(), "M1.5 12.5L6 17l9.5-9.5M11 16l1 1 9.5-9.5"),
        Sent::Refused(..) => return None,
    };
    Some(
        el("span", "state")
            .attr("role", "img")
            .attr("aria-label", name)
            .child(icon(path)),
    )
}

/// What became of a refused message, and what can be done.
fn refusal(said: &Rc<Said>) -> Option<El> {
    let view = &said.view;
    let Line::Bubble(now) = &*said.line.read() else {
        return None;
    };
    let Some(Sent::Refused(_, limit)) = now.progress else {
        return None;
    };
    let why = limit.map_or_else(
        || view.text.refused().into(),
        |limit| view.text.too_long(limit as usize),
    );
    let mut refusal = el("div", "refusal").child(el("span", "").text(&why));
    for (words, act) in [
        (view.text.again(), Act::Retry(now.id)),
        (view.text.copy(), Act::Copy(now.text.clone())),
        (view.text.delete(), Act::Discard(now.id)),
    ] {
        refusal = refusal.child(button(view, words, "", act));
    }
    Some(refusal)
}

/// Links as elements, all else as text. A link to this very shop opens here: the chat comes along.
fn linked(mut place: El, text: &str) -> El {
    for piece in pieces(text) {
        place = match piece {
            Piece::Words(words) => place.text(words),
            Piece::Link { words, href } => {
                let link = el("a", "")
                    .attr("href", &href)
                    .attr("rel", "noopener noreferrer nofollow")
                    .text(words);
                place.child(if is_here(&href) {
                    link
                } else {
                    link.attr("target", "_blank")
                })
            }
        };
    }
    place
}

fn is_here(href: &str) -> bool {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.is_some_and(|origin| {
        href.strip_prefix(&origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Somebody types: three dots in a bubble of one line's height, so that nothing jumps when the words come.
pub(crate) fn typing(view: &Rc<View>) -> Option<El> {
    let name = view.typing.read();
    let name = name.as_ref()?;
    let label = with(view.text.types(), &[name]);
    let mut dots = el("div", "bubble dots")
        .attr("role", "img")
        .attr("aria-label", &label);
    for _ in 0..3 {
        dots = dots.child(el("i", "dot"));
    }
    Some(
        el("div", "row theirs first last")
            .child(face(name))
            .child(el("div", "stack").child(dots)),
    )
}
