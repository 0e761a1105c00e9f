//! What is known of a shop's inbox: pages of the list as they are read, and the changes told since. Pure.
//!
//! What was told live is newer than a page that was asked for before; a page never takes it back. After a time in which nobody
//! listened a list is read again as far as it was read before, page by page, and what is in none of them has left it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    api::Conversations,
    conversation::{Status, Summary},
    id::{ConversationId, OperatorId},
    limits,
    time::Timestamp,
};

/// One of the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tab {
    /// Everything that somebody may wait for.
    #[default]
    Open,
    /// Of those, what is assigned to the operator at this desk.
    Mine,
    /// What is done.
    Resolved,
}

impl Tab {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Open, Self::Mine, Self::Resolved];
}

/// How far a list has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Not at all.
    #[default]
    Unread,
    /// There is more, from here on.
    Partly(String),
    /// To the end.
    Wholly,
}

/// How many conversations a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(usize),
    /// So many and more.
    AtLeast(usize),
}

/// A conversation's place in every list: last changed first.
type Place = (Timestamp, ConversationId);

/// How far a list was read, and how far it is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Extent {
    reading: Reading,
    /// The last place of the pages that were read; nothing before the first and after the last of them.
    down_to: Option<Place>,
    /// How far it had been read before nobody listened, where it is not read so far again. No place is to the end.
    owed: Option<Option<Place>>,
}

/// What is known of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    me: Option<OperatorId>,
    known: BTreeMap<ConversationId, Summary>,
    extents: BTreeMap<Tab, Extent>,
    told: BTreeSet<ConversationId>,
}

impl Listing {
    /// Nothing yet, for this operator.
    pub fn new(me: OperatorId) -> Self {
        Self {
            me: Some(me),
            ..Self::default()
        }
    }

    /// One conversation.
    pub fn get(&self, id: ConversationId) -> Option<&Summary> {
        self.known.get(&id)
    }

    /// The conversations of a list, last changed first.
    pub fn shown(&self, tab: Tab) -> Vec<ConversationId> {
        let mut shown: Vec<&Summary> = self.known.values().filter(|s| self.fits(tab, s)).collect();
        shown.sort_by_key(|summary| std::cmp::Reverse(place(summary)));
        shown.into_iter().map(|summary| summary.id).collect()
    }

    /// The other conversations of whose this one is, last changed first: those that were asked for, and those that were told since,
    /// all as they are now.
    pub fn others(&self, of: &Summary, asked: &[Summary]) -> Vec<Summary> {
        let of_theirs = |known: &&Summary| {
            let person =
                |summary: &Summary| summary.person.as_ref().map(|person| person.id.clone());
            known.visitor == of.visitor || (person(of).is_some() && person(known) == person(of))
        };
        let mut others: BTreeMap<ConversationId, &Summary> =
            asked.iter().map(|summary| (summary.id, summary)).collect();
        for known in self.known.values().filter(of_theirs) {
            let newest = others.entry(known.id).or_insert(known);
            if known.head >= newest.head {
                *newest = known;
            }
        }
        others.remove(&of.id);
        let mut others: Vec<Summary> = others.into_values().cloned().collect();
        others.sort_by_key(|summary| std::cmp::Reverse(place(summary)));
        others.truncate(limits::OWN_LISTED);
        others
    }

    /// How far a list has been read.
    pub fn reading(&self, tab: Tab) -> Reading {
        self.extents
            .get(&tab)
            .map(|extent| extent.reading.clone())
            .unwrap_or_default()
    }

    /// Whether a list was read further than it is now, before nobody listened.
    pub fn owes(&self, tab: Tab) -> bool {
        let extent = self.extents.get(&tab);
        extent.is_some_and(|extent| extent.owed.is_some())
    }

    /// How many a list has, where that is known.
    pub fn count(&self, tab: Tab) -> Option<Count> {
        let known = self.known.values().filter(|s| self.fits(tab, s)).count();
        // All of mine are open: who has read the open ones to the end knows mine.
        let reading = match (tab, self.reading(Tab::Open)) {
            (Tab::Mine, Reading::Wholly) => Reading::Wholly,
            (Tab::Open | Tab::Mine | Tab::Resolved, _) => self.reading(tab),
        };
        match reading {
            Reading::Unread => None,
            Reading::Partly(_) => Some(Count::AtLeast(known)),
            Reading::Wholly => Some(Count::Exactly(known)),
        }
    }

    /// Messages that no operator has read, in all open conversations known.
    pub fn unread(&self) -> u32 {
        let open = self.known.values().filter(|s| self.fits(Tab::Open, s));
        open.map(|summary| summary.unread).sum()
    }

    /// A list is about to be read: from here on what is told is newer than what the page says.
    pub fn ask(&mut self) {
        self.told.clear();
    }

    /// Nobody listened for a while: every list is to be read again.
    pub fn doubt(&mut self) {
        for extent in self.extents.values_mut() {
            let read = match extent.reading {
                Reading::Unread => None,
                Reading::Partly(_) => Some(extent.down_to),
                Reading::Wholly => Some(None),
            };
            *extent = Extent {
                owed: extent.owed.or(read),
                ..Extent::default()
            };
        }
    }

    /// A conversation that was asked for by name.
    pub fn learn(&mut self, summary: Summary) {
        self.known.entry(summary.id).or_insert(summary);
    }

    /// A page of a list, the first one when it was asked for without `after`.
    pub fn page(&mut self, tab: Tab, first: bool, page: Conversations) {
        let extent = self.extents.entry(tab).or_default();
        let from = extent.down_to.filter(|_| !first);
        let end = page.conversations.last().map(place);
        let to = end.filter(|_| page.next.is_some());
        let reached =
            |owed: &Option<Place>| to.is_none() || owed.is_some_and(|owed| to <= Some(owed));
        *extent = Extent {
            reading: page.next.map_or(Reading::Wholly, Reading::Partly),
            down_to: to,
            owed: extent.owed.filter(|owed| !reached(owed)),
        };
        self.forget_missing(tab, from, to, &page.conversations);
        for summary in page.conversations {
            if !self.told.contains(&summary.id) {
                self.known.insert(summary.id, summary);
            }
        }
    }

    /// A conversation is new or has changed. Whether it brought words of its visitor that nobody has read.
    pub fn tell(&mut self, summary: Summary) -> bool {
        let before = self.known.get(&summary.id).map_or(0, |known| known.unread);
        let news = summary.unread > before;
        self.told.insert(summary.id);
        self.known.insert(summary.id, summary);
        news
    }

    /// What changed while nobody listened is not in a list any more although it was: it is known of between the places that a
    /// page covers, and not in the page.
    fn forget_missing(
        &mut self,
        tab: Tab,
        from: Option<Place>,
        to: Option<Place>,
        listed: &[Summary],
    ) {
        let listed: BTreeSet<ConversationId> = listed.iter().map(|summary| summary.id).collect();
        let gone = |s: &&Summary| {
            let covered = from.is_none_or(|from| place(s) < from) && Some(place(s)) >= to;
            covered && !listed.contains(&s.id) && !self.told.contains(&s.id) && self.fits(tab, s)
        };
        let gone: Vec<ConversationId> = self.known.values().filter(gone).map(|s| s.id).collect();
        for id in gone {
            self.known.remove(&id);
        }
    }

    fn fits(&self, tab: Tab, summary: &Summary) -> bool {
        let mine = summary
            .assignee
            .as_ref()
            .is_some_and(|card| Some(card.id) == self.me);
        match tab {
            Tab::Open => summary.status == Status::Open,
            Tab::Mine => summary.status == Status::Open && mine,
            Tab::Resolved => summary.status == Status::Resolved,
        }
    }
}

fn place(summary: &Summary) -> Place {
    (summary.updated_at, summary.id)
}
