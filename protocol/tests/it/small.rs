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

mod event;
mod judge;
mod state;

use std::{
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use protocol::{
    client::{Client, link},
    relay::conversation::Conversation,
};
use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::{cast, world::World};
use event::{can_hold, happen, is_paused, open};
use judge::{can_rest, each_has_its_place, in_order, nothing_is_lost, rests, shown_is_stored};

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
