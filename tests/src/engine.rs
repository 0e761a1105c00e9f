//! The three engines that shops are visited with. A run of the stories has one of them, by `COMMESSO_ENGINE`; `cargo xtask
//! test` has a run for each, and `xtask/src/engines.rs` says which stories are told in which.

use std::{env, sync::LazyLock};

/// What draws a page and runs its scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Blink: Chrome, Edge, Samsung Internet.
    Chromium,
    /// Gecko.
    Firefox,
    /// What Safari is made of, and every browser of an iPhone; here in its port to GTK.
    WebKit,
}

static OF_THIS_RUN: LazyLock<Engine> = LazyLock::new(|| {
    let name = env::var("COMMESSO_ENGINE").unwrap_or_else(|_| "chromium".into());
    let engine = Engine::named(&name);
    engine.unwrap_or_else(|| panic!("COMMESSO_ENGINE is chromium, firefox or webkit, not {name:?}"))
});

impl Engine {
    /// The engine of this run.
    pub fn of_this_run() -> Self {
        *OF_THIS_RUN
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "chromium" => Self::Chromium,
            "firefox" => Self::Firefox,
            "webkit" => Self::WebKit,
            _ => return None,
        })
    }
}
