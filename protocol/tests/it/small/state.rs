//! One moment of a small world, told so that two moments from which the same can follow are the same.
//!
//! A state is what its parts say of themselves (`Debug`), so a field that is added to a machine is part of it by itself. Left out
//! is only what decides nothing here, by the names in [`DECIDES_NOTHING`]; times are told from the device's own clock.

use std::{
    fmt::Debug,
    hash::{DefaultHasher, Hash, Hasher},
};

use protocol::time::Timestamp;

use crate::world::{World, network::Socket};

/// Fields that say nothing of what can follow, with the reason.
const DECIDES_NOTHING: [&str; 16] = [
    // How long a wait is, when every wait may end at any moment.
    "dice",
    "attempt",
    "welcomed",
    "until",
    // Whether the clock was set back, which it is not here.
    "looked_at",
    // How often something was drawn anew.
    "revision",
    // What the list of conversations is told, and who is there: they have tests of their own.
    "projection",
    "presence",
    // When an entry was stored, who wrote it and what: its name stands for it.
    "at",
    "author",
    "content",
    // Who is on a device or a socket: that does not change.
    "principal",
    "credential",
    "you",
    // Which name the next session gets, and this one has: it stands for its socket.
    "newest",
    "session",
];

/// The state as a number.
pub fn fingerprint(world: &World, rest: &impl Debug) -> u64 {
    let mut said = String::new();
    for (device, it) in world.devices.iter().enumerate() {
        let now = world.clock(device);
        let names: Vec<_> = it.kept.keys().collect();
        let known = (&it.client, names, it.socket, it.written.len());
        plain(&format!("{known:?}"), now, world, &mut said);
    }
    let relay = (&world.relay, &world.disk.entries, &world.rolled_back, rest);
    plain(&format!("{relay:?}"), world.now, world, &mut said);
    plain(&format!("{:?}", world.sockets), world.now, world, &mut said);
    let mut hasher = DefaultHasher::new();
    said.hash(&mut hasher);
    hasher.finish()
}

/// Copies a text without the fields that decide nothing, with times as they are from `now` and sessions as their sockets.
fn plain(text: &str, now: Timestamp, world: &World, to: &mut String) {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut left = text;
    while let Some(next) = left.as_bytes().iter().position(is_word) {
        to.push_str(&left[..next]);
        left = &left[next..];
        let end = left.as_bytes().iter().position(|byte| !is_word(byte));
        let (word, after) = left.split_at(end.unwrap_or(left.len()));
        left = after;
        if after.starts_with(": ") && DECIDES_NOTHING.contains(&word) {
            left = after_value(after);
        } else if let Some((number, after)) = argument(word, "Timestamp", after) {
            // What is over is over, however long ago.
            to.push_str(&number.saturating_sub(now.0).to_string());
            left = after;
        } else if let Some((number, after)) = argument(word, "SessionId", after) {
            let is_its = |socket: &Socket| {
                socket.held_open && socket.session.is_some_and(|id| u64::from(id.0) == number)
            };
            to.push_str(&format!("{:?}", world.sockets.iter().position(is_its)));
            left = after;
        } else {
            to.push_str(word);
        }
    }
    to.push_str(left);
}

/// The number in `Name(1)`.
fn argument<'a>(word: &str, name: &str, after: &'a str) -> Option<(u64, &'a str)> {
    if word != name {
        return None;
    }
    let (number, after) = after.strip_prefix('(')?.split_once(')')?;
    Some((number.parse().ok()?, after))
}

/// What comes after a value: the bracket or comma that ends it, and the rest.
fn after_value(text: &str) -> &str {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' | b',' if depth == 0 => return &text[at..],
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    ""
}
