//! A shop that had another chat changes one address, and its page goes on calling what it called: what all of them can; what each has
//! beside is in `adapters/calls.rs`.

mod calls;

use serde_json::json;
use tests::{Browser, Relay, Shopper, browser::DESKTOP, eventually, shopper::ROOT};

/// What all of them can: the page's own button opens the chat, on the side that its settings say; what the page
/// says of them the operator sees; what has no counterpart is said once; and signing out forgets.
async fn serves(name: &str, missing: &str, left: u32, heard: &[&str], filled: &str) {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, name).await;
    let browser = &shopper.browser;
    let place =
        format!("return {ROOT}.querySelector('.launcher').getBoundingClientRect().left === {left}");
    browser.until("the launcher is on the left", &place).await;
    browser.press("Ask us").await;
    shopper.is_in_the_chat().await;
    let composer = format!("return {ROOT}.querySelector('textarea').value === '{filled}'");
    browser
        .until("the composer has the page's words", &composer)
        .await;
    shopper.writes(" Hello").await;
    shopper.is_stored("Hello").await;
    let all = format!(
        "return {}.every((name) => heard.includes(name))",
        json!(heard)
    );
    browser.until("the page has heard it all", &all).await;

    browser.press("Sign in").await;
    let said = eventually("the console says what is missing", async || {
        let said = browser.complaints().await;
        (!said.is_empty()).then_some(said)
    })
    .await;
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains(missing), "{said:#?}");

    eventually("the operator sees what the page says of them", async || {
        let page = shop.caller().open_conversations().await.pop()?.page?;
        let email = page.facts.iter().find(|fact| fact.name == "email")?;
        (email.text == "ada@example.org").then_some(())
    })
    .await;

    browser.press("Sign out").await;
    let forgotten = "return !Object.keys(localStorage).some((key) => key.startsWith('commesso:'))";
    browser.until("the device has forgotten", forgotten).await;
    browser.press("Ask us").await;
    shopper.is_in_the_chat().await;
    let transcript = browser.transcript().await;
    assert!(
        !transcript.iter().any(|line| line.contains("Hello ")),
        "{transcript:?}"
    );
    assert_eq!(browser.ask(super::HOSTS).await, json!(1));
    shopper.leaves_after(&["does nothing here"]).await;
}

#[tokio::test]
async fn chatwoot() {
    serves(
        "chatwoot",
        "$chatwoot.setLabel",
        20,
        &["ready", "opened"],
        "",
    )
    .await;
}

#[tokio::test]
async fn crisp() {
    serves(
        "crisp",
        "user:avatar",
        20,
        &["ready", "opened"],
        "About the moka",
    )
    .await;
}

#[tokio::test]
async fn intercom() {
    serves("intercom", "startTour", 20, &["opened"], "About the moka").await;
}

#[tokio::test]
async fn tawk() {
    serves("tawk", "Tawk_API.addTags", 15, &["ready", "opened"], "").await;
}

#[tokio::test]
async fn each_weighs_less_than_a_kilobyte() {
    let shop = Relay::shared().await.shop().await;
    for name in ["chatwoot", "crisp", "intercom", "tawk"] {
        let weight = super::weight(&shop, &format!("/adapters/{name}.js")).await;
        assert!(weight > 100.0 && weight < 1024.0, "{name}: {weight}");
    }
}
