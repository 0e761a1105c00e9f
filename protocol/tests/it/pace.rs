//! How fast a visitor may write, and how much anybody is told who does not listen (SPEC, RL 18, 19 and 23).

use protocol::{
    close::CloseCode,
    frame::{Refusal, Refused, ServerFrame},
    id::SessionId,
    limits,
    relay::{
        admission::Admission,
        conversation::{Conversation, Failure, Input, Request},
        pace::Pace,
    },
    time::{Millis, Timestamp},
};

use crate::{
    cast::{self, draft, giulia, operator, visitor},
    desk::{Desk, closes, filled, told, told_entries},
};

/// A conversation in which visitors are held to their pace.
fn human() -> (Desk, SessionId) {
    let mut desk = Desk::new();
    wake(&mut desk);
    let shopper = desk.enter(visitor());
    (desk, shopper)
}

fn wake(desk: &mut Desk) {
    desk.relay = Conversation::wake(cast::conversation(), []).at_pace(Pace::Human);
}

/// Sends a draft; how long to wait, when it came too soon.
fn send(desk: &mut Desk, shopper: SessionId, n: u64) -> Option<Millis> {
    let effects = desk.send(shopper, draft(n));
    match told(&effects, shopper)[..] {
        [ServerFrame::Entry { .. }] => None,
        [
            ServerFrame::Refused(Refused {
                code: Refusal::RateLimited,
                retry_after_ms: Some(wait),
                ..
            }),
        ] => Some(Millis(*wait)),
        ref other => panic!("an entry or a wait, not {other:?}"),
    }
}

#[test]
fn rl18_a_visitor_has_a_burst_and_then_a_message_a_second() {
    let (mut desk, shopper) = human();
    for n in 1..=limits::PACE_BURST {
        assert_eq!(send(&mut desk, shopper, n), None, "message {n}");
    }
    let next = limits::PACE_BURST + 1;
    assert_eq!(send(&mut desk, shopper, next), Some(limits::PACE_EVERY));
    desk.now = desk.now + Millis(400);
    assert_eq!(send(&mut desk, shopper, next), Some(Millis(600)));
    desk.now = desk.now + Millis(600);
    assert_eq!(send(&mut desk, shopper, next), None, "as it was told");
    assert_eq!(send(&mut desk, shopper, next + 1), Some(limits::PACE_EVERY));
    // The operator answers as fast as they like.
    let giulias = desk.enter(operator(giulia()));
    for n in 100..200 {
        assert_eq!(
            told_entries(&desk.send(giulias, draft(n)), giulias).len(),
            1
        );
    }
}

#[test]
fn rl18_what_is_stored_is_answered_and_costs_nothing() {
    let (mut desk, shopper) = human();
    for n in 1..=limits::PACE_BURST {
        send(&mut desk, shopper, n);
    }
    for _ in 0..3 {
        assert_eq!(send(&mut desk, shopper, 1), None, "its own entry");
    }
    desk.now = desk.now + limits::PACE_EVERY;
    assert_eq!(send(&mut desk, shopper, 99), None);
}

#[test]
fn rl18_who_does_not_stop_has_sixty_in_ten_minutes() {
    let (mut desk, shopper) = human();
    let mut stored = 0;
    let end = desk.now + Millis::seconds(600);
    let most = limits::PACE_LONG_BURST + 600_000 / limits::PACE_LONG_EVERY.0;
    let mut n = 0;
    while desk.now < end {
        n += 1;
        match send(&mut desk, shopper, n) {
            None => stored += 1,
            Some(wait) => {
                assert!(wait > Millis(0), "a wait that is none");
                n -= 1;
                desk.now = desk.now + wait;
            }
        }
        assert!(stored <= most, "more than {most} in ten minutes");
    }
    assert!(
        stored >= limits::PACE_LONG_BURST,
        "only {stored} messages in ten minutes"
    );
}

#[test]
fn rl18_a_lost_memory_gives_nobody_a_new_burst() {
    let (mut desk, shopper) = human();
    for n in 1..=limits::PACE_BURST {
        send(&mut desk, shopper, n);
    }
    wake(&mut desk);
    let shopper = desk.enter(visitor());
    assert_eq!(send(&mut desk, shopper, 99), Some(limits::PACE_EVERY));
    // Nor does HTTPS, and who waits as told is let in.
    let failure = desk.ask(&visitor(), Request::Send(draft(99))).unwrap_err();
    let Failure::Refused(refused) = failure else {
        panic!("a refusal, not {failure:?}")
    };
    assert_eq!(refused.retry_after_ms, Some(limits::PACE_EVERY.0));
    desk.now = desk.now + limits::PACE_EVERY;
    assert_eq!(send(&mut desk, shopper, 99), None);
}

#[test]
fn rl18_a_clock_set_back_locks_nobody_out() {
    let (mut desk, shopper) = human();
    send(&mut desk, shopper, 1);
    desk.now = Timestamp(desk.now.0 - 3_600_000);
    let mut waited = Millis(0);
    for n in 2..=20 {
        while let Some(wait) = send(&mut desk, shopper, n) {
            desk.now = desk.now + wait;
            waited = Millis(waited.0 + wait.0);
        }
    }
    let most = 20 * limits::PACE_EVERY.0 + limits::PACE_LONG_BURST * limits::PACE_LONG_EVERY.0;
    assert!(waited.0 <= most, "waited {} ms", waited.0);
}

#[test]
fn rl19_who_does_not_listen_is_closed_as_if_they_had_gone() {
    let (mut desk, shopper) = filled(1);
    let giulias = desk.enter(operator(giulia()));
    let effects = desk.handle(Input::Deaf(shopper));
    assert_eq!(closes(&effects), [(shopper, CloseCode::Deaf)]);
    let absent = told(&effects, giulias)
        .into_iter()
        .any(|frame| matches!(frame, ServerFrame::Presence(presence) if !presence.visitor));
    assert!(absent, "the others are told");
    assert!(
        told(&desk.send(giulias, draft(2)), shopper).is_empty(),
        "nothing more is told to it"
    );
}

#[test]
fn rl23_new_visitors_are_so_many_and_no_more() {
    let mut door = Admission::default();
    let mut now = cast::START;
    // Whoever comes from one place does not use up what is the shop's.
    for n in 0..limits::ADMIT_PLACE_BURST {
        assert_eq!(door.admit(now, Some("here")), Ok(()), "visitor {n}");
    }
    assert_eq!(
        door.admit(now, Some("here")),
        Err(limits::ADMIT_PLACE_EVERY)
    );
    assert_eq!(door.admit(now, Some("there")), Ok(()));
    now = now + limits::ADMIT_PLACE_EVERY;
    assert_eq!(door.admit(now, Some("here")), Ok(()), "as was told");
    // Nor does it help to come from everywhere.
    let mut door = Admission::default();
    let mut place = 0;
    let mut admitted = 0;
    while door.admit(now, Some(&format!("place {place}"))) == Ok(()) {
        place += 1;
        admitted += 1;
    }
    assert_eq!(admitted, limits::ADMIT_BURST);
    assert_eq!(door.admit(now, None), Err(limits::ADMIT_EVERY));
    now = now + limits::ADMIT_EVERY;
    assert_eq!(door.admit(now, None), Ok(()));
}

#[test]
fn rl23_the_memory_of_places_is_bounded() {
    let mut door = Admission::default();
    let mut now = cast::START;
    for n in 0..3 * limits::ADMIT_PLACES {
        now = now + limits::ADMIT_EVERY;
        assert_eq!(door.admit(now, Some(&n.to_string())), Ok(()));
    }
    assert!(format!("{door:?}").matches("Bucket").count() <= limits::ADMIT_PLACES + 1);
}
