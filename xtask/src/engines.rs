//! The engines that the stories are told in, and which stories are not told in which, with the reason: the one place for it.
//!
//! A story is told in all three unless a line here says otherwise, so a new one is. A line that fits no story fails the run.

use std::process::Command;

use crate::failure::{Failure, Result};

/// What draws a page and runs its scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// In the order of the runs.
pub(crate) const ENGINES: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

const NO_BROWSER: &str = "there is no browser in it";
const INBOX: &str = "it is the inbox's, whose people choose their browser";
const CRASH: &str = "only Chromium's own protocol lets a tab crash";
const FINGER: &str = "only Chromium on a desk can be touched with a finger";
const PROTOCOL: &str = "it is told through Chromium's own protocol";
const PICTURES: &str = "it makes pictures, and tests nothing";

/// What is told in Chromium alone: the beginning of stories' names, and why.
const CHROMIUM_ALONE: &[(&str, &str)] = &[
    ("accessible::an_answer_that_was_overtaken", INBOX),
    ("accessible::the_inbox", INBOX),
    ("assistive::a_screen_reader", PROTOCOL),
    ("assistive::nothing_moves", PROTOCOL),
    ("assistive::on_a_phone", PROTOCOL),
    ("assistive::what_is_told", PROTOCOL),
    ("bad_frames::", NO_BROWSER),
    ("bad_requests::", NO_BROWSER),
    ("both_ends::a_wrong_password", INBOX),
    ("cards::the_inbox", INBOX),
    ("cloudflare::", NO_BROWSER),
    ("crash::", NO_BROWSER),
    ("device::a_tab_that_crashes", CRASH),
    ("epoch::a_", NO_BROWSER),
    ("epoch::an_", NO_BROWSER),
    ("facts::the_inbox", INBOX),
    ("files::doors::", NO_BROWSER),
    ("files::the_inbox", INBOX),
    ("frame::whole::in_a_browser_without", PROTOCOL),
    ("guest::a_finger", FINGER),
    ("hibernation::", NO_BROWSER),
    ("hours::the_inbox", INBOX),
    ("hours::what_is_no", NO_BROWSER),
    ("identity::id1", NO_BROWSER),
    ("identity::id2", NO_BROWSER),
    ("identity::id4", NO_BROWSER),
    ("identity::the_inbox", INBOX),
    ("inbox_fresh::", INBOX),
    ("install::", INBOX),
    ("ladder::where_storage_is_blocked_the_frame", PROTOCOL),
    ("languages::tables::", NO_BROWSER),
    ("list::", NO_BROWSER),
    ("live_reply::", NO_BROWSER),
    ("network::lines::", NO_BROWSER),
    ("offer::", INBOX),
    ("origin::", NO_BROWSER),
    ("overload::a_program", NO_BROWSER),
    ("own::oc1", NO_BROWSER),
    ("overload::so_many", NO_BROWSER),
    ("overload::when_everybody", NO_BROWSER),
    ("overload::who_does_not", NO_BROWSER),
    ("phone::on_a_slow_network", PROTOCOL),
    ("phone::the_page_underneath", PROTOCOL),
    ("phone::what_the_device_covers", PROTOCOL),
    ("pictures::", PICTURES),
    ("plain::pp11_what", NO_BROWSER),
    ("plain::pp2", NO_BROWSER),
    ("plain::pp3", NO_BROWSER),
    ("plain::pp4", NO_BROWSER),
    ("plain::pp5", NO_BROWSER),
    ("queue::ou4_a_shop", NO_BROWSER),
    ("sdk::declarations::", NO_BROWSER),
    ("sdk::the_look_follows_the_device", PROTOCOL),
    ("storm::", NO_BROWSER),
    ("transcript::it_lies", PROTOCOL),
    ("two_shops::", NO_BROWSER),
    ("versions::a_widget_of_tomorrow", NO_BROWSER),
    ("versions::objects_", NO_BROWSER),
    ("versions::a_widget_that_is_too_old_is_told", NO_BROWSER),
];

const NO_NETWORK_SWITCH: &str =
    "its driver cannot take the network away; the other stories of `network` do so with a proxy";
const NO_PROFILE: &str = "a WebKit that is driven keeps nothing on the disk";
const NO_NAVIGATION: &str = "its port to GTK does not tell scripts of a new address yet; a shop can, by `commesso('page', …)`";
const PIXEL: &str = "the launcher is a pixel wider or narrower from one look to the next";
const ALWAYS_SEEN: &str = "its driver can put no page out of sight";

const NO_CODE: &str = "in the picture that its driver takes of an element there is no code to be read; the other stories of `camera` look closer";

const OUT_OF_THE_PAGE: &str = "after the page's last stop the keyboard is in the browser's own window, and its driver has no way back";

const SOMETIMES: &str = "the beacon of a page that goes away does not always arrive there, and nobody has found out why; what it says is on the device, and leaves with the next visit";

/// What is not told in Firefox either.
const NOT_IN_FIREFOX: &[(&str, &str)] = &[
    ("assistive::the_whole_chat", OUT_OF_THE_PAGE),
    ("reload::the_last_words", SOMETIMES),
];

/// What is not told in WebKit either.
const NOT_IN_WEBKIT: &[(&str, &str)] = &[
    ("device::a_browser_that_is_killed", NO_PROFILE),
    ("epoch::the_widget", NO_NETWORK_SWITCH),
    ("frame::ho10", NO_PROFILE),
    ("guest::it_looks_and_works", PIXEL),
    ("guest::the_operator_is_told", NO_NAVIGATION),
    ("handover::camera::off_the_screen", NO_CODE),
    ("network::asleep::", ALWAYS_SEEN),
    ("network::moving::an_hour_in_airplane", NO_NETWORK_SWITCH),
    (
        "reload::written_offline_and_delivered_later",
        NO_NETWORK_SWITCH,
    ),
];

impl Engine {
    /// As in the names of stories and in the environment.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// As people say it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// The run: the binary of the stories, told which to tell, in this engine.
    pub(crate) fn tell(self, told: &[String], stories: &mut Command) {
        stories
            .args(["--", "--exact"])
            .args(told)
            .env("COMMESSO_ENGINE", self.name());
    }

    /// The stories of these names, which the output of its run has under its own.
    pub(crate) fn told(self, names: &[String]) -> Vec<String> {
        let bare = |name: &String| {
            let story = name.strip_prefix(self.name())?.strip_prefix("::")?;
            Some(story.to_owned())
        };
        names.iter().filter_map(bare).collect()
    }

    /// What is not told in it.
    fn left_out(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Chromium => vec![],
            Self::Firefox => [CHROMIUM_ALONE, NOT_IN_FIREFOX].concat(),
            Self::WebKit => [CHROMIUM_ALONE, NOT_IN_WEBKIT].concat(),
        }
    }
}

/// The engines and the part of a story's name that `cargo xtask test` was asked for: `firefox::reload`, or `reload` in all.
pub(crate) fn asked(filter: &str) -> (Vec<Engine>, &str) {
    let named = ENGINES.into_iter().find_map(|engine| {
        let rest = filter.strip_prefix(engine.name())?.strip_prefix("::")?;
        Some((vec![engine], rest))
    });
    named.unwrap_or((ENGINES.to_vec(), filter))
}

/// The stories of an engine, by what the tests' own list says, and those left out of it that a reader should know of, each with its
/// reason.
pub(crate) struct Plan {
    pub(crate) told: Vec<String>,
    pub(crate) left_out: Vec<String>,
}

impl Plan {
    /// The plan for those of `listed`.
    pub(crate) fn new(engine: Engine, listed: &[String]) -> Self {
        let left_out = engine.left_out();
        let mut plan = Self {
            told: vec![],
            left_out: vec![],
        };
        for story in listed {
            match left_out.iter().find(|(name, _)| story.starts_with(name)) {
                None => plan.told.push(story.clone()),
                // Nothing is missed where there is no browser.
                Some((_, NO_BROWSER | PICTURES)) => {}
                Some((_, why)) => {
                    let line = format!("left out: {}::{story}: {why}", engine.name());
                    plan.left_out.push(line);
                }
            }
        }
        plan
    }
}

/// Every line must fit a story, lest it outlives it. `listed` are all there are.
pub(crate) fn check(listed: &[String]) -> Result<()> {
    let lines = [CHROMIUM_ALONE, NOT_IN_FIREFOX, NOT_IN_WEBKIT].concat();
    let stale: Vec<&str> = lines
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !listed.iter().any(|story| story.starts_with(name)))
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "xtask/src/engines.rs leaves out stories that are not there: {}.",
        stale.join(", ")
    )))
}

/// The stories of `cargo test … -- --list`.
pub(crate) fn listed(lines: &[String]) -> Vec<String> {
    let stories = lines.iter().filter_map(|line| line.strip_suffix(": test"));
    stories.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stories(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_engine_may_be_named_in_front_of_a_story() {
        assert_eq!(asked("reload"), (ENGINES.to_vec(), "reload"));
        assert_eq!(asked("webkit::reload"), (vec![Engine::WebKit], "reload"));
        assert_eq!(asked("firefox::"), (vec![Engine::Firefox], ""));
    }

    #[test]
    fn a_story_is_told_everywhere_unless_a_line_says_otherwise() {
        let all = stories(&[
            "new::of_today",
            "storm::a_kill",
            "epoch::the_widget_starts_over",
        ]);
        for (engine, told) in [
            (Engine::Chromium, &all[..]),
            (Engine::Firefox, &[all[0].clone(), all[2].clone()]),
            (Engine::WebKit, &all[..1]),
        ] {
            assert_eq!(Plan::new(engine, &all).told, told, "{engine:?}");
        }
    }

    #[test]
    fn a_story_is_known_by_its_name_in_the_output() {
        let failed = stories(&["firefox::greet::once", "build"]);
        assert_eq!(Engine::Firefox.told(&failed), ["greet::once"]);
    }

    #[test]
    fn what_is_left_out_is_said_with_its_reason() {
        let plan = Plan::new(Engine::WebKit, &stories(&["epoch::the_widget_starts_over"]));
        assert_eq!(plan.left_out.len(), 1);
        assert!(plan.left_out[0].contains("webkit::epoch::the_widget_starts_over: its driver"));
    }

    #[test]
    fn a_line_that_fits_no_story_is_named() {
        let failure = check(&stories(&["reload::a_reload"])).unwrap_err();
        assert!(failure.to_string().contains("storm::"));
    }
}
