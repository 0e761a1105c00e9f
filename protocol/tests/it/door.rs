//! The door through which sockets are opened (SPEC, RL33).

use protocol::{
    api::{Carried, Exchange},
    cursor::{Epoch, Seq},
    limits,
    relay::door::Door,
    time::{Millis, Timestamp},
};

const START: Timestamp = Timestamp(1_000_000);

fn full() -> Door {
    let mut door = Door::default();
    for _ in 0..limits::OPENING_AT_ONCE {
        assert!(door.enters(START));
    }
    assert!(!door.enters(START));
    door
}

#[test]
fn rl33_so_many_are_let_in_side_by_side_and_the_next_when_one_is_done() {
    let mut door = full();
    door.left(START);
    assert!(door.enters(START));
    assert!(!door.enters(START), "one went for one");
    door.left(START + Millis(1));
    assert!(!door.enters(START), "nobody entered then");
}

#[test]
fn rl33_an_exchange_that_begins_waits_for_nothing() {
    let asked = |carried| Exchange {
        frames: vec![],
        carried,
    };
    let carried = Carried {
        epoch: Epoch(1),
        seq: Seq(2),
        read: 0,
        held: None,
    };
    let (first, next) = (asked(None), asked(Some(carried)));
    assert_eq!((first.begins(), first.patience(20_000)), (true, 0));
    assert_eq!((next.begins(), next.patience(20_000)), (false, 20_000));
}

#[test]
fn rl33_who_never_leaves_keeps_nobody_out_for_long() {
    for later in [
        START + limits::OPENING_MAX,
        Timestamp(START.0 - limits::OPENING_MAX.0),
    ] {
        let mut door = full();
        assert!(door.enters(later));
        door.left(START);
        for _ in 1..limits::OPENING_AT_ONCE {
            assert!(door.enters(later), "all have gone");
        }
        assert!(!door.enters(later));
    }
}
