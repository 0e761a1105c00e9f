//! What a screen reader, a keyboard alone, or a device with wishes of its own makes of the chat. `docs/accessibility.md` says which
//! criterion each of these is for.

use serde_json::{Value, json};
use tests::{
    Browser, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    fault_proxy::Door,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};
use thirtyfour::{Key, TypingData};

use crate::{
    network::{BROKEN, behind_a_proxy},
    states::keeps_what_is_too_long,
};

/// What a screen reader is told of the whole page, in its order: roles and names, with the states that are set.
async fn tree(browser: &Browser) -> Vec<String> {
    let tools = browser.devtools();
    let tree = tools.execute_cdp("Accessibility.getFullAXTree").await;
    let tree = tree.expect("the tree can be asked for");
    let nodes = tree["nodes"].as_array().expect("nodes");
    let find = |id: &Value| nodes.iter().find(|node| node["nodeId"] == *id);
    let mut told = vec![];
    let mut waiting: Vec<&Value> = nodes.iter().take(1).collect();
    while let Some(node) = waiting.pop() {
        let children = node["childIds"].as_array().into_iter().flatten();
        waiting.extend(children.rev().filter_map(find));
        let text = |field: &str| node[field]["value"].as_str().unwrap_or_default().to_owned();
        let (role, name) = (text("role"), text("name"));
        if node["ignored"] == json!(true) || name.is_empty() || role == "InlineTextBox" {
            continue;
        }
        let states = node["properties"].as_array().into_iter().flatten();
        let states: String = states
            .filter(|state| {
                ["expanded", "disabled", "modal"]
                    .contains(&state["name"].as_str().unwrap_or_default())
            })
            .map(|state| {
                format!(
                    " [{} {}]",
                    state["name"].as_str().unwrap_or_default(),
                    state["value"]["value"]
                )
            })
            .collect();
        told.push(format!("{role} {name}{states}"));
    }
    told
}

/// Whether these come in this order, with anything between them.
fn assert_in_order(told: &[String], expected: &[&str]) {
    let mut rest = told.iter();
    for line in expected {
        assert!(
            rest.any(|told| told == line),
            "{line:?} is not told, or not there: {told:#?}"
        );
    }
}

async fn press(browser: &Browser, keys: impl Into<TypingData>) {
    let chain = browser.driver.action_chain().send_keys(keys);
    chain.perform().await.expect("keys");
}

/// What has the focus: the name of it, or its words.
const FOCUSED: &str = "(() => {
    let one = document.activeElement;
    while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one.getAttribute('aria-label') || one.textContent.trim();
})()";

/// Tabs until the focus is there.
async fn goes_to(browser: &Browser, name: &str) {
    // No page of these stories has so many stops.
    for _ in 0..20 {
        if browser.ask(&format!("return {FOCUSED}")).await == json!(name) {
            return;
        }
        press(browser, Key::Tab).await;
    }
    panic!("the keyboard does not come to {name:?}");
}

#[tokio::test]
async fn a_screen_reader_is_told_what_there_is() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    assert_in_order(&tree(browser).await, &["heading Plain shop", "button Chat"]);
    shopper.opens_the_chat().await;
    browser.see("group", "You could ask").await;
    browser.see("button", "Attach a picture or PDF").await;
    assert_in_order(
        &tree(browser).await,
        &[
            "button Chat [expanded true]",
            "dialog Chat with Bottega Aroma [modal false]",
            "button Close",
            "log Messages",
            "StaticText Hello. What are you looking for?",
            "group You could ask",
            "button Where is my order?",
            "textbox Write a message",
            "button Attach a picture or PDF",
            "button Send [disabled true]",
        ],
    );
    shopper.writes_for_sure("Is it in stock?").await;
    let id = shop.caller().conversation_with("Is it in stock?").await.id;
    shop.caller().write(id, "Three are left").await;
    shopper.reads("Three are left").await;
    shopper.writes_for_sure("Thank you").await;
    shopper.types("Half a").await;
    let told = tree(browser).await;
    assert_in_order(
        &told,
        &[
            "dialog Chat with Bottega Aroma [modal false]",
            "log Messages",
            "group You",
            "StaticText Is it in stock?",
            "group Giulia",
            "StaticText Three are left",
            "group You",
            "StaticText Thank you",
            "image Sent",
            "textbox Write a message",
            "button Send",
        ],
    );
    assert!(
        !told.iter().any(|one| one.ends_with(" BA")),
        "initials are for the eye"
    );
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    let closed = tree(browser).await;
    assert_in_order(&closed, &["button Chat [expanded false]"]);
    assert!(
        !closed.iter().any(|one| one.starts_with("dialog")),
        "{closed:#?}"
    );
    shop.caller().write(id, "Still there?").await;
    browser.see("button", "Chat, 1 unread message").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn on_a_phone_a_screen_reader_is_told_of_nothing_that_is_covered() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    let covers = format!("return {ROOT}.querySelector('.panel').ariaModal === 'true'");
    browser.until("it covers the page", &covers).await;
    // The shop's name comes with the pass.
    browser.see("dialog", "Chat with Bottega Aroma").await;
    let told = tree(browser).await;
    assert_in_order(
        &told,
        &[
            "dialog Chat with Bottega Aroma [modal true]",
            "log Messages",
        ],
    );
    for covered in ["heading Plain shop", "button Buy", "button Chat"] {
        let is_told = told.iter().any(|one| one.starts_with(covered));
        assert!(!is_told, "{covered}: {told:#?}");
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn the_whole_chat_goes_by_keyboard() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    goes_to(browser, LAUNCHER).await;
    press(browser, " ").await;
    shopper.is_in_the_chat().await;
    goes_to(browser, COMPOSER).await;

    // A question, and a word more; sent by its button.
    browser
        .ask(&format!("{ROOT}.querySelector('.panel').focus()"))
        .await;
    goes_to(browser, "Where is my order?").await;
    press(browser, Key::Enter).await;
    goes_to(browser, COMPOSER).await;
    press(browser, " 1234").await;
    goes_to(browser, "Send").await;
    press(browser, Key::Enter).await;
    shopper.is_stored("Where is my order? 1234").await;

    // Up through a long answer, and down again by the button.
    let id = shop
        .caller()
        .conversation_with("Where is my order? 1234")
        .await
        .id;
    let long = "A line of a long answer.\n".repeat(40);
    shop.caller().write(id, long.trim()).await;
    shopper.reads("A line of a long answer.").await;
    browser
        .ask(&format!("{ROOT}.querySelector('.panel').focus()"))
        .await;
    goes_to(browser, "Messages").await;
    press(browser, Key::Home).await;
    // Browsers glide there.
    let top = format!("return {ROOT}.querySelector('.scroll').scrollTop === 0");
    browser.until("it is at the top", &top).await;
    browser.see("button", "To the newest messages").await;
    goes_to(browser, "To the newest messages").await;
    press(browser, Key::Enter).await;
    browser.see_no("button", "To the newest messages").await;

    // What was refused is thrown away.
    keeps_what_is_too_long(browser, &shop, "One more").await;
    browser.reload().await;
    shopper.is_in_the_chat().await;
    browser.see("button", "Delete").await;
    browser
        .ask(&format!("{ROOT}.querySelector('.panel').focus()"))
        .await;
    goes_to(browser, "Delete").await;
    press(browser, Key::Enter).await;
    browser.see_no("button", "Delete").await;

    // Out again, past the chat and back to where it was opened; nothing holds the keyboard.
    goes_to(browser, "Buy").await;
    goes_to(browser, COMPOSER).await;
    press(browser, Key::Escape).await;
    browser.see_no("textbox", COMPOSER).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_keyboard_stops_at_everything_once_and_in_its_order() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    browser.see("button", "More").await;
    browser.see("button", "Attach a picture or PDF").await;
    shopper.types("Half a").await;
    let of_the_page = ["Buy", LAUNCHER];
    let of_the_head = ["More", "Close", "Messages"];
    let questions = [
        "Where is my order?",
        "How long does delivery take?",
        "Can I return something?",
    ];
    let below = [COMPOSER, "Attach a picture or PDF", "Send"];
    let first = [&of_the_page[..], &of_the_head, &questions, &below].concat();
    assert_eq!(stops(browser).await, first);

    // What was said has no questions any more; what was not sent has buttons.
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    keeps_what_is_too_long(browser, &shop, "One more").await;
    browser.reload().await;
    shopper.is_in_the_chat().await;
    browser.see("button", "Delete").await;
    browser.see("button", "More").await;
    browser.see("button", "Attach a picture or PDF").await;
    shopper.types("Half a").await;
    let refused = ["Try again", "Copy", "Delete"];
    let then = [&of_the_page[..], &of_the_head, &refused, &below].concat();
    assert_eq!(stops(browser).await, then);
    shopper.leaves().await;
}

/// Where the keyboard stops, from the page's own button to the chat's last one.
async fn stops(browser: &Browser) -> Vec<String> {
    browser
        .ask("document.querySelector('button').focus()")
        .await;
    let mut stops: Vec<String> = vec![];
    loop {
        let focused = browser.ask(&format!("return {FOCUSED}")).await;
        stops.push(focused.as_str().expect("a name").to_owned());
        // Behind the last one is the browser's own window; and no page of these stories has so many.
        if stops.last().is_some_and(|last| last == "Send") || stops.len() == 20 {
            return stops;
        }
        press(browser, Key::Tab).await;
    }
}

#[tokio::test]
async fn the_focus_returns_to_what_had_it() {
    let shop = Relay::shared().await.shop().await;
    for size in [DESKTOP, PHONE] {
        let shopper = Shopper::arrives(Browser::open(size).await, &shop, "plain").await;
        let browser = &shopper.browser;
        goes_to(browser, LAUNCHER).await;
        press(browser, Key::Enter).await;
        shopper.is_in_the_chat().await;
        press(browser, Key::Escape).await;
        browser.see_no("textbox", COMPOSER).await;
        let focused = browser.ask(&format!("return {FOCUSED}")).await;
        assert_eq!(focused, json!(LAUNCHER), "{size:?}");
        shopper.leaves().await;
    }
}

/// As a screen reader does: it reads a region again whenever that changes, in whatever element it is, and nothing that is hidden
/// from it.
async fn listens(browser: &Browser) {
    let listen = format!(
        "const regions = '[role=status], [role=alert], [role=log]:not([aria-live=off]), [aria-live=polite], [aria-live=assertive]';
         const region = (at) => (at.closest ? at : at.parentElement)?.closest(regions);
         const isExposed = (region) => {{
           for (let at = region; at; at = at.parentElement ?? at.getRootNode().host)
             if (at.inert || at.ariaHidden === 'true') return false;
           return region.checkVisibility({{ visibilityProperty: true }});
         }};
         window.spoken = [];
         const hear = (changes) => {{
           const changed = new Set(changes.map(({{ target }}) => region(target)));
           for (const one of changed) if (one && isExposed(one)) spoken.push(one.textContent);
         }};
         new MutationObserver(hear).observe({ROOT}, {{ childList: true, characterData: true, subtree: true }})"
    );
    browser.ask(&listen).await;
}

/// What a screen reader has said of the conversation: the connection has its region too, and messages have their author's name.
const SPOKEN: &str = "spoken.filter((words) => /Giulia:|Thank you/.test(words))";

/// Waits until so many are read, and answers with the last.
async fn hears(browser: &Browser, count: usize) -> String {
    let there = format!("return {SPOKEN}.length === {count}");
    browser.until(&format!("{count} are read"), &there).await;
    let spoken = browser.ask(&format!("return {SPOKEN}")).await;
    spoken[count - 1].as_str().expect("words").trim().to_owned()
}

#[tokio::test]
async fn answers_are_read_once_each_and_none_is_left_out() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let id = shop.caller().conversation_with("Hello").await.id;
    listens(browser).await;
    shop.caller().write(id, "One moment").await;
    assert_eq!(hears(browser, 1).await, "Giulia: One moment");
    // The same words again.
    shop.caller().write(id, "One moment").await;
    assert_eq!(hears(browser, 2).await, "Giulia: One moment");
    // What came while the network was gone comes together.
    proxy.door(Door::Closed);
    proxy.reset();
    browser.see("status", "Connecting again").await;
    shop.caller().write(id, "Here I am").await;
    shop.caller().write(id, "Three are left").await;
    proxy.calm();
    shopper.reads("Three are left").await;
    let together = "Giulia: Here I am\nGiulia: Three are left";
    assert_eq!(hears(browser, 3).await, together);
    // One's own words are not read back, nor is anything read that was only drawn again.
    shopper.writes_for_sure("Thank you").await;
    browser.press("Close").await;
    shopper.opens_the_chat().await;
    shopper.reads("Thank you").await;
    let all = browser.ask(&format!("return {SPOKEN}.length")).await;
    assert_eq!(all, json!(3));
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn answers_are_read_while_the_panel_is_closed() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let owner = shop.caller();
    let id = owner.conversation_with("Hello").await.id;
    browser.press("Close").await;
    browser.see_no("textbox", COMPOSER).await;
    listens(browser).await;
    owner.write(id, "Three are left").await;
    assert_eq!(hears(browser, 1).await, "Giulia: Three are left");
    // What has no words has a name.
    owner.show(id, "Fattura", b"%PDF-1.4\n%%EOF").await;
    assert_eq!(hears(browser, 2).await, "Giulia: Fattura.pdf");
    // Whoever looks then has heard it.
    browser.click("button", LAUNCHER).await;
    shopper.is_in_the_chat().await;
    browser.see("link", "Download Fattura.pdf").await;
    shopper.writes_for_sure("Thank you").await;
    let all = browser.ask(&format!("return {SPOKEN}.length")).await;
    assert_eq!(all, json!(2));
    shopper.leaves().await;
}

/// Asks the device for one wish of the person.
async fn wishes(browser: &Browser, name: &str, value: &str) {
    let features = json!({ "features": [{ "name": name, "value": value }] });
    let tools = browser.devtools();
    let set = tools.execute_cdp_with_params("Emulation.setEmulatedMedia", features);
    set.await.expect("the wish is taken");
}

#[tokio::test]
async fn nothing_moves_for_who_wants_no_motion() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    // First that something moves at all for others.
    let moves = format!(
        "const {{ matches }} = matchMedia('(prefers-reduced-motion: reduce)');
         return [matches, [...{ROOT}.querySelectorAll('*')].filter((one) => {{
           const style = getComputedStyle(one);
           return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
         }}).length > 0]"
    );
    shopper.opens_the_chat().await;
    assert_eq!(browser.ask(&moves).await, json!([false, true]));
    wishes(browser, "prefers-reduced-motion", "reduce").await;
    shopper.writes_for_sure("Hello").await;
    assert_eq!(browser.ask(&moves).await, json!([true, false]));
    shopper.leaves().await;
}

#[tokio::test]
async fn what_is_told_by_a_surface_has_an_edge_where_colours_are_forced() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(DESKTOP).await;
    wishes(&browser, "forced-colors", "active").await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let edges = format!(
        "return ['.launcher', '.panel', '.bubble', '.send', '.composer'].map((part) =>
           parseFloat(getComputedStyle({ROOT}.querySelector(part)).borderTopWidth) > 0)"
    );
    let edges = shopper.browser.ask(&edges).await;
    assert_eq!(edges, json!([true, true, true, true, true]));
    shopper
        .browser
        .ask(&format!("{ROOT}.querySelector('textarea').focus()"))
        .await;
    let ring = format!(
        "return parseFloat(getComputedStyle({ROOT}.querySelector('textarea')).outlineWidth) > 0"
    );
    assert_eq!(shopper.browser.ask(&ring).await, json!(true));
    shopper.leaves().await;
}
