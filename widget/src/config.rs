//! What the page asked for in the script tag and by `commesso("set", …)`.

use js_sys::Reflect;
use protocol::{
    fact::{Fact, Subject},
    id::ShopId,
    presence::Page,
    time::Timestamp,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

use crate::wire;

/// The settings, as the loader holds them. They change under our eyes: what is asked is read anew.
pub(crate) struct Config(JsValue);

impl Config {
    /// The loader's settings.
    pub(crate) fn new(settings: JsValue) -> Self {
        Self(settings)
    }

    /// Which shop, if it is a name at all.
    pub(crate) fn shop(&self) -> Option<ShopId> {
        self.text("shop")?.parse().ok()
    }

    /// The relay's origin.
    pub(crate) fn base(&self) -> String {
        self.text("base").unwrap_or_default()
    }

    /// The colour that the page wants in place of the shop's.
    pub(crate) fn color(&self) -> Option<String> {
        self.text("color")
    }

    /// Whether the page wants it dark or, inside, leaves it to the device; nothing leaves it to the shop.
    pub(crate) fn dark(&self) -> Option<Option<bool>> {
        Some(wire::dark(&self.text("theme")?))
    }

    /// Lets a style element through the page's policy.
    pub(crate) fn nonce(&self) -> Option<String> {
        self.text("nonce")
    }

    /// What tells when the page changes its address without loading, in browsers that have it (all since 2025). Elsewhere
    /// the page is told with the next message.
    pub(crate) fn navigation(&self) -> Option<EventTarget> {
        let navigation = Reflect::get(web_sys::window()?.as_ref(), &"navigation".into()).ok()?;
        navigation.dyn_into().ok()
    }

    /// The page that the visitor is on: as it told us, or as the browser knows it. Query and fragment carry tokens and
    /// stay here.
    pub(crate) fn page(&self) -> Page {
        let told = self.get("page").map(|page| js_sys::Array::from(&page));
        let told = |at| told.as_ref().and_then(|page| page.get(at).as_string());
        let window = web_sys::window();
        let here = || window.as_ref()?.location().href().ok();
        let named = || Some(window.as_ref()?.document()?.title());
        let url = told(0).or_else(here).unwrap_or_default();
        let url = url.split(['?', '#']).next().unwrap_or_default().to_owned();
        Page {
            url,
            title: told(1).or_else(named).unwrap_or_default(),
            facts: self.facts(),
        }
    }

    /// What the page says of its visitor: lines of what it is about, name, text and time, as `sdk/facts.js` makes them.
    fn facts(&self) -> Vec<Fact> {
        let lines = self.get("facts").map(|lines| js_sys::Array::from(&lines));
        let fact = |line: JsValue| {
            let line = js_sys::Array::from(&line);
            let text = |at| line.get(at).as_string().unwrap_or_default();
            let at = line.get(3).as_f64();
            Fact {
                about: match text(0).as_str() {
                    "cart" => Subject::Cart,
                    "event" => Subject::Event,
                    _ => Subject::Visitor,
                },
                name: text(1),
                text: text(2),
                at: at.map(|at| Timestamp(at as u64)),
            }
        };
        lines.into_iter().flatten().map(fact).collect()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_string().filter(|text| !text.is_empty())
    }

    fn get(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &name.into())
            .ok()
            .filter(|value| !value.is_undefined())
    }
}
