use super::*;

fn shop() -> Shop {
    Shop {
        front: Storefront {
            id: "aroma".parse().expect("an id"),
            name: "Bottega Aroma".into(),
            color: "#7a3b1d".into(),
            greeting: [].into(),
            languages: vec![],
            hours: None,
            form: None,
            looks: Looks::default(),
        },
        origins: vec!["https://aroma.example".into()],
    }
}

#[test]
fn only_what_was_changed_is_told() {
    let mut edit = Edit::of(&shop());
    assert_eq!(edit.change(&shop()), None);
    edit.radius = 4;
    edit.logo = "https://aroma.example/logo.png".into();
    let change = edit.change(&shop()).expect("a change");
    assert_eq!(
        change,
        ShopChange {
            radius: Some(4),
            logo: Some("https://aroma.example/logo.png".into()),
            ..ShopChange::default()
        }
    );
    let saved = shop().after(change);
    assert_eq!(edit.change(&saved), None, "then there is nothing to save");
    edit.logo = String::new();
    let bare = edit.change(&saved).expect("a change").logo;
    assert_eq!(bare.as_deref(), Some(""), "the logo is taken away");
}

#[test]
fn what_is_half_filled_in_is_shown_as_before() {
    let mut edit = Edit::of(&shop());
    edit.color = "#12".into();
    edit.logo = "https://aroma.example/my logo.png".into();
    assert!(!edit.has_color() && !edit.has_logo());
    let shown = edit.shown(&shop());
    assert_eq!((shown.color.as_str(), shown.looks.logo), ("#7a3b1d", None));
}

#[test]
fn an_origin_is_found_in_what_people_paste() {
    for (text, expected) in [
        ("https://shop.example", "https://shop.example"),
        (" Shop.Example ", "https://shop.example"),
        (
            "https://www.shop.example/collections/all?sort=new#top",
            "https://www.shop.example",
        ),
        ("https://shop.example:443/", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:8787/", "http://localhost:8787"),
        ("caffè.example", "https://caffè.example"),
    ] {
        assert_eq!(origin(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "shop",
        "my shop.example",
        "https://",
        "https://*.shop.example",
        "https://shop..example",
        "https://.example",
        "https://giulia@shop.example",
        "https://shop.example:port",
        "https://shop.example:0",
        "ftp://shop.example",
        "javascript://shop.example",
        "<script src=\"https://shop.example\">",
    ] {
        assert_eq!(origin(text), None, "{text}");
    }
}

#[test]
fn an_origin_is_there_once_and_there_is_an_end() {
    let mut edit = Edit::of(&shop());
    assert_eq!(edit.add("AROMA.example/"), Err(NoOrigin::Known));
    assert_eq!(edit.add("aroma"), Err(NoOrigin::Bad));
    for n in 1..ORIGINS_MAX {
        assert_eq!(edit.add(&format!("shop{n}.example")), Ok(()));
    }
    assert_eq!(edit.add("one.example"), Err(NoOrigin::Many));
    assert_eq!(edit.origins.len(), ORIGINS_MAX);
}

#[test]
fn how_text_stands_on_a_colour_is_told_as_the_widget_paints_it() {
    assert_eq!(reading("#7a3b1d"), Some(Reading::White("8.5".into())));
    assert_eq!(
        reading("#ff6a00").map(|r| r == Reading::Darkened),
        Some(false)
    );
    assert_eq!(reading("#e0115f"), Some(Reading::White("4.8".into())));
    assert_eq!(reading("#f0443a"), Some(Reading::Darkened));
    assert!(matches!(reading("#ffd400"), Some(Reading::Dark(_))));
    assert_eq!(reading("brown"), None);
}

#[test]
fn the_tag_says_what_must_be_known_first() {
    let mut edit = Edit::of(&shop());
    let id = shop().front.id;
    assert_eq!(
        tag("https://chat.example", &id, &edit.shown(&shop())),
        r##"<script src="https://chat.example/widget.js" data-shop="aroma" data-color="#7a3b1d" async></script>"##
    );
    edit.position = Position::Left;
    let left = tag("https://chat.example", &id, &edit.shown(&shop()));
    assert!(left.contains(" data-position=\"left\" async"), "{left}");
}

#[test]
fn a_policy_allows_the_relay_its_sockets_and_where_the_logo_is() {
    assert_eq!(
        policy("https://chat.example", None),
        "script-src https://chat.example 'wasm-unsafe-eval';\nconnect-src https://chat.example wss://chat.example;\nimg-src https://chat.example blob:;"
    );
    let with = policy(
        "https://chat.example",
        Some("https://cdn.example/aroma/logo.png?v=1"),
    );
    assert!(
        with.ends_with("\nimg-src https://chat.example blob: https://cdn.example;"),
        "{with}"
    );
    let own = policy(
        "https://chat.example",
        Some("https://chat.example/logo.png"),
    );
    assert_eq!(own, policy("https://chat.example", None));
}

#[test]
fn no_time_is_told_more_exactly_than_it_is_known() {
    let hour = 60 * 60 * 1_000;
    let at = |hours: u64| ago(Timestamp(0), Timestamp(hours * hour));
    assert_eq!(ago(Timestamp(0), Timestamp(hour - 1)), Ago::Hour);
    // A clock that is behind.
    assert_eq!(ago(Timestamp(hour), Timestamp(0)), Ago::Hour);
    assert_eq!((at(1), at(23)), (Ago::Hours(1), Ago::Hours(23)));
    assert_eq!((at(24), at(71)), (Ago::Days(1), Ago::Days(2)));
}

#[test]
fn what_is_asked_is_changed_and_told() {
    use protocol::form::{FieldKind, Unfit};
    use questions::{Asked, say};
    let mut edit = Edit::of(&shop());
    assert_eq!(edit.asked(FieldKind::Email), Asked::No);
    edit.ask(FieldKind::Email, Asked::Must);
    edit.ask(FieldKind::Name, Asked::May);
    edit.add_question();
    let names: Vec<&str> = edit.form.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["name", "email", "question-1"]);
    assert_eq!(edit.asked(FieldKind::Email), Asked::Must);
    assert!(!edit.has_form(), "a question has words");
    let asked = edit.shown(&shop()).form.expect("a form").fields;
    assert_eq!(asked.len(), 2, "what is not written yet is not asked");
    assert!(!edit.is_asking("question-1") && edit.is_asking("email"));
    edit.agree("it", "", "www.aroma.example/privacy");
    assert_eq!(edit.consent_fault(), Some(Unfit::Link));
    edit.agree("it", "", "https://aroma.example/privacy");
    assert_eq!(edit.consent_fault(), Some(Unfit::Words));
    let question = edit.question_mut("question-1").expect("a question");
    say(&mut question.label, "it", "Numero d’ordine");
    edit.agree("it", "Accetto", "https://aroma.example/privacy");
    assert!(edit.has_form());
    let saved = shop().after(edit.change(&shop()).expect("a change"));
    assert_eq!(edit.change(&saved), None);
    assert_eq!(edit.shown(&saved).form, saved.front.form);
    edit.ask(FieldKind::Email, Asked::No);
    edit.ask(FieldKind::Name, Asked::No);
    edit.remove_question("question-1");
    edit.agree("it", " ", "");
    let bare = saved.clone().after(edit.change(&saved).expect("a change"));
    assert_eq!(bare.front.form, None);
}

#[test]
fn a_consent_goes_along_with_a_question() {
    let mut edit = Edit::of(&shop());
    assert!(!edit.is_consent_alone(), "nothing is asked at all");
    edit.agree("en", "I agree that you keep my answers.", "");
    assert!(edit.is_consent_alone());
    edit.form.away = true;
    assert!(!edit.is_consent_alone(), "an address is asked for at night");
    edit.form.away = false;
    edit.add_question();
    assert!(!edit.is_consent_alone());
}
