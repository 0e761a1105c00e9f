//! The shop as this device knows it: what the last pass says of its looks and words, until the relay says more.

use browser::color::{Color, Palette};
use wasm_bindgen::JsValue;

use super::Chat;
use crate::{text::with, wire::Pass};

impl Chat {
    /// What the shop looks like, as far as this device knows.
    pub(super) fn meet_front(&self) {
        let pass = self.passes.kept();
        let front = pass.as_ref();
        let color = self
            .config
            .color()
            .or_else(|| front.map(|front| front.color.clone()));
        self.host.paint(
            color.as_deref().unwrap_or_default(),
            self.config.dark(),
            front,
        );
        if let Some(front) = front {
            if let Some(color) = Color::read(&front.color) {
                // For the loader on the next page, which could only guess.
                let Palette { fill, on, .. } = Palette::of(color);
                let color = [&fill.css(), ";--on:", &on.css()].concat();
                self.store.set("color", &color);
            }
            self.view.logo.put(front.logo.clone());
        }
        let name = front.map(|front| front.shop.clone());
        let text = &self.view.text;
        let panel = name.as_ref().map_or_else(
            || text.chat().into(),
            |name| with(text.chat_with(), &[name]),
        );
        self.host
            .name(&panel, text.close(), text.write(), text.send());
        let greeting = front.and_then(|front| greeting(front, text.code()));
        self.view
            .greeting
            .put(greeting.unwrap_or_else(|| text.greeting().into()));
        self.view.shop.put(name.unwrap_or_default());
        if self.driver.borrow().is_none()
            && let Some(pass) = pass
        {
            self.view.duty.put(Some(pass.duty));
            self.view.outlook.put(pass.outlook);
        }
        // The page, or the shop that is known now, may speak another language.
        self.page.tell("words", JsValue::UNDEFINED);
    }

    /// The relay does not know this shop, or not on this page.
    pub(super) fn gone(&self) {
        let shop = self
            .config
            .shop()
            .map(|shop| shop.to_string())
            .unwrap_or_default();
        let words = "commesso: there is no shop \"{}\", or it has not listed this page's origin. The chat was taken off the page.";
        self.page.tell("gone", with(words, &[&shop]));
    }
}

/// The shop's first words in the shopper's language, or in its own first one.
fn greeting(front: &Pass, language: &str) -> Option<String> {
    let words = |language: &str| {
        front
            .greeting
            .iter()
            .find(|(known, _)| known == language)
            .map(|(_, words)| words)
    };
    words(language)
        .or_else(|| words(front.languages.first()?))
        .filter(|words| !words.is_empty())
        .cloned()
}
