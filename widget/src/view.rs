//! What the shopper sees. Everything here is data in, [`Act`] out.
//!
//! Accessible names are the tests' handles and stay as they are (English ones given; all come from `text`):
//!
//! | what | role | name |
//! |---|---|---|
//! | launcher | `button` (`aria-expanded`) | `Chat`; `Chat, 2 unread messages` |
//! | panel | `dialog` | `Chat with <shop>` |
//! | closes it | `button` | `Close` |
//! | composer | `textbox` | `Write a message` |
//! | sends | `button` (disabled while the composer is empty) | `Send` |
//! | transcript | `log` | `Messages` |
//! | how far my last message is | `img` | `On its way`, `Sent`, `Seen` |
//! | a refused message | `button`s | `Try again`, `Copy`, `Delete` |
//! | scrolled away | `button` | `To the newest messages`; `2 new messages` |
//! | what shoppers ask | `button`s in the `group` `You could ask` | the question |
//! | connection, answers read aloud, characters left | `status` | |

pub(crate) mod bubble;
pub(crate) mod composer;
pub(crate) mod greeting;
pub(crate) mod header;
pub(crate) mod notice;
pub(crate) mod transcript;

use std::rc::Rc;

use protocol::{id::MessageId, time::Timestamp};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{
    date::day_of,
    dom::{El, Live, el},
    line::{Key, Line},
    text::Text,
};

/// What the person did.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Wrote; this is what stands in the composer now.
    Write(String),
    /// Sends what stands in the composer.
    Send,
    /// Wants a refused message tried again.
    Retry(MessageId),
    /// Copies a refused message.
    Copy(String),
    /// Throws a refused message away.
    Discard(MessageId),
    /// Scrolled near the oldest line.
    Up,
    /// Scrolled near the newest line.
    Down,
    /// Looks at the newest line, or away from it.
    Follow(bool),
    /// Wants to see the newest line.
    ToEnd,
    /// Closes the panel.
    Close,
    /// Loads the page again.
    Reload,
}

/// What stands in the transcript's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was said yet.
    #[default]
    Greeting,
    /// Something was said and is being fetched.
    Loading,
    /// The transcript.
    Transcript,
}

/// What the person should know about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The device has no network.
    Offline,
    /// The relay is not reached.
    Reconnecting,
    /// Nothing works until the page is loaded again.
    Ended,
}

/// A line on the screen; what changes about it changes in place.
#[derive(Clone)]
pub(crate) struct Row {
    /// Which.
    pub(crate) key: Key,
    /// What it says.
    pub(crate) line: Rc<Live<Line>>,
    /// Whether it has just come.
    pub(crate) fresh: bool,
}

impl PartialEq for Row {
    /// What a row says changes in place: as rows, they are the same.
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

/// Everything that is shown.
pub(crate) struct View {
    /// The shop's name.
    pub(crate) shop: Live<String>,
    /// The address of its logo.
    pub(crate) logo: Live<String>,
    /// Who is there, by name; nothing while that is not known.
    pub(crate) duty: Live<Option<Vec<String>>>,
    /// What else the shop says of when it answers, as it came.
    pub(crate) outlook: Live<String>,
    /// The shop's first words.
    pub(crate) greeting: Live<String>,
    /// What stands in the transcript's place.
    pub(crate) stage: Live<Stage>,
    /// The lines of the transcript that are shown.
    pub(crate) rows: Live<Vec<Row>>,
    /// Who types.
    pub(crate) typing: Live<Option<String>>,
    /// What is wrong.
    pub(crate) trouble: Live<Option<Trouble>>,
    /// What stands in the composer.
    pub(crate) words: Live<String>,
    /// Whether the newest line is looked at.
    pub(crate) following: Live<bool>,
    /// How many new messages are below what is looked at.
    pub(crate) below: Live<usize>,
    /// What has just been said, to be read aloud.
    pub(crate) aloud: Live<String>,
    /// Whether the panel is open.
    pub(crate) open: Live<bool>,
    /// The words.
    pub(crate) text: Rc<Text>,
    act: Box<dyn Fn(Act)>,
}

impl View {
    /// An empty view; `act` hears what the person does.
    pub(crate) fn new(text: Rc<Text>, act: Box<dyn Fn(Act)>) -> Rc<Self> {
        Rc::new(Self {
            shop: Live::default(),
            logo: Live::default(),
            duty: Live::default(),
            outlook: Live::default(),
            greeting: Live::default(),
            stage: Live::default(),
            rows: Live::default(),
            typing: Live::default(),
            trouble: Live::default(),
            words: Live::default(),
            following: Live::new(true),
            below: Live::default(),
            aloud: Live::default(),
            open: Live::default(),
            text,
            act,
        })
    }

    /// The person did this.
    pub(crate) fn act(&self, act: Act) {
        (self.act)(act);
    }

    /// A time of day in words.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        self.text.language.time(at.0 as f64)
    }

    /// A day in words.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        let ago = day_of(browser::clock::now()) - day_of(at);
        self.text.language.day(at.0 as f64, ago as f64)
    }
}

/// A button with words in it.
pub(crate) fn button(view: &Rc<View>, words: &str, class: &str, act: Act) -> El {
    let press = Rc::new((view.clone(), act));
    let button = el("button", class).attr("type", "button").text(words);
    button.on(&["click"], &press, |press, _| press.0.act(press.1.clone()))
}

/// A round mark with somebody's initials, for the eye only.
pub(crate) fn face(name: &str) -> El {
    el("span", "face")
        .attr("aria-hidden", "true")
        .text(&initials(name))
}

/// The same for the shop, whose name and logo may come later.
pub(crate) fn shop_face(view: &Rc<View>) -> El {
    el("span", "face")
        .attr("aria-hidden", "true")
        .says(view, |view| initials(&view.shop.read()))
        .when(view, logo)
}

/// Covers the initials when it is there: one that is lost, or that the page's policy refuses, leaves no hole.
fn logo(view: &Rc<View>) -> Option<El> {
    let address = view.logo.read();
    if address.is_empty() {
        return None;
    }
    let logo = el("img", "").attr("alt", "").attr("src", &address);
    Some(logo.on(&["load"], view, |_, event| {
        if let Some(logo) = event.target() {
            let _ = logo
                .unchecked_into::<Element>()
                .set_attribute("class", "load");
        }
    }))
}

/// The first letters of the first two words; the rules make them large.
fn initials(name: &str) -> String {
    name.split(' ')
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect()
}
