//! One step of a story, how chance chooses it, and what it does to a [`World`].
//!
//! Whatever a step names that is not there (a socket, something on its way) makes it do nothing, so that a story stays one
//! when steps are taken out of it.

use proptest::prelude::*;
use protocol::{client, conversation::Status, entry::Content, presence::Page, time::Millis};

use crate::{
    cast,
    memory::Memory,
    world::{World, faults::Crash},
};

/// The devices of a story: two of the visitor, then one of each operator.
pub const DEVICES: usize = 4;
const VISITORS: usize = 2;

/// Steps of the longest story: enough for several faults to meet.
const STEPS: usize = 200;

/// A story that chance writes.
#[derive(Clone, Debug)]
pub struct Story {
    /// For what the machines themselves leave to chance: waits, names, the order of a device's store.
    pub seed: u64,
    pub steps: Vec<Step>,
}

/// What somebody writes.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    Message,
    Note,
    Assignment,
    Resolved,
}

/// Something that happens. Which device is meant is told by its number.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// So many drafts at once; a visitor's are always messages.
    Write(usize, Words, usize),
    /// Of the sockets with something on its way, on the one of this number so many things arrive, each up or down by its bit.
    Deliver(usize, u32, u8),
    /// Milliseconds go by.
    Wait(u64),
    /// The shop answers what it was told, or the call fails.
    ShopAnswers(bool),
    /// The shop does not answer, and nobody says so.
    ShopSilent,
    /// The shop's memory goes.
    ShopForgets,
    /// The token that was asked for comes, or does not.
    Token(usize, bool),
    /// Tokens expire.
    Expire,
    /// The socket is lost; so much of what is on its way up and down still arrives.
    Drop(usize, usize, usize),
    /// The socket falls silent.
    Silence(usize),
    /// The relay dies between two turns.
    Restart,
    /// The relay dies in its next turn.
    Crash(Crash),
    /// The relay's memory goes.
    Hibernate,
    /// The disk fails after so many calls more.
    DiskFault(u32),
    /// The disk fails in the middle of the next turn that writes more than once, or reads after it wrote.
    DiskFull,
    /// The disk is copied.
    Copy,
    /// The copy takes the disk's place.
    Restore,
    /// An empty disk takes its place.
    Empty,
    /// A tab dies; the next one opens the conversation, or waits.
    Kill(usize, bool),
    /// A page says that it goes away.
    Leave(usize),
    /// A device's storage is cleared under its tab.
    Clear(usize),
    /// A device's clock is set by so many milliseconds.
    Clock(usize, i64),
    /// The relay's clock is.
    RelayClock(i64),
    /// What is before the next draft on its way arrives, and the draft is refused for now.
    Hold(usize),
    /// The first draft that waits goes over HTTPS as well.
    Post(usize),
    Hide(usize),
    Show(usize),
    Online(usize),
    Thaw(usize),
    Rest(usize),
    Want(usize),
    /// Everything here was seen, and older entries are looked for.
    Look(usize),
    Type(usize, bool),
    /// The visitor goes to the page of this number.
    Visit(usize, u8),
    /// An operator comes on duty, or leaves: the shop says so when it answers next.
    Duty(bool),
}

/// Any story.
pub fn story() -> impl Strategy<Value = Story> {
    // A seed that is smaller is no simpler.
    let seed = any::<u64>().no_shrink();
    let steps = proptest::collection::vec(step(), 1..=STEPS);
    (seed, steps).prop_map(|(seed, steps)| Story { seed, steps })
}

/// Any step. The weights are thousandths: mostly somebody writes and something arrives, and of each fault there are some in most
/// stories, but for those that begin the transcript anew.
fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let device = || 0..DEVICES;
    prop_oneof![
        160 => (device(), words(), 1..=2_usize).prop_map(|(d, w, n)| Write(d, w, n)),
        520 => (0..8_usize, 1..=5_u32, any::<u8>()).prop_map(|(s, n, ways)| Deliver(s, n, ways)),
        75 => (0..3_000_u64).prop_map(Wait),
        20 => (0..60_000_u64).prop_map(Wait),
        10 => any::<bool>().prop_map(ShopAnswers),
        8 => Just(ShopSilent),
        90 => Just(ShopForgets),
        20 => (device(), prop::bool::weighted(0.7)).prop_map(|(d, comes)| Token(d, comes)),
        8 => Just(Expire),
        30 => (device(), 0..4_usize, 0..4_usize).prop_map(|(d, up, down)| Drop(d, up, down)),
        10 => device().prop_map(Silence),
        6 => Just(Restart),
        4 => Just(Crash(self::Crash::BeforeCommit)),
        4 => Just(Crash(self::Crash::AfterCommit)),
        18 => Just(Hibernate),
        10 => (0..12_u32).prop_map(DiskFault),
        14 => Just(DiskFull),
        6 => Just(Copy),
        3 => Just(Restore),
        2 => Just(Empty),
        16 => (device(), any::<bool>()).prop_map(|(d, wants)| Kill(d, wants)),
        12 => device().prop_map(Leave),
        12 => device().prop_map(Clear),
        10 => (device(), -200_000..200_000_i64).prop_map(|(d, by)| Clock(d, by)),
        3 => (-200_000..200_000_i64).prop_map(RelayClock),
        30 => device().prop_map(Hold),
        8 => device().prop_map(Post),
        3 => device().prop_map(Hide),
        3 => device().prop_map(Show),
        2 => device().prop_map(Online),
        2 => device().prop_map(Thaw),
        2 => device().prop_map(Rest),
        25 => device().prop_map(Want),
        10 => device().prop_map(Look),
        6 => (device(), any::<bool>()).prop_map(|(d, on)| Type(d, on)),
        5 => (0..VISITORS, 0..5_u8).prop_map(|(d, page)| Visit(d, page)),
        5 => any::<bool>().prop_map(Duty),
    ]
}

fn words() -> impl Strategy<Value = Words> {
    prop_oneof![
        4 => Just(Words::Message),
        1 => Just(Words::Note),
        1 => Just(Words::Assignment),
        2 => Just(Words::Resolved),
    ]
}

/// A world, and the copy of its disk.
pub struct Stage {
    pub world: World,
    copy: Memory,
}

impl Stage {
    /// All devices are there, and the visitor has opened the conversation.
    pub fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        for principal in [
            cast::visitor(),
            cast::visitor(),
            cast::operator(cast::giulia()),
            cast::operator(cast::marco()),
        ] {
            world.add(principal);
        }
        // Operators have nothing to open before the visitor comes.
        world.tell(0, client::Input::Want);
        world.deliver();
        let copy = world.disk.clone();
        Self { world, copy }
    }

    pub fn take(&mut self, step: Step) {
        let world = &mut self.world;
        let socket_of = |world: &World, device: usize| world.devices[device].socket;
        match step {
            Step::Write(device, words, count) => write(world, device, words, count),
            Step::Deliver(nth, count, ways) => deliver(world, nth, count, ways),
            Step::Wait(wait) => world.wait(Millis(wait)),
            Step::ShopAnswers(succeeds) => {
                world.answer_projection(succeeds);
            }
            Step::ShopSilent => world.lose_projection(),
            Step::ShopForgets => world.shop_forgets(),
            Step::Token(device, comes) => {
                world.answer_renewal(device, comes);
            }
            Step::Expire => world.token += 1,
            Step::Drop(device, up, down) => {
                if let Some(socket) = socket_of(world, device) {
                    world.drop_rest(socket, up, down);
                }
            }
            Step::Silence(device) => {
                if let Some(socket) = socket_of(world, device) {
                    world.silence(socket);
                }
            }
            Step::Restart => world.restart(),
            Step::Crash(crash) => world.crash = Some(crash),
            Step::Hibernate => world.hibernate(),
            Step::DiskFault(after) => world.disk.fails_after.set(Some(after)),
            Step::DiskFull => world.disk.fails_midway.set(true),
            Step::Copy => self.copy = world.disk.clone(),
            Step::Restore => world.restore(self.copy.clone()),
            Step::Empty => world.restore(Memory::default()),
            Step::Kill(device, wants) => {
                world.kill(device);
                if wants {
                    world.tell(device, client::Input::Want);
                }
            }
            Step::Leave(device) => world.tell(device, client::Input::Leaving),
            Step::Clear(device) => world.clear(device),
            Step::Clock(device, by) => world.set_clock(device, by),
            Step::RelayClock(by) => world.set_relay_clock(by),
            Step::Hold(device) => {
                if let Some(socket) = socket_of(world, device) {
                    world.hold_next(socket);
                }
            }
            Step::Post(device) => world.post(device),
            Step::Hide(device) => world.tell(device, client::Input::Hidden),
            Step::Show(device) => world.tell(device, client::Input::Shown),
            Step::Online(device) => world.tell(device, client::Input::Online),
            Step::Thaw(device) => world.tell(device, client::Input::Thawed),
            Step::Rest(device) => world.tell(device, client::Input::Rest),
            Step::Want(device) => world.tell(device, client::Input::Want),
            Step::Look(device) => {
                let last = world.devices[device].client.transcript().last();
                world.tell(device, client::Input::Seen(last));
                world.tell(device, client::Input::Older);
            }
            Step::Type(device, on) => world.tell(device, client::Input::Typing(on)),
            Step::Duty(on) => world.duty = on.then(cast::giulia).into_iter().collect(),
            Step::Visit(device, page) => world.tell(
                device,
                client::Input::Page(Page {
                    url: format!("https://shop.example/{page}"),
                    title: "A page".into(),
                    facts: vec![],
                }),
            ),
        }
    }
}

fn write(world: &mut World, device: usize, words: Words, count: usize) {
    for _ in 0..count {
        let n = world.devices[device].written.len();
        let message = cast::message(format!("{device}:{n}"));
        let content = match words {
            _ if device < VISITORS => message,
            Words::Message => message,
            Words::Note => cast::note("between us"),
            Words::Assignment => Content::Assigned {
                to: Some(cast::marco()),
            },
            Words::Resolved => Content::Status {
                status: Status::Resolved,
            },
        };
        world.write(device, content);
    }
}

fn deliver(world: &mut World, nth: usize, count: u32, ways: u8) {
    let loaded: Vec<usize> = (0..world.sockets.len())
        .filter(|at| !world.sockets[*at].up.is_empty() || !world.sockets[*at].down.is_empty())
        .collect();
    if loaded.is_empty() {
        return;
    }
    let socket = loaded[nth % loaded.len()];
    for n in 0..count {
        if ways >> n & 1 == 0 || !world.arrive_up(socket) {
            world.arrive_down(socket);
        }
    }
}
