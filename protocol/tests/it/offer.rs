//! What an operator offers beside a reply, while it is filled in (SPEC, DE 10 and 11).

use protocol::{
    desk::offer::{Fault, Field, Offer, Place, Stop},
    limits,
    part::{self, Card, Part},
};

/// An offer of these answers, and of cards with these titles.
fn offer(answers: &[&str], titles: &[&str]) -> Offer {
    let mut offer = Offer::default();
    for text in answers {
        let id = offer.next_answer(None).unwrap();
        offer.write(Place::Answer(id), (*text).into());
    }
    for title in titles {
        let id = offer.add_card().unwrap();
        offer.write(Place::Card(id, Field::Title), (*title).into());
    }
    offer
}

/// An offer of one card with this in one of its fields.
fn with(field: Field, text: &str) -> (Offer, Place) {
    let mut offer = offer(&[], &["Moka"]);
    let id = offer.cards()[0].id;
    offer.write(Place::Card(id, field), text.into());
    (offer, Place::Card(id, field))
}

#[test]
fn de10_what_the_relay_would_refuse_is_said_at_its_field() {
    let long = |most: usize| "é".repeat(most);
    let address = |most: usize| format!("https://shop.example/{}", "a".repeat(most - 21));
    let over = |many| Some(Fault::TooLong(many));
    let (line, about, url) = (limits::LINE_MAX, limits::CARD_TEXT_MAX, limits::URL_MAX);
    let lines = [
        (Field::Title, long(line), None),
        (Field::Title, long(line + 1), over(1)),
        (Field::Title, format!(" {} ", long(line)), None),
        (Field::Title, "  ".into(), None),
        (Field::Price, long(line), None),
        (Field::Price, long(line + 2), over(2)),
        (Field::Text, long(about), None),
        (Field::Text, long(about + 1), over(1)),
        (Field::Link, address(url), None),
        (Field::Link, address(url + 1), over(1)),
        (
            Field::Link,
            "  https://shop.example/moka?a=b#c  ".into(),
            None,
        ),
        (Field::Link, "https://localhost:8443".into(), None),
        (
            Field::Link,
            "http://shop.example".into(),
            Some(Fault::NoAddress),
        ),
        (
            Field::Link,
            "shop.example/moka".into(),
            Some(Fault::NoAddress),
        ),
        (
            Field::Link,
            "javascript:alert(1)".into(),
            Some(Fault::NoAddress),
        ),
        (Field::Picture, address(url + 3), over(3)),
        (
            Field::Picture,
            "http://shop.example/moka.jpg".into(),
            Some(Fault::NoAddress),
        ),
    ];
    for (field, text, fault) in lines {
        let (offer, place) = with(field, &text);
        let wanted: Vec<_> = fault.map(|fault| (place, fault)).into_iter().collect();
        assert_eq!(offer.faults(), wanted, "{field:?} {text:?}");
        let fits = part::fit(&offer.parts()).is_ok();
        assert_eq!(fits, fault.is_none(), "{field:?} {text:?}");
    }
    let mut offer = offer(&[&long(line), &long(line + 4)], &[]);
    let second = Place::Answer(offer.answers()[1].id);
    assert_eq!(offer.faults(), [(second, Fault::TooLong(4))]);
    assert!(part::fit(&offer.parts()).is_err());
    offer.write(Place::Answer(offer.answers()[1].id), long(line));
    assert!(part::fit(&offer.parts()).is_ok() && offer.faults().is_empty());
}

#[test]
fn de10_a_card_has_a_title_and_a_button_leads_somewhere() {
    let (untitled, _) = with(Field::Title, "");
    assert_eq!(untitled.faults(), [], "a blank card is none");
    let (mut offer, _) = with(Field::Price, "24,90 €");
    let id = offer.cards()[0].id;
    offer.write(Place::Card(id, Field::Title), " ".into());
    let title = (Place::Card(id, Field::Title), Fault::Untitled);
    assert_eq!(offer.faults(), [title]);
    offer.write(Place::Card(id, Field::Title), "Moka".into());
    offer.write(Place::Card(id, Field::Action), "Look".into());
    let link = (Place::Card(id, Field::Link), Fault::NoLink);
    assert_eq!(offer.faults(), [link]);
    offer.write(Place::Card(id, Field::Link), "https://shop.example".into());
    assert_eq!(offer.faults(), []);
}

#[test]
fn de10_an_address_without_a_host_is_none() {
    for text in [
        "https://",
        "https:///moka",
        "https://?moka",
        "https://[",
        "https://shop.example/due tazze",
        "https://shop example",
        "https://:443",
        "https://shop.example:https",
        "https://shop.example:+80",
        "https://shop.999",
        "https://256.1.1.1",
        "https://1.2.3.4.5/",
        "https://xn--/",
        "https://.",
        "https://<b>",
    ] {
        let (offer, place) = with(Field::Link, text);
        assert_eq!(offer.faults(), [(place, Fault::NoAddress)], "{text}");
    }
}

#[test]
fn de10_what_is_blank_is_left_out() {
    let mut offer = offer(&["Yes", "No"], &["Moka", "Tazza"]);
    offer.write(Place::Answer(offer.answers()[0].id), "  ".into());
    let first = offer.cards()[0].id;
    offer.write(Place::Card(first, Field::Title), " ".into());
    let second = offer.cards()[1].id;
    offer.write(Place::Card(second, Field::Price), " 9 € ".into());
    let card = Card {
        title: "Tazza".into(),
        text: None,
        price: Some("9 €".into()),
        picture: None,
        link: None,
        action: None,
    };
    let no = Part::Reply { text: "No".into() };
    assert_eq!(offer.parts().all(), [Part::Card(card), no]);
    assert_eq!(offer.counts(), (1, 1));
    offer.remove(second);
    offer.write(Place::Answer(offer.answers()[1].id), String::new());
    assert!(offer.is_empty() && offer.parts().is_empty());
    assert_eq!(offer.stop(""), None, "nothing is offered");
}

#[test]
fn de10_nothing_leaves_with_a_fault_or_without_words() {
    let mut offer = offer(&["Yes"], &["Moka"]);
    assert_eq!(offer.stop("This one?"), None);
    assert_eq!(offer.stop(" \n"), Some(Stop::NoWords));
    let id = offer.cards()[0].id;
    offer.write(Place::Card(id, Field::Link), "shop.example".into());
    let stop = Stop::Fault(Place::Card(id, Field::Link), Fault::NoAddress);
    assert_eq!(offer.stop("This one?"), Some(stop));
    assert_eq!(offer.stop(""), Some(stop), "the page is read from above");
}

#[test]
fn de10_there_is_room_for_so_many() {
    let mut offer = offer(&["Yes"], &["Moka"; limits::PARTS_MAX - 1]);
    assert!(!offer.has_room());
    assert_eq!((offer.next_answer(None), offer.add_card()), (None, None));
    assert_eq!(offer.faults(), []);
    assert_eq!(offer.parts().all().len(), limits::PARTS_MAX);
    // A blank answer takes no room, and then it does.
    let answer = offer.answers()[0].id;
    offer.write(Place::Answer(answer), String::new());
    assert_eq!(offer.next_answer(Some(answer)), Some(answer));
    assert!(offer.add_card().is_some());
    offer.write(Place::Answer(answer), "Yes".into());
    assert_eq!(offer.faults(), [], "the last card is blank");
    let last = offer.cards().last().unwrap().id;
    offer.write(Place::Card(last, Field::Title), "Tazza".into());
    let many = (Place::Whole, Fault::TooMany(limits::PARTS_MAX));
    assert_eq!(offer.faults(), [many]);
    assert!(part::fit(&offer.parts()).is_err());
}

#[test]
fn de10_an_answer_follows_the_one_it_was_asked_for_after() {
    let mut offer = offer(&["Yes", "No"], &[]);
    let [yes, no] = [0, 1].map(|at| offer.answers()[at].id);
    let between = offer.next_answer(Some(yes)).unwrap();
    assert_eq!(offer.next_answer(Some(yes)), Some(between), "it is blank");
    offer.write(Place::Answer(between), "Perhaps".into());
    let said: Vec<_> = offer.answers().iter().map(|answer| answer.id).collect();
    assert_eq!(said, [yes, between, no]);
    assert_eq!(offer.text(Place::Answer(between)), "Perhaps");
}

#[test]
fn de10_cards_leave_in_the_order_they_were_put_in() {
    let mut offer = offer(&[], &["Moka", "Tazza", "Macinino"]);
    let titles = |offer: &Offer| {
        let cards = offer.cards().iter();
        cards
            .map(|card| card.field(Field::Title).to_owned())
            .collect::<Vec<_>>()
    };
    let [moka, macinino] = [0, 2].map(|at| offer.cards()[at].id);
    offer.step(macinino, true);
    assert_eq!(titles(&offer), ["Moka", "Macinino", "Tazza"]);
    offer.step(moka, false);
    assert_eq!(titles(&offer), ["Macinino", "Moka", "Tazza"]);
    offer.step(macinino, true);
    assert_eq!(
        titles(&offer),
        ["Macinino", "Moka", "Tazza"],
        "it is the first"
    );
}

#[test]
fn de11_what_was_removed_comes_back_where_it_was() {
    let mut offer = offer(&["Yes", "No"], &["Moka", "Tazza"]);
    let before = offer.clone();
    let moka = offer.cards()[0].id;
    assert!(offer.remove(moka));
    assert_eq!((offer.removed(), offer.counts()), (Some("Moka"), (2, 1)));
    assert_eq!(offer.undo(), Some(moka));
    assert_eq!(offer, before);
    assert_eq!(offer.undo(), None);

    let yes = offer.answers()[0].id;
    assert!(offer.remove(yes));
    // What was blank is not missed, and does not push out what is.
    let blank = offer.next_answer(None).unwrap();
    assert!(!offer.remove(blank));
    assert_eq!(offer.undo(), Some(yes));
    assert_eq!(offer.answers(), before.answers());

    // Where it was is gone meanwhile.
    let [moka, tazza] = [0, 1].map(|at| offer.cards()[at].id);
    offer.remove(moka);
    offer.remove(tazza);
    assert_eq!((offer.undo(), offer.counts()), (Some(tazza), (2, 1)));
}

#[test]
fn de11_the_device_keeps_all_of_it() {
    let mut offer = offer(&["Yes", ""], &["Moka", ""]);
    let id = offer.cards()[1].id;
    for (field, text) in [
        (Field::Price, "9 €"),
        (Field::Text, " half a line "),
        (Field::Link, "shop.exam"),
        (Field::Action, "Look"),
        (Field::Picture, "https://"),
    ] {
        offer.write(Place::Card(id, field), text.into());
    }
    let kept = serde_json::to_string(&offer).unwrap();
    let mut read: Offer = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, offer);
    // Numbers go on where they were.
    assert_ne!(read.add_card(), Some(id));
    assert_eq!(
        serde_json::from_str::<Offer>("{}").unwrap(),
        Offer::default()
    );
}
