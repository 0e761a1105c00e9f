//! P12: bytes that come to a shopper who missed 3 of 100 entries, against what brings all 100 again: the texts of the frames on the
//! socket, from the welcome until the view is complete. They are the same in every run, up to the length of names and numbers.

use protocol::{
    cursor::{Cursor, Seq},
    entry::Entry,
    frame::{ClientFrame, ServerFrame, Span},
};
use tests::{Peer, Relay};

use crate::figure::Figure;

const ENTRIES: u64 = 100;
const MISSED: u64 = 3;

/// As long as a shopper's sentence.
const WORDS: &str = "Is the moka for three cups in stock, and can you send it to Caserta by Friday? Thank you so much, ciao.";

const BUDGET: f64 = 0.1;
const MOONSHOT: f64 = 0.05;

pub(crate) async fn measure() -> Vec<Figure> {
    let relay = Relay::start_with("edge/workerd.capnp", &std::env::temp_dir()).await;
    let shop = relay.shop().await;
    let (mut first, conversation, pass) = Peer::visitor(&shop).await;
    for _ in 0..ENTRIES {
        first.say_for_sure(WORDS).await;
    }

    // Whoever has nothing reads page by page, newest first.
    let (mut new, welcome, page) = Peer::visitor_again(&shop, conversation, &pass, None).await;
    let mut entries = page.entries;
    while entries.first().is_some_and(|entry| entry.seq > Seq(1)) {
        new.tell(&ClientFrame::History(Span::Before(entries[0].seq)))
            .await;
        let older = new.hear("an older page", |frame| match frame {
            ServerFrame::History(page) => Some(page.entries),
            ServerFrame::Welcome(_)
            | ServerFrame::Entry { .. }
            | ServerFrame::Refused(_)
            | ServerFrame::Receipt(_)
            | ServerFrame::Typing { .. }
            | ServerFrame::Presence(_)
            | ServerFrame::Unknown => None,
        });
        entries = [older.await, entries].concat();
    }
    let all = new.heard_bytes();

    let cursor = Some(Cursor {
        epoch: welcome.epoch,
        seq: Seq(ENTRIES - MISSED),
    });
    let (back, _, page) = Peer::visitor_again(&shop, conversation, &pass, cursor).await;
    let few = back.heard_bytes();
    let places =
        |entries: &[Entry]| -> Vec<u64> { entries.iter().map(|entry| entry.seq.0).collect() };
    assert_eq!(places(&entries), Vec::from_iter(1..=ENTRIES), "all came");
    assert_eq!(
        places(&page.entries),
        Vec::from_iter(ENTRIES - MISSED + 1..=ENTRIES),
        "what was missed came"
    );
    let figure = Figure::new(
        "P12 bytes after missing 3 of 100 / all 100 again",
        few as f64 / all as f64,
        "×",
    );
    vec![
        figure
            .within(BUDGET)
            .goal(MOONSHOT)
            .bar("missed", "The 3 that were missed", few as f64, "B")
            .bar("missed", "All 100 again", all as f64, "B")
            .note(format!("{few} B, all again {all} B")),
    ]
}
