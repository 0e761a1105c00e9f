//! The shop closes a conversation, the shopper says how it was, and the operator reads it.

use protocol::{
    api::NewStatus,
    conversation::Status,
    entry::Content,
    form::{FieldKind, Form},
    id::ConversationId,
};
use tests::{
    Browser, Caller, Operator, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::ROOT,
};

use crate::{accessible::assert_widget_accessible, form};

/// A shopper whose conversation was closed, and who looks at it.
async fn whose_is_closed(shop: &Shop, browser: Browser) -> (Shopper, Caller, ConversationId) {
    let shopper = Shopper::arrives(browser, shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    owner.write(conversation, "The small one").await;
    shopper.reads("The small one").await;
    close(&owner, conversation).await;
    shopper.browser.see("radio", "Very well").await;
    (shopper, owner, conversation)
}

pub(crate) async fn close(owner: &Caller, conversation: ConversationId) {
    let resolved = NewStatus {
        id: None,
        status: Status::Resolved,
    };
    let path = format!("/v1/conversations/{conversation}/status");
    assert_eq!(owner.put(&path, &resolved).await.status, 200);
}

/// Waits until these are the ratings of the transcript.
pub(crate) async fn ratings(owner: &Caller, conversation: ConversationId, expected: &[(u8, &str)]) {
    eventually(&format!("{expected:?} is rated"), async || {
        let entries = owner.transcript(conversation).await;
        let rated = entries.iter().filter_map(|entry| {
            let Content::Rating { score, comment } = &entry.content else {
                return None;
            };
            Some((*score, comment.as_str()))
        });
        (rated.collect::<Vec<_>>() == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn it_is_said_once_and_can_be_said_anew() {
    let shop = Relay::shared().await.shop().await;
    let (shopper, owner, conversation) = whose_is_closed(&shop, Browser::open(PHONE).await).await;
    let browser = &shopper.browser;
    browser.see_no("button", "Change").await;
    browser.choose("Well").await;
    let comment = browser.see("textbox", "Anything to add?").await;
    comment.send_keys("Fast & <b>kind</b>").await.expect("keys");
    // What is not sent yet is kept.
    browser.reload().await;
    shopper.opens_the_chat().await;
    let kept = format!(
        "return {ROOT}.querySelector('.rating textarea')?.value === 'Fast & <b>kind</b>' && {ROOT}.querySelector('.rating :checked').ariaLabel === 'Well'"
    );
    browser.until("the rating is as it was left", &kept).await;
    assert_widget_accessible(browser, "a rating that is being given").await;
    form::sends(browser).await;
    browser.see_words_anywhere("Thanks. You said: Well.").await;
    ratings(&owner, conversation, &[(4, "Fast & <b>kind</b>")]).await;
    // It is known on the next page, and can be changed there.
    browser.reload().await;
    shopper.opens_the_chat().await;
    browser.see_words_anywhere("Thanks. You said: Well.").await;
    browser.see_no("radio", "Well").await;
    browser.click("button", "Change").await;
    browser.choose("Very badly").await;
    form::sends(browser).await;
    browser
        .see_words_anywhere("Thanks. You said: Very badly.")
        .await;
    ratings(
        &owner,
        conversation,
        &[(4, "Fast & <b>kind</b>"), (1, "Fast & <b>kind</b>")],
    )
    .await;
    assert!(
        owner.open_conversations().await.is_empty(),
        "a rating opens nothing"
    );
    shopper.leaves().await;
}

#[tokio::test]
async fn who_writes_on_is_not_asked_any_more() {
    let shop = Relay::shared().await.shop().await;
    let (shopper, owner, conversation) = whose_is_closed(&shop, Browser::open(DESKTOP).await).await;
    shopper.writes_for_sure("And for four?").await;
    shopper.browser.see_no("radio", "Well").await;
    // Closed again, it is asked again, at the new end alone.
    close(&owner, conversation).await;
    shopper.browser.see("radio", "Well").await;
    let asked = shopper.browser.all("radio", Some("Very well")).await;
    assert_eq!(asked.len(), 1);
    shopper.leaves().await;
}

#[tokio::test]
async fn fo5_who_fills_in_a_form_is_still_asked_how_it_was() {
    let shop = Relay::shared().await.shop().await;
    let asked = Form {
        fields: vec![form::field("email", FieldKind::Email, true)],
        ..Form::default()
    };
    form::asks(&shop, asked).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    let email = browser.see("textbox", "Your e-mail").await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    close(&owner, conversation).await;
    browser.see("radio", "Very well").await;
    email.send_keys("anna@example.com").await.expect("keys");
    form::sends(browser).await;
    form::answers(&owner, conversation, &[("email", "anna@example.com")]).await;
    shopper.reads("Your e-mail: anna@example.com").await;
    browser.choose("Well").await;
    browser.see("textbox", "Anything to add?").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_operator_reads_it_in_the_transcript() {
    let shop = Relay::shared().await.shop().await;
    let (browser, desk) = Browser::two(PHONE, DESKTOP).await;
    let (shopper, owner, conversation) = whose_is_closed(&shop, browser).await;
    shopper.browser.choose("Very well").await;
    form::sends(&shopper.browser).await;
    ratings(&owner, conversation, &[(5, "")]).await;
    let operator = Operator::signs_in(desk, &shop).await;
    operator.browser.click("button", "Resolved").await;
    operator.opens("The small one").await;
    operator.reads("it went very well (5 of 5)").await;
    operator.leaves().await;
    shopper.leaves().await;
}
