//! A client that was there and a client that comes later see the same: what a frame does to a view is what the relay would tell
//! a newcomer anew (SPEC, RL1).
//!
//! Every kind of [`Content`] and of [`ServerFrame`] has its place in [`next_content`] and [`bears_on_a_view`], by a `match`
//! without a wildcard: a new kind does not compile until it is said here what it does.

use std::{collections::BTreeSet, iter::successors};

use protocol::{
    client::{Client, Input},
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    frame::{Presence, ServerFrame},
    limits,
    presence::Page,
    relay::{self, Principal, storage::Storage},
    shared::Shared,
};

use crate::{
    cast::{self, giulia, marco, message, note, operator, visitor},
    world::World,
};

const SHOPPER: usize = 0;
/// The visitor's other tab.
const OTHER_TAB: usize = 1;
const GIULIA: usize = 2;
const MARCO: usize = 3;

/// What a client shows.
#[derive(Debug, PartialEq)]
struct View {
    entries: Vec<Entry>,
    has_older: bool,
    status: Status,
    presence: Presence,
    you: Option<Author>,
    typing: Vec<Author>,
    /// The last entry shown that the other side has read. A receipt may be of a place that this reader does not see.
    read_by_others: Option<Seq>,
    seen: Option<Seq>,
    unread: usize,
}

fn view(client: &Client) -> View {
    let entries: Vec<Entry> = client.transcript().entries().iter().cloned().collect();
    let shown = |place: Seq| {
        let upto = entries.iter().rev().map(|entry| entry.seq);
        upto.into_iter().find(|seq| *seq <= place)
    };
    View {
        read_by_others: shown(client.read_by_others()),
        seen: shown(client.seen()),
        has_older: client.transcript().has_older(),
        status: client.status(),
        presence: client.presence().clone(),
        you: client.you().cloned(),
        typing: client.typing().cloned().collect(),
        unread: client.unread(),
        entries,
    }
}

/// Everybody of the cast, each with the conversation open.
fn meet() -> World {
    let mut world = World::new(1);
    for principal in [visitor(), visitor(), operator(giulia()), operator(marco())] {
        join(&mut world, principal);
    }
    world
}

fn join(world: &mut World, principal: Principal) -> usize {
    let device = world.add(principal);
    world.tell(device, Input::Want);
    world.deliver();
    device
}

/// Everybody who was there shows what a newcomer does.
fn compare(world: &World, after: &str) {
    for device in 0..world.devices.len() {
        let it = &world.devices[device];
        let mut world = world.clone();
        let newcomer = join(&mut world, it.principal.clone());
        assert_eq!(
            view(&it.client),
            view(&world.devices[newcomer].client),
            "device {device} and a newcomer, after {after}"
        );
    }
}

/// A first content, and every other one in its turn.
fn next_content(content: &Content) -> Option<Content> {
    match content {
        Content::Message { .. } => Some(note("between us")),
        Content::Note { .. } => Some(Content::Assigned { to: Some(marco()) }),
        Content::Assigned { to: Some(_) } => Some(Content::Assigned { to: None }),
        Content::Assigned { to: None } => Some(Content::Status {
            status: Status::Resolved,
        }),
        Content::Status {
            status: Status::Resolved,
        } => Some(Content::Status {
            status: Status::Open,
        }),
        Content::Status {
            status: Status::Open,
        } => Some(Content::Form {
            answers: Shared::default(),
        }),
        Content::Form { .. } => Some(Content::Rating {
            score: 4,
            comment: String::new(),
        }),
        Content::Rating { .. } => Some(Content::Unknown),
        Content::Unknown => None,
    }
}

fn contents() -> impl Iterator<Item = Content> {
    successors(Some(message("Buongiorno!")), next_content)
}

#[test]
fn rl1_a_newcomer_sees_what_everybody_sees_after_any_entry() {
    for first in contents() {
        let mut world = meet();
        for content in std::iter::once(first.clone()).chain(contents()) {
            if content == Content::Unknown {
                store_what_a_later_relay_stored(&mut world);
            } else {
                // A form and a rating are the visitor's.
                let by_visitor = matches!(content, Content::Form { .. } | Content::Rating { .. });
                world.write(if by_visitor { SHOPPER } else { GIULIA }, content.clone());
            }
            world.deliver();
            compare(&world, &format!("{content:?}"));
            // A resolved conversation is opened again by it.
            world.write(SHOPPER, message("And?"));
            world.deliver();
            compare(&world, &format!("{content:?}, and an answer"));
            // Nobody writes so much in one breath.
            world.pass(limits::PACE_LONG_EVERY);
        }
        let kinds: BTreeSet<String> = world.disk.entries.iter().map(kind).collect();
        assert_eq!(kinds.len(), 7, "of every kind: {kinds:?}");
    }
}

fn kind(entry: &Entry) -> String {
    let value = serde_json::to_value(&entry.content).unwrap();
    value["kind"].as_str().unwrap().into()
}

/// No client sends what it does not know: the relay is of a later version, and this is what an old one reads.
fn store_what_a_later_relay_stored(world: &mut World) {
    let seq = world
        .disk
        .entries
        .last()
        .map_or(Seq::START, |last| last.seq)
        .next();
    let entry = Entry {
        seq,
        id: cast::name(seq.0),
        at: world.now,
        author: Author::System,
        content: Content::Unknown,
    };
    world.disk.append(&entry).unwrap();
    for device in 0..world.devices.len() {
        let operators = world.devices[device].principal.audience();
        let before = world.disk.view(operators).rev().nth(1);
        let previous = before.map_or(Seq::START, |entry| entry.seq);
        let frame = ServerFrame::Entry {
            previous,
            entry: entry.clone(),
        };
        world.tell(device, Input::Frame(frame));
    }
    world.hibernate();
}

/// Whether a frame of this kind changes what is shown of the conversation.
fn bears_on_a_view(frame: &ServerFrame) -> bool {
    match frame {
        ServerFrame::Welcome(_)
        | ServerFrame::History(_)
        | ServerFrame::Entry { .. }
        | ServerFrame::Receipt(_)
        | ServerFrame::Presence(_) => true,
        // Of a draft, which only its own device shows.
        ServerFrame::Refused(_) => false,
        // Stored nowhere, and over after a while.
        ServerFrame::Typing { .. } => false,
        ServerFrame::Unknown => false,
    }
}

fn frame_kind(frame: &ServerFrame) -> String {
    let value = serde_json::to_value(frame).unwrap();
    value["type"].as_str().unwrap().into()
}

#[test]
fn rl1_a_newcomer_sees_what_everybody_sees_after_any_frame() {
    let mut world = meet();
    let page = |n: u8| {
        Input::Page(Page {
            url: format!("https://shop.example/{n}"),
            title: "Moka".into(),
            facts: vec![],
        })
    };
    let mut step = 0;
    let mut then = |world: &mut World, what: &str| {
        step += 1;
        world.deliver();
        compare(world, &format!("{step}: {what}"));
    };
    world.write(SHOPPER, message("Is it still there?"));
    then(&mut world, "a message");
    world.write(GIULIA, note("it is"));
    world.write(GIULIA, message("It is."));
    then(&mut world, "a note and an answer");
    for (reader, place) in [
        (GIULIA, 1),
        (GIULIA, 2),
        (SHOPPER, 3),
        (MARCO, 3),
        (OTHER_TAB, 3),
    ] {
        world.tell(reader, Input::Seen(Seq(place)));
        then(&mut world, &format!("device {reader} read {place}"));
    }
    world.write(MARCO, note("I was here"));
    world.tell(GIULIA, Input::Seen(Seq(3)));
    world.deliver();
    world.tell(MARCO, Input::Seen(Seq(4)));
    then(&mut world, "a note was read");
    world.write(SHOPPER, message("Thank you"));
    then(&mut world, "a message after it");
    world.tell(SHOPPER, page(1));
    then(&mut world, "the visitor is on a page");
    world.tell(OTHER_TAB, page(2));
    then(&mut world, "and on another");
    for duty in [vec![giulia()], vec![giulia(), marco()], vec![]] {
        world.relay(relay::conversation::Input::Duty(duty.clone().into()));
        then(&mut world, &format!("on duty: {duty:?}"));
    }
    world.tell(SHOPPER, Input::Typing(true));
    world.tell(GIULIA, Input::Typing(true));
    world.deliver();
    world.pass(limits::TYPING_SHOWN);
    then(&mut world, "somebody typed");
    for _ in 0..2 * limits::HISTORY_PAGE {
        world.write(MARCO, message("and more"));
    }
    world.deliver();
    // A newcomer has the newest page only, until the older ones are looked for.
    let newcomer = join(&mut world, operator(giulia()));
    while world.devices[newcomer].client.transcript().has_older() {
        world.tell(newcomer, Input::Older);
        world.deliver();
    }
    assert_eq!(
        view(&world.devices[newcomer].client),
        view(&world.devices[GIULIA].client),
        "after older pages"
    );
    let told = world.devices.iter().flat_map(|it| &it.seen_frames);
    let kinds: BTreeSet<_> = told
        .filter(|f| bears_on_a_view(f))
        .map(frame_kind)
        .collect();
    let wanted = ["welcome", "history", "entry", "receipt", "presence"].map(String::from);
    assert_eq!(
        kinds,
        BTreeSet::from(wanted),
        "frames of every kind were told"
    );
}
