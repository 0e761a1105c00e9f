//! Builds elements and keeps them true, with Leptos' reactive core (`reactive_graph`: who is running is who reads).
//!
//! Leptos' own views give every element, attribute and closure a type of its own, and each type its own code: with them
//! this widget is half as large again. Here an element is an element, what changes it is a plain function of what is shown, and
//! every effect is the same boxed closure. What is built belongs to the scope it was built in and goes with it. Texts
//! become text nodes; no markup is parsed.

use std::{
    cell::{Ref, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::Weak,
};

use browser::listener::Listener;
use reactive_graph::graph::{
    AnySource, AnySubscriber, Observer, ReactiveNode, Subscriber, WithObserver, untrack,
};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Document, Element, Event, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A value whose readers are run again when it changes.
pub(crate) struct Live<T> {
    value: RefCell<T>,
    readers: Readers,
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
            readers: Readers::default(),
        }
    }

    /// The value, for an effect that is to run again when it changes.
    pub(crate) fn read(&self) -> Ref<'_, T> {
        track(&self.readers);
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
            for reader in self.readers.take() {
                tell(reader);
            }
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
    self::run(effect.0);
    keep(Box::new(effect));
}

/// The effects that are run again when something changes. The sources of `reactive_graph` hash theirs, for graphs of another
/// size, and weigh more than all of this.
type Readers = Rc<RefCell<Vec<usize>>>;

/// The effect that is running now reads this.
fn track(readers: &Readers) {
    if let Some(AnySubscriber(place, _)) = Observer::get()
        && let Some(effect) = at(place)
    {
        let mut known = readers.borrow_mut();
        if !known.contains(&place) {
            known.push(place);
            effect.sources.borrow_mut().push(readers.clone());
        }
    }
}

struct Effect {
    run: RefCell<Box<dyn FnMut()>>,
    /// Who knows it for a reader.
    sources: RefCell<Vec<Readers>>,
}

/// An effect that runs until this is dropped, by its place in [`EFFECTS`].
struct Running(usize);

thread_local! {
    /// Everything else knows an effect by its place here: the graph asks for what could go to another thread, and closures cannot.
    static EFFECTS: RefCell<Vec<Option<Rc<Effect>>>> = const { RefCell::new(vec![]) };
    /// The effects that are to run, in the order in which they were told.
    static DUE: RefCell<VecDeque<usize>> = const { RefCell::new(VecDeque::new()) };
    static RUN_DUE: Closure<dyn Fn()> = Closure::new(|| {
        while let Some(place) = DUE.with_borrow_mut(VecDeque::pop_front) {
            run(place);
        }
    });
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(run: &Closure<dyn Fn()>);
}

fn at(place: usize) -> Option<Rc<Effect>> {
    EFFECTS.with_borrow(|effects| effects.get(place).cloned().flatten())
}

impl Running {
    fn new(run: Box<dyn FnMut()>) -> Self {
        let effect = Some(Rc::new(Effect {
            run: RefCell::new(run),
            sources: RefCell::default(),
        }));
        Self(EFFECTS.with_borrow_mut(|effects| {
            let free = effects.iter().position(Option::is_none);
            let place = free.unwrap_or(effects.len());
            match effects.get_mut(place) {
                Some(free) => *free = effect,
                None => effects.push(effect),
            }
            place
        }))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        forget(self.0);
        // Its place may be another's by then.
        DUE.with_borrow_mut(|due| due.retain(|place| *place != self.0));
        let effect =
            EFFECTS.with_borrow_mut(|effects| effects.get_mut(self.0).and_then(Option::take));
        // What it holds may hold other effects.
        drop(effect);
    }
}

/// Runs it after what is going on now, together with all others.
fn tell(place: usize) {
    let first = DUE.with_borrow_mut(|due| {
        due.push_back(place);
        due.len() == 1
    });
    if first {
        RUN_DUE.with(queue_microtask);
    }
}

fn run(place: usize) {
    forget(place);
    if let Some(effect) = at(place) {
        let this = AnySubscriber(place, Weak::<Reader>::new());
        this.with_observer(|| (effect.run.borrow_mut())());
    }
}

/// Nobody knows it for a reader any more.
fn forget(place: usize) {
    if let Some(effect) = at(place) {
        for readers in effect.sources.take() {
            readers.borrow_mut().retain(|reader| *reader != place);
        }
    }
}

/// What an effect is to Leptos' graph, which only observes here who is running.
struct Reader;

impl ReactiveNode for Reader {
    fn mark_dirty(&self) {}

    fn mark_check(&self) {}

    fn mark_subscribers_check(&self) {}

    fn update_if_necessary(&self) -> bool {
        false
    }
}

impl Subscriber for Reader {
    fn add_source(&self, _: AnySource) {}

    fn clear_sources(&self, _: &AnySubscriber) {}
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
