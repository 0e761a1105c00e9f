//! What the shop's list is told of a conversation, and when (SPEC, RL 14).

use protocol::{
    cursor::Seq,
    entry::Content,
    frame::{ClientFrame, Span},
    limits,
    relay::{conversation::Input, deadlines},
    time::Millis,
};

use crate::{
    cast::{draft, giulia, marco, message, note, operator, visitor},
    desk::{Desk, filled, projected},
};

#[test]
fn rl14_the_list_is_told_at_most_once_a_second_and_until_it_knows() {
    let (mut desk, shopper) = Desk::with_visitor();
    assert_eq!(desk.relay.next_deadline(), None, "nobody has written");
    desk.send(shopper, draft(1));
    assert_eq!(projected(&desk.ring()).unwrap().head, Seq(1));
    let first = desk.now;
    desk.send(shopper, draft(2));
    desk.handle(Input::Projected(vec![]));
    desk.send(shopper, draft(3));
    let effects = desk.ring();
    assert_eq!(
        (desk.now, projected(&effects).unwrap().head),
        (first + limits::PROJECTION_EVERY, Seq(3))
    );
    // The shop does not answer well, ever longer.
    let mut wait = limits::PROJECTION_RETRY;
    for _ in 0..12 {
        desk.handle(Input::ProjectionFailed);
        let failed = desk.now;
        assert!(projected(&desk.ring()).is_some());
        assert_eq!(desk.now, failed + wait);
        wait = Millis(wait.0 * 2).min(limits::PROJECTION_RETRY_MAX);
    }
    // Nor does it answer at all.
    let asked = desk.now;
    assert!(projected(&desk.ring()).is_some());
    assert_eq!(desk.now, asked + limits::PROJECTION_RETRY_MAX);
    desk.handle(Input::Projected(vec![]));
    assert_eq!(desk.relay.next_deadline(), None);
}

#[test]
fn rl14_a_summary_that_was_due_when_the_memory_went_is_told_by_the_alarm() {
    let (mut desk, shopper) = filled(1);
    let alarm = desk.relay.next_deadline().unwrap();
    desk.forget([]);
    // Something else comes before the alarm.
    desk.frame(shopper, ClientFrame::Typing { on: true });
    desk.entries(&visitor(), None, Span::Newest);
    assert_eq!(
        deadlines::move_alarm(Some(alarm), desk.relay.next_deadline()),
        None,
        "the alarm stays"
    );
    desk.now = alarm;
    assert!(projected(&desk.handle(Input::Alarm)).is_some());
}

#[test]
fn rl14_a_summary_says_what_the_transcript_amounts_to() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.say(shopper, 1, message("x".repeat(500)));
    desk.say(giulias, 2, Content::Assigned { to: Some(marco()) });
    let summary = desk.summary();
    assert_eq!(
        (summary.head, summary.unread, summary.waiting_since),
        (Seq(2), 1, Some(desk.now))
    );
    assert_eq!(
        (summary.assignee, summary.visitor_present),
        (Some(marco()), true)
    );
    assert_eq!(
        summary.last.unwrap().text.chars().count(),
        limits::LAST_WORDS_MAX
    );
    desk.say(giulias, 3, note("a note"));
    desk.frame(
        giulias,
        ClientFrame::Receipt {
            delivered: Seq(3),
            read: Seq(3),
        },
    );
    let summary = desk.summary();
    assert_eq!(
        (summary.unread, summary.last.map(|last| last.note)),
        (0, Some(true))
    );
}
