//! The composer's conscience: what was written by others since its operator began to write, and whether a press of the
//! key or the button sends (SPEC, DE). Pure.

use crate::{client::Client, cursor::Cursor, entry::Author, limits, time::Timestamp};

use super::meanwhile::Meanwhile;

/// What the hand did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// The key, which is pressed without a look.
    Key,
    /// The button, which says what it does.
    Button,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The words leave.
    Send,
    /// The words stay, and the operator is shown what they have not read.
    Look,
}

/// Words that are being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// Whether there are any.
    begun: bool,
    /// What had been before the operator's eyes when they began.
    since: Option<Cursor>,
    /// What is said above the composer, and since when.
    told: Option<(Meanwhile, Timestamp)>,
    /// Whether the operator was stopped because of it.
    asked: bool,
}

impl Writing {
    /// Words that the device kept, and what had been seen when they were begun.
    pub fn restored(words: bool, since: Option<Cursor>) -> Self {
        Self {
            begun: words,
            since: since.filter(|_| words),
            ..Self::default()
        }
    }

    /// What had been seen when the words were begun, to be kept with them.
    pub fn since(&self) -> Option<Cursor> {
        self.since
    }

    /// The composer was changed by hand, and has words or not.
    pub fn typed(&mut self, now: Timestamp, words: bool, client: &Client) {
        if self.begun != words {
            let seen = client.transcript().cursor().map(|here| Cursor {
                seq: client.seen().min(here.seq),
                ..here
            });
            *self = Self::restored(words, seen);
        }
        self.look(now, client);
    }

    /// The conversation may have changed.
    pub fn look(&mut self, now: Timestamp, client: &Client) {
        let news = self.begun.then(|| self.news(client)).flatten();
        let told = self.told.as_ref().map(|(told, _)| told);
        if news.as_ref() != told {
            self.told = news.map(|news| (news, now));
            self.asked = false;
        }
    }

    /// What is said above the composer.
    pub fn told(&self) -> Option<&Meanwhile> {
        self.told.as_ref().map(|(told, _)| told)
    }

    /// Whether the operator was stopped because of it, so that the next press sends.
    pub fn has_asked(&self) -> bool {
        self.asked
    }

    /// The operator wants to send.
    pub fn press(&mut self, now: Timestamp, press: Press) -> Verdict {
        let ready = self.told.as_ref().is_none_or(|(_, at)| {
            let named = press == Press::Button && now - *at >= limits::MEANWHILE_READ;
            self.asked || named
        });
        if ready {
            return Verdict::Send;
        }
        self.asked = true;
        Verdict::Look
    }

    fn news(&self, client: &Client) -> Option<Meanwhile> {
        let transcript = client.transcript();
        let you = client.you().unwrap_or(&Author::Unknown);
        // A visitor writes on while they are answered: their words count only while they are out of sight.
        let unseen = || {
            let news = Meanwhile::of_visitor(transcript, self.since)?;
            (news.seq > client.seen()).then_some(news)
        };
        Meanwhile::of_others(transcript, you, self.since).or_else(unseen)
    }
}
