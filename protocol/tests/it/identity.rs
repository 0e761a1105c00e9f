//! Who a visitor is, where the shop has proved it (SPEC, ID).

use protocol::{
    id::ShopId,
    identity::{Claims, Person, Unproved},
    limits::{EMAIL_MAX, IDENTITY_FOR, IDENTITY_ID_MAX, IDENTITY_SKEW, NAME_MAX},
    time::{Millis, Timestamp},
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Seconds from now on, as a token tells its end.
fn ahead(by: Millis) -> u64 {
    (NOW + by).0 / 1_000
}

fn claims(changes: Value) -> Value {
    let mut claims =
        json!({ "sub": "4711", "aud": "caffe-aurora", "exp": ahead(Millis::seconds(300)) });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn person(changes: Value) -> Result<Person, Unproved> {
    let claims: Claims = serde_json::from_value(claims(changes)).map_err(|_| Unproved::Claims)?;
    let shop: ShopId = "caffe-aurora".parse().unwrap();
    claims.person(&shop, NOW)
}

#[test]
fn id1_what_a_token_says_of_a_customer() {
    let giulia = person(json!({
        "name": "  Giulia Bianchi ", "email": "giulia@shop.example", "phone_number": "+39 06 1234567",
        "iat": 1, "role": "admin", "aud": ["other", "caffe-aurora"],
    }));
    let giulia = giulia.unwrap();
    assert_eq!(giulia.id, "4711");
    assert_eq!(giulia.name.as_deref(), Some("Giulia Bianchi"));
    assert_eq!(giulia.email.as_deref(), Some("giulia@shop.example"));
    assert_eq!(giulia.phone.as_deref(), Some("+39 06 1234567"));
    let bare = person(json!({ "name": " \u{7}\u{200b}", "email": "" })).unwrap();
    assert_eq!((bare.name, bare.email, bare.phone), (None, None, None));
    let long =
        person(json!({ "name": "n".repeat(NAME_MAX + 1), "email": "e".repeat(EMAIL_MAX + 1) }));
    let long = long.unwrap();
    assert_eq!(long.name.map(|name| name.len()), Some(NAME_MAX));
    assert_eq!(long.email.map(|email| email.len()), Some(EMAIL_MAX));
}

#[test]
fn id1_what_proves_nobody() {
    let past = |by: Millis| (NOW.0 - by.0) / 1_000;
    for (changes, why) in [
        (json!({ "aud": "another-shop" }), Unproved::Audience),
        (json!({ "aud": [] }), Unproved::Audience),
        (json!({ "exp": past(IDENTITY_SKEW) }), Unproved::Expired),
        (json!({ "exp": 0 }), Unproved::Expired),
        (
            json!({ "exp": ahead(Millis(IDENTITY_FOR.0 + IDENTITY_SKEW.0)) + 1 }),
            Unproved::LongLived,
        ),
        // Milliseconds, which a program may take for seconds.
        (json!({ "exp": NOW.0 }), Unproved::LongLived),
        (json!({ "exp": u64::MAX }), Unproved::LongLived),
        (json!({ "sub": "" }), Unproved::Subject),
        (json!({ "sub": "47\u{0}11" }), Unproved::Subject),
        (
            json!({ "sub": "s".repeat(IDENTITY_ID_MAX + 1) }),
            Unproved::Subject,
        ),
        (json!({ "sub": 4711 }), Unproved::Claims),
        (json!({ "exp": "soon" }), Unproved::Claims),
        (json!({ "exp": -1 }), Unproved::Claims),
        (json!({ "aud": null }), Unproved::Claims),
    ] {
        assert_eq!(person(changes.clone()), Err(why), "{changes}");
    }
    // At the edges it proves somebody.
    for exp in [
        past(IDENTITY_SKEW) + 1,
        ahead(Millis(IDENTITY_FOR.0 + IDENTITY_SKEW.0)),
    ] {
        assert!(person(json!({ "exp": exp })).is_ok(), "{exp}");
    }
    assert!(person(json!({ "sub": "s".repeat(IDENTITY_ID_MAX) })).is_ok());
}

#[test]
fn id2_a_visitor_is_one_person_for_ever() {
    let first = person(json!({ "name": "Giulia" })).unwrap();
    assert_eq!(first.clone().after(None, false), Ok(first.clone()));
    let married = person(json!({ "name": "Giulia Rossi" })).unwrap();
    assert_eq!(married.clone().after(Some(&first), true), Ok(married));
    let other = person(json!({ "sub": "4712", "name": "Giulia" })).unwrap();
    assert_eq!(
        other.after(Some(&first), false),
        Err(Unproved::AnotherPerson)
    );
}

#[test]
fn id2_who_was_handed_to_another_device_first_is_nobody() {
    let giulia = person(json!({})).unwrap();
    assert_eq!(giulia.clone().after(None, true), Err(Unproved::Shared));
    // Who was proved before may go on on their phone.
    assert_eq!(giulia.clone().after(Some(&giulia), true), Ok(giulia));
}
