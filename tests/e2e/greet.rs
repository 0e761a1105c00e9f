//! The shop speaks first: a few words at the launcher, once in a visit, and never again to who has closed them.

use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};

use crate::{accessible::assert_accessible_now, phone::too_small};

const WORDS: &str = "Not sure which size? Ask us.";

/// What closes them.
const NO: &str = "Close this message";

/// What is stored on the device, by its names without the shop's.
const STORED: &str = "return [...new Set([localStorage, sessionStorage].flatMap(Object.keys).filter((key) => key.startsWith('commesso:'))
    .map((key) => key.split(':').pop()))].sort()";

/// Whether the words would have been said by now: so many looks were taken since the page has come.
async fn has_had_its_chance(browser: &Browser) {
    let chance = "return (window.since ||= Date.now()) + 3000 < Date.now()";
    browser.until("it could have spoken", chance).await;
}

/// The next visit begins, in a new tab and an hour later. What a visit has kept ends with the page and not before it: a page that is still
/// there would speak again.
async fn visits_again(browser: &Browser) {
    browser
        .ask(
            "addEventListener('pagehide', () => {
                sessionStorage.clear();
                for (const key in localStorage) if (key.endsWith(':greeted') && localStorage[key] > 1) localStorage[key] -= 3600000;
            })",
        )
        .await;
    browser.reload().await;
}

#[tokio::test]
async fn what_was_closed_is_not_said_again() {
    let shop = Relay::shared().await.shop().await;
    let page = shop.storefront.page("greet");
    let shopper = Shopper::arrives_at(Browser::open(DESKTOP).await, &page).await;
    let browser = &shopper.browser;
    let before = browser.ask(STORED).await;
    browser.see("button", WORDS).await;
    browser
        .until("the page is told", "return told.join() === 'shown'")
        .await;
    assert_eq!(before, json!([]), "nothing is kept before it is shown");
    assert_eq!(browser.ask(STORED).await, json!(["greeted"]));
    let asked = format!(
        "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/v1/')).length + ({ROOT}.activeElement ? 1 : 0)"
    );
    assert_eq!(
        browser.ask(&asked).await,
        json!(0),
        "nothing is sent, and the focus stays"
    );
    let polite = format!("return {ROOT}.querySelector('[role=status]').innerText.trim()");
    assert_eq!(browser.ask(&polite).await, json!(WORDS));

    // Passed over, it is not said on the visit's next page.
    browser.reload().await;
    has_had_its_chance(browser).await;
    browser.see_no("button", WORDS).await;
    // Nor in another tab.
    browser
        .ask("addEventListener('pagehide', () => sessionStorage.clear())")
        .await;
    browser.reload().await;
    has_had_its_chance(browser).await;
    browser.see_no("button", WORDS).await;

    // The next visit, in which it is closed.
    visits_again(browser).await;
    browser.see("button", WORDS).await;
    browser.press(NO).await;
    browser.see_no("button", WORDS).await;
    let told = "return told.join() === 'shown,closed'";
    browser.until("the page is told", told).await;
    visits_again(browser).await;
    has_had_its_chance(browser).await;
    browser.see_no("button", WORDS).await;
    assert_eq!(browser.ask(STORED).await, json!(["greeted"]));
    shopper.leaves().await;
}

#[tokio::test]
async fn who_takes_it_up_is_in_the_chat() {
    let shop = Relay::shared().await.shop().await;
    let page = shop.storefront.page("greet");
    let shopper = Shopper::arrives_at(Browser::open(PHONE).await, &page).await;
    let browser = &shopper.browser;
    browser.see("button", WORDS).await;
    assert_eq!(too_small(browser).await, json!([]), "for a finger");
    browser.press(WORDS).await;
    shopper.is_in_the_chat().await;
    browser.see_no("button", WORDS).await;
    let told = "return told.join() === 'shown,taken'";
    browser.until("the page is told", told).await;
    shopper.writes_for_sure("Which size for two?").await;
    // Who has a conversation is not spoken to like a stranger.
    visits_again(browser).await;
    has_had_its_chance(browser).await;
    browser.see_no("button", WORDS).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_page_speaks_when_it_knows_better_and_where_it_fits() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser
        .ask("commesso('greet', 'Elsewhere', { after: 0, on: '/moka/*' })")
        .await;
    has_had_its_chance(browser).await;
    browser.see_no("button", "Elsewhere").await;
    browser.ask("history.pushState(0, '', '/moka/three')").await;
    browser.see("button", "Elsewhere").await;
    assert_accessible_now(browser, "commesso-chat", "a greeting").await;
    browser.ask("commesso('greet', '')").await;
    browser.see_no("button", "Elsewhere").await;
    browser
        .ask("sessionStorage.clear(); commesso('open')")
        .await;
    shopper.is_in_the_chat().await;
    browser.ask("commesso('greet', 'While it is open')").await;
    browser.ask("delete window.since").await;
    has_had_its_chance(browser).await;
    browser.see_no("button", "While it is open").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn what_is_longer_than_can_be_read_in_passing_ends_between_two_signs() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    // Each of these is two units of a text, and the first one is alone: a cut by units would fall into one.
    shopper
        .browser
        .ask("commesso('greet', 'b' + '😀'.repeat(300))")
        .await;
    let shown = format!(
        "return {ROOT}.querySelector('.greet .words')?.textContent === 'b' + '😀'.repeat(198) + '…'"
    );
    shopper.browser.until("it is cut between two", &shown).await;
    shopper.leaves().await;
}
