//! The shell that knows both worlds: what the person does becomes an input of the conversation, what the conversation
//! becomes is drawn.
//!
//! A device that only looked has no conversation: it is opened, and a socket with it, with the first letter that is
//! written. The words in the composer and every draft are on the device before they are drawn.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use browser::{
    clock,
    driver::{self, Answer, Driver, Setup},
    listener::Listener,
    page::{self, Lifecycle},
    random,
    store::Store,
    timer::Timer,
};
use protocol::{
    client::{
        Client, Input,
        link::{Credential, State},
    },
    close::{CloseCode, Comeback},
    cursor::Seq,
    entry::Content,
    id::{ConversationId, MessageId},
    message::{self, Draft},
    time::Millis,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{KeyboardEvent, ShadowRoot};

use crate::{
    api::Passes,
    config::Config,
    date::{Dates, day_of},
    dom::{El, Live, Scope, scoped},
    host::{Host, Page},
    line::{self, Key, Line, Source, Window},
    talk::Talk,
    text::{Text, with},
    view::{Act, Row, Stage, Trouble, View, composer, header, transcript},
    wire::{self, Pass},
};

const CONVERSATION: &str = "conversation";
const COMPOSER: &str = "composer";
const OUTBOX: &str = "outbox:";
/// In the tab's own storage, for the next page.
const PANEL: &str = "panel";

/// Pages that change without loading name themselves after they change their address; by then they have.
const TITLE_WITHIN: Millis = Millis(200);

/// The chat in this page. Dropping it leaves nothing behind but what the device keeps.
pub(crate) struct Chat {
    config: Config,
    text: &'static Text,
    view: Rc<View>,
    host: Host,
    page: Page,
    store: Store,
    tab: Store,
    passes: Rc<Passes>,
    driver: RefCell<Option<Driver<Talk>>>,
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
    ) -> Option<Rc<Self>> {
        let config = Config::new(settings);
        let shop = config.shop()?;
        let text = Text::of(&config.locale());
        let prefix = ["commesso:", shop.as_str(), ":"].concat();
        let store = Store::local(prefix.clone());
        let host = Host::find(root, config.nonce())?;
        let passes = Passes::new(&config.base(), shop, store.clone());
        let dates = Dates::new(&config.locale(), text);
        let chat = Rc::new_cyclic(|this: &Weak<Self>| {
            let heard = this.clone();
            let act = move |act| {
                if let Some(chat) = heard.upgrade() {
                    chat.act(act);
                }
            };
            Self {
                view: View::new(text, dates, Box::new(act)),
                config,
                text,
                host,
                page: Page::new(tell),
                store,
                tab: Store::session(prefix),
                passes,
                driver: RefCell::default(),
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

    /// The loader says a word.
    pub(crate) fn told(self: &Rc<Self>, word: &str) {
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
            _ => {}
        }
    }

    fn furnish(self: &Rc<Self>) {
        let view = &self.view;
        // Words from before come first: whoever types already goes on.
        let before = self.store.get(COMPOSER).unwrap_or_default();
        view.words.put(before + &self.host.field.value());
        self.host.speak(self.text.code);
        self.meet_front();
        let host = &self.host;
        let ((), mut keeping) = scoped(|| {
            header::header(view, El(host.header.clone().into()));
            transcript::transcript(view, El(host.main.clone().into()));
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
        self.view.following.put(true);
        self.window.take();
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
            }));
        }
        self.tell_page();
        self.refresh();
    }

    fn act(self: &Rc<Self>, act: Act) {
        let view = &self.view;
        match act {
            Act::Write(words) => self.write(words),
            Act::Send => self.send(),
            Act::Retry(id) => self.tell(Input::Retry(id, mint())),
            Act::Discard(id) => self.tell(Input::Discard(id)),
            Act::Copy(words) => {
                if let Some(window) = web_sys::window() {
                    let _ = window.navigator().clipboard().write_text(&words);
                }
            }
            Act::Up => self.up(),
            Act::Down => self.down(),
            Act::Follow(at_end) => {
                let at_end = at_end && self.window.get().is_at_end();
                if at_end != *view.following.now() {
                    view.following.put(at_end);
                    let mut window = Window::default();
                    if !at_end {
                        window = self.window.get();
                        self.read(|client| window.hold(client.transcript().entries()));
                    }
                    self.window.set(window);
                    self.refresh();
                }
            }
            Act::ToEnd => {
                self.window.take();
                view.following.put(true);
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

    fn write(self: &Rc<Self>, words: String) {
        if words.is_empty() {
            self.store.remove(COMPOSER);
        } else {
            self.store.set(COMPOSER, &words);
            self.converse();
        }
        self.tell(Input::Typing(!words.trim().is_empty()));
        let asked = self.view.words.now().clone() != self.host.field.value()
            || self.host.field.value() != words;
        self.view.words.put(words);
        if asked {
            let _ = self.host.field.focus();
        }
    }

    fn send(self: &Rc<Self>) {
        let words = self.view.words.now().clone();
        let text = words.trim();
        if message::fit(text).is_err() {
            return;
        }
        let draft = Draft {
            id: mint(),
            content: Content::Message { text: text.into() },
        };
        self.converse();
        self.new_from.set(None);
        self.window.take();
        self.view.following.put(true);
        self.tell_page();
        // First the draft is kept, then the composer forgets: whatever happens between, the words are there.
        self.tell(Input::Send(draft));
        self.store.remove(COMPOSER);
        self.view.words.put(String::new());
        self.told_message("visitor");
    }

    fn up(self: &Rc<Self>) {
        let mut window = self.window.get();
        let (more, older) = self
            .read(|client| {
                let transcript = client.transcript();
                (window.up(transcript.entries()), transcript.has_older())
            })
            .unwrap_or_default();
        if more {
            self.window.set(window);
            self.refresh();
        } else if older && !self.fetching_older.replace(true) {
            self.tell(Input::Older);
        }
    }

    fn down(self: &Rc<Self>) {
        let mut window = self.window.get();
        if window.is_at_end() {
            return;
        }
        self.read(|client| window.down(client.transcript().entries()));
        self.window.set(window);
        self.refresh();
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

    /// Takes up the conversation of this device, or opens one.
    fn converse(self: &Rc<Self>) {
        if self.driver.borrow().is_some() {
            return;
        }
        let kept = self
            .store
            .get(CONVERSATION)
            .and_then(|id| id.parse::<ConversationId>().ok());
        let id = kept.unwrap_or_else(|| {
            let id = ConversationId::mint(clock::now(), random::bytes());
            self.store.set(CONVERSATION, &id.to_string());
            id
        });
        let shop = self.config.shop();
        let shop = shop
            .as_ref()
            .map(protocol::id::ShopId::as_str)
            .unwrap_or_default();
        // `http` becomes `ws`, `https` becomes `wss`.
        let base = self.config.base();
        let base = ["ws", base.strip_prefix("http").unwrap_or_default()].concat();
        let url = [
            &base,
            "/v1/socket?shop=",
            shop,
            "&conversation=",
            &id.to_string(),
        ]
        .concat();
        let credential = Credential::Token(self.passes.valid().map(|pass| pass.token));
        let (renewing, changed) = (Rc::downgrade(self), Rc::downgrade(self));
        let renew = move |answer: Answer| {
            if let Some(chat) = renewing.upgrade() {
                chat.renew(answer);
            }
        };
        let outbox = self.store.under(OUTBOX);
        let talk = Talk::new(credential, driver::kept(&outbox, wire::draft));
        let setup = Setup::of(talk, url, Some(outbox), Some(Box::new(renew)));
        let driver = Driver::start(setup, move || {
            if let Some(chat) = changed.upgrade() {
                chat.refresh();
            }
        });
        self.driver.replace(Some(driver.clone()));
        driver.tell(Input::Page(self.config.page()));
        driver.tell(Input::Want);
    }

    fn renew(self: &Rc<Self>, answer: Answer) {
        let before = self.passes.kept().map(|pass| pass.visitor);
        let this = Rc::downgrade(self);
        self.passes.fetch(Box::new(move |pass| {
            let Some(chat) = this.upgrade() else { return };
            answer(match pass {
                Ok(pass) if before.is_none_or(|before| before == pass.visitor) => {
                    chat.meet_front();
                    Ok(pass.token.clone())
                }
                Ok(_) => return chat.start_over(),
                Err(Comeback::Never) => return chat.gone(),
                Err(comeback) => Err(comeback),
            });
        }));
    }

    /// This device is another visitor than the one who opened the conversation: it opens a new one, and what was not
    /// sent goes there.
    fn start_over(self: &Rc<Self>) {
        self.store.remove(CONVERSATION);
        self.driver.take();
        self.told.set(None);
        self.converse();
    }

    /// The relay does not know this shop, or not on this page.
    fn gone(&self) {
        let shop = self
            .config
            .shop()
            .map(|shop| shop.to_string())
            .unwrap_or_default();
        let words = "commesso: there is no shop \"{}\", or it has not listed this page's origin. The chat was taken off the page.";
        self.page.tell("gone", with(words, &[&shop]));
    }

    /// What the shop looks like, as far as this device knows.
    fn meet_front(&self) {
        let pass = self.passes.kept();
        let front = pass.as_ref();
        let color = self
            .config
            .color()
            .or_else(|| front.map(|front| front.color.clone()));
        self.host
            .paint(color.as_deref().unwrap_or_default(), self.config.dark());
        let name = front.map(|front| front.shop.clone());
        let panel = name.as_ref().map_or_else(
            || self.text.chat.into(),
            |name| with(self.text.chat_with, &[name]),
        );
        self.host
            .name(&panel, self.text.close, self.text.write, self.text.send);
        let greeting = front.and_then(|front| greeting(front, self.text.code));
        self.view
            .greeting
            .put(greeting.unwrap_or_else(|| self.text.greeting.into()));
        self.view.shop.put(name.unwrap_or_default());
        if self.driver.borrow().is_none()
            && let Some(pass) = pass
        {
            self.view.duty.put(Some(pass.duty));
        }
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
        if self.fetching_older.get() && self.read(Client::is_fetching_older) == Some(false) {
            self.fetching_older.set(false);
            let mut window = self.window.get();
            self.read(|client| window.up(client.transcript().entries()));
            self.window.set(window);
        }
        self.draw();
    }

    fn trouble(&self, state: State) {
        let attempts = match state {
            State::Waiting { attempt, .. }
            | State::Connecting { attempt, .. }
            | State::Greeting { attempt, .. }
            | State::Renewing { attempt } => attempt,
            State::Resting | State::Live(_) | State::Ended { .. } => 0,
        };
        let trouble = if matches!(state, State::Ended { .. }) {
            Some(Trouble::Ended)
        } else if page::is_offline() {
            Some(Trouble::Offline)
        } else {
            // The first attempt after a good one is over before it is read about.
            (attempts > 0).then_some(Trouble::Reconnecting)
        };
        self.view.trouble.put(trouble);
    }

    /// Tells the page and reads aloud what has come since the last time.
    fn news(&self) {
        let news = self.read(|client| {
            let last = client.transcript().last();
            let Some(told) = self.told.get().map(|told| told.min(last)) else {
                // What was said before this page was loaded is no news.
                return (client.is_caught_up().then_some(last), vec![]);
            };
            let new = client
                .transcript()
                .entries()
                .iter()
                .filter(|entry| entry.seq > told && client.is_news(entry));
            let new = new.map(|entry| {
                (
                    entry.seq,
                    line::name(&entry.author),
                    entry.content.text().map(String::from),
                )
            });
            (Some(last), new.collect())
        });
        let Some((told, new)) = news else { return };
        self.told.set(told);
        for (_, author, words) in &new {
            let author = author
                .clone()
                .unwrap_or_else(|| self.view.shop.now().clone());
            self.view
                .aloud
                .put([&author, ": ", words.as_deref().unwrap_or_default()].concat());
            self.told_message("operator");
        }
    }

    fn told_message(&self, from: &str) {
        let detail = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&detail, &"from".into(), &from.into());
        self.page.tell("message", detail);
    }

    /// What is before the person's eyes is seen; what is not, is counted, and the first of it marked.
    fn see(&self) {
        let looks = *self.view.open.now() && *self.view.following.now() && !page::is_hidden();
        let Some((last, seen, unread, first)) = self.read(|client| {
            let seen = client.seen();
            let first = client
                .transcript()
                .entries()
                .iter()
                .find(|entry| entry.seq > seen && client.is_news(entry));
            (
                client.transcript().last(),
                seen,
                client.unread(),
                first.map(|entry| entry.seq),
            )
        }) else {
            return;
        };
        // Read where it arrives it is not new; what waited to be looked at is, until the panel closes.
        let looked = self.looked.replace(looks && self.told.get().is_some());
        if !looked && self.new_from.get().is_none() {
            self.new_from.set(first);
        }
        if looks && last > seen {
            return self.tell(Input::Seen(last));
        }
        self.view.below.put(unread);
        if self.unread.replace(Some(unread)) != Some(unread) {
            let name = match unread {
                0 => self.text.chat.into(),
                n => self.view.plural(self.text.chat_unread, n),
            };
            self.host.badge(unread, &name);
            self.page.tell("unread", unread as u32);
        }
    }

    fn draw(&self) {
        let drawn = self.read(|client| {
            let source = Source {
                entries: client.transcript().entries(),
                outgoing: client.outbox().outgoing(),
                window: self.window.get(),
                read: client.read_by_others(),
                new_from: self.new_from.get(),
            };
            let lines = line::lines(&source, day_of);
            let stage = match (
                lines.is_empty(),
                client.is_caught_up() || self.told.get().is_some(),
            ) {
                (false, _) => Stage::Transcript,
                (true, true) => Stage::Greeting,
                (true, false) => *self.view.stage.now(),
            };
            let typing = client.typing().next().map(line::name);
            let duty = client.you().map(|_| {
                client
                    .presence()
                    .duty
                    .iter()
                    .map(|card| card.name.clone())
                    .collect()
            });
            (lines, stage, typing, duty)
        });
        let Some((lines, stage, typing, duty)) = drawn else {
            return;
        };
        self.view.stage.put(stage);
        self.view
            .typing
            .put(typing.map(|name| name.unwrap_or_else(|| self.view.shop.now().clone())));
        if duty.is_some() {
            self.view.duty.put(duty);
        }
        self.draw_lines(lines);
    }

    /// Lines that stay are changed in place: what stands on the screen is not made anew.
    fn draw_lines(&self, lines: Vec<(Key, Line)>) {
        let mut before = self.lines.take();
        let had_any = !before.is_empty();
        let mut rows = Vec::with_capacity(lines.len());
        for (key, line) in lines {
            let known = before
                .iter()
                .position(|(known, _)| *known == key)
                .map(|at| before.swap_remove(at).1);
            let fresh = had_any && known.is_none() && *self.view.following.now();
            let live = known.unwrap_or_else(|| Rc::new(Live::new(line.clone())));
            live.put(line);
            self.lines.borrow_mut().push((key, live.clone()));
            rows.push(Row {
                key,
                line: live,
                fresh,
            });
        }
        self.view.rows.put(rows);
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        self.driver.take();
        self.keeping.take();
        self.host.clear();
    }
}

fn act(chat: &Weak<Chat>, act: Act) {
    if let Some(chat) = chat.upgrade() {
        chat.act(act);
    }
}

fn mint() -> MessageId {
    MessageId::mint(clock::now(), random::bytes())
}

/// The shop's first words in the shopper's language, or in its own first one.
fn greeting(front: &Pass, language: &str) -> Option<String> {
    let words = |language: &str| {
        front
            .greeting
            .iter()
            .find(|(known, _)| known == language)
            .map(|(_, words)| words)
    };
    words(language)
        .or_else(|| words(front.languages.first()?))
        .filter(|words| !words.is_empty())
        .cloned()
}
