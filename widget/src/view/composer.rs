//! The field and its button, in the loader's own elements: whoever types already when the chat arrives keeps field, caret
//! and keyboard.

use std::rc::Rc;

use protocol::limits::TEXT_MAX;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use super::{Act, View};
use crate::dom::{El, effect, el};

/// From here on the number of characters left is shown: at 90 % of what a message takes.
const NEAR_LIMIT: usize = TEXT_MAX / 10 * 9;

/// The key code that browsers give a key that belongs to an input method, also when `isComposing` is over too soon.
const COMPOSING: u32 = 229;

/// Makes the field and its button work.
pub(crate) fn adopt(view: &Rc<View>, field: &HtmlTextAreaElement, send: &HtmlElement) {
    let (shown, text, button) = (view.clone(), field.clone(), send.clone());
    effect(Box::new(move || {
        shown.open.read();
        show(&text, &button, &shown.words.read());
    }));
    El(field.clone().into()).on(&["input", "keydown"], view, heard);
    El(send.clone().into()).on(&["click"], view, |view, _| view.act(Act::Send));
}

fn heard(view: &Rc<View>, event: &Event) {
    if event.type_() == "input" {
        if let Some(field) = event.current_target() {
            view.act(Act::Write(
                field.unchecked_into::<HtmlTextAreaElement>().value(),
            ));
        }
        return;
    }
    let key: &KeyboardEvent = event.unchecked_ref();
    let composing = key.is_composing() || key.key_code() == COMPOSING;
    if key.key() == "Enter" && !key.shift_key() && !composing {
        event.prevent_default();
        view.act(Act::Send);
    }
}

/// How many characters are left, near the limit.
pub(crate) fn count(view: &Rc<View>, place: El) {
    let class = |view: &View| {
        if excess(&view.words.read()) > Some(0) {
            "over"
        } else {
            "left"
        }
        .into()
    };
    let words = |view: &View| match excess(&view.words.read()) {
        Some(over) if over > 0 => view.text.over(over.unsigned_abs() as usize),
        Some(left) => view.text.left(left.unsigned_abs() as usize),
        None => String::new(),
    };
    let count = el("span", "")
        .attr_of("class", view, class)
        .says(view, words);
    place.child(el("div", "count").attr("role", "status").child(count));
}

/// By how many characters it is too long, or what is left as a negative number; nothing while the limit is far.
fn excess(words: &str) -> Option<i32> {
    // A character has at least one byte: short texts are not counted.
    let length = if words.len() < NEAR_LIMIT {
        0
    } else {
        words.chars().count()
    };
    (length >= NEAR_LIMIT).then(|| length as i32 - TEXT_MAX as i32)
}

fn show(field: &HtmlTextAreaElement, send: &HtmlElement, words: &str) {
    if field.value() != words {
        field.set_value(words);
    }
    let _ = send.toggle_attribute_with_force("disabled", words.trim().is_empty());
    // As high as what is in it; the rules stop it at six lines.
    let room = field.parent_element();
    let room = room.as_ref().and_then(|room| room.dyn_ref::<HtmlElement>());
    // The room keeps its height meanwhile, or the transcript would move.
    if let Some(room) = room {
        high(room, room.offset_height());
    }
    let _ = field.style().set_property("height", "auto");
    // What is not shown has none.
    let height = field.scroll_height();
    if height > 0 {
        high(field, height);
    }
    if let Some(room) = room {
        let _ = room.style().remove_property("height");
    }
}

fn high(element: &HtmlElement, height: i32) {
    let height = [&height.to_string(), "px"].concat();
    let _ = element.style().set_property("height", &height);
}
