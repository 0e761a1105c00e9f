//! Empties a browser: no page, no cookie, nothing kept, nothing in the cache, and the network is there.
//!
//! Must stay true: what says that it is empty is as good as a new profile to every story. What cannot be asked of an engine is
//! never said of it.

use serde_json::{Value, json};
use thirtyfour::{WebDriver, error::WebDriverResult, extensions::cdp::ChromeDevTools};

use super::Seat;
use crate::{caller, engine::Engine};

/// `None` where it cannot be emptied.
pub(super) async fn empty(seat: &Seat) -> Option<()> {
    match seat.kind.engine {
        Engine::Chromium => {
            close_all(&seat.driver).await.ok()?;
            let tools = ChromeDevTools::new(seat.driver.handle.clone());
            let all = json!({ "origin": "*", "storageTypes": "all" });
            for (command, what) in [
                ("Storage.clearDataForOrigin", all),
                ("Network.clearBrowserCookies", json!({})),
                ("Network.clearBrowserCache", json!({})),
            ] {
                tools.execute_cdp_with_params(command, what).await.ok()?;
            }
            // What its pages said on their way out is not the next story's.
            tell(seat, "se/log", json!({ "type": "browser" })).await
        }
        Engine::Firefox => {
            close_all(&seat.driver).await.ok()?;
            tell(seat, "moz/context", json!({ "context": "chrome" })).await?;
            let script = json!({ "script": FORGET, "args": [] });
            let forgotten = ask(seat, "execute/async", script).await?;
            (forgotten["value"] == true).then_some(())?;
            tell(seat, "moz/context", json!({ "context": "content" })).await
        }
        // Its driver clears the cookies of one page and nothing else.
        Engine::WebKit => None,
    }
}

/// What “Clear recent history” does, of everything.
const FORGET: &str = "
const done = arguments[arguments.length - 1];
Services.io.offline = false;
Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_ALL, { onDataDeleted: (failed) => done(!failed) });
";

/// Closes everything but one new, empty tab.
async fn close_all(driver: &WebDriver) -> WebDriverResult<()> {
    let before = driver.windows().await?;
    let new = driver.new_tab().await?;
    for window in before {
        driver.switch_to_window(window).await?;
        driver.close_window().await?;
    }
    driver.switch_to_window(new).await
}

async fn tell(seat: &Seat, command: &str, body: Value) -> Option<()> {
    ask(seat, command, body).await.map(|_| ())
}

async fn ask(seat: &Seat, command: &str, body: Value) -> Option<Value> {
    let (address, session) = (seat.address(), seat.driver.session_id());
    let url = format!("{address}/session/{session}/{command}");
    let answer = caller::http().post(url).json(&body).send().await.ok()?;
    answer.error_for_status().ok()?.json().await.ok()
}
