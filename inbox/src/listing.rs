//! What is known of a shop's inbox: pages of the list as they are read, and the changes told since. Pure.
//!
//! What was told live is newer than a page that was asked for before; a page never takes it back.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    api::Conversations,
    conversation::{Status, Summary},
    id::{ConversationId, OperatorId},
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

/// What is known of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    me: Option<OperatorId>,
    known: BTreeMap<ConversationId, Summary>,
    reading: BTreeMap<Tab, Reading>,
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
        shown.sort_by_key(|summary| std::cmp::Reverse((summary.updated_at, summary.id)));
        shown.into_iter().map(|summary| summary.id).collect()
    }

    /// How far a list has been read.
    pub fn reading(&self, tab: Tab) -> Reading {
        self.reading.get(&tab).cloned().unwrap_or_default()
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
        self.reading.clear();
    }

    /// A conversation that was asked for by name.
    pub fn learn(&mut self, summary: Summary) {
        self.known.entry(summary.id).or_insert(summary);
    }

    /// A page of a list, the first one when it was asked for without `after`.
    pub fn page(&mut self, tab: Tab, first: bool, page: Conversations) {
        if first {
            self.forget_missing(tab, &page);
        }
        for summary in page.conversations {
            if !self.told.contains(&summary.id) {
                self.known.insert(summary.id, summary);
            }
        }
        self.reading
            .insert(tab, page.next.map_or(Reading::Wholly, Reading::Partly));
    }

    /// A conversation is new or has changed. Whether it brought words of its visitor that nobody has read.
    pub fn tell(&mut self, summary: Summary) -> bool {
        let before = self.known.get(&summary.id).map_or(0, |known| known.unread);
        let news = summary.unread > before;
        self.told.insert(summary.id);
        self.known.insert(summary.id, summary);
        news
    }

    /// What changed while nobody listened is not in a list any more although it was.
    fn forget_missing(&mut self, tab: Tab, page: &Conversations) {
        let oldest = match page.next {
            None => None,
            Some(_) => page
                .conversations
                .iter()
                .map(|summary| summary.updated_at)
                .min(),
        };
        let listed: BTreeSet<ConversationId> = page.conversations.iter().map(|s| s.id).collect();
        let gone = |s: &Summary| {
            let covered = oldest.is_none_or(|oldest| s.updated_at >= oldest);
            covered && !listed.contains(&s.id) && !self.told.contains(&s.id) && self.fits(tab, s)
        };
        let gone: Vec<ConversationId> = self
            .known
            .values()
            .filter(|s| gone(s))
            .map(|s| s.id)
            .collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{cursor::Seq, entry::OperatorCard, id::VisitorId, time::Timestamp};

    fn summary(n: u8, status: Status, updated_at: u64, unread: u32) -> Summary {
        Summary {
            id: ConversationId::from_bytes([n; 16]),
            visitor: VisitorId::from_bytes([n; 16]),
            status,
            assignee: None,
            last: None,
            head: Seq(1),
            unread,
            waiting_since: None,
            visitor_present: false,
            page: None,
            opened_at: Timestamp(0),
            updated_at: Timestamp(updated_at),
        }
    }

    fn page(conversations: Vec<Summary>, next: Option<&str>) -> Conversations {
        Conversations {
            conversations,
            next: next.map(Into::into),
        }
    }

    fn listing() -> Listing {
        Listing::new(OperatorId::from_bytes([9; 16]))
    }

    fn ids(listing: &Listing, tab: Tab) -> Vec<u8> {
        listing
            .shown(tab)
            .iter()
            .map(|id| id.as_bytes()[0])
            .collect()
    }

    #[test]
    fn the_last_changed_comes_first_and_each_list_has_its_own() {
        let mut listing = listing();
        let mut mine = summary(3, Status::Open, 20, 0);
        mine.assignee = Some(OperatorCard {
            id: OperatorId::from_bytes([9; 16]),
            name: "G".into(),
        });
        listing.page(
            Tab::Open,
            true,
            page(vec![mine, summary(1, Status::Open, 10, 0)], None),
        );
        listing.tell(summary(2, Status::Resolved, 30, 0));
        assert_eq!(ids(&listing, Tab::Open), [3, 1]);
        assert_eq!(ids(&listing, Tab::Mine), [3]);
        assert_eq!(ids(&listing, Tab::Resolved), [2]);
        listing.tell(summary(1, Status::Open, 40, 1));
        assert_eq!(ids(&listing, Tab::Open), [1, 3]);
    }

    #[test]
    fn a_page_never_takes_back_what_was_told_after_it_was_asked_for() {
        let mut listing = listing();
        listing.ask();
        listing.tell(summary(1, Status::Resolved, 50, 0));
        listing.page(
            Tab::Open,
            true,
            page(vec![summary(1, Status::Open, 10, 2)], None),
        );
        assert_eq!(ids(&listing, Tab::Open), [0_u8; 0]);
        assert_eq!(ids(&listing, Tab::Resolved), [1]);
    }

    #[test]
    fn what_left_a_list_unheard_leaves_it_when_the_list_is_read_again() {
        let mut listing = listing();
        listing.page(
            Tab::Open,
            true,
            page(
                vec![
                    summary(1, Status::Open, 10, 0),
                    summary(2, Status::Open, 5, 0),
                ],
                None,
            ),
        );
        listing.ask();
        listing.page(
            Tab::Open,
            true,
            page(vec![summary(2, Status::Open, 5, 0)], None),
        );
        assert_eq!(ids(&listing, Tab::Open), [2]);
    }

    #[test]
    fn what_is_beyond_the_page_stays() {
        let mut listing = listing();
        listing.page(
            Tab::Open,
            true,
            page(
                vec![
                    summary(1, Status::Open, 10, 0),
                    summary(2, Status::Open, 5, 0),
                ],
                None,
            ),
        );
        listing.ask();
        listing.page(
            Tab::Open,
            true,
            page(vec![summary(1, Status::Open, 10, 0)], Some("x")),
        );
        assert_eq!(ids(&listing, Tab::Open), [1, 2]);
        assert_eq!(listing.count(Tab::Open), Some(Count::AtLeast(2)));
    }

    #[test]
    fn counts_are_told_where_they_are_known() {
        let mut listing = listing();
        assert_eq!(listing.count(Tab::Open), None);
        listing.page(
            Tab::Open,
            true,
            page(vec![summary(1, Status::Open, 10, 0)], None),
        );
        assert_eq!(listing.count(Tab::Open), Some(Count::Exactly(1)));
        assert_eq!(listing.count(Tab::Mine), Some(Count::Exactly(0)));
        assert_eq!(listing.count(Tab::Resolved), None);
    }

    #[test]
    fn news_is_what_raises_the_unread() {
        let mut listing = listing();
        assert!(listing.tell(summary(1, Status::Open, 10, 1)));
        assert!(!listing.tell(summary(1, Status::Open, 11, 1)));
        assert!(!listing.tell(summary(1, Status::Open, 12, 0)));
        assert!(listing.tell(summary(1, Status::Open, 13, 1)));
        assert_eq!(listing.unread(), 1);
    }
}
