//! The device around a browser: its screen and finger, its colours, its network. Each engine has its own way to be told,
//! and some have none.

use serde_json::{Value, json};
use thirtyfour::{WebElement, extensions::cdp::ChromeDevTools};

use super::{Browser, Size};
use crate::{caller, engine::Engine, patience::eventually};

/// Below this many pixels a device is a phone, and has a finger for a mouse.
const TABLET: u32 = 600;

impl Browser {
    /// Chromium's own protocol, for what no person can do: a slow processor, a tab that crashes.
    pub fn devtools(&self) -> ChromeDevTools {
        let engine = self.seat.kind.engine;
        assert_eq!(
            engine,
            Engine::Chromium,
            "xtask/src/engines.rs must say that this story is for Chromium alone"
        );
        ChromeDevTools::new(self.driver.handle.clone())
    }

    async fn order(&self, command: &str, parameters: Value) {
        let tools = self.devtools();
        let obeyed = tools.execute_cdp_with_params(command, parameters).await;
        obeyed.unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Runs a script in every page before the page's own. For pages that are not the storefront's, which has
    /// [`crate::Storefront::begins_with`] for every engine.
    pub async fn before_every_page(&self, script: &str) {
        let source = json!({ "source": script });
        self.order("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
    }

    /// Whether the person asks their device for dark colours, while pages are open.
    pub async fn dark(&self, on: bool) {
        let value = if on { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.order("Emulation.setEmulatedMedia", features).await;
    }

    /// Whether the network is there for the pages.
    pub async fn online(&self, on: bool) {
        match self.seat.kind.engine {
            Engine::Firefox => self.behind_the_pages(on).await,
            Engine::Chromium | Engine::WebKit => {
                let all = json!({ "offline": !on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
                self.order("Network.enable", json!({})).await;
                self.order("Network.emulateNetworkConditions", all).await;
            }
        }
    }

    /// Touches the middle of something, with a finger where there is one and with a mouse where there is none. What is about
    /// to be drawn anew cannot be touched.
    pub(super) async fn touch(&self, element: &WebElement) -> Option<()> {
        if self.seat.kind.engine != Engine::Chromium || self.size.0 >= TABLET {
            return element.click().await.ok();
        }
        element.scroll_into_view().await.ok()?;
        let middle = element.to_json().ok()?;
        let there =
            json!({ "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": middle });
        let down = json!({ "type": "pointerDown", "button": 0 });
        let up = json!({ "type": "pointerUp", "button": 0 });
        let finger = json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": [there, down, up] });
        let told = self.tell("actions", json!({ "actions": [finger] })).await;
        told.ok().map(|_| ())
    }

    /// A command to the driver that thirtyfour has no words for.
    pub(super) async fn tell(&self, command: &str, body: Value) -> reqwest::Result<Value> {
        let session = self.driver.session_id().to_string();
        let url = format!("{}/session/{session}/{command}", self.seat.address());
        let answer = caller::http().post(url).json(&body).send().await?;
        answer.error_for_status()?.json().await
    }

    /// What Firefox does when somebody chooses “Work offline”.
    async fn behind_the_pages(&self, on: bool) {
        let say = async |command: &str, body: Value| {
            let said = self.tell(command, body).await;
            said.unwrap_or_else(|error| panic!("{command}: {error}"));
        };
        say("moz/context", json!({ "context": "chrome" })).await;
        let script = "Services.io.offline = arguments[0]";
        say("execute/sync", json!({ "script": script, "args": [!on] })).await;
        say("moz/context", json!({ "context": "content" })).await;
    }

    /// Gives the window in front the device's screen and colours.
    pub(super) async fn is_a_device(&self) {
        self.resize(self.size).await;
        let kind = self.seat.kind;
        if kind.engine == Engine::Chromium && kind.dark {
            self.dark(true).await;
        }
    }

    /// Makes the page itself of this size, whatever frame the window has.
    pub async fn resize(&self, size: Size) {
        match self.seat.kind.engine {
            Engine::Chromium => self.emulate(size).await,
            Engine::Firefox | Engine::WebKit => self.resize_the_window(size).await,
        }
    }

    async fn emulate(&self, (width, height): Size) {
        let phone = width < TABLET;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": phone });
        self.order("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let finger = json!({ "enabled": phone, "maxTouchPoints": 5 });
        self.order("Emulation.setTouchEmulationEnabled", finger)
            .await;
    }

    async fn resize_the_window(&self, (width, height): Size) {
        eventually(&format!("the page is {width} × {height}"), async || {
            let is = self.ask("return [innerWidth, innerHeight, outerWidth, outerHeight]");
            let is: Vec<i64> = serde_json::from_value(is.await).ok()?;
            let [wide, high, outer_wide, outer_high] = is[..] else {
                return None;
            };
            if (wide, high) == (width.into(), height.into()) {
                return Some(());
            }
            let frame = [outer_wide - wide, outer_high - high].map(u32::try_from);
            let [Ok(across), Ok(down)] = frame else {
                return None;
            };
            let window = (0, 0, width + across, height + down);
            let (x, y, width, height) = window;
            let set = self.driver.set_window_rect(x, y, width, height);
            set.await.expect("the window can be sized");
            None
        })
        .await;
    }
}
