//! The empty transcript: the shop's first words, and what one could ask.

use std::rc::Rc;

use super::{Act, Stage, View, button, header::outlook, shop_face};
use crate::dom::{El, el};

/// A greeting as if the shop had written it, and questions that go into the composer.
pub(crate) fn greeting(view: &Rc<View>) -> Option<El> {
    if *view.stage.read() != Stage::Greeting {
        return None;
    }
    let stack = el("div", "stack")
        .child(el("div", "name").says(view, |view| view.shop.read().clone()))
        .child(el("div", "bubble").says(view, |view| view.greeting.read().clone()));
    let row = el("div", "row theirs first last")
        .child(shop_face(view))
        .child(stack);
    let greeting = el("div", "greeting").child(row).when(view, outlook);
    // Where the words have not come, no questions are better than empty ones.
    if view.text.ask().is_empty() {
        return Some(greeting);
    }
    let mut questions = el("div", "questions")
        .attr("role", "group")
        .attr("aria-label", view.text.ask());
    for question in view.text.questions() {
        questions = questions.child(button(
            view,
            question,
            "question",
            Act::Write(question.into()),
        ));
    }
    Some(greeting.child(questions))
}

/// Where messages will be, while they are fetched.
pub(crate) fn loading(view: &Rc<View>) -> Option<El> {
    if *view.stage.read() != Stage::Loading {
        return None;
    }
    let mut bones = el("div", "bones")
        .attr("role", "img")
        .attr("aria-label", view.text.loading());
    for class in ["bone", "bone mine", "bone long", "bone mine long"] {
        bones = bones.child(el("div", class));
    }
    Some(bones)
}
