//! The chat speaks the language of the page, else one that the shopper's browser asks for, else the shop's; it loads that one alone,
//! and is of use without it.

mod tables;

use std::{collections::BTreeMap, fs};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    fault_proxy::Door,
    relay::project,
    shopper::{COMPOSER, ROOT},
};

use crate::{
    network::{BROKEN, behind_a_proxy},
    states::{arrives_in, opens, put_tag},
};

const CODES: [&str; 7] = ["ar", "de", "en", "es", "fr", "it", "pt"];

/// A table of `widget/languages`, by its language, and by its part where it is of one.
pub(crate) fn table(name: &str) -> Value {
    let file = project().join(format!("widget/languages/{name}.json"));
    let text = fs::read_to_string(file).expect("the table is there");
    serde_json::from_str(&text).expect("JSON")
}

/// What the composer is called in a language.
fn composer(code: &str) -> String {
    table(code)["write"].as_str().expect("a sentence").into()
}

/// Arrives as somebody whose browser asks for these languages, at a page of this one, where the tag says another one or none.
async fn arrives_at(browser: &Browser, shop: &Shop, tag: &str, page: &str, asked: &[&str]) {
    browser.go(&shop.storefront.page("bare")).await;
    let set = "document.documentElement.lang = arguments[0];
        Object.defineProperty(navigator, 'languages', { value: arguments[1] });
        Object.defineProperty(navigator, 'language', { value: arguments[1][0] })";
    let set = browser.driver.execute(set, vec![json!(page), json!(asked)]);
    set.await.expect("the languages are set");
    let attributes = [("locale", tag)];
    let said = if tag.is_empty() {
        &[][..]
    } else {
        &attributes[..]
    };
    put_tag(browser, shop, said).await;
    browser.see("button", "").await;
}

async fn speaks(shopper: &Shopper, code: &str) {
    shopper.browser.see("textbox", &composer(code)).await;
    let said = format!("return {ROOT}.querySelector('.root').lang");
    assert_eq!(shopper.browser.ask(&said).await, json!(code));
}

#[tokio::test]
async fn the_page_is_asked_first_and_then_the_browser() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper {
        browser: Browser::open(PHONE).await,
    };
    for (tag, page, asked, spoken) in [
        ("de", "fr", ["es", "it"], "de"),
        ("de_AT", "fr", ["es", "it"], "de"),
        ("pl", "fr-CA", ["es", "it"], "fr"),
        ("", "pl", ["nl", "pt-BR"], "pt"),
        ("", "", ["it-CH", "de"], "it"),
        ("", "", ["ar-EG", "de"], "ar"),
        ("", "esu", ["es", "de"], "es"),
        ("", "pl", ["nl", "cs"], "en"),
    ] {
        arrives_at(&shopper.browser, &shop, tag, page, &asked).await;
        opens(&shopper).await;
        speaks(&shopper, spoken).await;
        let direction =
            format!("return getComputedStyle({ROOT}.querySelector('.panel')).direction");
        let expected = if spoken == "ar" { "rtl" } else { "ltr" };
        assert_eq!(shopper.browser.ask(&direction).await, json!(expected));
        // The panel's words, and those of what is loaded beside it.
        let loaded = "return [...new Set(performance.getEntriesByType('resource').filter((one) => one.name.includes('/words-')).map((one) => one.name.split('/').pop()))]";
        let loaded = shopper.browser.ask(loaded).await;
        assert_eq!(loaded, json!([format!("{spoken}.json")]), "one is loaded");
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn the_shop_is_asked_last() {
    let shop = Relay::shared().await.shop().await;
    let caller = shop.caller();
    let change = caller
        .request(Method::PATCH, "/v1/shop")
        .json(&json!({ "languages": ["pl", "fr", "it"] }));
    assert_eq!(caller.send(change).await.status, 200);
    let shopper = Shopper {
        browser: Browser::open(PHONE).await,
    };
    // The first time the shop is known only when the chat is open; then from the start.
    for _ in 0..2 {
        arrives_at(&shopper.browser, &shop, "", "pl", &["nl"]).await;
        opens(&shopper).await;
        speaks(&shopper, "fr").await;
    }
    arrives_at(&shopper.browser, &shop, "", "pl", &["nl", "de"]).await;
    opens(&shopper).await;
    speaks(&shopper, "de").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn where_the_words_do_not_come_it_speaks_english_and_works() {
    let (proxy, shop) = behind_a_proxy().await;
    shop.storefront.begins_with(
        "document.documentElement.lang = 'it'; const load = fetch; window.fetch = (what, ...how) =>
           String(what.url ?? what).includes('/words-') ? Promise.reject(new TypeError('no words')) : load(what, ...how);",
    );
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    opens(&shopper).await;
    speaks(&shopper, "en").await;
    // What has no words is not there at all.
    let empty = format!(
        "return [...{ROOT}.querySelectorAll('button')].filter((one) => !one.ariaLabel && !one.textContent).length"
    );
    assert_eq!(shopper.browser.ask(&empty).await, json!(0));
    for name in ["Close", "Send"] {
        shopper.browser.see("button", name).await;
    }
    shopper.writes("Without a table").await;
    shop.caller().conversation_with("Without a table").await;
    proxy.door(Door::Closed);
    proxy.reset();
    shopper.browser.see("status", "Connecting again").await;
    let offline = "Object.defineProperty(navigator, 'onLine', { value: false })";
    shopper.browser.ask(offline).await;
    shopper.browser.see("status", "No connection").await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn the_page_may_change_the_language_in_the_middle_of_a_sentence() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("In English").await;
    shopper.types("Half a").await;
    for code in ["it", "ar", "en"] {
        let change = format!("commesso('set', {{ locale: '{code}' }})");
        shopper.browser.ask(&change).await;
        speaks(&shopper, code).await;
        shopper.reads("In English").await;
    }
    let once = format!(
        "return ['.badge', '.count', '.scroll', 'header .shop'].map((part) => {ROOT}.querySelectorAll(part).length)"
    );
    assert_eq!(shopper.browser.ask(&once).await, json!([1, 1, 1, 1]));
    let field = shopper.browser.see("textbox", COMPOSER).await;
    assert_eq!(
        field.prop("value").await.expect("a value"),
        Some("Half a".into())
    );
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    // It begins anew, with a socket of its own.
    shopper
        .leaves_after(&["before the connection is established"])
        .await;
}

#[tokio::test]
async fn the_browser_knows_the_forms_that_the_tables_have() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("bare")).await;
    // What is counted here ends long before ten thousand.
    let ask = "return Object.fromEntries(arguments[0].map((code) => {
        const rules = new Intl.PluralRules(code);
        return [code, [...new Set(Array.from({ length: 10001 }, (_, n) => rules.select(n)))].sort()];
    }))";
    let answer = browser.driver.execute(ask, vec![json!(CODES)]).await;
    let known: BTreeMap<String, Vec<String>> =
        answer.expect("an answer").convert().expect("categories");
    for code in CODES {
        let table = table(code);
        let forms = table["left"].as_object().expect("forms");
        let mut forms: Vec<&String> = forms.keys().collect();
        forms.sort();
        // What stands for all that have none of their own is there in any case.
        let mut needed = known[code].clone();
        needed.extend((!needed.contains(&"other".into())).then(|| "other".into()));
        needed.sort();
        assert_eq!(forms, needed.iter().collect::<Vec<_>>(), "{code}");
    }
    browser.leave(&[]).await;
}

#[tokio::test]
async fn arabic_is_laid_out_from_right_to_left() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives_in("ar", Browser::open(DESKTOP).await, &shop).await;
    let browser = &shopper.browser;
    let launcher = format!("return {ROOT}.querySelector('.launcher').getBoundingClientRect().x");
    let before = browser.ask(&launcher).await;
    opens(&shopper).await;
    let composer = browser.see("textbox", &composer("ar")).await;
    composer.send_keys("مرحبا\u{e007}").await.expect("keys");
    let id = shop.caller().conversation_with("مرحبا").await.id;
    shop.caller().write(id, "Welcome back").await;
    shopper.reads("Welcome back").await;
    // Mine ends at the left edge, theirs at the right; close and send are at the left; each text has its own direction.
    let places = format!(
        "const root = {ROOT};
         const middle = (element) => {{
           const {{ left, right }} = element.getBoundingClientRect();
           const whole = root.querySelector('.panel').getBoundingClientRect();
           return (left + right) / 2 < (whole.left + whole.right) / 2 ? 'left' : 'right';
         }};
         const one = (selector) => middle(root.querySelector(selector));
         const direction = (selector) => getComputedStyle(root.querySelector(selector)).direction;
         return [one('.mine .bubble'), one('.theirs .bubble'), one('.theirs .face'), one('.close'), one('.send'), one('header .shop'),
           direction('.mine .bubble'), direction('.theirs .bubble')];"
    );
    let expected = [
        "left", "right", "right", "left", "left", "right", "rtl", "ltr",
    ];
    assert_eq!(browser.ask(&places).await, json!(expected));
    assert_eq!(
        browser.ask(&launcher).await,
        before,
        "the page says where it is"
    );
    shopper.leaves().await;
}

#[tokio::test]
async fn what_is_counted_has_the_form_of_its_number() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives_in("ar", Browser::open(DESKTOP).await, &shop).await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    let composer = browser.see("textbox", &composer("ar")).await;
    composer.send_keys("مرحبا\u{e007}").await.expect("keys");
    let id = shop.caller().conversation_with("مرحبا").await.id;
    browser.ask("commesso('close')").await;
    let forms = &table("ar")["chat_unread"];
    for (form, sign) in [("one", ""), ("two", ""), ("few", "٣")] {
        shop.caller().write(id, form).await;
        let name = forms[form].as_str().expect("a form");
        // Engines differ in the digits of this language.
        let name = format!(
            "return ['{sign}', '3'].map((n) => '{name}'.replace('#', n)).includes({ROOT}.querySelector('.launcher').ariaLabel)"
        );
        browser.until(form, &name).await;
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn days_have_the_names_of_the_language() {
    let shop = Relay::shared().await.shop().await;
    // So many days have gone by since the words were said.
    shop.storefront.begins_with(
        "document.documentElement.lang = 'it'; const now = Date.now; Date.now = () => now() + 864e5 * (localStorage.days || 0)",
    );
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    let composer = browser.see("textbox", &composer("it")).await;
    composer.send_keys("Ciao\u{e007}").await.expect("keys");
    shop.caller().conversation_with("Ciao").await;
    let mark = format!("{ROOT}.querySelector('.day')?.textContent");
    for (days, name) in [
        (0, "oggi"),
        (1, "ieri"),
        (
            3,
            "(lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica) \\d+ [a-z]+",
        ),
    ] {
        browser.ask(&format!("localStorage.days = {days}")).await;
        browser.reload().await;
        opens(&shopper).await;
        browser
            .until(name, &format!("return /^{name}$/.test({mark})"))
            .await;
    }
    shopper.leaves().await;
}
