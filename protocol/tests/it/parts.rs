//! What comes with words, forms and ratings (SPEC, RL 24 and 25).

use protocol::{
    conversation::Status,
    entry::{Answer, Content},
    frame::Refusal,
    id::FileId,
    limits,
    message::Draft,
    part::{Card, File, Part},
    relay::conversation::Request,
};

use crate::{
    cast::{giulia, name, operator, visitor},
    desk::{Desk, told_refusals},
};

fn with(text: &str, parts: Vec<Part>) -> Content {
    Content::Message {
        text: text.into(),
        parts: parts.into(),
    }
}

fn file(of: u8) -> Part {
    Part::File(File {
        id: FileId::from_bytes([of; 16]),
        name: "moka.jpg".into(),
        media: "image/jpeg".into(),
        size: 48_213,
        width: None,
        height: None,
    })
}

fn card(title: &str, link: &str) -> Part {
    Part::Card(Card {
        title: title.into(),
        text: None,
        price: None,
        picture: None,
        link: Some(link.into()),
        action: None,
    })
}

#[test]
fn rl24_parts_come_with_words_that_make_sense_alone() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    for (of, principal) in [(1, visitor()), (2, operator(giulia()))] {
        let Part::File(file) = file(of) else {
            panic!("a file")
        };
        let request = Request::HandOver {
            file,
            digest: [of; 32],
        };
        desk.ask(&principal, request).expect("it is kept");
    }
    let reply = || Part::Reply {
        text: "Yes, please".into(),
    };
    let long = "a".repeat(limits::LINE_MAX + 1);
    let shop = "https://shop.example/moka";
    let too_many = vec![file(1); limits::PARTS_MAX + 1];
    let forbidden = Some((Refusal::Forbidden, None));
    let malformed = Some((Refusal::Malformed, None));
    let too_long = |most: usize| Some((Refusal::TooLong, Some(most as u64)));
    let lines = [
        (shopper, with("", vec![file(1)]), None),
        (shopper, with("Look", vec![file(1), file(1)]), None),
        (shopper, with("Look", vec![card("Moka", shop)]), forbidden),
        (shopper, with("Look", vec![reply()]), forbidden),
        (shopper, with("", too_many), too_long(limits::PARTS_MAX)),
        (
            giulias,
            with("This one", vec![card("Moka", shop), reply()]),
            None,
        ),
        (giulias, with("", vec![file(2)]), None),
        (
            giulias,
            with(" ", vec![card("Moka", shop)]),
            Some((Refusal::Empty, None)),
        ),
        (
            giulias,
            with("", vec![reply()]),
            Some((Refusal::Empty, None)),
        ),
        (giulias, with("This one", vec![card(" ", shop)]), malformed),
        (
            giulias,
            with("This one", vec![Part::Reply { text: " ".into() }]),
            malformed,
        ),
        (
            giulias,
            with("This one", vec![card("Moka", "https://")]),
            malformed,
        ),
        (
            giulias,
            with("This one", vec![card("Moka", "javascript:alert(1)")]),
            malformed,
        ),
        (
            giulias,
            with("This one", vec![card("Moka", "http://shop.example")]),
            malformed,
        ),
        (
            giulias,
            with("This one", vec![card(&long, shop)]),
            too_long(limits::LINE_MAX),
        ),
        (giulias, with("This one", vec![Part::Unknown]), forbidden),
    ];
    for (n, (from, content, refusal)) in (1..).zip(lines) {
        let shown = format!("{content:?}");
        let id = name(n);
        let effects = desk.send(from, Draft { id, content });
        let refused: Vec<_> = told_refusals(&effects, from)
            .into_iter()
            .map(|(_, code, limit)| (code, limit))
            .collect();
        assert_eq!(refused, Vec::from_iter(refusal), "{shown}");
    }
}

#[test]
fn rl25_a_visitor_fills_in_forms_and_rates() {
    let (mut desk, shopper) = Desk::with_visitor();
    let giulias = desk.enter(operator(giulia()));
    let answer = |value: &str| Answer {
        name: "order".into(),
        label: "Order number".into(),
        value: value.into(),
    };
    let form = |answers: Vec<Answer>| Content::Form {
        answers: answers.into(),
    };
    let rating = |score| Content::Rating {
        score,
        comment: String::new(),
    };
    let long = "a".repeat(limits::ANSWER_MAX + 1);
    let too_many = vec![answer("1"); limits::ANSWERS_MAX + 1];
    let too_long = |most: usize| Some((Refusal::TooLong, Some(most as u64)));
    let lines = [
        (
            giulias,
            form(vec![answer("1207")]),
            Some((Refusal::Forbidden, None)),
        ),
        (giulias, rating(5), Some((Refusal::Forbidden, None))),
        (
            shopper,
            form(vec![answer(&long)]),
            too_long(limits::ANSWER_MAX),
        ),
        (shopper, form(too_many), too_long(limits::ANSWERS_MAX)),
        (shopper, rating(0), Some((Refusal::Malformed, None))),
        (shopper, rating(6), Some((Refusal::Malformed, None))),
        (shopper, form(vec![answer("1207")]), None),
        (
            giulias,
            Content::Status {
                status: Status::Resolved,
            },
            None,
        ),
        (shopper, rating(1), None),
    ];
    for (n, (from, content, refusal)) in (1..).zip(lines) {
        let shown = format!("{content:?}");
        let id = name(n);
        let effects = desk.send(from, Draft { id, content });
        let refused: Vec<_> = told_refusals(&effects, from)
            .into_iter()
            .map(|(_, code, limit)| (code, limit))
            .collect();
        assert_eq!(refused, Vec::from_iter(refusal), "{shown}");
    }
    let last = desk.disk.entries.last().map(|entry| entry.content.clone());
    assert_eq!(last, Some(rating(1)), "it stays resolved");
}
