//! Everybody can use both ends: axe finds nothing, in light and in dark, and the keyboard does everything.

mod arabic;

use serde_json::json;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    relay::project,
    shopper::{COMPOSER, ROOT},
};
use thirtyfour::Key;

/// What axe finds below an element, in words.
async fn violations(browser: &Browser, below: &str) -> Vec<String> {
    let axe = project().join("node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core is installed");
    // WebDriver's scripts are functions; axe wants to be a global.
    let install = format!("const module = undefined; {axe}; window.axe = axe;");
    browser.driver.execute(install, vec![]).await.expect("axe");
    // The host keeps the page's spacing out by its own style, which holds no words: those inside have the panel's rules.
    let run = "const done = arguments[1];
        axe.run({ include: [arguments[0]] }, { rules: { 'avoid-inline-spacing': { enabled: false } } }).then((found) => done(found.violations.flatMap((rule) =>
          rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.target.flat().join(' ')} ${node.failureSummary}`))), (error) => done([String(error)]))";
    let found = browser.driver.execute_async(run, vec![json!(below)]).await;
    found.expect("axe answers").convert().expect("texts")
}

/// In the colours that it has.
pub(crate) async fn assert_accessible_now(browser: &Browser, below: &str, when: &str) {
    // What is on its way in is not yet what it will be.
    let still = "return document.getAnimations({ subtree: true }).length === 0";
    browser.until("everything stands still", still).await;
    let found = violations(browser, below).await;
    assert!(found.is_empty(), "{when}: {found:#?}");
}

/// In both colours, one after the other.
pub(crate) async fn assert_accessible(browser: &Browser, below: &str, when: &str) {
    for dark in [false, true] {
        browser.dark(dark).await;
        assert_accessible_now(browser, below, &format!("{when}, dark {dark}")).await;
    }
}

/// The widget in both colours, as a page asks for them: in any engine.
pub(crate) async fn assert_widget_accessible(browser: &Browser, when: &str) {
    for (theme, is_dark) in [("light", false), ("dark", true)] {
        browser.ask(&format!("commesso('theme', '{theme}')")).await;
        let worn = format!(
            "return {ROOT}.querySelector('.root').classList.contains('dark') === {is_dark}"
        );
        browser.until(&format!("it is {theme}"), &worn).await;
        assert_accessible_now(browser, "commesso-chat", &format!("{when}, {theme}")).await;
    }
}

#[tokio::test]
async fn the_widget_has_no_violation_in_light() {
    the_widget_has_no_violation(false).await;
}

#[tokio::test]
async fn the_widget_has_no_violation_in_dark() {
    the_widget_has_no_violation(true).await;
}

async fn the_widget_has_no_violation(dark: bool) {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open_in(PHONE, dark).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(
        shopper.browser.ask(is_dark).await,
        json!(dark),
        "it is dark"
    );
    assert_accessible_now(&shopper.browser, "commesso-chat", "closed").await;
    shopper.opens_the_chat().await;
    assert_accessible_now(&shopper.browser, "commesso-chat", "open and empty").await;
    shopper
        .writes_for_sure("Hello, see https://shop.example/moka")
        .await;
    shop.caller()
        .conversation_with("Hello, see https://shop.example/moka")
        .await;
    shop.caller().write("latest", "Good morning").await;
    shopper.reads("Good morning").await;
    shopper.types("Half a sentence").await;
    assert_accessible_now(&shopper.browser, "commesso-chat", "with messages").await;
    shopper.browser.press("Close").await;
    shop.caller().write("latest", "Anything else?").await;
    shopper
        .browser
        .see("button", "Chat, 1 unread message")
        .await;
    assert_accessible_now(&shopper.browser, "commesso-chat", "closed, with a number").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_inbox_has_no_violation() {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator { browser: desk };
    operator.comes_to_the_door(&shop).await;
    assert_accessible(&operator.browser, "html", "at the door").await;
    operator.knocks(&shop.owner.password).await;
    operator.browser.see("list", "Conversations").await;
    assert_accessible(&operator.browser, "html", "with nobody there").await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    operator.opens("Hello").await;
    operator.notes("A regular").await;
    operator.answers("Good morning").await;
    shopper.reads("Good morning").await;
    assert_accessible(&operator.browser, "html", "in a conversation").await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn an_answer_that_was_overtaken_has_no_violation() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let marco = Caller::colleague(&shop, "Marco").await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Is the moka in stock?").await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    let browser = &operator.browser;
    operator.opens("Is the moka in stock?").await;
    operator.types("Three are left.").await;
    marco.write(conversation, "Yes, three.").await;
    browser.see("status", "Marco has answered meanwhile.").await;
    assert_accessible(browser, "html", "overtaken").await;
    operator.types(&char::from(Key::Enter).to_string()).await;
    browser.see("status", "Yours has not left.").await;
    assert_accessible(browser, "html", "stopped").await;
    operator.types(&char::from(Key::Enter).to_string()).await;

    browser.online(false).await;
    relay.kill_9();
    relay.restart().await;
    browser.see("status", "You may not see").await;
    operator.answers("From the tunnel").await;
    assert_accessible(browser, "html", "without a connection").await;
    marco.write(conversation, "Shall I keep one?").await;
    browser.online(true).await;
    browser.see("alert", "This was not sent.").await;
    browser.see_words_anywhere("Not sent").await;
    assert_accessible(browser, "html", "with an answer that is held").await;
    operator
        .leaves_after(&[
            "ERR_CONNECTION_REFUSED",
            "ERR_INTERNET_DISCONNECTED",
            "WebSocket",
        ])
        .await;
}

#[tokio::test]
async fn the_keyboard_alone_opens_writes_and_closes() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let press = async |keys: String| {
        let chain = browser.driver.action_chain().send_keys(keys);
        chain.perform().await.expect("keys");
    };
    let focused = format!("return {ROOT}.activeElement?.getAttribute('aria-label') ?? null");
    // Past the shop's own button.
    press(char::from(Key::Tab).to_string().repeat(2)).await;
    assert_eq!(browser.ask(&focused).await, json!("Chat"));
    press(char::from(Key::Enter).to_string()).await;
    shopper.is_in_the_chat().await;
    let in_composer = format!("{focused} === '{COMPOSER}'").replace("?? null ===", "===");
    browser
        .until("the composer has the focus", &in_composer)
        .await;
    press("By keyboard".to_owned()).await;
    let both = [Key::Shift, Key::Enter].map(char::from);
    let chain = browser.driver.action_chain();
    let line = chain.key_down(both[0]).send_keys(both[1]).key_up(both[0]);
    line.perform().await.expect("keys");
    press(format!("in two lines{}", char::from(Key::Enter))).await;
    shopper.is_stored("By keyboard in two lines").await;
    let summary = shop.caller().open_conversations().await.remove(0);
    assert_eq!(
        shop.caller().words(summary.id).await,
        ["By keyboard\nin two lines"]
    );

    press(char::from(Key::Escape).to_string()).await;
    browser.see_no("textbox", COMPOSER).await;
    browser
        .until(
            "the focus is back on the launcher",
            &format!("{focused}?.startsWith('Chat')").replace("?? null?.", "?."),
        )
        .await;
    shopper.leaves().await;
}
