//! Files (SPEC, RL 26 to 31).

use protocol::{
    entry::Content,
    frame::{Refusal, Refused},
    id::FileId,
    limits,
    part::{File, Part},
    relay::{
        Principal,
        conversation::{Answer, Effect, Failure, Request},
        file::{self, Digest, Unfit, examine},
    },
    time::{Millis, Timestamp},
};

use crate::{
    cast::{START, giulia, name, operator, stranger, visitor},
    desk::{Desk, projected, told_entries, told_refusals},
};

fn id(n: u8) -> FileId {
    FileId::from_bytes([n; 16])
}

/// A file as it was answered; what it says of itself was found out before.
fn invoice(n: u8) -> File {
    File {
        id: id(n),
        name: format!("fattura-{n}.pdf"),
        media: "application/pdf".into(),
        size: 1_000,
        width: None,
        height: None,
    }
}

fn hands_over(
    desk: &mut Desk,
    by: &Principal,
    file: File,
    digest: Digest,
) -> Result<bool, Refused> {
    match desk.ask(
        by,
        Request::HandOver {
            file: file.clone(),
            digest,
        },
    ) {
        Ok((
            Answer::Handed {
                file: answered,
                new,
            },
            _,
        )) => {
            assert_eq!(answered, file);
            Ok(new)
        }
        Err(Failure::Refused(refused)) => Err(refused),
        other => panic!("kept or refused, not {other:?}"),
    }
}

fn showing(files: Vec<File>) -> Content {
    Content::Message {
        text: String::new(),
        parts: files.into_iter().map(Part::File).collect::<Vec<_>>().into(),
    }
}

/// A picture's beginning, and something after it.
fn picture(header: &[u8]) -> Vec<u8> {
    [header, b"and so on"].concat()
}

fn jpeg(frame: u8, height: u16, width: u16) -> Vec<u8> {
    let [h1, h2] = height.to_be_bytes();
    let [w1, w2] = width.to_be_bytes();
    // A segment before the frame, a table that is no frame though it looks like one, and a marker with padding.
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9];
    bytes.extend([0xff, 0xff, frame, 0, 11, 8, h1, h2, w1, w2, 3, 0]);
    picture(&bytes)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    picture(&bytes)
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    picture(&bytes)
}

fn webp(chunk: &[u8; 4], body: &[u8]) -> Vec<u8> {
    picture(&[b"RIFF\x10\0\0\0WEBP", &chunk[..], b"\x08\0\0\0", body].concat())
}

#[test]
fn rl26_a_file_is_what_its_own_bytes_say() {
    let seen = |bytes: &[u8]| {
        let file = examine(id(1), "moka", bytes)?;
        assert_eq!(file.size, bytes.len() as u64);
        Ok((file.media, file.width.zip(file.height)))
    };
    let is = |media: &str, pixels| Ok((media.to_owned(), pixels));
    assert_eq!(
        seen(&jpeg(0xc0, 480, 640)),
        is("image/jpeg", Some((640, 480)))
    );
    assert_eq!(
        seen(&jpeg(0xc2, 480, 640)),
        is("image/jpeg", Some((640, 480)))
    );
    assert_eq!(seen(&png(640, 480)), is("image/png", Some((640, 480))));
    assert_eq!(seen(&gif(640, 480)), is("image/gif", Some((640, 480))));
    let lossy = b"\x30\x01\0\x9d\x01\x2a\x80\x42\xe0\x41";
    assert_eq!(
        seen(&webp(b"VP8 ", lossy)),
        is("image/webp", Some((640, 480)))
    );
    let lossless = b"\x2f\x7f\xc2\x77\0";
    assert_eq!(
        seen(&webp(b"VP8L", lossless)),
        is("image/webp", Some((640, 480)))
    );
    let extended = b"\0\0\0\0\x7f\x02\0\xdf\x01\0";
    assert_eq!(
        seen(&webp(b"VP8X", extended)),
        is("image/webp", Some((640, 480)))
    );
    assert_eq!(seen(b"%PDF-1.7 and so on"), is("application/pdf", None));
    for unknown in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"MZ\x90\0",
        b"PK\x03\x04",
        b" %PDF-1.7",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic",
        b"G",
    ] {
        assert_eq!(seen(unknown), Err(Unfit::Unknown), "{unknown:?}");
    }
    for broken in [
        &b"\xff\xd8\xff"[..],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xda\0\x04\x01\x02",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT01234567",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\x01",
        b"RIFF\x10\0\0\0WEBPVP8 \x08\0\0\0\x30\x01\0and so on",
        b"RIFF\x10\0\0\0WEBPICCP\x08\0\0\0and so on",
    ] {
        assert_eq!(seen(broken), Err(Unfit::Broken), "{broken:?}");
    }
    assert_eq!(seen(&png(0, 480)), Err(Unfit::Broken));
    assert_eq!(
        seen(&png(10_000, 5_000)),
        is("image/png", Some((10_000, 5_000)))
    );
    assert_eq!(seen(&png(10_000, 5_001)), Err(Unfit::TooManyPixels));
    assert_eq!(seen(&png(u32::MAX, u32::MAX)), Err(Unfit::TooManyPixels));
    assert_eq!(seen(b""), Err(Unfit::Empty));
    let mut longest = b"%PDF-1.7".to_vec();
    longest.resize(limits::FILE_MAX as usize, b' ');
    assert_eq!(seen(&longest), is("application/pdf", None));
    longest.push(b' ');
    assert_eq!(seen(&longest), Err(Unfit::TooLarge));
}

#[test]
fn rl26_whatever_begins_like_a_file_is_read_to_its_end_or_refused() {
    // Every beginning of every kind, cut at every place: nothing of it may panic.
    for whole in [
        jpeg(0xc0, 480, 640),
        png(640, 480),
        gif(640, 480),
        webp(b"VP8X", b"0123456789"),
    ] {
        for end in 0..whole.len() {
            let part = &whole[..end];
            if let Ok(file) = examine(id(1), "", part) {
                assert!(file.width.is_some(), "{part:?}");
            }
        }
    }
}

#[test]
fn rl27_a_name_is_one_plain_line_that_ends_as_what_the_file_is() {
    let called = |name: &str| examine(id(1), name, &jpeg(0xc0, 1, 1)).unwrap().name;
    for (given, kept) in [
        ("moka.jpg", "moka.jpg"),
        ("MOKA.JPEG", "MOKA.JPEG"),
        ("La mia moka è bella ☕.jpg", "La mia moka è bella ☕.jpg"),
        ("moka", "moka.jpg"),
        ("moka.exe", "moka.exe.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\anna\\moka.jpg", "moka.jpg"),
        ("mo\nka\r\0.jpg", "moka.jpg"),
        ("mo\u{202e}gpj.exe", "mogpj.exe.jpg"),
        (" . moka.jpg . ", "moka.jpg"),
        (".jpg", "jpg.jpg"),
        ("", "picture.jpg"),
        ("\u{200f}", "picture.jpg"),
    ] {
        assert_eq!(called(given), kept, "{given:?}");
    }
    let long = called(&format!("{}.jpg", "è".repeat(300)));
    assert_eq!(long.chars().count(), limits::LINE_MAX);
    assert!(long.ends_with("è.jpg"));
    let nameless = examine(id(1), "", b"%PDF-1.7").unwrap().name;
    assert_eq!(nameless, "document.pdf");
}

#[test]
fn rl28_a_file_is_kept_once_under_its_name() {
    let mut desk = Desk::new();
    assert_eq!(
        hands_over(&mut desk, &visitor(), invoice(1), [1; 32]),
        Ok(true),
        "and it begins"
    );
    assert_eq!(
        hands_over(&mut desk, &visitor(), invoice(1), [1; 32]),
        Ok(false)
    );
    assert_eq!(desk.disk.files.len(), 1);
    let other = File {
        name: "altra.pdf".into(),
        ..invoice(1)
    };
    let attempts = [
        (visitor(), invoice(1), [2; 32]),
        (visitor(), other, [1; 32]),
        (operator(giulia()), invoice(1), [1; 32]),
    ];
    for (by, file, digest) in attempts {
        let refused = hands_over(&mut desk, &by, file, digest).unwrap_err();
        assert_eq!(refused.code, Refusal::Conflict);
    }
    let file = invoice(2);
    let asked = Request::HandOver {
        file,
        digest: [1; 32],
    };
    assert_eq!(desk.ask(&stranger(), asked).unwrap_err(), Failure::NotFound);
}

#[test]
fn rl29_a_message_shows_what_its_own_side_has_handed_over() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    hands_over(&mut desk, &visitor(), invoice(1), [1; 32]).unwrap();
    hands_over(&mut desk, &operator(giulia()), invoice(2), [2; 32]).unwrap();
    let larger = File {
        size: 1,
        ..invoice(1)
    };
    for (n, from, shown) in [
        (1, shopper, invoice(2)),
        (2, shopper, invoice(3)),
        (3, shopper, larger),
        (4, giulias, invoice(1)),
    ] {
        let effects = desk.say(from, n, showing(vec![shown]));
        assert_eq!(
            told_refusals(&effects, from),
            [(Some(name(n)), Refusal::Missing, None)]
        );
    }
    let effects = desk.say(shopper, 5, showing(vec![invoice(1)]));
    assert_eq!(told_entries(&effects, giulias).len(), 1);
    let last = projected(&effects).and_then(|summary| summary.last.clone());
    assert_eq!(last.unwrap().text, "fattura-1.pdf");
    let effects = desk.say(giulias, 6, showing(vec![invoice(2)]));
    assert_eq!(told_entries(&effects, shopper).len(), 1);
    // What is stored is answered the same, and so is what is shown twice.
    desk.say(shopper, 5, showing(vec![invoice(1)]));
    desk.say(shopper, 7, showing(vec![invoice(1)]));
    assert_eq!(desk.disk.entries.len(), 3);
}

#[test]
fn rl30_what_no_message_shows_is_let_go() {
    let (mut desk, shopper) = Desk::with_visitor();
    let begun = desk.now;
    hands_over(&mut desk, &visitor(), invoice(1), [1; 32]).unwrap();
    desk.now = begun + Millis(1_000);
    hands_over(&mut desk, &visitor(), invoice(2), [2; 32]).unwrap();
    hands_over(&mut desk, &operator(giulia()), invoice(3), [3; 32]).unwrap();
    desk.say(shopper, 1, showing(vec![invoice(2)]));
    // An alarm for something else, and a memory that is lost, change nothing.
    desk.alarm();
    desk.forget([]);
    desk.alarm();
    assert_eq!(desk.disk.files.len(), 3);
    let mut dropped = vec![];
    for at in [
        begun + limits::FILE_LOOSE_FOR,
        begun + limits::FILE_LOOSE_FOR + Millis(1_000),
    ] {
        while desk.now < at {
            let effects = desk.ring();
            dropped.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Dropped(id) => Some((id, desk.now)),
                _ => None,
            }));
            assert!(desk.now <= at, "the alarm rings for it");
        }
    }
    let gone = begun + limits::FILE_LOOSE_FOR;
    assert_eq!(dropped, [(id(1), gone), (id(3), gone + Millis(1_000))]);
    let left: Vec<_> = desk
        .disk
        .files
        .iter()
        .map(|(handed, _)| handed.file.id)
        .collect();
    assert_eq!(left, [id(2)]);
}

#[test]
fn rl30_a_conversation_has_room_for_so_much() {
    let mut desk = Desk::new();
    for n in 0..limits::FILES_LOOSE_MAX as u8 {
        hands_over(&mut desk, &visitor(), invoice(n), [n; 32]).unwrap();
    }
    desk.now = START + Millis(1_000);
    let refused = hands_over(&mut desk, &visitor(), invoice(100), [9; 32]).unwrap_err();
    assert_eq!(refused.code, Refusal::RateLimited);
    let wait = limits::FILE_LOOSE_FOR.0 - 1_000;
    assert_eq!(
        refused.retry_after_ms,
        Some(wait),
        "until the first of them goes"
    );
    // The other side has places of its own; and one that is shown is no longer loose.
    hands_over(&mut desk, &operator(giulia()), invoice(101), [9; 32]).unwrap();
    let shopper = desk.enter(visitor());
    desk.say(shopper, 1, showing(vec![invoice(0)]));
    hands_over(&mut desk, &visitor(), invoice(100), [9; 32]).unwrap();
    let mut desk = Desk::new();
    let large = |n| File {
        size: limits::FILES_ROOM / 2,
        ..invoice(n)
    };
    hands_over(&mut desk, &visitor(), large(1), [1; 32]).unwrap();
    hands_over(&mut desk, &visitor(), large(2), [2; 32]).unwrap();
    let refused = hands_over(&mut desk, &visitor(), invoice(3), [3; 32]).unwrap_err();
    assert_eq!(
        (refused.code, refused.limit),
        (Refusal::TooLong, Some(limits::FILES_ROOM))
    );
}

#[test]
fn rl31_an_address_ends_and_is_the_same_for_who_asks_again() {
    let span = limits::FILE_ADDRESS_FOR.0;
    let begun = Timestamp(START.0 - START.0 % span);
    for late in [0, 1, span - 1] {
        let ends = file::address_ends(begun + Millis(late));
        assert_eq!(ends, begun + Millis(2 * span), "{late}");
    }
    let next = file::address_ends(begun + Millis(span));
    assert_eq!(next, begun + Millis(3 * span));
}

#[test]
fn rl31_who_may_read_the_conversation_is_told_which_files_are_there() {
    let mut desk = Desk::new();
    hands_over(&mut desk, &visitor(), invoice(1), [1; 32]).unwrap();
    let asked = || Request::Files(vec![id(1), id(2)]);
    for reader in [visitor(), operator(giulia())] {
        let answer = desk.ask(&reader, asked()).map(|(answer, _)| answer);
        assert_eq!(answer, Ok(Answer::Files(vec![invoice(1)])));
    }
    assert_eq!(
        desk.ask(&stranger(), asked()).unwrap_err(),
        Failure::NotFound
    );
    let mut nothing = Desk::new();
    assert_eq!(
        nothing.ask(&visitor(), asked()).unwrap_err(),
        Failure::NotFound,
        "asking begins nothing"
    );
}
