//! The shell: the only part that knows both the protocol's machines and the views. What the machines say becomes signals,
//! what the operator does becomes their input.
//!
//! An operator's words are never dropped with a view: a conversation whose outbox is not empty goes on in the background
//! until all of it is stored, also after the page was loaded again.

mod beside;
mod compose;
mod floor;
mod inbox;
mod install;
mod keys;
mod place;
mod session;
mod thread;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use browser::{clock, driver::Driver, store::Store};
use leptos::prelude::*;
use protocol::{
    api::Me,
    conversation::Summary,
    desk::{
        listing::{Listing, Tab},
        offer::Offer,
        writing::Writing,
    },
    entry::Author,
    id::ConversationId,
    time::{Millis, Timestamp},
};
use wasm_bindgen::JsCast;

use crate::{
    chime::Chime,
    desk::{
        install::Installing,
        thread::{Scene, Thread},
    },
    text::{self, Text},
    view::{
        composer::{Hold, Meanwhile, Mode},
        list::Progress,
        sign_in::SignIn,
    },
};

/// Times on the screen are told in minutes: looked at so often, none is wrong for long.
const TICK: core::time::Duration = core::time::Duration::from_secs(10);

/// How long a resolved conversation can be opened again with one press.
const UNDO_FOR: Millis = Millis::seconds(8);

/// Who is at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// The relay is asked.
    Starting,
    /// Nobody.
    Out,
    /// This operator.
    In(Box<Me>),
}

/// The desk. Copies are the same desk.
#[derive(Clone, Copy)]
struct Desk {
    text: &'static Text,
    now: RwSignal<Timestamp>,
    stage: RwSignal<Stage>,
    notice: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    listing: RwSignal<Listing>,
    tab: RwSignal<Tab>,
    progress: RwSignal<Progress>,
    hold: RwSignal<Option<Hold>>,
    selected: RwSignal<Option<ConversationId>>,
    scene: RwSignal<Option<Scene>>,
    draft: RwSignal<String>,
    mode: RwSignal<Mode>,
    /// What is offered beside a reply, and whether it is being filled in.
    offer: RwSignal<Offer>,
    offering: RwSignal<bool>,
    /// What of it is on the device as far as this page knows: another page may have changed it since.
    offer_kept: StoredValue<Offer>,
    /// What is said above the composer.
    meanwhile: RwSignal<Option<Meanwhile>>,
    /// The conversations with words that were not sent and wait for this operator.
    unsent: RwSignal<BTreeSet<ConversationId>>,
    focus_composer: RwSignal<u32>,
    at_end: RwSignal<bool>,
    to_end: RwSignal<u32>,
    undo: RwSignal<Option<(ConversationId, Timestamp)>>,
    sound: RwSignal<bool>,
    hints: RwSignal<bool>,
    /// What is known about the visitor, over the conversation, where there is no room beside it.
    sheet: RwSignal<bool>,
    /// The other conversations of whose the open one is, as they were asked for; nothing where they could not be read.
    others: RwSignal<Option<Vec<Summary>>>,
    install: Installing,
    devices: StoredValue<Rc<Devices>, LocalStorage>,
}

/// What is no signal.
struct Devices {
    store: Store,
    chime: Chime,
    inbox: RefCell<Option<Driver<browser::desk::Desk>>>,
    threads: RefCell<BTreeMap<ConversationId, Rc<Thread>>>,
    /// The listing that is drawn.
    listed: Cell<u64>,
    writing: RefCell<Writing>,
    asked_who: Cell<bool>,
}

/// Puts the inbox on the page.
pub fn start() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    let root = document
        .get_element_by_id("inbox")
        .and_then(|root| root.dyn_into().ok());
    if let Some(root) = root {
        leptos::mount::mount_to(root, App).forget();
    }
}

#[component]
fn App() -> impl IntoView {
    let desk = Desk::new(text::of(&place::language()));
    provide_context(desk.text);
    if let Some(root) = document().document_element() {
        // The page is read aloud in its language; without it, in another accent.
        let _ = root.set_attribute("lang", desk.text.language);
    }
    desk.listen();
    desk.restore();
    let who = Memo::new(move |_| desk.stage.get());
    view! {
        {move || match who.get() {
            Stage::Starting => view! { <main class="door" aria-busy="true"><p class="unseen" role="status">{desk.text.loading}</p></main> }.into_any(),
            Stage::Out => {
                view! {
                    <SignIn
                        shop=desk.known_shop()
                        notice=desk.notice
                        busy=desk.busy
                        on_submit=Callback::new(move |entered| desk.sign_in(entered))
                    />
                }
                    .into_any()
            }
            Stage::In(me) => floor::floor(desk, *me).into_any(),
        }}
    }
}

impl Desk {
    fn new(text: &'static Text) -> Self {
        let store = Store::local("commesso-inbox:");
        let sound = store.get("sound").as_deref() != Some("off");
        let devices = Devices {
            store,
            chime: Chime::default(),
            inbox: RefCell::default(),
            threads: RefCell::default(),
            listed: Cell::default(),
            writing: RefCell::default(),
            asked_who: Cell::default(),
        };
        Self {
            text,
            now: RwSignal::new(clock::now()),
            stage: RwSignal::new(Stage::Starting),
            notice: RwSignal::new(None),
            busy: RwSignal::new(false),
            listing: RwSignal::default(),
            tab: RwSignal::default(),
            progress: RwSignal::default(),
            hold: RwSignal::new(None),
            selected: RwSignal::new(None),
            scene: RwSignal::new(None),
            draft: RwSignal::default(),
            mode: RwSignal::default(),
            offer: RwSignal::default(),
            offering: RwSignal::new(false),
            offer_kept: StoredValue::default(),
            meanwhile: RwSignal::new(None),
            unsent: RwSignal::default(),
            focus_composer: RwSignal::new(0),
            at_end: RwSignal::new(true),
            to_end: RwSignal::new(0),
            undo: RwSignal::new(None),
            sound: RwSignal::new(sound),
            hints: RwSignal::new(false),
            sheet: RwSignal::new(false),
            others: RwSignal::new(Some(vec![])),
            install: Installing::new(),
            devices: StoredValue::new_local(Rc::new(devices)),
        }
    }

    fn devices(self) -> Rc<Devices> {
        self.devices.get_value()
    }

    fn me(self) -> Option<Me> {
        self.stage.with_untracked(|stage| match stage {
            Stage::In(me) => Some((**me).clone()),
            Stage::Starting | Stage::Out => None,
        })
    }

    fn you(self) -> Author {
        self.me()
            .map_or(Author::Unknown, |me| Author::Operator(me.operator))
    }

    /// Everything the page itself tells: time, keys, the address, whether anybody looks.
    fn listen(self) {
        if let Ok(ticks) = set_interval_with_handle(move || self.now.set(clock::now()), TICK) {
            on_cleanup(move || ticks.clear());
        }
        let keys = window_event_listener(leptos::ev::keydown, move |event| self.key(&event));
        let address = window_event_listener(leptos::ev::hashchange, move |_| self.follow_address());
        let touch = window_event_listener(leptos::ev::pointerdown, move |_| {
            self.devices().chime.allow()
        });
        let focus = window_event_listener(leptos::ev::focus, move |_| {
            self.look();
            self.look_at_install();
        });
        let moved = move |_| self.network_changed();
        let gone = window_event_listener(leptos::ev::offline, moved);
        let back = window_event_listener(leptos::ev::online, moved);
        self.attach();
        let changed = self.install.changed();
        let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
            // The browser asks in its own words.
            if changed.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            keys.remove();
            address.remove();
            touch.remove();
            gone.remove();
            back.remove();
            focus.remove();
            leaving.remove();
        });
        Effect::new(move |_| {
            let news = self.listing.with(Listing::unread);
            let shop = self.stage.with(|stage| match stage {
                Stage::In(me) => Some(me.shop.front.name.clone()),
                Stage::Starting | Stage::Out => None,
            });
            document().set_title(&place::title(news, self.text.inbox, shop.as_deref()));
        });
        Effect::new(move |_| {
            self.scene.track();
            self.at_end.track();
            self.install.open.track();
            self.look();
        });
    }

    /// What is before the operator's eyes is seen: the page is in sight and in use, and the newest line on the screen.
    fn look(self) {
        let looking = document().has_focus().unwrap_or(false)
            && !browser::page::is_hidden()
            && !self.install.open.get_untracked();
        let selected = self
            .selected
            .get_untracked()
            .filter(|_| looking && self.at_end.get_untracked());
        let thread = selected.and_then(|id| self.devices().threads.borrow().get(&id).cloned());
        if let Some(thread) = thread {
            thread.seen();
        }
    }

    /// The device has lost its network, or has it again: no socket says so.
    fn network_changed(self) {
        self.inbox_changed();
        if let Some(id) = self.selected.get_untracked() {
            self.thread_changed(id);
        }
    }

    fn switch_sound(self) {
        let on = !self.sound.get_untracked();
        self.sound.set(on);
        let devices = self.devices();
        devices.store.set("sound", if on { "on" } else { "off" });
        if on {
            devices.chime.allow();
            devices.chime.ring();
        }
    }

    fn copy(self, text: &str) {
        // Where there is none, the words can still be selected.
        let _ = browser::clipboard::copy(text);
    }
}
