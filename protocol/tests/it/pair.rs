//! Both ends together on a network that behaves, until the story says otherwise (SPEC).

use protocol::{
    client::{self, link::State, outbox::Progress},
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content},
    frame::{Refusal, ServerFrame},
    limits,
    message::Draft,
    presence::Page,
    time::Millis,
};

use crate::{
    cast::{self, giulia, message, note, operator, visitor},
    world::World,
};

const SHOPPER: usize = 0;
const GIULIA: usize = 1;

/// A visitor and an operator who both have the conversation open.
fn meet() -> World {
    let mut world = World::new(1);
    for principal in [visitor(), operator(giulia())] {
        let device = world.add(principal);
        world.tell(device, client::Input::Want);
        world.deliver();
    }
    world
}

fn texts(world: &World, device: usize) -> Vec<&str> {
    world.devices[device]
        .client
        .transcript()
        .entries()
        .iter()
        .filter_map(|entry| entry.content.text())
        .collect()
}

fn lose(world: &mut World, device: usize) {
    let socket = world.devices[device].socket.expect("a socket");
    world.cut(socket);
    world.deliver();
}

fn silence(world: &mut World, device: usize) {
    let socket = world.devices[device].socket.expect("a socket");
    world.sockets[socket].dead = true;
}

fn is_live(world: &World, device: usize) -> bool {
    matches!(world.devices[device].client.link(), State::Live(_))
}

#[test]
fn rl2_a_word_and_an_answer() {
    let mut world = meet();
    world.write(SHOPPER, message("Is it still there?"));
    world.deliver();
    world.write(GIULIA, message("It is."));
    world.deliver();
    for device in [SHOPPER, GIULIA] {
        assert_eq!(texts(&world, device), ["Is it still there?", "It is."]);
    }
    assert_eq!(world.devices[SHOPPER].kept.len(), 0);
    assert_eq!(world.devices[SHOPPER].client.unread(), 1);
    world.tell(SHOPPER, client::Input::Seen(Seq(2)));
    world.deliver();
    assert_eq!(world.devices[GIULIA].client.read_by_others(), Seq(2));
}

#[test]
fn rl9_after_an_hour_away_everything_is_there_in_order() {
    let mut world = meet();
    world.write(SHOPPER, message("0"));
    world.deliver();
    silence(&mut world, SHOPPER);
    world.tell(SHOPPER, client::Input::Hidden);
    let count = 5 * limits::HISTORY_PAGE + 3;
    for n in 1..=count {
        world.write(GIULIA, message(n.to_string()));
        if n % 7 == 0 {
            world.write(GIULIA, note("between us"));
        }
    }
    world.pass(Millis::seconds(3_600));
    assert_eq!(texts(&world, SHOPPER), ["0"]);
    world.tell(SHOPPER, client::Input::Shown);
    // It goes on while the pages come.
    for _ in 0..20 {
        for socket in 0..world.sockets.len() {
            world.arrive_up(socket);
            world.arrive_down(socket);
        }
    }
    world.write(GIULIA, message("now"));
    world.write(SHOPPER, message("back"));
    world.deliver();
    let mut wanted: Vec<String> = (0..=count).map(|n| n.to_string()).collect();
    wanted.extend(["now".into(), "back".into()]);
    let mut shown: Vec<String> = texts(&world, SHOPPER).into_iter().map(Into::into).collect();
    // The last two were written at the same time, far from each other.
    let last = shown.len() - 2;
    if shown[last] == "back" {
        shown.swap(last, last + 1);
    }
    assert_eq!(shown, wanted);
    assert_eq!(world.devices[SHOPPER].kept.len(), 0);
}

#[test]
fn cl4_a_black_hole_costs_time_and_no_words() {
    let mut world = meet();
    silence(&mut world, SHOPPER);
    world.write(SHOPPER, message("hello?"));
    world.pass(Millis(
        limits::CONFIRM_WITHIN.0 + 2 * limits::BACKOFF_FIRST.0,
    ));
    assert_eq!(texts(&world, GIULIA), ["hello?"]);
    assert!(is_live(&world, SHOPPER));
}

#[test]
fn rl4_a_confirmation_that_was_lost_is_given_again() {
    let mut world = meet();
    world.write(SHOPPER, message("once"));
    let socket = world.devices[SHOPPER].socket.unwrap();
    world.arrive_up(socket);
    assert_eq!(world.disk.entries.len(), 1, "it is stored");
    silence(&mut world, SHOPPER);
    world.pass(Millis::seconds(30));
    assert_eq!(
        (world.disk.entries.len(), world.devices[SHOPPER].kept.len()),
        (1, 0)
    );
    assert_eq!(texts(&world, SHOPPER), ["once"]);
}

#[test]
fn rl5_a_conflict_is_shown_to_its_author() {
    let mut world = meet();
    let id = world.write(SHOPPER, message("these words"));
    world.deliver();
    world.tell(
        GIULIA,
        client::Input::Send(Draft {
            id,
            content: message("other words"),
        }),
    );
    world.deliver();
    let outgoing = world.devices[GIULIA].client.outbox().outgoing();
    assert_eq!(
        outgoing[0].progress,
        Progress::Refused {
            code: Refusal::Conflict,
            limit: None
        }
    );
    assert_eq!(texts(&world, SHOPPER), ["these words"]);
}

#[test]
fn rl8_a_limit_keeps_the_order_of_a_long_outbox() {
    let mut world = meet();
    let wanted: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    for text in &wanted {
        world.write(SHOPPER, message(text.clone()));
    }
    world.deliver();
    assert_eq!(
        world.disk.entries.len() as u64,
        limits::PACE_BURST,
        "nothing overtakes what is held"
    );
    world.pass(Millis(60 * limits::PACE_EVERY.0));
    assert_eq!(texts(&world, GIULIA), wanted);
    assert_eq!(world.devices[SHOPPER].kept.len(), 0);
}

#[test]
fn rl8_a_held_draft_that_another_tab_sent_blocks_nothing() {
    let mut world = meet();
    let first = world.write(SHOPPER, message("first"));
    let socket = world.devices[SHOPPER].socket.unwrap();
    world.hold(socket);
    let tab = world.add(visitor());
    world.tell(
        tab,
        client::Input::Send(Draft {
            id: first,
            content: message("first"),
        }),
    );
    world.deliver();
    world.write(SHOPPER, message("second"));
    world.pass(Millis::seconds(10));
    assert_eq!(texts(&world, GIULIA), ["first", "second"]);
    assert_eq!(world.devices[SHOPPER].kept.len(), 0);
}

#[test]
fn ob6_what_is_too_long_does_not_stop_what_follows() {
    let mut world = meet();
    world.write(SHOPPER, message("x".repeat(limits::TEXT_MAX + 1)));
    world.write(SHOPPER, message("short"));
    world.deliver();
    assert_eq!(texts(&world, GIULIA), ["short"]);
    assert!(matches!(
        world.devices[SHOPPER].client.outbox().outgoing()[0].progress,
        Progress::Refused {
            code: Refusal::TooLong,
            limit: Some(_)
        }
    ));
}

#[test]
fn cl10_a_token_that_expires_is_replaced_and_nobody_notices() {
    let mut world = meet();
    world.token += 1;
    lose(&mut world, SHOPPER);
    world.write(SHOPPER, message("still me"));
    world.pass(Millis::seconds(2));
    assert!(is_live(&world, SHOPPER));
    assert_eq!(texts(&world, GIULIA), ["still me"]);
}

#[test]
fn se5_a_conversation_that_slept_goes_on_with_the_sockets_it_had() {
    let mut world = meet();
    let sockets = world.sockets.len();
    for n in 0..5 {
        world.hibernate();
        world.write(n % 2, message(n.to_string()));
        world.deliver();
    }
    assert_eq!(texts(&world, SHOPPER), ["0", "1", "2", "3", "4"]);
    assert_eq!(texts(&world, GIULIA), texts(&world, SHOPPER));
    assert_eq!(world.sockets.len(), sockets, "nobody had to come back");
}

#[test]
fn rl7_notes_never_travel_to_a_visitor() {
    let mut world = meet();
    world.write(GIULIA, note("a regular"));
    world.write(GIULIA, message("Welcome back!"));
    world.deliver();
    lose(&mut world, SHOPPER);
    world.write(GIULIA, note("very regular"));
    world.pass(Millis::seconds(2));
    world.write(GIULIA, message("Still there?"));
    world.deliver();
    world.kill(SHOPPER);
    world.tell(SHOPPER, client::Input::Want);
    world.deliver();
    assert_eq!(texts(&world, SHOPPER), ["Welcome back!", "Still there?"]);
    let frames = format!("{:?}", world.devices[SHOPPER].seen_frames);
    assert!(!frames.contains("regular"), "{frames}");
}

#[test]
fn rl11_a_resolved_conversation_opens_for_both_when_the_visitor_writes() {
    let mut world = meet();
    world.write(SHOPPER, message("Thanks!"));
    world.deliver();
    world.write(
        GIULIA,
        Content::Status {
            status: Status::Resolved,
        },
    );
    world.deliver();
    assert_eq!(world.devices[SHOPPER].client.status(), Status::Resolved);
    lose(&mut world, GIULIA);
    world.hibernate();
    world.write(SHOPPER, message("One more thing"));
    world.pass(Millis::seconds(2));
    for device in [SHOPPER, GIULIA] {
        assert_eq!(world.devices[device].client.status(), Status::Open);
    }
    assert_eq!(
        world.listed.as_ref().map(|summary| summary.status),
        Some(Status::Open)
    );
    assert_eq!(world.disk.entries.len(), 4);
}

#[test]
fn rl12_presence_and_page_reach_operators() {
    let mut world = meet();
    let page = Page {
        url: "https://shop.example/moka".into(),
        title: "Moka".into(),
        facts: vec![],
    };
    world.tell(SHOPPER, client::Input::Page(page.clone()));
    world.deliver();
    let there = world.devices[GIULIA].client.presence();
    assert_eq!((there.visitor, there.page.as_ref()), (true, Some(&page)));
    assert_eq!(world.devices[SHOPPER].client.presence().page, None);
    world.tell(SHOPPER, client::Input::Rest);
    world.deliver();
    assert!(!world.devices[GIULIA].client.presence().visitor);
}

#[test]
fn cl17_typing_that_nobody_ends_ends_by_itself() {
    let mut world = meet();
    world.tell(GIULIA, client::Input::Typing(true));
    world.deliver();
    let typing = |world: &World| {
        world.devices[SHOPPER]
            .client
            .typing()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(typing(&world), [Author::Operator(giulia())]);
    silence(&mut world, GIULIA);
    world.pass(limits::TYPING_SHOWN);
    assert_eq!(typing(&world), []);
}

#[test]
fn ob2_a_tab_that_died_leaves_its_drafts_in_order() {
    let mut world = meet();
    lose(&mut world, SHOPPER);
    // The clock is set back between two drafts.
    world.write(SHOPPER, message("1"));
    world.devices[SHOPPER].clock -= 20_000;
    world.write(SHOPPER, message("2"));
    world.write(SHOPPER, message("3"));
    world.kill(SHOPPER);
    world.tell(SHOPPER, client::Input::Want);
    world.deliver();
    assert_eq!(texts(&world, GIULIA), ["1", "2", "3"]);
}

#[test]
fn cl15_an_older_copy_of_the_disk_takes_only_what_it_lacks() {
    let mut world = meet();
    world.write(SHOPPER, message("old"));
    world.deliver();
    let copy = world.disk.clone();
    world.write(SHOPPER, message("lost"));
    world.deliver();
    silence(&mut world, SHOPPER);
    world.write(SHOPPER, message("on its way"));
    world.restore(copy);
    world.pass(Millis::seconds(60));
    for device in [SHOPPER, GIULIA] {
        assert_eq!(texts(&world, device), ["old", "on its way"]);
    }
}

#[test]
fn rl3_a_disk_that_fails_costs_a_socket_and_no_words() {
    for calls in 0..8 {
        let mut world = meet();
        world.disk.fails_after.set(Some(calls));
        world.write(SHOPPER, message("through the fault"));
        world.deliver();
        world.pass(Millis::seconds(20));
        assert_eq!(texts(&world, GIULIA), ["through the fault"]);
        assert!(is_live(&world, SHOPPER) && is_live(&world, GIULIA));
        assert!(cast::START < world.now);
        let confirmed = |frame: &&ServerFrame| matches!(frame, ServerFrame::Entry { .. });
        assert!(
            world.devices[SHOPPER]
                .seen_frames
                .iter()
                .filter(confirmed)
                .count()
                <= 2
        );
    }
}
