//! What a page can ask of the chat: every call, from the shopper's side of it; what holds on pages that do unusual things is
//! in `sdk/pages.rs`, what is in the launcher's way in `sdk/avoid.rs`, what the shop itself has chosen in `sdk/looks.rs`, other chats'
//! names in `sdk/adapters.rs`.

mod adapters;
mod avoid;
mod declarations;
mod looks;
mod pages;

use serde_json::json;
use tests::{
    Browser, Engine, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};

/// What is stored on the device, by its names.
const STORED: &str = "return [localStorage, sessionStorage].flatMap(Object.keys).filter((key) => key.startsWith('commesso:')).sort()";

/// How many chats are in the page.
const HOSTS: &str = "return document.querySelectorAll('commesso-chat').length";

/// What the composer says.
fn composer() -> String {
    format!("return {ROOT}.querySelector('textarea').value")
}

/// Waits until the tag has run.
async fn is_ready(browser: &Browser) {
    browser
        .until("the tag has run", "return Boolean(window.commesso?.ready)")
        .await;
}

#[tokio::test]
async fn nothing_is_drawn_stored_or_asked_before_the_shopper_agrees() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("consent")).await;
    is_ready(&browser).await;
    browser.press("Ask us").await;
    let told = "return asked === 1";
    browser
        .until("the page is told that somebody wants to chat", told)
        .await;
    assert_eq!(browser.ask(HOSTS).await, json!(0));
    assert_eq!(browser.ask(STORED).await, json!([]));
    let loaded = "return performance.getEntriesByType('resource').map((one) => one.name)";
    let tag = format!("{}/widget.js", shop.relay);
    assert_eq!(browser.ask(loaded).await, json!([tag]));

    browser.press("Allow").await;
    browser.see("button", LAUNCHER).await;
    let shopper = Shopper { browser };
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("I agree").await;
    shopper.types("Half a").await;
    let browser = &shopper.browser;

    browser.press("Refuse").await;
    browser.see_no("button", LAUNCHER).await;
    assert_eq!(browser.ask(STORED).await, json!([]));
    assert_eq!(browser.ask(HOSTS).await, json!(0));
    browser.press("Ask us").await;
    assert_eq!(browser.ask(HOSTS).await, json!(0));
    assert_eq!(browser.ask(STORED).await, json!([]));

    // Somebody new, who may agree again: as some tools say it.
    browser.ask("commesso('consent', false)").await;
    assert_eq!(browser.ask(HOSTS).await, json!(0));
    browser.ask("commesso('consent', true)").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Again").await;
    let transcript = shopper.browser.transcript().await;
    assert!(!transcript.iter().any(|line| line.contains("I agree")));
    assert_eq!(shop.caller().open_conversations().await.len(), 2);
    shopper.leaves().await;
}

#[tokio::test]
async fn logout_forgets_the_visitor_of_this_device() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("My order is late").await;
    shopper.types("Its number").await;
    browser.ask("commesso('logout')").await;
    browser.see_no("textbox", "").await;
    assert_eq!(browser.ask(STORED).await, json!([]));
    browser.see("button", LAUNCHER).await;
    let badges = format!("return {ROOT}.querySelectorAll('.badge').length");
    shopper.opens_the_chat().await;
    assert_eq!(browser.ask(&badges).await, json!(1));
    assert_eq!(browser.ask(&composer()).await, json!(""));
    shopper.writes_for_sure("Somebody else").await;
    let transcript = browser.transcript().await;
    let late = |line: &String| line.contains("My order is late");
    assert!(!transcript.iter().any(late), "{transcript:?}");
    assert_eq!(shop.caller().open_conversations().await.len(), 2);
    shopper.leaves().await;
}

#[tokio::test]
async fn words_to_start_with_are_the_shoppers_only_when_they_send_them() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask("commesso('prefill', 'About the moka')").await;
    shopper.opens_the_chat().await;
    let filled = composer().replace("return ", "return 'About the moka' === ");
    browser
        .until("the words are in the composer", &filled)
        .await;
    let stored = browser.ask(STORED).await;
    let kept = |name: &str| {
        stored.as_array().is_some_and(|all| {
            all.iter()
                .any(|key| key.as_str().is_some_and(|key| key.ends_with(name)))
        })
    };
    assert!(!kept(":composer") && !kept(":conversation"), "{stored}");
    assert!(shop.caller().open_conversations().await.is_empty());
    browser.press("Send").await;
    shopper.is_stored("About the moka").await;
    // Into a chat that is there, and never over somebody's own words.
    browser.ask("commesso('prefill', 'And the cups')").await;
    let filled = composer().replace("return ", "return 'And the cups' === ");
    browser
        .until("the words are in the composer", &filled)
        .await;
    browser.ask("commesso('prefill', 'Or the beans')").await;
    browser.press("Send").await;
    shopper.is_stored("And the cups").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn looks_and_language_change_while_the_chat_is_open() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    shopper.types("Half a").await;
    let dark = format!("return {ROOT}.querySelector('.root').matches('.dark')");
    browser.ask("commesso('theme', 'dark')").await;
    browser.until("it is dark", &dark).await;
    browser.ask("commesso('theme', 'auto')").await;
    let light = dark.replace("return ", "return !");
    browser.until("it is as the device", &light).await;

    // Under a mouse it is drawn larger.
    let launcher = format!(
        "const {{ offsetLeft, offsetTop, offsetHeight }} = {ROOT}.querySelector('.launcher'); return [offsetLeft, innerHeight - offsetTop - offsetHeight]"
    );
    browser
        .ask("commesso('set', { position: 'left', offset: '24 80', color: '#0a7d55' })")
        .await;
    eventually("the launcher is where it was set", async || {
        (browser.ask(&launcher).await == json!([24, 80])).then_some(())
    })
    .await;
    // However high the launcher is put, the panel's head is in sight.
    browser.ask("commesso('set', { offset: '24 240' })").await;
    let top = format!("return {ROOT}.querySelector('.panel').getBoundingClientRect().top >= 0");
    browser.until("the panel's head is in sight", &top).await;
    browser.ask("commesso('set', { offset: '24 80' })").await;

    browser.ask("commesso('locale', 'it')").await;
    browser.see("textbox", "Scrivi un messaggio").await;
    shopper.reads("Hello").await;
    let kept = composer().replace("return ", "return 'Half a' === ");
    browser.until("the words are still there", &kept).await;
    browser.ask("commesso('locale', 'en')").await;
    browser.see("textbox", COMPOSER).await;
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    assert_eq!(browser.ask(HOSTS).await, json!(1));
    // In another language it begins anew, with a socket of its own.
    shopper
        .leaves_after(&["before the connection is established"])
        .await;
}

#[tokio::test]
async fn the_look_follows_the_device() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    let dark = format!("return {ROOT}.querySelector('.root').matches('.dark')");
    assert_eq!(browser.ask(&dark).await, json!(false));
    browser.dark(true).await;
    browser.until("it follows the device", &dark).await;
    // A page that has said so wears what it said, whatever the device does.
    browser.ask("commesso('theme', 'light')").await;
    let light = dark.replace("return ", "return !");
    browser.until("it is as the page says", &light).await;
    browser.ask("commesso('theme', 'auto')").await;
    browser.until("it follows the device again", &dark).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_call_that_does_not_exist_is_said_once_and_throws_nothing() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser
        .ask("commesso('shake', 'hands'); commesso('shake', 'hands'); commesso('on'); commesso()")
        .await;
    let said = eventually("the console says so", async || {
        let said = browser.complaints().await;
        (!said.is_empty()).then_some(said)
    })
    .await;
    let of = |name: &str| said.iter().filter(|line| line.contains(name)).count();
    assert_eq!(of("shake"), 1, "{said:#?}");
    assert!(
        said.iter().all(|line| line.contains("there is no call")),
        "{said:#?}"
    );
    shopper.leaves_after(&["there is no call"]).await;
}

/// Waits until the console has had so many more to say; a look takes them away.
async fn complaints(browser: &Browser, many: usize) -> Vec<String> {
    let mut said = vec![];
    eventually(&format!("the console says {many} things"), async || {
        said.extend(browser.complaints().await);
        (said.len() >= many).then_some(())
    })
    .await;
    said
}

#[tokio::test]
async fn a_tag_is_told_what_is_wrong_in_it() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask("commesso('destroy')").await;
    let tag = |attributes: &str| {
        format!(
            "const tag = document.createElement('script');
            Object.assign(tag.dataset, {attributes});
            tag.src = document.querySelector('script[data-shop]').src;
            document.body.append(tag)"
        )
    };
    let id = shop.id.as_str();
    let looks = format!("{{ shop: '{id}', offset: '20px', position: 'LEFT', color: '#7A3B1D' }}");
    browser.ask(&tag(&looks)).await;
    shopper.opens_the_chat().await;
    let said = complaints(browser, 2).await;
    for fault in ["20px", "LEFT"] {
        assert!(said.iter().any(|line| line.contains(fault)), "{said:#?}");
    }
    browser.ask("commesso('destroy')").await;
    browser.ask(&tag("{}")).await;
    browser.press(LAUNCHER).await;
    let said = complaints(browser, 1).await;
    assert!(
        said.iter().any(|line| line.contains("data-shop")),
        "{said:#?}"
    );
    let gone = "return !document.querySelector('commesso-chat')";
    browser.until("it is taken off the page", gone).await;
    shopper
        .leaves_after(&["How it is written", "widget.js"])
        .await;
}

#[tokio::test]
async fn what_is_written_wrongly_is_said_and_changes_nothing() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let place = "const { left, top } = document.querySelector('commesso-chat').shadowRoot.querySelector('.launcher').getBoundingClientRect();
        return left + ' ' + top";
    let before = browser.ask(place).await;
    browser
        .ask("commesso('set', { color: 'red', position: 'top', offset: '20px', theme: 'night', zIndex: 'high' })")
        .await;
    let said = complaints(browser, 5).await;
    browser
        .ask("commesso('set'); commesso('locale', 5); commesso('prefill', {})")
        .await;
    complaints(browser, 3).await;
    for fault in ["red", "top", "20px", "night", "high"] {
        let told = said
            .iter()
            .filter(|line| line.contains(fault) && line.contains("/docs/sdk"));
        assert_eq!(told.count(), 1, "{fault}: {said:#?}");
    }
    assert_eq!(browser.ask(place).await, before);
    shopper.leaves_after(&["How it is written"]).await;
}

#[tokio::test]
async fn the_receipt_is_what_the_browser_has_measured_and_costs_nobody_else() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser
        .ask("document.addEventListener('commesso:receipt', ({ detail }) => { window.receipt = detail; }); commesso('on', 'receipt', (receipt) => { window.same = receipt; })")
        .await;
    shopper.opens_the_chat().await;
    browser
        .until("there is a receipt", "return Boolean(window.receipt)")
        .await;
    let receipt = browser.ask("return receipt").await;
    assert_eq!(browser.ask("return receipt === same").await, json!(true));
    // Chromium measures all of it. What another engine does not is null, and never a guess.
    let holds = |path: &str, holds: &dyn Fn(f64) -> bool| {
        let said = receipt
            .pointer(path)
            .unwrap_or_else(|| panic!("{path} in {receipt}"));
        let measured = said.as_f64().map(holds);
        let whole = Engine::of_this_run() == Engine::Chromium || path == "/ready";
        assert!(
            measured.unwrap_or(!whole && said.is_null()),
            "{path} in {receipt}"
        );
    };
    // As much as `size` counts, whatever else came until then.
    let size = weight(&shop, "/widget.js").await;
    holds("/bytes/before", &|bytes| bytes == size);
    holds("/bytes/after", &|bytes| {
        (40_000.0..70_000.0).contains(&bytes)
    });
    holds("/ready", &|ms| ms > 0.0);
    holds("/longTasks", &|tasks| tasks >= 0.0);
    holds("/longestTask", &|ms| ms >= 0.0);
    shopper.leaves().await;

    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let rare = "return performance.getEntriesByType('resource').filter((one) => /(sdk|receipt|avoid).js/.test(one.name)).length";
    assert_eq!(shopper.browser.ask(rare).await, json!(0));
    shopper.leaves().await;
}

/// What a file weighs on its way to a browser.
async fn weight(shop: &Shop, path: &str) -> f64 {
    let asked = tests::caller::http()
        .get(format!("{}{path}", shop.relay))
        .header("accept-encoding", "br");
    let answer = asked.send().await.expect("the relay answers");
    answer.bytes().await.expect("a body").len() as f64
}

#[tokio::test]
async fn every_example_of_the_page_runs() {
    let relay = Relay::start().await;
    let shop = Shop::demo(&relay).await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&format!("{}/docs/sdk", relay.url())).await;
    browser.see("button", LAUNCHER).await;
    let ids = browser
        .ask("return [...document.querySelectorAll('main button')].map((button) => button.closest('section').id)")
        .await;
    let ids: Vec<String> = serde_json::from_value(ids).expect("names");
    assert!(ids.len() > 15, "{ids:?}");
    for id in &ids {
        // Every one on a page of its own and a device that knows nothing: they leave both changed, and a chat that is still coming does
        // so when it is there. On this page of the relay's there is none.
        browser.go(&format!("{}/chat/demo/", relay.url())).await;
        browser
            .ask("sessionStorage.clear(); localStorage.clear()")
            .await;
        browser.go(&format!("{}/docs/sdk#{id}", relay.url())).await;
        browser.see("button", LAUNCHER).await;
        browser
            .ask(&format!("document.querySelector('#{id} button').click()"))
            .await;
        let shown = |what: &str| {
            format!(
                "return Boolean({})",
                what.replace("ROOT", ROOT).replace("ID", id)
            )
        };
        let open = "ROOT?.querySelector('.panel:not([hidden])')";
        let said = "document.querySelector('#ID output').textContent.trim()";
        let seen = match id.as_str() {
            "launcher" => "ROOT.querySelector('.launcher').hidden",
            "looks" => "ROOT.querySelector('.launcher').getBoundingClientRect().left === 24",
            "theme" => "ROOT.querySelector('.dark')",
            "locale" => "ROOT.querySelector('textarea')?.placeholder === 'Scrivi un messaggio'",
            "prefill" => "ROOT.querySelector('textarea')?.value.includes('moka')",
            // Nobody has a conversation yet.
            "page" => {
                "performance.getEntriesByType('resource').some((one) => one.name.endsWith('.sdk.js'))"
            }
            "identify" => {
                "performance.getEntriesByType('resource').some((one) => one.name.endsWith('.identity.js'))"
            }
            "shopper" => {
                "performance.getEntriesByType('resource').some((one) => one.name.endsWith('.facts.js'))"
            }
            "events" => "document.querySelector('#ID output').textContent === 'open\\nclose\\n'",
            "receipt" => "document.querySelector('#ID output').textContent.includes('longTasks')",
            "avoid" => "ROOT.querySelector('.launcher').style.visibility === 'hidden'",
            "consent" => {
                "document.querySelector('#ID output').textContent === 'stored: 0\\n' && !document.querySelector('commesso-chat')"
            }
            "logout" => {
                "document.querySelector('commesso-chat') && !Object.keys(localStorage).some((key) => key.startsWith('commesso:demo:'))"
            }
            "destroy" => {
                "document.querySelector('#ID output').textContent === 'global: undefined\\n'"
            }
            "queue" | "panel" | "chatwoot" | "crisp" | "intercom" | "tawk" => open,
            _ => said,
        };
        browser
            .until(&format!("the example {id} has run"), &shown(seen))
            .await;
        if ["consent", "destroy"].contains(&id.as_str()) {
            browser.see("button", LAUNCHER).await;
        }
    }
    assert_eq!(
        shop.caller().open_conversations().await.len(),
        0,
        "nobody wrote"
    );
    browser.leave(&[]).await;
}
