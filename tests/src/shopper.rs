//! The person who shops: on a page of the storefront, with the chat behind its launcher. The names are the widget's
//! (`widget/src/view`), in English.

use thirtyfour::Key;

use crate::{Browser, Shop};

/// The launcher.
pub const LAUNCHER: &str = "Chat";

/// The composer.
pub const COMPOSER: &str = "Write a message";

/// The part of the page that is ours.
pub const ROOT: &str = "document.querySelector('commesso-chat')?.shadowRoot";

/// A shopper at a browser.
#[derive(Debug)]
pub struct Shopper {
    /// Where they look.
    pub browser: Browser,
}

impl Shopper {
    /// Arrives at a page of the storefront, where the launcher is to be seen.
    pub async fn arrives(browser: Browser, shop: &Shop, page: &str) -> Self {
        Self::arrives_at(browser, &shop.storefront.page(page)).await
    }

    /// Arrives at any page with a chat, such as the demo shop.
    pub async fn arrives_at(browser: Browser, url: &str) -> Self {
        browser.go(url).await;
        let shopper = Self { browser };
        shopper.browser.see("button", LAUNCHER).await;
        shopper
    }

    /// Opens the chat and waits until it is ready for words.
    pub async fn opens_the_chat(&self) {
        self.browser.press(LAUNCHER).await;
        self.is_in_the_chat().await;
    }

    /// Waits until the chat itself has taken over from its shell.
    pub async fn is_in_the_chat(&self) {
        self.browser.see("log", "").await;
        self.browser.see("textbox", COMPOSER).await;
    }

    /// Types, and does not send.
    pub async fn types(&self, text: &str) {
        let composer = self.browser.see("textbox", COMPOSER).await;
        composer.send_keys(text).await.expect("keys");
    }

    /// Types and sends.
    pub async fn writes(&self, text: &str) {
        self.types(&format!("{text}{}", char::from(Key::Enter)))
            .await;
    }

    /// Writes, and waits for the ✓.
    pub async fn writes_for_sure(&self, text: &str) {
        self.writes(text).await;
        self.is_stored(text).await;
    }

    /// Waits until their last words have the ✓, or the ✓✓ of an operator who was faster than the look.
    pub async fn is_stored(&self, text: &str) {
        self.browser.see_bubble(text, &["Sent", "Seen"]).await;
    }

    /// Waits until these words are in the transcript.
    pub async fn reads(&self, text: &str) {
        self.browser.see_words(text).await;
    }

    /// Leaves with a clean console.
    pub async fn leaves(self) {
        self.leaves_after(&[]).await;
    }

    /// Leaves with nothing in the console but lines that contain one of these.
    pub async fn leaves_after(self, announced: &[&str]) {
        self.browser.leave(announced).await;
    }
}
