//! What a shop can say of when it answers (SPEC, OU).

use protocol::{
    frame::ServerFrame,
    outlook::{Floor, Outlook},
    relay::conversation::{Effect, Input},
    time::Timestamp,
};

use crate::{
    cast::{giulia, marco, operator, visitor},
    desk::{Desk, told},
};

fn closed(opens_at: u64) -> Floor {
    Floor {
        duty: vec![],
        outlook: Outlook {
            opens_at: Some(Timestamp(opens_at)),
        },
    }
}

fn opens_at(frames: &[&ServerFrame]) -> Vec<Option<Timestamp>> {
    let presence = |frame: &&ServerFrame| match frame {
        ServerFrame::Presence(presence) => Some(presence.outlook.opens_at),
        _ => None,
    };
    frames.iter().filter_map(presence).collect()
}

#[test]
fn ou1_when_it_opens_is_told_while_nobody_is_there() {
    let opens = Some(Timestamp(7));
    let floor = |duty| Floor::of::<()>(duty, || Ok(opens)).unwrap();
    assert_eq!(floor(vec![]).outlook.opens_at, opens);
    assert_eq!(floor(vec![giulia()]), vec![giulia()].into());
    let pointless = Floor::of(vec![giulia()], || Err("nobody asks"));
    assert!(pointless.is_ok());
}

#[test]
fn ou2_visitors_are_told_the_outlook_when_it_changes() {
    let (mut desk, shopper) = Desk::with_visitor();
    let marcos = desk.enter(operator(marco()));
    let effects = desk.handle(Input::Projected(closed(7)));
    assert_eq!(opens_at(&told(&effects, shopper)), [Some(Timestamp(7))]);
    assert_eq!(told(&effects, marcos), Vec::<&ServerFrame>::new());
    assert_eq!(desk.handle(Input::Duty(closed(7))), [], "that is known");
    let effects = desk.handle(Input::Duty(closed(8)));
    assert_eq!(opens_at(&told(&effects, shopper)), [Some(Timestamp(8))]);
    let effects = desk.handle(Input::Duty(vec![giulia()].into()));
    assert_eq!(
        opens_at(&told(&effects, shopper)),
        [None],
        "once, with who came"
    );
    assert_eq!(opens_at(&told(&effects, marcos)), [None]);
    // Whoever comes meets it in the welcome, as long as the memory lasts.
    desk.handle(Input::Duty(closed(9)));
    let welcome = |effects: &[Effect], id| match told(effects, id).first() {
        Some(ServerFrame::Welcome(welcome)) => welcome.presence.outlook.opens_at,
        other => panic!("a welcome, not {other:?}"),
    };
    let second = desk.open(None);
    let effects = desk.hello(second, visitor(), None);
    assert_eq!(welcome(&effects, second), Some(Timestamp(9)));
    desk.forget([]);
    let third = desk.open(None);
    let effects = desk.hello(third, visitor(), None);
    assert_eq!(welcome(&effects, third), None);
}
