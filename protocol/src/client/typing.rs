//! Who types, and how often to say that one does.

use crate::{entry::Author, limits, time::Timestamp};

/// Signs of typing, in and out.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    others: Vec<(Author, Timestamp)>,
    said_at: Option<Timestamp>,
}

impl Typing {
    /// Who types now.
    pub fn authors(&self) -> impl Iterator<Item = &Author> {
        self.others.iter().map(|(author, _)| author)
    }

    /// When a sign grows too old.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.others.iter().map(|(_, until)| *until).min()
    }

    /// Somebody types, or stopped.
    pub fn heard(&mut self, now: Timestamp, author: Author, on: bool) {
        self.others.retain(|(other, _)| !other.is(&author));
        if on {
            self.others.push((author, now + limits::TYPING_SHOWN));
        }
    }

    /// Forgets signs that are too old.
    pub fn expire(&mut self, now: Timestamp) {
        self.others.retain(|(_, until)| *until > now);
    }

    /// Forgets everybody: the socket is gone.
    pub fn forget(&mut self) {
        self.others.clear();
        self.said_at = None;
    }

    /// Whether to say now that this participant types (or stopped).
    pub fn say(&mut self, now: Timestamp, on: bool) -> bool {
        match (on, self.said_at) {
            // A clock set back must not silence it.
            (true, Some(at)) if now >= at && now - at < limits::TYPING_EVERY => false,
            (true, _) => {
                self.said_at = Some(now);
                true
            }
            (false, said) => {
                self.said_at = None;
                said.is_some()
            }
        }
    }
}
