//! A real browser with a fresh profile: Chromium, driven through its driver as a person would use it.
//!
//! Must stay true: a story ends with [`Browser::leave`], which fails it when the console holds an error that the story
//! did not announce.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{
    WebDriver, WebElement, WindowHandle, error::WebDriverResult, extensions::cdp::ChromeDevTools,
    prelude::ScriptRet,
};

use crate::{
    caller,
    patience::{eventually, within},
    seat::Seat,
};

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
    left: bool,
}

impl Browser {
    /// A browser with a window of this size.
    pub async fn open(size: Size) -> Self {
        let [seat] = Seat::take().await;
        Self::at(seat, size).await
    }

    /// Two browsers, for two people.
    pub async fn two(one: Size, other: Size) -> (Self, Self) {
        let [first, second] = Seat::take().await;
        (Self::at(first, one).await, Self::at(second, other).await)
    }

    async fn at(seat: Seat, size: Size) -> Self {
        let browser = Self {
            driver: seat.driver.clone(),
            seat,
            size,
            left: false,
        };
        browser.resize(size).await;
        browser
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        let went = self.driver.goto(url).await;
        went.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.driver.refresh().await.expect("the page loads again");
    }

    /// A second tab of the same profile, and in front.
    pub async fn tab(&self, url: &str) -> WindowHandle {
        let tab = self.driver.new_tab().await.expect("a new tab");
        self.front(&tab).await;
        self.resize(self.size).await;
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
        self.resize(self.size).await;
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

    /// Chooses a radio button by its label, as a person would.
    pub async fn choose(&self, name: &str) {
        let radio = self.see("radio", name).await;
        let label = "return arguments[0].labels[0]";
        let label = self
            .driver
            .execute(label, vec![radio.to_json().expect("JSON")]);
        let label = label.await.and_then(|label| label.element());
        label.expect("a label").click().await.expect("a click");
    }

    /// Clicks the first of this role whose name contains `words`, as soon as it can be clicked.
    pub async fn click(&self, role: &str, words: &str) {
        eventually(
            &format!("the {role} {words:?} can be clicked"),
            async || {
                let all = self.all(role, Some(words)).await;
                all.into_iter().next()?.click().await.ok()
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
            exact.into_iter().next()?.click().await.ok()
        })
        .await;
    }

    /// The DevTools protocol, for what no person can do: a slow processor, a network that is gone.
    pub fn devtools(&self) -> ChromeDevTools {
        ChromeDevTools::new(self.driver.handle.clone())
    }

    /// Runs a script in every page before the page's own.
    pub async fn before_every_page(&self, script: &str) {
        let source = json!({ "source": script });
        let tools = self.devtools();
        let set = tools.execute_cdp_with_params("Page.addScriptToEvaluateOnNewDocument", source);
        set.await.expect("the script is taken");
    }

    /// Whether the person has asked their device for dark colours.
    pub async fn dark(&self, on: bool) {
        let value = if on { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        let tools = self.devtools();
        let set = tools.execute_cdp_with_params("Emulation.setEmulatedMedia", features);
        set.await.expect("the colours can be switched");
    }

    /// Whether the network is there for the pages.
    pub async fn online(&self, on: bool) {
        let all = json!({ "offline": !on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        let tools = self.devtools();
        let _ = tools.execute_cdp("Network.enable").await;
        let set = tools.execute_cdp_with_params("Network.emulateNetworkConditions", all);
        set.await.expect("the network can be switched");
    }

    /// The errors and warnings in the console since the last look.
    pub async fn complaints(&self) -> Vec<String> {
        let session = self.driver.session_id().to_string();
        let log = caller::http()
            .post(format!("{}/session/{session}/se/log", self.seat.address))
            .json(&json!({ "type": "browser" }));
        let log: Value = log.send().await.expect("a log").json().await.expect("JSON");
        let lines = log["value"].as_array().cloned().unwrap_or_default();
        lines
            .iter()
            .filter(|line| line["level"] == "SEVERE" || line["level"] == "WARNING")
            .map(|line| format!("{}: {}", line["source"], line["message"]))
            .collect()
    }

    /// The clean end of a story: nothing in the console but lines that contain one of `announced`.
    pub async fn leave(mut self, announced: &[&str]) {
        self.left = true;
        let complaints = self.complaints().await;
        let expected = |line: &&String| !announced.iter().any(|words| line.contains(words));
        let unexpected: Vec<&String> = complaints.iter().filter(expected).collect();
        assert!(unexpected.is_empty(), "in the console: {unexpected:#?}");
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

    /// Makes the page itself of this size, whatever frame the window has.
    pub async fn resize(&self, (width, height): Size) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": false });
        let tools = self.devtools();
        let set = tools.execute_cdp_with_params("Emulation.setDeviceMetricsOverride", metrics);
        set.await.expect("the window can be sized");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let console = self.seat.ask("POST", "/se/log", r#"{"type":"browser"}"#);
            eprintln!("the console of a failed story: {console}");
        } else {
            assert!(self.left, "a story ended without a look at the console");
        }
    }
}
