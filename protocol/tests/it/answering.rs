//! An operator's end of a conversation (SPEC, DE 6 to 8), against a relay that the test plays.

use protocol::{
    client::{self, Client, Input, link::Credential, outbox::Progress},
    conversation::Status,
    cursor::{Cursor, Epoch, Seq},
    desk::answering::{Answering, Effect, Written},
    entry::{Author, Content, Entry, OperatorCard},
    frame::{ClientFrame, History, ServerFrame, Welcome},
    id::MessageId,
    message::Draft,
    time::Timestamp,
};

use crate::{
    cast::{self, draft, giulia, marco, message, name, note},
    end::{EPOCH, welcome},
};

/// Giulia's end, and the time.
pub struct Seat {
    pub end: Answering,
    pub now: Timestamp,
    /// What her device keeps.
    pub kept: Vec<Written>,
}

impl Seat {
    pub fn new(kept: Vec<Written>) -> Self {
        let client = Client::new(cast::START, Credential::Ambient, vec![], 1);
        Self {
            end: Answering::new(client, kept.clone()),
            now: cast::START,
            kept,
        }
    }

    /// Welcomed to a conversation in which the visitor has written once.
    pub fn live() -> Self {
        let mut seat = Self::new(vec![]);
        seat.tell(Input::Want);
        seat.greet(1);
        seat.page(0, vec![visitors(1)]);
        seat
    }

    /// What leaves.
    pub fn tell(&mut self, input: Input) -> Vec<MessageId> {
        let mut sent = vec![];
        for effect in self.end.handle(self.now, input) {
            match effect {
                Effect::Client(client::Effect::Transmit(ClientFrame::Send(draft))) => {
                    sent.push(draft.id)
                }
                Effect::Client(client::Effect::Forget(id)) => self.kept.retain(|w| w.id != id),
                Effect::Client(client::Effect::Keep(_)) => panic!("kept without its place"),
                Effect::Client(_) => {}
                Effect::Keep(written) => {
                    self.kept.retain(|w| w.id != written.id);
                    self.kept.push(written);
                }
            }
        }
        sent
    }

    pub fn greet(&mut self, head: u64) -> Vec<MessageId> {
        self.tell(Input::Opened);
        self.tell(Input::Frame(ServerFrame::Welcome(Welcome {
            you: Author::Operator(giulia()),
            ..welcome(head, EPOCH)
        })))
    }

    pub fn page(&mut self, previous: u64, entries: Vec<Entry>) -> Vec<MessageId> {
        self.tell(Input::Frame(ServerFrame::History(History {
            previous: Seq(previous),
            entries,
            more: false,
        })))
    }

    pub fn told(&mut self, entry: Entry) -> Vec<MessageId> {
        self.tell(Input::Frame(ServerFrame::Entry {
            previous: Seq(entry.seq.0 - 1),
            entry,
        }))
    }

    pub fn cut(&mut self) {
        self.tell(Input::Closed(None));
        self.now = self.end.next_deadline().expect("a deadline");
        self.tell(Input::Timer);
    }

    fn holds(&self) -> Vec<MessageId> {
        let outgoing = self.end.outgoing().into_iter().map(|o| o.draft.id);
        outgoing.filter(|id| self.end.held(*id).is_some()).collect()
    }

    fn left(&self) -> Vec<MessageId> {
        let outgoing = self.end.outgoing().into_iter();
        outgoing.map(|o| o.draft.id).collect()
    }
}

pub fn entry(place: u64, author: Author, content: Content) -> Entry {
    Entry {
        seq: Seq(place),
        id: name(1_000 + place),
        at: cast::START,
        author,
        content,
    }
}

pub fn visitors(place: u64) -> Entry {
    entry(place, Author::Visitor, message("Is it there?"))
}

pub fn by(card: OperatorCard, place: u64) -> Entry {
    entry(place, Author::Operator(card), message("Yes"))
}

fn stored(place: u64, n: u64) -> Entry {
    let Draft { id, content } = draft(n);
    Entry {
        id,
        ..entry(place, Author::Operator(giulia()), content)
    }
}

#[test]
fn de6_what_is_written_with_everything_here_leaves_at_once_and_is_kept_with_its_place() {
    let mut seat = Seat::live();
    assert_eq!(seat.tell(Input::Send(draft(1))), [name(1)]);
    let here = Cursor {
        epoch: EPOCH,
        seq: Seq(1),
    };
    assert_eq!(seat.kept.len(), 1);
    assert_eq!(seat.kept[0].against, Some(here));
    // What comes now crossed it on the way.
    seat.told(by(marco(), 2));
    assert_eq!(seat.holds(), []);
    seat.told(stored(3, 1));
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
}

#[test]
fn de6_what_is_written_without_a_connection_leaves_when_nobody_has_answered() {
    let mut seat = Seat::live();
    seat.cut();
    let before = seat.end.revision();
    assert_eq!(seat.tell(Input::Send(draft(1))), []);
    assert!(seat.end.revision() > before, "it is to be drawn");
    assert_eq!(seat.greet(2), [], "not before the transcript is whole");
    // More of the visitor's and of her own is no answer of somebody else.
    assert_eq!(seat.page(1, vec![visitors(2), by(giulia(), 3)]), [name(1)]);
}

#[test]
fn de6_what_another_operator_has_answered_meanwhile_is_held() {
    for (author, holds) in [
        (Author::Operator(marco()), true),
        (Author::Unknown, true),
        (Author::System, false),
    ] {
        let mut seat = Seat::live();
        seat.cut();
        seat.tell(Input::Send(draft(1)));
        seat.greet(2);
        let sent = seat.page(1, vec![entry(2, author.clone(), message("Yes"))]);
        assert_eq!((sent.is_empty(), seat.holds().len() == 1), (holds, holds));
        let held = seat.end.held(name(1));
        assert_eq!(held.map(|held| held.author), holds.then_some(author));
        assert_eq!(seat.kept.len(), 1, "the device keeps it");
    }
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(draft(1)));
    seat.greet(3);
    let noted = entry(3, Author::Operator(marco()), note("I rang her"));
    assert_eq!(seat.page(1, vec![by(marco(), 2), noted]), []);
    let held = seat.end.held(name(1)).expect("it is held");
    assert_eq!(
        (held.note, held.seq),
        (false, Seq(2)),
        "an answer weighs more than a note"
    );
}

#[test]
fn de6_what_is_held_is_sent_anyway_under_its_name_or_thrown_away() {
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(draft(1)));
    seat.tell(Input::Send(draft(2)));
    seat.greet(2);
    seat.page(1, vec![by(marco(), 2)]);
    assert_eq!(seat.holds(), [name(1), name(2)]);
    assert_eq!(seat.tell(Input::Discard(name(2))), []);
    assert_eq!((seat.holds(), seat.kept.len()), (vec![name(1)], 1));
    assert_eq!(seat.tell(Input::Retry(name(1), name(9))), [name(1)]);
    seat.told(stored(3, 1));
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
}

#[test]
fn de6_sending_anyway_without_a_connection_counts_for_what_is_here() {
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(draft(1)));
    seat.greet(2);
    seat.page(1, vec![by(marco(), 2)]);
    seat.cut();
    assert_eq!(seat.holds(), [name(1)], "it is still known");
    assert_eq!(seat.tell(Input::Retry(name(1), name(9))), []);
    seat.greet(3);
    assert_eq!(seat.page(2, vec![by(marco(), 3)]), []);
    assert_eq!(seat.holds(), [name(1)], "he has answered once more");
}

#[test]
fn de6_the_device_keeps_the_place_when_the_tab_dies() {
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(draft(1)));
    let mut again = Seat::new(seat.kept);
    again.tell(Input::Want);
    again.greet(2);
    let sent = again.page(0, vec![visitors(1), by(marco(), 2)]);
    assert_eq!((sent, again.holds()), (vec![], vec![name(1)]));
}

#[test]
fn de6_a_place_that_is_not_known_or_of_another_epoch_is_before_the_first_entry() {
    for against in [
        None,
        Some(Cursor {
            epoch: Epoch(1),
            seq: Seq(9),
        }),
    ] {
        let Draft { id, content } = draft(1);
        let mut seat = Seat::new(vec![Written {
            id,
            content,
            against,
        }]);
        seat.tell(Input::Want);
        seat.greet(1);
        assert_eq!(seat.page(0, vec![by(marco(), 1)]), []);
        assert_eq!(seat.holds(), [id]);
    }
}

#[test]
fn de7_what_was_on_its_way_is_looked_at_again_before_it_leaves_again() {
    let mut seat = Seat::live();
    assert_eq!(seat.tell(Input::Send(draft(1))), [name(1)]);
    seat.cut();
    assert_eq!(seat.greet(2), [], "not blindly");
    assert_eq!(seat.page(1, vec![by(marco(), 2)]), []);
    assert_eq!(seat.holds(), [name(1)]);

    let mut seat = Seat::live();
    seat.tell(Input::Send(draft(1)));
    seat.cut();
    seat.greet(1);
    assert_eq!(seat.page(1, vec![]), [name(1)], "under the same name");
}

#[test]
fn de7_what_had_arrived_is_done_with_whoever_wrote_since() {
    let mut seat = Seat::live();
    seat.tell(Input::Send(draft(1)));
    seat.cut();
    seat.greet(3);
    assert_eq!(seat.page(1, vec![stored(2, 1), by(marco(), 3)]), []);
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
    // A frame that lingered on the way may still arrive while it is held.
    let mut seat = Seat::live();
    seat.tell(Input::Send(draft(1)));
    seat.cut();
    seat.greet(2);
    seat.page(1, vec![by(marco(), 2)]);
    assert_eq!(seat.holds(), [name(1)]);
    seat.told(stored(3, 1));
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
}

#[test]
fn de7_what_a_pause_keeps_is_held_when_somebody_answers_meanwhile() {
    use protocol::frame::{Refusal, Refused};
    let mut seat = Seat::live();
    seat.tell(Input::Send(draft(1)));
    seat.tell(Input::Frame(ServerFrame::Refused(Refused {
        id: Some(name(1)),
        code: Refusal::RateLimited,
        limit: None,
        retry_after_ms: None,
    })));
    seat.told(by(marco(), 2));
    assert_eq!(seat.holds(), [name(1)]);
    seat.now = seat.now + protocol::limits::RETRY_AFTER;
    assert_eq!(seat.tell(Input::Timer), []);
    assert_eq!(seat.tell(Input::Retry(name(1), name(9))), [name(1)]);
}

#[test]
fn de8_notes_and_deeds_wait_for_their_turn_and_are_not_held() {
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(draft(1)));
    let noted = Draft {
        id: name(2),
        content: note("She rang"),
    };
    let taken = Draft {
        id: name(3),
        content: Content::Assigned { to: Some(giulia()) },
    };
    seat.tell(Input::Send(noted));
    seat.tell(Input::Send(taken));
    assert_eq!(seat.greet(2), []);
    assert_eq!(seat.page(1, vec![by(marco(), 2)]), [name(2), name(3)]);
    assert_eq!(seat.holds(), [name(1)]);
}

#[test]
fn de8_nothing_is_closed_over_words_that_were_not_read() {
    let closes = |n| Draft {
        id: name(n),
        content: Content::Status {
            status: Status::Resolved,
        },
    };
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(closes(1)));
    seat.tell(Input::Send(draft(2)));
    seat.greet(2);
    assert_eq!(seat.page(1, vec![visitors(2)]), [name(2)]);
    assert_eq!(
        (seat.holds(), seat.kept.len()),
        (vec![], 1),
        "it is forgotten"
    );
    // Nor is anything opened again that was never closed.
    let opens = Draft {
        id: name(2),
        content: Content::Status {
            status: Status::Open,
        },
    };
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(closes(1)));
    seat.tell(Input::Send(opens));
    seat.greet(2);
    assert_eq!(seat.page(1, vec![visitors(2)]), []);
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
    // What has arrived was closed, and is opened again.
    let mut seat = Seat::live();
    seat.tell(Input::Send(closes(1)));
    seat.cut();
    let opens = Draft {
        id: name(2),
        content: Content::Status {
            status: Status::Open,
        },
    };
    seat.tell(Input::Send(opens));
    seat.greet(3);
    let closed = Entry {
        id: name(1),
        ..entry(3, Author::Operator(giulia()), closes(1).content)
    };
    assert_eq!(seat.page(1, vec![visitors(2), closed]), [name(2)]);
    // What an operator wrote meanwhile is no reason to leave it open.
    let mut seat = Seat::live();
    seat.cut();
    seat.tell(Input::Send(closes(1)));
    seat.greet(2);
    assert_eq!(seat.page(1, vec![by(marco(), 2)]), [name(1)]);
    // Nor is what had been here.
    let mut seat = Seat::live();
    seat.tell(Input::Send(closes(1)));
    assert_eq!(seat.left(), [name(1)]);
}

#[test]
fn de8_everything_leaves_in_the_order_it_was_written() {
    let mut seat = Seat::live();
    seat.tell(Input::Send(draft(1)));
    seat.cut();
    let ids: Vec<MessageId> = (0..3)
        .map(|n| {
            // The clock was set back since the first.
            let id = seat.end.mint(Timestamp(cast::START.0 - 5_000), [n; 10]);
            let content = if n == 1 { note("n") } else { message("m") };
            seat.tell(Input::Send(Draft { id, content }));
            id
        })
        .collect();
    seat.greet(1);
    let all: Vec<_> = [name(1)].into_iter().chain(ids).collect();
    assert_eq!(seat.page(1, vec![]), all);
    let mut kept = seat.kept.clone();
    kept.reverse();
    let mut again = Seat::new(kept);
    again.tell(Input::Want);
    again.greet(1);
    assert_eq!(
        again.page(0, vec![visitors(1)]),
        all,
        "also after the tab died"
    );
}

#[test]
fn de8_what_no_relay_takes_is_refused_at_home_whatever_the_connection() {
    let mut seat = Seat::live();
    seat.cut();
    let empty = Draft {
        id: name(1),
        content: message(" "),
    };
    seat.tell(Input::Send(empty));
    let outgoing = seat.end.outgoing();
    assert!(matches!(outgoing[0].progress, Progress::Refused { .. }));
    seat.tell(Input::Discard(name(1)));
    assert_eq!((seat.left(), seat.kept.len()), (vec![], 0));
}
