//! Runs one machine of `protocol` on the browser's devices: what happens becomes its input, what it answers is done, in
//! order, and it is called again at its deadline.
//!
//! There is no decision about a chat here. Inputs are taken one after the other, also those that are told in the middle
//! of another one.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use protocol::{
    client::{Effect, Input, link::Way},
    close::{CloseCode, Comeback},
    frame::{ClientFrame, ServerFrame},
    id::MessageId,
    message::Draft,
    time::Timestamp,
};

use crate::{
    clock,
    page::{self, Lifecycle, Sign},
    socket::{self, Socket},
    store::Store,
    timer::Timer,
};

/// What happened to the devices.
pub enum Event {
    /// The deadline has come.
    Timer,
    /// The socket said something.
    Socket(socket::Event),
    /// Something became of the page.
    Page(Sign),
    /// A token was fetched, or could not be.
    Token(Result<String, Comeback>),
}

/// What the devices are to do.
pub enum Task {
    /// Open a socket, or what goes for one, forgetting any other.
    Connect(Way),
    /// Close the socket.
    Disconnect(CloseCode),
    /// Send this text on it.
    Say(String),
    /// Fetch a new token.
    Renew,
    /// Send what is said from here on by a request that outlives the page.
    Farewell,
    /// Keep a draft's text on the device, by its name.
    Keep(MessageId, String),
    /// The device need not keep this draft any more.
    Forget(MessageId),
}

/// What a driver can run.
pub trait Machine: 'static {
    /// What it takes.
    type Input;

    /// What an event is to it; nothing, when it does not care.
    fn input(event: Event) -> Option<Self::Input>;

    /// Takes what happened and answers what to do, in order.
    fn take(&mut self, now: Timestamp, input: Self::Input) -> Vec<Task>;

    /// When [`Event::Timer`] is due.
    fn next_deadline(&self) -> Option<Timestamp>;
}

/// Takes a token that was fetched, or could not be.
pub type Answer = Box<dyn FnOnce(Result<String, Comeback>)>;

/// Fetches a token. What takes it may be dropped: then none is waited for.
pub type Renewal = Box<dyn Fn(Answer)>;

/// A machine and what it is connected to.
pub struct Setup<M> {
    machine: M,
    url: String,
    outbox: Option<Store>,
    renew: Option<Renewal>,
}

impl<M> Setup<M> {
    /// A machine and its socket's address; where its drafts are kept, and what fetches its tokens.
    pub fn of(machine: M, url: String, outbox: Option<Store>, renew: Option<Renewal>) -> Self {
        Self {
            machine,
            url,
            outbox,
            renew,
        }
    }
}

/// Runs a machine. Clones run the same one; with the last of them everything is closed and taken off the page.
pub struct Driver<M: Machine>(Rc<Engine<M>>);

impl<M: Machine> Clone for Driver<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M: Machine> Driver<M> {
    /// Starts it; `on_change` is called after anything was taken, when the machine can be read.
    pub fn start(setup: Setup<M>, on_change: impl Fn() + 'static) -> Self {
        let engine = Rc::new_cyclic(|engine: &Weak<Engine<M>>| {
            let (by_timer, by_page) = (engine.clone(), engine.clone());
            Engine {
                timer: Timer::new(move || hand(&by_timer, Event::Timer)),
                _page: Lifecycle::watch(move |sign| hand(&by_page, Event::Page(sign))),
                this: engine.clone(),
                machine: RefCell::new(setup.machine),
                url: setup.url,
                outbox: setup.outbox,
                renew: setup.renew,
                socket: RefCell::default(),
                parting: Cell::default(),
                inputs: RefCell::default(),
                busy: Cell::default(),
                on_change: Box::new(on_change),
            }
        });
        if page::is_hidden() {
            hand(&engine.this, Event::Page(Sign::Hidden));
        }
        Self(engine)
    }

    /// Whether both run the same machine.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Tells the machine what happened.
    pub fn tell(&self, input: M::Input) {
        self.0.tell(input);
    }

    /// Reads the machine. It cannot be told anything meanwhile.
    pub fn read<T>(&self, look: impl FnOnce(&M) -> T) -> T {
        look(&self.0.machine.borrow())
    }

    /// Reads and changes the machine, for what it hands out once.
    pub fn take<T>(&self, look: impl FnOnce(&mut M) -> T) -> T {
        look(&mut self.0.machine.borrow_mut())
    }
}

struct Engine<M: Machine> {
    machine: RefCell<M>,
    url: String,
    outbox: Option<Store>,
    renew: Option<Renewal>,
    socket: RefCell<Option<Socket>>,
    timer: Timer,
    _page: Lifecycle,
    /// What is said goes by a request that outlives the page.
    parting: Cell<bool>,
    inputs: RefCell<VecDeque<M::Input>>,
    busy: Cell<bool>,
    on_change: Box<dyn Fn()>,
    this: Weak<Self>,
}

impl<M: Machine> Engine<M> {
    fn tell(&self, input: M::Input) {
        self.inputs.borrow_mut().push_back(input);
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next() {
            let tasks = self.machine.borrow_mut().take(clock::now(), input);
            for task in tasks {
                self.carry_out(task);
            }
            self.parting.set(false);
        }
        self.timer.set(self.machine.borrow().next_deadline());
        self.busy.set(false);
        (self.on_change)();
    }

    fn next(&self) -> Option<M::Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn carry_out(&self, task: Task) {
        match task {
            Task::Connect(way) => self.connect(way),
            Task::Disconnect(code) => {
                if let Some(socket) = self.socket.take() {
                    socket.close(code);
                }
            }
            Task::Say(text) => {
                if self.parting.get() {
                    socket::farewell(&self.url, &text);
                } else if let Some(socket) = &*self.socket.borrow() {
                    socket.send(&text);
                }
            }
            Task::Renew => self.renew(),
            Task::Farewell => self.parting.set(true),
            Task::Keep(id, text) => {
                if let Some(outbox) = &self.outbox {
                    outbox.set(&id.to_string(), &text);
                }
            }
            Task::Forget(id) => {
                if let Some(outbox) = &self.outbox {
                    outbox.remove(&id.to_string());
                }
            }
        }
    }

    fn connect(&self, way: Way) {
        // The old one first: it may not say another word.
        self.socket.take();
        let this = self.this.clone();
        let socket = Socket::open(way, &self.url, move |event| {
            hand(&this, Event::Socket(event))
        });
        if socket.is_err() {
            self.inputs
                .borrow_mut()
                .extend(M::input(Event::Socket(socket::Event::Closed(None))));
        }
        self.socket.replace(socket.ok());
    }

    fn renew(&self) {
        if let Some(renew) = &self.renew {
            let this = self.this.clone();
            renew(Box::new(move |fetched| hand(&this, Event::Token(fetched))));
        }
    }
}

fn hand<M: Machine>(engine: &Weak<Engine<M>>, event: Event) {
    if let Some(engine) = engine.upgrade()
        && let Some(input) = M::input(event)
    {
        engine.tell(input);
    }
}

/// What an event is to a [`protocol::client::Client`] whose frames are read by `read`.
pub fn input(event: Event, read: fn(&str) -> Option<ServerFrame>) -> Option<Input> {
    Some(match event {
        Event::Timer => Input::Timer,
        Event::Token(fetched) => Input::Token(fetched),
        Event::Socket(socket::Event::Opened) => Input::Opened,
        Event::Socket(socket::Event::Closed(code)) => Input::Closed(code),
        Event::Socket(socket::Event::Text(text)) if text == PONG => Input::Pong,
        // What cannot be read is what a later version says.
        Event::Socket(socket::Event::Text(text)) => Input::Frame(read(&text)?),
        Event::Page(Sign::Online) => Input::Online,
        Event::Page(Sign::Hidden) => Input::Hidden,
        Event::Page(Sign::Shown) => Input::Shown,
        Event::Page(Sign::Thawed) => Input::Thawed,
        // The socket is not closed by hand: a page that comes back after all goes on with the one it has.
        Event::Page(Sign::Leaving) => Input::Leaving,
        Event::Page(Sign::Offline) => return None,
    })
}

/// What a client's effect is to the devices, with its frames and drafts as these texts.
pub fn task(
    effect: Effect,
    frame: fn(&ClientFrame) -> String,
    draft: fn(&Draft) -> String,
) -> Task {
    match effect {
        Effect::Connect(way) => Task::Connect(way),
        Effect::Disconnect(code) => Task::Disconnect(code),
        Effect::Transmit(said) => Task::Say(frame(&said)),
        Effect::Ping => Task::Say(PING.into()),
        Effect::Renew => Task::Renew,
        Effect::Farewell => Task::Farewell,
        Effect::Keep(kept) => Task::Keep(kept.id, draft(&kept)),
        Effect::Forget(id) => Task::Forget(id),
    }
}

/// The drafts that were kept. One that cannot be read is left where it is: it is somebody's words.
pub fn kept(outbox: &Store, read: fn(&str) -> Option<Draft>) -> Vec<Draft> {
    let keys = outbox.keys();
    keys.iter()
        .filter_map(|key| read(&outbox.get(key)?))
        .collect()
}

/// The heartbeat on the wire.
pub(crate) const PING: &str = "ping";
/// Its answer.
pub(crate) const PONG: &str = "pong";
