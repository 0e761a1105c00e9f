//! A world so small that every story in it can be told: one visitor and one operator, three messages, and faults enough to lose
//! them. The machines are the real ones, [`Client`] and [`Conversation`]; `stateright` tries every order of events.
//!
//! What can happen, in every order: a person writes; the oldest thing on its way up or down a socket arrives; a client's wait
//! ends; and, as often as [`Small`] says,
//! * a *crash*: the relay dies, and what is on its way both ways is lost; a tab dies; or a client loses its socket and what is on
//!   its way to it, while what it said may still arrive, however late;
//! * a new *epoch*: the disk loses any number of its last entries, and what is on its way to the relay is lost;
//! * a *hold*: a draft is refused for now.
//!
//! What is not told apart, since nothing that matters lies between:
//! * A socket opens at both ends at once, and a token comes at once: no entry moves before the hello.
//! * A relay that dies in a turn has died before it, or, when it had written, after it: what it told is lost.
//! * A deadline for a sleepy socket is the loss of that socket. Pages are out of sight, so there is no heartbeat.
//! * Signs of typing and of presence are dropped: they change nothing but what is shown of them.
//! * The relay's alarm does not ring: it is for the list of conversations.

mod state;

use std::{
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use protocol::{
    client::{self, Client, link},
    frame::{ClientFrame, ServerFrame},
    message::Draft,
    relay::{conversation::Conversation, session},
    time::Timestamp,
};
use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::{
    cast,
    world::{
        World,
        network::{Down, Socket, Up},
    },
};

/// How much may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Small {
    /// Messages of each device.
    messages: [usize; 2],
    /// Drafts that are refused for now.
    holds: usize,
    crashes: usize,
    epochs: usize,
}

/// One moment.
#[derive(Clone)]
struct State {
    /// Never changed: the next moment has a copy of its own.
    world: Arc<Mutex<World>>,
    left: Small,
    /// What the world found wrong by itself.
    wrong: bool,
    fingerprint: u64,
}

/// One thing that happens. Sockets are named by their number in this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Write(usize),
    Up(usize),
    Down(usize),
    /// The wait before the next attempt is over, or the pause after a refusal.
    WaitEnds(usize),
    /// What is oldest on this socket is refused for now.
    Hold(usize),
    RelayDies,
    TabDies(usize),
    SocketLost(usize),
    /// So many entries are left, in a new incarnation.
    Epoch(usize),
}

#[test]
fn rl1_a_small_world_keeps_its_promise_in_every_order() {
    let small = Small {
        messages: [2, 1],
        holds: 0,
        crashes: 2,
        epochs: 1,
    };
    // There are 266,094; so many less and something does not happen any more.
    explore(small, 200_000);
}

#[test]
fn rl8_a_small_world_keeps_its_order_when_drafts_are_refused_for_now() {
    let small = Small {
        messages: [3, 0],
        holds: 1,
        crashes: 2,
        epochs: 0,
    };
    explore(small, 100_000);
}

fn explore(small: Small, at_least: usize) {
    let checker = small
        .checker()
        .threads(1)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_dfs()
        .join();
    println!(
        "{small:?}: {} states, {} of them different, {} events at most",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
    );
    checker.assert_properties();
    assert!(
        checker.unique_state_count() >= at_least,
        "only {} states: something does not happen any more",
        checker.unique_state_count()
    );
}

impl Model for Small {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let mut world = World::new(1);
        for principal in [cast::visitor(), cast::operator(cast::giulia())] {
            let device = world.add(principal);
            open(&mut world, device);
            world.deliver();
        }
        vec![State::new(world, *self, false)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let world = &*state.world.lock().unwrap();
        let left = state.left;
        if left.crashes == 0
            && let Some(socket) = world.sockets.iter().position(|it| !it.down.is_empty())
        {
            // Only a crash could come in between and change anything.
            actions.push(Action::Down(socket));
            return;
        }
        for (socket, it) in world.sockets.iter().enumerate() {
            if !it.up.is_empty() {
                actions.push(Action::Up(socket));
                if left.holds > 0 && can_hold(it) {
                    actions.push(Action::Hold(socket));
                }
            }
            if !it.down.is_empty() {
                actions.push(Action::Down(socket));
            }
        }
        for (device, it) in world.devices.iter().enumerate() {
            if left.messages[device] > 0 {
                actions.push(Action::Write(device));
            }
            if matches!(it.client.link(), link::State::Waiting { .. }) || is_paused(&it.client) {
                actions.push(Action::WaitEnds(device));
            }
            if left.crashes > 0 {
                actions.push(Action::TabDies(device));
                if it.socket.is_some() {
                    actions.push(Action::SocketLost(device));
                }
            }
        }
        if left.crashes > 0 && world.sockets.iter().any(|socket| socket.held_open) {
            actions.push(Action::RelayDies);
        }
        if left.epochs > 0 {
            actions.extend((0..=world.disk.entries.len()).map(Action::Epoch));
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut world = state.world.lock().unwrap().clone();
        let mut left = state.left;
        let done = catch_unwind(AssertUnwindSafe(|| happen(&mut world, &mut left, action)));
        Some(State::new(world, left, done.is_err()))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the world finds nothing wrong", |_, state: &State| {
                !state.wrong
            }),
            Property::always("nothing is lost", |_, state: &State| {
                state.ask(nothing_is_lost)
            }),
            Property::always(
                "a place for every entry, and one for each name",
                |_, state: &State| state.ask(each_has_its_place),
            ),
            Property::always(
                "a device's drafts are in their order",
                |_, state: &State| state.ask(in_order),
            ),
            Property::always("what is shown is stored", |_, state: &State| {
                state.ask(shown_is_stored)
            }),
            Property::always("it can come to rest", |_, state: &State| {
                state.ask(can_rest)
            }),
            Property::sometimes(
                "all of it happens, and everybody sees it",
                |_, state: &State| {
                    let Small {
                        messages,
                        holds,
                        crashes,
                        epochs,
                    } = state.left;
                    let spent = messages == [0, 0] && holds + crashes + epochs == 0;
                    spent && state.ask(|world| world.disk.entries.len() == 3 && rests(world))
                },
            ),
        ]
    }
}

impl State {
    fn new(world: World, left: Small, wrong: bool) -> Self {
        Self {
            fingerprint: state::fingerprint(&world, &left),
            world: Arc::new(Mutex::new(world)),
            left,
            wrong,
        }
    }

    fn ask(&self, question: impl FnOnce(&World) -> bool) -> bool {
        question(&self.world.lock().unwrap())
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.fingerprint.hash(hasher);
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let world = self.world.lock().unwrap();
        let clients: Vec<&Client> = world.devices.iter().map(|it| &it.client).collect();
        let relay: &Conversation = &world.relay;
        f.debug_struct("State")
            .field("left", &self.left)
            .field("clients", &clients)
            .field("relay", relay)
            .field("entries", &world.disk.entries)
            .field("sockets", &world.sockets)
            .finish()
    }
}

fn happen(world: &mut World, left: &mut Small, action: Action) {
    match action {
        Action::Write(device) => {
            left.messages[device] -= 1;
            write(world, device);
        }
        Action::Up(socket) => {
            world.arrive_up(socket);
        }
        Action::Down(socket) => {
            world.arrive_down(socket);
        }
        Action::Hold(socket) => {
            left.holds -= 1;
            world.hold(socket);
        }
        Action::WaitEnds(device) => {
            if let Some(due) = world.devices[device].client.next_deadline() {
                let Timestamp(now) = world.clock(device);
                world.devices[device].clock += due.0 as i64 - now as i64;
            }
            world.tell(device, client::Input::Timer);
            if world.devices[device]
                .socket
                .is_none_or(|socket| matches!(world.sockets[socket].up.front(), Some(Up::Open)))
            {
                greet(world, device);
            }
        }
        Action::RelayDies => {
            left.crashes -= 1;
            world.restart();
            fall(world);
        }
        Action::TabDies(device) => {
            left.crashes -= 1;
            world.kill(device);
            open(world, device);
        }
        Action::SocketLost(device) => {
            left.crashes -= 1;
            if let Some(socket) = world.devices[device].socket.take() {
                world.sockets[socket].up.push_back(Up::End);
            }
            world.tell(device, client::Input::Closed(None));
        }
        Action::Epoch(keep) => {
            left.epochs -= 1;
            let mut copy = world.disk.clone();
            copy.entries.truncate(keep);
            copy.names.retain(|_, at| *at < keep);
            hear(world);
            world.restore(copy);
            fall(world);
        }
    }
    tidy(world);
}

/// The relay has died: its sockets are gone, with all that is on its way. What was to arrive of it has arrived before, in another
/// order of events.
fn fall(world: &mut World) {
    for device in 0..world.devices.len() {
        if world.devices[device].socket.take().is_some() {
            world.tell(device, client::Input::Closed(None));
        }
    }
}

/// Everything on its way to a device arrives.
fn hear(world: &mut World) {
    for socket in 0..world.sockets.len() {
        while world.arrive_down(socket) {}
    }
}

fn open(world: &mut World, device: usize) {
    world.tell(device, client::Input::Hidden);
    world.tell(device, client::Input::Want);
    world.answer_renewal(device, true);
    greet(world, device);
}

/// The socket opens, and its hello arrives.
fn greet(world: &mut World, device: usize) {
    let socket = world.devices[device].socket.expect("it connects");
    world.arrive_up(socket);
    world.arrive_down(socket);
    world.arrive_up(socket);
}

fn write(world: &mut World, device: usize) {
    let it = &mut world.devices[device];
    let n = it.written.len();
    let mut random = [0; 10];
    (random[2], random[3]) = (device as u8, n as u8);
    let draft = Draft {
        // Nobody writes twice in a millisecond.
        id: it
            .client
            .outbox()
            .mint(Timestamp(cast::START.0 + n as u64), random),
        content: cast::message(format!("{device}:{n}")),
    };
    it.written.push(draft.clone());
    world.tell(device, client::Input::Send(draft));
}

/// Takes away what nobody will look at any more, and puts sockets in an order: by device, then by age.
fn tidy(world: &mut World) {
    world.alarm = None;
    world.projecting = None;
    world.tally.clear();
    for at in 0..world.sockets.len() {
        while is_over(world, at) {
            world.arrive_up(at);
        }
    }
    let current: Vec<Option<usize>> = world.devices.iter().map(|it| it.socket).collect();
    let mut kept = vec![];
    for (at, mut socket) in std::mem::take(&mut world.sockets).into_iter().enumerate() {
        let is_current = current[socket.device] == Some(at);
        if !is_current {
            socket.down.clear();
        }
        if !socket.held_open {
            socket.up.clear();
            (socket.session, socket.attachment) = (None, None);
        }
        socket.down.retain(|down| !is_aside(down));
        if is_current || socket.held_open {
            kept.push((is_current, socket));
        }
    }
    kept.sort_by_key(|(_, socket)| socket.device);
    for (at, (is_current, socket)) in kept.into_iter().enumerate() {
        if is_current {
            world.devices[socket.device].socket = Some(at);
        }
        world.sockets.push(socket);
    }
    for device in &mut world.devices {
        device.seen_frames.clear();
    }
}

/// Whether what is oldest on its way up changes nothing that anybody could notice: the end of a socket that its device has left,
/// or on such a socket a draft that is stored already.
fn is_over(world: &World, at: usize) -> bool {
    let socket = &world.sockets[at];
    let is_left = world.devices[socket.device].socket != Some(at);
    is_left && !socket.up.is_empty() && !would_write(world, socket)
}

/// Whether what is oldest on its way up is a draft that can be refused for now.
fn can_hold(socket: &Socket) -> bool {
    let draft = matches!(socket.up.front(), Some(Up::Frame(ClientFrame::Send(_))));
    let live = socket.attachment.as_ref().map(|session| &session.state);
    draft && socket.held_open && matches!(live, Some(session::State::Live { held: None, .. }))
}

/// Whether a client waits with its drafts because one was refused for now.
fn is_paused(client: &Client) -> bool {
    let outbox = client.outbox();
    matches!(client.link(), link::State::Live(_))
        && outbox.next_deadline().is_some()
        && outbox.overdue_at().is_none()
}

/// Whether an entry is stored when what is oldest on its way up arrives.
fn would_write(world: &World, socket: &Socket) -> bool {
    match socket.up.front() {
        Some(Up::Frame(ClientFrame::Send(draft))) => !world.disk.names.contains_key(&draft.id),
        Some(Up::Open | Up::Frame(_) | Up::Ping | Up::End) | None => false,
    }
}

fn is_aside(down: &Down) -> bool {
    matches!(
        down,
        Down::Frame(ServerFrame::Presence(_) | ServerFrame::Typing { .. })
    )
}

fn nothing_is_lost(world: &World) -> bool {
    world.devices.iter().all(|it| {
        it.written.iter().all(|draft| {
            let id = &draft.id;
            world.disk.names.contains_key(id)
                || it.kept.contains_key(id) && it.unconfirmed().any(|waiting| waiting.id == *id)
                || world.rolled_back.contains(id)
        })
    })
}

fn each_has_its_place(world: &World) -> bool {
    let entries = &world.disk.entries;
    let dense = (1..)
        .zip(entries)
        .all(|(place, entry)| entry.seq.0 == place);
    let shown_once = |it: &crate::world::Device| {
        let entries = it.client.transcript().entries();
        entries
            .iter()
            .zip(entries.iter().skip(1))
            .all(|(one, next)| one.seq < next.seq)
    };
    let names: std::collections::BTreeSet<_> = entries.iter().map(|entry| entry.id).collect();
    dense && names.len() == entries.len() && world.devices.iter().all(shown_once)
}

fn in_order(world: &World) -> bool {
    world.devices.iter().all(|it| {
        let places: Vec<_> = it
            .written
            .iter()
            .filter_map(|draft| world.disk.names.get(&draft.id))
            .collect();
        places.is_sorted()
    })
}

/// In the relay's incarnation a client shows a piece of the transcript, without a hole.
fn shown_is_stored(world: &World) -> bool {
    let epoch = world.disk.origin.as_ref().map(|origin| origin.epoch);
    (0..world.devices.len()).all(|device| {
        let transcript = world.devices[device].client.transcript();
        let (shown, stored) = world.shown(device);
        transcript.cursor().map(|cursor| cursor.epoch) != epoch
            || shown.is_empty()
            || stored.windows(shown.len()).any(|piece| piece == shown)
    })
}

/// Without any more faults everybody comes to show the same, and nothing waits.
fn can_rest(world: &World) -> bool {
    let mut world = world.clone();
    // The list is told in the end; here nobody waits for it.
    world.alarm = Some(world.now);
    let rested = catch_unwind(AssertUnwindSafe(|| world.settle()));
    rested.is_ok() && nothing_is_lost(&world) && in_order(&world)
}

fn rests(world: &World) -> bool {
    let still = world
        .sockets
        .iter()
        .all(|it| it.up.is_empty() && it.down.is_empty());
    still
        && (0..world.devices.len()).all(|device| {
            let (shown, stored) = world.shown(device);
            shown == stored && world.devices[device].kept.is_empty()
        })
}
