//! A shop's program sends cards and answers to choose from; the shopper looks, chooses, and the answer is said.

use protocol::{
    api::NewMessage,
    part::{Card, Part},
};
use tests::{
    Browser, Caller, Relay, Shopper,
    browser::{DESKTOP, PHONE},
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

#[tokio::test]
async fn an_answer_is_chosen_and_said_once() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = Caller::with_key(&shop.relay, &shop.made.key);
    let conversation = owner.conversation_with("Which one for two?").await.id;
    let address = format!("/v1/conversations/{conversation}/messages");
    let cards = vec![
        moka("Moka", "https://shop.example/moka"),
        moka(
            "Macchina da caffè con un nome molto lungo",
            "https://shop.example/macchina",
        ),
        Part::Reply {
            text: "The first".into(),
        },
        Part::Reply {
            text: "The second".into(),
        },
    ];
    let answer = owner
        .post(&address, &offer("One of these two?", cards))
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    shopper.reads("One of these two?").await;
    let browser = &shopper.browser;
    browser
        .see("link", "Al prodotto, Moka, opens in a new tab")
        .await;
    browser.see("button", "The second").await;
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
    owner.post(&address, &script).await.problem(403);
    let mute = offer(" ", vec![moka("Moka", "https://shop.example/moka")]);
    owner.post(&address, &mute).await.problem(422);
    shopper.leaves().await;
}
