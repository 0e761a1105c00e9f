//! What a draft becomes, and who is told of it (SPEC, RL 2 to 8 and 11).

use protocol::{
    close::CloseCode,
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, OperatorCard},
    frame::{ClientFrame, Refusal, ServerFrame, Span},
    id::{MessageId, SessionId},
    limits,
    message::Draft,
    relay::{
        conversation::{Answer, Effect, Input, Request},
        session::{Session, State},
        storage::Storage,
    },
    time::Millis,
};

use crate::{
    cast::{START, draft, giulia, marco, message, name, note, operator, visitor},
    desk::{
        Desk, attached, closes, filled, places, told, told_entries, told_history, told_refusals,
    },
};

#[test]
fn rl2_places_are_dense_and_the_same_for_everybody() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let effects = desk.send(shopper, draft(1));
    assert_eq!(
        (
            told_entries(&effects, shopper),
            told_entries(&effects, giulias)
        ),
        (vec![(0, 1)], vec![(0, 1)])
    );
    let effects = desk.send(giulias, draft(2));
    assert_eq!(
        (
            told_entries(&effects, shopper),
            told_entries(&effects, giulias)
        ),
        (vec![(1, 2)], vec![(1, 2)])
    );
    desk.forget([]);
    let shopper = desk.enter(visitor());
    assert_eq!(
        told_entries(&desk.send(shopper, draft(3)), shopper),
        [(2, 3)],
        "also after waking"
    );
    assert_eq!(places(&desk.disk.entries), [1, 2, 3]);
}

#[test]
fn rl3_a_fault_tells_nobody_anything() {
    // Whichever call of a send fails, there is no effect at all, and a fresh memory with the old disk does it right.
    for calls in 0.. {
        let (mut desk, shopper) = Desk::with_visitor();
        let before = desk.disk.savepoint();
        desk.disk.fails_after.set(Some(calls));
        let outcome = desk.relay.handle(
            desk.now,
            Input::Frame(shopper, ClientFrame::Send(draft(1))),
            &mut desk.disk,
        );
        if desk.disk.fails_after.take().is_some() {
            assert!(calls >= 1, "a send writes");
            assert_eq!(told_entries(&outcome.unwrap(), shopper), [(0, 1)]);
            break;
        }
        assert_eq!(desk.disk.rows(), 0, "there is nothing to take back");
        assert!(outcome.is_err());
        desk.disk.go_back(before);
        desk.forget([]);
        let shopper = desk.enter(visitor());
        assert_eq!(
            told_entries(&desk.send(shopper, draft(1)), shopper),
            [(0, 1)]
        );
    }
}

#[test]
fn rl3_whatever_is_told_is_on_the_disk() {
    let (mut desk, shopper) = Desk::with_visitor();
    for n in 1..=3 {
        for effect in desk.send(shopper, draft(n)) {
            if let Effect::Send(_, ServerFrame::Entry { entry, .. }) = effect {
                assert_eq!(desk.disk.find(entry.id), Ok(Some(entry)));
            }
        }
    }
    assert_eq!(desk.disk.entries.len(), 3);
}

#[test]
fn rl4_a_repeated_send_is_answered_once() {
    let (mut desk, shopper) = Desk::with_visitor();
    let phone = desk.enter(visitor());
    let first = desk.send(shopper, draft(1));
    assert_eq!(told_entries(&first, phone), [(0, 1)]);
    desk.send(shopper, draft(2));
    desk.now = desk.now + Millis::seconds(60);
    let again = desk.send(shopper, draft(1));
    assert_eq!(
        told(&again, shopper),
        told(&first, shopper),
        "the same answer, with its first place and time"
    );
    assert_eq!(
        told(&again, phone),
        Vec::<&ServerFrame>::new(),
        "and only to who asked"
    );
    let added = again.iter().any(|effect| matches!(effect, Effect::Added));
    assert!(!added && desk.disk.entries.len() == 2, "nothing is new");
}

#[test]
fn rl4_an_operator_who_was_renamed_is_the_same_author() {
    let (mut desk, _) = Desk::with_visitor();
    let before = desk.enter(operator(giulia()));
    desk.send(before, draft(1));
    let after = desk.enter(operator(OperatorCard {
        name: "Giulia B.".into(),
        ..giulia()
    }));
    assert_eq!(told_entries(&desk.send(after, draft(1)), after), [(0, 1)]);
}

#[test]
fn rl5_the_same_name_with_other_words_or_of_another_author_is_a_conflict() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    let conflict = vec![(Some(name(1)), Refusal::Conflict, None)];
    assert_eq!(
        told_refusals(&desk.say(shopper, 1, message("other words")), shopper),
        conflict
    );
    assert_eq!(
        told_refusals(&desk.send(giulias, draft(1)), giulias),
        conflict
    );
    assert_eq!(desk.disk.entries.len(), 1);
}

#[test]
fn rl6_each_may_write_what_is_theirs_within_the_limits() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let longest = "🛍".repeat(limits::TEXT_MAX);
    let too_long = longest.clone() + "!";
    let long = Some(limits::TEXT_MAX as u64);
    let set = Content::Status {
        status: Status::Resolved,
    };
    let assigned = Content::Assigned { to: Some(marco()) };
    let to = |name: String| Content::Assigned {
        to: Some(OperatorCard { name, ..marco() }),
    };
    let longest_name = "è".repeat(limits::NAME_MAX);
    let long_name = Some(limits::NAME_MAX as u64);
    for (id, content, refusal) in [
        (shopper, message(longest.clone()), None),
        (
            shopper,
            message(too_long.clone()),
            Some((Refusal::TooLong, long)),
        ),
        (
            shopper,
            message(" \n\t\u{a0}"),
            Some((Refusal::Empty, None)),
        ),
        (shopper, note("a note"), Some((Refusal::Forbidden, None))),
        (shopper, set.clone(), Some((Refusal::Forbidden, None))),
        (shopper, assigned.clone(), Some((Refusal::Forbidden, None))),
        (shopper, Content::Unknown, Some((Refusal::Malformed, None))),
        (giulias, message("hello"), None),
        (giulias, note(longest), None),
        (giulias, note(too_long), Some((Refusal::TooLong, long))),
        (giulias, note(""), Some((Refusal::Empty, None))),
        (giulias, set, None),
        (giulias, assigned, None),
        (giulias, to(longest_name.clone()), None),
        (
            giulias,
            to(longest_name + "!"),
            Some((Refusal::TooLong, long_name)),
        ),
        (giulias, Content::Unknown, Some((Refusal::Malformed, None))),
    ] {
        let stored = desk.disk.entries.len();
        let n = 100 + stored as u64;
        let effects = desk.say(id, n, content.clone());
        let wanted: Vec<_> = refusal
            .into_iter()
            .map(|(code, limit)| (Some(name(n)), code, limit))
            .collect();
        assert_eq!(told_refusals(&effects, id), wanted, "{content:.40?}");
        assert_eq!(
            desk.disk.entries.len(),
            stored + usize::from(refusal.is_none())
        );
    }
}

#[test]
fn rl7_a_visitor_never_meets_an_internal_entry() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    for (n, content) in [
        (2, note("between us")),
        (3, Content::Assigned { to: Some(giulia()) }),
    ] {
        let effects = desk.say(giulias, n, content);
        assert_eq!(told_entries(&effects, giulias), [(n - 1, n)]);
        assert_eq!(told(&effects, shopper), Vec::<&ServerFrame>::new());
    }
    let effects = desk.send(giulias, draft(4));
    assert_eq!(
        (
            told_entries(&effects, giulias),
            told_entries(&effects, shopper)
        ),
        (vec![(3, 4)], vec![(1, 4)])
    );
    assert_eq!(
        told_entries(&desk.send(giulias, draft(4)), giulias),
        [(3, 4)],
        "also when it is asked again"
    );
    let page = desk.frame(shopper, ClientFrame::History(Span::Newest));
    assert_eq!(places(&told_history(&page, shopper).entries), [1, 4]);
    let page = desk.entries(&visitor(), None, Span::After(Seq(1)));
    assert_eq!((places(&page.entries), page.previous), (vec![4], Seq(1)));
    let page = desk.entries(&operator(marco()), None, Span::Newest);
    assert_eq!(places(&page.entries), [1, 2, 3, 4]);
    desk.say(giulias, 5, note("between us"));
    let (answer, _) = desk.ask(&visitor(), Request::Send(draft(6))).unwrap();
    assert!(
        matches!(answer, Answer::Stored(stored) if (stored.previous, stored.entry.seq) == (Seq(4), Seq(6)))
    );
}

/// A session whose first draft was refused for now, because it came too soon.
fn held(desk: &mut Desk, n: u64) -> SessionId {
    let id = SessionId(9);
    let state = State::Live {
        principal: visitor(),
        held: Some(name(n)),
        page: None,
        heard: START,
        lapsed: false,
        receipt: None,
    };
    desk.forget([Session { id, state }]);
    id
}

#[test]
fn rl8_drafts_behind_one_that_is_held_are_held_with_it() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    for n in [2, 3] {
        assert_eq!(
            told_refusals(&desk.send(shopper, draft(n)), shopper),
            [(Some(name(n)), Refusal::Held, None)]
        );
    }
    let effects = desk.send(shopper, draft(1));
    assert_eq!(told_entries(&effects, shopper), [(0, 1)]);
    let kept = attached(&effects).expect("what is not held any more is kept with the socket");
    assert!(matches!(kept.state, State::Live { held: None, .. }));
    for n in [2, 3] {
        assert_eq!(
            told_entries(&desk.send(shopper, draft(n)), shopper),
            [(n - 1, n)]
        );
    }
}

#[test]
fn rl8_a_held_draft_that_is_refused_for_good_holds_nobody() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    assert_eq!(
        told_refusals(&desk.say(shopper, 1, message("")), shopper).len(),
        1
    );
    assert_eq!(
        told_entries(&desk.send(shopper, draft(2)), shopper),
        [(0, 1)]
    );
}

#[test]
fn rl8_a_held_draft_that_came_on_another_way_ends_the_socket() {
    let (mut desk, _) = Desk::with_visitor();
    let shopper = held(&mut desk, 1);
    let giulias = desk.enter(operator(giulia()));
    let phone = desk.enter(visitor());
    desk.send(phone, draft(1));
    let effects = desk.send(shopper, draft(2));
    assert_eq!(closes(&effects), [(shopper, CloseCode::Stale)]);
    assert_eq!(
        told(&effects, giulias).len(),
        2,
        "typing and presence, as when it goes by itself"
    );
    assert_eq!(
        desk.disk.entries.len(),
        1,
        "a new socket begins with the right one"
    );
}

#[test]
fn rl11_a_visitor_who_writes_opens_a_resolved_conversation_again() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    desk.send(shopper, draft(1));
    desk.say(
        giulias,
        2,
        Content::Status {
            status: Status::Resolved,
        },
    );
    desk.send(giulias, draft(3));
    assert_eq!(
        desk.summary().status,
        Status::Resolved,
        "an operator's words leave it"
    );
    // The name beside the message's own is taken.
    let mut beside = *name(4).as_bytes();
    beside[15] ^= 1;
    desk.send(
        giulias,
        Draft {
            id: MessageId::from_bytes(beside),
            content: note("in the way"),
        },
    );
    let effects = desk.send(shopper, draft(4));
    assert_eq!(told_entries(&effects, giulias), [(4, 5), (5, 6)]);
    assert_eq!(told_entries(&effects, shopper), [(3, 5), (5, 6)]);
    let reopened = desk.disk.entries.last().unwrap();
    assert_eq!(
        (&reopened.author, &reopened.content),
        (
            &Author::System,
            &Content::Status {
                status: Status::Open
            }
        )
    );
    assert_eq!(
        told_entries(&desk.send(shopper, draft(4)), shopper),
        [(3, 5)],
        "asked again it opens nothing"
    );
    desk.send(shopper, draft(5));
    assert_eq!(desk.disk.entries.len(), 7);
    assert_eq!(desk.summary().status, Status::Open);
}

#[test]
fn rl11_without_a_free_name_beside_it_a_message_needs_another() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    for salt in 1..=u8::MAX {
        let mut beside = *name(1).as_bytes();
        beside[15] ^= salt;
        let id = MessageId::from_bytes(beside);
        let content = message("in the way");
        desk.send(shopper, Draft { id, content });
    }
    let resolved = Content::Status {
        status: Status::Resolved,
    };
    desk.say(giulias, 1_000, resolved);
    let stored = desk.disk.entries.len();
    assert_eq!(
        told_refusals(&desk.send(shopper, draft(1)), shopper),
        [(Some(name(1)), Refusal::Conflict, None)]
    );
    assert_eq!(desk.disk.entries.len(), stored, "all of it or nothing");
    desk.send(shopper, draft(2_000));
    assert_eq!(desk.summary().status, Status::Open);
}

#[test]
fn rl11_the_status_is_asked_of_the_storage_once() {
    let (mut desk, shopper) = filled(10);
    let asked = desk.disk.standings.get();
    for n in 11..=50 {
        desk.send(shopper, draft(n));
    }
    assert_eq!(
        (asked, desk.disk.standings.get()),
        (1, 1),
        "not once per message: it reads much of the transcript"
    );
}
