//! The messages, and where the reader is in them. Their place is never taken from them: who reads at the end stays at the
//! end, who has scrolled away keeps the line they look at where it is, whatever comes above or below it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement};

use super::{Act, Stage, View, bubble, greeting, notice};
use crate::dom::{El, effect, el, icon, keep};

/// So near to the end counts as at the end: one line of text.
const AT_END: i32 = 32;
/// So near to an edge more is drawn: a screen of a phone, so that the edge is not met at reading speed.
const NEAR: i32 = 700;

/// What is between header and composer.
pub(crate) fn transcript(view: &Rc<View>, main: El) {
    let lines = el("div", "lines")
        .when(view, greeting::greeting)
        .when(view, greeting::loading)
        .each(
            view,
            |view| view.rows.read().clone(),
            |row| row.key,
            bubble::row,
        )
        .when(view, bubble::typing);
    let scroller = el("div", "scroll")
        .attr("role", "log")
        // New answers are read from `aloud`: once, with their author, and nothing that was only drawn again.
        .attr("aria-live", "off")
        .attr("aria-label", view.text.transcript())
        .attr("tabindex", "0");
    let place = Rc::new_cyclic(|place: &std::rc::Weak<Place>| {
        let place = place.clone();
        Place {
            view: view.clone(),
            scroller: scroller.0.clone(),
            anchor: RefCell::default(),
            settled: Cell::default(),
            settle: Closure::<dyn Fn()>::new(move || {
                if let Some(place) = place.upgrade() {
                    place.settle();
                }
            })
            .into_js_value(),
        }
    });
    keep_place(&place, &scroller.0, &lines.0);
    main.child(
        scroller
            .child(lines)
            .on(&["scroll"], &place, |place, _| place.scrolled()),
    )
    .child(el("div", "over").when(view, to_end))
    .child(notice::notice(view));
}

/// Where what has come is read aloud: beside the panel, since it is heard while that is closed, too.
pub(crate) fn aloud(view: &Rc<View>, root: El) {
    root.child(
        el("div", "aside")
            // Where the panel is modal it owns this (widget/phone.js).
            .attr("id", "aloud")
            .attr("role", "status")
            .says(view, |view| view.aloud.read().clone()),
    );
}

fn to_end(view: &Rc<View>) -> Option<El> {
    if *view.following.read() || *view.stage.read() != Stage::Transcript {
        return None;
    }
    let name = |view: &View| {
        if *view.below.read() == 0 {
            view.text.to_newest().into()
        } else {
            new_below(view)
        }
    };
    let button = el("button", "below")
        .attr("type", "button")
        .attr_of("aria-label", view, name);
    let button = button
        .child(el("span", "").says(view, new_below))
        .child(icon("M12 5v14m-6-6 6 6 6-6"));
    Some(button.on(&["click"], view, |view, _| view.act(Act::ToEnd)))
}

fn new_below(view: &View) -> String {
    match *view.below.read() {
        0 => String::new(),
        n => view.text.new_below(n),
    }
}

/// Where the reader is.
struct Place {
    view: Rc<View>,
    scroller: Element,
    /// The first line that is seen, and where among the lines it is: where it is on the screen changes while somebody scrolls.
    anchor: RefCell<Option<(HtmlElement, i32)>>,
    /// Where it was scrolled to last, by us, and how high it and what is in it were then.
    settled: Cell<(i32, (i32, i32))>,
    /// The browser's own, since the frame that it waits for may come when the chat is gone.
    settle: JsValue,
}

impl Place {
    /// What has no height is not shown: where it is scrolled to says nothing.
    fn is_shown(&self) -> bool {
        self.scroller.client_height() > 0
    }

    fn scrolled(&self) {
        if !self.is_shown() {
            return;
        }
        let above = self.scroller.scroll_top();
        let below = self.scroller.scroll_height() - above - self.scroller.client_height();
        let (before, (height, _)) = self.settled.get();
        let is_turned = self.scroller.client_height() != height;
        if *self.view.following.now() && below >= AT_END && (above >= before || is_turned) {
            // Nobody scrolled back: a line has grown meanwhile, or the phone was turned.
            return self.settle();
        }
        self.anchor.replace(first_seen(&self.scroller, above));
        self.view.act(Act::Follow(below < AT_END));
        if above < NEAR {
            self.view.act(Act::Up);
        }
        if below < NEAR {
            self.view.act(Act::Down);
        }
    }

    /// After something was drawn or has changed its size.
    fn settle(&self) {
        if !self.is_shown() {
            // Browsers forget where it was scrolled to.
            self.settled.take();
            return;
        }
        let scroller = &self.scroller;
        // The first words come first, however much is asked below them.
        if *self.view.stage.now() == Stage::Greeting {
            return;
        }
        if *self.view.following.now() {
            let (end, before) = self.settled.get();
            let heights = (scroller.client_height(), scroller.scroll_height());
            // Somebody may be on their way up, and has not come far yet.
            if heights != before || end - scroller.scroll_top() >= AT_END {
                scroller.set_scroll_top(heights.1);
                self.settled.set((scroller.scroll_top(), heights));
            }
        } else if let Some((line, before)) = self.anchor.borrow_mut().as_mut()
            && line.is_connected()
        {
            let now = line.offset_top();
            if now != *before {
                scroller.set_scroll_top(scroller.scroll_top() + now - *before);
                *before = now;
            }
        }
    }
}

/// Of messages only: a day's mark goes elsewhere when older messages of the day come.
fn first_seen(scroller: &Element, above: i32) -> Option<(HtmlElement, i32)> {
    let mut child = scroller.first_element_child()?.first_element_child();
    while let Some(element) = child {
        child = element.next_element_sibling();
        let line: HtmlElement = element.unchecked_into();
        let top = line.offset_top();
        if top + line.offset_height() > above && line.class_list().contains("row") {
            return Some((line, top));
        }
    }
    None
}

fn keep_place(place: &Rc<Place>, scroller: &Element, lines: &Element) {
    let drawn = place.clone();
    effect(Box::new(move || {
        let view = &drawn.view;
        view.rows.read();
        view.stage.read();
        view.typing.read();
        view.following.read();
        view.open.read();
        // Effects have drawn by then, and nothing was painted yet.
        if let Some(window) = web_sys::window() {
            let _ = window.request_animation_frame(drawn.settle.unchecked_ref());
        }
    }));
    if let Ok(observer) = web_sys::ResizeObserver::new(place.settle.unchecked_ref()) {
        observer.observe(scroller);
        observer.observe(lines);
        keep(Box::new(Observed(observer)));
    }
}

/// Watches sizes until it is dropped.
struct Observed(web_sys::ResizeObserver);

impl Drop for Observed {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
