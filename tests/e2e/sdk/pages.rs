//! Pages that do unusual things: replace themselves, run their scripts again, forbid styles, bring a launcher of their own.

use serde_json::json;
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::{LAUNCHER, ROOT},
};

use super::{HOSTS, is_ready};
use crate::states::put_tag;

/// Adds the tag to the page, as a tag manager would.
fn tag(shop: &Shop) -> String {
    format!(
        "const tag = document.createElement('script');
         tag.src = '{}/widget.js'; tag.dataset.shop = '{}';
         document.head.append(tag);",
        shop.relay,
        shop.id.as_str()
    )
}

#[tokio::test]
async fn it_stays_where_head_and_body_are_swapped_and_scripts_run_again() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "turbo").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("On the first page").await;
    shopper.types("Half a").await;
    for (page, button) in [
        (2, "Next page"),
        (3, "Next view"),
        (4, "Next page"),
        (5, "Next view"),
    ] {
        browser.press(button).await;
        browser.see("heading", &format!("Page {page}")).await;
        browser
            .until(
                "the tag has run again",
                &format!("return again.times === {}", page - 1),
            )
            .await;
        shopper.reads("On the first page").await;
        // Until then a picture of the page before lies over everything, and takes every press.
        browser
            .until(
                "the view has come",
                &format!("return again.shown === {}", page - 1),
            )
            .await;
        assert_eq!(browser.ask(HOSTS).await, json!(1), "{button}");
    }
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    browser.press("Close").await;
    browser.see_no("textbox", "").await;
    browser.press("Next page").await;
    browser.see("heading", "Page 6").await;
    shopper.opens_the_chat().await;
    shopper.reads("Half a sentence").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_page_that_throws_it_out_gets_it_back() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let html = "const fresh = document.createElement('html');
        fresh.append(document.createElement('head'), document.createElement('body'));
        document.documentElement.replaceChildren(...fresh.children);";
    browser.ask(html).await;
    browser.see("button", LAUNCHER).await;
    // The root itself is what nobody watches; the next call brings it back.
    browser
        .ask("document.documentElement.replaceWith(document.createElement('html'))")
        .await;
    browser.ask("commesso('close')").await;
    browser.see("button", LAUNCHER).await;
    assert_eq!(browser.ask(HOSTS).await, json!(1));
    shopper.leaves().await;
}

#[tokio::test]
async fn it_goes_and_comes_as_often_as_a_framework_mounts_it() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("bare")).await;
    // Twice at once is one.
    browser
        .ask(&format!("{{ {0} }} {{ {0} }}", tag(&shop)))
        .await;
    browser.see("button", LAUNCHER).await;
    is_ready(&browser).await;
    let shopper = Shopper { browser };
    for time in 1..=3 {
        let browser = &shopper.browser;
        // While it is loading, too.
        browser
            .ask("window.before = commesso; commesso('open'); commesso('destroy')")
            .await;
        assert_eq!(browser.ask(HOSTS).await, json!(0), "time {time}");
        let globals = "return typeof window.commesso";
        assert_eq!(
            browser.ask(globals).await,
            json!("undefined"),
            "time {time}"
        );
        // Whoever has kept it calls nobody.
        browser
            .ask("before('open'); before('show'); before('toggle')")
            .await;
        assert_eq!(browser.ask(HOSTS).await, json!(0), "time {time}");
        browser.ask(&tag(&shop)).await;
        browser.see("button", LAUNCHER).await;
        assert_eq!(browser.ask(HOSTS).await, json!(1), "time {time}");
        shopper.opens_the_chat().await;
        shopper.writes_for_sure(&format!("Time {time}")).await;
        let logs = format!("return {ROOT}.querySelectorAll('[role=log]').length");
        assert_eq!(shopper.browser.ask(&logs).await, json!(1), "time {time}");
    }
    shopper.reads("Time 1").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_shops_own_button_opens_it_and_ours_is_not_drawn() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("bar")).await;
    is_ready(&browser).await;
    browser.see_no("button", LAUNCHER).await;
    browser.press("Ask us").await;
    let shopper = Shopper { browser };
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("By your own button").await;
    shopper.browser.press("Ask us").await;
    shopper.browser.see_no("textbox", "").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn on_a_phone_the_launcher_is_above_the_bar() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    browser.go(&shop.storefront.page("bar")).await;
    is_ready(&browser).await;
    browser.ask("commesso('show')").await;
    browser.see("button", LAUNCHER).await;
    let place = format!(
        "const {{ right, bottom }} = {ROOT}.querySelector('.launcher').getBoundingClientRect(); return [innerWidth - right, innerHeight - bottom]"
    );
    assert_eq!(browser.ask(&place).await, json!([12, 80]));
    browser.leave(&[]).await;
}

#[tokio::test]
async fn the_launcher_steps_aside_for_what_it_is_told_to_avoid() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask("commesso('avoid')").await;
    let drawer = "window.drawer = document.createElement('div');
        drawer.setAttribute('role', 'dialog'); drawer.setAttribute('aria-modal', 'true');
        drawer.style.cssText = 'position: fixed; inset: 0; background: white; visibility: hidden';
        drawer.append('Your cart'); document.body.append(drawer)";
    browser.ask(drawer).await;
    // One that is there and not shown is no reason.
    browser.see("button", LAUNCHER).await;
    browser.ask("drawer.style.visibility = 'visible'").await;
    browser.see_no("button", LAUNCHER).await;
    browser.ask("drawer.remove()").await;
    browser.see("button", LAUNCHER).await;
    shopper.opens_the_chat().await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_strict_policy_is_kept() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "strict").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Within the rules").await;
    let width = format!("return {ROOT}.querySelector('.panel').getBoundingClientRect().width");
    assert_eq!(shopper.browser.ask(&width).await, json!(384));
    shopper.leaves().await;
}

#[tokio::test]
async fn a_strict_policy_is_kept_by_a_browser_without_style_sheet_objects() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront
        .begins_with("delete CSSStyleSheet.prototype.replaceSync;");
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "strict").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Within the rules").await;
    let width = format!("return {ROOT}.querySelector('.panel').getBoundingClientRect().width");
    assert_eq!(shopper.browser.ask(&width).await, json!(384));
    // The launcher's, the panel's, and those of what is loaded when it is needed.
    for beside in ["Attach", "More"] {
        shopper.browser.see("button", beside).await;
    }
    let styles = format!("return {ROOT}.querySelectorAll('style').length");
    assert_eq!(shopper.browser.ask(&styles).await, json!(4));
    shopper.leaves().await;
}

#[tokio::test]
async fn what_a_page_calls_itself_holds_until_the_address_changes() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "spa").await;
    let browser = &shopper.browser;
    let is_on = async |url: &str, title: &str| {
        eventually(&format!("the inbox knows {title:?}"), async || {
            let page = shop.caller().open_conversations().await.pop()?.page?;
            (page.url == url && page.title == title).then_some(())
        })
        .await;
    };
    let moka = "https://yourshop.example/moka/3";
    browser
        .ask(&format!(
            "commesso('page', '{moka}?token=1#price', 'Moka, three cups')"
        ))
        .await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Is it in stock?").await;
    is_on(moka, "Moka, three cups").await;
    // It says so again, of the same address.
    browser
        .ask("commesso('page', 'https://yourshop.example/cups', 'Cups')")
        .await;
    is_on("https://yourshop.example/cups", "Cups").await;
    // On another one it has said nothing. Where a browser does not tell of it, the next message does.
    browser.press("Next page").await;
    browser.see("heading", "Page 2").await;
    shopper.writes_for_sure("And on this page?").await;
    is_on(&shop.storefront.page("spa"), "Page 2").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn an_offset_of_nothing_is_one() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    let place = format!(
        "const {{ offsetLeft, offsetTop, offsetWidth, offsetHeight }} = {ROOT}.querySelector('.launcher');
         return [innerWidth - offsetLeft - offsetWidth, innerHeight - offsetTop - offsetHeight]"
    );
    let is = async |offset: [u32; 2]| {
        eventually(&format!("the launcher is {offset:?} away"), async || {
            (browser.ask(&place).await == json!(offset)).then_some(())
        })
        .await;
    };
    browser.go(&shop.storefront.page("bare")).await;
    put_tag(&browser, &shop, &[("offset", "0")]).await;
    browser.see("button", LAUNCHER).await;
    is([0, 0]).await;
    for (said, offset) in [("24", [24, 24]), ("0", [0, 0]), ("'0 80'", [0, 80])] {
        browser
            .ask(&format!("commesso('set', {{ offset: {said} }})"))
            .await;
        is(offset).await;
    }
    // On a phone what is said of phones goes before it.
    browser.resize(PHONE).await;
    for (mobile, offset) in [("0", [0, 0]), ("12 80", [12, 80]), ("", [24, 24])] {
        browser.go(&shop.storefront.page("bare")).await;
        put_tag(
            &browser,
            &shop,
            &[("offset", "24"), ("mobileOffset", mobile)],
        )
        .await;
        browser.see("button", LAUNCHER).await;
        is(offset).await;
    }
    browser.leave(&[]).await;
}
