//! Thousands of stories that chance writes: whatever fails, in the end everybody has the same transcript, and every
//! message is in it once. A seed that fails is printed; run it alone and keep it as a test of its name.

use protocol::{
    backoff::Dice,
    client::{self, outbox::Progress},
    conversation::Status,
    entry::Content,
    id::MessageId,
    presence::Page,
    time::Millis,
};

use crate::{cast, memory::Memory, world::World};

/// So many stories run in a few seconds.
const STORIES: u64 = 6_000;

/// Steps of one story: enough for several faults to meet.
const STEPS: u64 = 140;

#[test]
fn rl1_everybody_converges_on_one_transcript() {
    let mut stories = Tally::default();
    // For a long run: `STORIES=1000000 cargo test -p protocol converge`.
    let count = std::env::var("STORIES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(STORIES);
    for seed in 0..count {
        run(seed, &mut stories);
    }
    // A story in which nothing goes wrong proves nothing: each fault happened, and often.
    for (what, count) in [
        ("written", stories.written),
        ("cut", stories.cuts),
        ("silent", stories.silences),
        ("restarted", stories.restarts),
        ("hibernated", stories.hibernations),
        ("disk failed", stories.faults),
        ("restored", stories.restores),
        ("rolled back", stories.rolled_back),
        ("killed", stories.kills),
        ("jumped", stories.jumps),
        ("late", stories.late),
        ("held", stories.holds),
        ("reopened", stories.reopened),
    ] {
        assert!(count > STORIES as usize / 20, "{what}: only {count} times");
    }
}

#[derive(Debug, Default)]
struct Tally {
    written: usize,
    cuts: usize,
    silences: usize,
    restarts: usize,
    hibernations: usize,
    faults: usize,
    restores: usize,
    rolled_back: usize,
    kills: usize,
    jumps: usize,
    late: usize,
    holds: usize,
    reopened: usize,
}

fn run(seed: u64, tally: &mut Tally) {
    let story = format!("seed {seed}");
    let dice = &mut Dice::new(seed);
    let mut world = World::new(dice.roll());
    for principal in [
        cast::visitor(),
        cast::visitor(),
        cast::operator(cast::giulia()),
        cast::operator(cast::marco()),
    ] {
        let device = world.add(principal);
        if device == 0 {
            // Operators have nothing to open before the visitor comes.
            world.tell(device, client::Input::Want);
            world.deliver();
        } else if dice.below(3) > 0 {
            world.tell(device, client::Input::Want);
        }
    }
    let mut copy = world.disk.clone();
    for _ in 0..STEPS {
        let device = dice.below(4) as usize;
        step(&mut world, dice, device, &mut copy, tally);
    }
    world.disk.fails_after.set(None);
    world.settle(&story);
    judge(&world, &story);
    tally.written += world.disk.entries.len();
    tally.rolled_back += world.rolled_back.len();
    let reopens = |content: &Content| {
        *content
            == Content::Status {
                status: Status::Open,
            }
    };
    let by_relay = |author: &protocol::entry::Author| *author == protocol::entry::Author::System;
    tally.reopened += world
        .disk
        .entries
        .iter()
        .filter(|e| reopens(&e.content) && by_relay(&e.author))
        .count();
}

fn step(world: &mut World, dice: &mut Dice, device: usize, copy: &mut Memory, tally: &mut Tally) {
    match dice.below(100) {
        0..=15 => write(world, dice, device),
        16..=69 => deliver(world, dice, tally),
        70..=77 => {
            world.now = world.now + Millis(dice.below(3_000));
            world.ring();
        }
        78..=79 => {
            world.now = world.now + Millis(dice.below(60_000));
            world.ring();
        }
        80 => {
            world.answer_projection(dice.below(2) == 0);
        }
        81 => {
            world.lose_projection();
            if dice.below(2) == 0 {
                world.shop_forgets();
            }
        }
        82..=83 => {
            world.answer_renewal(device, dice.below(3) > 0);
        }
        84..=86 => {
            if let Some(socket) = world.devices[device].socket {
                world.cut(socket);
                tally.cuts += 1;
            }
        }
        87 => {
            if let Some(socket) = world.devices[device].socket {
                world.sockets[socket].dead = true;
                tally.silences += 1;
            }
        }
        88 => {
            world.restart();
            tally.restarts += 1;
        }
        89..=90 => {
            world.hibernate();
            tally.hibernations += 1;
        }
        91 => {
            world.disk.fails_after.set(Some(dice.below(12) as u32));
            tally.faults += 1;
        }
        92 => match dice.below(4) {
            0 => {
                world.restore(copy.clone());
                tally.restores += 1;
            }
            _ => *copy = world.disk.clone(),
        },
        93 => {
            if dice.below(2) == 0 {
                world.tell(device, client::Input::Leaving);
            }
            world.kill(device);
            tally.kills += 1;
            if dice.below(2) == 0 {
                world.tell(device, client::Input::Want);
            }
        }
        94 => {
            world.devices[device].clock += dice.below(400_000) as i64 - 200_000;
            tally.jumps += 1;
        }
        95 => world.token += 1,
        96 => {
            if let Some(socket) = world.devices[device].socket {
                let before = world.sockets[socket].up.len();
                world.hold(socket);
                tally.holds += usize::from(world.sockets[socket].up.len() < before);
            }
        }
        97 => {
            let input = match dice.below(6) {
                0 => client::Input::Hidden,
                1 => client::Input::Shown,
                2 => client::Input::Online,
                3 => client::Input::Thawed,
                4 => client::Input::Rest,
                _ => client::Input::Want,
            };
            world.tell(device, input);
        }
        98 => {
            let last = world.devices[device].client.transcript().last();
            world.tell(device, client::Input::Seen(last));
            world.tell(device, client::Input::Older);
        }
        _ => {
            world.tell(device, client::Input::Typing(dice.below(2) == 0));
            let page = Page {
                url: format!("https://shop.example/{}", dice.below(5)),
                title: "A page".into(),
            };
            if device < 2 {
                world.tell(device, client::Input::Page(page));
            }
        }
    }
}

fn write(world: &mut World, dice: &mut Dice, device: usize) {
    let words = cast::message(format!("{device}:{}", world.devices[device].written.len()));
    let content = match (device < 2, dice.below(8)) {
        (false, 0) => cast::note("between us"),
        (false, 1) => Content::Assigned {
            to: Some(cast::marco()),
        },
        (false, 2 | 3) => Content::Status {
            status: Status::Resolved,
        },
        (false, _) | (true, _) => words,
    };
    for _ in 0..=dice.below(3) / 2 {
        world.write(device, content.clone());
    }
}

fn deliver(world: &mut World, dice: &mut Dice, tally: &mut Tally) {
    let loaded: Vec<usize> = (0..world.sockets.len())
        .filter(|at| !world.sockets[*at].up.is_empty() || !world.sockets[*at].down.is_empty())
        .collect();
    let Some(socket) = loaded
        .get(dice.below(loaded.len() as u64) as usize)
        .copied()
    else {
        return;
    };
    if world.devices[world.sockets[socket].device].socket != Some(socket)
        && world.sockets[socket].held_open
    {
        tally.late += 1;
    }
    for _ in 0..=dice.below(4) {
        if dice.below(2) == 0 || !world.arrive_up(socket) {
            world.arrive_down(socket);
        }
    }
}

fn judge(world: &World, story: &str) {
    for (place, entry) in (1..).zip(&world.disk.entries) {
        assert_eq!(entry.seq.0, place, "{story}: a place for every entry");
    }
    let place_of = |id: &MessageId| world.disk.names.get(id).copied();
    for (device, it) in world.devices.iter().enumerate() {
        let (shown, wanted) = world.shown(device);
        assert_eq!(
            shown, wanted,
            "{story}: device {device} shows what the relay has"
        );
        for outgoing in it.client.outbox().outgoing() {
            assert!(
                matches!(outgoing.progress, Progress::Refused { .. }),
                "{story}: device {device} has {outgoing:?} left"
            );
        }
        assert_eq!(
            it.client.outbox().outgoing().len(),
            it.kept.len(),
            "{story}: device {device} keeps what is over"
        );
        assert_eq!(
            it.kept.len(),
            0,
            "{story}: nothing that was written here may be refused for good"
        );
        let mut before = None;
        for draft in &it.written {
            let place = place_of(&draft.id);
            match place {
                None => assert!(
                    world.rolled_back.contains(&draft.id),
                    "{story}: {} of device {device} is lost",
                    draft.id
                ),
                Some(at) => {
                    assert_eq!(
                        world.disk.entries[at].content, draft.content,
                        "{story}: other words"
                    );
                    assert!(
                        Some(at) > before,
                        "{story}: {} of device {device} came before its turn",
                        draft.id
                    );
                    before = Some(at);
                }
            }
        }
    }
    let authored = world
        .devices
        .iter()
        .flat_map(|it| &it.written)
        .filter(|draft| place_of(&draft.id).is_some())
        .count();
    let by_relay = world
        .disk
        .entries
        .iter()
        .filter(|e| e.author == protocol::entry::Author::System)
        .count();
    assert_eq!(
        authored + by_relay,
        world.disk.entries.len(),
        "{story}: an entry that nobody wrote"
    );
}

/// A draft that was held on a socket which the client had given up was stored on the next one. The drafts behind it that
/// were still on their way on the old socket then overtook those that had been refused there.
#[test]
fn rl8_a_late_socket_does_not_overtake_seed_376() {
    run(376, &mut Tally::default());
}
