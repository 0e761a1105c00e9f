//! Chromium and its driver.

use std::{path::Path, process::Command};

use serde_json::json;
use thirtyfour::{Capabilities, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities};

pub(super) fn driver(port: u16, _: &Path) -> Command {
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={port}"));
    driver
}

pub(super) fn wishes(profile: &Path) -> Capabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    let profile_flag = format!("--user-data-dir={}", profile.display());
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en",
        &profile_flag,
    ];
    for flag in flags {
        capabilities.add_arg(flag).expect("a flag");
    }
    let log = capabilities.set_base_capability("goog:loggingPrefs", json!({"browser": "ALL"}));
    log.expect("a capability");
    capabilities.into()
}

pub(super) fn own_pid(profile: &Path) -> u32 {
    super::start::locked_by(&profile.join("SingletonLock"), '-')
}
