//! Conversations that are handed over to another device, on a plain SQLite: once, for a while, the last of a visitor's (HD2).

#[path = "plain/sqlite.rs"]
mod plain;

use edge::{
    auth::Digest,
    call::{Account, KeyToKeep},
    shop_storage::ShopStorage as Storage,
    sql::Database as _,
};
use plain::Plain;
use protocol::{
    api::Shop,
    entry::OperatorCard,
    id::{ConversationId, OperatorId, VisitorId},
    limits::HANDOVER_LIFE,
    time::{Millis, Timestamp},
};

const NOW: Timestamp = Timestamp(1_795_313_443_800);

fn begun(plain: &Plain) -> Storage<&Plain> {
    let storage = Storage::open(plain).unwrap();
    let shop = r##"{"id":"demo","name":"Bottega Aroma","color":"#7a3b1d","origins":[]}"##;
    let shop: Shop = serde_json::from_str(shop).unwrap();
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
    assert!(storage.create(&shop, &owner, &key, NOW).unwrap());
    storage
}

fn anna() -> (VisitorId, ConversationId) {
    (
        VisitorId::from_bytes([7; 16]),
        ConversationId::from_bytes([8; 16]),
    )
}

fn rows(plain: &Plain) -> usize {
    plain
        .query("SELECT digest FROM handover", &[])
        .unwrap()
        .len()
}

#[test]
fn a_code_is_good_once() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let code = Digest::of("K7QP4M2X9T");
    let (visitor, conversation) = anna();
    let ends_at = storage
        .hand_over(&code, visitor, conversation, NOW)
        .unwrap();
    assert_eq!(ends_at, NOW + HANDOVER_LIFE);
    assert_eq!(
        storage.take_over(&Digest::of("another"), NOW).unwrap(),
        None
    );
    assert_eq!(storage.take_over(&code, NOW).unwrap(), Some(anna()));
    assert_eq!(storage.take_over(&code, NOW).unwrap(), None);
    assert_eq!(rows(&plain), 0);
}

#[test]
fn a_code_that_is_over_is_good_for_nothing_and_is_forgotten() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let (visitor, conversation) = anna();
    let code = Digest::of("K7QP4M2X9T");
    storage
        .hand_over(&code, visitor, conversation, NOW)
        .unwrap();
    let over = NOW + HANDOVER_LIFE;
    assert_eq!(storage.take_over(&code, over).unwrap(), None);
    // Nobody came for it: the next one takes it away.
    storage
        .hand_over(&code, visitor, conversation, NOW)
        .unwrap();
    let other = VisitorId::from_bytes([9; 16]);
    let next = Digest::of("0000000000");
    storage
        .hand_over(&next, other, conversation, over + Millis(1))
        .unwrap();
    assert_eq!(rows(&plain), 1);
}

#[test]
fn the_last_code_of_a_visitor_counts() {
    let plain = Plain::new();
    let storage = begun(&plain);
    let (visitor, conversation) = anna();
    let [first, second] = ["K7QP4M2X9T", "0000000000"].map(Digest::of);
    storage
        .hand_over(&first, visitor, conversation, NOW)
        .unwrap();
    storage
        .hand_over(&second, visitor, conversation, NOW)
        .unwrap();
    assert_eq!(storage.take_over(&first, NOW).unwrap(), None);
    assert_eq!(storage.take_over(&second, NOW).unwrap(), Some(anna()));
}
