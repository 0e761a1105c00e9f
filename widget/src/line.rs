//! The transcript as lines on a screen: days, groups, the divider before what is new, how far the last message is.
//!
//! Only a window of the transcript is made into lines, whatever its length.

use std::collections::VecDeque;

use protocol::{
    client::outbox::{Outgoing, Progress},
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    frame::Refusal,
    id::MessageId,
    time::{Millis, Timestamp},
};

/// Messages of one author within this time belong together.
const GROUP: Millis = Millis::seconds(180);

/// Entries shown when the panel opens: two tall screens of short messages, so that the first scroll meets no edge.
const FIRST: usize = 60;
/// Entries added when an edge of the window comes near: a page of history.
const STEP: usize = 40;
/// Entries shown at most; behind that the other edge follows.
const MOST: usize = 200;

/// What a line is, from one drawing to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The day of this entry.
    Day(MessageId),
    /// What follows is new.
    New,
    /// An entry, or the draft that becomes it.
    Entry(MessageId),
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A day begins.
    Day(Timestamp),
    /// What follows is new.
    New,
    /// The conversation was closed here.
    Resolved,
    /// Words.
    Bubble(Bubble),
}

/// Somebody's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// Which.
    pub id: MessageId,
    /// Whether the reader wrote them.
    pub mine: bool,
    /// Who wrote them; the shop, when it is nobody in particular.
    pub author: Option<String>,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Whether they begin a group.
    pub first: bool,
    /// Whether they end a group.
    pub last: bool,
    /// How far they are, where that is shown.
    pub progress: Option<Sent>,
}

/// How far the reader's own words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// On their way.
    Waiting,
    /// Stored by the relay.
    Stored,
    /// Read by an operator.
    Seen,
    /// Refused, with the limit that was passed.
    Refused(Refusal, Option<u64>),
}

/// The entries that are shown: from `from` on, up to `to` or to the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    from: Option<Seq>,
    to: Option<Seq>,
}

impl Window {
    /// Whether the newest is shown.
    pub fn is_at_end(&self) -> bool {
        self.to.is_none()
    }

    /// Shows what it shows, whatever comes at the end.
    pub fn hold(&mut self, entries: &VecDeque<Entry>) {
        let (start, _) = self.range(entries);
        self.from = entries.get(start).map(|entry| entry.seq);
    }

    /// Shows more at the top. `false` when all that is here is shown already.
    pub fn up(&mut self, entries: &VecDeque<Entry>) -> bool {
        let (start, end) = self.range(entries);
        if start == 0 {
            return false;
        }
        let start = start.saturating_sub(STEP);
        self.from = entries.get(start).map(|entry| entry.seq);
        if end - start > MOST {
            self.to = entries.get(start + MOST - 1).map(|entry| entry.seq);
        }
        true
    }

    /// Shows more at the bottom.
    pub fn down(&mut self, entries: &VecDeque<Entry>) {
        let (start, end) = self.range(entries);
        let end = (end + STEP).min(entries.len());
        self.to = entries
            .get(end)
            .and(entries.get(end - 1))
            .map(|entry| entry.seq);
        let start = start.max(end.saturating_sub(MOST));
        self.from = entries.get(start).map(|entry| entry.seq);
    }

    /// The places in `entries` that are shown.
    pub fn range(&self, entries: &VecDeque<Entry>) -> (usize, usize) {
        let end = self.to.map_or(entries.len(), |to| {
            entries.partition_point(|entry| entry.seq <= to)
        });
        let start = match self.from {
            Some(from) => entries.partition_point(|entry| entry.seq < from),
            None => entries.len().saturating_sub(FIRST),
        };
        (start.min(end), end)
    }
}

/// What lines are made of.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The entries, oldest first.
    pub entries: &'a VecDeque<Entry>,
    /// What is not confirmed.
    pub outgoing: &'a [Outgoing],
    /// Which part is shown.
    pub window: Window,
    /// How far the others have read.
    pub read: Seq,
    /// The first entry that is new.
    pub new_from: Option<Seq>,
}

/// The lines, oldest first. `day_of` numbers the days where the reader is.
pub fn lines(source: &Source<'_>, day_of: impl Fn(Timestamp) -> i64) -> Vec<(Key, Line)> {
    let mut lines = Lines {
        made: vec![],
        day: None,
        open: None,
        mine: None,
        day_of,
    };
    let (start, end) = source.window.range(source.entries);
    for entry in source.entries.range(start..end) {
        if source.new_from == Some(entry.seq) {
            lines.divide(Key::New, Line::New);
        }
        lines.entry(entry, source.read);
    }
    if source.window.is_at_end() {
        let stored = |id| source.entries.iter().rev().any(|entry| entry.id == id);
        for outgoing in source
            .outgoing
            .iter()
            .filter(|outgoing| !stored(outgoing.draft.id))
        {
            lines.outgoing(outgoing);
        }
    }
    lines.made
}

struct Lines<D> {
    made: Vec<(Key, Line)>,
    day: Option<i64>,
    /// The bubble that the next one may join, and its author.
    open: Option<(usize, Author)>,
    /// The last bubble of the reader's that shows how far it is.
    mine: Option<usize>,
    day_of: D,
}

impl<D: Fn(Timestamp) -> i64> Lines<D> {
    fn entry(&mut self, entry: &Entry, read: Seq) {
        match &entry.content {
            Content::Message { text } => {
                let mine = entry.author == Author::Visitor;
                let sent = if entry.seq <= read {
                    Sent::Seen
                } else {
                    Sent::Stored
                };
                self.bubble(
                    entry.id,
                    entry.at,
                    &entry.author,
                    text,
                    mine.then_some(sent),
                );
            }
            Content::Status {
                status: Status::Resolved,
            } => self.divide(Key::Entry(entry.id), Line::Resolved),
            Content::Status {
                status: Status::Open,
            }
            | Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Unknown => {}
        }
    }

    fn outgoing(&mut self, outgoing: &Outgoing) {
        let Some(text) = outgoing.draft.content.text() else {
            return;
        };
        let sent = match outgoing.progress {
            Progress::Waiting | Progress::Sent { .. } => Sent::Waiting,
            Progress::Refused { code, limit } => Sent::Refused(code, limit),
        };
        self.bubble(
            outgoing.draft.id,
            minted_at(outgoing.draft.id),
            &Author::Visitor,
            text,
            Some(sent),
        );
    }

    fn divide(&mut self, key: Key, line: Line) {
        self.open = None;
        self.made.push((key, line));
    }

    fn bubble(
        &mut self,
        id: MessageId,
        at: Timestamp,
        author: &Author,
        text: &str,
        sent: Option<Sent>,
    ) {
        let day = (self.day_of)(at);
        if self.day != Some(day) {
            self.day = Some(day);
            self.divide(Key::Day(id), Line::Day(at));
        }
        let refused = matches!(sent, Some(Sent::Refused(..)));
        let joined = self.join(at, author);
        if sent.is_some()
            && !refused
            && let Some(Line::Bubble(before)) = self.mine.and_then(|place| self.line(place))
        {
            before.progress = None;
        }
        let place = self.made.len();
        let bubble = Bubble {
            id,
            mine: *author == Author::Visitor,
            author: name(author),
            text: text.into(),
            at,
            first: !joined,
            last: true,
            progress: sent,
        };
        self.made.push((Key::Entry(id), Line::Bubble(bubble)));
        self.open = Some((place, author.clone()));
        if sent.is_some() && !refused {
            self.mine = Some(place);
        }
    }

    /// Joins the group before, if there is one to join.
    fn join(&mut self, at: Timestamp, author: &Author) -> bool {
        let Some((place, before)) = self.open.take() else {
            return false;
        };
        if before != *author {
            return false;
        }
        let Some(Line::Bubble(bubble)) = self.line(place) else {
            return false;
        };
        let joins = at - bubble.at < GROUP;
        bubble.last = !joins;
        joins
    }

    fn line(&mut self, place: usize) -> Option<&mut Line> {
        self.made.get_mut(place).map(|(_, line)| line)
    }
}

/// When a draft was written: its name says it (UUIDv7).
fn minted_at(id: MessageId) -> Timestamp {
    Timestamp(
        id.as_bytes()
            .iter()
            .take(6)
            .fold(0, |at, byte| at << 8 | u64::from(*byte)),
    )
}

/// The name of who wrote something.
pub fn name(author: &Author) -> Option<String> {
    match author {
        Author::Operator(card) => Some(card.name.clone()),
        Author::Bot(card) => Some(card.name.clone()),
        Author::Visitor | Author::System | Author::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use protocol::{entry::OperatorCard, id::OperatorId, message::Draft};

    use super::*;

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
        let content = Content::Message {
            text: seq.to_string(),
        };
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
                content: Content::Message {
                    text: "draft".into(),
                },
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
            drawn(&source(&entries, &[refused.clone()])),
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
}
