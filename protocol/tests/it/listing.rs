//! What is known of a shop's inbox, page by page (SPEC, DE 2, 3 and 5).

use protocol::{
    api::Conversations,
    conversation::{Status, Summary},
    cursor::Seq,
    desk::listing::{Count, Listing, Tab},
    entry::OperatorCard,
    id::{ConversationId, OperatorId, VisitorId},
    identity::Person,
    time::Timestamp,
};

pub fn summary(n: u8, status: Status, updated_at: u64, unread: u32) -> Summary {
    Summary {
        id: ConversationId::from_bytes([n; 16]),
        visitor: VisitorId::from_bytes([n; 16]),
        person: None,
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

pub fn page(conversations: Vec<Summary>, next: Option<&str>) -> Conversations {
    Conversations {
        conversations,
        next: next.map(Into::into),
    }
}

fn listing() -> Listing {
    Listing::new(OperatorId::from_bytes([9; 16]))
}

pub fn ids(listing: &Listing, tab: Tab) -> Vec<u8> {
    listing
        .shown(tab)
        .iter()
        .map(|id| id.as_bytes()[0])
        .collect()
}

#[test]
fn de2_the_last_changed_comes_first_and_each_list_has_its_own() {
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
fn de3_a_page_never_takes_back_what_was_told_after_it_was_asked_for() {
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
fn de5_what_left_a_list_unheard_leaves_it_when_the_list_is_read_again() {
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
fn de5_what_is_beyond_the_page_stays_until_its_page_is_read() {
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
fn de2_counts_are_told_where_they_are_known() {
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
fn de3_news_is_what_raises_the_unread() {
    let mut listing = listing();
    assert!(listing.tell(summary(1, Status::Open, 10, 1)));
    assert!(!listing.tell(summary(1, Status::Open, 11, 1)));
    assert!(!listing.tell(summary(1, Status::Open, 12, 0)));
    assert!(listing.tell(summary(1, Status::Open, 13, 1)));
    assert_eq!(listing.unread(), 1);
    assert!(listing.tell(summary(2, Status::Open, 14, 2)));
    assert_eq!(listing.unread(), 3);
}

#[test]
fn de5_a_list_is_owed_as_far_as_it_was_read() {
    let (one, two) = (
        summary(1, Status::Open, 10, 0),
        summary(2, Status::Open, 5, 0),
    );
    let mut listing = listing();
    assert!(!listing.owes(Tab::Open), "what was never read is not owed");
    listing.page(Tab::Open, true, page(vec![one.clone()], Some("x")));
    listing.page(Tab::Open, false, page(vec![two.clone()], Some("y")));
    listing.doubt();
    assert!(listing.owes(Tab::Open) && !listing.owes(Tab::Resolved));
    listing.page(Tab::Open, true, page(vec![one.clone()], Some("x")));
    assert!(listing.owes(Tab::Open), "the second page had been read too");
    listing.doubt();
    listing.page(Tab::Open, true, page(vec![one], Some("x")));
    assert!(listing.owes(Tab::Open), "a second doubt owes no less");
    listing.page(Tab::Open, false, page(vec![], None));
    assert!(!listing.owes(Tab::Open));
    assert_eq!(
        ids(&listing, Tab::Open),
        [1],
        "the second has left the list"
    );
    listing.doubt();
    listing.page(Tab::Open, true, page(vec![two], Some("x")));
    assert!(
        listing.owes(Tab::Open),
        "what was read to the end is read to the end"
    );
}

#[test]
fn id6_their_other_conversations_are_shown_as_they_are_now() {
    let of = |n, visitor, updated_at, head| Summary {
        visitor: VisitorId::from_bytes([visitor; 16]),
        head: Seq(head),
        ..summary(n, Status::Open, updated_at, 0)
    };
    let proved = |id: &str, summary| Summary {
        person: Some(Person {
            id: id.into(),
            name: None,
            email: None,
            phone: None,
        }),
        ..summary
    };
    let mut listing = listing();
    let this = proved("c7", of(1, 1, 10, 1));
    let asked = [of(2, 1, 20, 4), proved("c7", of(3, 2, 30, 4))];
    let shown = |listing: &Listing| -> Vec<(u8, u64)> {
        let others = listing.others(&this, &asked);
        let line = |one: &Summary| (one.id.as_bytes()[0], one.head.0);
        others.iter().map(line).collect()
    };
    assert_eq!(shown(&listing), [(3, 4), (2, 4)]);
    // What is told is newer, or is not; and there may be another one.
    listing.tell(of(2, 1, 40, 5));
    listing.tell(of(1, 1, 60, 9));
    listing.tell(proved("c7", of(3, 2, 29, 3)));
    assert_eq!(shown(&listing), [(2, 5), (3, 4)]);
    listing.tell(proved("c7", of(4, 8, 50, 1)));
    listing.tell(proved("c8", of(5, 9, 70, 1)));
    listing.tell(of(6, 7, 80, 1));
    assert_eq!(shown(&listing), [(4, 1), (2, 5), (3, 4)]);
    // Nobody is the same as anybody who was not proved either.
    let nobody = of(7, 7, 1, 1);
    let others = listing.others(&nobody, &[]);
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].id.as_bytes()[0], 6);
}
