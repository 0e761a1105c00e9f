//! The transcript as lines on a screen: days, groups, the divider before what is new, how far the last message is.
//!
//! Only a window of the transcript is made into lines, whatever its length.

mod window;

use std::collections::VecDeque;

use protocol::{
    client::outbox::{Outgoing, Progress, minted_at},
    conversation::Status,
    cursor::Seq,
    entry::{Author, Content, Entry},
    frame::Refusal,
    id::MessageId,
    time::{Millis, Timestamp},
};

pub use window::Window;

/// Messages of one author within this time belong together.
const GROUP: Millis = Millis::seconds(180);

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
            Content::Message { text, .. } => {
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
            Content::Status { status } => {
                if let [before @ .., (_, Line::Resolved)] = &*self.made {
                    // Taken back; closed once more it is what it was.
                    if *status == Status::Open {
                        self.made.truncate(before.len());
                    }
                } else if *status == Status::Resolved {
                    self.divide(Key::Entry(entry.id), Line::Resolved);
                }
            }
            Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Form { .. }
            | Content::Rating { .. }
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

/// The name of who wrote something.
pub fn name(author: &Author) -> Option<String> {
    match author {
        Author::Operator(card) => Some(card.name.clone()),
        Author::Bot(card) => Some(card.name.clone()),
        Author::Visitor | Author::System | Author::Unknown => None,
    }
}

#[cfg(test)]
mod tests;
