//! Any row of events at a client: no panic, what it shows is in order, a draft is in its outbox once and on the device as long as it
//! is there, nothing but a hello goes on a socket that was not welcomed, and a timer that rang is not due again.

use std::collections::BTreeSet;

use protocol::{
    client::{
        Client, Effect, Input,
        link::{Credential, State},
    },
    close::Comeback,
    frame::ClientFrame,
    id::MessageId,
    time::Timestamp,
};

use crate::given::{Given, START};

/// Events of the longest story.
const EVENTS: usize = 200;

/// Rings at one moment: one for each thing that can be due, and some more.
const RINGS: usize = 10;

/// Takes the bytes as choices.
pub fn take(bytes: &[u8]) {
    let mut given = Given::new(bytes);
    let credential = match given.below(3) {
        0 => Credential::Ambient,
        1 => Credential::Token(None),
        _ => Credential::Token(Some("token".into())),
    };
    let kept = given.some(4, Given::draft);
    let mut device: BTreeSet<MessageId> = kept.iter().map(|draft| draft.id).collect();
    let mut client = Client::new(START, credential, kept, given.number());
    let mut now = START;
    for _ in 0..EVENTS {
        if given.is_over() {
            break;
        }
        now = given.after(now);
        let input = input(&mut given);
        // A new name is new: the shell mints it.
        if matches!(input, Input::Retry(_, again) if device.contains(&again)) {
            continue;
        }
        let rings = matches!(input, Input::Timer);
        let effects = client.handle(now, input);
        follow(&client, &effects, &mut device);
        if rings {
            ring(&mut client, now, &mut device);
        }
    }
}

/// Rings as long as something is due.
fn ring(client: &mut Client, now: Timestamp, device: &mut BTreeSet<MessageId>) {
    for _ in 0..RINGS {
        if client.next_deadline().is_none_or(|due| due > now) {
            return;
        }
        let effects = client.handle(now, Input::Timer);
        follow(client, &effects, device);
    }
    panic!("a timer is due for ever: {client:?}");
}

fn follow(client: &Client, effects: &[Effect], device: &mut BTreeSet<MessageId>) {
    let mut takes_leave = false;
    for effect in effects {
        match effect {
            Effect::Keep(draft) => {
                device.insert(draft.id);
            }
            Effect::Forget(id) => {
                device.remove(id);
            }
            Effect::Farewell => takes_leave = true,
            Effect::Transmit(ClientFrame::Hello(_)) => {}
            Effect::Transmit(frame) => {
                let live = matches!(client.link(), State::Live(_));
                assert!(live || takes_leave, "{frame:?} before the welcome");
            }
            Effect::Connect(_) | Effect::Disconnect(_) | Effect::Ping | Effect::Renew => {}
        }
    }
    judge(client, device);
}

fn judge(client: &Client, device: &BTreeSet<MessageId>) {
    let entries = client.transcript().entries();
    for (one, next) in entries.iter().zip(entries.iter().skip(1)) {
        assert!(one.seq < next.seq, "{:?} before {:?}", one.seq, next.seq);
    }
    if let Some(newest) = entries.back() {
        assert_eq!(newest.seq, client.transcript().last());
    }
    let outgoing = client.outbox().outgoing();
    let names: BTreeSet<_> = outgoing.iter().map(|it| it.draft.id).collect();
    assert_eq!(names.len(), outgoing.len(), "a draft is in the outbox once");
    assert!(
        names.is_subset(device),
        "what is in the outbox is on the device"
    );
}

fn input(given: &mut Given<'_>) -> Input {
    match given.below(32) {
        0 | 1 => Input::Want,
        2 => Input::Rest,
        3..=5 => Input::Timer,
        6 | 7 => Input::Opened,
        8 => Input::Closed(given.maybe(|it| match it.below(4) {
            0 => 1006,
            1 => 4001,
            2 => 4100,
            _ => 4200,
        })),
        9 => Input::Pong,
        10 => Input::Token(match given.below(4) {
            0 => Err(Comeback::Later),
            1 => Err(Comeback::WithToken),
            2 => Err(Comeback::Never),
            _ => Ok("token".into()),
        }),
        11..=13 => Input::Send(given.draft()),
        14 => Input::Retry(given.id(), given.id()),
        15 => Input::Discard(given.id()),
        16 => Input::Typing(given.yes()),
        17 => Input::Seen(given.seq()),
        18 => Input::Older,
        19 => Input::Page(given.page()),
        20 => Input::Online,
        21 => match given.below(4) {
            0 => Input::Hidden,
            1 => Input::Shown,
            2 => Input::Thawed,
            _ => Input::Leaving,
        },
        _ => Input::Frame(given.server_frame()),
    }
}
