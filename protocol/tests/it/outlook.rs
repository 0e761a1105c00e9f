//! What a shop can say of when it answers (SPEC, OU).

use protocol::{
    conversation::{LastWords, Status, Summary},
    cursor::Seq,
    entry::{Author, BotCard},
    frame::ServerFrame,
    id::{ConversationId, VisitorId},
    limits,
    outlook::{Floor, Outlook, Wait},
    relay::{
        conversation::{Effect, Input},
        waiting::{Answers, Queue, Waits},
    },
    time::{Millis, Timestamp},
};

use crate::{
    cast::{START, giulia, marco, operator, visitor},
    desk::{Desk, told},
};

const MINUTE: u64 = 60 * 1_000;

fn closed(opens_at: u64) -> Floor {
    Floor {
        duty: vec![],
        outlook: Outlook {
            opens_at: Some(Timestamp(opens_at)),
            ..Outlook::default()
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
    let floor = |duty| Floor::of::<()>(duty, Wait::default(), || Ok(opens)).unwrap();
    assert_eq!(floor(vec![]).outlook.opens_at, opens);
    assert_eq!(floor(vec![giulia()]), vec![giulia()].into());
    let pointless = Floor::of(vec![giulia()], Wait::default(), || Err("nobody asks"));
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

/// What a conversation says of itself: its visitor waits since then.
fn waits(n: u8, since: u64) -> Summary {
    Summary {
        id: ConversationId::mint(START, [n; 10]),
        visitor: VisitorId::mint(START, [2; 10]),
        person: None,
        status: Status::Open,
        assignee: None,
        last: None,
        head: Seq(1),
        unread: 1,
        waiting_since: Some(START + Millis(since)),
        visitor_present: true,
        page: None,
        opened_at: START,
        updated_at: START + Millis(since),
    }
}

/// The same, answered so much later.
fn answered(before: &Summary, author: Author, after: u64) -> Summary {
    let last = LastWords {
        author,
        text: "Three are left.".into(),
        note: false,
    };
    Summary {
        last: Some(last),
        head: Seq(2),
        waiting_since: None,
        updated_at: before.updated_at + Millis(after),
        ..before.clone()
    }
}

/// Answers, each by Giulia after so many seconds, at so many minutes from the beginning.
fn measured(all: impl IntoIterator<Item = (u64, u64)>) -> Answers {
    let mut answers = Answers::default();
    for (n, (seconds, minute)) in (0..).zip(all) {
        // No two began to wait in the same moment.
        let question = waits(1, minute * MINUTE - seconds * 1_000 - n);
        let answer = answered(&question, Author::Operator(giulia()), seconds * 1_000 - n);
        assert!(answers.take(question.updated_at, &answer));
    }
    answers
}

#[test]
fn ou3_how_long_answers_take_is_told_where_enough_were_measured() {
    let now = START + Millis(100 * MINUTE);
    let few = measured((0..limits::ANSWERS_ENOUGH as u64 - 1).map(|_| (60, 99)));
    assert_eq!(few.usual(now), None);
    // The middle of them, rounded up to what anybody counts on.
    let told = |seconds: u64| {
        let others = [(1, 99), (1, 99), (1, 99), (1, 99), (1, 99)];
        let slow = [(86_000, 2_000); 4].map(|(late, _)| (late, 99 + 2_000));
        let middle = (0..3).map(|_| (seconds, 99));
        let all = middle.chain(others).chain(slow);
        measured(all).usual(now).map(|usual| usual.0 / 1_000)
    };
    for (seconds, usual) in [
        (59, 60),
        (61, 120),
        (181, 300),
        (1_801, 3_600),
        (3_601, 7_200),
    ] {
        assert_eq!(told(seconds), Some(usual), "{seconds} s");
    }
    let day = measured((0..20).map(|_| (90_000, 2_000)));
    assert_eq!(day.usual(now), None, "nobody counts on more than a day");
}

#[test]
fn ou3_this_hour_of_the_day_counts_where_it_has_enough() {
    let at_night = (0..10).map(|_| (3_000, 600));
    let now_of_day = (1..=10).map(|day| (100, day * 24 * 60 + 1));
    let both = measured(at_night.chain(now_of_day));
    let now = START + Millis(11 * 24 * 60 * MINUTE);
    assert_eq!(both.usual(now), Some(Millis(2 * MINUTE)));
    assert_eq!(
        both.usual(now + Millis(5 * 60 * MINUTE)),
        Some(Millis(60 * MINUTE)),
        "of all"
    );
    assert_eq!(
        both.usual(now + limits::ANSWERS_LOOK_BACK),
        None,
        "that was long ago"
    );
}

#[test]
fn ou3_only_an_operator_who_ends_a_wait_is_measured() {
    let question = waits(1, 0);
    let mut answers = Answers::default();
    let bot = Author::Bot(BotCard {
        id: "helper".into(),
        name: "Helper".into(),
    });
    assert!(!answers.take(START, &answered(&question, bot, 5)));
    let mut note = answered(&question, Author::Operator(giulia()), 5);
    note.last.as_mut().unwrap().note = true;
    assert!(!answers.take(START, &note));
    let again = Summary {
        waiting_since: Some(START + Millis(6)),
        ..answered(&question, Author::Operator(giulia()), 5)
    };
    assert!(
        !answers.take(START, &again),
        "how long the first took is not known"
    );
    assert_eq!(answers, Answers::default());
    let kept = measured((0..limits::ANSWERS_KEPT as u64 + 5).map(|n| (60, 10 + n)));
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(text.matches("],[").count(), limits::ANSWERS_KEPT - 1);
    assert_eq!(serde_json::from_str::<Answers>(&text).unwrap(), kept);
}

#[test]
fn ou4_whoever_waits_is_told_how_many_wait_since_before() {
    let now = START + Millis(MINUTE);
    let list = [waits(1, 10), waits(2, 20), waits(3, 30)];
    let mut queue = taken(&list);
    let ahead = |queue: &Queue, n: u8| queue.ahead(waits(n, 0).id, now);
    assert_eq!(
        [1, 2, 3, 4].map(|n| ahead(&queue, n)),
        [Some(0), Some(1), Some(2), None]
    );
    assert_eq!(
        queue.take(&waits(4, 20)),
        None,
        "who comes takes nobody's place"
    );
    assert_eq!(
        [2, 4, 3].map(|n| ahead(&queue, n)),
        [Some(1), Some(2), Some(3)]
    );
    let answer = answered(&list[0], Author::Operator(giulia()), 5);
    let since = queue.take(&answer);
    assert_eq!(since, list[0].waiting_since);
    assert_eq!(
        [1, 2, 4, 3].map(|n| ahead(&queue, n)),
        [None, Some(0), Some(1), Some(2)]
    );
    let moved = queue.behind(since.unwrap());
    assert_eq!(moved, [2, 4, 3].map(|n| waits(n, 0).id));
    let resolved = Summary {
        status: Status::Resolved,
        ..waits(2, 20)
    };
    assert!(queue.take(&resolved).is_some());
    assert_eq!(queue.take(&resolved), None);
    // Who wrote yesterday waits for a letter.
    let later = START + limits::QUEUE_LOOKS_BACK + Millis(25);
    assert_eq!(queue.ahead(waits(3, 0).id, later), Some(0));
    let crowd: Vec<_> = (0..100).map(|n| waits(n, n.into())).collect();
    assert_eq!(taken(&crowd).behind(START).len(), limits::QUEUE_TOLD);
}

/// A queue that has heard these.
fn taken(all: &[Summary]) -> Queue {
    let mut queue = Queue::default();
    for summary in all {
        queue.take(summary);
    }
    queue
}

#[test]
fn ou4_who_may_have_been_answered_is_no_place_in_the_queue() {
    let now = START + Millis(MINUTE);
    let (before, mine) = (waits(1, 10), waits(2, 20));
    let read = |one: &Summary| (one.id, one.waiting_since.unwrap(), true);
    let mut queue = Queue::of([read(&before)], now);
    queue.take(&mine);
    assert_eq!(queue.ahead(mine.id, now), None, "nobody knows yet");
    assert_eq!(
        queue.ahead(before.id, now),
        Some(0),
        "nobody is before them"
    );
    let mut told = queue.clone();
    told.take(&answered(&before, Author::Operator(giulia()), 5));
    assert_eq!(told.ahead(mine.id, now), Some(0));
    let mut again = queue.clone();
    again.take(&before);
    assert_eq!(again.ahead(mine.id, now), Some(1), "they say so themselves");
    let caught_up = now + limits::PROJECTION_KEPT;
    assert_eq!(queue.ahead(mine.id, Timestamp(caught_up.0 - 1)), None);
    assert_eq!(queue.ahead(mine.id, caught_up), Some(1));
    // Who waits since yesterday is told no place either.
    let later = START + limits::QUEUE_LOOKS_BACK + Millis(15);
    assert_eq!(queue.ahead(before.id, later), None);
    assert_eq!(queue.ahead(mine.id, later), Some(0));
}

#[test]
fn ou4_who_may_have_been_answered_is_asked_once() {
    let now = START + Millis(MINUTE);
    let (mine, third) = (waits(100, 50), waits(2, 2).id);
    let list = |count: u8| {
        let waiting = (0..count).map(|n| waits(n, n.into()));
        // The third of them has the chat open.
        let read = waiting.map(|one| (one.id, one.waiting_since.unwrap(), one.id == third));
        let mut waits = Waits::of(read.collect(), Answers::default(), now);
        waits.take(&mine, None);
        waits
    };
    let few = list(6);
    let ids: Vec<_> = (0..6).map(|n| waits(n, 0).id).collect();
    assert_eq!(ids.len(), limits::QUEUE_ASKED);
    let duty = [giulia()];
    let mut asked = few.clone();
    assert_eq!(
        asked.to_ask(third, &[], now),
        [],
        "nobody is there to wait for"
    );
    assert_eq!(asked.to_ask(third, &duty, now), ids[..2]);
    assert_eq!(
        asked.to_ask(mine.id, &duty, now),
        ids[2..],
        "and nobody twice"
    );
    assert_eq!(asked.to_ask(mine.id, &duty, now), []);
    // Whoever came meanwhile, and asked nobody, is told when they have answered.
    let since = asked.take(&waits(0, 0), None).unwrap();
    assert_eq!(asked.moved_up(since, &[]), []);
    let told = asked.moved_up(since, &duty);
    assert_eq!(told, [ids[0], third, mine.id], "who has the chat open");
    assert_eq!(asked.take(&waits(0, 0), None), None);
    assert_eq!(list(7).to_ask(mine.id, &duty, now), [], "too many to ask");
    // Who has said it themselves is not asked.
    let mut said = few.clone();
    said.take(&waits(3, 3), None);
    said.take(&answered(&waits(4, 4), Author::Operator(giulia()), 5), None);
    let left = [0, 1, 2, 5].map(|n| waits(n, 0).id);
    assert_eq!(said.to_ask(mine.id, &duty, now), left);
    // Nor is anybody for who is not there, or waits no more, or when the list has caught up.
    assert_eq!(few.clone().to_ask(ids[5], &duty, now), []);
    let caught_up = now + limits::PROJECTION_KEPT;
    assert_eq!(few.clone().to_ask(mine.id, &duty, caught_up), []);
    let mut over = few;
    over.take(&answered(&mine, Author::Operator(giulia()), 60), None);
    assert_eq!(over.to_ask(mine.id, &duty, now), []);
}

#[test]
fn ou4_where_too_many_wait_nobody_counts() {
    let many = |count: usize| {
        let ids = (0..count as u64).map(|n| ConversationId::mint(START + Millis(n), [0; 10]));
        let list = ids.map(|id| (id, START, true)).collect();
        Waits::of(list, Answers::default(), START)
    };
    let first = Some(ConversationId::mint(START, [0; 10]));
    let now = START + Millis(MINUTE);
    let duty = [giulia()];
    let few = many(limits::QUEUE_READ - 1);
    assert_eq!(few.wait(first, &duty, now).ahead, Some(0));
    assert_eq!(few.wait(first, &[], now).ahead, None, "nobody is there");
    let mut crowd = many(limits::QUEUE_READ);
    assert_eq!(crowd.wait(first, &duty, now).ahead, None);
    assert_eq!(crowd.take(&waits(1, 10), None), None);
    let one = Some(waits(1, 10).id);
    assert_eq!(crowd.wait(one, &duty, now).ahead, None);
}

#[test]
fn ou3_what_was_measured_is_kept_now_and_then_and_known_after_waking() {
    let mut shop = Waits::of(vec![], Answers::default(), START);
    let mut kept: Vec<(u64, Answers)> = vec![];
    // An answer in each minute, each after five seconds.
    for minute in 0..12 {
        let question = waits(1, minute * MINUTE);
        shop.take(&question, None);
        let answer = answered(&question, Author::Operator(giulia()), 5_000);
        shop.take(&answer, question.waiting_since);
        let answers = shop.to_keep().cloned();
        kept.extend(answers.map(|answers| (minute, answers)));
    }
    let every = limits::ANSWERS_WRITTEN_EVERY.0 / MINUTE;
    let minutes: Vec<u64> = kept.iter().map(|(minute, _)| *minute).collect();
    assert_eq!(minutes, [0, every, 2 * every], "a row in so many minutes");
    let (_, answers) = kept.pop().unwrap();
    let now = START + Millis(12 * MINUTE);
    let usual = |shop: &Waits| shop.wait(None, &[giulia()], now).usual;
    let mut woken = Waits::of(vec![], answers, now);
    assert_eq!(usual(&woken), Some(Millis(MINUTE)));
    assert_eq!(usual(&woken), usual(&shop));
    assert_eq!(woken.to_keep(), None, "what was read is kept already");
}

#[test]
fn ou3_a_list_that_was_behind_makes_no_wait_longer() {
    // By the disk they wait since long ago; they were answered then, and have asked again.
    let list = (0..20).map(|n| (waits(n, 0).id, START, true)).collect();
    let mut shop = Waits::of(list, Answers::default(), START);
    let asked = 6 * MINUTE;
    for n in 0..20 {
        let question = waits(n, asked + u64::from(n));
        let answer = answered(&question, Author::Operator(giulia()), 20_000);
        shop.take(&answer, question.waiting_since);
    }
    let now = START + Millis(7 * MINUTE);
    assert_eq!(
        shop.wait(None, &[giulia()], now).usual,
        Some(Millis(MINUTE))
    );
}

#[test]
fn ou3_a_wait_is_measured_once() {
    let question = waits(1, 0);
    let answer = answered(&question, Author::Operator(giulia()), 5);
    let since = question.updated_at;
    let mut answers = Answers::default();
    assert!(answers.take(since, &answer));
    assert_eq!(answers.last_at(), answer.updated_at);
    // The shop slept, its list still had them waiting, and the conversation says again what it is.
    let read = Summary {
        updated_at: answer.updated_at + Millis(MINUTE),
        ..answer
    };
    assert!(!answers.take(since, &read));
}

#[test]
fn ou3_ou4_are_told_while_somebody_is_there() {
    let known = Wait {
        usual: Some(Millis(120_000)),
        ahead: Some(2),
    };
    let floor = |duty| Floor::of::<()>(duty, known, || Ok(Some(Timestamp(7)))).unwrap();
    let there = floor(vec![giulia()]).outlook;
    assert_eq!(
        (there.usual_ms, there.ahead, there.opens_at),
        (Some(120_000), Some(2), None)
    );
    let closed = floor(vec![]).outlook;
    assert_eq!(
        (closed.usual_ms, closed.ahead, closed.opens_at),
        (None, None, Some(Timestamp(7)))
    );
}
