//! A checker that finds nothing wrong is only worth something when it would.

use protocol::{
    cursor::Seq,
    entry::{Author, Content, Entry},
    id::MessageId,
    time::Timestamp,
};

use super::{Ledger, Report, Side, words};
use crate::{native::News, shop};

/// Messages of the visitor, written and stored.
const MESSAGES: usize = 3;

/// A conversation in which the visitor wrote, and the relay's transcript of it.
fn written() -> (Ledger, Vec<Entry>) {
    let mut ledger = Ledger::new(7);
    let transcript = (0..MESSAGES).map(|number| {
        let id = shop::message_id();
        ledger.written(Side::Visitor, id);
        entry(number as u64 + 1, id, &words(7, Side::Visitor, number))
    });
    let transcript = transcript.collect();
    (ledger, transcript)
}

fn entry(place: u64, id: MessageId, text: &str) -> Entry {
    Entry {
        seq: Seq(place),
        id,
        at: Timestamp(1),
        author: Author::Visitor,
        content: Content::words(text),
    }
}

fn told(ledger: &mut Ledger, entries: &[Entry]) {
    for entry in entries {
        ledger.hear(Side::Visitor, News::Confirmed(entry.clone()));
        ledger.hear(Side::Operator, News::Shown(entry.clone()));
    }
}

#[track_caller]
fn assert_fault(ledger: &Ledger, what: &str) {
    let mut report = Report::default();
    ledger.count(&mut report);
    assert!(
        report.faults.iter().any(|fault| fault.contains(what)),
        "{what:?} is not among {:?}",
        report.faults
    );
}

#[test]
fn what_is_right_is_no_fault() {
    let (mut ledger, transcript) = written();
    told(&mut ledger, &transcript);
    ledger.prove(&transcript);
    let mut report = Report::default();
    ledger.count(&mut report);
    report.assert_right();
    assert_eq!((report.written, report.audited), (MESSAGES, MESSAGES));
    assert_eq!(report.to_confirmed.len(), MESSAGES);
    assert_eq!(report.to_shown.len(), MESSAGES);
}

#[test]
fn a_confirmed_message_that_is_not_stored_is_found() {
    let (mut ledger, mut transcript) = written();
    told(&mut ledger, &transcript);
    transcript.pop();
    ledger.prove(&transcript);
    assert_fault(&ledger, "was confirmed, and is lost");
    assert_fault(&ledger, "3 was confirmed, but the transcript ends with 2");
}

#[test]
fn a_transcript_that_shrinks_under_a_confirmation_is_found_while_it_runs() {
    let (mut ledger, transcript) = written();
    told(&mut ledger, &transcript);
    let (after, confirmed) = ledger.audit_from();
    let end = ledger.audited(after, &transcript[..2]);
    ledger.audit_done(end, confirmed);
    assert_fault(&ledger, "3 was confirmed, but the transcript ends with 2");
}

#[test]
fn a_message_at_two_places_is_found() {
    let (mut ledger, mut transcript) = written();
    let again = Entry {
        seq: Seq(4),
        ..transcript[2].clone()
    };
    transcript.push(again);
    told(&mut ledger, &transcript);
    ledger.prove(&transcript);
    assert_fault(&ledger, "Visitor's 2 is at 3 and at 4");
    assert_fault(&ledger, "Visitor's 2 was confirmed twice");
    assert_fault(&ledger, "a message is stored twice");
}

#[test]
fn two_messages_at_one_place_are_found() {
    let (mut ledger, mut transcript) = written();
    transcript[1].seq = Seq(1);
    told(&mut ledger, &transcript);
    assert_fault(&ledger, "are both at 1");
}

#[test]
fn messages_that_changed_places_are_found() {
    let (mut ledger, mut transcript) = written();
    transcript.swap(0, 1);
    transcript[0].seq = Seq(1);
    transcript[1].seq = Seq(2);
    ledger.prove(&transcript);
    assert_fault(&ledger, "is out of order");
}

#[test]
fn other_words_and_another_author_are_found() {
    let (mut ledger, mut transcript) = written();
    transcript[1].content = Content::words("Other words");
    ledger.prove(&transcript);
    assert_fault(&ledger, "not Entry");

    let (mut ledger, mut transcript) = written();
    transcript[1].author = Author::System;
    ledger.prove(&transcript);
    assert_fault(&ledger, "not Entry");
}

#[test]
fn what_nobody_wrote_is_found() {
    let (mut ledger, mut transcript) = written();
    transcript.push(entry(4, shop::message_id(), "Who was that?"));
    ledger.prove(&transcript);
    assert_fault(&ledger, "nobody wrote");
    assert_fault(&ledger, "3 were written, 4 are stored");
}

#[test]
fn a_hole_in_a_view_and_in_the_transcript_is_found() {
    let (mut ledger, mut transcript) = written();
    transcript.remove(1);
    told(&mut ledger, &transcript);
    assert_fault(&ledger, "the view of Operator has 3 after 1");
    ledger.prove(&transcript);
    assert_fault(&ledger, "the transcript has 3 after 1");
}

#[test]
fn what_is_stored_and_not_confirmed_is_found() {
    let (mut ledger, transcript) = written();
    ledger.prove(&transcript);
    assert_fault(&ledger, "is stored, and was never confirmed");
}

#[test]
fn a_page_that_is_loaded_again_may_begin_in_the_middle() {
    let (mut ledger, transcript) = written();
    told(&mut ledger, &transcript);
    ledger.hear(Side::Operator, News::Reloaded);
    ledger.hear(Side::Operator, News::Shown(transcript[1].clone()));
    ledger.hear(Side::Operator, News::Shown(transcript[2].clone()));
    ledger.prove(&transcript);
    let mut report = Report::default();
    ledger.count(&mut report);
    report.assert_right();
}

#[test]
fn an_end_that_gives_up_or_starts_over_is_found() {
    let (mut ledger, _) = written();
    ledger.hear(Side::Visitor, News::Ended(4201));
    ledger.hear(Side::Operator, News::StartedOver);
    assert_fault(&ledger, "Visitor gave up: 4201");
    assert_fault(&ledger, "Operator started over");
}
