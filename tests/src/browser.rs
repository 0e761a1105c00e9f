//! A real browser with a fresh profile, of the engine that the run is told in, driven as a person would use it.
//!
//! Must stay true: a story ends with [`Browser::leave`], which fails it when the console holds an error that the story
//! did not announce.

mod console;
mod device;

use std::{sync::Mutex, time::Duration};

use serde_json::{Value, json};
use thirtyfour::{WebDriver, WebElement, WindowHandle, error::WebDriverResult, prelude::ScriptRet};

use crate::{
    engine::Engine,
    patience::{eventually, within},
    seat::{Kind, Seat},
};

pub(crate) use console::LISTEN;

/// A size of window.
pub type Size = (u32, u32);

/// A desk.
pub const DESKTOP: Size = (1280, 800);

/// A phone of the middle class.
pub const PHONE: Size = (390, 844);

/// A browser with one profile.
#[derive(Debug)]
pub struct Browser {
    /// The driver's own door, for what characters do not offer.
    pub driver: WebDriver,
    seat: Seat,
    size: Size,
    /// What pages have complained of that are gone, where the driver keeps no console.
    heard: Mutex<Vec<String>>,
    left: bool,
}

impl Browser {
    /// A browser with a window of this size.
    pub async fn open(size: Size) -> Self {
        Self::open_in(size, false).await
    }

    /// The same for a person who has asked their device for dark colours, or has not.
    pub async fn open_in(size: Size, dark: bool) -> Self {
        let engine = Engine::of_this_run();
        let [seat] = Seat::take([Kind { engine, dark }]).await;
        Self::at(seat, size).await
    }

    /// Chromium, whatever the engine of this run: for what is done beside the story.
    pub async fn beside() -> Self {
        let engine = Engine::Chromium;
        let [seat] = Seat::take([Kind {
            engine,
            dark: false,
        }])
        .await;
        Self::at(seat, DESKTOP).await
    }

    /// Two browsers, for a shopper and for an operator. Shoppers come with what they have; an operator has Chromium.
    pub async fn two(shopper: Size, operator: Size) -> (Self, Self) {
        let kinds = [Engine::of_this_run(), Engine::Chromium];
        let kinds = kinds.map(|engine| Kind {
            engine,
            dark: false,
        });
        let [first, second] = Seat::take(kinds).await;
        (
            Self::at(first, shopper).await,
            Self::at(second, operator).await,
        )
    }

    async fn at(seat: Seat, size: Size) -> Self {
        let browser = Self {
            driver: seat.driver.clone(),
            seat,
            size,
            heard: Mutex::default(),
            left: false,
        };
        browser.is_a_device().await;
        browser
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.listen().await;
        let went = self.driver.goto(url).await;
        went.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.listen().await;
        self.driver.refresh().await.expect("the page loads again");
    }

    /// A second tab of the same profile, and in front.
    pub async fn tab(&self, url: &str) -> WindowHandle {
        // A tab of WebKit's stays behind those that were there, and a page out of sight is not drawn: it gets a window.
        let tab = match self.seat.kind.engine {
            Engine::WebKit => self.driver.new_window().await,
            Engine::Chromium | Engine::Firefox => self.driver.new_tab().await,
        };
        let tab = tab.expect("a new tab");
        self.front(&tab).await;
        self.is_a_device().await;
        self.go(url).await;
        tab
    }

    /// Brings a tab to the front.
    pub async fn front(&self, tab: &WindowHandle) {
        let switched = self.driver.switch_to_window(tab.clone()).await;
        switched.expect("the tab is there");
    }

    /// Kills the whole browser and starts one with the same profile, in an empty tab.
    pub async fn is_killed_and_started(&mut self) {
        self.seat.kill_9_and_start().await;
        self.driver = self.seat.driver.clone();
        self.is_a_device().await;
    }

    /// Waits until what a page keeps is on the disk with these words in it. The browser takes its time for that, some
    /// seconds, or a minute for who keeps much; and a kill before would be no test of ours.
    pub async fn has_written_down(&self, words: &str) {
        let minutes = Duration::from_secs(120);
        within(
            minutes,
            &format!("{words:?} is in the profile"),
            async || self.seat.has_kept(words.as_bytes()).then_some(()),
        )
        .await;
    }

    /// What a script of the page answers.
    pub async fn ask(&self, script: &str) -> Value {
        let answer = self.driver.execute(script, vec![]).await;
        answer.expect("the script runs").json().clone()
    }

    /// Waits until a script's answer is `true`.
    pub async fn until(&self, what: &str, script: &str) {
        eventually(what, async || {
            (self.ask(script).await == json!(true)).then_some(())
        })
        .await;
    }

    /// Everything of this role whose name contains `words`, as it is now.
    pub async fn all(&self, role: &str, words: Option<&str>) -> Vec<WebElement> {
        let found = self.look(role, words, false, false).await;
        // A page that is being replaced answers nothing; whoever waits looks again.
        found.and_then(|found| found.elements()).unwrap_or_default()
    }

    /// The first of this role whose name contains `words`, as soon as it is there.
    pub async fn see(&self, role: &str, words: &str) -> WebElement {
        eventually(&format!("a {role} {words:?} is to be seen"), async || {
            let all = self.all(role, Some(words)).await;
            all.into_iter().next()
        })
        .await
    }

    /// Waits until the last bubble with these words says one of these of itself, such as `Sent`.
    pub async fn see_bubble(&self, words: &str, marks: &[&str]) {
        eventually(
            &format!("the bubble {words:?} says {marks:?}"),
            async || {
                let bubbles = self.transcript().await;
                let bubble = bubbles.iter().rev().find(|text| text.contains(words))?;
                marks.iter().any(|mark| bubble.contains(mark)).then_some(())
            },
        )
        .await;
    }

    /// What stands in everything of this role, in the order of the page.
    pub async fn texts(&self, role: &str) -> Vec<String> {
        let found = self.look(role, None, false, true).await;
        found.and_then(|found| found.convert()).unwrap_or_default()
    }

    /// Waits until a bubble with these words is in the transcript.
    pub async fn see_words(&self, words: &str) {
        self.see_bubble(words, &[words]).await;
    }

    /// Waits until these words stand anywhere on the page or in what an open shadow root shows.
    pub async fn see_words_anywhere(&self, words: &str) {
        eventually(&format!("{words:?} stands somewhere"), async || {
            let shown = self.look("any", None, false, true).await.ok()?;
            let shown: Vec<String> = shown.convert().ok()?;
            shown.iter().any(|text| text.contains(words)).then_some(())
        })
        .await;
    }

    /// What the transcript says, bubble by bubble.
    pub async fn transcript(&self) -> Vec<String> {
        self.texts("bubble").await
    }

    /// Chooses a radio button by its label, as a person would, as soon as it can be.
    pub async fn choose(&self, name: &str) {
        eventually(
            &format!("the radio button {name:?} can be chosen"),
            async || {
                let all = self.all("radio", Some(name)).await;
                let radio = all.first()?.to_json().ok()?;
                let label = "return arguments[0].labels[0]";
                let label = self.driver.execute(label, vec![radio]).await;
                let label = label.and_then(|label| label.element()).ok()?;
                // WebKit's driver leaves where it is what is seen by an edge, and then cannot press it.
                label.scroll_into_view().await.ok()?;
                self.touch(&label).await
            },
        )
        .await;
    }

    /// Clicks the first of this role whose name contains `words`, as soon as it can be clicked.
    pub async fn click(&self, role: &str, words: &str) {
        eventually(
            &format!("the {role} {words:?} can be clicked"),
            async || {
                let all = self.all(role, Some(words)).await;
                self.touch(all.first()?).await
            },
        )
        .await;
    }

    /// Waits until nothing of this role and name is to be seen.
    pub async fn see_no(&self, role: &str, words: &str) {
        eventually(&format!("no {role} {words:?} is to be seen"), async || {
            let all = self.all(role, Some(words)).await;
            all.is_empty().then_some(())
        })
        .await;
    }

    /// Presses the button of this name. It may be drawn anew between the look and the press, so it is tried again.
    pub async fn press(&self, name: &str) {
        eventually(&format!("the button {name:?} can be pressed"), async || {
            let exact = self.look("button", Some(name), true, false).await;
            let exact = exact.and_then(|found| found.elements()).ok()?;
            self.touch(exact.first()?).await
        })
        .await;
    }

    async fn look(
        &self,
        role: &str,
        words: Option<&str>,
        exact: bool,
        read: bool,
    ) -> WebDriverResult<ScriptRet> {
        let arguments = vec![json!(role), json!(words), json!(exact), json!(read)];
        let script = include_str!("look.js");
        self.driver.execute(script, arguments).await
    }
}
