//! An inbox's end of its shop's socket, and the pages beside it (SPEC, DE 1 to 5), against a relay that the test plays.

use protocol::{
    api::Conversations,
    client::link::{self, State, Way},
    close::CloseCode,
    conversation::Status,
    desk::{
        list::{Ask, Effect, Input, List, Progress},
        listing::{Reading, Tab},
    },
    frame::InboxServerFrame,
    limits,
    time::{Millis, Timestamp},
};

use crate::{
    cast::{self, giulia},
    listing::{ids, page, summary},
};

/// A list, the time, and the page that it asked for last.
struct Inbox {
    list: List,
    now: Timestamp,
    asked: Option<Ask>,
}

impl Inbox {
    fn new() -> Self {
        Self {
            list: List::new(cast::START, giulia().id, 1),
            now: cast::START,
            asked: None,
        }
    }

    /// An inbox that was welcomed, with these conversations in its list.
    fn live(open: &[(u8, u64)]) -> Self {
        let mut inbox = Self::new();
        inbox.tell(Input::Want);
        inbox.greet();
        inbox.answer(open, None);
        inbox
    }

    fn tell(&mut self, input: Input) -> Vec<link::Effect> {
        let mut linked = vec![];
        for effect in self.list.handle(self.now, input) {
            match effect {
                Effect::Link(effect) => linked.push(effect),
                Effect::Read(ask) => self.asked = Some(ask),
                Effect::News(_) => {}
            }
        }
        linked
    }

    fn greet(&mut self) {
        self.tell(Input::Opened);
        self.frame(welcome());
    }

    fn frame(&mut self, frame: InboxServerFrame) -> Vec<link::Effect> {
        self.tell(Input::Frame(frame))
    }

    fn told(&mut self, n: u8, status: Status, updated_at: u64) {
        let summary = summary(n, status, updated_at, 0);
        self.frame(InboxServerFrame::Summary(Box::new(summary)));
    }

    /// The page that was asked for comes.
    fn answer(&mut self, open: &[(u8, u64)], next: Option<&str>) {
        let ask = self.asked.take().expect("a page was asked for");
        self.answer_to(ask.number, open, next);
    }

    fn answer_to(&mut self, number: u64, open: &[(u8, u64)], next: Option<&str>) {
        self.tell(Input::Page(number, Some(open_page(open, next))));
    }

    fn fail(&mut self) {
        let ask = self.asked.take().expect("a page was asked for");
        self.tell(Input::Page(ask.number, None));
    }

    fn ring(&mut self) -> Vec<link::Effect> {
        self.now = self.list.next_deadline().expect("a deadline");
        self.tell(Input::Timer)
    }

    fn after(&mut self, wait: Millis) -> &mut Self {
        self.now = self.now + wait;
        self
    }

    fn shown(&self) -> Vec<u8> {
        ids(self.list.listing(), Tab::Open)
    }
}

fn welcome() -> InboxServerFrame {
    InboxServerFrame::Welcome {
        version: 1,
        you: giulia(),
        duty: vec![],
    }
}

fn open_page(open: &[(u8, u64)], next: Option<&str>) -> Conversations {
    let open = open.iter().map(|(n, at)| summary(*n, Status::Open, *at, 0));
    page(open.collect(), next)
}

const REPLACED: [link::Effect; 2] = [
    link::Effect::Disconnect(CloseCode::Stale),
    link::Effect::Connect(Way::Socket),
];

#[test]
fn de1_it_connects_when_wanted_greets_rests_and_waits_like_any_end() {
    let mut inbox = Inbox::new();
    assert_eq!(
        inbox.tell(Input::Want),
        [link::Effect::Connect(Way::Socket)]
    );
    assert_eq!(inbox.tell(Input::Want), [], "one socket is enough");
    assert_eq!(inbox.tell(Input::Opened), [link::Effect::Greet]);
    inbox.frame(welcome());
    inbox.answer(&[], None);
    assert_eq!(inbox.tell(Input::Closed(None)), []);
    assert!(matches!(inbox.list.link(), State::Waiting { .. }));
    assert_eq!(inbox.ring(), [link::Effect::Connect(Way::Socket)]);
    assert_eq!(
        inbox.tell(Input::Rest),
        [link::Effect::Disconnect(CloseCode::Leaving)]
    );
    assert_eq!(inbox.list.next_deadline(), None, "nor is a page waited for");
}

#[test]
fn de1_a_ping_without_a_pong_is_the_end_of_its_socket() {
    let mut inbox = Inbox::live(&[]);
    let start = inbox.now;
    assert_eq!(inbox.ring(), [link::Effect::Ping]);
    assert_eq!(inbox.now, start + limits::PING_EVERY);
    inbox.after(Millis(9_999)).tell(Input::Pong);
    assert_eq!(inbox.ring(), [link::Effect::Ping], "a pong was heard");
    assert_eq!(
        inbox.ring(),
        [link::Effect::Disconnect(CloseCode::Stale)],
        "and none after"
    );
}

#[test]
fn de1_out_of_sight_an_inbox_goes_on_pinging() {
    let mut inbox = Inbox::live(&[]);
    inbox.tell(Input::Hidden);
    let hidden = inbox.now;
    assert_eq!(inbox.ring(), [link::Effect::Ping]);
    assert_eq!(inbox.now, hidden + limits::SPEAK_EVERY);
    inbox.tell(Input::Pong);
    // A browser wakes a page that nobody sees when it likes: that is no sleep, after which a socket would be replaced.
    inbox.after(Millis(limits::SPEAK_EVERY.0 + limits::CLOCK_JUMP.0 + 1_000));
    assert_eq!(inbox.tell(Input::Timer), [link::Effect::Ping]);
    assert_eq!(inbox.ring(), [link::Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(inbox.ring(), [link::Effect::Connect(Way::Socket)]);
}

#[test]
fn de1_what_was_out_of_sight_or_frozen_for_long_replaces_its_socket() {
    let mut inbox = Inbox::live(&[]);
    inbox.tell(Input::Hidden);
    inbox.after(Millis(limits::HIDDEN_MAX.0 - 1));
    assert_eq!(inbox.tell(Input::Shown), [link::Effect::Ping]);
    inbox.tell(Input::Pong);
    inbox.tell(Input::Hidden);
    inbox.after(limits::HIDDEN_MAX);
    assert_eq!(inbox.tell(Input::Shown), REPLACED);

    let mut inbox = Inbox::live(&[]);
    assert_eq!(inbox.tell(Input::Thawed), REPLACED);
}

#[test]
fn de1_a_clock_that_jumps_replaces_its_socket() {
    let mut inbox = Inbox::live(&[]);
    inbox.now = inbox.list.next_deadline().unwrap() + limits::CLOCK_JUMP + Millis(1);
    assert_eq!(inbox.tell(Input::Timer), REPLACED, "the device slept");

    let mut inbox = Inbox::live(&[]);
    inbox.now = Timestamp(inbox.now.0 - limits::CLOCK_JUMP.0 - 1);
    assert_eq!(
        inbox.tell(Input::Choose(Tab::Open)),
        REPLACED,
        "the clock was set back"
    );
    assert!(
        inbox.list.next_deadline() <= Some(inbox.now + limits::READ_WITHIN),
        "no deadline is far away"
    );
}

#[test]
fn de1_it_opens_and_is_welcomed_in_time() {
    let mut inbox = Inbox::new();
    inbox.tell(Input::Want);
    inbox.answer(&[], None);
    assert_eq!(inbox.ring(), [link::Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(inbox.now, cast::START + limits::CONNECT_WITHIN);
    inbox.ring();
    inbox.tell(Input::Opened);
    let start = inbox.now;
    assert_eq!(inbox.ring(), [link::Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(inbox.now, start + limits::WELCOME_WITHIN);
}

#[test]
fn de1_what_is_waited_for_is_tried_at_once_when_the_network_or_the_page_is_back() {
    for back in [Input::Online, Input::Shown, Input::Thawed] {
        let mut inbox = Inbox::live(&[]);
        inbox.tell(Input::Closed(None));
        assert_eq!(inbox.tell(back), [link::Effect::Connect(Way::Socket)]);
    }
    let mut inbox = Inbox::live(&[]);
    assert_eq!(inbox.tell(Input::Online), [link::Effect::Ping]);
}

#[test]
fn de1_an_end_is_one_and_a_refused_session_ends_it() {
    for code in [4100, 4200] {
        let mut inbox = Inbox::live(&[]);
        inbox.tell(Input::Closed(Some(code)));
        assert_eq!(inbox.list.link(), State::Ended { code });
        for input in [Input::Want, Input::Online, Input::Thawed, Input::Timer] {
            assert_eq!(inbox.tell(input), []);
        }
    }
}

#[test]
fn de1_nothing_counts_before_the_welcome_nor_a_welcome_without_a_hello() {
    let mut inbox = Inbox::new();
    inbox.tell(Input::Want);
    inbox.answer(&[(1, 10)], None);
    inbox.frame(welcome());
    assert!(matches!(inbox.list.link(), State::Connecting { .. }));
    inbox.told(2, Status::Open, 20);
    assert_eq!(inbox.shown(), [1]);
    inbox.greet();
    assert!(inbox.asked.is_some());
    let before = inbox.list.revision();
    inbox.answer(&[(1, 10)], None);
    let read = inbox.list.revision();
    assert!(read > before, "it is to be drawn");
    inbox.frame(welcome());
    assert_eq!(inbox.asked, None, "a second welcome is none");
    inbox.told(2, Status::Open, 20);
    assert!(inbox.list.revision() > read, "and this");
}

#[test]
fn de2_the_first_page_does_not_wait_for_the_socket_and_is_read_again_after_the_welcome() {
    let mut inbox = Inbox::new();
    inbox.tell(Input::Want);
    inbox.answer(&[(1, 10)], None);
    assert_eq!(inbox.shown(), [1]);
    inbox.greet();
    let ask = inbox.asked.clone().expect("it is read again");
    assert_eq!((ask.tab, ask.after), (Tab::Open, None));
    inbox.answer(&[(2, 20), (1, 10)], None);
    assert_eq!(inbox.shown(), [2, 1]);
}

#[test]
fn de2_a_page_that_was_asked_for_before_the_welcome_does_not_count() {
    let mut inbox = Inbox::live(&[(1, 10)]);
    inbox.tell(Input::Choose(Tab::Resolved));
    let old = inbox.asked.take().expect("the other list is read");
    inbox.tell(Input::Choose(Tab::Open));
    inbox.tell(Input::Closed(None));
    inbox.ring();
    inbox.greet();
    let new = inbox.asked.clone().expect("the list is read again");
    assert_eq!(new.tab, Tab::Open);
    inbox.answer_to(old.number, &[(9, 5)], None);
    assert_eq!(
        inbox.list.listing().reading(Tab::Resolved),
        Reading::Unread,
        "the other list is still to be read"
    );
    assert!(matches!(inbox.list.progress(), Progress::Reading { .. }));
    inbox.answer(&[(2, 20)], None);
    assert_eq!(inbox.shown(), [2]);
    inbox.tell(Input::Choose(Tab::Resolved));
    assert_eq!(inbox.asked.map(|ask| ask.tab), Some(Tab::Resolved));
}

#[test]
fn de3_what_changes_between_the_welcome_and_the_page_is_not_missed() {
    let mut inbox = Inbox::live(&[(1, 10), (2, 5)]);
    inbox.tell(Input::Closed(None));
    inbox.ring();
    inbox.greet();
    // The page was made before these were told.
    inbox.told(2, Status::Resolved, 30);
    inbox.told(3, Status::Open, 31);
    inbox.answer(&[(1, 10), (2, 5)], None);
    assert_eq!(inbox.shown(), [3, 1]);
    assert_eq!(ids(inbox.list.listing(), Tab::Resolved), [2]);
}

#[test]
fn de4_a_page_that_fails_is_asked_for_again_by_itself() {
    let mut inbox = Inbox::live(&[]);
    inbox.tell(Input::Closed(None));
    inbox.ring();
    inbox.greet();
    for _ in 0..5 {
        inbox.fail();
        let Progress::Failed { until } = inbox.list.progress() else {
            panic!("it failed: {:?}", inbox.list.progress())
        };
        assert!(until > inbox.now && until <= inbox.now + limits::BACKOFF_SOON);
        assert_eq!(inbox.asked, None);
        while inbox.asked.is_none() {
            inbox.ring();
            inbox.tell(Input::Pong);
        }
    }
    inbox.answer(&[(1, 10)], None);
    assert_eq!(
        (inbox.shown(), inbox.list.progress()),
        (vec![1], Progress::Idle)
    );
}

#[test]
fn de4_a_page_that_does_not_come_is_asked_for_again_and_an_old_answer_does_not_count() {
    let mut inbox = Inbox::live(&[]);
    inbox.tell(Input::Choose(Tab::Resolved));
    let start = inbox.now;
    let old = inbox.asked.take().expect("it is read");
    inbox.ring();
    assert_eq!(inbox.now, start + limits::READ_WITHIN);
    assert!(matches!(inbox.list.progress(), Progress::Failed { .. }));
    inbox.answer_to(old.number, &[], None);
    assert!(matches!(inbox.list.progress(), Progress::Failed { .. }));
    inbox.ring();
    let again = inbox.asked.clone().expect("it is asked for again");
    assert!(again.number > old.number);
}

#[test]
fn de4_a_failed_page_is_tried_at_once_when_there_is_hope() {
    for hope in [Input::Online, Input::Shown, Input::Thawed, Input::More] {
        let mut inbox = Inbox::live(&[]);
        inbox.tell(Input::Choose(Tab::Resolved));
        inbox.fail();
        inbox.tell(hope);
        assert!(inbox.asked.is_some());
    }
}

#[test]
fn de4_one_page_is_read_at_a_time() {
    let mut inbox = Inbox::live(&[]);
    inbox.tell(Input::Choose(Tab::Resolved));
    let first = inbox.asked.take();
    inbox.tell(Input::More);
    assert_eq!(inbox.asked, None);
    inbox.asked = first;
    inbox.tell(Input::Page(1_000, Some(open_page(&[(1, 10)], None))));
    assert_eq!(inbox.shown(), [0_u8; 0], "an answer to nothing");
}

#[test]
fn de5_a_list_is_read_again_as_far_as_it_was_and_what_left_it_is_gone() {
    let mut inbox = Inbox::new();
    inbox.tell(Input::Want);
    inbox.greet();
    inbox.answer(&[(4, 40), (3, 30)], Some("30"));
    inbox.tell(Input::More);
    inbox.answer(&[(2, 20), (1, 10)], Some("10"));
    assert_eq!(inbox.shown(), [4, 3, 2, 1]);

    // While it sleeps 1 is resolved and 3 is written to.
    inbox.tell(Input::Thawed);
    inbox.greet();
    inbox.answer(&[(3, 50), (4, 40)], Some("40"));
    assert_eq!(inbox.shown(), [3, 4, 2, 1], "what is not read yet stays");
    let ask = inbox.asked.clone().expect("it is read on by itself");
    assert_eq!(ask.after.as_deref(), Some("40"));
    inbox.answer(&[(2, 20)], None);
    assert_eq!(inbox.shown(), [3, 4, 2]);
    assert_eq!((inbox.asked, inbox.list.progress()), (None, Progress::Idle));
}
