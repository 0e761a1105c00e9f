//! What a shop's widget looks like (SPEC, LK).

use protocol::{
    api::{Shop, ShopChange},
    hours::{Exception, Hours, Stretch},
    limits,
    looks::{Font, Looks, Position, Theme, is_logo},
};

/// As a shop was kept before it could choose any of this.
const BEFORE: &str = r##"{"id":"aroma","name":"Bottega Aroma","color":"#7a3b1d","greeting":{"it":"Ciao"},"languages":["it"],
    "hours":{"time_zone":"Europe/Rome","open":[{"day":1,"from":"09:00","to":"13:00"}]},"origins":["https://aroma.example"]}"##;

fn before() -> Shop {
    serde_json::from_str(BEFORE).unwrap()
}

fn change(text: &str) -> ShopChange {
    serde_json::from_str(text).unwrap()
}

#[test]
fn lk1_what_a_shop_does_not_say_is_the_default() {
    let looks = before().front.looks;
    assert_eq!(looks, Looks::default());
    assert_eq!((looks.logo, looks.radius), (None, limits::RADIUS));
    assert_eq!(
        (looks.position, looks.font, looks.theme),
        (Position::Right, Font::System, Theme::Auto)
    );
}

#[test]
fn lk1_what_is_kept_is_read_again() {
    let all = r#"{"logo":"https://aroma.example/logo.png","radius":0,"position":"left","font":"shop","theme":"dark"}"#;
    let shop = before().after(change(all));
    let kept = serde_json::to_value(&shop).unwrap();
    for (name, value) in [
        ("position", "left"),
        ("font", "shop"),
        ("theme", "dark"),
        ("logo", "https://aroma.example/logo.png"),
    ] {
        assert_eq!(kept[name], value, "beside the colour, not below it");
    }
    assert_eq!(serde_json::from_value::<Shop>(kept).unwrap(), shop);
}

#[test]
fn lk1_a_choice_of_a_later_version_takes_nothing_down() {
    let later = BEFORE.replacen(
        '{',
        r#"{"position":"top","font":"serif","theme":"sepia","shadow":9,"#,
        1,
    );
    let looks = serde_json::from_str::<Shop>(&later).unwrap().front.looks;
    assert_eq!(
        (looks.position, looks.font, looks.theme),
        (Position::Unknown, Font::Unknown, Theme::Unknown)
    );
}

#[test]
fn lk2_a_logo_is_the_address_of_a_picture() {
    let long = |length: usize| format!("https://a.example/{}", "a".repeat(length - 18));
    for good in [
        "https://aroma.example/logo.png",
        "https://cdn.aroma.example/s/files/logo.webp?v=17&width=80",
        "https://aroma.example:8443/logo",
        "http://localhost:8787/logo.png",
        "http://127.0.0.1/logo.png",
        &long(limits::LOGO_MAX),
    ] {
        assert!(is_logo(good), "{good}");
    }
    for bad in [
        "",
        "logo.png",
        "//aroma.example/logo.png",
        "http://aroma.example/logo.png",
        "http://localhost.aroma.example/logo.png",
        "https://",
        "https:///logo.png",
        "https://giulia:secret@aroma.example/logo.png",
        "https://aroma.example/my logo.png",
        "https://aroma.example/\"),url(https://elsewhere.example/",
        "https://aroma.example/logo'.png",
        "https://aroma.example/logo\\.png",
        "https://aroma.example/caffè.png",
        "javascript:alert(1)",
        "data:image/svg+xml,<svg/>",
        "blob:https://aroma.example/0",
        &long(limits::LOGO_MAX + 1),
    ] {
        assert!(!is_logo(bad), "{bad}");
    }
}

#[test]
fn lk3_a_change_sets_what_it_names_and_leaves_the_rest() {
    assert_eq!(before().after(ShopChange::default()), before());
    let with = before().after(change(r#"{"radius":4,"logo":"https://a.example/b"}"#));
    assert_eq!(with.front.looks.radius, 4);
    let dark = with.clone().after(change(r#"{"theme":"dark"}"#));
    let expected = Looks {
        theme: Theme::Dark,
        ..with.front.looks.clone()
    };
    assert_eq!(dark.front.looks, expected);
    assert_eq!(
        (dark.front.name, dark.origins),
        (with.front.name.clone(), with.origins.clone())
    );
    let bare = with.after(change(r#"{"logo":""}"#));
    assert_eq!(bare.front.looks.logo, None);
}

#[test]
fn lk3_no_hours_are_those_without_a_time() {
    let none = Hours {
        time_zone: "Europe/Rome".into(),
        open: vec![],
        exceptions: vec![],
    };
    let after = |hours: &Hours| {
        let change = ShopChange {
            hours: Some(hours.clone()),
            ..ShopChange::default()
        };
        before().after(change).front.hours
    };
    assert!(before().front.hours.is_some());
    assert_eq!(after(&none), None);
    let day = |open: Vec<Stretch>| Exception {
        from: "2026-12-06".into(),
        to: "2026-12-06".into(),
        open,
    };
    let mut hours = Hours {
        exceptions: vec![day(vec![])],
        ..none
    };
    assert_eq!(after(&hours), None, "closed, and never open");
    // Who opens on one day only.
    let (from, to) = ("09:00".into(), "18:00".into());
    hours.exceptions = vec![day(vec![Stretch { from, to }])];
    assert_eq!(after(&hours), Some(hours));
}
