//! The shop is closed: the shopper reads when it opens, by their own clock. Whoever comes answers all the same.

use protocol::{
    api::{Shop as Settings, ShopChange},
    hours::{Exception, Hours, Opening, Stretch},
};
use serde_json::Value;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};

/// Tomorrow at nine where the browser is, and a day before that, as clocks in Tokyo have it: nine hours ahead, and never changed.
const IN_TOKYO: &str =
    "const at = new Date(); at.setDate(at.getDate() + 1); at.setHours(9, 0, 0, 0);
    return [0, 1].map((days) => new Date(at.getTime() + 9 * 36e5 - days * 864e5).toISOString())";

/// Nothing says when the shop is back.
fn nothing_of_tomorrow() -> String {
    format!("return !{ROOT}.querySelector('header').innerText.includes('tomorrow')")
}

async fn changes(shop: &Shop, change: &ShopChange) -> tests::caller::Answer {
    let owner = shop.caller();
    let request = owner.request(reqwest::Method::PATCH, "/v1/shop");
    owner.send(request.json(change)).await
}

async fn keeps(shop: &Shop, hours: Hours) -> tests::caller::Answer {
    let change = ShopChange {
        hours: Some(hours),
        ..ShopChange::default()
    };
    changes(shop, &change).await
}

/// The shop is in Tokyo, and opens when it is nine tomorrow where the browser is.
async fn opens_tomorrow(shop: &Shop, browser: &Browser) {
    let told = browser.ask(IN_TOKYO).await;
    let part = |at: usize, from: usize, to: usize| {
        let text = told[at].as_str().and_then(|text| text.get(from..to));
        text.expect("a time").to_owned()
    };
    let hours = Hours {
        time_zone: "Asia/Tokyo".into(),
        open: (1..=7)
            .map(|day| Opening {
                day,
                from: part(0, 11, 16),
                to: "24:00".into(),
            })
            .collect(),
        exceptions: vec![Exception {
            from: "2020-01-01".into(),
            to: part(1, 0, 10),
            open: vec![],
        }],
    };
    let kept: Settings = keeps(shop, hours.clone()).await.json();
    assert_eq!(kept.front.hours, Some(hours));
}

#[tokio::test]
async fn a_closed_shop_says_when_it_is_back() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    opens_tomorrow(&shop, browser).await;
    shopper.opens_the_chat().await;
    browser.see_words_anywhere("Back tomorrow at 9:00").await;
    let greeting = "Write now, and you will find our answer here.";
    browser.see_words_anywhere(greeting).await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    browser.see_words_anywhere("Back tomorrow at 9:00").await;

    let inbox = Peer::inbox(&shop).await;
    browser.see_words_anywhere("Giulia answers here").await;
    let gone = nothing_of_tomorrow();
    browser.until("whoever is there answers", &gone).await;
    drop(inbox);
    browser.see_words_anywhere("Back tomorrow at 9:00").await;
    // What was told last is on the next page too.
    browser.reload().await;
    shopper.opens_the_chat().await;
    browser.see_words_anywhere("Back tomorrow at 9:00").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn it_is_said_in_the_shoppers_language() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    opens_tomorrow(&shop, browser).await;
    // Engines differ in whether the hour has two digits.
    for (language, words) in [
        ("it", "Torniamo domani alle 0?9:00"),
        ("de", "Wieder da morgen um 0?9:00"),
        ("ar", "نعود غدًا الساعة"),
    ] {
        let speak = format!("commesso('locale', '{language}'); commesso('open')");
        browser.ask(&speak).await;
        let said = format!("return /{words}/.test({ROOT}.querySelector('header')?.innerText)");
        browser.until(words, &said).await;
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn what_is_no_time_no_day_and_no_zone_is_refused_in_words() {
    let shop = Relay::shared().await.shop().await;
    let hours = |zone: &str, from: &str, day: &str| Hours {
        time_zone: zone.into(),
        open: vec![Opening {
            day: 1,
            from: from.into(),
            to: "18:00".into(),
        }],
        exceptions: vec![Exception {
            from: day.into(),
            to: day.into(),
            open: vec![Stretch {
                from: "10:00".into(),
                to: "12:00".into(),
            }],
        }],
    };
    let good = hours("Europe/Rome", "09:00", "2026-12-24");
    assert_eq!(keeps(&shop, good.clone()).await.status, 200);
    for (bad, word) in [
        (hours("Europe/Mars", "09:00", "2026-12-24"), "time zone"),
        (hours("Europe/Rome", "19:00", "2026-12-24"), "`day`"),
        (hours("Europe/Rome", "09:00", "2026-02-30"), "`YYYY-MM-DD`"),
    ] {
        let problem = keeps(&shop, bad).await.problem(400);
        assert!(problem.detail.contains(word), "{problem:?}");
    }
    let kept: Settings = shop.caller().get("/v1/shop").await.json();
    assert_eq!(kept.front.hours, Some(good), "nothing of it was kept");
}

#[tokio::test]
async fn the_inbox_sets_hours_the_name_and_the_first_words() {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    let browser = &operator.browser;
    browser.press("Install").await;
    browser.see("heading", "When do you answer?").await;
    browser.click("checkbox", "We keep hours").await;
    // The bar that says what is not saved lies over the lower edge: whoever goes on scrolls.
    browser
        .ask("document.querySelector('.week').scrollIntoView()")
        .await;
    browser.press("Add hours, Saturday").await;
    browser.press("Remove these hours, Wednesday").await;
    let name = browser.see("textbox", "Name of your shop").await;
    name.clear().await.expect("an empty field");
    name.send_keys("Bottega Nuova").await.expect("keys");
    let words = browser.see("textbox", "First words in English").await;
    words.clear().await.expect("an empty field");
    words.send_keys("Come in").await.expect("keys");
    browser.press("Save").await;
    browser.see_words_anywhere("Saved.").await;
    let kept: Settings = Caller::with_key(&shop.relay, &shop.made.key)
        .get("/v1/shop")
        .await
        .json();
    let days: Vec<u8> = kept
        .front
        .hours
        .iter()
        .flat_map(|hours| hours.open.iter().map(|open| open.day))
        .collect();
    assert_eq!(days, [1, 2, 4, 5, 6]);
    assert_eq!(kept.front.name, "Bottega Nuova");

    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.browser.see_words_anywhere("Bottega Nuova").await;
    shopper.browser.see_words_anywhere("Come in").await;
    let zone = browser
        .ask("return Intl.DateTimeFormat().resolvedOptions().timeZone")
        .await;
    let told = kept.front.hours.map(|hours| Value::from(hours.time_zone));
    assert_eq!(told, Some(zone));
    shopper.leaves().await;
    operator.leaves().await;
}
