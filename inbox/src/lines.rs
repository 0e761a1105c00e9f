//! What is drawn of a conversation: the transcript and the outbox as lines, in groups, under their days. Pure.
//!
//! A line is named by its message, so that words on their way and the same words stored are one line on the screen.
//! What can change about a line is its [`Shape`]; everything else stays as it was when the line first appeared.

use std::sync::Arc;

use protocol::{
    client::outbox::{Outgoing, Progress},
    conversation::Status,
    cursor::Seq,
    desk::meanwhile::Meanwhile,
    entry::{Answer, Author, Content, Entry, OperatorCard},
    frame::Refusal,
    id::MessageId,
    part::Parts,
    shared::Shared,
    time::{Millis, Timestamp},
};

/// Words of one author within this time stand together, with one name and one time.
const GROUP: Millis = Millis::seconds(3 * 60);

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub key: Key,
    /// What it says.
    pub what: What,
    /// What can change about it.
    pub shape: Shape,
}

/// The name of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The day of this number.
    Day(i64),
    /// Where the news begins.
    News,
    /// An entry.
    Entry(MessageId),
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A new day begins.
    Day(Timestamp),
    /// From here on nothing had been seen when the conversation was opened.
    News,
    /// Somebody's words.
    Words {
        /// Whose.
        author: Author,
        /// Whether they are this operator's.
        mine: bool,
        /// Whether only operators see them.
        note: bool,
        /// The words.
        text: Arc<str>,
        /// What came with them.
        parts: Parts,
    },
    /// What the visitor filled in.
    Form(Shared<Answer>),
    /// What the visitor thinks of it.
    Rating {
        /// From 1 to 5.
        score: u8,
        /// In words; may be empty.
        comment: Arc<str>,
    },
    /// Something that was done.
    Deed {
        /// By whom.
        author: Author,
        /// What.
        deed: Deed,
    },
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody is to answer, or nobody in particular.
    Assigned(Option<OperatorCard>),
    /// It was resolved or opened again.
    Status(Status),
}

/// What can change about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// First of its group.
    pub first: bool,
    /// Last of its group.
    pub last: bool,
    /// When it was stored.
    pub at: Option<Timestamp>,
    /// How far it got.
    pub mark: Mark,
}

/// How far words got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing is said about it.
    None,
    /// On this device only.
    Waiting,
    /// Stored.
    Stored,
    /// Before the visitor's eyes.
    Seen,
    /// Not sent: somebody wrote meanwhile, and its author decides.
    Held(Meanwhile),
    /// Refused.
    Refused(Refusal, Option<u64>),
}

impl Mark {
    /// Whether nothing becomes of the words by themselves.
    pub fn is_stuck(&self) -> bool {
        match self {
            Self::Held(_) | Self::Refused(..) => true,
            Self::None | Self::Waiting | Self::Stored | Self::Seen => false,
        }
    }
}

/// What lines are made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The transcript, oldest first.
    pub entries: &'a std::collections::VecDeque<Entry>,
    /// What is not confirmed.
    pub outgoing: &'a [Outgoing],
    /// What of it is not sent before its author says so, and why.
    pub held: &'a [(MessageId, Meanwhile)],
    /// Who sits at this desk.
    pub you: &'a Author,
    /// How far the visitor has read.
    pub read: Seq,
    /// What had been seen when the conversation was opened; nothing when all had been.
    pub news_after: Option<Seq>,
}

/// The lines, oldest first. `day` tells the number of the day of a time, where this operator lives.
pub fn lines(source: Source<'_>, now: Timestamp, day: impl Fn(Timestamp) -> i64) -> Vec<Line> {
    let mut lines = Vec::with_capacity(source.entries.len() + source.outgoing.len() + 8);
    let mut today = None;
    let mut news_after = source.news_after;
    let mut begin_day = |lines: &mut Vec<Line>, at: Timestamp| {
        let number = day(at);
        // A clock set back on the relay makes no second divider.
        if today.is_none_or(|today| number > today) {
            today = Some(number);
            lines.push(bare(Key::Day(number), What::Day(at)));
        }
    };
    for entry in source.entries {
        let mine = entry.author == *source.you;
        let Some(what) = what(&entry.content, &entry.author, mine) else {
            continue;
        };
        begin_day(&mut lines, entry.at);
        if news_after.is_some_and(|seen| entry.seq > seen) && !mine && !entry.content.is_internal()
        {
            news_after = None;
            // Where everything is new, nothing has to be told apart.
            if lines
                .iter()
                .any(|line| matches!(line.what, What::Words { .. }))
            {
                lines.push(bare(Key::News, What::News));
            }
        }
        let mark = if entry.seq <= source.read {
            Mark::Seen
        } else {
            Mark::Stored
        };
        let shape = Shape {
            first: true,
            last: true,
            at: Some(entry.at),
            mark,
        };
        lines.push(Line {
            key: Key::Entry(entry.id),
            what,
            shape,
        });
    }
    for outgoing in source.outgoing {
        let Some(what) = what(&outgoing.draft.content, source.you, true) else {
            continue;
        };
        begin_day(&mut lines, now);
        let held = source.held.iter().find(|(id, _)| *id == outgoing.draft.id);
        let mark = match outgoing.progress {
            Progress::Waiting | Progress::Sent { .. } => {
                held.map_or(Mark::Waiting, |(_, why)| Mark::Held(why.clone()))
            }
            Progress::Refused { code, limit } => Mark::Refused(code, limit),
        };
        let shape = Shape {
            first: true,
            last: true,
            at: None,
            mark,
        };
        lines.push(Line {
            key: Key::Entry(outgoing.draft.id),
            what,
            shape,
        });
    }
    group(&mut lines, now);
    quieten(&mut lines);
    lines
}

/// Who is to answer and whether anything is left to do, as this device knows it: what it asked for counts at once.
pub fn standing(
    entries: &std::collections::VecDeque<Entry>,
    outgoing: &[Outgoing],
) -> (Option<Option<OperatorCard>>, Option<Status>) {
    let asked = outgoing
        .iter()
        .filter(|o| !matches!(o.progress, Progress::Refused { .. }));
    let contents = entries
        .iter()
        .map(|entry| &entry.content)
        .chain(asked.map(|o| &o.draft.content));
    let (mut assignee, mut status) = (None, None);
    for content in contents {
        match content {
            Content::Assigned { to } => assignee = Some(to.clone()),
            Content::Status { status: new } => status = Some(*new),
            Content::Message { .. }
            | Content::Note { .. }
            | Content::Form { .. }
            | Content::Rating { .. }
            | Content::Unknown => {}
        }
    }
    (assignee, status)
}

/// What the visitor has said of themselves, as far as it is among these lines: to each question the last answer.
pub fn told(lines: &[Line]) -> Vec<Answer> {
    let mut told: Vec<Answer> = vec![];
    for line in lines {
        let What::Form(answers) = &line.what else {
            continue;
        };
        for answer in answers.all() {
            told.retain(|before| before.name != answer.name);
            told.push(answer.clone());
        }
    }
    told
}

fn what(content: &Content, author: &Author, mine: bool) -> Option<What> {
    let words = |text: &str, parts: Parts, note| What::Words {
        author: author.clone(),
        mine,
        note,
        text: text.into(),
        parts,
    };
    let deed = |deed| What::Deed {
        author: author.clone(),
        deed,
    };
    Some(match content {
        Content::Message { text, parts } => words(text, parts.clone(), false),
        Content::Note { text } => words(text, Parts::default(), true),
        Content::Assigned { to } => deed(Deed::Assigned(to.clone())),
        Content::Status { status } => deed(Deed::Status(*status)),
        Content::Form { answers } => What::Form(answers.clone()),
        Content::Rating { score, comment } => What::Rating {
            score: *score,
            comment: comment.as_str().into(),
        },
        Content::Unknown => return None,
    })
}

fn bare(key: Key, what: What) -> Line {
    Line {
        key,
        what,
        shape: Shape {
            first: true,
            last: true,
            at: None,
            mark: Mark::None,
        },
    }
}

/// Words of one author and one kind, soon after each other, stand together.
fn group(lines: &mut [Line], now: Timestamp) {
    for at in 1..lines.len() {
        let (before, after) = lines.split_at_mut(at);
        let (Some(before), Some(after)) = (before.last_mut(), after.first_mut()) else {
            continue;
        };
        let (
            What::Words {
                author: a, note: m, ..
            },
            What::Words {
                author: b, note: n, ..
            },
        ) = (&before.what, &after.what)
        else {
            continue;
        };
        let (from, to) = (
            before.shape.at.unwrap_or(now),
            after.shape.at.unwrap_or(now),
        );
        let apart = before.shape.mark.is_stuck() || to - from > GROUP;
        if a == b && m == n && !apart {
            before.shape.last = false;
            after.shape.first = false;
        }
    }
}

/// How far words got is told under the last of this operator's that can be read by the visitor, and where it went wrong.
fn quieten(lines: &mut [Line]) {
    let mut told = false;
    for line in lines.iter_mut().rev() {
        let tells = match &line.what {
            What::Words {
                mine: true,
                note: false,
                ..
            } => !core::mem::replace(&mut told, true),
            // A note and a deed are nobody's to see, but they can be on their way.
            What::Words {
                mine: true,
                note: true,
                ..
            }
            | What::Deed { .. } => line.shape.mark == Mark::Waiting,
            What::Words { .. }
            | What::Form(_)
            | What::Rating { .. }
            | What::Day(_)
            | What::News => false,
        };
        if !tells && !line.shape.mark.is_stuck() {
            line.shape.mark = Mark::None;
        }
    }
}

#[cfg(test)]
mod tests;
