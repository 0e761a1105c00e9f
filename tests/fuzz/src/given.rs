//! Choices out of bytes: names, places, times and words, from few enough that they meet each other. Bytes that are used up choose
//! the first of everything, so that a story ends.

use arbitrary::Unstructured;
use protocol::{
    conversation::Status,
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, BotCard, Content, Entry, OperatorCard},
    frame::{ClientFrame, Hello, History, Presence, Refusal, Refused, ServerFrame, Span, Welcome},
    id::{MessageId, OperatorId, ShopId, VisitorId},
    limits,
    message::Draft,
    outlook::Outlook,
    presence::Page,
    receipt::Receipt,
    relay::Principal,
    time::Timestamp,
    version::VersionRange,
};

/// When a story begins.
pub const START: Timestamp = Timestamp(1_760_000_000_000);

/// The last moment that a clock of JavaScript tells: at the end of numbers everything would be due at once, for ever.
const LAST: u64 = 8_640_000_000_000_000;

/// Bytes on the way to being choices.
pub struct Given<'a>(Unstructured<'a>);

impl<'a> Given<'a> {
    /// The choices that these bytes make.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    /// Whether nothing is left to choose.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u8) -> u8 {
        self.0.int_in_range(0..=end - 1).unwrap_or_default()
    }

    /// Yes or no.
    pub fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    /// Something or nothing.
    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    /// Up to `most` of something.
    pub fn some<T>(&mut self, most: u8, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// A number: mostly small, now and then any.
    pub fn number(&mut self) -> u64 {
        match self.below(8) {
            0 => self.0.arbitrary().unwrap_or_default(),
            1 => u64::MAX - u64::from(self.below(3)),
            _ => self.below(48).into(),
        }
    }

    /// A place.
    pub fn seq(&mut self) -> Seq {
        Seq(self.number())
    }

    /// Words: none, the longest, too long, or any.
    pub fn text(&mut self) -> String {
        match self.below(8) {
            0 => String::new(),
            1 => "x".repeat(limits::TEXT_MAX),
            2 => "è".repeat(limits::TEXT_MAX + 1),
            3 => self.0.arbitrary().unwrap_or_default(),
            n => format!("words {n}"),
        }
    }

    /// The time after another: mostly a moment later, now and then much later, or earlier.
    pub fn after(&mut self, now: Timestamp) -> Timestamp {
        let by = u64::from(self.below(250));
        Timestamp(match self.below(16) {
            0 => self.number().min(LAST),
            1 => now.0.saturating_sub(by * 1_000),
            2 | 3 => now.0.saturating_add(by * 1_000),
            4 => (now.0 + by * 3_600_000).min(LAST),
            _ => now.0.saturating_add(by),
        })
    }

    /// Sixteen bytes that begin with a time; one of sixteen.
    fn name(&mut self) -> [u8; 16] {
        let n = self.below(16);
        *MessageId::mint(Timestamp(START.0 + u64::from(n)), [n; 10]).as_bytes()
    }

    /// The name of a message.
    pub fn id(&mut self) -> MessageId {
        let any = self.below(16) == 0;
        let bytes = if any { self.0.arbitrary().ok() } else { None };
        MessageId::from_bytes(bytes.unwrap_or_else(|| self.name()))
    }

    /// One of a few operators.
    pub fn card(&mut self) -> OperatorCard {
        let n = self.below(3);
        OperatorCard {
            id: OperatorId::from_bytes([n; 16]),
            name: ["Giulia", "Marco", ""][usize::from(n)].into(),
        }
    }

    /// A visitor or an operator, of one shop or another.
    pub fn principal(&mut self) -> Principal {
        let name = if self.below(8) == 0 { "other" } else { "demo" };
        let shop: ShopId = name.parse().expect("a name");
        if self.yes() {
            let card = self.card();
            return Principal::Operator { shop, card };
        }
        let visitor = VisitorId::from_bytes([u8::from(self.below(8) == 0); 16]);
        Principal::Visitor { shop, visitor }
    }

    /// Whoever writes.
    pub fn author(&mut self) -> Author {
        match self.below(6) {
            0 | 1 => Author::Visitor,
            2 => Author::Operator(self.card()),
            3 => Author::Bot(BotCard {
                id: "b".into(),
                name: String::new(),
            }),
            4 => Author::System,
            _ => Author::Unknown,
        }
    }

    /// What an entry says.
    pub fn content(&mut self) -> Content {
        match self.below(8) {
            0 => Content::Note { text: self.text() },
            1 => Content::Assigned {
                to: self.maybe(Self::card),
            },
            2 => Content::Status {
                status: self.status(),
            },
            3 => Content::Unknown,
            _ => Content::words(self.text()),
        }
    }

    /// Whether anything is left to do.
    pub fn status(&mut self) -> Status {
        if self.yes() {
            Status::Resolved
        } else {
            Status::Open
        }
    }

    /// What somebody writes.
    pub fn draft(&mut self) -> Draft {
        Draft {
            id: self.id(),
            content: self.content(),
        }
    }

    /// A stretch of the transcript.
    pub fn span(&mut self) -> Span {
        match self.below(3) {
            0 => Span::Newest,
            1 => Span::After(self.seq()),
            _ => Span::Before(self.seq()),
        }
    }

    /// What somebody looks at.
    pub fn page(&mut self) -> Page {
        Page {
            url: self.text(),
            title: self.text(),
            facts: vec![],
        }
    }

    /// How a client introduces itself; mostly one that speaks our version.
    pub fn hello(&mut self) -> Hello {
        let version = match self.below(8) {
            0 => VersionRange {
                oldest: self.below(4).into(),
                newest: self.below(4).into(),
            },
            _ => VersionRange::OURS,
        };
        Hello {
            version,
            token: self.maybe(Self::text),
            cursor: self.maybe(|it| Cursor {
                epoch: it.epoch(),
                seq: it.seq(),
            }),
            page: self.maybe(Self::page),
        }
    }

    /// An incarnation: mostly that of [`START`].
    pub fn epoch(&mut self) -> Epoch {
        match self.below(4) {
            0 => Epoch(self.number()),
            _ => Epoch(START.0),
        }
    }

    /// What a client says after its hello, or as one.
    pub fn client_frame(&mut self) -> ClientFrame {
        match self.below(12) {
            0 => ClientFrame::Hello(self.hello()),
            1 | 2 => ClientFrame::Receipt {
                delivered: self.seq(),
                read: self.seq(),
            },
            3 => ClientFrame::Typing { on: self.yes() },
            4 | 5 => ClientFrame::History(self.span()),
            6 => ClientFrame::Page(self.page()),
            7 => ClientFrame::Unknown,
            _ => ClientFrame::Send(self.draft()),
        }
    }

    /// What a relay says.
    pub fn server_frame(&mut self) -> ServerFrame {
        match self.below(12) {
            0 | 1 => ServerFrame::Welcome(Welcome {
                version: 1,
                epoch: self.epoch(),
                head: self.seq(),
                you: self.author(),
                status: self.status(),
                receipts: self.some(2, Self::receipt),
                presence: self.presence(),
            }),
            2 | 3 => ServerFrame::History(self.history()),
            4..=7 => {
                let entry = self.entry();
                let back = u64::from(self.below(3));
                ServerFrame::Entry {
                    previous: Seq(entry.seq.0.saturating_sub(1 + back)),
                    entry,
                }
            }
            8 => ServerFrame::Refused(Refused {
                id: self.maybe(Self::id),
                code: self.refusal(),
                limit: self.maybe(Self::number),
                retry_after_ms: self.maybe(Self::number),
            }),
            9 => ServerFrame::Receipt(self.receipt()),
            10 => ServerFrame::Typing {
                author: self.author(),
                on: self.yes(),
            },
            _ => match self.yes() {
                true => ServerFrame::Presence(self.presence()),
                false => ServerFrame::Unknown,
            },
        }
    }

    /// A page as a relay tells it: in order, and after `previous`.
    fn history(&mut self) -> History {
        let mut entries = self.some(5, Self::entry);
        entries.sort_by_key(|entry| entry.seq);
        entries.dedup_by_key(|entry| entry.seq);
        let first = entries.first().map_or(Seq(1), |entry| entry.seq);
        let back = u64::from(self.below(3));
        History {
            previous: Seq(first.0.saturating_sub(1 + back)),
            entries,
            more: self.yes(),
        }
    }

    fn entry(&mut self) -> Entry {
        let seq = self.seq();
        Entry {
            // No entry has the place before the first.
            seq: if seq == Seq::START { Seq(1) } else { seq },
            id: self.id(),
            at: Timestamp(self.number()),
            author: self.author(),
            content: self.content(),
        }
    }

    fn receipt(&mut self) -> Receipt {
        Receipt {
            reader: self.author(),
            delivered: self.seq(),
            read: self.seq(),
        }
    }

    fn presence(&mut self) -> Presence {
        Presence {
            duty: self.some(2, Self::card),
            visitor: self.yes(),
            page: self.maybe(Self::page),
            outlook: Outlook {
                opens_at: self.maybe(|given| Timestamp(given.number())),
                usual_ms: self.maybe(Self::number),
                ahead: self.maybe(Self::number),
            },
        }
    }

    fn refusal(&mut self) -> Refusal {
        const ALL: [Refusal; 10] = [
            Refusal::Empty,
            Refusal::TooLong,
            Refusal::Conflict,
            Refusal::Forbidden,
            Refusal::Malformed,
            Refusal::Missing,
            Refusal::RateLimited,
            Refusal::Held,
            Refusal::Unavailable,
            Refusal::Unknown,
        ];
        ALL[usize::from(self.below(10))]
    }
}
