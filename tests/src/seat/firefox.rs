//! Firefox and its driver, which `cargo xtask test` compiles into `target/tools`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;
use thirtyfour::Capabilities;

use crate::relay::project;

/// Its windows are no narrower than 450 pixels; phones are.
const NARROW: &str = ":root { min-width: 0 !important }";

pub(super) fn driver(port: u16, profile: &Path) -> Command {
    let own = project().join("target/tools/bin/geckodriver");
    let geckodriver = if own.is_file() {
        own
    } else {
        PathBuf::from("geckodriver")
    };
    let mut driver = Command::new(geckodriver);
    driver
        .args(["--port", &port.to_string(), "--log", "fatal"])
        // The network is switched from outside of pages.
        .arg("--allow-system-access")
        // Where it leaves what is not the profile's.
        .env("HOME", profile);
    driver
}

pub(super) fn wishes(profile: &Path, dark: bool) -> Capabilities {
    let chrome = profile.join("chrome");
    fs::create_dir_all(&chrome).expect("a folder can be made");
    fs::write(chrome.join("userChrome.css"), NARROW).expect("it can be written");
    let options = json!({ "moz:firefoxOptions": {
        "binary": super::start::program(&["firefox-esr", "firefox"]),
        "args": ["-headless", "-profile", profile],
        "prefs": {
            "toolkit.legacyUserProfileCustomizations.stylesheets": true,
            "intl.accept_languages": "en",
            "network.proxy.type": 0,
            // Without a network there is none to this machine either.
            "network.disable-localhost-when-offline": true,
            // 0 is dark, 1 is light.
            "layout.css.prefers-color-scheme.content-override": if dark { 0 } else { 1 },
        },
    }});
    options.as_object().expect("an object").clone()
}

pub(super) fn own_pid(profile: &Path) -> u32 {
    super::start::locked_by(&profile.join("lock"), '+')
}
