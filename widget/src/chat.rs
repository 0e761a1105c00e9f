//! The shell that knows both worlds: what the person does becomes an input of the conversation, what the conversation
//! becomes is drawn.
//!
//! A device that only looked has no conversation: it is opened, and a socket with it, with the first letter that is
//! written. The words in the composer and every draft are on the device before they are drawn.

mod beside;
mod compose;
mod converse;
mod draw;
mod front;
mod news;
mod scroll;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use browser::{
    clock, driver::Driver, listener::Listener, page::Lifecycle, store::Store, timer::Timer,
};
use protocol::{
    client::{Client, Input, link::State},
    close::{CloseCode, Comeback},
    cursor::Seq,
    id::ConversationId,
    time::Millis,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{KeyboardEvent, ShadowRoot};

use crate::{
    api::Passes,
    config::Config,
    dom::{El, Live, Scope, scoped},
    extra::extra,
    host::{Host, Page},
    line::{Key, Line, Window},
    talk::Talk,
    text::{Language, Text},
    view::{Act, Stage, View, composer, header, transcript},
    wire::parts,
};
use converse::CONVERSATION;

/// In the tab's own storage, for the next page.
const PANEL: &str = "panel";

/// Pages that change without loading name themselves after they change their address; by then they have.
const TITLE_WITHIN: Millis = Millis(200);

/// The chat in this page. Dropping it leaves nothing behind but what the device keeps.
pub(crate) struct Chat {
    config: Config,
    view: Rc<View>,
    host: Host,
    page: Page,
    store: Store,
    tab: Store,
    passes: Rc<Passes>,
    driver: RefCell<Option<Driver<Talk>>>,
    /// The one that this panel shows; another page may have left it for another by now.
    conversation: Cell<Option<ConversationId>>,
    lines: RefCell<Vec<(Key, Rc<Live<Line>>)>>,
    window: Cell<Window>,
    /// The first entry that is new since the person last looked.
    new_from: Cell<Option<Seq>>,
    /// Everything up to here was told to the page and read aloud; nothing before the transcript was read once.
    told: Cell<Option<Seq>>,
    unread: Cell<Option<usize>>,
    /// Whether older entries were asked for, to be shown when they come.
    fetching_older: Cell<bool>,
    /// Whether the person looked at the newest line when this was last asked.
    looked: Cell<bool>,
    /// Whether a conversation that is not this device's was given up already.
    started_over: Cell<bool>,
    keeping: RefCell<Scope>,
}

impl Chat {
    /// Moves into the loader's shell. Nothing, when that is not there.
    pub(crate) fn start(
        root: ShadowRoot,
        settings: JsValue,
        tell: js_sys::Function,
        language: Language,
    ) -> Option<Rc<Self>> {
        let config = Config::new(settings);
        let shop = config.shop()?;
        let prefix = ["commesso:", shop.as_str(), ":"].concat();
        let store = Store::local(prefix.clone());
        let host = Host::find(root, config.nonce())?;
        let passes = Passes::new(&config.base(), shop, store.clone());
        let text = Text::of(language);
        let chat = Rc::new_cyclic(|this: &Weak<Self>| {
            let heard = this.clone();
            let act = move |act| {
                if let Some(chat) = heard.upgrade() {
                    chat.act(act);
                }
            };
            Self {
                view: View::new(text, Box::new(act)),
                config,
                host,
                page: Page::new(tell),
                store,
                tab: Store::session(prefix),
                passes,
                driver: RefCell::default(),
                conversation: Cell::default(),
                lines: RefCell::default(),
                window: Cell::default(),
                new_from: Cell::default(),
                told: Cell::default(),
                unread: Cell::default(),
                fetching_older: Cell::default(),
                looked: Cell::default(),
                started_over: Cell::default(),
                keeping: RefCell::default(),
            }
        });
        chat.furnish();
        Some(chat)
    }

    /// The loader says a word, or what is loaded beside asks for something.
    pub(crate) fn told(self: &Rc<Self>, word: &str, detail: &str) -> String {
        match word {
            "open" => self.opened(),
            "close" => {
                self.view.open.put(false);
                self.tab.remove(PANEL);
                self.new_from.set(None);
                self.refresh();
            }
            "set" => {
                self.meet_front();
                self.tell_page();
            }
            // The page's words stand in the field. They are not the shopper's yet, so nothing is opened or kept for them.
            "prefill" => self.view.words.put(self.host.field.value()),
            _ => return self.asked(word, detail),
        }
        String::new()
    }

    fn furnish(self: &Rc<Self>) {
        let view = &self.view;
        // Words from before come first: whoever types already goes on.
        let before = self.kept();
        let typed = self.host.field.value();
        // They are in the field already when only the language has changed.
        view.words.put(if typed.starts_with(&before) {
            typed
        } else {
            before + &typed
        });
        self.meet_front();
        let host = &self.host;
        let ((), mut keeping) = scoped(|| {
            header::header(view, El(host.header.clone().into()));
            transcript::transcript(view, El(host.main.clone().into()));
            transcript::aloud(view, El(host.frame.clone().into()));
            composer::count(view, El(host.composer.clone().into()));
            composer::adopt(view, &host.field, &host.send);
        });
        let weak = Rc::downgrade(self);
        let escape = Listener::new(self.host.panel.clone().into(), &["keydown"], move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            if key.key() == "Escape" && !key.is_composing() {
                act(&weak, Act::Close);
            }
        });
        let weak = Rc::downgrade(self);
        let lifecycle = Lifecycle::watch(move |_| {
            if let Some(chat) = weak.upgrade() {
                chat.refresh();
            }
        });
        let weak = Rc::downgrade(self);
        let moved = Rc::new(Timer::new(move || {
            if let Some(chat) = weak.upgrade() {
                chat.tell_page();
            }
        }));
        if let Some(navigation) = self.config.navigation() {
            let names = &["currententrychange"];
            let follow = Listener::new(navigation, names, move |_| {
                moved.set(Some(clock::now() + TITLE_WITHIN));
            });
            keeping.push(Box::new(follow));
        }
        keeping.push(Box::new(escape));
        keeping.push(Box::new(lifecycle));
        self.keeping.replace(keeping);
        // A conversation of before is taken up again; one that was never opened stays so.
        if self.store.get(CONVERSATION).is_some() {
            view.stage.put(Stage::Loading);
            self.converse();
        } else if self.passes.kept().is_none() {
            // The shop's own words are worth a moment's wait.
            view.stage.put(Stage::Loading);
        }
    }

    fn opened(self: &Rc<Self>) {
        self.view.open.put(true);
        self.tab.set(PANEL, "1");
        self.show_end();
        if self.driver.borrow().is_none() {
            // Who is there, and what the shop looks like now.
            let this = Rc::downgrade(self);
            self.passes.fetch(Box::new(move |pass| {
                let Some(chat) = this.upgrade() else { return };
                match pass {
                    Ok(_) => chat.meet_front(),
                    Err(Comeback::Never) => chat.gone(),
                    Err(Comeback::Later | Comeback::WithToken) => {}
                }
                if chat.driver.borrow().is_none() {
                    chat.view.stage.put(Stage::Greeting);
                }
                // What is asked beside the first words is asked of who is there now.
                chat.furnish_more();
            }));
        } else {
            self.furnish_more();
        }
        self.tell_page();
        self.refresh();
    }

    /// Has what is loaded beside the panel do its part.
    fn furnish_more(&self) {
        extra("open", &self.host.panel, "");
    }

    fn act(self: &Rc<Self>, act: Act) {
        match act {
            Act::Write(words) => self.write(words),
            Act::Send => self.send(),
            Act::Retry(id) => {
                let again = self.mint();
                if let Some(parts) = parts::of(id) {
                    parts::keep(again, &parts);
                }
                self.tell(Input::Retry(id, again));
            }
            Act::Discard(id) => self.tell(Input::Discard(id)),
            Act::Copy(words) => {
                let _ = browser::clipboard::copy(&words);
            }
            Act::Up => self.up(),
            Act::Down => self.down(),
            Act::Follow(at_end) => self.follow(at_end),
            Act::ToEnd => {
                self.show_end();
                self.refresh();
            }
            Act::Close => self.host.close.click(),
            Act::Reload => {
                if let Some(window) = web_sys::window() {
                    let _ = window.location().reload();
                }
            }
        }
    }

    fn tell(&self, input: Input) {
        let driver = self.driver.borrow().clone();
        if let Some(driver) = driver {
            driver.tell(input);
        }
    }

    fn tell_page(&self) {
        self.tell(Input::Page(self.config.page()));
    }

    fn read<T>(&self, look: impl FnOnce(&Client) -> T) -> Option<T> {
        self.driver
            .borrow()
            .as_ref()
            .map(|driver| driver.read(|talk| look(&talk.client)))
    }

    /// Draws what there is.
    fn refresh(self: &Rc<Self>) {
        let Some(state) = self.read(Client::link) else {
            return self.trouble(State::Resting);
        };
        self.trouble(state);
        if let State::Ended { code } = state
            && code == CloseCode::Forbidden.number()
            && !self.started_over.replace(true)
        {
            return self.start_over();
        }
        self.news();
        self.see();
        self.show_older();
        self.draw();
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        self.driver.take();
        self.keeping.take();
        self.host.clear();
        parts::clear();
    }
}

fn act(chat: &Weak<Chat>, act: Act) {
    if let Some(chat) = chat.upgrade() {
        chat.act(act);
    }
}
