//! Builds elements and keeps them true, with Leptos' reactive core (`reactive_graph`: effects and triggers).
//!
//! Leptos' own views give every element, attribute and closure a type of its own, and each type its own code: with them
//! this widget is half as large again. Here an element is an element, what changes it is a plain function of what is shown, and
//! every effect is the same boxed closure. What is built belongs to the scope it was built in and goes with it. Texts
//! become text nodes; no markup is parsed.

use std::{
    cell::{Ref, RefCell},
    rc::Rc,
    sync::{Arc, RwLock, Weak},
};

use browser::listener::Listener;
use reactive_graph::{
    graph::{AnySource, AnySubscriber, ReactiveNode, Source, Subscriber, WithObserver, untrack},
    signal::ArcTrigger,
    traits::{Notify, Track},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
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

thread_local! {
    /// What is being built keeps its things in the last of these.
    static SCOPES: RefCell<Vec<Scope>> = const { RefCell::new(vec![]) };
}

/// What was built and goes together: effects, listeners, and whatever else was kept.
pub(crate) type Scope = Vec<Box<dyn core::any::Any>>;

/// Builds something, and what goes with it.
pub(crate) fn scoped<T>(build: impl FnOnce() -> T) -> (T, Scope) {
    SCOPES.with_borrow_mut(|scopes| scopes.push(vec![]));
    let built = build();
    (built, SCOPES.with_borrow_mut(Vec::pop).unwrap_or_default())
}

/// Runs now, and again whenever something live that it read has changed, until its scope goes.
pub(crate) fn effect(run: Box<dyn FnMut()>) {
    let effect = Running::new(run);
    effect.0.run();
    keep(Box::new(effect));
}

/// A subscriber of Leptos' reactive graph that owns, spawns and remembers nothing: those of `reactive_graph` do, and weigh
/// more than what they would run here.
struct Effect {
    /// Its place in [`RUNS`]: the graph asks for what could go to another thread, and closures cannot.
    place: usize,
    sources: RwLock<Vec<AnySource>>,
    this: Weak<Self>,
}

/// An effect that runs until this is dropped.
struct Running(Arc<Effect>);

type Run = Rc<RefCell<Box<dyn FnMut()>>>;

thread_local! {
    /// What the effects run.
    static RUNS: RefCell<Vec<Option<Run>>> = const { RefCell::new(vec![]) };
    /// The effects that are to run, in the order in which they were told.
    static DUE: RefCell<Vec<Weak<Effect>>> = const { RefCell::new(vec![]) };
}

impl Running {
    fn new(run: Box<dyn FnMut()>) -> Self {
        let place = RUNS.with_borrow_mut(|runs| {
            let place = runs.iter().position(Option::is_none).unwrap_or(runs.len());
            let run = Some(Rc::new(RefCell::new(run)));
            match runs.get_mut(place) {
                Some(free) => *free = run,
                None => runs.push(run),
            }
            place
        });
        Self(Arc::new_cyclic(|this| Effect {
            place,
            sources: RwLock::default(),
            this: this.clone(),
        }))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.clear_sources(&self.0.subscriber());
        let run = RUNS.with_borrow_mut(|runs| runs.get_mut(self.0.place).and_then(Option::take));
        // What it holds may hold other effects.
        drop(run);
    }
}

impl Effect {
    fn subscriber(&self) -> AnySubscriber {
        AnySubscriber(self.place, self.this.clone())
    }

    fn run(&self) {
        let this = self.subscriber();
        self.clear_sources(&this);
        let run = RUNS.with_borrow(|runs| runs.get(self.place).cloned().flatten());
        if let Some(run) = run {
            this.with_observer(|| (run.borrow_mut())());
        }
    }
}

impl ReactiveNode for Effect {
    fn mark_dirty(&self) {
        let first = DUE.with_borrow_mut(|due| {
            due.push(self.this.clone());
            due.len() == 1
        });
        // After what is going on now, together with all others.
        if first {
            spawn_local(async {
                for effect in DUE.take() {
                    if let Some(effect) = effect.upgrade() {
                        effect.run();
                    }
                }
            });
        }
    }

    fn mark_check(&self) {
        self.mark_dirty();
    }

    fn mark_subscribers_check(&self) {}

    fn update_if_necessary(&self) -> bool {
        false
    }
}

impl Subscriber for Effect {
    fn add_source(&self, source: AnySource) {
        if let Ok(mut sources) = self.sources.write() {
            sources.push(source);
        }
    }

    fn clear_sources(&self, subscriber: &AnySubscriber) {
        let sources = self
            .sources
            .write()
            .map(|mut sources| core::mem::take(&mut *sources));
        for source in sources.unwrap_or_default() {
            source.remove_subscriber(subscriber);
        }
    }
}

/// Keeps something until its scope goes.
pub(crate) fn keep(thing: Box<dyn core::any::Any>) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.push(thing);
        }
    });
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
        let mut shown: Vec<(K, Element, Scope)> = vec![];
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
                    let (element, scope) = scoped(|| untrack(|| build(&of, row)));
                    (key, element.0, scope)
                });
                if kept.1.next_sibling().as_ref() != Some(&next) {
                    let _ = parent.insert_before(&kept.1, Some(&next));
                }
                next = kept.1.clone().into();
                shown.push(kept);
            }
            for (_, element, _) in before {
                element.remove();
            }
        }));
        self
    }

    fn place(&self, build: Box<dyn Fn() -> Option<Self>>) {
        let place = text_node("");
        self.append(&place);
        let mut shown: (Option<Element>, Scope) = (None, vec![]);
        effect(Box::new(move || {
            let (new, scope) = scoped(|| build().map(|new| new.0));
            if let (Some(new), Some(parent)) = (&new, place.parent_node()) {
                let _ = parent.insert_before(new, Some(&place));
            }
            if let (Some(old), _) = core::mem::replace(&mut shown, (new, scope)) {
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
