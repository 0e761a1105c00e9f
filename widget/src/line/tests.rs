//! Which lines a transcript has, and which part of it is shown.

use protocol::{entry::OperatorCard, id::OperatorId, message::Draft};

use super::{window::MOST, *};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

fn id(n: u64) -> MessageId {
    MessageId::mint(Timestamp(n), [0; 10])
}

fn giulia() -> Author {
    Author::Operator(OperatorCard {
        id: OperatorId::from_bytes([1; 16]),
        name: "Giulia".into(),
    })
}

fn entry(seq: u64, at: u64, author: Author) -> Entry {
    let content = Content::words(seq.to_string());
    Entry {
        seq: Seq(seq),
        id: id(seq),
        at: Timestamp(at),
        author,
        content,
    }
}

fn draft(at: u64, progress: Progress) -> Outgoing {
    Outgoing {
        draft: Draft {
            id: id(at),
            content: Content::words("draft"),
        },
        progress,
    }
}

fn source<'a>(entries: &'a VecDeque<Entry>, outgoing: &'a [Outgoing]) -> Source<'a> {
    Source {
        entries,
        outgoing,
        window: Window::default(),
        read: Seq(0),
        new_from: None,
    }
}

/// `[` begins and `]` ends a group, then how far it is: `.` waiting, `v` stored, `w` seen, `x` refused.
fn drawn(source: &Source<'_>) -> String {
    let lines = lines(source, |at| (at.0 / DAY) as i64);
    let drawn = lines.into_iter().map(|(_, line)| match line {
        Line::Day(_) => "—".into(),
        Line::New => "new".into(),
        Line::Resolved => "done".into(),
        Line::Bubble(bubble) => format!(
            "{}{}{}{}",
            if bubble.first { "[" } else { "" },
            bubble.text,
            if bubble.last { "]" } else { "" },
            match bubble.progress {
                None => "",
                Some(Sent::Waiting) => ".",
                Some(Sent::Stored) => "v",
                Some(Sent::Seen) => "w",
                Some(Sent::Refused(..)) => "x",
            }
        ),
    });
    drawn.collect::<Vec<_>>().join(" ")
}

#[test]
fn messages_are_grouped_by_author_and_time() {
    let visitor = Author::Visitor;
    let entries = VecDeque::from([
        entry(1, 0, visitor.clone()),
        entry(2, MINUTE, visitor.clone()),
        entry(3, 2 * MINUTE, giulia()),
        entry(4, 6 * MINUTE, giulia()),
        entry(5, DAY, giulia()),
        entry(6, DAY + 1, visitor),
    ]);
    assert_eq!(drawn(&source(&entries, &[])), "— [1 2] [3] [4] — [5] [6]v");
}

#[test]
fn only_my_last_message_shows_how_far_it_is_and_every_refused_one() {
    let entries = VecDeque::from([
        entry(1, 0, Author::Visitor),
        entry(2, MINUTE, Author::Visitor),
    ]);
    assert_eq!(
        drawn(&Source {
            read: Seq(1),
            ..source(&entries, &[])
        }),
        "— [1 2]v"
    );
    assert_eq!(
        drawn(&Source {
            read: Seq(2),
            ..source(&entries, &[])
        }),
        "— [1 2]w"
    );
    let refused = draft(
        2 * MINUTE,
        Progress::Refused {
            code: Refusal::TooLong,
            limit: Some(4),
        },
    );
    let waiting = draft(2 * MINUTE + 1, Progress::Waiting);
    assert_eq!(
        drawn(&source(&entries, std::slice::from_ref(&refused))),
        "— [1 2v draft]x"
    );
    assert_eq!(
        drawn(&source(&entries, &[refused, waiting])),
        "— [1 2 draftx draft]."
    );
}

#[test]
fn a_draft_that_is_stored_is_shown_once() {
    let entries = VecDeque::from([entry(7, 0, Author::Visitor)]);
    assert_eq!(
        drawn(&source(&entries, &[draft(7, Progress::Waiting)])),
        "— [7]v"
    );
}

#[test]
fn the_divider_stands_before_the_first_new_message() {
    let entries = VecDeque::from([
        entry(1, 0, giulia()),
        entry(2, 1, giulia()),
        entry(3, 2, giulia()),
    ]);
    assert_eq!(
        drawn(&Source {
            new_from: Some(Seq(2)),
            ..source(&entries, &[])
        }),
        "— [1] new [2 3]"
    );
}

#[test]
fn what_was_closed_by_mistake_was_not_closed() {
    let status = |seq, author, status| Entry {
        content: Content::Status { status },
        ..entry(seq, seq, author)
    };
    let (open, resolved) = (Status::Open, Status::Resolved);
    let said = entry(1, 1, Author::Visitor);
    let mut entries = VecDeque::from([said, status(2, giulia(), resolved)]);
    assert_eq!(drawn(&source(&entries, &[])), "— [1]v done");
    entries.push_back(status(3, giulia(), open));
    assert_eq!(drawn(&source(&entries, &[])), "— [1]v");
    entries.push_back(status(4, giulia(), resolved));
    assert_eq!(drawn(&source(&entries, &[])), "— [1]v done");
    entries.push_back(status(7, giulia(), resolved));
    assert_eq!(drawn(&source(&entries, &[])), "— [1]v done", "said once");
    entries.pop_back();
    // Whoever writes on opens it, and it was closed before.
    entries.push_back(entry(5, 5, Author::Visitor));
    entries.push_back(status(6, Author::System, open));
    assert_eq!(drawn(&source(&entries, &[])), "— [1] done [5]v");
}

#[test]
fn keys_are_unlike() {
    let entries: VecDeque<_> = (1..200).map(|n| entry(n, n % 3 * DAY, giulia())).collect();
    let keys: Vec<Key> = lines(&source(&entries, &[]), |at| (at.0 / DAY) as i64)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let unlike: std::collections::BTreeSet<Key> = keys.iter().copied().collect();
    assert_eq!(keys.len(), unlike.len());
}

#[test]
fn a_window_goes_up_and_down_and_stays_small() {
    let entries: VecDeque<_> = (1..=1_000).map(|n| entry(n, n, giulia())).collect();
    let mut window = Window::default();
    assert_eq!(window.range(&entries), (940, 1_000));
    let mut steps = 0;
    while window.up(&entries) {
        let (start, end) = window.range(&entries);
        assert!(end - start <= MOST && start < end);
        steps += 1;
    }
    assert_eq!((window.range(&entries), steps), ((0, MOST), 24));
    assert!(!window.is_at_end());
    while !window.is_at_end() {
        window.down(&entries);
    }
    assert_eq!(window.range(&entries), (1_000 - MOST, 1_000));
}

#[test]
fn a_window_that_is_held_loses_no_line() {
    let mut entries: VecDeque<_> = (1..=100).map(|n| entry(n, n, giulia())).collect();
    let mut window = Window::default();
    window.hold(&entries);
    entries.push_back(entry(101, 101, giulia()));
    assert_eq!(window.range(&entries), (40, 101));
}

#[test]
fn a_window_at_the_end_follows_what_comes() {
    let mut entries: VecDeque<_> = (1..=100).map(|n| entry(n, n, giulia())).collect();
    let mut window = Window::default();
    assert!(window.up(&entries));
    entries.push_back(entry(101, 101, giulia()));
    assert_eq!(window.range(&entries), (0, 101));
}

#[test]
fn a_draft_says_when_it_was_written() {
    assert_eq!(
        minted_at(id(1_764_000_000_123)),
        Timestamp(1_764_000_000_123)
    );
}
