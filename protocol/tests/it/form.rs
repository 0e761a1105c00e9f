//! What a shop asks beside the first words (SPEC, FO).

use protocol::{
    api::{Shop, ShopChange},
    entry::Answer,
    form::{Consent, EMAIL, Field, FieldKind, Form, Unfit, Words},
    limits,
};

/// As a shop was kept before it could ask anything.
const BEFORE: &str = r##"{"id":"aroma","name":"Bottega Aroma","color":"#7a3b1d","origins":["https://aroma.example"]}"##;

fn before() -> Shop {
    serde_json::from_str(BEFORE).unwrap()
}

fn words(text: &str) -> Words {
    [("en".to_owned(), text.to_owned())].into()
}

fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        kind,
        label: words("Order number"),
        required: true,
    }
}

fn form(fields: Vec<Field>) -> Form {
    Form {
        fields,
        ..Form::default()
    }
}

fn names(form: Option<Form>) -> Vec<String> {
    let fields = form.map(|form| form.fields).unwrap_or_default();
    fields.into_iter().map(|field| field.name).collect()
}

#[test]
fn fo1_a_shop_that_says_nothing_asks_nothing() {
    assert_eq!(before().front.form, None);
    let kept = serde_json::to_value(before()).unwrap();
    assert!(kept.get("form").is_none(), "and an older relay reads it");
}

#[test]
fn fo1_a_kind_of_a_later_version_is_not_asked() {
    let later =
        r#"{"fields":[{"name":"when","kind":"date"},{"name":"name","kind":"name"}],"shade":9}"#;
    let form: Form = serde_json::from_str(later).unwrap();
    assert_eq!(form.fields[0].kind, FieldKind::Unknown);
    assert_eq!(form.fit(), Err(Unfit::Kind));
    assert_eq!(names(form.asked(false)), ["name"]);
}

#[test]
fn fo2_a_form_is_short_and_every_question_has_a_name_and_words() {
    let long = "a".repeat(limits::LINE_MAX + 1);
    let bare = |kind| Field {
        label: Words::new(),
        ..field("one", kind)
    };
    let labelled = |text: &str| Field {
        label: words(text),
        ..field("one", FieldKind::Text)
    };
    let agreed = |text: &str, link: Option<&str>| Form {
        consent: Some(Consent {
            text: words(text),
            link: link.map(str::to_owned),
        }),
        ..Form::default()
    };
    let many = |count: usize| {
        let one = |n: usize| field(&format!("field-{n}"), FieldKind::Text);
        form((0..count).map(one).collect())
    };
    let lines = [
        (Form::default(), Ok(())),
        (form(vec![bare(FieldKind::Name)]), Ok(())),
        (form(vec![bare(FieldKind::Email)]), Ok(())),
        (form(vec![bare(FieldKind::Text)]), Err(Unfit::Words)),
        (form(vec![labelled(" ")]), Err(Unfit::Words)),
        (form(vec![labelled(&long)]), Err(Unfit::Words)),
        (form(vec![field("", FieldKind::Text)]), Err(Unfit::Name)),
        (form(vec![field("a b", FieldKind::Text)]), Err(Unfit::Name)),
        (
            form(vec![field("consent", FieldKind::Name)]),
            Err(Unfit::Name),
        ),
        (
            form(vec![
                field("a", FieldKind::Text),
                field("a", FieldKind::Name),
            ]),
            Err(Unfit::Name),
        ),
        (many(limits::FIELDS_MAX), Ok(())),
        (many(limits::FIELDS_MAX + 1), Err(Unfit::Many)),
        (agreed("I agree", None), Ok(())),
        (agreed("I agree", Some("https://a.example/privacy")), Ok(())),
        (
            agreed("I agree", Some("http://a.example")),
            Err(Unfit::Link),
        ),
        (agreed("I agree", Some("javascript:a")), Err(Unfit::Link)),
        (agreed("", None), Err(Unfit::Words)),
    ];
    for (form, expected) in lines {
        assert_eq!(form.fit(), expected, "{form:?}");
    }
    // With the consent and the e-mail address there is room for every answer.
    assert_eq!(limits::FIELDS_MAX + 2, limits::ANSWERS_MAX);
}

#[test]
fn fo3_while_nobody_is_there_an_email_address_is_asked_for() {
    let away = Form {
        away: true,
        ..Form::default()
    };
    assert_eq!(away.clone().asked(false), None);
    let asked = away.clone().asked(true).unwrap();
    assert_eq!(names(Some(asked.clone())), [EMAIL]);
    assert!(!asked.fields[0].required, "nobody is held up by it");
    let known = Form {
        fields: vec![field("mail", FieldKind::Email)],
        ..away.clone()
    };
    assert_eq!(names(known.asked(true)), ["mail"], "once is enough");
    let other = Form {
        fields: vec![field("order", FieldKind::Text)],
        ..away.clone()
    };
    assert_eq!(names(other.asked(true)), ["order", EMAIL]);
    let named = Form {
        fields: vec![
            field(EMAIL, FieldKind::Text),
            field("order", FieldKind::Text),
        ],
        ..away
    };
    assert_eq!(names(named.asked(true)), [EMAIL, "order"], "no name twice");
    let consent = Some(Consent {
        text: words("I agree"),
        link: None,
    });
    let nothing = Form {
        consent,
        ..Form::default()
    };
    assert_eq!(nothing.asked(true), None, "a consent alone is to nothing");
}

#[test]
fn fo4_a_form_without_anything_in_it_is_none() {
    let with = ShopChange {
        form: Some(form(vec![field("order", FieldKind::Text)])),
        ..ShopChange::default()
    };
    let shop = before().after(with);
    assert_eq!(names(shop.front.form.clone()), ["order"]);
    let kept = shop.clone().after(ShopChange::default());
    assert_eq!(kept, shop);
    let without = ShopChange {
        form: Some(Form::default()),
        ..ShopChange::default()
    };
    assert_eq!(shop.after(without).front.form, None);
}

#[test]
fn fo5_a_form_that_is_read_as_words_is_a_line_for_each_answer() {
    let answer = |label: &str, value: &str| Answer {
        name: "order".into(),
        label: label.into(),
        value: value.into(),
    };
    let two = [answer("Order number", "7"), answer("E-mail", "a@b.example")];
    assert_eq!(Answer::words(&two), "Order number: 7\nE-mail: a@b.example");
}
