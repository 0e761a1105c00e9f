//! What is said above a composer, and whether a press sends (SPEC, DE 9).

use protocol::{
    client::Input,
    cursor::{Cursor, Seq},
    desk::writing::{Press, Verdict, Writing},
    entry::Author,
    limits,
    time::Millis,
};

use crate::{
    answering::{Seat, by, entry, visitors},
    cast::{giulia, marco, note},
    end::EPOCH,
};

/// Giulia has read all there is, and begins to write.
fn begun() -> (Seat, Writing) {
    let mut seat = Seat::live();
    seat.tell(Input::Seen(Seq(1)));
    let mut writing = Writing::default();
    writing.typed(seat.now, true, seat.end.client());
    (seat, writing)
}

fn look(seat: &Seat, writing: &mut Writing) {
    writing.look(seat.now, seat.end.client());
}

#[test]
fn de9_the_first_press_of_the_key_looks_and_the_next_one_sends() {
    let (mut seat, mut writing) = begun();
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Send);
    seat.told(by(marco(), 2));
    look(&seat, &mut writing);
    assert_eq!(
        writing.told().map(|told| &told.author),
        Some(&Author::Operator(marco()))
    );
    assert!(!writing.has_asked());
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Look);
    assert!(writing.has_asked());
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Send);
}

#[test]
fn de9_seeing_it_on_the_screen_does_not_unsay_it() {
    let (mut seat, mut writing) = begun();
    seat.told(by(marco(), 2));
    seat.tell(Input::Seen(Seq(2)));
    writing.typed(seat.now, true, seat.end.client());
    assert!(writing.told().is_some(), "eyes are on the composer");
}

#[test]
fn de9_what_is_new_asks_anew() {
    let (mut seat, mut writing) = begun();
    seat.told(by(marco(), 2));
    look(&seat, &mut writing);
    writing.press(seat.now, Press::Key);
    seat.told(by(marco(), 3));
    look(&seat, &mut writing);
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Look);
    seat.told(visitors(4));
    look(&seat, &mut writing);
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Send);
}

#[test]
fn de9_the_button_sends_once_its_name_has_been_read() {
    let (mut seat, mut writing) = begun();
    seat.told(by(marco(), 2));
    look(&seat, &mut writing);
    let soon = seat.now + Millis(limits::MEANWHILE_READ.0 - 1);
    assert_eq!(writing.clone().press(soon, Press::Button), Verdict::Look);
    let late = seat.now + limits::MEANWHILE_READ;
    assert_eq!(writing.clone().press(late, Press::Button), Verdict::Send);
    assert_eq!(
        writing.press(late, Press::Key),
        Verdict::Look,
        "the key has no name"
    );
}

#[test]
fn de9_a_note_is_said_and_ones_own_words_are_not() {
    let (mut seat, mut writing) = begun();
    seat.told(by(giulia(), 2));
    look(&seat, &mut writing);
    assert_eq!(writing.told(), None);
    seat.told(entry(3, Author::Operator(marco()), note("I rang her")));
    look(&seat, &mut writing);
    assert!(writing.told().is_some_and(|told| told.note));
}

#[test]
fn de9_the_visitors_words_count_while_they_are_out_of_sight() {
    let (mut seat, mut writing) = begun();
    seat.told(visitors(2));
    look(&seat, &mut writing);
    assert_eq!(
        writing.told().map(|told| &told.author),
        Some(&Author::Visitor)
    );
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Look);
    seat.tell(Input::Seen(Seq(2)));
    look(&seat, &mut writing);
    assert_eq!(writing.told(), None);
    assert_eq!(writing.press(seat.now, Press::Key), Verdict::Send);
}

#[test]
fn de9_it_counts_from_when_the_words_were_begun() {
    let mut seat = Seat::live();
    seat.told(by(marco(), 2));
    seat.tell(Input::Seen(Seq(2)));
    let mut writing = Writing::default();
    look(&seat, &mut writing);
    assert_eq!(writing.told(), None, "nothing is written");
    writing.typed(seat.now, true, seat.end.client());
    assert_eq!(writing.told(), None, "it had been read before");
    seat.told(by(marco(), 3));
    writing.typed(seat.now, true, seat.end.client());
    assert!(writing.told().is_some());
    writing.typed(seat.now, false, seat.end.client());
    assert_eq!(writing.told(), None, "the words were taken away");
    seat.tell(Input::Seen(Seq(3)));
    writing.typed(seat.now, true, seat.end.client());
    assert_eq!(writing.told(), None, "these are others");
}

#[test]
fn de9_what_was_not_before_the_eyes_when_they_began_counts_too() {
    let mut seat = Seat::live();
    seat.tell(Input::Seen(Seq(1)));
    seat.told(by(marco(), 2));
    let mut writing = Writing::default();
    writing.typed(seat.now, true, seat.end.client());
    assert!(writing.told().is_some(), "she had scrolled up");
}

#[test]
fn de9_words_that_the_device_kept_know_what_they_were_begun_with() {
    let (mut seat, writing) = begun();
    let since = writing.since();
    assert_eq!(
        since,
        Some(Cursor {
            epoch: EPOCH,
            seq: Seq(1)
        })
    );
    seat.told(by(marco(), 2));
    let mut again = Writing::restored(true, since);
    look(&seat, &mut again);
    assert!(again.told().is_some());
    let mut nothing = Writing::restored(false, since);
    look(&seat, &mut nothing);
    assert_eq!((nothing.told(), nothing.since()), (None, None));
}
