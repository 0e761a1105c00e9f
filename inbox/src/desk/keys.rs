//! The keyboard. A key never does anything while somebody types, or together with a key that belongs to the browser.

use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::conversation::Status;
use wasm_bindgen::JsCast;

use crate::{
    desk::{Desk, Stage},
    view::composer::Mode,
};

impl Desk {
    pub(super) fn key(self, event: &KeyboardEvent) {
        self.devices().chime.allow();
        let at_desk = self
            .stage
            .with_untracked(|stage| matches!(stage, Stage::In(_)));
        let browsers =
            event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented();
        let over = self.hints.get_untracked() || self.sheet.get_untracked();
        if !at_desk || browsers || over || is_typing(event) {
            return;
        }
        if self.install.open.get_untracked() {
            if event.key() == "Escape" {
                self.leave_install();
                event.prevent_default();
            }
            return;
        }
        let open = self.selected.get_untracked().is_some();
        match event.key().as_str() {
            "j" | "ArrowDown" if may_move(event) => self.step(1),
            "k" | "ArrowUp" if may_move(event) => self.step(-1),
            "r" if open => self.write(Mode::Reply),
            "n" if open => self.write(Mode::Note),
            "a" if open => self.assign_to_me(),
            "e" if open => self.set_status(match self.status().get_untracked() {
                Status::Open => Status::Resolved,
                Status::Resolved => Status::Open,
            }),
            "i" => self.open_install(),
            "?" => self.hints.set(true),
            "Escape" if open => self.open(None),
            _ => return,
        }
        event.prevent_default();
    }

    fn write(self, mode: Mode) {
        self.mode.set(mode);
        self.focus_composer.update(|n| *n = n.wrapping_add(1));
    }

    /// Moves the focus in the list, from the row that has it, or else from the open one.
    fn step(self, by: i32) {
        let Ok(rows) = document().query_selector_all(".rows .row") else {
            return;
        };
        let row = |at: u32| {
            rows.item(at)
                .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        };
        let focused = document().active_element();
        let is = |at: u32, test: &dyn Fn(&web_sys::HtmlElement) -> bool| {
            row(at).is_some_and(|row| test(&row))
        };
        let has_focus =
            (0..rows.length()).find(|at| is(*at, &|row| focused.as_ref() == Some(row.as_ref())));
        let is_open =
            (0..rows.length()).find(|at| is(*at, &|row| row.has_attribute("aria-current")));
        let next: u32 = match has_focus.or(is_open) {
            Some(at) => u32::saturating_add_signed(at, by).min(rows.length().saturating_sub(1)),
            None => 0,
        };
        if let Some(row) = row(next) {
            // A row that cannot be focused stays where it is.
            let _ = row.focus();
        }
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        let radio = target.get_attribute("type").as_deref() == Some("radio");
        let fills_in = matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
        // Who has removed a card goes on to type, with the focus on the way back.
        let offers = target
            .closest("#offer")
            .is_ok_and(|editor| editor.is_some());
        fills_in && !radio || offers
    })
}

/// Arrows scroll the transcript and move between radio buttons.
fn may_move(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let arrow = event.key().starts_with("Arrow");
    !arrow || target.is_none_or(|target| matches!(target.tag_name().as_str(), "BODY" | "BUTTON"))
}
