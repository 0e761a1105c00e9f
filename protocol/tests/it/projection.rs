//! What the shop's list is told of a conversation, and when (SPEC, RL 14).

use protocol::{
    conversation::{Keep, Status, Summary},
    cursor::Seq,
    entry::Content,
    frame::{ClientFrame, Span},
    limits,
    presence::Page,
    relay::{
        conversation::{Effect, Input},
        deadlines,
    },
    time::Millis,
};

use crate::{
    cast::{draft, giulia, marco, message, note, operator, visitor},
    desk::{Desk, filled, projected, told_entries},
};

/// What the shop is told, and whether it is to keep it.
fn tells(effects: &[Effect]) -> Option<(u64, Keep)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Project { summary, keep, .. } => Some((summary.head.0, *keep)),
        _ => None,
    })
}

#[test]
fn rl14_the_list_is_told_at_once_about_once_a_second_and_until_it_knows() {
    let (mut desk, shopper) = Desk::with_visitor();
    assert_eq!(tells(&desk.alarm()), None, "nobody has written");
    let first = desk.now;
    assert_eq!(
        tells(&desk.send(shopper, draft(1))),
        Some((1, Keep::WhatMatters))
    );
    assert_eq!(
        tells(&desk.send(shopper, draft(2))),
        None,
        "it is on its way"
    );
    assert_eq!(
        tells(&desk.handle(Input::Projected(vec![].into()))),
        Some((2, Keep::WhatMatters))
    );
    desk.handle(Input::Projected(vec![].into()));
    assert_eq!(
        tells(&desk.send(shopper, draft(3))),
        Some((3, Keep::WhatMatters))
    );
    desk.handle(Input::Projected(vec![].into()));
    assert_eq!(tells(&desk.send(shopper, draft(4))), None, "too soon");
    let effects = desk.ring();
    assert_eq!(
        (desk.now, tells(&effects)),
        (
            first + limits::PROJECTION_EVERY,
            Some((4, Keep::WhatMatters))
        )
    );
    // The shop does not answer well, ever longer.
    let mut wait = limits::PROJECTION_RETRY;
    for _ in 0..12 {
        desk.handle(Input::ProjectionFailed);
        let failed = desk.now;
        desk.now = failed + wait;
        let (head, keep) = tells(&desk.alarm()).expect("told again");
        assert_eq!(head, 4, "after {wait:?}");
        assert!(keep >= Keep::WhatMatters);
        wait = Millis(wait.0 * 2).min(limits::PROJECTION_RETRY_MAX);
    }
    // Nor does it answer at all: the alarm that is not dealt with rings again, and no other is set for it. Nobody pings any more.
    assert_eq!(tells(&desk.alarm()), Some((4, Keep::Everything)));
    desk.handle(Input::Closed(shopper));
    desk.handle(Input::Projected(vec![].into()));
    desk.ring();
    desk.handle(Input::Projected(vec![].into()));
    assert_eq!(desk.relay.next_deadline(), None);
    assert_eq!(tells(&desk.alarm()), None);
}

#[test]
fn rl14_a_conversation_that_is_told_of_comes_to_rest() {
    let (mut desk, shopper) = filled(1);
    desk.handle(Input::Projected(vec![].into()));
    desk.handle(Input::Closed(shopper));
    let mut alarms = 0;
    // Asleep between all of them, as at night.
    let mut alarm = Some(desk.now + limits::PROJECTION_KEPT);
    while let Some(at) = alarm.take() {
        alarms += 1;
        assert!(alarms < 5, "an alarm that sets the next one, for ever");
        desk.forget([]);
        desk.now = at;
        assert_eq!(tells(&desk.alarm()), Some((1, Keep::Everything)));
        alarm = desk.relay.next_deadline();
        desk.handle(Input::Projected(vec![].into()));
        alarm = deadlines::move_alarm(alarm, desk.relay.next_deadline()).or(alarm);
    }
}

#[test]
fn rl14_what_may_wait_is_shown_at_once_and_kept_within_two_minutes() {
    let (mut desk, shopper) = filled(1);
    desk.handle(Input::Projected(vec![].into()));
    let giulias = desk.enter(operator(giulia()));
    // Nor is anybody's lease to end in between.
    desk.handle(Input::Closed(shopper));
    desk.handle(Input::Projected(vec![].into()));
    let begun = desk.now + limits::PROJECTION_EVERY;
    let mut kept = vec![];
    for n in 0..230 {
        desk.now = begun + Millis(n * limits::PROJECTION_EVERY.0);
        let effects = match desk.relay.next_deadline() {
            Some(due) if due <= desk.now => desk.alarm(),
            _ => desk.say(giulias, 100 + n, message("an answer")),
        };
        let (_, keep) = tells(&effects).expect("shown at once");
        desk.handle(Input::Projected(vec![].into()));
        kept.extend((keep == Keep::Everything).then_some(n));
    }
    assert_eq!(kept, [119], "a row in two minutes");
    // Who waits is kept at once.
    let shopper = desk.enter(visitor());
    desk.handle(Input::Projected(vec![].into()));
    desk.now = desk.now + limits::PROJECTION_EVERY;
    let effects = desk.say(shopper, 500, message("and this?"));
    assert_eq!(
        tells(&effects).map(|(_, keep)| keep),
        Some(Keep::WhatMatters)
    );
}

#[test]
fn rl14_what_a_talk_that_goes_on_says_is_kept_when_it_rests() {
    let (mut desk, shopper) = filled(1);
    let begun = desk.now;
    // The shop wrote it, and with it everything.
    desk.handle(Input::Projected(vec![].into()));
    desk.handle(Input::Projected(vec![].into()));
    // From here on it has said that somebody waits.
    let mut by_alarm = vec![];
    for n in 1..=60 {
        desk.now = begun + Millis::seconds(n * 5);
        let rings = desk
            .relay
            .next_deadline()
            .is_some_and(|due| due <= desk.now);
        let effects = match rings {
            true => desk.alarm(),
            false => desk.say(shopper, 100 + n, message("and this?")),
        };
        let (_, keep) = tells(&effects).expect("told at once");
        assert_eq!(keep, Keep::WhatMatters);
        by_alarm.extend(rings.then_some(desk.now - begun));
        desk.handle(Input::Shown(vec![].into()));
    }
    assert_eq!(by_alarm, [125, 245].map(Millis::seconds), "said again");
    let last = desk.now;
    let mut kept = Keep::Nothing;
    while kept != Keep::Everything {
        let effects = desk.ring();
        kept = kept.max(tells(&effects).map_or(Keep::Nothing, |(_, keep)| keep));
        desk.handle(Input::Shown(vec![].into()));
        assert!(desk.now - last < Millis(2 * limits::PROJECTION_KEPT.0));
    }
}

#[test]
fn rl14_two_minutes_are_two_minutes_also_for_who_sleeps() {
    let (mut desk, _) = filled(1);
    desk.handle(Input::Shown(vec![].into()));
    let alarm = desk.relay.next_deadline().unwrap();
    // It wakes by words before the alarm rings, and tells the shop of them.
    desk.forget([]);
    desk.now = desk.now + Millis::seconds(60);
    let shopper = desk.enter(visitor());
    desk.handle(Input::Projected(vec![].into()));
    let effects = desk.say(shopper, 50, message("and this?"));
    assert_eq!(tells(&effects), Some((2, Keep::WhatMatters)));
    desk.handle(Input::Shown(vec![].into()));
    assert!(desk.now < alarm);
    desk.now = alarm;
    assert_eq!(tells(&desk.alarm()), Some((2, Keep::WhatMatters)));
    desk.handle(Input::Shown(vec![].into()));
    // It sleeps again, and its visitor goes without a word.
    let alarm = desk.relay.next_deadline().unwrap();
    assert!(alarm - desk.now <= limits::PROJECTION_KEPT);
    desk.forget([]);
    desk.now = alarm;
    assert_eq!(tells(&desk.alarm()), Some((2, Keep::Everything)));
}

#[test]
fn ou3_an_answer_says_once_since_when_its_visitor_had_waited() {
    let (mut desk, shopper) = filled(1);
    let asked = desk.now;
    desk.handle(Input::Projected(vec![].into()));
    let giulias = desk.enter(operator(giulia()));
    desk.handle(Input::Projected(vec![].into()));
    let waited = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Project { answered_since, .. } => Some(*answered_since),
            _ => None,
        })
    };
    desk.now = desk.now + Millis::seconds(40);
    let noted = desk.say(giulias, 100, note("let me look"));
    assert_eq!(waited(&noted), Some(None), "a note answers nobody");
    desk.handle(Input::Projected(vec![].into()));
    desk.now = desk.now + Millis::seconds(40);
    let answered = desk.say(giulias, 101, message("It is"));
    assert_eq!(waited(&answered), Some(Some(asked)));
    desk.handle(Input::Projected(vec![].into()));
    desk.now = desk.now + Millis::seconds(40);
    let more = desk.say(giulias, 102, message("since Monday"));
    assert_eq!(waited(&more), Some(None), "nobody waited any more");
    desk.handle(Input::Projected(vec![].into()));
    desk.now = desk.now + Millis::seconds(40);
    let again = desk.say(shopper, 103, message("and the big one?"));
    assert_eq!(waited(&again), Some(None));
}

#[test]
fn rl12_who_goes_is_listed_where_they_were_last() {
    let (mut desk, shopper) = filled(1);
    desk.handle(Input::Projected(vec![].into()));
    let page = Page {
        url: "https://shop.example/checkout".into(),
        title: "Checkout".into(),
        ..Page::default()
    };
    desk.handle(Input::Frame(shopper, ClientFrame::Page(page.clone())));
    desk.handle(Input::Shown(vec![].into()));
    let listed = |desk: &mut Desk| desk.summary().page;
    assert_eq!(listed(&mut desk), Some(page.clone()));
    // A shop that has forgotten the page is told of it as they go.
    desk.handle(Input::Closed(shopper));
    assert_eq!(listed(&mut desk), Some(page));
}

#[test]
fn rl14_a_shop_must_not_forget_who_waits() {
    let (mut desk, shopper) = Desk::with_visitor();
    let before = desk.summary();
    desk.send(shopper, draft(1));
    let waits = desk.summary();
    let told = |keep: Keep, summary: &Summary, disk| keep.is_written(summary, disk);
    assert!(told(Keep::WhatMatters, &waits, None));
    assert!(told(Keep::WhatMatters, &waits, Some(&before)));
    assert!(!told(Keep::WhatMatters, &waits, Some(&waits)));
    assert!(told(Keep::Everything, &waits, Some(&waits)));
    assert!(!told(Keep::Nothing, &waits, None));
    let gone = Summary {
        visitor_present: false,
        ..waits.clone()
    };
    assert!(told(Keep::WhatMatters, &waits, Some(&gone)));
    let longer = Summary {
        waiting_since: waits.waiting_since.map(|at| at + Millis::seconds(60)),
        head: Seq(9),
        ..waits.clone()
    };
    assert!(!told(Keep::WhatMatters, &longer, Some(&waits)));
    let later = Summary {
        waiting_since: waits.waiting_since.map(|at| at + Millis::seconds(3_600)),
        ..waits.clone()
    };
    assert!(told(Keep::WhatMatters, &later, Some(&waits)));
    // That nobody waits is asked of who is there, and kept of who has gone.
    let answered = Summary {
        waiting_since: None,
        unread: 0,
        ..waits.clone()
    };
    assert!(!told(Keep::WhatMatters, &answered, Some(&waits)));
    let left = Summary {
        visitor_present: false,
        ..answered.clone()
    };
    assert!(told(Keep::WhatMatters, &left, Some(&waits)));
    let read = Summary {
        unread: 0,
        ..waits.clone()
    };
    assert!(told(Keep::WhatMatters, &waits, Some(&read)));
    let resolved = Summary {
        status: Status::Resolved,
        ..waits.clone()
    };
    assert!(told(Keep::WhatMatters, &resolved, Some(&waits)));
    let assigned = Summary {
        assignee: Some(giulia()),
        ..waits.clone()
    };
    assert!(told(Keep::WhatMatters, &assigned, Some(&waits)));
    assert!(told(Keep::WhatMatters, &waits, Some(&assigned)));
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
    assert!(projected(&desk.alarm()).is_some());
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

#[test]
fn rl3_a_summary_that_cannot_be_read_undoes_nothing() {
    let (desk, shopper) = Desk::with_visitor();
    let sent = Input::Frame(shopper, ClientFrame::Send(draft(1)));
    let mut untold = 0;
    // Whichever call it is that fails.
    for calls in 0.. {
        let mut desk = desk.clone();
        let before = desk.disk.savepoint();
        assert_eq!(desk.relay.is_one_row(&sent, &desk.disk), Ok(true));
        desk.disk.fails_after.set(Some(calls));
        let Ok(effects) = desk.relay.handle(desk.now, sent.clone(), &mut desk.disk) else {
            assert_eq!(desk.disk.rows(), 0, "nothing is left of what was not done");
            continue;
        };
        assert_eq!(told_entries(&effects, shopper), [(0, 1)]);
        assert_eq!(desk.disk.since(&before).len(), 1);
        // The first after waking is told when the row has settled.
        let tell = desk.relay.settled(desk.now, &desk.disk);
        let tell = tell.into_iter().collect::<Vec<_>>();
        if desk.disk.fails_after.take().is_some() {
            assert_eq!(tells(&tell), Some((1, Keep::WhatMatters)));
            break;
        }
        untold += 1;
        assert_eq!(tells(&tell), None);
        let alarm = desk.relay.next_deadline().expect("it is tried again");
        assert!(alarm > desk.now && alarm <= desk.now + limits::PROJECTION_KEPT);
        desk.now = alarm;
        let told = desk.handle(Input::Alarm(vec![]));
        assert_eq!(tells(&told).map(|(head, _)| head), Some(1));
    }
    assert!(untold > 0, "a summary needs the disk");
}

#[test]
fn rl14_nobodys_message_waits_until_the_shop_is_awake() {
    let (mut desk, shopper) = Desk::with_visitor();
    let relay = |desk: &mut Desk, input| desk.relay.handle(desk.now, input, &mut desk.disk);
    let sent = ClientFrame::Send(draft(1));
    let effects = relay(&mut desk, Input::Frame(shopper, sent)).unwrap();
    assert_eq!(
        (tells(&effects), effects.last()),
        (None, Some(&Effect::Settle))
    );
    let alarm = desk
        .relay
        .next_deadline()
        .expect("should the disk never say so");
    assert!(alarm <= desk.now + limits::PROJECTION_KEPT);
    // What comes meanwhile goes along.
    let sent = ClientFrame::Send(draft(2));
    let effects = relay(&mut desk, Input::Frame(shopper, sent)).unwrap();
    assert!(!effects.contains(&Effect::Settle), "one wait is enough");
    let settled = |desk: &mut Desk| desk.relay.settled(desk.now, &desk.disk);
    let told = settled(&mut desk).into_iter().collect::<Vec<_>>();
    assert_eq!(tells(&told), Some((2, Keep::WhatMatters)));
    assert_eq!(settled(&mut desk), None, "told once");
    // Now it is awake.
    relay(&mut desk, Input::Shown(vec![].into())).unwrap();
    let sent = ClientFrame::Send(draft(3));
    let effects = relay(&mut desk, Input::Frame(shopper, sent)).unwrap();
    assert_eq!(tells(&effects), Some((3, Keep::WhatMatters)));
    // An alarm waits for no disk: it is over when the shop knows.
    let (mut desk, shopper) = Desk::with_visitor();
    let sent = ClientFrame::Send(draft(1));
    relay(&mut desk, Input::Frame(shopper, sent)).unwrap();
    let effects = relay(&mut desk, Input::Alarm(vec![])).unwrap();
    assert!(tells(&effects).is_some());
}
