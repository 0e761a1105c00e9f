//! What every implementation of [`Storage`] does (SPEC, ST). It names nothing but the port, so that other crates can
//! take this file in by `#[path]` and hold their own storage to it.

use protocol::{
    conversation::Status,
    cursor::{Epoch, Seq},
    entry::{Answer, Author, BotCard, Content, Entry, OperatorCard},
    id::{ConversationId, FileId, MessageId, OperatorId, VisitorId},
    part::{Card, File, Part},
    receipt::Receipt,
    relay::file::Handed,
    relay::storage::{Added, Audience, Heads, Origin, Standing, Storage},
    time::Timestamp,
};

const AT: u64 = 1_760_000_000_000;

/// Holds a storage to the contract; `fresh` makes an empty one.
pub(crate) fn keeps_the_contract<S: Storage>(mut fresh: impl FnMut() -> S) {
    before_the_beginning_everything_is_empty(&fresh());
    a_beginning_is_written_once(&mut fresh());
    entries_are_dense_and_named_once(&mut fresh());
    every_content_comes_back_as_it_was(&mut fresh());
    views_and_pages(&mut fresh());
    receipts_are_one_per_participant(&mut fresh());
    the_standing_is_the_newest_of_each(&mut fresh());
    duty_is_what_was_said_last(&mut fresh());
    files_are_kept_until_they_are_let_go(&mut fresh());
}

pub(crate) fn before_the_beginning_everything_is_empty(storage: &impl Storage) {
    assert_eq!(storage.origin(), Ok(None));
    assert_eq!(storage.heads(), Ok(Heads::default()));
    assert_eq!(storage.find(id(1)), Ok(None));
    assert_eq!(storage.receipts(), Ok(vec![]));
    assert_eq!(storage.duty(), Ok(vec![]));
    assert_eq!(storage.standing(), Ok(Standing::default()));
    assert_eq!(storage.file(handed(1, 1).file.id), Ok(None));
    assert_eq!(storage.loose_files(), Ok(vec![]));
    assert_eq!(storage.files_size(), Ok(0));
    for audience in [Audience::Visitor, Audience::Operators] {
        assert_eq!(storage.after(Seq::START, audience, 10), Ok(vec![]));
        assert_eq!(storage.before(Seq(10), audience, 10), Ok(vec![]));
    }
}

pub(crate) fn a_beginning_is_written_once(storage: &mut impl Storage) {
    let first = origin();
    storage.begin(&first).unwrap();
    assert_eq!(storage.origin(), Ok(Some(first.clone())));
    let second = Origin {
        epoch: Epoch(7),
        ..first.clone()
    };
    assert!(
        storage.begin(&second).is_err(),
        "a second beginning is a fault"
    );
    assert_eq!(storage.origin(), Ok(Some(first)), "and changes nothing");
}

pub(crate) fn entries_are_dense_and_named_once(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    let first = words(1, Author::Visitor);
    storage.append(&first).unwrap();
    let refused = [
        Entry {
            seq: Seq(2),
            ..first.clone()
        },
        words(3, Author::Visitor),
        Entry {
            id: id(9),
            ..first.clone()
        },
        Entry {
            seq: Seq::START,
            id: id(9),
            ..first.clone()
        },
    ];
    for wrong in refused {
        assert!(
            storage.append(&wrong) != Ok(Added::New),
            "a name twice, a hole, a place twice, place 0: {wrong:?}"
        );
        assert_eq!(
            storage.heads(),
            Ok(Heads {
                all: Seq(1),
                visitor: Seq(1)
            })
        );
        assert_eq!(
            storage.after(Seq::START, Audience::Operators, 10),
            Ok(vec![first.clone()])
        );
    }
    assert_eq!(storage.find(id(9)), Ok(None));
    let again = Entry {
        seq: Seq(2),
        ..first.clone()
    };
    assert_eq!(storage.append(&again), Ok(Added::Taken));
    assert!(
        storage.append(&words(3, Author::Visitor)).is_err(),
        "a hole"
    );
    let second = storage.append(&words(2, Author::Visitor));
    assert_eq!(second, Ok(Added::New));
    assert_eq!(
        storage.heads(),
        Ok(Heads {
            all: Seq(2),
            visitor: Seq(2)
        })
    );
}

pub(crate) fn every_content_comes_back_as_it_was(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    let text = || "Ciao \"bella\" 🛍\u{0}\n '); DROP TABLE entry; --".to_owned();
    let lines = [
        (Author::Visitor, Content::words(text())),
        (operator(1), Content::words(text())),
        (bot(), Content::words(text())),
        (bot(), with_parts(&text())),
        (
            Author::Visitor,
            Content::Form {
                answers: vec![Answer {
                    name: "order".into(),
                    label: text(),
                    value: text(),
                }]
                .into(),
            },
        ),
        (
            Author::Visitor,
            Content::Rating {
                score: 5,
                comment: text(),
            },
        ),
        (operator(1), Content::Note { text: text() }),
        (operator(1), Content::Assigned { to: Some(card(2)) }),
        (operator(2), Content::Assigned { to: None }),
        (
            operator(2),
            Content::Status {
                status: Status::Resolved,
            },
        ),
        (
            Author::System,
            Content::Status {
                status: Status::Open,
            },
        ),
    ];
    for (n, (author, content)) in (1..).zip(lines) {
        let entry = Entry {
            seq: Seq(n),
            id: id(n),
            at: Timestamp(AT - n),
            author,
            content,
        };
        storage.append(&entry).unwrap();
        assert_eq!(storage.find(entry.id), Ok(Some(entry.clone())));
        assert_eq!(
            storage.after(Seq(n - 1), Audience::Operators, 1),
            Ok(vec![entry])
        );
    }
}

pub(crate) fn views_and_pages(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    // Every third is a note: 3, 6, 9 and 12.
    for n in 1..=12 {
        let entry = words(n, operator(1));
        let content = if n % 3 == 0 {
            Content::Note {
                text: "between us".into(),
            }
        } else {
            entry.content.clone()
        };
        storage.append(&Entry { content, ..entry }).unwrap();
    }
    assert_eq!(
        storage.heads(),
        Ok(Heads {
            all: Seq(12),
            visitor: Seq(11)
        })
    );
    let after = |seq, audience, limit| places(&storage.after(Seq(seq), audience, limit).unwrap());
    let before = |seq, audience, limit| places(&storage.before(Seq(seq), audience, limit).unwrap());
    assert_eq!(after(0, Audience::Operators, 3), [1, 2, 3]);
    assert_eq!(after(0, Audience::Visitor, 3), [1, 2, 4]);
    assert_eq!(after(2, Audience::Visitor, 100), [4, 5, 7, 8, 10, 11]);
    assert_eq!(after(11, Audience::Visitor, 3), [0; 0]);
    assert_eq!(after(12, Audience::Operators, 3), [0; 0]);
    assert_eq!(after(0, Audience::Operators, 0), [0; 0]);
    assert_eq!(before(13, Audience::Operators, 3), [10, 11, 12]);
    assert_eq!(before(13, Audience::Visitor, 3), [8, 10, 11]);
    assert_eq!(before(12, Audience::Operators, 2), [10, 11]);
    assert_eq!(before(4, Audience::Visitor, 100), [1, 2]);
    assert_eq!(before(1, Audience::Operators, 3), [0; 0]);
    assert_eq!(before(0, Audience::Operators, 3), [0; 0]);
}

pub(crate) fn receipts_are_one_per_participant(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    let receipt = |reader, read| Receipt {
        reader,
        delivered: Seq(9),
        read: Seq(read),
    };
    for written in [
        receipt(Author::Visitor, 1),
        receipt(operator(1), 2),
        receipt(operator(2), 3),
    ] {
        storage.put_receipt(&written).unwrap();
    }
    storage.put_receipt(&receipt(operator(1), 5)).unwrap();
    // The same operator under another name.
    let renamed = Author::Operator(OperatorCard {
        name: "Giulia B.".into(),
        ..card(2)
    });
    storage.put_receipt(&receipt(renamed.clone(), 6)).unwrap();
    let receipts = storage.receipts().unwrap();
    assert_eq!(receipts.len(), 3, "{receipts:?}");
    for wanted in [
        receipt(Author::Visitor, 1),
        receipt(operator(1), 5),
        receipt(renamed, 6),
    ] {
        assert!(receipts.contains(&wanted), "{wanted:?} in {receipts:?}");
    }
}

pub(crate) fn the_standing_is_the_newest_of_each(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    let say = |author| (author, Content::words("words"));
    let set = |status| (operator(1), Content::Status { status });
    let assign = |to| (operator(1), Content::Assigned { to });
    let note = || {
        (
            operator(1),
            Content::Note {
                text: "between us".into(),
            },
        )
    };
    // Line, and what then is: the places of status, assignment and words, since which place the visitor waits, unread.
    let steps = [
        (say(Author::Visitor), [0, 0, 1, 1], 1),
        (say(Author::Visitor), [0, 0, 2, 1], 2),
        (note(), [0, 0, 3, 1], 2),
        (assign(Some(card(1))), [0, 4, 3, 1], 2),
        (say(operator(1)), [0, 4, 5, 0], 2),
        (set(Status::Resolved), [6, 4, 5, 0], 2),
        (say(Author::Visitor), [6, 4, 7, 7], 3),
        (
            (
                Author::System,
                Content::Status {
                    status: Status::Open,
                },
            ),
            [8, 4, 7, 7],
            3,
        ),
        (assign(None), [8, 9, 7, 7], 3),
        (say(bot()), [8, 9, 10, 0], 3),
        (say(Author::Visitor), [8, 9, 11, 11], 4),
    ];
    let mut written: Vec<Entry> = vec![];
    let mut folded = Standing::default();
    for (n, ((author, content), newest, unread)) in (1..).zip(steps) {
        let entry = Entry {
            seq: Seq(n),
            id: id(n),
            at: Timestamp(AT + n * 1_000),
            author,
            content,
        };
        storage.append(&entry).unwrap();
        written.push(entry);
        let at_place = |seq: usize| seq.checked_sub(1).map(|at| written[at].clone());
        let [status, assigned, words, waiting] = newest;
        let wanted = Standing {
            status: at_place(status),
            assigned: at_place(assigned),
            words: at_place(words),
            waiting: at_place(waiting).map(|entry| entry.at),
            updated_at: Some(Timestamp(AT + n * 1_000)),
        };
        if let Some(entry) = written.last() {
            folded.add(entry);
        }
        assert_eq!(folded, wanted, "entry by entry, after entry {n}");
        assert_eq!(storage.standing(), Ok(wanted), "after entry {n}");
        assert_eq!(storage.unread(Seq(0)), Ok(unread), "after entry {n}");
    }
    assert_eq!(storage.unread(Seq(7)), Ok(1));
    assert_eq!(storage.unread(Seq(11)), Ok(0));
    let at = |places: &[u64]| -> Vec<Timestamp> {
        places.iter().map(|n| Timestamp(AT + n * 1_000)).collect()
    };
    assert_eq!(storage.written(100), Ok(at(&[1, 2, 7, 11])));
    assert_eq!(storage.written(5), Ok(at(&[7, 11])));
    assert_eq!(storage.written(1), Ok(at(&[11])));
}

pub(crate) fn duty_is_what_was_said_last(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    for duty in [vec![card(2), card(1)], vec![], vec![card(1)]] {
        storage.put_duty(&duty).unwrap();
        assert_eq!(storage.duty(), Ok(duty));
    }
}

pub(crate) fn files_are_kept_until_they_are_let_go(storage: &mut impl Storage) {
    storage.begin(&origin()).unwrap();
    let (first, second, third) = (handed(3, 1), handed(1, 2), handed(2, 2));
    for file in [&third, &second, &first] {
        storage.put_file(file).unwrap();
        assert_eq!(storage.file(file.file.id), Ok(Some(file.clone())));
    }
    assert!(storage.put_file(&first).is_err(), "a name twice");
    let all = vec![first.clone(), second.clone(), third.clone()];
    assert_eq!(storage.loose_files(), Ok(all), "the oldest first");
    assert_eq!(storage.files_size(), Ok(6_000));
    storage.show_file(second.file.id).unwrap();
    assert_eq!(
        storage.loose_files(),
        Ok(vec![first.clone(), third.clone()])
    );
    storage.drop_file(first.file.id).unwrap();
    assert_eq!(storage.file(first.file.id), Ok(None));
    assert_eq!(storage.file(second.file.id), Ok(Some(second)));
    assert_eq!(storage.loose_files(), Ok(vec![third]));
    assert_eq!(storage.files_size(), Ok(3_000));
}

/// The `n`th file of a story, which came at this time.
fn handed(n: u8, at: u64) -> Handed {
    let picture = n != 2;
    Handed {
        file: File {
            id: FileId::from_bytes([n; 16]),
            name: format!("Fattura \"{n}\".pdf"),
            media: "application/pdf".into(),
            size: u64::from(n) * 1_000,
            width: picture.then_some(640),
            height: picture.then_some(480),
        },
        by: if picture {
            Audience::Visitor
        } else {
            Audience::Operators
        },
        digest: [n; 32],
        at: Timestamp(AT + at),
    }
}

fn places(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.0).collect()
}

pub(crate) fn origin() -> Origin {
    Origin {
        conversation: ConversationId::mint(Timestamp(AT), [1; 10]),
        shop: "demo".parse().unwrap(),
        visitor: VisitorId::mint(Timestamp(AT), [2; 10]),
        epoch: Epoch(AT),
        at: Timestamp(AT),
    }
}

fn id(n: u64) -> MessageId {
    MessageId::mint(Timestamp(AT + n), [3; 10])
}

fn with_parts(text: &str) -> Content {
    let file = File {
        id: FileId::from_bytes([7; 16]),
        name: text.into(),
        media: "image/webp".into(),
        size: 12_345,
        width: Some(640),
        height: Some(480),
    };
    let card = Card {
        title: text.into(),
        text: Some(text.into()),
        price: Some("24,90 €".into()),
        picture: Some("https://shop.example/moka.webp".into()),
        link: None,
        action: None,
    };
    Content::Message {
        text: text.into(),
        parts: vec![
            Part::File(file),
            Part::Card(card),
            Part::Reply { text: text.into() },
        ]
        .into(),
    }
}

fn words(n: u64, author: Author) -> Entry {
    Entry {
        seq: Seq(n),
        id: id(n),
        at: Timestamp(AT + n),
        author,
        content: Content::words(format!("words {n}")),
    }
}

fn card(n: u8) -> OperatorCard {
    OperatorCard {
        id: OperatorId::mint(Timestamp(AT), [n; 10]),
        name: format!("Operator {n}"),
    }
}

fn operator(n: u8) -> Author {
    Author::Operator(card(n))
}

fn bot() -> Author {
    Author::Bot(BotCard {
        id: "hours".into(),
        name: "Opening hours".into(),
    })
}
