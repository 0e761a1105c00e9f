//! The element in the shop's page: what the loader has drawn in its shadow root, and what the panel changes about it.
//!
//! The panel moves into the loader's shell, so that a shopper who types already keeps the very field they type in.

use std::{cell::Cell, rc::Rc};

use browser::{
    color::{Color, Palette},
    listener::Listener,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CssStyleSheet, Element, HtmlElement, HtmlTextAreaElement, MediaQueryList, ShadowRoot,
};

use crate::{dom::el, wire::Pass};

/// The panel's rules; the launcher's are the loader's.
const CSS: &str = include_str!(concat!(env!("OUT_DIR"), "/panel.css"));

/// The parts of the shell.
pub(crate) struct Host {
    root: ShadowRoot,
    /// Around everything.
    pub(crate) frame: HtmlElement,
    launcher: HtmlElement,
    badge: Element,
    /// The dialog.
    pub(crate) panel: HtmlElement,
    /// Closes it.
    pub(crate) close: HtmlElement,
    /// Who is there.
    pub(crate) header: HtmlElement,
    /// The transcript.
    pub(crate) main: HtmlElement,
    /// Around the field and its button.
    pub(crate) composer: HtmlElement,
    /// What is being written.
    pub(crate) field: HtmlTextAreaElement,
    /// Sends it.
    pub(crate) send: HtmlElement,
    dark: Rc<Cell<Option<bool>>>,
    _following: Option<Listener>,
}

impl Host {
    /// The parts in this shadow root, dressed in the panel's rules.
    pub(crate) fn find(root: ShadowRoot, nonce: Option<String>) -> Option<Self> {
        let frame: HtmlElement = part(&root, ".root")?;
        let launcher: HtmlElement = part(&root, ".launcher")?;
        // A panel that begins anew in another language finds both.
        let badge = match part(&root, ".badge") {
            Some(badge) => badge,
            None => {
                dress(&root, nonce)?;
                let badge = el("span", "badge").attr("aria-hidden", "true").0;
                launcher.append_child(&badge).ok()?;
                badge
            }
        };
        let panel: HtmlElement = part(&root, ".panel")?;
        let dark = Rc::new(Cell::new(None));
        let following = follow_theme(&frame, &dark);
        Some(Self {
            close: part(&root, ".close")?,
            header: part(&root, "header > div")?,
            main: part(&root, "main")?,
            composer: part(&root, ".composer")?,
            field: part(&root, ".composer textarea")?,
            send: part(&root, ".send")?,
            dark,
            _following: following,
            root,
            frame,
            launcher,
            badge,
            panel,
        })
    }

    /// Paints it in this colour and in what else the shop is known to look like. `dark` is what the page wants; nothing leaves
    /// it to the shop, and either may leave it to the device.
    pub(crate) fn paint(&self, color: &str, dark: Option<Option<bool>>, shop: Option<&Pass>) {
        let host: HtmlElement = self.root.host().unchecked_into();
        let set = |name, value: &str| {
            let _ = host.style().set_property(name, value);
        };
        if let Some(shop) = shop {
            set("--radius", &[&shop.radius.to_string(), "px"].concat());
            let font = shop.page_font.then(page_font).flatten();
            set("--commesso-font", &font.unwrap_or_default());
        }
        let dark = dark.unwrap_or_else(|| shop.and_then(|shop| shop.dark));
        self.dark.set(dark);
        theme(&self.frame, dark);
        let Some(color) = Color::read(color) else {
            return;
        };
        let palette = Palette::of(color);
        for (name, color) in [
            ("--fill", palette.fill),
            ("--on", palette.on),
            ("--dim", palette.dim),
        ] {
            set(name, &color.css());
        }
    }

    /// Names the launcher, with the number of unread messages beside it.
    pub(crate) fn badge(&self, unread: usize, name: &str) {
        let shown = match unread {
            0 => String::new(),
            1..=99 => unread.to_string(),
            _ => "99+".into(),
        };
        self.badge.set_text_content(Some(&shown));
        label(&self.launcher, name);
    }

    /// Writes the words into the shell that the loader had none for.
    pub(crate) fn name(&self, panel: &str, close: &str, field: &str, send: &str) {
        label(&self.panel, panel);
        label(&self.close, close);
        label(&self.field, field);
        self.field.set_placeholder(field);
        label(&self.send, send);
    }

    /// Takes out what was put into the shell.
    pub(crate) fn clear(&self) {
        self.badge.remove();
        self.header.set_text_content(None);
        self.main.set_text_content(None);
        for beside in [".count", ".root>.aside"] {
            if let Some(beside) = part::<Element>(&self.root, beside) {
                beside.remove();
            }
        }
    }
}

/// Names an element for who cannot see it.
pub(crate) fn label(element: &Element, name: &str) {
    let _ = element.set_attribute("aria-label", name);
}

fn part<T: JsCast>(root: &ShadowRoot, selector: &str) -> Option<T> {
    root.query_selector(selector)
        .ok()?
        .map(JsCast::unchecked_into)
}

/// A style sheet object passes every content security policy; where there is none, a style element with the nonce.
fn dress(root: &ShadowRoot, nonce: Option<String>) -> Option<()> {
    if let Ok(sheet) = CssStyleSheet::new()
        && sheet.replace_sync(CSS).is_ok()
    {
        let sheets = js_sys::Array::from(&root.adopted_style_sheets());
        sheets.push(&sheet);
        root.set_adopted_style_sheets(&sheets);
        return Some(());
    }
    let style = el("style", "")
        .attr("nonce", &nonce.unwrap_or_default())
        .text(CSS);
    root.append_child(&style.0).ok().map(|_| ())
}

/// What the page around is set in.
fn page_font() -> Option<String> {
    let window = web_sys::window()?;
    let body = window.document()?.body()?;
    let style = window.get_computed_style(&body).ok()??;
    style.get_property_value("font-family").ok()
}

fn night() -> Option<MediaQueryList> {
    web_sys::window()?
        .match_media("(prefers-color-scheme: dark)")
        .ok()?
}

fn theme(frame: &HtmlElement, dark: Option<bool>) {
    let dark = dark.unwrap_or_else(|| night().is_some_and(|night| night.matches()));
    let _ = frame.class_list().toggle_with_force("dark", dark);
}

/// The device's own change from day to night.
fn follow_theme(frame: &HtmlElement, dark: &Rc<Cell<Option<bool>>>) -> Option<Listener> {
    let (frame, dark) = (frame.clone(), dark.clone());
    Some(Listener::new(night()?.into(), &["change"], move |_| {
        theme(&frame, dark.get())
    }))
}

/// What the loader is told: one function, a word and what belongs to it.
pub(crate) struct Page(js_sys::Function);

impl Page {
    /// The loader's ear.
    pub(crate) fn new(tell: js_sys::Function) -> Self {
        Self(tell)
    }

    /// Says it.
    pub(crate) fn tell(&self, word: &str, detail: impl Into<JsValue>) {
        // What the page's own listeners throw is theirs.
        let _ = self
            .0
            .call2(&JsValue::UNDEFINED, &word.into(), &detail.into());
    }
}
