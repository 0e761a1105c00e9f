//! The panel in its main states, on a phone and on a desk: axe finds nothing in any of them, and each looks as it did when somebody
//! last looked at its picture (`tests/pictures`). `UPDATE=1` takes the pictures anew, for whoever then looks at them.
//!
//! Fonts differ from machine to machine, so pictures are compared by what is where and of which colour: in cells of 8 × 8 pixels.

use std::{fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use protocol::limits::TEXT_MAX;
use serde_json::json;
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::{DESKTOP, Size},
    relay::project,
    shop::message_id,
    shopper::{LAUNCHER, ROOT},
};
use thirtyfour::Key;

use crate::accessible::assert_accessible;

/// The smallest phone that is still sold.
pub(crate) const SMALL_PHONE: Size = (360, 640);

/// How far cells may differ on average, of 255. The same machine makes up to 0.5, another font (serifs for none) up to 5; bubbles on
/// the other side, or without their padding, make 13.
const MEAN: f64 = 6.0;

/// How many cells of a thousand may differ by more than 48 of 255 (`compare.js`). Another font makes up to 30, another colour of the
/// header 50 and more, bubbles elsewhere 60 to 100. Whether a small thing is there is asked by its role, not by its picture.
const CELLS: f64 = 40.0;

/// Arrives at a page that says which language its chat is to speak.
pub(crate) async fn arrives_in(locale: &str, browser: Browser, shop: &Shop) -> Shopper {
    browser.go(&shop.storefront.page("bare")).await;
    put_tag(&browser, shop, &[("locale", locale)]).await;
    browser.see("button", LAUNCHER).await;
    Shopper { browser }
}

/// Puts the script tag into the page, with these attributes.
pub(crate) async fn put_tag(browser: &Browser, shop: &Shop, attributes: &[(&str, &str)]) {
    let mut tag = format!(
        "const tag = document.createElement('script');
         tag.src = '{}/widget.js'; tag.dataset.shop = '{}';",
        shop.relay,
        shop.id.as_str()
    );
    for (name, value) in attributes {
        tag += &format!("tag.dataset.{name} = '{value}';");
    }
    browser.ask(&(tag + "document.body.append(tag)")).await;
}

/// Opens the chat, whatever language it speaks and whether or not it has stayed open from another page.
pub(crate) async fn opens(shopper: &Shopper) {
    shopper.browser.ask("commesso('open')").await;
    shopper.browser.see("log", "").await;
    shopper.browser.see("textbox", "").await;
}

/// Types and sends, whatever language the chat speaks.
async fn writes(shopper: &Shopper, words: &str) {
    let composer = shopper.browser.see("textbox", "").await;
    let keys = format!("{words}{}", char::from(Key::Enter));
    composer.send_keys(keys).await.expect("keys");
}

/// Puts a draft on the device that another release kept, and that is too long for the relay, by signs that nobody sees. The next page
/// sends it in vain.
pub(crate) async fn keeps_what_is_too_long(browser: &Browser, shop: &Shop, words: &str) {
    let name = message_id();
    let words = format!("{words}{}", "\u{200b}".repeat(TEXT_MAX));
    let draft = json!({ "id": name, "content": { "kind": "message", "text": words } });
    let key = format!("commesso:{}:outbox:{name}", shop.id.as_str());
    let keep = "localStorage.setItem(arguments[0], arguments[1])";
    let kept = browser
        .driver
        .execute(keep, vec![json!(key), json!(draft.to_string())]);
    kept.await.expect("it is kept");
}

/// Brings the chat from one state into the next, and calls with each, by name.
async fn through_the_states(
    shopper: &Shopper,
    shop: &Shop,
    language: &str,
    mut look: impl AsyncFnMut(&'static str),
) {
    let browser = &shopper.browser;
    let (question, answer, more) = match language {
        "ar" => (
            "هل الموكا متوفرة؟",
            "نعم، لدينا ثلاث قطع من Moka Express 3.",
            "شكرًا",
        ),
        _ => (
            "Is the moka in stock?",
            "Yes, three are left.",
            "Thank you, I take one",
        ),
    };
    opens(shopper).await;
    browser
        .until(
            "the greeting stands there",
            &format!("return {ROOT}.querySelectorAll('.question').length === 3"),
        )
        .await;
    look("empty").await;

    writes(shopper, question).await;
    let id = shop.caller().conversation_with(question).await.id;
    shop.caller().write(id, answer).await;
    shopper.reads(answer).await;
    writes(shopper, more).await;
    shop.caller().conversation_with(more).await;
    let stored = format!(
        "return {ROOT}.querySelectorAll('.state').length === 1 && !{ROOT}.querySelector('.state [d^=\"M12 7\"]')"
    );
    browser.until("the last message is stored", &stored).await;
    look("talk").await;

    browser.online(false).await;
    let notice = format!("return Boolean({ROOT}.querySelector('.notice'))");
    browser.until("the notice is there", &notice).await;
    look("offline").await;
    browser.online(true).await;
    let gone = format!("return !{ROOT}.querySelector('.notice')");
    browser.until("the notice is gone", &gone).await;

    keeps_what_is_too_long(browser, shop, question).await;
    browser.reload().await;
    put_tag(browser, shop, &[("locale", language)]).await;
    browser.see("button", "").await;
    opens(shopper).await;
    let refused = format!(
        "return Boolean({ROOT}.querySelector('.refusal')) && {ROOT}.querySelectorAll('.row').length === 4"
    );
    browser
        .until("the message is refused, below the others", &refused)
        .await;
    look("refused").await;
}

async fn axe_finds_nothing(size: Size, locale: &str) {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives_in(locale, Browser::open(size).await, &shop).await;
    through_the_states(&shopper, &shop, locale, async |state| {
        let when = format!("{state}, {locale}, {} wide", size.0);
        assert_accessible(&shopper.browser, "commesso-chat", &when).await;
    })
    .await;
    shopper.leaves_after(&["net::ERR_", "WebSocket"]).await;
}

#[tokio::test]
async fn no_state_has_a_violation_on_a_phone() {
    axe_finds_nothing(SMALL_PHONE, "en").await;
}

#[tokio::test]
async fn no_state_has_a_violation_on_a_desk() {
    axe_finds_nothing(DESKTOP, "en").await;
}

#[tokio::test]
async fn no_state_has_a_violation_from_right_to_left() {
    axe_finds_nothing(SMALL_PHONE, "ar").await;
}

#[tokio::test]
async fn it_looks_as_it_did_on_a_phone() {
    looks_as_it_did("phone", SMALL_PHONE).await;
}

#[tokio::test]
async fn it_looks_as_it_did_on_a_desk() {
    looks_as_it_did("desk", DESKTOP).await;
}

async fn looks_as_it_did(place: &str, size: Size) {
    let mut wrong = vec![];
    for (locale, dark, look) in [
        ("en", false, ""),
        ("ar", false, "-arabic"),
        ("en", true, "-dark"),
    ] {
        let shop = Relay::shared().await.shop().await;
        let browser = Browser::open(size).await;
        browser.dark(dark).await;
        let hidden = json!({ "hidden": true });
        let tools = browser.devtools();
        let scrollbars = tools.execute_cdp_with_params("Emulation.setScrollbarsHidden", hidden);
        scrollbars.await.expect("scrollbars can be hidden");
        let shopper = arrives_in(locale, browser, &shop).await;
        let mut shots = vec![];
        through_the_states(&shopper, &shop, locale, async |state| {
            shots.push((
                format!("{state}-{place}{look}"),
                shot(&shopper.browser).await,
            ));
        })
        .await;
        // The page of a shop has a policy of its own.
        shopper.browser.go("about:blank").await;
        for (name, shot) in shots {
            wrong.extend(compared(&shopper.browser, &name, &shot).await);
        }
        shopper.leaves_after(&["net::ERR_", "WebSocket"]).await;
    }
    assert!(
        wrong.is_empty(),
        "look at target/pictures; if it is as it should be, run again with UPDATE=1: {wrong:#?}"
    );
}

/// What is to be seen, in base64. Without a focus: a caret would be there or not.
async fn shot(browser: &Browser) -> String {
    browser.ask("document.activeElement.blur()").await;
    let still = "return document.fonts.status === 'loaded' && document.querySelector('commesso-chat').shadowRoot.getAnimations().every((one) => one.playState === 'finished')";
    browser.until("everything stands still", still).await;
    // The panel and what is around it, in some kilobytes.
    let place = browser.ask("const [width, height] = [Math.min(innerWidth, 432), Math.min(innerHeight, 752)]; return { x: innerWidth - width, y: innerHeight - height, width, height, scale: 1 }").await;
    let form = json!({ "format": "webp", "quality": 60, "clip": place });
    let tools = browser.devtools();
    let shot = tools.execute_cdp_with_params("Page.captureScreenshot", form);
    let shot = shot.await.expect("a picture");
    shot["data"].as_str().expect("base64").to_owned()
}

/// What is wrong about a picture, if anything is.
async fn compared(browser: &Browser, name: &str, shot: &str) -> Option<String> {
    let file = format!("{name}.webp");
    let kept = project().join("tests/pictures").join(&file);
    let bytes = BASE64.decode(shot).expect("base64");
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        write(kept, &bytes);
        return None;
    }
    write(project().join("target/pictures").join(&file), &bytes);
    let Ok(before) = fs::read(&kept) else {
        return Some(format!("{name} has no kept picture"));
    };
    let answer = browser.driver.execute_async(
        include_str!("states/compare.js"),
        vec![json!(BASE64.encode(before)), json!(shot)],
    );
    let answer = answer.await.expect("the pictures can be compared");
    let (mean, cells): (f64, f64) = answer.convert().expect("two numbers");
    let as_before = mean <= MEAN && cells <= CELLS;
    (!as_before).then(|| format!("{name}: {mean:.2} on average, {cells:.1} cells of 1000"))
}

fn write(file: PathBuf, bytes: &[u8]) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
    fs::write(file, bytes).expect("a picture can be written");
}
