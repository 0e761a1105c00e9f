//! A page whose policy lets no WebAssembly be: the chat lives in a frame of the relay's, and nobody notices (SPEC, HO).

mod strangers;
mod whole;

use protocol::form::{FieldKind, Form};
use serde_json::json;
use tests::{
    Browser, Caller, Engine, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually, shop,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};
use thirtyfour::Key;

use crate::handover::link;

/// What a browser says about a policy that is kept.
const KEPT: &str = "Content Security Policy";

/// Goes into the frame, as soon as it is there for the shopper.
pub(crate) async fn inside(browser: &Browser) {
    enters(browser).await;
    if Engine::of_this_run() == Engine::WebKit {
        touches_the_composer(browser).await;
    }
}

/// Touches it from outside, as a hand does: WebKit lets a frame of another origin have the focus once it was touched, and its driver touches
/// nothing that is in one.
async fn touches_the_composer(browser: &Browser) {
    let middle = async |place: &str| {
        let there = format!("return Boolean({place})");
        browser.until("it is there", &there).await;
        let middle = format!(
            "const {{ x, y, width, height }} = {place}.getBoundingClientRect(); return [x, y, width / 2, height / 2]"
        );
        let at: Vec<f64> = serde_json::from_value(browser.ask(&middle).await).expect("a place");
        at
    };
    let field = middle(&format!("{ROOT}?.querySelector('textarea')")).await;
    outside(browser).await;
    let frame = middle(&format!("{ROOT}?.querySelector('iframe')")).await;
    let [x, y] = [0, 1].map(|axis| (frame[axis] + field[axis] + field[axis + 2]) as i64);
    let chain = browser.driver.action_chain();
    let touched = chain.move_to(x, y).click().perform().await;
    touched.expect("a touch");
    enters(browser).await;
}

async fn enters(browser: &Browser) {
    let frame = format!("return {ROOT}?.querySelector('iframe')");
    let shown = format!("return {ROOT}?.querySelector('iframe')?.style.visibility === ''");
    browser.until("the chat is in its frame", &shown).await;
    let found = browser.driver.execute(frame, vec![]).await;
    let frame = found.and_then(|found| found.element()).expect("the frame");
    frame.enter_frame().await.expect("it can be entered");
}

pub(crate) async fn outside(browser: &Browser) {
    let page = browser.driver.enter_default_frame().await;
    page.expect("the page");
}

/// Opens the chat and goes in.
async fn opens(shopper: &Shopper) {
    shopper.browser.press(LAUNCHER).await;
    inside(&shopper.browser).await;
    shopper.is_in_the_chat().await;
}

async fn arrives(shop: &Shop, size: tests::browser::Size, page: &str) -> Shopper {
    Shopper::arrives(Browser::open(size).await, shop, page).await
}

#[tokio::test]
async fn ho1_on_a_walled_page_the_chat_lives_in_a_frame() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("From behind the wall").await;
    let summary = shop
        .caller()
        .conversation_with("From behind the wall")
        .await;
    // The operator sees where the shopper is, and not where the frame is.
    eventually("the inbox knows the page", async || {
        let page = shop.caller().open_conversations().await.pop()?.page?;
        (page.title == "Walled shop" && page.url == shop.storefront.page("walled")).then_some(())
    })
    .await;
    shop.caller().write(summary.id, "We see you").await;
    shopper.reads("We see you").await;
    outside(browser).await;
    let size = format!(
        "const box = {ROOT}.querySelector('iframe').getBoundingClientRect(); return [box.width, box.height]"
    );
    assert_eq!(browser.ask(&size).await, json!([384, 640]));
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho2_a_frame_is_for_pages_of_the_shop() {
    let shop = Relay::shared().await.shop().await;
    let caller = Caller::nobody(&shop.relay);
    let path = format!("/frame/{}", shop.id.as_str());
    let request = caller.request(reqwest::Method::GET, &path);
    let answer = request.send().await.expect("the relay answers");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    let own = shop.storefront.origin();
    assert!(
        policy.contains(&format!("frame-ancestors {own}")),
        "{policy}"
    );
    let page = answer.text().await.expect("a page");
    assert!(
        page.contains(&format!("name=\"origins\" content=\"{own}\"")),
        "{page}"
    );
    let nobody = caller.get("/frame/nobody-has-this-name").await;
    assert_eq!(nobody.status, 404);

    // A page of another origin sees nothing in it, and whoever opens it alone gets no chat.
    let stranger = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&stranger.storefront.page("bare")).await;
    let frame = format!(
        "const frame = document.createElement('iframe'); frame.src = '{}{path}'; frame.onload = () => (window.loaded = true); document.body.append(frame)",
        shop.relay
    );
    browser.ask(&frame).await;
    browser
        .until("the frame was tried", "return window.loaded === true")
        .await;
    browser.driver.enter_frame(0).await.expect("a frame");
    browser.see_no("textbox", "").await;
    let empty = "return document.querySelector('commesso-chat') === null";
    assert_eq!(browser.ask(empty).await, json!(true));
    browser.leave(&[KEPT, "frame", "Frame"]).await;
}

#[tokio::test]
async fn ho3_it_is_the_same_conversation_with_and_without_the_policy() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "plain").await;
    let browser = &shopper.browser;
    browser.ask("localStorage.theirs = 'untouched'").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("In the open").await;
    shopper.types("Half a").await;

    browser.go(&shop.storefront.page("walled")).await;
    // It was open, and is.
    inside(browser).await;
    shopper.reads("In the open").await;
    shopper.types(" sentence").await;
    outside(browser).await;
    let kept = format!(
        "return localStorage['commesso:{}:composer']",
        shop.id.as_str()
    );
    let whole = format!("{kept} === 'Half a sentence'");
    browser
        .until("the page keeps what is written", &whole)
        .await;
    inside(browser).await;
    shopper.writes("").await;
    shopper.is_stored("Half a sentence").await;
    outside(browser).await;
    let theirs = "return localStorage.theirs";
    assert_eq!(browser.ask(theirs).await, json!("untouched"));

    browser.go(&shop.storefront.page("plain")).await;
    shopper.reads("Half a sentence").await;
    shopper.writes_for_sure("In the open again").await;
    assert_eq!(shop.caller().open_conversations().await.len(), 1);
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho4_calls_go_in_and_what_the_chat_tells_comes_out() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    browser
        .ask("window.told = []; for (const name of ['chat', 'open', 'close', 'unread', 'message']) commesso('on', name, (detail) => told.push([name, detail]))")
        .await;
    browser
        .ask("commesso('prefill', 'Is it in stock?'); commesso('open')")
        .await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes("").await;
    shopper.is_stored("Is it in stock?").await;
    outside(browser).await;
    browser.ask("commesso('close')").await;
    browser.see_no("textbox", COMPOSER).await;
    shop.caller().write("latest", "It is").await;
    // The number stands on the launcher, and in its name.
    browser.see("button", "Chat, 1 unread message").await;
    let told = "return told.map(([name, detail]) => name + (typeof detail === 'number' ? detail : detail?.from ?? '')).join()";
    let all = browser
        .ask(told)
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for event in [
        "chat",
        "open",
        "close",
        "unread1",
        "messagevisitor",
        "messageoperator",
    ] {
        assert!(all.split(',').any(|one| one == event), "{event} in {all}");
    }
    // Its language and its colour.
    browser
        .ask("commesso('set', { locale: 'it', color: '#005f73' }); commesso('open')")
        .await;
    inside(browser).await;
    browser.see("textbox", "Scrivi un messaggio").await;
    shopper.reads("It is").await;
    outside(browser).await;
    let fill = "return getComputedStyle(document.querySelector('commesso-chat').shadowRoot.querySelector('.launcher')).backgroundColor === 'rgb(0, 95, 115)'";
    browser.until("the launcher has the colour", fill).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho4_the_page_reads_aloud_what_comes_while_the_frame_is_closed() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Hello").await;
    let owner = shop.caller();
    let id = owner.conversation_with("Hello").await.id;
    owner.write(id, "One moment").await;
    shopper.reads("One moment").await;
    outside(browser).await;
    let aloud = format!("{ROOT}.querySelector('.root > [role=status]').textContent");
    let said = browser.ask(&format!("return {aloud}")).await;
    assert_eq!(said, json!(""), "the frame speaks for itself");
    browser.ask("commesso('close')").await;
    owner.write(id, "Three are left").await;
    let read = format!("return {aloud}.trim() === 'Giulia: Three are left'");
    browser.until("it is read aloud", &read).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho5_what_was_written_before_the_frame_was_there_is_in_its_composer() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    // In the same turn as the opening: nothing can have come yet.
    let early = format!(
        "commesso('open'); const field = {ROOT}.querySelector('textarea'); field.value = 'Typed at once'"
    );
    browser.ask(&early).await;
    inside(browser).await;
    let there = "return document.querySelector('commesso-chat').shadowRoot.querySelector('textarea').value === 'Typed at once'";
    browser.until("the words are in the composer", there).await;
    shopper.writes("").await;
    shopper.is_stored("Typed at once").await;
    outside(browser).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho6_the_focus_goes_in_and_comes_back() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    let launcher = browser.see("button", LAUNCHER).await;
    launcher.focus().await.expect("it can have the focus");
    launcher
        .send_keys(char::from(Key::Enter).to_string())
        .await
        .expect("a key");
    inside(browser).await;
    let in_composer = "return document.querySelector('commesso-chat').shadowRoot.activeElement?.tagName === 'TEXTAREA' && document.hasFocus()";
    browser
        .until("the composer has the focus", in_composer)
        .await;
    let field = browser.see("textbox", COMPOSER).await;
    let keys = format!("Words{}", char::from(Key::Escape));
    field.send_keys(keys).await.expect("keys");
    outside(browser).await;
    browser
        .until(
            "it is closed",
            &format!("return {ROOT}.querySelector('.panel').hidden"),
        )
        .await;
    let back = format!("return {ROOT}.activeElement?.className === 'launcher'");
    browser
        .until("the launcher has the focus again", &back)
        .await;
    // And in again, with the words still there.
    browser.press(LAUNCHER).await;
    inside(browser).await;
    browser
        .until("the composer has the focus", in_composer)
        .await;
    shopper.writes("").await;
    shopper.is_stored("Words").await;
    outside(browser).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho6_on_a_phone_it_covers_the_page_until_the_back_button() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, PHONE, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("On the train").await;
    outside(browser).await;
    let covers = format!(
        "const box = {ROOT}.querySelector('iframe').getBoundingClientRect(); return box.x === 0 && box.y === 0 && box.width === innerWidth && Math.abs(box.height - innerHeight) < 1"
    );
    browser.until("it covers the page", &covers).await;
    assert_eq!(browser.ask("return document.body.inert").await, json!(true));
    browser.driver.back().await.expect("back");
    browser
        .until(
            "it is closed",
            &format!("return {ROOT}.querySelector('.panel').hidden"),
        )
        .await;
    assert_eq!(
        browser
            .ask("return [document.body.inert, location.pathname]")
            .await,
        json!([false, "/walled"])
    );
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho7_a_chat_that_is_taken_off_takes_its_frame_along() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Mine").await;
    outside(browser).await;
    logs_out(browser).await;
    // Somebody new.
    opens(&shopper).await;
    shopper.writes_for_sure("Somebody else's").await;
    assert_eq!(browser.transcript().await.len(), 1);
    outside(browser).await;
    let alone = "return document.querySelectorAll('iframe').length === 0";
    browser.until("what cleared the shelf is gone", alone).await;
    browser.ask("commesso('destroy')").await;
    assert_eq!(
        browser
            .ask("return [frames.length, document.querySelectorAll('commesso-chat').length]")
            .await,
        json!([0, 0])
    );
    shopper.browser.leave(&[KEPT, "WebAssembly"]).await;
}

/// Nothing is left then. A pointer that rests over the launcher may bring the next frame at once.
async fn logs_out(browser: &Browser) {
    let gone = format!(
        "const frame = {ROOT}.querySelector('iframe'); commesso('logout'); return frame && !frame.isConnected"
    );
    assert_eq!(browser.ask(&gone).await, json!(true), "its frame is gone");
    let empty = "return !Object.keys(localStorage).some((key) => key.startsWith('commesso:'))";
    browser.until("nothing is kept", empty).await;
}

#[tokio::test]
async fn ho10_who_logs_out_leaves_no_picture_with_the_frame() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, DESKTOP, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    shopper.writes_for_sure("Mine").await;
    let drawer = format!("commesso:{}", shop.id.as_str());
    let keeps = format!(
        "indexedDB.open('{drawer}', 1).onupgradeneeded = ({{ target }}) => {{
            target.result.createObjectStore('letters', {{ keyPath: 'id' }});
            target.result.onversionchange = () => target.result.close();
        }}"
    );
    browser.ask(&keeps).await;
    let shelf = format!(
        "return indexedDB.databases().then((all) => all.some(({{ name }}) => name === '{drawer}'))"
    );
    browser.until("a picture waits there", &shelf).await;
    outside(browser).await;
    logs_out(browser).await;
    opens(&shopper).await;
    let cleared = shelf.replace("=> all", "=> !all");
    browser.until("no picture waits there", &cleared).await;
    // Nobody who is sent there clears anything.
    outside(browser).await;
    let address = format!("{}/frame/{}", shop.relay, shop.id.as_str());
    browser.go(&address).await;
    browser.ask(&keeps).await;
    browser.until("a picture waits there", &shelf).await;
    browser.go(&format!("{address}?#forget")).await;
    let whole = "return document.readyState === 'complete'";
    browser.until("the page has run", whole).await;
    browser.until("the picture still waits", &shelf).await;
    shopper.browser.leave(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho1_what_the_shop_asks_goes_along_in_the_frame() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![crate::form::field("name", FieldKind::Name, true)],
        ..Form::default()
    };
    crate::form::asks(&shop, form).await;
    let shopper = arrives(&shop, PHONE, "walled").await;
    let browser = &shopper.browser;
    opens(&shopper).await;
    let name = browser.see("textbox", "Your name").await;
    name.send_keys("Anna").await.expect("keys");
    shopper.writes("Is the moka in stock?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka in stock?").await.id;
    crate::form::answers(&owner, conversation, &[("name", "Anna")]).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}

#[tokio::test]
async fn ho9_a_link_from_another_device_asks_in_the_frame() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    let said = json!({ "text": "From my desk" });
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(visitor.post(&path, &said).await.status, 201);
    let link = link(&visitor, conversation, &shop.storefront.page("walled")).await;
    let browser = Browser::open(PHONE).await;
    browser.go(&link).await;
    inside(&browser).await;
    browser.press("Go on here").await;
    let shopper = Shopper { browser };
    shopper.reads("From my desk").await;
    shopper.writes_for_sure("And from my phone").await;
    let browser = &shopper.browser;
    outside(browser).await;
    assert_eq!(browser.ask("return location.hash").await, json!(""));
    let here = "return Object.keys(localStorage).some((key) => key.endsWith(':conversation'))";
    browser.until("the page keeps whose it is", here).await;
    shopper.leaves_after(&[KEPT, "WebAssembly"]).await;
}
