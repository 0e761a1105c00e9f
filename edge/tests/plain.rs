//! The plain pages: what they say, what they hold, and where their addresses lead.

use std::collections::BTreeMap;

use edge::{
    auth::{PagePass, TokenKeys, page_pass, verify_page, verify_renewal, verify_visitor},
    auth::{visitor_renewal, visitor_token},
    plain::{
        Place,
        asking::{Asking, digest, rated},
        page::{Composer, Setting, Shown, Trouble, accent, after, read_after},
        words::{LANGUAGES, Language, Spoken, with},
    },
};
use protocol::{
    api::{Carried, Storefront},
    conversation::Status,
    cursor::{Epoch, Seq},
    entry::{Answer, Author, BotCard, Content, Entry, OperatorCard},
    form::{Consent, Field, FieldKind, Form},
    frame::{History, Refusal},
    id::{ConversationId, FileId, MessageId, OperatorId, VisitorId},
    looks::Looks,
    part::{Card, File, Part},
    time::Timestamp,
};

/// What an author of bad intent writes everywhere they can.
const EVIL: &str = "</textarea></style><script>alert(1)</script>\"' onload=x <img src=x onerror=alert(1)> javascript:alert(1)";

fn front(name: &str) -> Storefront {
    Storefront {
        id: "yourshop".parse().unwrap(),
        name: name.into(),
        color: "#7a3b1d".into(),
        greeting: [("it".to_owned(), format!("Ciao {name}"))].into(),
        languages: vec!["it".into()],
        hours: None,
        form: None,
        looks: Looks::default(),
    }
}

fn message(seq: u64, author: Author, text: &str, parts: Vec<Part>) -> Entry {
    Entry {
        seq: Seq(seq),
        id: MessageId::mint(Timestamp(seq), [7; 10]),
        at: Timestamp(seq),
        author,
        content: Content::Message {
            text: text.into(),
            parts: parts.into(),
        },
    }
}

fn giulia(name: &str) -> OperatorCard {
    OperatorCard {
        id: OperatorId::mint(Timestamp(1), [1; 10]),
        name: name.into(),
    }
}

/// Draws with a setting in this language.
fn spoken<T>(name: &str, code: &str, draw: impl FnOnce(&Setting<'_>) -> T) -> T {
    let language = Language::choose(Some(code), "", &[]);
    let spoken = language.words().unwrap();
    let front = front(name);
    draw(&Setting {
        front: &front,
        language,
        spoken: &spoken,
    })
}

fn chat(name: &str, code: &str, text: &str, trouble: Option<Trouble>) -> String {
    spoken(name, code, |setting| {
        setting.chat(&Composer {
            duty: &[giulia(name)],
            id: MessageId::mint(Timestamp(5), [5; 10]),
            text,
            trouble,
        })
    })
}

fn transcript(name: &str, code: &str, entries: Vec<Entry>, carried: Option<Carried>) -> String {
    let page = History {
        previous: Seq(0),
        more: true,
        entries,
    };
    spoken(name, code, |setting| {
        let shown = Shown {
            page: &page,
            read: Seq(1),
            carried,
            newest: true,
            files: &files(),
            asked: false,
        };
        setting.transcript(&shown, |at| format!("at {}", at.0))
    })
}

const ADDRESS: &str = "../../files/ca_1";

fn file(salt: u8, size: Option<u32>) -> File {
    File {
        id: FileId::mint(Timestamp(1), [salt; 10]),
        name: "moka.jpg".into(),
        media: "image/jpeg".into(),
        size: 1,
        width: size,
        height: size,
    }
}

/// The third has an address.
fn files() -> BTreeMap<FileId, String> {
    [(file(3, None).id, ADDRESS.to_owned())].into()
}

/// Everything between `<` and `>`.
fn tags(page: &str) -> Vec<&str> {
    // The style is text of ours alone, and has no `<`.
    let parts = page.split('<').skip(1);
    parts
        .map(|part| part.split('>').next().unwrap_or_default())
        .collect()
}

#[test]
fn pp1_what_anybody_wrote_is_text_and_no_page_holds_a_script() {
    let evil = |salt, size| File {
        name: EVIL.into(),
        media: EVIL.into(),
        ..file(salt, size)
    };
    let parts = vec![
        Part::Card(Card {
            title: EVIL.into(),
            text: Some(EVIL.into()),
            price: Some(EVIL.into()),
            picture: None,
            link: Some(format!("https://x/{EVIL}")),
            action: Some(EVIL.into()),
        }),
        Part::Card(Card {
            title: "No link".into(),
            text: None,
            price: None,
            picture: None,
            link: Some("javascript:alert(1)".into()),
            action: None,
        }),
        Part::Reply { text: EVIL.into() },
        Part::File(evil(3, None)),
        Part::File(evil(3, Some(9))),
        Part::File(evil(4, Some(9))),
    ];
    let bot = Author::Bot(BotCard {
        id: EVIL.into(),
        name: EVIL.into(),
    });
    let entries = || {
        vec![
            message(1, Author::Visitor, EVIL, vec![]),
            message(2, Author::Operator(giulia(EVIL)), EVIL, parts.clone()),
            message(3, bot.clone(), EVIL, vec![]),
        ]
    };
    let harmless = |page: &str| page.replace("&#39;", "'").replace("&quot;", "\"");
    let pages = [
        chat(EVIL, "en", EVIL, Some(Trouble::Failed)),
        transcript(EVIL, "it", entries(), None),
        spoken(EVIL, "it", |setting| setting.welcome()),
    ];
    for page in pages {
        let known = [
            "!doctype", "html", "head", "meta", "link", "title", "style", "body", "header", "div",
            "h1", "p", "main", "iframe", "form", "input", "label", "textarea", "button", "nav",
            "a", "ol", "li", "article", "b", "span", "img",
        ];
        for tag in tags(&page) {
            let name = tag.trim_start_matches('/').split(' ').next().unwrap();
            assert!(known.contains(&name), "<{tag}> in {page}");
            // Outside of quotes there is nothing but names of ours.
            let bare: String = tag.split('"').step_by(2).collect();
            assert!(
                !bare.contains("onerror") && !bare.contains("onload"),
                "<{tag}>"
            );
            assert!(!tag.contains("href=\"javascript"), "<{tag}>");
        }
        assert!(harmless(&page).contains("alert(1)"), "it is there, as text");
    }
    let policy = spoken("A", "it", |setting| setting.policy(false));
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"));
}

#[test]
fn pp2_the_cookie_opens_the_plain_pages_and_nothing_else() {
    let keys = TokenKeys::parse("k1:0123456789abcdef0123456789abcdef").unwrap();
    let now = Timestamp(1_760_000_000_000);
    let pass = PagePass {
        shop: "yourshop".parse().unwrap(),
        visitor: VisitorId::mint(now, [1; 10]),
        conversation: ConversationId::mint(now, [2; 10]),
    };
    let text = page_pass(&keys, &pass, now).unwrap();
    assert_eq!(verify_page(&keys, &text, now), Ok(pass.clone()));
    assert!(verify_visitor(&keys, &text, now).is_err());
    assert!(verify_renewal(&keys, &text, now).is_err());
    let (token, _) = visitor_token(&keys, &pass.shop, pass.visitor, now).unwrap();
    let renewal = visitor_renewal(&keys, &pass.shop, pass.visitor, now).unwrap();
    for other in [&token, &renewal] {
        assert!(verify_page(&keys, other, now).is_err());
        // Nor under another beginning.
        let disguised = format!("cp_{}", &other[3..]);
        assert!(verify_page(&keys, &disguised, now).is_err());
    }
    // What goes by is no address's: the pages name neither.
    let page = chat("A", "it", "", None);
    assert!(!page.contains("cp_") && !page.contains("cr_") && !page.contains("cv_"));
}

#[test]
fn pp6_words_that_are_not_stored_stand_in_the_composer_with_why() {
    let id = MessageId::mint(Timestamp(5), [5; 10]).to_string();
    for (trouble, why) in [
        (Trouble::Failed, "Not sent. Try again."),
        (
            Trouble::Refused(Refusal::TooLong),
            "Not sent: it is longer than 4000 characters.",
        ),
        (
            Trouble::Refused(Refusal::RateLimited),
            "Not sent yet: wait a moment, then send it again.",
        ),
        (Trouble::Refused(Refusal::Conflict), "Not sent. Try again."),
    ] {
        let page = chat("A", "en", "Half a <sentence>\n", Some(trouble));
        assert!(
            page.contains(&format!("<p role=\"alert\">{why}</p>")),
            "{page}"
        );
        assert!(page.contains("required>\nHalf a &lt;sentence&gt;\n</textarea>"));
        assert!(page.contains(&format!("name=\"id\" value=\"{id}\"")));
    }
    assert!(!chat("A", "en", "", None).contains("<p role"));
}

#[test]
fn fo5_who_filled_in_a_form_reads_it_among_their_own_words() {
    let answer = |label: &str, value: &str| Answer {
        name: label.to_lowercase(),
        label: label.into(),
        value: value.into(),
    };
    let form = |seq, answers: Vec<Answer>| Entry {
        content: Content::Form {
            answers: answers.into(),
        },
        ..message(seq, Author::Visitor, "", vec![])
    };
    let words = message(1, Author::Visitor, "Hello", vec![]);
    let filled = form(2, vec![answer("Name", "Anna <b>"), answer("Order", "12")]);
    let page = transcript("A", "en", vec![words, filled, form(3, vec![])], None);
    assert_eq!(page.matches("<li class=\"mine\">").count(), 2, "{page}");
    // How far they are stands under the last words.
    let (_, last) = page.rsplit_once("<li class=\"mine\">").unwrap();
    assert!(
        last.contains("<p class=\"words\">Name: Anna &lt;b&gt;\nOrder: 12</p>"),
        "{page}"
    );
    assert_eq!(page.matches(" · Sent").count(), 1, "{page}");
    assert!(last.contains(" · Sent"), "{page}");
}

#[test]
fn pp7_a_transcript_asks_again_for_what_comes_after_it_or_stands_still() {
    let carried = Carried {
        epoch: Epoch(9),
        seq: Seq(2),
        read: 5,
        held: None,
    };
    let entries = || {
        vec![
            message(1, Author::Visitor, "First", vec![]),
            message(2, Author::Visitor, "Second", vec![]),
        ]
    };
    let page = transcript("A", "it", entries(), Some(carried));
    assert!(
        page.contains(
            "http-equiv=\"refresh\" content=\"3;url=transcript?lang=it&amp;after=9.2.5\""
        )
    );
    assert!(page.contains("Non aggiornare da solo"));
    assert!(
        page.contains("href=\"transcript?lang=it&amp;before=1\""),
        "{page}"
    );
    let still = transcript("A", "it", entries(), None);
    assert!(!still.contains("refresh"));
    assert!(still.contains("Aggiorna di nuovo da solo"));
    assert_eq!(read_after(&after(&carried)), Some(carried));
    for odd in [
        "",
        "1",
        "1.2",
        "a.b.c",
        "-1.2.3",
        "99999999999999999999.1.1",
    ] {
        assert_eq!(read_after(odd), None, "{odd}");
    }
    // How far the last of one's own words are, and only there.
    assert_eq!(
        page.matches("Inviato").count() + page.matches("Letto").count(),
        1
    );
    assert!(page.contains("at 2 · Inviato"));
}

#[test]
fn pp8_the_language_is_the_pages_the_browsers_the_shops() {
    let shop = ["de".to_owned()];
    let code = |asked, accepted| Language::choose(asked, accepted, &shop).code;
    assert_eq!(code(Some("pt-BR"), "it"), "pt");
    assert_eq!(code(Some("nl"), "ja, fr-CA;q=0.8, it"), "fr");
    assert_eq!(code(None, "*"), "de");
    assert_eq!(Language::choose(None, "", &[]).code, "en");
    for language in LANGUAGES {
        let Spoken {
            words,
            own,
            forms,
            ratings,
        } = language.words().expect(language.code);
        assert!(words.chat_with.contains("{}") && own.file.contains("{}"));
        assert!(ratings.thanks.contains("{}") && !forms.title.is_empty());
        assert!((1..=5).all(|score| !ratings.of(score).is_empty()));
        let page = chat("A", language.code, "", None);
        let rtl = language.code == "ar";
        assert_eq!(page.contains("dir=\"rtl\""), rtl, "{}", language.code);
        assert!(page.contains(&format!("<html lang=\"{}\"", language.code)));
    }
    let files = std::fs::read_dir("../widget/languages/plain").unwrap();
    assert_eq!(files.count(), LANGUAGES.len());
    assert_eq!(with("{} e {}.", &["A", "B"]), "A e B.");
}

#[test]
fn pp9_every_address_is_relative() {
    let entries = vec![message(1, Author::Visitor, "First", vec![])];
    let carried = Carried {
        epoch: Epoch(1),
        seq: Seq(1),
        read: 0,
        held: None,
    };
    for page in [
        chat("A", "it", "", None),
        transcript("A", "it", entries, Some(carried)),
    ] {
        for name in ["href=\"", "src=\"", "action=\"", ";url="] {
            for address in page.split(name).skip(1) {
                let ours = ["transcript?", "./?", "data:,"];
                let relative = ours.iter().any(|start| address.starts_with(start));
                assert!(relative, "{name}{address:.40}");
            }
        }
    }
}

#[test]
fn pp10_a_picture_is_shown_and_another_file_is_a_link() {
    let drawn = |file| {
        let entry = message(1, Author::Visitor, "", vec![Part::File(file)]);
        transcript("A", "en", vec![entry], None)
    };
    let link = format!("<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"{ADDRESS}\">");
    let other = drawn(file(3, None));
    assert!(
        other.contains(&format!("{link}File: moka.jpg</a>")),
        "{other}"
    );
    let picture = drawn(file(3, Some(640)));
    let shown = format!(
        "{link}<img loading=\"lazy\" alt=\"File: moka.jpg\" width=\"640\" height=\"640\" src=\"{ADDRESS}\"></a>"
    );
    assert!(picture.contains(&shown), "{picture}");
    // One that is not there any more.
    let gone = drawn(file(4, Some(640)));
    assert!(gone.contains("<p class=\"words\">File: moka.jpg</p>"));
    assert!(!gone.contains("<img loading"));
}

fn asked(words: &str) -> Form {
    let field = |name: &str, kind, label: &str, required| Field {
        name: name.into(),
        kind,
        label: match label {
            "" => BTreeMap::new(),
            words => [("it".to_owned(), words.to_owned())].into(),
        },
        required,
    };
    Form {
        fields: vec![
            field("email", FieldKind::Email, "", true),
            field("order", FieldKind::Text, words, false),
        ],
        consent: Some(Consent {
            text: [("it".to_owned(), words.to_owned())].into(),
            link: Some("https://shop.example/privacy".into()),
        }),
        away: false,
    }
}

fn asking<'a>(filled: &'a [(String, String)], sent: bool) -> Asking<'a> {
    Asking {
        id: MessageId::mint(Timestamp(5), [5; 10]),
        filled,
        sent,
        trouble: None,
        alone: false,
    }
}

fn filled(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(pair).collect()
}

#[test]
fn pp11_what_is_missing_is_said_and_what_was_filled_in_stays() {
    let form = asked("Which order?");
    let page = |fields: &[(&str, &str)], sent| {
        let fields = filled(fields);
        spoken("A", "en", |setting| {
            setting.form(&form, &asking(&fields, sent))
        })
    };
    let first = page(&[], false);
    assert!(!first.contains("class=\"fault\""), "nobody has sent it");
    for said in [
        "So that we know who we talk to",
        "Your e-mail<",
        "Which order? (optional)<",
        "https://shop.example/privacy",
        ">Not now<",
        &digest(&form),
    ] {
        assert!(first.contains(said), "{said} in {first}");
    }
    let missing = page(&[("asked-order", "12<3\" x=\"")], true);
    assert!(missing.contains("id=\"why-asked-email\">We need this.<"));
    let described =
        "required aria-invalid=\"true\" aria-describedby=\"why-asked-email\" autofocus>";
    assert!(missing.contains(described), "{missing}");
    assert!(missing.contains("id=\"why-agreed\">Tick this"));
    assert_eq!(missing.matches("autofocus").count(), 1, "the first");
    assert!(
        missing.contains("value=\"12&lt;3&quot; x=&quot;\""),
        "{missing}"
    );
    let mistyped = page(&[("asked-email", "anna@"), ("agreed", "1")], true);
    assert!(mistyped.contains("An e-mail address looks like"));
    assert!(mistyped.contains(" checked") && mistyped.contains("value=\"anna@\""));
    let alone = spoken("A", "en", |setting| {
        let asking = Asking {
            alone: true,
            ..asking(&[], false)
        };
        setting.form(&form, &asking)
    });
    assert!(alone.contains("Leave your e-mail, so that we can reach you later too."));

    let taken = |form: &Form, fields: &[(&str, &str)]| {
        spoken("A", "en", |setting| {
            setting.filled_in(form, &filled(fields))
        })
    };
    assert_eq!(taken(&form, &[("asked-order", "12")]), None);
    assert_eq!(
        taken(&form, &[("asked-email", "a@b.example")]),
        None,
        "agreed to nothing"
    );
    let answer = |name: &str, label: &str, value: &str| Answer {
        name: name.into(),
        label: label.into(),
        value: value.into(),
    };
    let entry = |answers: Vec<Answer>| {
        Some(Content::Form {
            answers: answers.into(),
        })
    };
    // As the widget sends them.
    let answers = vec![
        answer("email", "Your e-mail", "a@b.example"),
        answer("consent", "Which order?", "https://shop.example/privacy"),
    ];
    let all = taken(&form, &[("asked-email", " a@b.example "), ("agreed", "1")]);
    assert_eq!(all, entry(answers));
    // Who answers nothing agrees to nothing.
    let free = Form {
        fields: form.fields[1..].to_vec(),
        ..form.clone()
    };
    assert_eq!(taken(&free, &[("agreed", "1")]), entry(vec![]));
    // A field that is called as the answer of the consent, from before that was refused, agrees to nothing.
    let mut clash = free;
    clash.fields[0].name = "consent".into();
    assert_eq!(taken(&clash, &[("asked-consent", "12")]), None);
    assert_ne!(digest(&clash), digest(&form));
    // What is no page's address is not led to.
    let mut foreign = form.clone();
    foreign.consent.as_mut().unwrap().link = Some("javascript:alert(1)".into());
    let drawn = spoken("A", "en", |setting| {
        setting.form(&foreign, &asking(&[], false))
    });
    assert!(!drawn.contains("javascript:"));

    let evil = asked(EVIL);
    let page = spoken(EVIL, "it", |setting| {
        setting.form(&evil, &asking(&filled(&[("asked-order", EVIL)]), true))
    });
    assert!(!page.contains("<script") && !page.contains("<img src=x"));
}

#[test]
fn pp11_the_transcript_leads_to_the_questions_until_they_are_answered() {
    let leads = |entries: Vec<Entry>, asked: bool, more: bool| {
        let page = History {
            previous: Seq(0),
            more,
            entries,
        };
        spoken("A", "en", |setting| {
            let shown = Shown {
                page: &page,
                read: Seq(0),
                carried: None,
                newest: true,
                files: &files(),
                asked,
            };
            let drawn = setting.transcript(&shown, |_| String::new());
            drawn.contains("<a target=\"_blank\" href=\"form?lang=en\"")
        })
    };
    let mine = || message(1, Author::Visitor, "Ciao", vec![]);
    let form = Entry {
        content: Content::Form {
            answers: vec![].into(),
        },
        ..message(2, Author::Visitor, "", vec![])
    };
    assert!(leads(vec![mine()], true, false));
    assert!(!leads(vec![], true, false), "nobody has written");
    assert!(!leads(vec![mine()], false, false), "nothing is asked");
    assert!(!leads(vec![mine()], true, true), "it may be further up");
    assert!(!leads(vec![mine(), form], true, false));
}

#[test]
fn pp12_a_closed_conversation_is_rated_until_its_visitor_writes_again() {
    let status = |seq, status| Entry {
        content: Content::Status { status },
        ..message(seq, Author::Operator(giulia("G")), "", vec![])
    };
    let closed = || status(2, Status::Resolved);
    let rating = |seq, score| Entry {
        content: Content::Rating {
            score,
            comment: String::new(),
        },
        ..message(seq, Author::Visitor, "", vec![])
    };
    let mine = |seq| message(seq, Author::Visitor, "Ciao", vec![]);
    let page = |entries| transcript("A", "en", entries, None);
    let leads = |page: &str| page.contains("href=\"rating?lang=en\"");
    let asked = page(vec![mine(1), closed()]);
    assert!(leads(&asked) && asked.contains(">How did we do?<"));
    // The last one counts.
    let said = page(vec![mine(1), closed(), rating(3, 2), rating(4, 5)]);
    assert!(leads(&said) && said.contains("You said: Very well.") && said.contains(">Change<"));
    assert!(!leads(&page(vec![mine(1)])));
    assert!(!leads(&page(vec![mine(1), closed(), mine(3)])));
    assert!(!leads(&page(vec![
        mine(1),
        closed(),
        status(3, Status::Open)
    ])));

    let chosen = |score: &str| rated(&filled(&[("score", score), ("comment", " so\r\nlala ")]));
    let three = Content::Rating {
        score: 3,
        comment: "so\nlala".into(),
    };
    assert_eq!(chosen("3"), Some(three));
    assert_eq!((chosen("0"), chosen("6"), chosen("")), (None, None, None));
    let page = spoken("A", "en", |setting| {
        setting.rating(&asking(&filled(&[("score", "4"), ("comment", EVIL)]), true))
    });
    assert!(page.contains("value=\"4\" checked> Well</label>") && !page.contains("<script"));
    let rating = |sent| spoken("A", "en", |setting| setting.rating(&asking(&[], sent)));
    assert!(!rating(false).contains("We need this."));
    assert!(rating(true).contains("id=\"why-score\">We need this.<"));
}

#[test]
fn a_path_means_a_page_of_a_shop() {
    let shop = || "yourshop".parse().unwrap();
    for (path, place) in [
        ("/chat/yourshop", Some(Place::Folder(shop()))),
        ("/chat/yourshop/", Some(Place::Chat(shop()))),
        ("/chat/yourshop/transcript", Some(Place::Transcript(shop()))),
        ("/chat/yourshop/in", Some(Place::Door(shop()))),
        ("/chat/yourshop/form", Some(Place::Form(shop()))),
        ("/chat/yourshop/rating", Some(Place::Rating(shop()))),
        ("/chat/", None),
        ("/chat/Not%20a%20shop/", None),
        ("/chat/yourshop/other", None),
        ("/chat/yourshop//", None),
    ] {
        assert_eq!(Place::read(path), place, "{path}");
    }
}

#[test]
fn what_stands_on_the_shops_colour_can_be_read() {
    assert_eq!(accent("#ffffff"), ("#ffffff".into(), "#000"));
    assert_eq!(accent("#000000"), ("#000000".into(), "#fff"));
    assert_eq!(accent("#7a3b1d").1, "#fff");
    assert_eq!(accent("#ffd400").1, "#000");
    // What is no colour is none of the page's style.
    assert_eq!(accent("red}</style>").0, "#222222");
}
