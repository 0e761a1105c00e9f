//! A shop's SQL on a plain SQLite: who may sign in and how often, what sessions and keys are good for, and the list of
//! conversations, which is only ever as old as what it was told last.

#[path = "plain/sqlite.rs"]
mod plain;

use edge::{
    auth::{Digest, Reference, ReferenceKind},
    call::{Account, KeyToKeep, Place, Whose},
    migrate,
    shop_storage::{
        ATTEMPTS_FREE, Attempt, MIGRATIONS, SESSION_LIFE, ShopStorage as Storage, attempt_wait,
    },
    sql::Database,
};
use plain::Plain;
use protocol::{
    api::{Shop, Storefront},
    conversation::{Keep, Status, Summary},
    cursor::Seq,
    entry::OperatorCard,
    id::{ConversationId, OperatorId, ShopId, VisitorId},
    identity::Person,
    looks::Looks,
    presence::Page,
    time::{Millis, Timestamp},
};

const NOW: Timestamp = Timestamp(1_795_313_443_800);
const DAY: Millis = Millis::seconds(24 * 60 * 60);
const EMAIL: &str = "giulia@example.com";

fn after(seconds: u64) -> Timestamp {
    NOW + Millis::seconds(seconds)
}

fn id() -> ShopId {
    "demo".parse().unwrap()
}

fn shop() -> Shop {
    Shop {
        front: Storefront {
            id: id(),
            name: "Bottega Aroma".into(),
            color: "#7a3b1d".into(),
            greeting: [("it".to_owned(), "Buongiorno!".to_owned())].into(),
            languages: vec!["it".into()],
            hours: None,
            form: None,
            looks: Looks::default(),
        },
        origins: vec!["https://shop.example".into()],
    }
}

fn card(salt: u8, name: &str) -> OperatorCard {
    OperatorCard {
        id: OperatorId::mint(NOW, [salt; 10]),
        name: name.into(),
    }
}

fn giulia() -> OperatorCard {
    card(1, "Giulia")
}

fn marco() -> OperatorCard {
    card(2, "Marco")
}

fn account(card: OperatorCard, email: &str) -> Account {
    Account {
        password: format!("kept for {email}"),
        email: email.into(),
        card,
    }
}

fn digest(text: &str) -> Digest {
    Digest::of(text)
}

fn key(id: &str, operator: &OperatorCard) -> KeyToKeep {
    KeyToKeep {
        id: id.into(),
        name: format!("the key {id}"),
        operator: operator.id,
        digest: digest(id),
    }
}

fn reference(kind: ReferenceKind, text: &str) -> Reference {
    Reference {
        kind,
        shop: id(),
        digest: digest(text),
    }
}

/// A shop with Giulia, whose first key is `first`.
fn begun(plain: &Plain) -> Storage<&Plain> {
    let storage = Storage::open(plain).unwrap();
    let owner = account(giulia(), EMAIL);
    assert!(
        storage
            .create(&shop(), &owner, &key("first", &giulia()), NOW)
            .unwrap()
    );
    storage
}

fn conversation(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

/// A line of the list; `updated_at` is in seconds, and `head` grows with it.
fn line(n: u8, status: Status, assignee: Option<OperatorCard>, updated_at: u64) -> Summary {
    Summary {
        id: conversation(n),
        visitor: VisitorId::mint(NOW, [9; 10]),
        person: None,
        status,
        assignee,
        last: None,
        head: Seq(updated_at),
        unread: 0,
        waiting_since: None,
        visitor_present: false,
        page: None,
        opened_at: NOW,
        updated_at: after(updated_at),
    }
}

fn listed(found: &[Summary]) -> Vec<u8> {
    found.iter().map(|one| one.id.as_bytes()[0]).collect()
}

#[test]
fn who_asks_for_a_shop_that_is_not_there_leaves_no_trace() {
    let plain = Plain::new();
    assert!(!Storage::open(&plain).unwrap().is_begun());
    let tables = (&plain).query("SELECT name FROM sqlite_master", &[]);
    assert!(tables.unwrap().is_empty());
}

#[test]
fn a_shop_is_made_once_and_keeps_its_settings() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let thief = account(marco(), "marco@example.com");
    assert!(
        !storage
            .create(&shop(), &thief, &key("second", &marco()), NOW)
            .unwrap()
    );
    assert_eq!(storage.operators().unwrap(), [giulia()]);
    assert_eq!(storage.keys().unwrap().len(), 1);
    assert_eq!(storage.shop().unwrap(), shop());
    let mut changed = shop();
    changed.front.name = "L'Aroma".into();
    storage.put_shop(&changed).unwrap();
    assert_eq!(
        Storage::open(&plain).unwrap().shop().unwrap(),
        changed,
        "what is opened again is as it was"
    );
}

#[test]
fn migrations_apply_once_and_a_later_version_is_refused() {
    let plain = Plain::new();
    begun(&plain);
    migrate::run(&&plain, MIGRATIONS).unwrap();
    let applied = (&plain)
        .query("SELECT name FROM migration ORDER BY place", &[])
        .unwrap();
    let names: Vec<_> = applied.iter().map(|row| row.text(0).unwrap()).collect();
    let known: Vec<_> = MIGRATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known);
    let later = [MIGRATIONS, &[("9999_later", "CREATE TABLE later (x)")]].concat();
    migrate::run(&&plain, &later).unwrap();
    let Err(fault) = Storage::open(&plain) else {
        panic!("a later version's tables are not opened")
    };
    assert!(fault.0.contains("9999_later"), "{fault}");
}

#[test]
fn an_address_belongs_to_one_operator() {
    let plain = Plain::new();
    let storage = begun(&plain);
    assert!(!storage.add_operator(&account(marco(), EMAIL), NOW).unwrap());
    let marcos = account(marco(), "marco@example.com");
    assert!(storage.add_operator(&marcos, NOW).unwrap());
    let anna = card(3, "Anna");
    assert!(
        storage
            .add_operator(&account(anna.clone(), "anna@example.com"), NOW)
            .unwrap()
    );
    assert_eq!(storage.operators().unwrap(), [anna, giulia(), marco()]);
    assert_eq!(
        storage.operator(marco().id).unwrap(),
        Some((marco(), "marco@example.com".into()))
    );
    assert_eq!(storage.operator(card(7, "").id).unwrap(), None);
}

#[test]
fn attempts_to_sign_in_wait_ever_longer_and_to_the_millisecond() {
    let waits: Vec<_> = (0..=ATTEMPTS_FREE + 2).map(|n| attempt_wait(n).0).collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 1_000, 2_000, 4_000]);
    assert_eq!(attempt_wait(u64::MAX), attempt_wait(30));

    let plain = Plain::new();
    let storage = begun(&plain);
    let try_at = |now| storage.attempt(EMAIL, now).unwrap();
    let allowed = Attempt::Allowed(Some((giulia().id, format!("kept for {EMAIL}"))));
    for _ in 0..ATTEMPTS_FREE {
        assert_eq!(try_at(NOW), allowed, "many at once are free, and counted");
    }
    assert_eq!(try_at(NOW), Attempt::Wait(Millis(1_000)));
    let almost = NOW + Millis(999);
    assert_eq!(try_at(almost), Attempt::Wait(Millis(1)));
    assert_eq!(try_at(after(1)), allowed, "who waits is not put off");
    assert_eq!(try_at(after(1)), Attempt::Wait(Millis(2_000)));
    assert_eq!(
        storage.attempt("marco@example.com", after(1)).unwrap(),
        Attempt::Allowed(None),
        "others do not wait"
    );
}

#[test]
fn an_address_that_nobody_has_waits_like_any_other_and_is_not_kept() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let stranger = "stranger@example.com";
    for _ in 0..ATTEMPTS_FREE {
        assert_eq!(
            storage.attempt(stranger, NOW).unwrap(),
            Attempt::Allowed(None)
        );
    }
    assert_eq!(
        storage.attempt(stranger, NOW).unwrap(),
        Attempt::Wait(Millis(1_000))
    );
    let kept = (&plain).query("SELECT email FROM attempt", &[]).unwrap();
    let kept: Vec<_> = kept.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(kept, [digest(stranger).0]);
}

#[test]
fn attempts_are_forgotten_after_a_good_one_and_after_a_day() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let use_up = |now| {
        for _ in 0..ATTEMPTS_FREE {
            assert!(matches!(
                storage.attempt(EMAIL, now).unwrap(),
                Attempt::Allowed(_)
            ));
        }
        assert!(matches!(
            storage.attempt(EMAIL, now).unwrap(),
            Attempt::Wait(_)
        ));
    };
    use_up(NOW);
    storage.sign_in(giulia().id, &digest("one"), NOW).unwrap();
    use_up(NOW);
    use_up(NOW + DAY + Millis(1));
}

#[test]
fn a_session_lives_as_long_as_it_is_used() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let signed_in = storage.sign_in(giulia().id, &digest("one"), NOW).unwrap();
    assert_eq!(signed_in, Some((giulia(), EMAIL.into())));
    let who = |text, now| {
        let session = reference(ReferenceKind::Session, text);
        storage.who_is(&session, now).unwrap()
    };
    let ends_at = || {
        let rows = (&plain).query("SELECT ends_at FROM session", &[]).unwrap();
        Timestamp(rows[0].number(0).unwrap())
    };
    assert_eq!(ends_at(), NOW + SESSION_LIFE);
    let within_a_day = NOW + Millis(DAY.0 - 1);
    assert_eq!(who("one", within_a_day), Some(giulia()));
    assert_eq!(ends_at(), NOW + SESSION_LIFE, "a row a day at most");
    let next_day = NOW + DAY;
    assert_eq!(who("one", next_day), Some(giulia()));
    assert_eq!(ends_at(), next_day + SESSION_LIFE);

    let end = ends_at();
    assert_eq!(who("one", end), None, "at its end it is over");
    assert_eq!(ends_at(), end, "and not prolonged");
    assert_eq!(who("other", NOW), None);
    let as_key = reference(ReferenceKind::Key, "one");
    assert_eq!(storage.who_is(&as_key, NOW).unwrap(), None);
}

#[test]
fn a_session_ends_when_it_is_signed_out_of() {
    let plain = Plain::new();
    let storage = begun(&plain);
    for text in ["one", "two"] {
        storage.sign_in(giulia().id, &digest(text), NOW).unwrap();
    }
    storage.sign_out(&digest("one")).unwrap();
    let who = |text| {
        let session = reference(ReferenceKind::Session, text);
        storage.who_is(&session, NOW).unwrap()
    };
    assert_eq!((who("one"), who("two")), (None, Some(giulia())));
    let gone = storage.sign_in(marco().id, &digest("three"), NOW).unwrap();
    assert_eq!(gone, None, "nobody of this name");
    assert_eq!(who("three"), None);
    // What ended by itself goes with the next that begins.
    let later = NOW + SESSION_LIFE;
    storage
        .sign_in(giulia().id, &digest("four"), later)
        .unwrap();
    let kept = (&plain).query("SELECT digest FROM session", &[]).unwrap();
    assert_eq!(kept.len(), 1);
}

#[test]
fn a_key_acts_as_its_operator_until_it_is_deleted() {
    let plain = Plain::new();
    let storage = begun(&plain);
    storage
        .add_operator(&account(marco(), "marco@example.com"), NOW)
        .unwrap();
    let made = storage.add_key(&key("second", &marco()), after(1)).unwrap();
    assert_eq!((made.made_at, made.used_at), (after(1), None));
    let ids = || -> Vec<_> {
        let keys = storage.keys().unwrap();
        keys.into_iter().map(|key| (key.id, key.used_at)).collect()
    };
    assert_eq!(ids(), [("second".into(), None), ("first".into(), None)]);

    let who = |text, now| {
        let key = reference(ReferenceKind::Key, text);
        storage.who_is(&key, now).unwrap()
    };
    assert_eq!(who("second", after(10)), Some(marco()));
    assert_eq!(who("second", after(69)), Some(marco()));
    assert_eq!(ids()[0].1, Some(after(10)), "to the minute");
    assert_eq!(who("second", after(70)), Some(marco()));
    assert_eq!(ids()[0].1, Some(after(70)));
    let as_session = reference(ReferenceKind::Session, "second");
    assert_eq!(storage.who_is(&as_session, NOW).unwrap(), None);

    assert_eq!(storage.delete_key("nothing").unwrap(), None);
    assert_eq!(
        storage.delete_key("second").unwrap(),
        Some(digest("second"))
    );
    assert_eq!(storage.delete_key("second").unwrap(), None);
    assert_eq!(who("second", after(80)), None);
    assert_eq!(who("first", after(80)), Some(giulia()));
}

#[test]
fn a_line_is_written_over_by_a_newer_one_and_never_by_an_older() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let old = line(1, Status::Open, None, 5);
    let new = line(1, Status::Resolved, Some(giulia()), 6);
    assert!(storage.project(&old, Keep::Everything).unwrap().is_some());
    assert!(storage.project(&new, Keep::Everything).unwrap().is_some());
    assert_eq!(
        storage.project(&old, Keep::Everything).unwrap(),
        None,
        "overtaken on the way"
    );
    let kept = || storage.list(None, None, None, 10).unwrap();
    assert_eq!(kept(), std::slice::from_ref(&new));
    // Of the same head it is who is there that changed.
    let here = Summary {
        visitor_present: true,
        ..new
    };
    assert_eq!(
        storage.project(&here, Keep::Everything).unwrap(),
        Some((here.clone(), true))
    );
    assert_eq!(kept(), [here]);
    assert_eq!(storage.present(10).unwrap(), [conversation(1)]);
}

#[test]
fn the_list_is_of_a_status_and_of_an_assignee() {
    use Status::{Open, Resolved};
    let plain = Plain::new();
    let storage = begun(&plain);
    for summary in [
        line(1, Open, None, 1),
        line(2, Resolved, None, 2),
        line(3, Open, Some(giulia()), 3),
        line(4, Resolved, Some(giulia()), 4),
        line(5, Open, Some(marco()), 5),
    ] {
        storage.project(&summary, Keep::Everything).unwrap();
    }
    let of = |status, whose| listed(&storage.list(status, whose, None, 10).unwrap());
    let giulias = Some(Whose::Operator(giulia().id));
    assert_eq!(of(None, None), [5, 4, 3, 2, 1]);
    assert_eq!(of(Some(Open), None), [5, 3, 1]);
    assert_eq!(of(Some(Resolved), None), [4, 2]);
    assert_eq!(of(None, Some(Whose::Nobody)), [2, 1]);
    assert_eq!(of(None, giulias), [4, 3]);
    assert_eq!(of(Some(Open), giulias), [3]);
    assert!(of(Some(Resolved), Some(Whose::Operator(marco().id))).is_empty());
}

#[test]
fn pages_are_without_holes_and_without_repetition_also_where_times_are_the_same() {
    let plain = Plain::new();
    let storage = begun(&plain);
    for n in 0..23_u8 {
        // Of three times and two statuses, so that every page ends among equals.
        let status = [Status::Open, Status::Resolved][usize::from(n % 2)];
        let summary = line(n, status, None, u64::from(n / 8));
        storage.project(&summary, Keep::Everything).unwrap();
    }
    let newest_first: Vec<u8> = (0..23).rev().collect();
    for limit in [1, 2, 3, 7, 8, 22, 23, 100] {
        let mut read = vec![];
        let mut after = None;
        loop {
            let page = storage.list(None, None, after, limit).unwrap();
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = Some(Place {
                updated_at: last.updated_at.0,
                id: last.id,
            });
            read.extend(listed(&page));
            assert!(read.len() <= 23, "in pages of {limit}: {read:?}");
        }
        assert_eq!(read, newest_first, "in pages of {limit}");
    }
    let past = Some(Place {
        updated_at: u64::MAX,
        id: conversation(0),
    });
    assert_eq!(storage.list(None, None, past, 100).unwrap().len(), 23);
}

#[test]
fn the_latest_is_the_open_one_that_changed_last() {
    let plain = Plain::new();
    let storage = begun(&plain);
    assert_eq!(storage.latest().unwrap(), None);
    storage
        .project(&line(1, Status::Resolved, None, 9), Keep::Everything)
        .unwrap();
    assert_eq!(storage.latest().unwrap(), None, "none is open");
    storage
        .project(&line(2, Status::Open, None, 3), Keep::Everything)
        .unwrap();
    storage
        .project(&line(3, Status::Open, None, 4), Keep::Everything)
        .unwrap();
    assert_eq!(storage.latest().unwrap(), Some(conversation(3)));
    storage
        .project(&line(2, Status::Open, None, 5), Keep::Everything)
        .unwrap();
    assert_eq!(storage.latest().unwrap(), Some(conversation(2)));
    storage
        .project(&line(2, Status::Resolved, None, 6), Keep::Everything)
        .unwrap();
    assert_eq!(storage.latest().unwrap(), Some(conversation(3)));
}

#[test]
fn who_is_there_is_told_last_changed_first_and_not_beyond_the_limit() {
    let plain = Plain::new();
    let storage = begun(&plain);
    for n in 1..=4 {
        let summary = Summary {
            visitor_present: n != 3,
            ..line(n, Status::Open, None, u64::from(n))
        };
        storage.project(&summary, Keep::Everything).unwrap();
    }
    let present = |limit| storage.present(limit).unwrap();
    assert_eq!(present(10), [4, 2, 1].map(conversation));
    assert_eq!(present(2), [4, 2].map(conversation));
}

#[test]
fn what_need_not_be_kept_is_in_the_list_and_costs_nothing_until_it_is_read() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let written = || {
        let rows = (&plain).query("SELECT summary FROM conversation", &[]);
        rows.unwrap().len()
    };
    let first = line(1, Status::Open, None, 5);
    assert!(storage.project(&first, Keep::Nothing).unwrap().is_some());
    assert_eq!(written(), 0);
    let older = line(1, Status::Open, None, 4);
    assert_eq!(
        storage.project(&older, Keep::Everything).unwrap(),
        None,
        "overtaken on the way"
    );
    assert_eq!(storage.list(None, None, None, 10).unwrap(), [first]);
    assert_eq!(written(), 1);
    // What is kept takes the place of what was only shown.
    let shown = line(1, Status::Open, None, 6);
    let kept = line(1, Status::Resolved, None, 7);
    storage.project(&shown, Keep::Nothing).unwrap();
    storage.project(&kept, Keep::Everything).unwrap();
    assert_eq!(storage.list(None, None, None, 10).unwrap(), [kept]);
}

#[test]
fn what_the_disk_says_already_is_not_written_again() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let on_disk = || {
        let rows = (&plain).query("SELECT summary ->> '$.head' FROM conversation", &[]);
        rows.unwrap()[0].number(0).unwrap()
    };
    let waits = |head| Summary {
        waiting_since: Some(after(head)),
        unread: 1,
        visitor_present: true,
        ..line(1, Status::Open, None, head)
    };
    let written = |summary: &Summary| {
        let taken = storage.project(summary, Keep::WhatMatters).unwrap();
        let (shown, written) = taken.unwrap();
        assert_eq!(shown, *summary);
        written
    };
    assert!(written(&waits(1)));
    assert!(!written(&waits(2)), "that they wait it says already");
    assert_eq!(on_disk(), 1);
    // Answered, and asked again before that was kept.
    let answered = Summary {
        visitor_present: true,
        ..line(1, Status::Open, None, 3)
    };
    storage.project(&answered, Keep::Nothing).unwrap();
    assert!(!written(&waits(4)));
    // What must not be forgotten is compared with what is kept, not with what is shown.
    let assigned = Summary {
        assignee: Some(giulia()),
        ..waits(5)
    };
    storage.project(&assigned, Keep::Nothing).unwrap();
    assert!(written(&Summary {
        assignee: Some(giulia()),
        ..waits(6)
    }));
    assert_eq!(on_disk(), 6);
    for matters in [
        Summary {
            status: Status::Resolved,
            ..waits(7)
        },
        waits(10),
        // The disk is ordered by the hour.
        waits(11 + 60 * 60),
    ] {
        assert!(written(&matters), "{matters:?}");
        assert!(!written(&matters));
    }
    // That nobody waits any more is asked of who is there.
    let answered = Summary {
        waiting_since: None,
        unread: 0,
        ..waits(11 + 60 * 60)
    };
    assert!(!written(&answered));
    // Who is not there by the disk would be asked by nobody.
    let mut gone = waits(12 + 60 * 60);
    gone.visitor_present = false;
    storage.project(&gone, Keep::Everything).unwrap();
    assert!(written(&waits(13 + 60 * 60)));
    assert!(!written(&waits(14 + 60 * 60)));
}

#[test]
fn a_list_of_the_first_version_is_taken_over() {
    let plain = Plain::new();
    migrate::run(&&plain, &MIGRATIONS[..1]).unwrap();
    let hour = 60 * 60;
    let old = [
        line(1, Status::Open, None, 1),
        line(2, Status::Open, None, 3 * hour),
        line(3, Status::Open, None, 2 * hour),
    ];
    for summary in &old {
        // As the first version wrote it.
        let values = [
            summary.id.as_bytes().into(),
            summary.updated_at.0.into(),
            serde_json::to_string(summary).unwrap().into(),
        ];
        (&plain)
            .run(
                "INSERT INTO conversation (id, status, present, updated_at, summary) VALUES (?, 'open', 1, ?, ?)",
                &values,
            )
            .unwrap();
    }
    let storage = Storage::open(&plain).unwrap();
    let all = listed(&storage.list(None, None, None, 10).unwrap());
    assert_eq!(
        all,
        listed(&[old[1].clone(), old[2].clone(), old[0].clone()])
    );
    assert_eq!(storage.present(1).unwrap(), [old[1].id]);
    let own = storage.of_visitor(old[0].visitor, 10).unwrap();
    assert_eq!(own, [old[2].id, old[1].id, old[0].id]);
}

#[test]
fn rl12_where_a_visitor_was_last_stays_in_the_list() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let page = |title: &str| {
        Some(Page {
            title: title.into(),
            ..Page::default()
        })
    };
    let of = |head, page| Summary {
        page,
        ..line(1, Status::Open, None, head)
    };
    let shown = |summary: Summary, keep| storage.project(&summary, keep).unwrap().unwrap().0.page;
    assert_eq!(shown(of(1, page("Moka")), Keep::Everything), page("Moka"));
    assert_eq!(
        shown(of(2, None), Keep::Nothing),
        page("Moka"),
        "they have gone"
    );
    assert_eq!(shown(of(3, None), Keep::Everything), page("Moka"));
    let listed = storage.list(None, None, None, 1).unwrap();
    assert_eq!(listed[0].page, page("Moka"));
    assert_eq!(shown(of(4, page("Cups")), Keep::Nothing), page("Cups"));
}

#[test]
fn oc1_a_visitor_finds_their_own_and_nobody_elses() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let anna = VisitorId::mint(NOW, [9; 10]);
    let other = VisitorId::mint(NOW, [8; 10]);
    for (n, visitor) in [(1, anna), (2, other), (3, anna), (4, anna)] {
        let summary = Summary {
            visitor,
            ..line(n, Status::Open, None, u64::from(n))
        };
        storage.project(&summary, Keep::Everything).unwrap();
    }
    let own = |visitor, limit| storage.of_visitor(visitor, limit).unwrap();
    assert_eq!(own(anna, 10), [4, 3, 1].map(conversation));
    assert_eq!(own(other, 10), [conversation(2)]);
    assert_eq!(own(VisitorId::mint(NOW, [7; 10]), 10), []);
    assert_eq!(own(anna, 2), [4, 3].map(conversation));
    // A line that changes is still theirs.
    storage
        .project(
            &line(1, Status::Resolved, Some(giulia()), 10),
            Keep::Everything,
        )
        .unwrap();
    assert_eq!(own(anna, 10), [4, 3, 1].map(conversation));
}

#[test]
fn a_conversation_in_doubt_is_asked_until_it_has_answered() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let at = |seconds: u64| NOW + Millis::seconds(seconds);
    storage.doubt_all(NOW).unwrap();
    assert_eq!(
        storage.next_doubt().unwrap(),
        None,
        "there is nothing to doubt"
    );
    for n in 1..=3 {
        storage
            .project(&line(n, Status::Open, None, n.into()), Keep::Everything)
            .unwrap();
    }
    storage.doubt_all(NOW).unwrap();
    assert_eq!(storage.reindexing().unwrap().left, 3);
    assert_eq!(storage.doubts(at(0), 2).unwrap().len(), 2);
    storage.settle(conversation(1)).unwrap();
    // Two and three do not answer, ever later.
    storage.put_off(conversation(2), at(0)).unwrap();
    storage.put_off(conversation(3), at(0)).unwrap();
    assert_eq!(storage.doubts(at(1), 9).unwrap(), []);
    assert_eq!(storage.next_doubt().unwrap(), Some(at(2)));
    storage.settle(conversation(3)).unwrap();
    for wait in [4, 8, 16, 32, 64, 128, 256, 300, 300] {
        storage.put_off(conversation(2), at(10)).unwrap();
        assert_eq!(storage.next_doubt().unwrap(), Some(at(10 + wait)));
    }
    let reindexing = storage.reindexing().unwrap();
    let [stuck] = &reindexing.unanswered[..] else {
        panic!("one is stuck: {reindexing:?}")
    };
    assert_eq!((reindexing.left, stuck.attempts), (1, 10));
    assert_eq!(stuck.conversation, conversation(2));
    // Whoever asks for all of it begins anew.
    storage.doubt_all(at(20)).unwrap();
    assert_eq!(storage.doubts(at(20), 9).unwrap().len(), 3);
    assert_eq!(storage.reindexing().unwrap().unanswered, []);
    storage.settle(conversation(9)).unwrap();
    storage.put_off(conversation(9), at(20)).unwrap();
    assert_eq!(
        storage.reindexing().unwrap().left,
        3,
        "only what is in the list"
    );
}

#[test]
fn a_line_that_cannot_be_read_is_written_anew() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let summary = line(1, Status::Open, None, 5);
    storage.project(&summary, Keep::Everything).unwrap();
    (&plain)
        .run("UPDATE conversation SET summary = '{}'", &[])
        .unwrap();
    let storage = Storage::open(&plain).unwrap();
    assert!(storage.list(None, None, None, 10).is_err());
    assert!(
        storage
            .project(&summary, Keep::Everything)
            .unwrap()
            .is_some()
    );
    assert_eq!(storage.list(None, None, None, 10).unwrap(), [summary]);
}

#[test]
fn id3_who_was_proved_stands_in_every_line_of_theirs() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let anna = VisitorId::mint(NOW, [9; 10]);
    let other = VisitorId::mint(NOW, [8; 10]);
    let of = |n, visitor, head| Summary {
        visitor,
        ..line(n, Status::Open, None, head)
    };
    let named = |storage: &Storage<&Plain>| {
        let all = storage.list(None, None, None, 10).unwrap();
        let mut named: Vec<_> = all
            .into_iter()
            .map(|one| (listed(std::slice::from_ref(&one))[0], one.person))
            .collect();
        named.sort_by_key(|(n, _)| *n);
        named
    };
    storage.project(&of(1, anna, 1), Keep::Everything).unwrap();
    storage.project(&of(2, other, 2), Keep::Everything).unwrap();
    // What is in memory only is named as well.
    storage.project(&of(3, anna, 3), Keep::Nothing).unwrap();
    assert_eq!(storage.person(anna).unwrap(), None);
    let giulia = Person {
        id: "4711".into(),
        name: Some("Giulia".into()),
        email: None,
        phone: None,
    };
    let lines = storage.prove(anna, &giulia, None).unwrap();
    assert_eq!(listed(&lines), [3, 1]);
    assert_eq!(storage.person(anna).unwrap(), Some(giulia.clone()));
    assert_eq!(
        storage.prove(anna, &giulia, Some(&giulia)).unwrap(),
        [],
        "nothing is new"
    );
    // What conversations say of themselves later takes nothing back, and a new one is named from its first word on.
    storage.project(&of(1, anna, 4), Keep::Nothing).unwrap();
    storage.project(&of(4, anna, 5), Keep::Everything).unwrap();
    let yes = Some(giulia.clone());
    assert_eq!(
        named(&storage),
        [(1, yes.clone()), (2, None), (3, yes.clone()), (4, yes)]
    );
    let married = Person {
        name: Some("Giulia Rossi".into()),
        ..giulia.clone()
    };
    storage.prove(anna, &married, Some(&giulia)).unwrap();
    assert_eq!(named(&storage)[0], (1, Some(married)));
}

#[test]
fn id4_a_new_secret_takes_the_place_of_the_one_before() {
    let plain = Plain::new();
    let storage = begun(&plain);
    assert_eq!(storage.identity().unwrap(), None);
    storage.keep_identity(Some("ci_1"), NOW).unwrap();
    storage.keep_identity(Some("ci_2"), after(5)).unwrap();
    assert_eq!(
        storage.identity().unwrap(),
        Some(("ci_2".to_owned(), after(5)))
    );
    storage.keep_identity(None, after(6)).unwrap();
    assert_eq!(storage.identity().unwrap(), None);
}

#[test]
fn id6_a_customer_is_found_on_all_their_devices() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let [desk, phone, other] = [9, 8, 7].map(|salt| VisitorId::mint(NOW, [salt; 10]));
    for (n, visitor) in [(1, desk), (2, phone), (3, other), (4, desk), (5, phone)] {
        let summary = Summary {
            visitor,
            ..line(n, Status::Open, None, u64::from(n))
        };
        let keep = match n % 2 == 0 {
            true => Keep::Everything,
            false => Keep::Nothing,
        };
        storage.project(&summary, keep).unwrap();
    }
    let others = |n, limit| listed(&storage.others(conversation(n), limit).unwrap());
    assert_eq!(others(1, 10), [4]);
    assert_eq!(others(2, 10), [5]);
    let giulia = Person {
        id: "4711".into(),
        name: None,
        email: None,
        phone: None,
    };
    storage.prove(desk, &giulia, None).unwrap();
    assert_eq!(others(1, 10), [4], "the phone is not proved yet");
    storage.prove(phone, &giulia, None).unwrap();
    assert_eq!(others(1, 10), [5, 4, 2]);
    assert_eq!(others(5, 2), [4, 2]);
    assert_eq!(others(3, 10), [0; 0]);
    assert_eq!(others(6, 10), [0; 0], "there is no such conversation");
}

#[test]
fn id2_a_code_that_was_used_makes_a_visitor_shared() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let [anna, other] = [9, 8].map(|salt| VisitorId::mint(NOW, [salt; 10]));
    let code = digest("code");
    storage
        .hand_over(&code, anna, conversation(1), NOW)
        .unwrap();
    assert!(!storage.is_shared(anna).unwrap(), "nobody has used it");
    assert!(storage.take_over(&code, after(1)).unwrap().is_some());
    assert!(storage.is_shared(anna).unwrap());
    assert!(!storage.is_shared(other).unwrap());
    // One that is over shares nobody.
    storage
        .hand_over(&code, other, conversation(2), NOW)
        .unwrap();
    assert_eq!(storage.take_over(&code, after(3_600)).unwrap(), None);
    assert!(!storage.is_shared(other).unwrap());
}

#[test]
fn id2_a_code_from_before_the_proof_is_over() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let anna = VisitorId::mint(NOW, [9; 10]);
    let [before, then] = ["before", "then"].map(digest);
    let giulia = Person {
        id: "4711".into(),
        name: None,
        email: None,
        phone: None,
    };
    storage
        .hand_over(&before, anna, conversation(1), NOW)
        .unwrap();
    storage.prove(anna, &giulia, None).unwrap();
    assert_eq!(storage.take_over(&before, after(1)).unwrap(), None);
    assert!(!storage.is_shared(anna).unwrap());
    // One of the customer's own is good.
    storage
        .hand_over(&then, anna, conversation(1), after(2))
        .unwrap();
    assert!(storage.take_over(&then, after(3)).unwrap().is_some());
}
