//! The person who answers: at the inbox, signed in. The names are the inbox's (`inbox/src/view.rs`), in English.

use thirtyfour::Key;

use crate::{Browser, Shop};

/// The inbox asks who is there before it shows the door.
const NOT_YET: &str = "/v1/me - Failed to load resource: the server responded with a status of 401";

/// An operator at a browser.
#[derive(Debug)]
pub struct Operator {
    /// Where they look.
    pub browser: Browser,
}

impl Operator {
    /// Opens the inbox of the shop and signs in.
    pub async fn signs_in(browser: Browser, shop: &Shop) -> Self {
        let operator = Self { browser };
        operator.comes_to_the_door(shop).await;
        operator.knocks(&shop.owner.password).await;
        operator.browser.see("list", "Conversations").await;
        operator
    }

    /// Opens the inbox and fills in who they are.
    pub async fn comes_to_the_door(&self, shop: &Shop) {
        let inbox = format!("{}/inbox?shop={}", shop.relay, shop.id.as_str());
        self.browser.go(&inbox).await;
        let email = self.browser.see("textbox", "E-mail").await;
        email.send_keys(&shop.owner.email).await.expect("keys");
    }

    /// Tries a password.
    pub async fn knocks(&self, password: &str) {
        let field = self.browser.see("textbox", "Password").await;
        field.clear().await.expect("an empty field");
        field
            .send_keys(format!("{password}{}", char::from(Key::Enter)))
            .await
            .expect("keys");
    }

    /// Opens the conversation whose row shows these words.
    pub async fn opens(&self, words: &str) {
        self.browser.click("button", words).await;
        self.reads(words).await;
    }

    /// Types an answer, and does not send.
    pub async fn types(&self, text: &str) {
        let composer = self.browser.see("textbox", "Write a reply").await;
        composer.send_keys(text).await.expect("keys");
    }

    /// Answers.
    pub async fn answers(&self, text: &str) {
        self.types(&format!("{text}{}", char::from(Key::Enter)))
            .await;
    }

    /// Leaves a note for the others.
    pub async fn notes(&self, text: &str) {
        self.browser.choose("Note").await;
        let composer = self.browser.see("textbox", "Write a note for your team");
        composer.await.send_keys(text).await.expect("keys");
        self.browser.press("Add note").await;
        self.reads(text).await;
        self.browser.choose("Reply").await;
    }

    /// Waits until these words are in the transcript.
    pub async fn reads(&self, text: &str) {
        self.browser.see_words(text).await;
    }

    /// Leaves with a clean console, but for the answer of the door to who is not signed in yet.
    pub async fn leaves(self) {
        self.leaves_after(&[]).await;
    }

    /// Leaves with nothing in the console but lines that contain one of these.
    pub async fn leaves_after(self, announced: &[&str]) {
        let announced = [announced, &[NOT_YET]].concat();
        self.browser.leave(&announced).await;
    }
}
