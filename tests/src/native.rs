//! A client machine on a native socket: the machine that runs in every browser, on the devices of this process.
//!
//! It does what `browser/src/driver.rs` does: what happens becomes the machine's input, what it answers is done in order, and
//! it is called again at its deadline. The device — the outbox and the visitor's pass — outlives the machine, as the
//! browser's storage outlives a page. There is no decision about a chat here.

mod end;
mod socket;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use protocol::{
    client::{
        Client, Effect, Input,
        link::{Credential, State},
        outbox::Progress,
    },
    close::{CloseCode, Comeback},
    cursor::{Epoch, Seq},
    entry::{Content, Entry},
    frame::{Refusal, ServerFrame},
    id::MessageId,
    message::Draft,
};
use serde::Serialize;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

pub use end::End;

use crate::shop::{now, random};
use end::{Pass, Renewal};
use socket::{Event, Socket};

/// The heartbeat on the wire.
const PING: &str = "ping";
/// Its answer.
const PONG: &str = "pong";

/// A timer that is not set looks again after this: nobody waits for it.
const IDLE: Duration = Duration::from_secs(3600);

/// What became of the machine, for who watches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A draft left the outbox: this is the entry it became.
    Confirmed(Entry),
    /// An entry is in the view.
    Shown(Entry),
    /// A draft was refused for good.
    Refused(MessageId, Refusal),
    /// The socket was welcomed.
    Welcomed,
    /// A socket that was welcomed is gone.
    Lost,
    /// The machine gave up, with the relay's close code.
    Ended(u16),
    /// What was in the view does not count any more.
    StartedOver,
    /// The page was loaded again: nothing is in the view.
    Reloaded,
}

/// A running machine. It is closed when this is dropped.
pub struct Native {
    engine: Arc<Mutex<Engine>>,
    live: watch::Receiver<bool>,
    runner: JoinHandle<()>,
}

impl Native {
    /// A machine that rests, and who is told what becomes of it. The listener is called in the middle of an input: it must
    /// not call back.
    pub fn new(end: End, listener: impl FnMut(News) + Send + 'static) -> Self {
        let (tasks, orders) = mpsc::unbounded_channel();
        let (is_live, live) = watch::channel(false);
        let device = Device::default();
        let engine = Arc::new(Mutex::new(Engine {
            client: device.client(&end),
            view: View::default(),
            is_live,
            socket: 0,
            device,
            end: end.clone(),
            tasks,
            listener: Box::new(listener),
        }));
        let runner = Runner {
            engine: engine.clone(),
            end,
            orders,
            socket: None,
            renewal: None,
        };
        Self {
            engine,
            live,
            runner: tokio::spawn(runner.run()),
        }
    }

    /// Tells the machine what happened.
    pub fn tell(&self, input: Input) {
        self.engine().tell(input);
    }

    /// A draft of these words, named after all that wait. It is to be sent before another one is made.
    pub fn draft(&self, text: String) -> Draft {
        Draft {
            id: self.engine().client.outbox().mint(now(), random()),
            content: Content::words(text),
        }
    }

    /// The page is loaded again: a new machine, with what the device kept.
    pub fn reload(&self) {
        self.engine().reload();
    }

    /// Reads the machine.
    pub fn read<T>(&self, look: impl FnOnce(&Client) -> T) -> T {
        look(&self.engine().client)
    }

    /// Whether its socket is welcomed.
    pub fn is_live(&self) -> bool {
        *self.live.borrow()
    }

    /// Waits until its socket is welcomed.
    pub async fn welcomed(&self) {
        let mut live = self.live.clone();
        let seen = live.wait_for(|live| *live).await;
        seen.expect("the machine runs");
    }

    /// What the device keeps that is not confirmed.
    pub fn kept(&self) -> Vec<Draft> {
        self.engine().device.drafts.values().cloned().collect()
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        lock(&self.engine)
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        self.runner.abort();
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").finish_non_exhaustive()
    }
}

/// What outlives a page.
#[derive(Default)]
struct Device {
    drafts: BTreeMap<MessageId, Draft>,
    pass: Option<Pass>,
}

impl Device {
    fn client(&self, end: &End) -> Client {
        let credential = if end.needs_a_token() {
            Credential::Token(self.pass.as_ref().map(|pass| pass.token.clone()))
        } else {
            Credential::Ambient
        };
        let kept = self.drafts.values().cloned().collect();
        Client::new(now(), credential, kept, u64::from_le_bytes(random()))
    }
}

/// What the runner is to do.
enum Task {
    /// Open a socket, which is this one of the machine's sockets, forgetting any other.
    Connect(u64),
    Disconnect(CloseCode),
    Say(String),
    Renew,
    /// Look at the deadline again.
    Look,
}

struct Engine {
    client: Client,
    view: View,
    is_live: watch::Sender<bool>,
    /// How many sockets there were. What another one says does not count.
    socket: u64,
    device: Device,
    end: End,
    tasks: mpsc::UnboundedSender<Task>,
    listener: Box<dyn FnMut(News) + Send>,
}

/// How far the listener knows the machine.
#[derive(Default)]
struct View {
    last: Seq,
    epoch: Option<Epoch>,
    live: bool,
    ended: bool,
}

impl Engine {
    fn tell(&mut self, input: Input) {
        let told = entries(&input);
        let refused = matches!(input, Input::Frame(ServerFrame::Refused(_)));
        for effect in self.client.handle(now(), input) {
            self.carry_out(effect, &told);
        }
        if refused {
            self.report_refusals();
        }
        self.report_view();
        self.report_link();
        self.order(Task::Look);
    }

    fn reload(&mut self) {
        self.socket += 1;
        self.order(Task::Disconnect(CloseCode::Leaving));
        self.client = self.device.client(&self.end);
        self.view.last = Seq::START;
        (self.listener)(News::Reloaded);
        self.tell(Input::Want);
    }

    fn carry_out(&mut self, effect: Effect, told: &[Entry]) {
        match effect {
            // Both ways are a socket here: nothing stands between this end and the relay.
            Effect::Connect(_) => {
                self.socket += 1;
                self.order(Task::Connect(self.socket));
            }
            Effect::Disconnect(code) => {
                self.socket += 1;
                self.order(Task::Disconnect(code));
            }
            Effect::Transmit(frame) => self.order(Task::Say(json(&frame))),
            Effect::Ping => self.order(Task::Say(PING.into())),
            Effect::Renew => self.order(Task::Renew),
            // Nobody tells this end that its page goes away.
            Effect::Farewell => {}
            Effect::Keep(draft) => {
                self.device.drafts.insert(draft.id, draft);
            }
            Effect::Forget(id) => {
                self.device.drafts.remove(&id);
                if let Some(entry) = told.iter().find(|entry| entry.id == id) {
                    (self.listener)(News::Confirmed(entry.clone()));
                }
            }
        }
    }

    /// The runner is gone when the machine is dropped: then nothing is to be done any more.
    fn order(&self, task: Task) {
        let _ = self.tasks.send(task);
    }

    fn report_refusals(&mut self) {
        for outgoing in self.client.outbox().outgoing() {
            if let Progress::Refused { code, .. } = outgoing.progress {
                (self.listener)(News::Refused(outgoing.draft.id, code));
            }
        }
    }

    fn report_view(&mut self) {
        let transcript = self.client.transcript();
        let epoch = transcript.cursor().map(|cursor| cursor.epoch);
        let another = self.view.epoch.is_some() && epoch.is_some() && self.view.epoch != epoch;
        if another || transcript.last() < self.view.last {
            self.view.last = Seq::START;
            (self.listener)(News::StartedOver);
        }
        self.view.epoch = epoch.or(self.view.epoch);
        let fresh = transcript
            .entries()
            .iter()
            .rev()
            .take_while(|entry| entry.seq > self.view.last)
            .count();
        for entry in transcript
            .entries()
            .iter()
            .skip(transcript.entries().len() - fresh)
        {
            (self.listener)(News::Shown(entry.clone()));
        }
        self.view.last = transcript.last();
    }

    fn report_link(&mut self) {
        let state = self.client.link();
        let live = matches!(state, State::Live(_));
        if live != self.view.live {
            self.view.live = live;
            (self.listener)(if live { News::Welcomed } else { News::Lost });
            self.is_live.send_replace(live);
        }
        if let State::Ended { code } = state
            && !self.view.ended
        {
            self.view.ended = true;
            (self.listener)(News::Ended(code));
        }
    }
}

/// Carries out what the machine orders, and tells it what comes of it.
struct Runner {
    engine: Arc<Mutex<Engine>>,
    end: End,
    orders: mpsc::UnboundedReceiver<Task>,
    socket: Option<(u64, Socket)>,
    /// One at a time, so that a device never becomes two visitors.
    renewal: Option<Renewal>,
}

impl Runner {
    async fn run(mut self) {
        loop {
            let due = self.due();
            tokio::select! {
                // In this order: what was ordered is done before anything else is heard.
                biased;
                task = self.orders.recv() => match task {
                    Some(task) => self.carry_out(task),
                    None => return,
                },
                event = next_event(&mut self.socket) => self.heard(event),
                pass = next_pass(&mut self.renewal) => self.renewed(pass),
                () = sleep_until(due) => lock(&self.engine).tell(Input::Timer),
            }
        }
    }

    fn due(&self) -> Instant {
        let deadline = lock(&self.engine).client.next_deadline();
        let wait = deadline.map_or(IDLE, |due| Duration::from_millis((due - now()).0));
        Instant::now() + wait
    }

    fn carry_out(&mut self, task: Task) {
        match task {
            Task::Connect(number) => {
                // The old one first: it may not say another word.
                self.hang_up(CloseCode::Leaving);
                self.socket = Some((number, Socket::open(self.end.port(), self.end.request())));
            }
            Task::Disconnect(code) => self.hang_up(code),
            Task::Say(text) => {
                if let Some((_, socket)) = &mut self.socket {
                    socket.say(text);
                }
            }
            Task::Renew => {
                if self.renewal.is_none() {
                    let known = lock(&self.engine).device.pass.clone();
                    self.renewal = Some(self.end.renew(known));
                }
            }
            Task::Look => {}
        }
    }

    fn hang_up(&mut self, code: CloseCode) {
        if let Some((_, socket)) = self.socket.take() {
            socket.close(code);
        }
    }

    fn heard(&self, (number, event): (u64, Event)) {
        let input = match event {
            Event::Opened => Input::Opened,
            Event::Closed(code) => Input::Closed(code),
            Event::Text(text) if text.as_str() == PONG => Input::Pong,
            // What cannot be read is what a later version says.
            Event::Text(text) => match serde_json::from_str(text.as_str()) {
                Ok(frame) => Input::Frame(frame),
                Err(_) => return,
            },
        };
        let mut engine = lock(&self.engine);
        if number == engine.socket {
            engine.tell(input);
        }
    }

    fn renewed(&mut self, pass: Result<Pass, Comeback>) {
        self.renewal = None;
        let mut engine = lock(&self.engine);
        if let Ok(pass) = &pass {
            engine.device.pass = Some(pass.clone());
        }
        engine.tell(Input::Token(pass.map(|pass| pass.token)));
    }
}

async fn next_event(socket: &mut Option<(u64, Socket)>) -> (u64, Event) {
    match socket {
        Some((number, socket)) => (*number, socket.next().await),
        None => std::future::pending().await,
    }
}

async fn next_pass(renewal: &mut Option<Renewal>) -> Result<Pass, Comeback> {
    match renewal {
        Some(renewal) => renewal.await,
        None => std::future::pending().await,
    }
}

/// The entries that a frame tells, each of which may confirm a draft.
fn entries(input: &Input) -> Vec<Entry> {
    let Input::Frame(frame) = input else {
        return vec![];
    };
    match frame {
        ServerFrame::Entry { entry, .. } => vec![entry.clone()],
        ServerFrame::History(page) => page.entries.clone(),
        ServerFrame::Welcome(_)
        | ServerFrame::Refused(_)
        | ServerFrame::Receipt(_)
        | ServerFrame::Typing { .. }
        | ServerFrame::Presence(_)
        | ServerFrame::Unknown => vec![],
    }
}

fn json(what: &impl Serialize) -> String {
    serde_json::to_string(what).expect("a frame is JSON")
}

/// A test that failed has said so already; the others go on.
fn lock(engine: &Mutex<Engine>) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}
