//! The two pictures of the README, taken of the real thing: only with `PICTURES=1`, since they change with every font.

use std::{fs, path::PathBuf};

use protocol::{
    api::{NewAssignee, NewNote, NewStatus, Stored},
    conversation::Status,
    fact::{Fact, Subject},
    frame::ClientFrame,
    presence::Page,
};
use serde_json::json;
use tests::{
    Browser, Operator, Peer, Relay, Shop, Shopper,
    browser::{PHONE, Size},
    relay::project,
    shopper::ROOT,
};

/// Wide enough for the shop beside its chat, in the shape of a laptop.
const LAPTOP: Size = (1280, 800);

/// For three columns.
const WIDE: Size = (1440, 900);

fn wanted() -> bool {
    std::env::var("PICTURES").is_ok_and(|value| value == "1")
}

fn picture(name: &str) -> PathBuf {
    let folder = project().join("docs/pictures");
    fs::create_dir_all(&folder).expect("docs can be written");
    folder.join(name)
}

async fn shoot(browser: &Browser) -> String {
    // Dots go on breathing.
    let still = format!(
        "const moves = (one) => one.playState !== 'finished' && one.effect.getTiming().iterations !== Infinity;
         return document.fonts.status === 'loaded'
           && ![document, {ROOT}].some((root) => root.getAnimations().some(moves))"
    );
    browser.until("it stands still", &still).await;
    let shot = browser.driver.screenshot_as_png_base64().await;
    shot.expect("a picture")
}

#[tokio::test]
async fn of_the_shop() {
    if !wanted() {
        return;
    }
    let relay = Relay::start().await;
    let shop = Shop::demo(&relay).await;
    let (laptop, phone) = Browser::two(LAPTOP, PHONE).await;
    let inbox = Peer::inbox(&shop).await;
    let mut shots = vec![];
    for (browser, size, question, answer) in [
        (
            laptop,
            LAPTOP,
            "Hello, which moka for two people who want a strong coffee?",
            "Good morning. The three-cup one: fill the basket to the rim and do not press it.",
        ),
        (
            phone,
            PHONE,
            "Would it reach Caserta by Friday?",
            "Yes, if you order today. We pack it this afternoon.",
        ),
    ] {
        browser.go(&format!("{}/", relay.url())).await;
        // The shop speaks Italian first; the README does not.
        browser.press("English").await;
        let shopper = Shopper::arrives_at(browser, &format!("{}/", relay.url())).await;
        sharp(&shopper.browser, size).await;
        shopper.opens_the_chat().await;
        shopper.writes_for_sure(question).await;
        let summary = shop.caller().conversation_with(question).await;
        let mut giulia = Peer::operator(&shop, summary.id).await;
        giulia.say_for_sure(answer).await;
        shopper.reads(answer).await;
        let seen = shop.caller().entries(summary.id).await.cursor.seq;
        giulia
            .tell(&ClientFrame::Receipt {
                delivered: seen,
                read: seen,
            })
            .await;
        shopper.writes("Perfect, thank you").await;
        shopper.is_stored("Perfect, thank you").await;
        // Out of the composer: a blinking cursor would be there or not.
        shopper.browser.ask("document.activeElement.blur()").await;
        shots.push(shoot(&shopper.browser).await);
        shopper.leaves().await;
    }
    drop(inbox);
    side_by_side(&shots).await;
}

/// Two pixels of the picture for each of the page: READMEs are read on good screens.
async fn sharp(browser: &Browser, (width, height): Size) {
    let metrics =
        json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": width < 480 });
    let tools = browser.devtools();
    let set = tools.execute_cdp_with_params("Emulation.setDeviceMetricsOverride", metrics);
    set.await.expect("the window can be sized");
    let hidden =
        tools.execute_cdp_with_params("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
    hidden.await.expect("scrollbars can be hidden");
}

async fn side_by_side(shots: &[String]) {
    let frame = |shot: &str, width: u32, radius: u32| {
        format!(
            "<img width={width} src='data:image/png;base64,{shot}' style='border-radius:{radius}px;box-shadow:0 0 0 1px #0002,0 18px 50px #0003'>"
        )
    };
    let page = format!(
        "<body style='margin:0;padding:40px;display:flex;gap:36px;align-items:center;background:#f3ece4;width:max-content'>{}{}",
        frame(&shots[0], 1000, 12),
        frame(&shots[1], 289, 28)
    );
    let browser = Browser::open((1405, 705)).await;
    sharp(&browser, (1405, 705)).await;
    // The page of a new tab enforces Trusted Types.
    browser.go("about:blank").await;
    let write = "document.documentElement.innerHTML = arguments[0]";
    let written = browser.driver.execute(write, vec![json!(page)]).await;
    written.expect("the page is written");
    let ready =
        "return [...document.images].every((image) => image.complete && image.naturalWidth)";
    browser.until("the pictures are there", ready).await;
    let png = browser.driver.screenshot_as_png().await.expect("a picture");
    fs::write(picture("shop.png"), png).expect("docs can be written");
    browser.leave(&[]).await;
}

/// Who wrote, from which page, and what happened so far: (page, lines); lines that begin with `>` are answers.
const CONVERSATIONS: [(&str, &[&str]); 6] = [
    (
        "Moka, three cups",
        &[
            "Hello, does the moka work on induction?",
            "> It does, with the plate we sell beside it.",
        ],
    ),
    (
        "Returns",
        &[
            "The cups arrived with a chip in one. What do I do?",
            "> I am sorry. A new one leaves today; keep the other.",
        ],
    ),
    (
        "Grinder",
        &["Is the grinder quiet enough for a flat at six in the morning?"],
    ),
    ("Cart", &["My discount code says it is not valid"]),
    (
        "Kettle",
        &[
            "Do you have the kettle in black?",
            "> From Tuesday. Shall I keep one for you?",
            "Yes please, for Anna",
        ],
    ),
    (
        "Home",
        &[
            "Good morning. I look for a present for my father, he drinks four espressos a day and has everything already",
            "> Then something that runs out. May I suggest the tasting box?",
            "That is a lovely idea. Can you wrap it and put in a card?",
        ],
    ),
];

/// What the page says of whom the picture shows.
fn facts(title: &str) -> Vec<Fact> {
    let all = [
        (Subject::Visitor, "orders", "3"),
        (Subject::Cart, "Espresso blend, 250 g", "2 × €9.50"),
        (Subject::Cart, "Brass coffee spoon", "1 × €12.00"),
        (Subject::Cart, "", "€31.00"),
    ];
    let fact = |(about, name, text): (Subject, &str, &str)| Fact {
        about,
        name: name.into(),
        text: text.into(),
        at: None,
    };
    match title {
        "Home" => all.map(fact).into(),
        _ => vec![],
    }
}

#[tokio::test]
async fn of_the_inbox() {
    if !wanted() {
        return;
    }
    let relay = Relay::start().await;
    let shop = Shop::demo(&relay).await;
    let operator = Operator::signs_in(Browser::open(WIDE).await, &shop).await;
    sharp(&operator.browser, WIDE).await;
    let caller = shop.caller();
    let mut visitors = vec![];
    for (title, lines) in CONVERSATIONS {
        let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
        let page = Page {
            url: format!("{}/", relay.url()),
            title: format!("{title} · Bottega Aroma"),
            facts: facts(title),
        };
        visitor.tell(&ClientFrame::Page(page)).await;
        for line in lines {
            match line.strip_prefix("> ") {
                Some(answer) => drop(caller.write(conversation, answer).await),
                None => drop(visitor.say_for_sure(line).await),
            }
        }
        visitors.push((visitor, conversation));
    }
    let at = |n: usize, what: &str| format!("/v1/conversations/{}/{what}", visitors[n].1);
    let resolved = NewStatus {
        id: None,
        status: Status::Resolved,
    };
    caller
        .put(&at(1, "status"), &resolved)
        .await
        .json::<Stored>();
    let me = Some(shop.made.operator.id);
    let assignee = NewAssignee {
        id: None,
        operator: me,
    };
    caller
        .put(&at(5, "assignee"), &assignee)
        .await
        .json::<Stored>();
    let note = NewNote {
        id: None,
        text: "Bought the brass grinder last Christmas: no more machines.".into(),
    };
    caller.post(&at(5, "notes"), &note).await.json::<Stored>();

    operator.opens("Bought the brass grinder").await;
    operator
        .answers("With pleasure. What shall the card say?")
        .await;
    operator.reads("With pleasure.").await;
    visitors[5].0.tell(&ClientFrame::Typing { on: true }).await;
    operator.browser.see_words_anywhere("is typing").await;
    operator.browser.ask("document.activeElement.blur()").await;
    let png = operator.browser.driver.screenshot_as_png().await;
    fs::write(picture("inbox.png"), png.expect("a picture")).expect("docs can be written");
    operator.leaves().await;
}
