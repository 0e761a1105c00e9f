//! The part of the transcript that is made into lines: small whatever the transcript's length, and held where the person
//! reads.

use std::collections::VecDeque;

use protocol::{cursor::Seq, entry::Entry};

/// Entries shown when the panel opens: two tall screens of short messages, so that the first scroll meets no edge.
const FIRST: usize = 60;
/// Entries added when an edge of the window comes near: a page of history.
const STEP: usize = 40;
/// Entries shown at most; behind that the other edge follows.
pub(super) const MOST: usize = 200;

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
