//! An operator offers answers to choose and cards beside a reply; the shopper looks and chooses, and the operator reads what.

use protocol::{
    entry::Content,
    id::ConversationId,
    limits::LINE_MAX,
    part::{Card, Part},
};
use serde_json::json;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    patience::eventually,
};
use thirtyfour::{Key, WebElement};

use crate::{accessible::assert_accessible, files::takes, languages::table};

/// A phone of the small kind.
const SMALL: (u32, u32) = (360, 640);

/// Into whatever has the focus.
async fn keys(browser: &Browser, text: impl Into<String>) {
    let chain = browser.driver.action_chain().send_keys(text.into());
    chain.perform().await.expect("keys");
}

fn key(key: Key) -> String {
    char::from(key).to_string()
}

/// The field of this name, of the first card, the second, …
async fn field(browser: &Browser, name: &str, nth: usize) -> WebElement {
    eventually(&format!("there is a field {name} {nth}"), async || {
        let all = browser.all("textbox", Some(name)).await;
        all.into_iter().nth(nth)
    })
    .await
}

async fn fills_in(browser: &Browser, name: &str, nth: usize, text: &str) {
    let field = field(browser, name, nth).await;
    field.clear().await.expect("an empty field");
    field.send_keys(text).await.expect("keys");
}

async fn value(browser: &Browser, name: &str, nth: usize) -> String {
    let field = field(browser, name, nth).await;
    let value = field.prop("value").await.expect("an answer");
    value.unwrap_or_default()
}

/// Waits until what is of this name has the focus.
async fn has_focus(browser: &Browser, name: &str) {
    let held = format!(
        "const held = document.activeElement;
         return (held.ariaLabel || held.labels?.[0]?.innerText || held.innerText) === '{name}'"
    );
    browser.until(&format!("{name} has the focus"), &held).await;
}

/// A visitor who has written this, and an operator who reads it.
async fn asked(words: &str) -> (Shop, ConversationId, Operator) {
    let shop = Relay::shared().await.shop().await;
    let (mut visitor, conversation, _) = Peer::visitor(&shop).await;
    visitor.say_for_sure(words).await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    operator.opens(words).await;
    (shop, conversation, operator)
}

/// The same of a shopper who looks at the chat.
async fn asked_by_a_shopper(words: &str) -> (Shopper, Operator) {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure(words).await;
    let operator = Operator::signs_in(desk, &shop).await;
    operator.opens(words).await;
    (shopper, operator)
}

/// What the relay has of the last message.
async fn said(owner: &Caller, conversation: ConversationId) -> (String, Vec<Part>) {
    let last = owner.transcript(conversation).await.pop();
    let Content::Message { text, parts } = last.expect("an entry").content else {
        panic!("a message");
    };
    (text, parts.all().to_vec())
}

#[tokio::test]
async fn an_offered_answer_is_chosen_and_read() {
    let (shopper, operator) = asked_by_a_shopper("Which moka for two?").await;
    let page = &operator.browser;

    // By keyboard alone.
    page.press("Offer…").await;
    has_focus(page, "Answer 1").await;
    keys(page, format!("Three cups{}", key(Key::Enter))).await;
    has_focus(page, "Answer 2").await;
    keys(page, format!("Six cups{}", key(Key::Enter))).await;
    has_focus(page, "Answer 3").await;
    keys(page, key(Key::Backspace)).await;
    page.see_no("textbox", "Answer 3").await;
    has_focus(page, "Answer 2").await;
    keys(page, key(Key::Escape)).await;
    page.see_no("group", "What you offer").await;
    has_focus(page, "Offer: 2 answers").await;

    page.see_words_anywhere("Write the words it goes with.")
        .await;
    operator.types("One of these?").await;
    page.press("Send with offer").await;
    operator.reads("One of these?").await;
    page.see("button", "Offer…").await;
    page.see("button", "Send reply").await;

    shopper.reads("One of these?").await;
    shopper.browser.see("button", "Three cups").await;
    shopper.browser.click("button", "Six cups").await;
    shopper.is_stored("Six cups").await;
    eventually("the operator reads what was chosen", async || {
        let last = page.transcript().await.pop()?;
        last.starts_with("Six cups").then_some(())
    })
    .await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn two_cards_stand_side_by_side() {
    let (shopper, operator) = asked_by_a_shopper("Which moka for two?").await;
    let page = &operator.browser;

    page.press("Offer…").await;
    page.press("Add a card").await;
    has_focus(page, "Title").await;
    fills_in(page, "Title", 0, "Tazza").await;
    fills_in(page, "Price", 0, "9,00 €").await;
    page.press("Add another card").await;
    fills_in(page, "Title", 1, "Moka").await;
    fills_in(page, "Price", 1, "24,90 €").await;
    fills_in(page, "A line about it", 1, "For three cups").await;
    fills_in(page, "Link", 1, "https://shop.example/moka").await;
    fills_in(page, "Words on the button", 1, "Look").await;
    keys(page, key(Key::Enter)).await;
    has_focus(page, "Address of the picture").await;
    keys(page, key(Key::Enter)).await;
    has_focus(page, "Add another card").await;
    page.press("Move card 2 up").await;
    // At the end of its way, the other way is held.
    has_focus(page, "Move card 1 down").await;
    assert_eq!(value(page, "Title", 0).await, "Moka");
    page.see("button", "Offer: 2 cards").await;
    operator.answers("One of these two?").await;
    operator.reads("One of these two?").await;
    page.see_words_anywhere("Moka · 24,90 €").await;

    shopper.reads("One of these two?").await;
    let name = table("cards/en")["cards"]
        .as_str()
        .expect("a word")
        .to_owned();
    let list = shopper.browser.see("list", &name).await;
    let cards = list.text().await.expect("words");
    let places = [
        "Moka",
        "For three cups",
        "24,90 €",
        "Look",
        "Tazza",
        "9,00 €",
    ];
    let places = places.map(|words| cards.find(words));
    assert!(places.is_sorted() && places[0].is_some(), "{cards}");
    shopper.browser.see("link", "Look, Moka").await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn what_does_not_fit_is_said_at_its_field_and_nothing_is_lost() {
    let (shop, conversation, operator) = asked("Which moka for two?").await;
    let page = &operator.browser;
    let owner = shop.caller();
    operator.types("This one").await;
    page.press("Offer…").await;
    let long = "a".repeat(LINE_MAX + 3);
    fills_in(page, "Answer 1", 0, &long).await;
    page.see("status", "3 characters too many").await;
    page.see_words_anywhere("Answer 1: 3 characters too many")
        .await;
    page.press("Add a card").await;
    fills_in(page, "Title", 0, "Moka").await;
    fills_in(page, "Words on the button", 0, "Look").await;
    fills_in(page, "Link", 0, "shop.example/moka").await;
    // Whoever still writes it is not told.
    page.see_no("status", "Write the whole address").await;
    keys(page, key(Key::Tab)).await;
    page.see("status", "Write the whole address").await;

    // A press leads to what is wrong, closed or not.
    page.press("Send with offer").await;
    has_focus(page, "Answer 1").await;
    fills_in(page, "Answer 1", 0, "Yes").await;
    keys(page, key(Key::Escape)).await;
    page.see_no("group", "What you offer").await;
    page.see_words_anywhere("Card 1: Write the whole address")
        .await;
    operator.types(&key(Key::Enter)).await;
    has_focus(page, "Link").await;
    assert_eq!(value(page, "Link", 0).await, "shop.example/moka");

    page.press("Remove card 1").await;
    page.see_no("textbox", "Title").await;
    has_focus(page, "Undo").await;
    keys(page, key(Key::Enter)).await;
    has_focus(page, "Title").await;
    fills_in(page, "Link", 0, "https://shop.example/moka").await;
    page.see_no("status", "Write the whole address").await;
    assert_eq!(owner.words(conversation).await, ["Which moka for two?"]);
    page.press("Send with offer").await;
    operator.reads("This one").await;
    page.see_bubble("This one", &["Sent"]).await;
    let card = Card {
        title: "Moka".into(),
        text: None,
        price: None,
        picture: None,
        link: Some("https://shop.example/moka".into()),
        action: Some("Look".into()),
    };
    let parts = vec![Part::Card(card), Part::Reply { text: "Yes".into() }];
    assert_eq!(said(&owner, conversation).await, ("This one".into(), parts));
    operator.leaves().await;
}

#[tokio::test]
async fn what_was_filled_in_is_kept() {
    let (shop, conversation, operator) = asked("Which moka for two?").await;
    let (mut other, ..) = Peer::visitor(&shop).await;
    other.say_for_sure("Is it open on Sunday?").await;
    let page = &operator.browser;
    page.press("Offer…").await;
    fills_in(page, "Answer 1", 0, "Yes").await;
    page.press("Add a card").await;
    fills_in(page, "Price", 0, "24,90 €").await;
    fills_in(page, "Link", 0, "shop.exa").await;
    page.see("button", "Offer: 1 answer, 1 card").await;

    // A note leaves it where it is.
    page.choose("Note").await;
    page.see_no("group", "What you offer").await;
    page.see_no("button", "Offer").await;
    page.choose("Reply").await;
    page.see("group", "What you offer").await;
    operator.notes("A regular").await;
    page.see("button", "Offer: 1 answer, 1 card").await;

    operator.opens("Is it open on Sunday?").await;
    page.see_no("group", "What you offer").await;
    page.see("button", "Offer…").await;
    // The list has the newest words.
    operator.opens("A regular").await;
    page.see("button", "Offer: 1 answer, 1 card").await;

    page.reload().await;
    page.press("Offer: 1 answer, 1 card").await;
    has_focus(page, "Answer 1").await;
    let kept = [
        ("Answer 1", "Yes"),
        ("Price", "24,90 €"),
        ("Link", "shop.exa"),
    ];
    for (name, text) in kept {
        assert_eq!(value(page, name, 0).await, text, "{name}");
    }
    page.see("status", "Give the card a title.").await;
    fills_in(page, "Title", 0, "Moka").await;
    fills_in(page, "Link", 0, "https://shop.example").await;
    operator.answers("This one").await;
    page.see_bubble("This one", &["Sent"]).await;
    let (_, parts) = said(&shop.caller(), conversation).await;
    assert_eq!(parts.len(), 2);

    // What has left is not offered again.
    page.reload().await;
    page.see("button", "Offer…").await;
    operator.leaves().await;
}

#[tokio::test]
async fn the_button_sends_after_a_file_was_taken_back() {
    let (_, _, operator) = asked("May I have the invoice?").await;
    let page = &operator.browser;
    page.press("Offer…").await;
    fills_in(page, "Answer 1", 0, "Thank you").await;
    takes(page, "choose", &[("Fattura.pdf", "pdf")]).await;
    page.press("Remove Fattura.pdf").await;
    page.see_no("button", "Remove Fattura.pdf").await;
    operator.types("Anything else?").await;
    page.press("Send with offer").await;
    page.see_bubble("Anything else?", &["Sent"]).await;
    operator.leaves().await;
}

#[tokio::test]
async fn files_go_in_a_message_of_their_own() {
    let (shop, conversation, operator) = asked("May I have the invoice?").await;
    let page = &operator.browser;
    page.press("Offer…").await;
    fills_in(page, "Answer 1", 0, "Thank you").await;
    takes(page, "choose", &[("Fattura.pdf", "pdf")]).await;
    page.see("button", "Remove Fattura.pdf").await;
    operator.answers("Anything else?").await;
    page.see_bubble("Anything else?", &["Sent"]).await;
    let thanks = Part::Reply {
        text: "Thank you".into(),
    };
    let (_, parts) = said(&shop.caller(), conversation).await;
    assert_eq!(parts, [thanks]);
    page.see("button", "Remove Fattura.pdf").await;
    page.press("Send reply").await;
    page.see("link", "Download Fattura.pdf").await;
    operator.leaves().await;
}

#[tokio::test]
async fn the_open_editor_has_no_violation() {
    let (_, _, operator) = asked("Which moka for two?").await;
    let page = &operator.browser;
    page.press("Offer…").await;
    assert_accessible(page, "html", "an empty offer").await;
    fills_in(page, "Answer 1", 0, &"a".repeat(LINE_MAX + 1)).await;
    for (nth, name) in ["Add a card", "Add another card", "Add another card"]
        .into_iter()
        .enumerate()
    {
        page.press(name).await;
        fills_in(page, "Title", nth, "Moka").await;
    }
    fills_in(page, "Picture", 0, "moka.jpg").await;
    page.press("Remove card 2").await;
    page.see("button", "Undo").await;
    page.see("status", "Write the whole address").await;
    assert_accessible(page, "html", "an offer with faults").await;
    page.resize(SMALL).await;
    page.see("group", "Card 2").await;
    assert_accessible(page, "html", "the same on a phone").await;
    // Nothing is wider than the screen.
    let narrow = "return [...document.querySelectorAll('#offer *, .paper-head *, .paper-foot *')].every((one) => one.getBoundingClientRect().right <= innerWidth)";
    assert_eq!(page.ask(narrow).await, json!(true));
    keys(page, key(Key::Escape)).await;
    page.see("button", "Offer: 1 answer, 2 cards").await;
    assert_accessible(page, "html", "a closed offer on a phone").await;
    operator.leaves().await;
}
