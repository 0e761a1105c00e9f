//! Which lines a conversation has.

use super::*;
use protocol::{id::OperatorId, message::Draft};
use std::collections::VecDeque;

const HOUR: u64 = 3_600_000;

fn giulia() -> Author {
    Author::Operator(OperatorCard {
        id: OperatorId::from_bytes([7; 16]),
        name: "Giulia".into(),
    })
}

fn id(n: u8) -> MessageId {
    MessageId::from_bytes([n; 16])
}

fn entry(seq: u8, at: u64, author: Author, content: Content) -> Entry {
    Entry {
        seq: Seq(seq.into()),
        id: id(seq),
        at: Timestamp(at),
        author,
        content,
    }
}

fn message(text: &str) -> Content {
    Content::words(text)
}

fn made(
    entries: Vec<Entry>,
    outgoing: &[Outgoing],
    read: u64,
    news_after: Option<u64>,
) -> Vec<Line> {
    let (entries, you) = (VecDeque::from(entries), giulia());
    let news_after = news_after.map(Seq);
    let source = Source {
        entries: &entries,
        outgoing,
        held: &[],
        you: &you,
        read: Seq(read),
        news_after,
    };
    lines(source, Timestamp(50 * HOUR), |at| {
        (at.0 / (24 * HOUR)) as i64
    })
}

fn shapes(lines: &[Line]) -> Vec<(bool, bool, Mark)> {
    let words = lines
        .iter()
        .filter(|line| matches!(line.what, What::Words { .. }));
    words
        .map(|line| (line.shape.first, line.shape.last, line.shape.mark.clone()))
        .collect()
}

#[test]
fn a_form_and_a_rating_are_lines_and_the_last_answers_count() {
    let form = |value: &str| Content::Form {
        answers: vec![Answer {
            name: "email".into(),
            label: "E-mail".into(),
            value: value.into(),
        }]
        .into(),
    };
    let rating = Content::Rating {
        score: 4,
        comment: "Grazie".into(),
    };
    let lines = made(
        vec![
            entry(1, 0, Author::Visitor, message("a")),
            entry(2, 1, Author::Visitor, form("anna@example.it")),
            entry(3, 2, Author::Visitor, form("anna@example.com")),
            entry(4, 3, Author::Visitor, rating),
        ],
        &[],
        0,
        None,
    );
    let kinds: Vec<&What> = lines.iter().skip(2).map(|line| &line.what).collect();
    assert!(
        matches!(
            kinds[..],
            [What::Form(_), What::Form(_), What::Rating { score: 4, .. }]
        ),
        "{kinds:?}"
    );
    let told = told(&lines);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].value, "anna@example.com");
}

#[test]
fn words_of_one_author_stand_together_for_three_minutes() {
    let lines = made(
        vec![
            entry(1, 0, Author::Visitor, message("a")),
            entry(2, 60_000, Author::Visitor, message("b")),
            entry(3, 360_000, Author::Visitor, message("c")),
        ],
        &[],
        0,
        None,
    );
    let none = || Mark::None;
    assert_eq!(
        shapes(&lines),
        [
            (true, false, none()),
            (false, true, none()),
            (true, true, none())
        ]
    );
}

#[test]
fn a_note_never_stands_in_a_group_of_messages() {
    let note = Content::Note { text: "n".into() };
    let lines = made(
        vec![
            entry(1, 0, giulia(), message("a")),
            entry(2, 1, giulia(), note),
        ],
        &[],
        0,
        None,
    );
    assert_eq!(
        shapes(&lines),
        [(true, true, Mark::Stored), (true, true, Mark::None)]
    );
}

#[test]
fn only_the_last_of_mine_tells_how_far_it_got() {
    let entries = vec![
        entry(1, 0, giulia(), message("a")),
        entry(2, 1, giulia(), message("b")),
        entry(3, 2, Author::Visitor, message("c")),
    ];
    let marks = |read| {
        shapes(&made(entries.clone(), &[], read, None))
            .into_iter()
            .map(|s| s.2)
            .collect::<Vec<_>>()
    };
    assert_eq!(marks(1), [Mark::None, Mark::Stored, Mark::None]);
    assert_eq!(marks(2), [Mark::None, Mark::Seen, Mark::None]);
}

#[test]
fn words_keep_their_name_when_they_are_stored() {
    let draft = Draft {
        id: id(5),
        content: message("hi"),
    };
    let outgoing = [Outgoing {
        draft,
        progress: Progress::Waiting,
    }];
    let waiting = made(vec![], &outgoing, 0, None);
    let stored = made(
        vec![entry(5, 50 * HOUR, giulia(), message("hi"))],
        &[],
        0,
        None,
    );
    let keys = |lines: &[Line]| lines.iter().map(|line| line.key).collect::<Vec<_>>();
    assert_eq!(keys(&waiting), keys(&stored));
    assert_eq!(shapes(&waiting), [(true, true, Mark::Waiting)]);
    assert_eq!(shapes(&stored), [(true, true, Mark::Stored)]);
}

#[test]
fn a_refusal_stays_where_it_happened() {
    let refused = |n| Outgoing {
        draft: Draft {
            id: id(n),
            content: message("x"),
        },
        progress: Progress::Refused {
            code: Refusal::TooLong,
            limit: Some(4_000),
        },
    };
    let lines = made(vec![], &[refused(1), refused(2)], 0, None);
    let mark = || Mark::Refused(Refusal::TooLong, Some(4_000));
    assert_eq!(shapes(&lines), [(true, true, mark()), (true, true, mark())]);
}

#[test]
fn words_that_are_held_say_why_and_stand_alone() {
    let outgoing = [5, 6].map(|n| Outgoing {
        draft: Draft {
            id: id(n),
            content: message("x"),
        },
        progress: Progress::Waiting,
    });
    let why = Meanwhile {
        author: Author::Unknown,
        note: false,
        seq: Seq(4),
    };
    let (entries, you) = (VecDeque::new(), giulia());
    let source = Source {
        entries: &entries,
        outgoing: &outgoing,
        held: &[(id(5), why.clone())],
        you: &you,
        read: Seq(0),
        news_after: None,
    };
    let lines = lines(source, Timestamp(0), |_| 0);
    assert_eq!(
        shapes(&lines),
        [(true, true, Mark::Held(why)), (true, true, Mark::Waiting)]
    );
}

#[test]
fn a_day_is_told_once_and_before_the_news() {
    let lines = made(
        vec![
            entry(1, HOUR, Author::Visitor, message("a")),
            entry(2, 25 * HOUR, Author::Visitor, message("b")),
            entry(3, 26 * HOUR, Author::Visitor, message("c")),
        ],
        &[],
        0,
        Some(1),
    );
    let keys: Vec<Key> = lines.iter().map(|line| line.key).collect();
    let entry = |n| Key::Entry(id(n));
    assert_eq!(
        keys,
        [
            Key::Day(0),
            entry(1),
            Key::Day(1),
            Key::News,
            entry(2),
            entry(3)
        ]
    );
}

#[test]
fn where_everything_is_new_nothing_is_told_apart() {
    let lines = made(
        vec![entry(1, HOUR, Author::Visitor, message("a"))],
        &[],
        0,
        Some(0),
    );
    assert!(lines.iter().all(|line| line.key != Key::News));
}

#[test]
fn what_was_asked_for_counts_at_once() {
    let entries = VecDeque::from([entry(
        1,
        0,
        giulia(),
        Content::Status {
            status: Status::Resolved,
        },
    )]);
    let asked = |progress| {
        [Outgoing {
            draft: Draft {
                id: id(2),
                content: Content::Status {
                    status: Status::Open,
                },
            },
            progress,
        }]
    };
    assert_eq!(standing(&entries, &[]), (None, Some(Status::Resolved)));
    assert_eq!(
        standing(&entries, &asked(Progress::Waiting)),
        (None, Some(Status::Open))
    );
    let refused = Progress::Refused {
        code: Refusal::Forbidden,
        limit: None,
    };
    assert_eq!(
        standing(&entries, &asked(refused)),
        (None, Some(Status::Resolved))
    );
}
