//! What a reader is given, and how far everybody has read (SPEC, RL 9 and 10).

use protocol::{
    cursor::{Cursor, Epoch, Seq},
    entry::Author,
    frame::{ClientFrame, ServerFrame, Span, Welcome},
    limits,
    receipt::Receipt,
    relay::conversation::{Input, Request},
};

use crate::{
    cast::{giulia, note, operator, visitor},
    desk::{Desk, attached, filled, places, told, told_history},
};

#[test]
fn rl9_a_reader_who_comes_back_gets_what_was_missed() {
    let page = limits::HISTORY_PAGE as u64;
    let (mut desk, _) = filled(3 * page);
    let epoch = desk.epoch();
    let mut come = |cursor| {
        let id = desk.open(None);
        let effects = desk.hello(id, visitor(), cursor);
        let frames = told(&effects, id);
        assert!(
            matches!(frames[..], [ServerFrame::Welcome(Welcome { head, .. }), ServerFrame::History(_), ..] if head.0 == 3 * page)
        );
        let page = told_history(&effects, id);
        (page.previous.0, places(&page.entries), page.more)
    };
    let newest = (2 * page, (2 * page + 1..=3 * page).collect(), true);
    let at = |epoch, seq| {
        Some(Cursor {
            epoch,
            seq: Seq(seq),
        })
    };
    assert_eq!(come(None), newest);
    assert_eq!(come(at(epoch, 5)), (5, (6..=5 + page).collect(), true));
    assert_eq!(
        come(at(epoch, 3 * page - 2)),
        (3 * page - 2, vec![3 * page - 1, 3 * page], false)
    );
    assert_eq!(come(at(epoch, 3 * page)), (3 * page, vec![], false));
    assert_eq!(
        come(at(Epoch(epoch.0 + 1), 5)),
        newest,
        "another incarnation"
    );
    assert_eq!(come(at(epoch, 3 * page + 1)), newest, "more than there is");
}

#[test]
fn rl9_pages_say_what_comes_before_them_and_whether_there_are_more() {
    let page = limits::HISTORY_PAGE as u64;
    let (mut desk, shopper) = filled(page + 10);
    let mut ask = |span| {
        let effects = desk.frame(shopper, ClientFrame::History(span));
        let page = told_history(&effects, shopper).clone();
        (page.previous.0, places(&page.entries), page.more)
    };
    assert_eq!(ask(Span::Before(Seq(11))), (0, (1..=10).collect(), false));
    assert_eq!(
        ask(Span::Before(Seq(page + 2))),
        (1, (2..page + 2).collect(), true)
    );
    assert_eq!(ask(Span::Before(Seq(1))), (0, vec![], false));
    assert_eq!(
        ask(Span::After(Seq(page + 8))),
        (page + 8, vec![page + 9, page + 10], false)
    );
    assert_eq!(
        ask(Span::After(Seq(u64::MAX))),
        (page + 10, vec![], false),
        "any number may come"
    );
    assert_eq!(ask(Span::Before(Seq(u64::MAX))).1.len() as u64, page);
}

#[test]
fn rl10_a_receipt_only_grows_and_never_past_the_end() {
    let (mut desk, shopper) = filled(5);
    let giulias = desk.enter(operator(giulia()));
    let mut read = |id, delivered, read| {
        let effects = desk.frame(
            id,
            ClientFrame::Receipt {
                delivered: Seq(delivered),
                read: Seq(read),
            },
        );
        assert_eq!(told(&effects, shopper), told(&effects, giulias));
        told(&effects, shopper).first().map(|frame| match frame {
            ServerFrame::Receipt(receipt) => (receipt.delivered.0, receipt.read.0),
            other => panic!("a receipt, not {other:?}"),
        })
    };
    assert_eq!(read(giulias, 3, 2), Some((3, 2)));
    assert_eq!(read(giulias, 1, 1), None);
    assert_eq!(
        read(giulias, 2, 4),
        Some((4, 4)),
        "what is read was delivered"
    );
    assert_eq!(read(giulias, 99, 99), Some((5, 5)));
    assert_eq!(read(shopper, 1, 1), Some((1, 1)));
    let phone = desk.open(None);
    let effects = desk.hello(phone, visitor(), None);
    let Some(ServerFrame::Welcome(welcome)) = told(&effects, phone).first().copied() else {
        panic!("a welcome")
    };
    let of = |reader, read| Receipt {
        reader,
        delivered: Seq(read),
        read: Seq(read),
    };
    assert_eq!(
        welcome.receipts,
        [of(Author::Operator(giulia()), 5), of(Author::Visitor, 1)]
    );
}

#[test]
fn rl7_a_receipt_tells_a_visitor_nothing_of_internal_entries() {
    let (mut desk, shopper) = filled(2);
    let giulias = desk.enter(operator(giulia()));
    desk.say(giulias, 100, note("among us"));
    desk.say(giulias, 101, note("still"));
    let receipt = |seq| ClientFrame::Receipt {
        delivered: Seq(seq),
        read: Seq(seq),
    };
    let heard = |frames: Vec<&ServerFrame>| -> Vec<u64> {
        let reads = frames.into_iter().map(|frame| match frame {
            ServerFrame::Receipt(receipt) => receipt.read.0.max(receipt.delivered.0),
            other => panic!("a receipt, not {other:?}"),
        });
        reads.collect()
    };
    let effects = desk.frame(giulias, receipt(3));
    assert_eq!(heard(told(&effects, shopper)), [2]);
    assert_eq!(heard(told(&effects, giulias)), [3]);
    let effects = desk.frame(giulias, receipt(4));
    assert!(
        heard(told(&effects, shopper)).is_empty(),
        "nor when it was read"
    );
    assert_eq!(heard(told(&effects, giulias)), [4]);
    // A visitor who claims to have read everything is not told how much that is.
    let effects = desk.frame(shopper, receipt(u64::MAX));
    assert_eq!(heard(told(&effects, shopper)), [2]);
    assert_eq!(heard(told(&effects, giulias)), [2]);

    let phone = desk.open(None);
    let effects = desk.hello(phone, visitor(), None);
    let Some(ServerFrame::Welcome(welcome)) = told(&effects, phone).first().copied() else {
        panic!("a welcome")
    };
    let page = desk.entries(&visitor(), None, Span::Newest);
    for receipts in [&welcome.receipts, &page.receipts] {
        let reads: Vec<_> = receipts.iter().map(|one| one.read.0).collect();
        assert_eq!(reads, [2, 2]);
    }
    let page = desk.entries(&operator(giulia()), None, Span::Newest);
    let reads: Vec<_> = page.receipts.iter().map(|one| one.read.0).collect();
    assert_eq!(reads, [4, 2]);
}

#[test]
fn rl10_a_receipt_is_kept_with_its_socket_and_written_when_that_is_gone() {
    let (mut desk, shopper) = filled(5);
    let giulias = desk.enter(operator(giulia()));
    let receipt = |seq| ClientFrame::Receipt {
        delivered: Seq(seq),
        read: Seq(seq),
    };
    let carried: Vec<_> = [(shopper, 2), (giulias, 3), (giulias, 5)]
        .into_iter()
        .filter_map(|(id, seq)| attached(&desk.frame(id, receipt(seq))))
        .collect();
    assert!(
        desk.disk.receipts.is_empty(),
        "a row for each would be paid for"
    );
    let reads = |desk: &mut Desk| -> Vec<_> {
        let page = desk.entries(&operator(giulia()), None, Span::Newest);
        let reads = page
            .receipts
            .into_iter()
            .map(|one| (one.reader, one.read.0));
        reads.collect()
    };
    let both = [(Author::Visitor, 2), (Author::Operator(giulia()), 5)];
    assert_eq!(reads(&mut desk), both);
    // The memory goes, the sockets stay.
    let [of_shopper, _, of_giulia] = &carried[..] else {
        panic!("three receipts, not {carried:?}")
    };
    desk.forget([of_shopper.clone(), of_giulia.clone()]);
    let after = reads(&mut desk);
    assert_eq!(after, both);
    desk.handle(Input::Closed(giulias));
    desk.handle(Input::Closed(shopper));
    desk.forget([]);
    let mut after = reads(&mut desk);
    after.reverse();
    assert_eq!(after, both, "written, each once");
    assert_eq!(desk.disk.receipts.len(), 2);
    // What nobody carries is written at once.
    let read = Request::Receipt {
        delivered: Seq(4),
        read: Seq(4),
    };
    desk.ask(&visitor(), read).unwrap();
    desk.forget([]);
    assert!(reads(&mut desk).contains(&(Author::Visitor, 4)));
}
