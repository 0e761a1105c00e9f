//! What a person wrote, until it is stored (SPEC, OB).

use protocol::{
    client::{
        Effect, Input,
        link::{Credential, Way},
        outbox::Progress,
    },
    entry::Content,
    frame::{ClientFrame, Refusal},
    limits,
    message::Draft,
    time::{Millis, Timestamp},
};

use crate::{
    cast::{self, draft, message, name},
    end::{EPOCH, End, sends},
};

#[test]
fn ob1_a_draft_is_kept_before_it_is_sent() {
    let mut end = End::live();
    let effects = end.tell(Input::Send(draft(1)));
    assert_eq!(
        effects,
        [
            Effect::Keep(draft(1)),
            Effect::Transmit(ClientFrame::Send(draft(1)))
        ]
    );
    let mut end = End::visitor();
    assert_eq!(
        end.tell(Input::Send(draft(1))),
        [Effect::Keep(draft(1)), Effect::Connect(Way::Socket)]
    );
}

#[test]
fn ob2_drafts_leave_in_the_order_they_were_written() {
    let mut end = End::visitor();
    for n in [5, 1, 3] {
        end.tell(Input::Send(draft(n)));
    }
    assert_eq!(sends(&end.greet(0, EPOCH)), [name(5), name(1), name(3)]);
}

#[test]
fn ob2_names_keep_the_order_for_a_device_that_keeps_none() {
    let mut end = End::visitor();
    let mut ids = vec![];
    // The clock stands still, then is set back; chance gives ever smaller numbers.
    for (n, back) in (0..6_u8).zip([0, 0, 0, 90_000, 90_000, 90_000]) {
        let id = end
            .client
            .outbox()
            .mint(Timestamp(cast::START.0 - back), [250 - n; 10]);
        ids.push(id);
        end.tell(Input::Send(Draft {
            id,
            content: message("words"),
        }));
    }
    let kept = ids
        .iter()
        .rev()
        .map(|id| Draft {
            id: *id,
            content: message("words"),
        })
        .collect();
    assert_eq!(End::new(Credential::Ambient, kept, 1).ids(), ids);
}

#[test]
fn ob3_a_draft_is_forgotten_when_its_entry_is_told_and_not_before() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    end.tell(Input::Send(draft(2)));
    assert_eq!(end.entry(0, 1), [Effect::Forget(name(1))]);
    assert_eq!(
        end.history(1, &[2], false),
        [Effect::Forget(name(2))],
        "a page tells too"
    );
    assert_eq!(end.ids(), []);

    let mut end = End::live();
    end.tell(Input::Send(draft(3)));
    let effects = end.entry(2, 3);
    assert!(
        !effects.contains(&Effect::Forget(name(3))),
        "it would be shown nowhere while the hole lasts"
    );
    assert_eq!(end.history(0, &[1, 2, 3], false), [Effect::Forget(name(3))]);
}

#[test]
fn ob4_a_refusal_that_passes_pauses_the_whole_outbox() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(1, Refusal::RateLimited, Some(5_000));
    end.refuse(2, Refusal::Held, None);
    end.refuse(3, Refusal::Held, None);
    assert_eq!(sends(&end.tell(Input::Send(draft(4)))), []);
    let paused = end.now;
    assert_eq!(sends(&end.ring()), [name(1), name(2), name(3), name(4)]);
    assert_eq!(end.now, paused + Millis(5_000));
    end.refuse(1, Refusal::Unavailable, None);
    end.ring();
    assert_eq!(end.now, paused + Millis(5_000) + limits::RETRY_AFTER);
}

#[test]
fn ob4_a_longer_wait_is_the_one_that_counts_and_held_alone_is_a_wait_too() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    end.tell(Input::Send(draft(2)));
    end.refuse(1, Refusal::RateLimited, Some(3_000));
    end.refuse(2, Refusal::RateLimited, Some(7_000));
    let paused = end.now;
    assert_eq!(sends(&end.ring()), [name(1), name(2)]);
    assert_eq!(end.now, paused + Millis(7_000));
    // What held it was refused to another tab.
    end.refuse(1, Refusal::Held, None);
    end.entry(0, 2);
    assert_eq!(sends(&end.ring()), [name(1)]);
    assert_eq!(end.now, paused + Millis(7_000) + limits::RETRY_AFTER);
}

#[test]
fn ob5_a_refusal_for_good_is_its_authors_to_decide() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(1, Refusal::Conflict, None);
    end.refuse(2, Refusal::Unknown, None);
    end.entry(0, 3);
    let refused = |code| Progress::Refused { code, limit: None };
    let progress: Vec<_> = end
        .client
        .outbox()
        .outgoing()
        .iter()
        .map(|outgoing| outgoing.progress.clone())
        .collect();
    assert_eq!(
        progress,
        [refused(Refusal::Conflict), refused(Refusal::Unknown)],
        "the others go on"
    );
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PING_EVERY),
        "it is not sent again by itself"
    );
    let again = Draft {
        id: name(8),
        content: draft(1).content,
    };
    let retried = [
        Effect::Keep(again.clone()),
        Effect::Forget(name(1)),
        Effect::Transmit(ClientFrame::Send(again)),
    ];
    assert_eq!(end.tell(Input::Retry(name(1), name(8))), retried);
    assert_eq!(end.tell(Input::Discard(name(2))), [Effect::Forget(name(2))]);
    assert_eq!(
        end.tell(Input::Discard(name(8))),
        [],
        "what is on its way cannot be taken back"
    );
}

#[test]
fn ob6_words_that_no_relay_takes_are_refused_at_home() {
    let mut end = End::live();
    for (n, text, code) in [
        (1, " \n".to_owned(), Refusal::Empty),
        (2, "x".repeat(limits::TEXT_MAX + 1), Refusal::TooLong),
    ] {
        let effects = end.tell(Input::Send(Draft {
            id: name(n),
            content: Content::words(text),
        }));
        assert_eq!(sends(&effects), []);
        let progress = &end.client.outbox().outgoing().last().unwrap().progress;
        assert!(matches!(progress, Progress::Refused { code: refused, .. } if *refused == code));
    }
    // A picture may come without any: what this end does not look into is the relay's to judge.
    let effects = end.tell(Input::Send(Draft {
        id: name(3),
        content: Content::words(""),
    }));
    assert_eq!(sends(&effects).len(), 1);
}

#[test]
fn ob7_what_was_sent_on_a_socket_that_is_gone_is_sent_again() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(2, Refusal::RateLimited, Some(600_000));
    end.tell(Input::Closed(None));
    assert_eq!(end.client.outbox().overdue_at(), None);
    end.ring();
    assert_eq!(
        sends(&end.greet(0, EPOCH)),
        [name(1), name(2), name(3)],
        "nor does the pause bind the next socket"
    );
}

#[test]
fn ob8_a_draft_is_there_once() {
    let kept = vec![draft(2), draft(1), draft(2)];
    let mut end = End::new(Credential::Ambient, kept, 1);
    end.tell(Input::Send(draft(1)));
    assert_eq!(end.ids(), [name(1), name(2)]);
}

#[test]
fn every_change_of_an_outbox_is_told_by_its_revision() {
    let mut end = End::live();
    let mut last = end.client.outbox().revision();
    let mut changes = |end: &End, what: &str| {
        let now = end.client.outbox().revision();
        let grew = now > last;
        assert!(now >= last, "{what}");
        last = now;
        grew
    };
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
        assert!(changes(&end, "written"));
    }
    end.tell(Input::Send(draft(3)));
    assert!(!changes(&end, "there already"));
    assert_eq!(end.client.withdraw(name(3)), None, "it is on its way");
    end.refuse(1, Refusal::Conflict, None);
    assert!(changes(&end, "refused for good"));
    end.refuse(2, Refusal::RateLimited, None);
    assert!(changes(&end, "refused for now"));
    end.refuse(9, Refusal::Conflict, None);
    assert!(!changes(&end, "of another device"));
    end.entry(0, 3);
    assert!(changes(&end, "stored"));
    end.entry(3, 4);
    assert!(!changes(&end, "somebody else's"));
    end.tell(Input::Discard(name(1)));
    assert!(changes(&end, "thrown away"));
    assert_eq!(end.client.withdraw(name(2)), Some(draft(2)));
    assert!(changes(&end, "taken back"));
    assert_eq!(end.ids(), []);
}
