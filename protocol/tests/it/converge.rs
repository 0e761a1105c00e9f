//! Stories that chance writes: whatever fails, in the end everybody has the same transcript, and every message is in it once.
//!
//! `cargo test -p protocol` tells the same [`STORIES`] stories every time. With `STORIES=n` in the environment it is `n` new
//! ones, for a long run (`STORIES=10000000`); `PROPTEST_RNG_SEED=s` chooses others that can be told again. A story that fails
//! is shortened and printed, and its seed is written to `converge/seeds.txt`, which is told first from then on. A seed means
//! another story once the steps change, so the short story becomes a test of its own here, step by step.

mod step;

use std::cell::RefCell;

use proptest::test_runner::{
    Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner,
};
use protocol::{
    client::outbox::Progress,
    conversation::{Status, Summary},
    entry::{Author, Content},
    id::MessageId,
    limits,
    time::Millis,
};

use crate::world::{
    World,
    faults::{Event, Tally},
};
use step::{DEVICES, Stage, Step, Story, Words, story};

/// So many stories take about a minute.
const STORIES: u32 = 100_000;

/// A failing story of the longest kind is short after a few hundred attempts; each takes less than a millisecond.
const SHORTENINGS: u32 = 20_000;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/converge/seeds.txt");

#[test]
fn rl1_everybody_converges_on_one_transcript() {
    let wanted = std::env::var("STORIES").ok();
    let count = wanted
        .as_ref()
        .map_or(STORIES, |count| count.parse().expect("STORIES is a number"));
    let mut config = Config {
        cases: count,
        max_shrink_iters: SHORTENINGS,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..Config::default()
    };
    if wanted.is_none() && matches!(config.rng_seed, RngSeed::Random) {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let tally = RefCell::new(Tally::default());
    let told = TestRunner::new(config).run(&story(), |story| {
        for (event, count) in tell(&story) {
            *tally.borrow_mut().entry(event).or_default() += count;
        }
        Ok::<_, TestCaseError>(())
    });
    match told {
        Ok(()) => {}
        Err(TestError::Fail(why, Story { seed, steps })) => {
            panic!("{why}\ntell({seed}, {steps:?})\nits seed is in {SEEDS}")
        }
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    let tally = tally.into_inner();
    println!("{count} stories: {tally:?}");
    for event in Event::ALL {
        let times = tally.get(&event).copied().unwrap_or_default();
        // One story in thirty: the rarest comes in one of sixteen, and a short run has luck.
        assert!(times > count as usize / 30, "{event:?}: only {times} times");
    }
}

/// Tells a story to its end, and judges it. What happened in it.
fn tell(Story { seed, steps }: &Story) -> Tally {
    let mut stage = Stage::new(*seed);
    for step in steps {
        stage.take(*step);
    }
    let mut world = stage.world;
    world.disk.fails_after.set(None);
    world.disk.fails_midway.set(false);
    world.crash = None;
    world.settle();
    judge(&world);
    // But for the page, which no conversation knows of who has gone.
    let listed =
        |summary: Option<&Summary>| summary.cloned().map(|one| Summary { page: None, ..one });
    world.shop_forgets();
    world.pass(limits::PROJECTION_KEPT);
    let so = world.relay.listed(&world.disk).expect("the disk is read");
    let so = listed(so.as_ref());
    assert_eq!(
        listed(world.listed.as_ref()),
        so,
        "what the shop forgot is said again"
    );
    // An alarm stands at a time of the clock: where that went back, it rings so much later, and who sleeps cannot know.
    world.pass(Millis(limits::PROJECTION_KEPT.0 + put_back(steps)));
    let so = world.relay.listed(&world.disk).expect("the disk is read");
    assert_eq!(
        listed(world.kept.as_ref()),
        listed(so.as_ref()),
        "what is shown is kept"
    );
    let by_relay = world
        .disk
        .entries
        .iter()
        .filter(|e| e.author == Author::System);
    let reopened = by_relay.count();
    let mut tally = world.tally;
    tally.insert(Event::Reopened, reopened);
    tally
}

/// How far the relay's clock went back, at most, in ms.
fn put_back(steps: &[Step]) -> u64 {
    let back = |step: &Step| match step {
        Step::RelayClock(by) if *by < 0 => by.unsigned_abs(),
        _ => 0,
    };
    steps.iter().map(back).sum()
}

fn judge(world: &World) {
    for (place, entry) in (1..).zip(&world.disk.entries) {
        assert_eq!(entry.seq.0, place, "a place for every entry");
    }
    (0..DEVICES).for_each(|device| judge_device(world, device));
    let place_of = |id: &MessageId| world.disk.names.get(id);
    let written = world.devices.iter().flat_map(|it| &it.written);
    let authored = written
        .filter(|draft| place_of(&draft.id).is_some())
        .count();
    let by_relay = world
        .disk
        .entries
        .iter()
        .filter(|e| e.author == Author::System);
    assert_eq!(
        authored + by_relay.count(),
        world.disk.entries.len(),
        "an entry that nobody wrote"
    );
}

fn judge_device(world: &World, device: usize) {
    let it = &world.devices[device];
    let (shown, wanted) = world.shown(device);
    assert_eq!(shown, wanted, "device {device} shows what the relay has");
    assert_eq!(it.client.status(), status(world), "device {device}: status");
    for outgoing in it.client.outbox().outgoing() {
        let refused = matches!(outgoing.progress, Progress::Refused { .. });
        assert!(refused, "device {device} has {outgoing:?} left");
    }
    assert_eq!(
        it.client.outbox().outgoing().len(),
        it.kept.len(),
        "device {device} keeps what is over"
    );
    assert_eq!(
        it.kept.len(),
        0,
        "nothing that was written here may be refused for good"
    );
    let mut before = None;
    for draft in &it.written {
        let id = draft.id;
        let Some(at) = world.disk.names.get(&id).copied() else {
            let excused = world.rolled_back.contains(&id) || it.lost.contains(&id);
            assert!(excused, "{id} of device {device} is lost");
            continue;
        };
        let stored = &world.disk.entries[at];
        assert_eq!(stored.content, draft.content, "other words");
        // What a device has forgotten it cannot keep in order: it may be on its way on an old socket.
        if !it.lost.contains(&id) {
            assert!(
                Some(at) > before,
                "{id} of device {device} came before its turn"
            );
            before = Some(at);
        }
    }
}

/// What the newest status entry says.
fn status(world: &World) -> Status {
    let said = world
        .disk
        .entries
        .iter()
        .rev()
        .find_map(|e| match e.content {
            Content::Status { status } => Some(status),
            _ => None,
        });
    said.unwrap_or_default()
}

/// A draft that was held on a socket which the client had given up was stored on the next one. The drafts behind it that
/// were still on their way on the old socket then overtook those that had been refused there.
#[test]
fn rl8_a_late_socket_does_not_overtake() {
    const GIULIA: usize = 2;
    let steps = vec![
        Step::Write(GIULIA, Words::Message, 1),
        // The socket opens; the hello arrives, and the welcome. The page does not.
        Step::Deliver(0, 2, 0b01),
        Step::Deliver(0, 2, 0b01),
        Step::Write(GIULIA, Words::Message, 2),
        Step::Hold(GIULIA),
        Step::Write(GIULIA, Words::Message, 2),
        // The client gives the socket up.
        Step::Wait(8_000),
    ];
    let tally = tell(&Story { seed: 0, steps });
    assert_eq!(tally.get(&Event::Held), Some(&1), "{tally:?}");
    assert!(tally.contains_key(&Event::LateSocket), "{tally:?}");
}

#[test]
fn rl14_a_clock_that_goes_back_while_the_disk_is_slow_puts_nothing_off() {
    const GIULIA: usize = 2;
    let steps = vec![
        Step::Wait(10_000),
        Step::Write(GIULIA, Words::Message, 1),
        // The socket opens, is greeted, and the message is stored.
        Step::Deliver(2, 3, 0b1),
        Step::Deliver(2, 4, 0b100_1001),
        Step::RelayClock(-1),
    ];
    tell(&Story { seed: 0, steps });
}

#[test]
fn rl14_a_clock_that_goes_back_while_all_is_quiet_puts_off_by_as_much() {
    const GIULIA: usize = 2;
    let steps = vec![
        Step::Wait(10_000),
        Step::Write(0, Words::Message, 1),
        Step::Write(GIULIA, Words::Message, 1),
        Step::Deliver(0, 1, 0),
        Step::Deliver(0, 1, 49),
        Step::Deliver(1, 3, 109),
        Step::Deliver(1, 2, 82),
        // The list shows what its disk has not, and is to be told again within two minutes.
        Step::RelayClock(-121_001),
    ];
    let seed = 9_990_213_520_610_441_730;
    tell(&Story { seed, steps });
}
