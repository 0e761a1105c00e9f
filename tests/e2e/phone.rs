//! The chat on a phone, where it covers the shop: the keyboard hides nothing, the page stays where it was, the back button closes the
//! chat and not the shop, and nothing is too small for a finger or for the eye.

mod finger;
mod sideways;

pub(crate) use finger::too_small;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    Browser, Relay, Shopper,
    browser::{PHONE, Size},
    eventually,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};
use thirtyfour::Key;

use crate::states::{SMALL_PHONE, put_tag};

/// The narrowest screen that pages are made for (and a desk's at 400 %, WCAG 1.4.10).
const NARROW: Size = (320, 568);

/// A phone on its side.
const SIDEWAYS: Size = (740, 360);

/// Whether the page gives way: the second script of the chat is here, and has taken the page.
fn covers() -> String {
    format!("return {ROOT}.querySelector('.panel').ariaModal === 'true'")
}

async fn opens_over_the_page(shopper: &Shopper) {
    shopper.opens_the_chat().await;
    shopper.browser.until("it covers the page", &covers()).await;
}

async fn history(browser: &Browser) -> Value {
    browser
        .ask("return [location.href, history.state, history.length]")
        .await
}

/// Where something of the chat is: left, top, right and bottom, in whole pixels.
async fn place(browser: &Browser, selector: &str) -> [f64; 4] {
    let script = format!(
        "const {{ left, top, right, bottom }} = {ROOT}.querySelector('{selector}').getBoundingClientRect();
         return [left, top, right, bottom].map(Math.round)"
    );
    let place = browser.driver.execute(script, vec![]).await;
    place.expect("it is there").convert().expect("numbers")
}

#[tokio::test]
async fn what_the_device_covers_itself_is_kept_clear() {
    let shop = Relay::shared().await.shop().await;
    let devices = [
        (PHONE, [47, 0, 34, 0], "en"),
        (SIDEWAYS, [0, 47, 21, 47], "en"),
        // With a notch on one side, which is the same for whoever reads from the other.
        (SIDEWAYS, [0, 0, 21, 47], "ar"),
    ];
    for (size, [top, right, bottom, left], language) in devices {
        let browser = Browser::open(size).await;
        let insets =
            json!({ "insets": { "top": top, "right": right, "bottom": bottom, "left": left } });
        let tools = browser.devtools();
        let set = tools.execute_cdp_with_params("Emulation.setSafeAreaInsetsOverride", insets);
        set.await.expect("a device with corners and a notch");
        let shopper = Shopper::arrives(browser, &shop, "plain").await;
        let browser = &shopper.browser;
        let wide = browser.ask("return [innerWidth, innerHeight]").await;
        let [width, height] = [0, 1].map(|axis| wide[axis].as_i64().expect("a size"));
        let is_clear = format!(
            "const launcher = {ROOT}.querySelector('.launcher').getBoundingClientRect();
             return launcher.bottom <= {height} - {bottom} - 20"
        );
        browser
            .until("the launcher is clear of what is below it", &is_clear)
            .await;
        browser
            .ask(&format!("commesso('locale', '{language}')"))
            .await;
        browser.press(LAUNCHER).await;
        browser.see("log", "").await;
        browser.until("it covers the page", &covers()).await;
        let is_clear = format!(
            "const at = (selector) => {ROOT}.querySelector(selector).getBoundingClientRect();
             const [close, composer, log] = ['.close', '.composer', '[role=log]'].map(at);
             return close.top >= {top} && close.right <= {width} - {right}
                 && composer.left >= {left} && composer.right <= {width} - {right} && composer.bottom <= {height} - {bottom}
                 && log.left >= {left} && log.right <= {width} - {right} && log.right > {width} - {right} - 20"
        );
        browser.until("everything is clear of it", &is_clear).await;
        // Its colour is not: the header's goes up to the edge.
        let edge =
            format!("return {ROOT}.querySelector('header').getBoundingClientRect().top === 0");
        assert_eq!(browser.ask(&edge).await, json!(true));
        shopper.leaves().await;
    }
}

#[tokio::test]
async fn the_back_button_closes_the_chat_and_not_the_shop() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "spa").await;
    let browser = &shopper.browser;
    // As a router leaves it.
    browser
        .ask("history.replaceState({ key: 'router', deep: [1] }, '')")
        .await;
    let before = history(browser).await;
    opens_over_the_page(&shopper).await;
    let open = history(browser).await;
    assert_eq!(open[0], before[0], "the address stays");
    assert_eq!(open[1]["key"], "router", "what the page keeps stays");
    assert_eq!(open[1]["deep"], json!([1]));
    browser.ask("history.back()").await;
    browser.see_no("textbox", COMPOSER).await;
    browser.see("heading", "Home").await;
    let after = history(browser).await;
    assert_eq!((&after[0], &after[1]), (&before[0], &before[1]));

    // And again, from a page that the router has gone to.
    browser.press("Next page").await;
    browser.see("heading", "Page 2").await;
    opens_over_the_page(&shopper).await;
    browser.ask("history.back()").await;
    browser.see_no("textbox", COMPOSER).await;
    browser.see("heading", "Page 2").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_cross_leaves_no_entry_behind() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    browser.go(&shop.storefront.page("bare")).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    let browser = &shopper.browser;
    let ours = "return Boolean(history.state?.commesso)";
    for _ in 0..3 {
        opens_over_the_page(&shopper).await;
        assert_eq!(browser.ask(ours).await, json!(true));
        browser.press("Close").await;
        browser.see_no("textbox", COMPOSER).await;
        browser
            .until("the entry is gone", "return !history.state?.commesso")
            .await;
    }
    // Closed and opened again before the browser has gone back.
    opens_over_the_page(&shopper).await;
    browser.ask("commesso('close'); commesso('open')").await;
    browser
        .until(
            "there is an entry again",
            &format!("{ours} && performance.now() > 0"),
        )
        .await;
    browser.see("textbox", COMPOSER).await;
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    browser
        .until("the entry is gone", "return !history.state?.commesso")
        .await;
    browser.ask("history.back()").await;
    browser.see("heading", "Bare shop").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_page_that_goes_on_by_itself_keeps_its_entries() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "spa").await;
    let browser = &shopper.browser;
    opens_over_the_page(&shopper).await;
    browser
        .ask("history.pushState({ key: 'next' }, '', '/spa?page=9')")
        .await;
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    let after = history(browser).await;
    assert_eq!(after[1], json!({ "key": "next" }));
    assert!(after[0].as_str().is_some_and(|url| url.ends_with("page=9")));
    shopper.leaves().await;
}

/// A page longer than the screen, scrolled and styled by the shop.
async fn is_long(browser: &Browser, styles: &str) {
    let script = format!(
        "const style = document.createElement('style'); style.textContent = `{styles}`; document.head.append(style);
         const long = document.createElement('div'); long.style.height = '4000px'; document.body.append(long);
         document.documentElement.style.cssText = 'scroll-behavior: smooth; color: rgb(1, 2, 3)';
         scrollTo({{ top: 700, behavior: 'instant' }}); return scrollY"
    );
    assert_eq!(browser.ask(&script).await, json!(700));
}

#[tokio::test]
async fn the_page_underneath_stays_where_it_was() {
    let shop = Relay::shared().await.shop().await;
    let mut browser = Browser::open(PHONE).await;
    for styles in [
        "",
        "body { overflow-x: hidden }",
        "html, body { height: 100% } body { overflow-x: hidden }",
        "html { overflow: auto scroll !important }",
    ] {
        let shopper = Shopper::arrives(browser, &shop, "plain").await;
        is_long(&shopper.browser, styles).await;
        let look = "return [document.documentElement, document.body].map((one) => [...one.attributes].map((at) => at.name + '=' + at.value).join())";
        let before = shopper.browser.ask(look).await;
        opens_over_the_page(&shopper).await;
        // Who tries to move it: a wheel, a key, and somebody who tabs on.
        let wheel = json!({ "type": "mouseWheel", "x": 180, "y": 30, "deltaX": 0, "deltaY": 400 });
        let tools = shopper.browser.devtools();
        let rolled = tools.execute_cdp_with_params("Input.dispatchMouseEvent", wheel);
        rolled.await.expect("a wheel");
        let keys = char::from(Key::Tab).to_string().repeat(6) + Key::PageDown;
        let chain = shopper.browser.driver.action_chain().send_keys(keys);
        chain.perform().await.expect("keys");
        let inside = "return [document.activeElement.localName, scrollY]";
        let seen = shopper.browser.ask(inside).await;
        assert_eq!(seen[1], json!(700), "{styles}: it has moved");
        assert_ne!(seen[0], json!("button"), "the page's own button is covered");
        shopper.browser.press("Close").await;
        shopper.browser.see_no("textbox", COMPOSER).await;
        let place = shopper.browser.ask("return scrollY").await;
        assert_eq!(place, json!(700), "{styles}: it has jumped");
        let after = shopper.browser.ask(look).await;
        assert_eq!(after, before, "{styles}: what is the page's is as it was");
        browser = shopper.browser;
    }
    browser.leave(&[]).await;
}

#[tokio::test]
async fn the_focus_comes_back_to_the_shops_own_button() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    browser.go(&shop.storefront.page("bare")).await;
    browser
        .ask("document.body.insertAdjacentHTML('beforeend', '<button id=own>Ask us</button>')")
        .await;
    put_tag(&browser, &shop, &[("launcher", "#own")]).await;
    browser
        .until("the tag has run", "return Boolean(window.commesso?.ready)")
        .await;
    let shopper = Shopper { browser };
    for _ in 0..2 {
        shopper
            .browser
            .ask("document.querySelector('#own').focus()")
            .await;
        shopper.browser.press("Ask us").await;
        shopper.is_in_the_chat().await;
        shopper.browser.until("it covers the page", &covers()).await;
        shopper.browser.press("Close").await;
        shopper.browser.see_no("textbox", COMPOSER).await;
        let focused = "return document.activeElement.id";
        assert_eq!(shopper.browser.ask(focused).await, json!("own"));
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn the_keyboard_hides_neither_the_composer_nor_the_last_message() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(SMALL_PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    opens_over_the_page(&shopper).await;
    for n in 1..=6 {
        shopper
            .writes_for_sure(&format!("Line {n} of some that fill the screen"))
            .await;
    }
    // A keyboard leaves the page as large as it was and makes what is seen of it smaller; here as on a phone that also moves it.
    let keyboard = async |top: u32, height: u32| {
        let script = format!(
            "for (const [name, value] of [['offsetTop', {top}], ['height', {height}]])
               Object.defineProperty(visualViewport, name, {{ value, configurable: true }});
             visualViewport.dispatchEvent(new Event('resize'))"
        );
        browser.ask(&script).await;
        let there = format!(
            "const {{ top, bottom }} = {ROOT}.querySelector('.panel').getBoundingClientRect(); return top === {top} && bottom === {}",
            top + height
        );
        browser.until("the panel is what can be seen", &there).await;
        let last = format!(
            "const root = {ROOT}; const at = (one) => one.getBoundingClientRect();
             const last = at([...root.querySelectorAll('.bubble')].pop());
             return last.top >= at(root.querySelector('header')).bottom && last.bottom <= at(root.querySelector('.composer')).top
               && at(root.querySelector('textarea')).bottom <= {}",
            top + height
        );
        browser
            .until("composer and last message are in it", &last)
            .await;
    };
    keyboard(0, 320).await;
    keyboard(40, 280).await;
    keyboard(0, 640).await;
    // Who zooms in sees a part of it; the rest stays where it is.
    browser
        .ask("Object.defineProperty(visualViewport, 'scale', { value: 2, configurable: true })")
        .await;
    let script = "Object.defineProperty(visualViewport, 'height', { value: 320, configurable: true }); visualViewport.dispatchEvent(new Event('resize'))";
    browser.ask(script).await;
    assert_eq!(place(browser, ".panel").await, [0.0, 0.0, 360.0, 640.0]);
    shopper.leaves().await;
}

/// What sticks out of the screen or is cut off, by its class.
async fn lost(browser: &Browser) -> Value {
    let script = format!(
        "const root = {ROOT};
         const lost = [];
         for (const one of root.querySelectorAll('.panel *')) {{
           if (!one.checkVisibility() || one.closest('svg') && one.localName !== 'svg' || one.closest('.aside')) continue;
           const {{ left, right, width }} = one.getBoundingClientRect();
           if (width && (left < -0.5 || right > innerWidth + 0.5)) lost.push('outside: ' + one.className);
           if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible' && !one.matches('.shop'))
             lost.push('cut off: ' + one.className);
         }}
         for (const part of ['header', '.close', '.composer', 'textarea', '.send', '.scroll']) {{
           const {{ top, bottom, height }} = root.querySelector(part).getBoundingClientRect();
           if (top < -0.5 || bottom > innerHeight + 0.5 || height < 24) lost.push(`${{part}}: ${{top}} to ${{bottom}}`);
         }}
         return lost"
    );
    browser.ask(&script).await
}

/// Gives the screen another size, and waits until the panel has it.
async fn is_turned_to(browser: &Browser, size: Size) {
    browser.resize(size).await;
    let whole = [0.0, 0.0, f64::from(size.0), f64::from(size.1)];
    eventually(&format!("the panel is {size:?}"), async || {
        (place(browser, ".panel").await == whole).then_some(())
    })
    .await;
}

#[tokio::test]
async fn nothing_is_lost_on_a_narrow_screen_on_its_side_or_with_large_letters() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(NARROW).await, &shop, "plain").await;
    let browser = &shopper.browser;
    opens_over_the_page(&shopper).await;
    assert_eq!(lost(browser).await, json!([]), "empty");
    let address = "https://shop.example/a-very-long-address-that-has-no-place-to-break-anywhere-at-all?and=a-query";
    shopper.writes_for_sure(address).await;
    shop.caller().conversation_with(address).await;
    shop.caller()
        .write("latest", "Donaudampfschifffahrtsgesellschaftskapitänsmütze")
        .await;
    shopper.reads("Donaudampf").await;
    shopper
        .types("Half a sentence that is long enough to take more than one line of the composer")
        .await;
    let larger = format!(
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('.root {{ font-size: 32px }}');
         {ROOT}.adoptedStyleSheets.push(sheet)"
    );
    for (what, size) in [
        ("narrow", NARROW),
        ("on its side", SIDEWAYS),
        // A desk at 400 %.
        ("four times as large", (320, 256)),
    ] {
        is_turned_to(browser, size).await;
        assert_eq!(lost(browser).await, json!([]), "{what}");
        let at_end = format!(
            "const scroll = {ROOT}.querySelector('.scroll'); return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 2"
        );
        browser
            .until("the newest line is still looked at", &at_end)
            .await;
    }
    is_turned_to(browser, PHONE).await;
    browser.ask(&larger).await;
    let large = format!("return getComputedStyle({ROOT}.querySelector('.bubble')).fontSize");
    assert_eq!(browser.ask(&large).await, json!("32px"));
    assert_eq!(lost(browser).await, json!([]), "letters twice as large");
    is_turned_to(browser, NARROW).await;
    assert_eq!(
        lost(browser).await,
        json!([]),
        "letters twice as large, narrow"
    );
    shopper.leaves().await;
}

/// What the browsers' own tools call slow 3G.
fn slow_3g() -> Value {
    json!({ "offline": false, "latency": 400, "downloadThroughput": 400 * 1024 / 8, "uploadThroughput": 400 * 1024 / 8 })
}

#[tokio::test]
async fn on_a_slow_network_there_is_something_to_use_two_seconds_after_the_touch() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(SMALL_PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let tools = browser.devtools();
    let _ = tools.execute_cdp("Network.enable").await;
    let slow = tools.execute_cdp_with_params("Network.emulateNetworkConditions", slow_3g());
    slow.await.expect("the network can be slowed");
    let touched = Instant::now();
    browser.press(LAUNCHER).await;
    browser.see("dialog", "Chat").await;
    let field = browser.see("textbox", "").await;
    field.send_keys("Before it").await.expect("keys");
    assert_eq!(
        field.prop("value").await.expect("a value"),
        Some("Before it".into())
    );
    let taken = touched.elapsed();
    assert!(
        taken < Duration::from_secs(2),
        "words are taken after {taken:?}"
    );
    assert!(browser.all("log", None).await.is_empty(), "it is not slow");
    // The chat moves in around what was written.
    shopper.is_in_the_chat().await;
    field.send_keys(" was there\u{e007}").await.expect("keys");
    shopper.is_stored("Before it was there").await;
    shopper.leaves().await;
}

/// The pages of a shop with its own wide screen are left alone.
#[tokio::test]
async fn on_a_desk_the_page_is_not_touched() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open((1024, 700)).await, &shop, "plain").await;
    let browser = &shopper.browser;
    is_long(browser, "").await;
    let look = "return [history.length, history.state, document.body.inert, document.body.getAttribute('style'), document.documentElement.getAttribute('style')]";
    let before = browser.ask(look).await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("From a desk").await;
    assert_eq!(browser.ask(look).await, before);
    let loaded = "return performance.getEntriesByType('resource').some((one) => one.name.includes('/phone-'))";
    assert_eq!(browser.ask(loaded).await, json!(false));
    shopper.leaves().await;
}
