//! What is kept beside a shop's settings, on a plain SQLite: where visitors were and how long answers took; read over by who does not know it.

#[path = "plain/sqlite.rs"]
mod plain;

use edge::{
    auth::Digest,
    call::{Account, KeyToKeep},
    settings::SIGHTING_EVERY,
    shop_storage::ShopStorage as Storage,
    sql::Database as _,
};
use plain::Plain;
use protocol::{
    api::{Shop, ShopChange, Sighting},
    entry::OperatorCard,
    id::OperatorId,
    relay::waiting::Answers,
    time::{Millis, Timestamp},
};

const NOW: Timestamp = Timestamp(1_795_313_443_800);
const SHOP: &str = "https://shop.example";
const WWW: &str = "https://www.shop.example";

/// As a release without sightings wrote it.
const KEPT: &str = r##"{"id":"demo","name":"Bottega Aroma","color":"#7a3b1d","greeting":{},"languages":[],"hours":null,
    "origins":["https://shop.example","https://www.shop.example"]}"##;

fn shop() -> Shop {
    serde_json::from_str(KEPT).unwrap()
}

fn begun(plain: &Plain) -> Storage<&Plain> {
    let storage = Storage::open(plain).unwrap();
    let card = OperatorCard {
        id: OperatorId::mint(NOW, [1; 10]),
        name: "Giulia".into(),
    };
    let key = KeyToKeep {
        id: "first".into(),
        name: "first".into(),
        operator: card.id,
        digest: Digest::of("first"),
    };
    let owner = Account {
        card,
        email: "giulia@example.com".into(),
        password: "kept".into(),
    };
    assert!(storage.create(&shop(), &owner, &key, NOW).unwrap());
    plain
        .run("UPDATE shop SET settings = ?", &[KEPT.into()])
        .unwrap();
    storage
}

fn at(minutes: u64) -> Timestamp {
    NOW + Millis::seconds(60 * minutes)
}

fn seen(origin: &str, at: Timestamp) -> Sighting {
    Sighting {
        origin: origin.into(),
        at,
    }
}

#[test]
fn a_visit_is_written_once_an_hour_for_each_origin() {
    let plain = Plain::new();
    let storage = begun(&plain);
    assert_eq!(storage.sightings().unwrap().sightings, []);
    for minute in [0, 5, 59] {
        assert_eq!(storage.visited(Some(SHOP), at(minute)).unwrap(), shop());
        let all = storage.sightings().unwrap().sightings;
        assert_eq!(all, [seen(SHOP, NOW)], "after {minute} minutes");
    }
    storage.visited(Some(WWW), at(30)).unwrap();
    let hour = NOW + SIGHTING_EVERY;
    storage.visited(Some(SHOP), hour).unwrap();
    let all = storage.sightings().unwrap().sightings;
    assert_eq!(all, [seen(SHOP, hour), seen(WWW, at(30))]);
}

#[test]
fn of_a_page_that_is_not_on_the_list_nothing_is_kept() {
    let plain = Plain::new();
    let storage = begun(&plain);
    for page in [None, Some("https://elsewhere.example"), Some("")] {
        assert_eq!(storage.visited(page, NOW).unwrap(), shop());
    }
    assert_eq!(storage.sightings().unwrap().sightings, []);
}

#[test]
fn a_change_of_settings_keeps_what_was_seen_on_origins_that_stay() {
    let plain = Plain::new();
    let storage = begun(&plain);
    storage.visited(Some(SHOP), NOW).unwrap();
    storage.visited(Some(WWW), NOW).unwrap();
    let change = ShopChange {
        radius: Some(0),
        origins: Some(vec![WWW.into()]),
        ..ShopChange::default()
    };
    let changed = shop().after(change);
    storage.put_shop(&changed).unwrap();
    assert_eq!(storage.shop().unwrap(), changed);
    assert_eq!(storage.sightings().unwrap().sightings, [seen(WWW, NOW)]);
}

#[test]
fn how_long_answers_took_is_kept_beside_and_outlives_what_is_written_there() {
    let plain = Plain::new();
    let storage = begun(&plain);
    assert_eq!(storage.answers().unwrap(), Answers::default());
    let measured: Answers = serde_json::from_str("[[1795313443800,60000]]").unwrap();
    storage.put_answers(&measured).unwrap();
    storage.visited(Some(SHOP), NOW).unwrap();
    storage.put_shop(&shop()).unwrap();
    assert_eq!(storage.answers().unwrap(), measured);
    assert_eq!(storage.sightings().unwrap().sightings, [seen(SHOP, NOW)]);
    assert_eq!(storage.shop().unwrap(), shop());
}
