//! Whoever is not the shop's own page gets nothing of a frame, and nothing into it or out of the page around it (SPEC, HO2).

use serde_json::json;
use tests::{Browser, Relay, Shop, browser::DESKTOP};

use super::{KEPT, arrives, inside, opens, outside};

/// A page that hears what is said to it, behind everybody who listened before.
const LISTENS: &str = "window.heard = 0; addEventListener('message', () => window.heard++)";

/// Whether a chat has begun in a frame.
const BEGUN: &str = "return Boolean(document.querySelector('commesso-chat')?.shadowRoot)";

/// Says to a window what the page around a frame says to it first, and keeps what comes back through the door that goes along.
fn knocks(at: &str) -> String {
    format!(
        "const {{ port1, port2 }} = new MessageChannel();
        window.told = [];
        port1.onmessage = ({{ data: [word] }}) => told.push(word);
        {at}.postMessage({{ settings: {{ page: [location.href, document.title] }}, local: {{}}, session: {{}} }}, '*', [port2]);"
    )
}

/// Puts frames of these addresses into the page, in their order.
async fn frames(browser: &Browser, addresses: &[&str]) {
    let put = format!(
        "window.loaded = 0;
        for (const src of {}) {{
            const frame = document.createElement('iframe');
            frame.onload = () => window.loaded++;
            frame.src = src;
            document.body.append(frame);
        }}",
        json!(addresses)
    );
    browser.ask(&put).await;
    let there = format!("return loaded === {}", addresses.len());
    browser.until("the frames are there", &there).await;
}

async fn enters(browser: &Browser, frame: u16) {
    outside(browser).await;
    let entered = browser.driver.enter_frame(frame).await;
    entered.expect("the frame is there");
}

fn address(shop: &Shop) -> String {
    format!("{}/frame/{}", shop.relay, shop.id.as_str())
}

#[tokio::test]
async fn ho2_opened_alone_it_takes_nothing_and_asks_nothing() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&address(&shop)).await;
    let whole = "return document.readyState === 'complete'";
    browser.until("the page has run", whole).await;
    browser.ask(LISTENS).await;
    browser.ask(&knocks("window")).await;
    browser.until("it was heard", "return heard === 1").await;
    assert_eq!(browser.ask(BEGUN).await, json!(false));
    assert_eq!(browser.ask("return told").await, json!([]));
    browser.see_no("textbox", "").await;
    let asked = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/')).length";
    assert_eq!(browser.ask(asked).await, json!(0));
    browser.leave(&[]).await;
}

#[tokio::test]
async fn ho2_it_hears_the_page_around_it_and_no_other_frame_in_that() {
    let shop = Relay::shared().await.shop().await;
    let neighbour = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    // The shop's page, on which the chat is nobody's yet.
    browser.go(&shop.storefront.page("bare")).await;
    frames(
        &browser,
        &[&address(&shop), &neighbour.storefront.page("bare")],
    )
    .await;
    enters(&browser, 0).await;
    browser.ask(LISTENS).await;
    enters(&browser, 1).await;
    browser.ask(&knocks("parent.frames[0]")).await;
    enters(&browser, 0).await;
    browser
        .until("the stranger was heard", "return heard === 1")
        .await;
    assert_eq!(browser.ask(BEGUN).await, json!(false));
    enters(&browser, 1).await;
    assert_eq!(browser.ask("return told").await, json!([]));
    // It has shut no door: the page that may comes in.
    outside(&browser).await;
    browser.ask(&knocks("frames[0]")).await;
    browser
        .until("the page is answered", "return told.includes('here')")
        .await;
    enters(&browser, 0).await;
    assert_eq!(browser.ask(BEGUN).await, json!(true));
    // Nor is there a second one.
    enters(&browser, 1).await;
    browser.ask(&knocks("parent.frames[0]")).await;
    enters(&browser, 0).await;
    browser
        .until("everybody was heard", "return heard === 3")
        .await;
    enters(&browser, 1).await;
    assert_eq!(browser.ask("return told").await, json!([]));
    outside(&browser).await;
    browser.leave(&[]).await;
}

#[tokio::test]
async fn ho2_what_a_stranger_says_to_the_page_is_nothing_to_its_chat() {
    let shop = Relay::shared().await.shop().await;
    let neighbour = Relay::shared().await.shop().await;
    // As on a walled page, where others may be framed as well.
    crate::ladder::policy(&shop, &format!("connect-src {}", shop.storefront.origin()));
    let shopper = arrives(&shop, DESKTOP, "plain").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Mine").await;
    outside(browser).await;
    frames(browser, &[&neighbour.storefront.page("bare")]).await;
    browser.ask(LISTENS).await;
    // The chat's own frame is in no list that a page hands out.
    enters(browser, 0).await;
    assert_eq!(browser.ask("return parent.frames.length").await, json!(1));
    let id = shop.id.as_str();
    let words = json!([
        [
            "keep",
            "local",
            format!("commesso:{id}:conversation"),
            "theirs"
        ],
        ["keep", "local", format!("commesso:{id}:pass"), null],
        ["say", "unread", 7],
        ["say", "gone", "for good"],
        ["close"],
        ["again"],
    ]);
    let says = format!(
        "for (const words of {words}) parent.postMessage(words, '*', [new MessageChannel().port1])"
    );
    browser.ask(&says).await;
    outside(browser).await;
    browser
        .until("all of it was heard", "return heard === 6")
        .await;
    let kept = format!(
        "return [localStorage['commesso:{id}:conversation'] !== 'theirs', Boolean(localStorage['commesso:{id}:pass'])]"
    );
    assert_eq!(browser.ask(&kept).await, json!([true, true]));
    browser.see_no("button", "unread").await;
    inside(browser).await;
    shopper.reads("Mine").await;
    shopper.writes_for_sure("And still mine").await;
    outside(browser).await;
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves_after(&[KEPT]).await;
}
