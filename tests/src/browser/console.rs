//! What a browser has to say against the pages it has shown.
//!
//! Chromium's driver has the whole console. Those of the others have none, so there the pages of the storefront listen to
//! themselves, by a script in front of their own: errors, refusals, and what scripts say aloud. They do not hear what the
//! network does to a request, which Chromium says of the same story.

use serde_json::json;

use super::Browser;
use crate::engine::Engine;

/// What pages begin with, to listen to themselves.
pub(crate) const LISTEN: &str = include_str!("listen.js");

/// Where a story has failed: what somebody would see of the chat, what the device keeps, and what was asked for, when and for how long.
const SEEN: &str = r"
    const asked = performance.getEntriesByType('resource').slice(-20);
    return {
      online: navigator.onLine,
      visible: document.visibilityState,
      words: document.querySelector('commesso-chat')?.shadowRoot?.querySelector('.panel')?.innerText,
      kept: Object.keys(localStorage),
      asked: asked.map((one) => [one.name, one.responseStatus, one.startTime | 0, one.duration | 0].join(' ')),
      now: performance.now() | 0,
    }";

const HEARD: &str = "return window[Symbol.for('complaints')]?.splice(0) ?? []";

impl Browser {
    /// The errors and warnings in the console since the last look.
    pub async fn complaints(&self) -> Vec<String> {
        if self.seat.kind.engine != Engine::Chromium {
            self.listen().await;
            return std::mem::take(&mut *self.heard.lock().expect("nobody else listens"));
        }
        let log = self.tell("se/log", json!({ "type": "browser" })).await;
        let log = log.expect("a log");
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
        self.seat.is_emptied().await;
    }

    /// Asks a page what it has heard, before it is gone. One that is not the storefront's has heard nothing, and one that
    /// has crashed says nothing.
    pub(super) async fn listen(&self) {
        if self.seat.kind.engine == Engine::Chromium {
            return;
        }
        let heard = self.driver.execute(HEARD, vec![]).await;
        let heard: Vec<String> = heard.and_then(|heard| heard.convert()).unwrap_or_default();
        let mut all = self.heard.lock().expect("nobody else listens");
        all.extend(heard);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let console = match self.seat.kind.engine {
                Engine::Chromium => self.seat.ask("POST", "/se/log", r#"{"type":"browser"}"#),
                Engine::Firefox | Engine::WebKit => {
                    let script = json!({ "script": HEARD, "args": [] }).to_string();
                    let before = self.heard.lock().map(|heard| heard.join("\n"));
                    let now = self.seat.ask("POST", "/execute/sync", &script);
                    before.unwrap_or_default() + now.as_str()
                }
            };
            eprintln!("the console of a failed story: {console}");
            let script = json!({ "script": SEEN, "args": [] }).to_string();
            let seen = self.seat.ask("POST", "/execute/sync", &script);
            eprintln!("what was there: {seen}");
        } else {
            assert!(self.left, "a story ended without a look at the console");
        }
    }
}
