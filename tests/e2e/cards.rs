//! A shop's program sends cards and answers to choose from; the shopper looks, chooses, and the answer is said.

use protocol::{
    api::NewMessage,
    part::{Card, Part},
};
use serde_json::json;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};
use thirtyfour::Key;

use crate::{
    accessible::{assert_accessible, assert_widget_accessible},
    languages::table,
    states::{arrives_in, opens},
};

fn moka(title: &str, link: &str) -> Part {
    Part::Card(Card {
        title: title.into(),
        text: Some("Per tre tazze, in alluminio".into()),
        price: Some("24,90 €".into()),
        picture: None,
        link: Some(link.into()),
        action: Some("Al prodotto".into()),
    })
}

fn offer(text: &str, parts: Vec<Part>) -> NewMessage {
    NewMessage {
        id: None,
        text: text.into(),
        parts: parts.into(),
    }
}

/// Two cards, and an answer for each.
fn one_of_two() -> NewMessage {
    let long = "Macchina da caffè con un nome molto lungo";
    let answer = |text: &str| Part::Reply { text: text.into() };
    let parts = vec![
        moka("Moka", "https://shop.example/moka"),
        moka(long, "https://shop.example/macchina"),
        answer("The first"),
        answer("The second"),
    ];
    offer("One of these two?", parts)
}

#[tokio::test]
async fn an_answer_is_chosen_and_said_once() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = Caller::with_key(&shop.relay, &shop.made.key);
    let conversation = owner.conversation_with("Which one for two?").await.id;
    let address = format!("/v1/conversations/{conversation}/messages");
    let answer = owner.post(&address, &one_of_two()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    shopper.reads("One of these two?").await;
    let browser = &shopper.browser;
    browser
        .see("link", "Al prodotto, Moka, opens in a new tab")
        .await;
    browser.see("button", "The second").await;
    assert_widget_accessible(browser, "cards and answers").await;
    browser.click("button", "The first").await;
    browser.see_no("button", "The second").await;
    shopper.is_stored("The first").await;
    assert_eq!(
        owner.words(conversation).await,
        ["Which one for two?", "One of these two?", "The first"]
    );
    // What was answered is not asked again on the next page.
    browser.reload().await;
    shopper.opens_the_chat().await;
    shopper.reads("One of these two?").await;
    browser
        .see("link", "Al prodotto, Moka, opens in a new tab")
        .await;
    browser.see_no("button", "The second").await;
    shopper.leaves().await;
}

/// How far the cards have been moved, in pixels, whatever way the writing goes.
fn moved() -> String {
    format!("Math.abs({ROOT}.querySelector('[role=list]').scrollLeft)")
}

#[tokio::test]
async fn cards_are_turned_and_chosen_from_in_both_directions() {
    for code in ["en", "ar"] {
        let shop = Relay::shared().await.shop().await;
        let shopper = arrives_in(code, Browser::open(DESKTOP).await, &shop).await;
        let browser = &shopper.browser;
        opens(&shopper).await;
        let composer = browser.see("textbox", "").await;
        composer.send_keys("Moka?\u{e007}").await.expect("keys");
        let owner = shop.caller();
        let conversation = owner.conversation_with("Moka?").await.id;
        let address = format!("/v1/conversations/{conversation}/messages");
        let answer = owner.post(&address, &one_of_two()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let words = table(&format!("cards/{code}"));
        let name = |word: &str| words[word].as_str().expect("a word").to_owned();
        browser.see("list", &name("cards")).await;
        browser.see("group", &name("replies")).await;
        assert_widget_accessible(browser, &format!("cards and answers, {code}")).await;

        let turn = async |word: &str| browser.press(&name(word)).await;
        let holds = |word: &str| {
            let label = name(word);
            format!("return {ROOT}.activeElement?.getAttribute('aria-label') === '{label}'")
        };
        let (ahead, back) = (
            format!("return {} > 0", moved()),
            format!("return {} < 1", moved()),
        );
        assert_eq!(browser.ask(&back).await, json!(true));
        browser.see_no("button", &name("previous")).await;
        turn("next").await;
        browser.until("they have moved", &ahead).await;
        browser
            .until("the way back is held", &holds("previous"))
            .await;
        turn("previous").await;
        browser.until("they are back", &back).await;
        browser.until("the way on is held", &holds("next")).await;

        let second = browser.see("button", "The second").await;
        second.send_keys(Key::Enter + "").await.expect("keys");
        browser.see_no("button", "The second").await;
        let focused = format!("return {ROOT}.activeElement?.localName === 'textarea'");
        browser.until("the composer has the focus", &focused).await;
        shopper.reads("The second").await;
        owner.conversation_with("The second").await;
        shopper.leaves().await;
    }
}

/// Makes what the page is told of a card of this title a part of a kind that is not there yet.
const FROM_LATER: &str = r#"{
    const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
    Object.defineProperty(MessageEvent.prototype, "data", { ...data, get() {
        const told = data.get.call(this);
        return typeof told === "string" ? told.replaceAll('"type":"card","title":"Hologram"', '"type":"hologram","title":"Hologram"') : told;
    } });
}"#;

#[tokio::test]
async fn of_what_a_later_shop_sends_the_words_are_read_and_what_is_known_is_shown() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(FROM_LATER);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("How large is it?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("How large is it?").await.id;
    let address = format!("/v1/conversations/{conversation}/messages");
    let link = "https://shop.example/moka";
    for offer in [
        offer("Walk around it", vec![moka("Hologram", link)]),
        offer(
            "Or look at it",
            vec![moka("Hologram", link), moka("Moka", link)],
        ),
    ] {
        let answer = owner.post(&address, &offer).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let browser = &shopper.browser;
    // Told on a socket, and again as what was said before.
    for _ in 0..2 {
        shopper.reads("Walk around it").await;
        shopper.reads("Or look at it").await;
        browser
            .see("link", "Al prodotto, Moka, opens in a new tab")
            .await;
        let shown = format!(
            "const log = {ROOT}.querySelector('[role=log]'); return [log.querySelectorAll('.card').length, log.textContent.includes('Hologram')]"
        );
        assert_eq!(browser.ask(&shown).await, json!([1, false]));
        browser.reload().await;
        shopper.is_in_the_chat().await;
    }
    shopper.writes_for_sure("It fits").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn what_a_card_may_not_be_is_refused_in_words() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let owner = Caller::with_key(&shop.relay, &shop.made.key);
    let conversation = owner.conversation_with("Hello").await.id;
    let address = format!("/v1/conversations/{conversation}/messages");
    let script = offer("Look", vec![moka("Moka", "javascript:alert(1)")]);
    let refused = owner.post(&address, &script).await;
    assert!(refused.body.contains("`parts[0]`"), "{}", refused.body);
    refused.problem(400);
    let mute = offer(" ", vec![moka("Moka", "https://shop.example/moka")]);
    owner.post(&address, &mute).await.problem(422);
    shopper.leaves().await;
}

#[tokio::test]
async fn the_inbox_shows_what_was_offered() {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Which one for two?").await;
    let owner = shop.caller();
    owner.conversation_with("Which one for two?").await;
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(owner.post(&path, &one_of_two()).await.status, 201);
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    operator.opens("One of these two?").await;
    let page = &operator.browser;
    page.see_words_anywhere("Moka · 24,90 €").await;
    page.see_words_anywhere("The second").await;
    page.see("link", "https://shop.example/moka").await;
    assert_accessible(page, "body", "what was offered").await;
    operator.leaves().await;
}
