//! What one end knows of the conversation, and what it says (SPEC, CL 12 to 19).

use protocol::{
    client::{Effect, Input, link::State},
    close::CloseCode,
    cursor::{Epoch, Seq},
    entry::{Author, Entry},
    frame::{ClientFrame, ServerFrame, Span, Welcome},
    limits,
    presence::Page,
    receipt::Receipt,
    time::Millis,
};

use crate::{
    cast::{draft, giulia, marco, name},
    end::{EPOCH, End, asks, entry, sends, welcome},
};

#[test]
fn cl12_the_next_entry_is_added_a_known_one_dropped_and_a_hole_fetched() {
    let mut end = End::live();
    end.entry(0, 1);
    // 2 and 3 are hidden from this reader.
    end.entry(1, 4);
    end.entry(1, 4);
    assert_eq!(end.places(), [1, 4]);
    assert_eq!(asks(&end.entry(6, 7)), Some(Span::After(Seq(4))));
    assert_eq!(end.places(), [1, 4], "a hole is never shown");
    assert_eq!(asks(&end.entry(7, 8)), None, "one page at a time");
    assert_eq!(
        asks(&end.history(4, &[5, 6, 7], false)),
        Some(Span::After(Seq(7)))
    );
    end.history(7, &[8], false);
    assert_eq!(end.places(), [1, 4, 5, 6, 7, 8]);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PING_EVERY)
    );
}

#[test]
fn cl12_a_page_that_does_not_come_is_the_end_of_a_socket() {
    let mut end = End::live();
    end.entry(1, 2);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::CONFIRM_WITHIN)
    );
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
}

#[test]
fn cl13_what_was_missed_is_read_page_by_page() {
    let mut end = End::live();
    end.entry(0, 1);
    end.tell(Input::Closed(None));
    end.ring();
    end.greet(9, EPOCH);
    assert_eq!(
        asks(&end.history(1, &[2, 3, 4], true)),
        Some(Span::After(Seq(4)))
    );
    assert_eq!(
        end.entry(8, 9),
        [],
        "what is told meanwhile waits for its turn"
    );
    assert_eq!(
        asks(&end.history(4, &[5, 6, 7], true)),
        Some(Span::After(Seq(7)))
    );
    end.history(7, &[8, 9], false);
    assert_eq!(end.places(), (1..=9).collect::<Vec<_>>());
}

#[test]
fn cl14_older_pages_are_fetched_when_looked_for() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.greet(9, EPOCH);
    assert_eq!(end.history(6, &[7, 8, 9], true), []);
    assert!(end.client.transcript().has_older());
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(7))));
    assert!(end.client.is_fetching_older());
    assert_eq!(end.tell(Input::Older), [], "one page at a time");
    end.history(3, &[4, 5, 6], true);
    end.tell(Input::Older);
    end.history(0, &[1, 2, 3], false);
    assert_eq!(end.places(), (1..=9).collect::<Vec<_>>());
    assert_eq!(
        (end.client.transcript().has_older(), end.tell(Input::Older)),
        (false, vec![])
    );
}

#[test]
fn cl14_an_older_page_leaves_no_hole_when_the_window_moved_meanwhile() {
    let full = limits::WINDOW_MAX as u64;
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.greet(full + 10, EPOCH);
    end.history(10, &(11..=full + 10).collect::<Vec<_>>(), true);
    assert!(end.client.is_caught_up());
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(11))));
    assert!(!end.client.is_caught_up(), "a page is to come");
    end.entry(full + 10, full + 11);
    assert_eq!(end.places().first(), Some(&12), "the window is full");
    end.history(0, &(1..=10).collect::<Vec<_>>(), false);
    assert_eq!(end.places().first(), Some(&12), "10 is not right before 12");
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(12))));
}

#[test]
fn every_change_of_a_transcript_is_told_by_its_revision() {
    let mut end = End::live();
    let mut last = end.client.transcript().revision();
    let mut changes = |end: &End| {
        let now = end.client.transcript().revision();
        let grew = now > last;
        last = now;
        grew
    };
    end.entry(0, 1);
    assert!(changes(&end));
    end.entry(1, 2);
    assert!(changes(&end));
    end.entry(1, 2);
    assert!(!changes(&end), "it is here");
    end.tell(Input::Closed(None));
    end.ring();
    end.greet(1, Epoch(8));
    assert!(changes(&end), "nothing of it counts any more");
}

#[test]
fn cl15_another_epoch_means_starting_over_with_the_outbox() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    end.tell(Input::Seen(Seq(2)));
    end.tell(Input::Send(draft(9)));
    end.tell(Input::Closed(None));
    end.ring();
    assert_eq!(sends(&end.greet(1, Epoch(8))), [name(9)]);
    assert_eq!((end.places(), end.client.seen()), (vec![], Seq::START));
    end.history(0, &[1], false);
    assert_eq!(end.places(), [1]);
}

#[test]
fn cl15_a_relay_that_has_less_than_was_read_means_the_same() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    end.tell(Input::Closed(None));
    end.ring();
    end.greet(1, EPOCH);
    end.history(0, &[1], false);
    let other = Entry {
        seq: Seq(2),
        ..entry(7)
    };
    end.frame(ServerFrame::Entry {
        previous: Seq(1),
        entry: other.clone(),
    });
    let last = end.client.transcript().entries().back();
    assert_eq!(last, Some(&other), "it is not taken for the lost one");
}

#[test]
fn cl16_what_was_seen_only_grows_and_is_told_once() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    assert_eq!(end.client.unread(), 2);
    let told = Effect::Transmit(ClientFrame::Receipt {
        delivered: Seq(2),
        read: Seq(2),
    });
    assert_eq!(
        end.tell(Input::Seen(Seq(50))),
        std::slice::from_ref(&told),
        "never past what is here"
    );
    assert_eq!(end.tell(Input::Seen(Seq(1))), []);
    assert_eq!((end.client.seen(), end.client.unread()), (Seq(2), 0));
    end.tell(Input::Closed(None));
    end.ring();
    assert!(
        end.greet(2, EPOCH).contains(&told),
        "a relay that does not know is told again"
    );
    let receipt = |read| Receipt {
        reader: Author::Operator(giulia()),
        delivered: Seq(2),
        read: Seq(read),
    };
    end.frame(ServerFrame::Receipt(receipt(2)));
    end.frame(ServerFrame::Receipt(receipt(1)));
    assert_eq!(end.client.read_by_others(), Seq(2));
}

#[test]
fn cl16_what_this_participant_saw_elsewhere_is_seen() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.tell(Input::Opened);
    let receipts = vec![Receipt {
        reader: Author::Visitor,
        delivered: Seq(3),
        read: Seq(2),
    }];
    end.frame(ServerFrame::Welcome(Welcome {
        receipts,
        ..welcome(3, EPOCH)
    }));
    end.history(0, &[1, 2, 3], false);
    assert_eq!((end.client.seen(), end.client.unread()), (Seq(2), 1));
    let receipt = Receipt {
        reader: Author::Visitor,
        delivered: Seq(3),
        read: Seq(3),
    };
    end.frame(ServerFrame::Receipt(receipt));
    assert_eq!((end.client.seen(), end.client.unread()), (Seq(3), 0));
    assert_eq!(
        end.tell(Input::Seen(Seq(3))),
        [],
        "the relay is not told what it told"
    );
}

#[test]
fn cl17_typing_is_said_seldom_and_shown_for_a_while() {
    let mut end = End::live();
    let says = |on| [Effect::Transmit(ClientFrame::Typing { on })];
    assert_eq!(end.tell(Input::Typing(true)), says(true));
    end.after(Millis(limits::TYPING_EVERY.0 - 1));
    assert_eq!(end.tell(Input::Typing(true)), []);
    end.after(Millis(1));
    assert_eq!(end.tell(Input::Typing(true)), says(true));
    assert_eq!(end.tell(Input::Typing(false)), says(false));
    assert_eq!(end.tell(Input::Typing(false)), []);

    let types = |author, on| ServerFrame::Typing { author, on };
    end.frame(types(Author::Visitor, true));
    assert_eq!(
        end.client.typing().count(),
        0,
        "it is the visitor's other device"
    );
    end.frame(types(Author::Operator(giulia()), true));
    end.frame(types(Author::Operator(marco()), true));
    assert_eq!(end.client.typing().count(), 2);
    end.entry(0, 1);
    assert_eq!(
        end.client.typing().collect::<Vec<_>>(),
        [&Author::Operator(marco())],
        "words end typing"
    );
    let heard = end.now;
    end.ring();
    assert_eq!(
        (end.now, end.client.typing().count()),
        (heard + limits::TYPING_SHOWN, 0)
    );
}

#[test]
fn cl18_the_page_is_told_when_it_changes() {
    let page = |n: u32| Page {
        url: format!("https://shop.example/{n}"),
        title: String::new(),
        facts: vec![],
    };
    let tells = |n| [Effect::Transmit(ClientFrame::Page(page(n)))];
    let mut end = End::live();
    assert_eq!(end.tell(Input::Page(page(1))), tells(1));
    assert_eq!(end.tell(Input::Page(page(1))), []);
    end.tell(Input::Closed(None));
    end.ring();
    end.tell(Input::Opened);
    assert_eq!(
        end.tell(Input::Page(page(2))),
        [],
        "the hello is on its way with the other page"
    );
    assert_eq!(end.frame(ServerFrame::Welcome(welcome(0, EPOCH))), tells(2));
}

#[test]
fn cl19_before_the_welcome_nothing_counts() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.tell(Input::Send(draft(1)));
    end.frame(ServerFrame::Welcome(welcome(1, EPOCH)));
    assert!(
        matches!(end.client.link(), State::Connecting { .. }),
        "no hello was sent"
    );
    end.tell(Input::Opened);
    assert_eq!(end.entry(0, 1), []);
    assert_eq!((end.places(), end.ids()), (vec![], vec![name(1)]));
}
