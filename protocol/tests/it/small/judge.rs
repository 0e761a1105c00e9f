//! What must hold in every moment of a small world.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::world::{Device, World};

pub fn nothing_is_lost(world: &World) -> bool {
    world.devices.iter().all(|it| {
        it.written.iter().all(|draft| {
            let id = &draft.id;
            world.disk.names.contains_key(id)
                || it.kept.contains_key(id) && it.unconfirmed().any(|waiting| waiting.id == *id)
                || world.rolled_back.contains(id)
        })
    })
}

pub fn each_has_its_place(world: &World) -> bool {
    let entries = &world.disk.entries;
    let dense = (1..)
        .zip(entries)
        .all(|(place, entry)| entry.seq.0 == place);
    let shown_once = |it: &Device| {
        let entries = it.client.transcript().entries();
        entries
            .iter()
            .zip(entries.iter().skip(1))
            .all(|(one, next)| one.seq < next.seq)
    };
    let names: BTreeSet<_> = entries.iter().map(|entry| entry.id).collect();
    dense && names.len() == entries.len() && world.devices.iter().all(shown_once)
}

pub fn in_order(world: &World) -> bool {
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
pub fn shown_is_stored(world: &World) -> bool {
    let epoch = world.epoch();
    (0..world.devices.len()).all(|device| {
        let transcript = world.devices[device].client.transcript();
        let (shown, stored) = world.shown(device);
        transcript.cursor().map(|cursor| cursor.epoch) != epoch
            || shown.is_empty()
            || stored.windows(shown.len()).any(|piece| piece == shown)
    })
}

/// Without any more faults everybody comes to show the same, and nothing waits.
pub fn can_rest(world: &World) -> bool {
    let mut world = world.clone();
    // The list is told in the end; here nobody waits for it.
    world.alarm = Some(world.now);
    let rested = catch_unwind(AssertUnwindSafe(|| world.settle()));
    rested.is_ok() && nothing_is_lost(&world) && in_order(&world)
}

pub fn rests(world: &World) -> bool {
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
