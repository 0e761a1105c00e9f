//! Builds elements and keeps them true, with Leptos' reactive core (`reactive_graph`: owners, effects, triggers).
//!
//! Leptos' own views give every element, attribute and closure a type of its own, and each type its own code: with them
//! this widget is twice as large. Here an element is an element, what changes it is a plain function of what is shown, and
//! every effect is the same boxed closure. What is built belongs to the owner it was built under and goes with it. Texts
//! become text nodes; no markup is parsed.

use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use browser::listener::Listener;
use reactive_graph::{
    effect::RenderEffect,
    graph::untrack,
    owner::{Owner, StoredValue},
    signal::ArcTrigger,
    traits::{Notify, Track},
};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A value whose readers are run again when it changes.
pub(crate) struct Live<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

impl<T: Default> Default for Live<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Live<T> {
    /// A value to start with.
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: RefCell::new(value),
            changed: ArcTrigger::new(),
        }
    }

    /// The value, for an effect that is to run again when it changes.
    pub(crate) fn read(&self) -> Ref<'_, T> {
        self.changed.track();
        self.value.borrow()
    }

    /// The value as it is now.
    pub(crate) fn now(&self) -> Ref<'_, T> {
        self.value.borrow()
    }
}

impl<T: PartialEq> Live<T> {
    /// Changes it, if that is a change.
    pub(crate) fn put(&self, value: T) {
        if *self.value.borrow() != value {
            self.value.replace(value);
            self.changed.notify();
        }
    }
}

/// An element that is being put together.
#[derive(Clone)]
pub(crate) struct El(pub(crate) Element);

/// A new element of a class.
pub(crate) fn el(tag: &str, class: &str) -> El {
    let element = El(made(None, tag));
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

/// A picture for the eye only.
pub(crate) fn icon(path: &str) -> El {
    let path = El(made(Some(SVG), "path")).attr("d", path);
    El(made(Some(SVG), "svg"))
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(path)
}

/// Runs now, and again whenever something live that it read has changed, until its owner goes.
pub(crate) fn effect(mut run: Box<dyn FnMut()>) {
    keep(Box::new(RenderEffect::new(move |_| run())));
}

/// Keeps something until its owner goes.
pub(crate) fn keep(thing: Box<dyn core::any::Any>) {
    StoredValue::new_local(thing);
}

impl El {
    /// Sets an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        // The names are ours and are names.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Keeps an attribute.
    pub(crate) fn attr_of<S: 'static>(
        self,
        name: &'static str,
        of: &Rc<S>,
        value: fn(&S) -> String,
    ) -> Self {
        let (element, of) = (self.0.clone(), of.clone());
        follow(
            Box::new(move || value(&of)),
            Box::new(move |value| {
                let _ = element.set_attribute(name, value);
            }),
        );
        self
    }

    /// Adds words.
    pub(crate) fn text(self, words: &str) -> Self {
        self.append(&text_node(words));
        self
    }

    /// Adds words and keeps them.
    pub(crate) fn says<S: 'static>(self, of: &Rc<S>, words: fn(&S) -> String) -> Self {
        let node = text_node("");
        self.append(&node);
        let of = of.clone();
        follow(
            Box::new(move || words(&of)),
            Box::new(move |words| node.set_text_content(Some(words))),
        );
        self
    }

    /// Adds an element.
    pub(crate) fn child(self, child: Self) -> Self {
        self.append(&child.0);
        self
    }

    /// Adds an element that may be another one, or none, whenever what it is made of changes.
    pub(crate) fn when<S: 'static>(self, of: &Rc<S>, build: fn(&Rc<S>) -> Option<Self>) -> Self {
        let of = of.clone();
        self.place(Box::new(move || build(&of)));
        self
    }

    /// Calls back.
    pub(crate) fn on<S: 'static>(
        self,
        names: &'static [&'static str],
        of: &Rc<S>,
        heard: fn(&Rc<S>, &Event),
    ) -> Self {
        let of = of.clone();
        keep(Box::new(Listener::new(
            self.0.clone().into(),
            names,
            move |event| heard(&of, &event),
        )));
        self
    }

    /// Adds an element per row, in their order; a row that stays keeps its element.
    pub(crate) fn each<S: 'static, R: 'static, K: PartialEq + 'static>(
        self,
        of: &Rc<S>,
        rows: fn(&S) -> Vec<R>,
        key: fn(&R) -> K,
        build: fn(&Rc<S>, R) -> Self,
    ) -> Self {
        let (end, of) = (text_node(""), of.clone());
        self.append(&end);
        let mut shown: Vec<(K, Owner, Element)> = vec![];
        let owner = Owner::current().unwrap_or_default();
        effect(Box::new(move || {
            let mut before = core::mem::take(&mut shown);
            let Some(parent) = end.parent_node() else {
                return;
            };
            // From the end: each element has its place before the one that follows.
            let mut next: Node = end.clone();
            for row in rows(&of).into_iter().rev() {
                let key = key(&row);
                let known = before
                    .iter()
                    .position(|(known, ..)| *known == key)
                    .map(|at| before.swap_remove(at));
                let kept = known.unwrap_or_else(|| {
                    let owner = owner.child();
                    let element = owner.with(|| untrack(|| build(&of, row))).0;
                    (key, owner, element)
                });
                if kept.2.next_sibling().as_ref() != Some(&next) {
                    let _ = parent.insert_before(&kept.2, Some(&next));
                }
                next = kept.2.clone().into();
                shown.push(kept);
            }
            for (_, owner, element) in before {
                element.remove();
                owner.cleanup();
            }
        }));
        self
    }

    fn place(&self, build: Box<dyn Fn() -> Option<Self>>) {
        let place = text_node("");
        self.append(&place);
        let mut shown = None::<Element>;
        effect(Box::new(move || {
            let new = build().map(|new| new.0);
            if let (Some(new), Some(parent)) = (&new, place.parent_node()) {
                let _ = parent.insert_before(new, Some(&place));
            }
            if let Some(old) = core::mem::replace(&mut shown, new) {
                old.remove();
            }
        }));
    }

    fn append(&self, node: &Node) {
        let _ = self.0.append_child(node);
    }
}

/// Applies what is told, when it is something else than before.
fn follow(value: Box<dyn Fn() -> String>, apply: Box<dyn Fn(&str)>) {
    let mut before = None;
    effect(Box::new(move || {
        let now = Some(value());
        if now != before {
            apply(now.as_deref().unwrap_or_default());
            before = now;
        }
    }));
}

fn made(namespace: Option<&str>, tag: &str) -> Element {
    let element = document().and_then(|document| {
        document
            .create_element_ns(namespace.or(Some(HTML)), tag)
            .ok()
    });
    // There is a document, and the names are ours.
    element.unwrap_or_else(|| wasm_bindgen::JsValue::NULL.unchecked_into())
}

const HTML: &str = "http://www.w3.org/1999/xhtml";

fn text_node(words: &str) -> Node {
    let node = document().map(|document| document.create_text_node(words).into());
    node.unwrap_or_else(|| wasm_bindgen::JsValue::NULL.unchecked_into())
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
