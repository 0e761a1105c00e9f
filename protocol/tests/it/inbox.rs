//! The inboxes of a shop (SPEC, IN).

use protocol::{
    close::CloseCode,
    conversation::{Status, Summary},
    cursor::Seq,
    frame::{InboxClientFrame, InboxServerFrame},
    id::{SessionId, VisitorId},
    limits,
    relay::inbox::{Assignee, Effect, Filter, Inbox, Input},
    time::Millis,
    version::VersionRange,
};

use crate::cast::{self, giulia, marco};

fn hello() -> Option<InboxClientFrame> {
    Some(InboxClientFrame::Hello {
        version: VersionRange::OURS,
    })
}

fn open(inbox: &mut Inbox, card: protocol::entry::OperatorCard) -> (SessionId, Vec<Effect>) {
    let id = inbox.free_session();
    inbox.handle(cast::START, Input::Opened(id, card));
    (id, inbox.handle(cast::START, Input::Frame(id, hello())))
}

fn summary() -> Summary {
    Summary {
        id: cast::conversation(),
        visitor: VisitorId::mint(cast::START, [2; 10]),
        person: None,
        status: Status::Open,
        assignee: None,
        last: None,
        head: Seq(1),
        unread: 1,
        waiting_since: Some(cast::START),
        visitor_present: true,
        page: None,
        opened_at: cast::START,
        updated_at: cast::START,
    }
}

#[test]
fn in1_a_hello_is_answered_by_a_welcome() {
    let mut inbox = Inbox::default();
    let (id, effects) = open(&mut inbox, giulia());
    let welcome = InboxServerFrame::Welcome {
        version: 1,
        you: giulia(),
        duty: vec![giulia()],
    };
    assert!(effects.contains(&Effect::Send(vec![id], welcome)));
    let old = Some(InboxClientFrame::Hello {
        version: VersionRange {
            oldest: 0,
            newest: 0,
        },
    });
    let id = inbox.free_session();
    inbox.handle(cast::START, Input::Opened(id, marco()));
    assert_eq!(
        inbox.handle(cast::START, Input::Frame(id, old)),
        [Effect::Close(id, CloseCode::TooOld)]
    );
}

#[test]
fn in2_who_is_on_duty_is_told_when_it_changes_each_once() {
    let mut inbox = Inbox::default();
    let (first, effects) = open(&mut inbox, giulia());
    assert_eq!(effects.last(), Some(&Effect::Announce(vec![giulia()])));
    let (second, effects) = open(&mut inbox, giulia());
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Announce(_))),
        "she is there already"
    );
    let (third, effects) = open(&mut inbox, marco());
    let duty = vec![giulia(), marco()];
    let all = Effect::Send(
        vec![first, second, third],
        InboxServerFrame::Duty { duty: duty.clone() },
    );
    assert_eq!(effects[effects.len() - 2..], [all, Effect::Announce(duty)]);
    assert_eq!(inbox.handle(cast::START, Input::Closed(first)), []);
    assert_eq!(inbox.handle(cast::START, Input::Closed(second)).len(), 2);
    assert_eq!(
        inbox.handle(cast::START, Input::Closed(third)),
        [Effect::Announce(vec![])],
        "nobody is left to tell"
    );
}

#[test]
fn in3_a_change_is_told_to_every_inbox_that_was_welcomed() {
    let mut inbox = Inbox::default();
    assert_eq!(
        inbox.handle(cast::START, Input::Changed(Box::new(summary()))),
        []
    );
    let (id, _) = open(&mut inbox, giulia());
    let waiting = inbox.free_session();
    inbox.handle(cast::START, Input::Opened(waiting, marco()));
    let told = Effect::Send(vec![id], InboxServerFrame::Summary(Box::new(summary())));
    assert_eq!(
        inbox.handle(cast::START, Input::Changed(Box::new(summary()))),
        [told]
    );
}

#[test]
fn in4_a_filter_takes_a_status_and_an_assignee() {
    let of = |status, assignee| Filter { status, assignee }.fits(&summary());
    let assigned = Summary {
        assignee: Some(giulia()),
        ..summary()
    };
    let to = |assignee, summary| {
        Filter {
            status: None,
            assignee: Some(assignee),
        }
        .fits(summary)
    };
    assert!(of(None, None) && of(Some(Status::Open), None) && !of(Some(Status::Resolved), None));
    assert!(of(None, Some(Assignee::Nobody)) && !to(Assignee::Nobody, &assigned));
    assert!(to(Assignee::Operator(giulia().id), &assigned));
    assert!(!to(Assignee::Operator(marco().id), &assigned));
    assert!(!to(Assignee::Operator(giulia().id), &summary()));
}

#[test]
fn in5_an_inbox_says_hello_first_once_and_in_time() {
    let mut inbox = Inbox::default();
    let mut closed = |frames: &[Option<InboxClientFrame>]| {
        let id = inbox.free_session();
        inbox.handle(cast::START, Input::Opened(id, giulia()));
        let last = frames
            .iter()
            .map(|frame| inbox.handle(cast::START, Input::Frame(id, frame.clone())))
            .last();
        last.unwrap()
            .contains(&Effect::Close(id, CloseCode::OutOfTurn))
    };
    assert!(
        closed(&[None])
            && closed(&[Some(InboxClientFrame::Unknown)])
            && closed(&[hello(), hello()])
    );
    assert!(!closed(&[hello(), None]) && !closed(&[hello(), Some(InboxClientFrame::Unknown)]));

    let mut inbox = Inbox::default();
    let id = inbox.free_session();
    inbox.handle(cast::START, Input::Opened(id, giulia()));
    let late = inbox.next_deadline().unwrap();
    assert_eq!(late, cast::START + limits::GREETING);
    assert_eq!(
        inbox.handle(late, Input::Alarm(vec![])),
        [Effect::Close(id, CloseCode::Stale)]
    );
    assert_ne!(
        inbox.free_session(),
        id,
        "the event that it is gone is still to come"
    );
}

#[test]
fn in6_an_inbox_is_what_is_attached_to_its_socket() {
    let mut inbox = Inbox::default();
    let mut sessions = vec![];
    for effect in open(&mut inbox, giulia()).1 {
        if let Effect::Attach(session) = effect {
            sessions.push(session);
        }
    }
    let awake = Inbox::wake(sessions);
    assert_eq!(
        (awake.duty(), awake.free_session()),
        (inbox.duty(), inbox.free_session())
    );
}

#[test]
fn in7_an_operator_who_is_not_heard_is_not_on_duty() {
    let mut inbox = Inbox::default();
    let (giulias, _) = open(&mut inbox, giulia());
    let (marcos, effects) = open(&mut inbox, marco());
    let session = effects.iter().find_map(|effect| match effect {
        Effect::Attach(session) => Some(session.clone()),
        _ => None,
    });
    let pinged = cast::START + Millis::seconds(100);
    let pings = vec![(giulias, pinged)];
    let later = cast::START + limits::DUTY_LEASE;
    assert_eq!(inbox.next_deadline(), Some(later));
    let effects = inbox.handle(later, Input::Alarm(pings.clone()));
    assert_eq!(inbox.duty(), [giulia()]);
    assert!(effects.contains(&Effect::Announce(vec![giulia()])));
    assert_eq!(inbox.next_deadline(), Some(pinged + limits::DUTY_LEASE));
    assert_eq!(inbox.handle(later, Input::Alarm(pings)), []);
    // A sign of life brings Marco back.
    inbox.handle(later, Input::Frame(marcos, Some(InboxClientFrame::Unknown)));
    assert_eq!(inbox.duty(), [giulia(), marco()]);
    // Another memory counts from the welcome.
    let mut inbox = Inbox::wake(session);
    assert_eq!(inbox.duty(), [marco()]);
    inbox.handle(later, Input::Alarm(vec![]));
    assert_eq!(inbox.duty(), []);
}
