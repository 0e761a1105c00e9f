//! What others wrote while an operator wrote or was away. Pure.

use crate::{
    client::transcript::Transcript,
    cursor::{Cursor, Seq},
    entry::{Author, Content, Entry},
};

/// The last words of somebody else that an answer was written without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meanwhile {
    /// Whose.
    pub author: Author,
    /// Whether the visitor does not see them.
    pub note: bool,
    /// Their place.
    pub seq: Seq,
}

impl Meanwhile {
    /// Words for the visitor, or about the visitor, of another operator or a program after a place. An answer weighs more
    /// than a note after it: it is what the visitor has read.
    pub fn of_others(transcript: &Transcript, you: &Author, after: Option<Cursor>) -> Option<Self> {
        last(transcript, after, |entry| answers(entry, you))
    }

    /// Words of the visitor after a place.
    pub fn of_visitor(transcript: &Transcript, after: Option<Cursor>) -> Option<Self> {
        last(transcript, after, |entry| {
            entry.author == Author::Visitor && matches!(entry.content, Content::Message { .. })
        })
    }
}

/// The weightiest entry after a place. A place in another incarnation, or none, is before everything: what is not known to
/// have been seen was not.
fn last(
    transcript: &Transcript,
    after: Option<Cursor>,
    counts: impl Fn(&Entry) -> bool,
) -> Option<Meanwhile> {
    let same = after.filter(|after| transcript.cursor().is_some_and(|c| c.epoch == after.epoch));
    let after = same.map_or(Seq::START, |after| after.seq);
    let new = transcript.entries().iter().rev();
    let new = new.take_while(|entry| entry.seq > after);
    let weighed = |entry: &&Entry| (!entry.content.is_internal(), entry.seq);
    let entry = new.filter(|entry| counts(entry)).max_by_key(weighed)?;
    Some(Meanwhile {
        author: entry.author.clone(),
        note: entry.content.is_internal(),
        seq: entry.seq,
    })
}

fn answers(entry: &Entry, you: &Author) -> bool {
    let another = match entry.author {
        Author::Operator(_) | Author::Bot(_) | Author::Unknown => !entry.author.is(you),
        Author::Visitor | Author::System => false,
    };
    another && entry.content.text().is_some()
}
