//! A shopper on a phone and an operator at a desk, each in a browser.

use tests::{
    Browser, Operator, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::ROOT,
};

use crate::form;

#[tokio::test]
async fn a_first_message_and_a_live_reply() {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper
        .browser
        .see_words_anywhere("What are you looking for?")
        .await;
    shopper.writes_for_sure("Is the moka in stock?").await;

    operator.opens("Is the moka in stock?").await;
    shopper
        .browser
        .see_bubble("Is the moka in stock?", &["Seen"])
        .await;
    operator.types("Three").await;
    shopper.browser.see_words_anywhere("is typing").await;
    operator.answers(" are left.").await;
    shopper.reads("Three are left.").await;
    operator
        .browser
        .see_bubble("Three are left.", &["Seen"])
        .await;

    shopper.types("Then").await;
    operator.browser.see_words_anywhere("is typing").await;
    shopper.writes(" I take one.").await;
    operator.reads("Then I take one.").await;

    operator.notes("A regular").await;
    operator.answers("It is yours.").await;
    shopper.reads("It is yours.").await;
    let seen = shopper.browser.transcript().await.join("\n");
    assert!(
        !seen.contains("A regular"),
        "a note was shown to the shopper"
    );
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn a_reply_with_curl() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Anybody there?").await;
    shop.caller().conversation_with("Anybody there?").await;
    let url = format!("{}/v1/conversations/latest/messages", shop.relay);
    let answered = tokio::process::Command::new("curl")
        .args(["--silent", "--fail", "--noproxy", "*", "-X", "POST", &url])
        .args(["-H", &format!("Authorization: Bearer {}", shop.made.key)])
        .args(["-H", "content-type: application/json"])
        .args(["-d", r#"{"text":"Buongiorno"}"#])
        .output()
        .await
        .expect("curl is there");
    assert!(answered.status.success(), "curl: {answered:?}");
    shopper.reads("Buongiorno").await;
    shopper.leaves().await;
}

/// A shopper who has no more to ask, and an operator who looks at it.
async fn at_the_end() -> (Shopper, Operator) {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Thank you").await;
    operator.opens("Thank you").await;
    (shopper, operator)
}

#[tokio::test]
async fn resolved_and_open_again() {
    let (shopper, operator) = at_the_end().await;
    operator.browser.press("Assign to me").await;
    operator.browser.press("Resolve").await;
    operator.browser.see("button", "Undo").await;
    operator.browser.click("button", "Resolved").await;
    operator.browser.see("button", "Thank you").await;
    shopper.writes_for_sure("One more thing").await;
    operator.browser.click("button", "Open").await;
    operator.opens("One more thing").await;
    operator.browser.see("button", "Resolve").await;
    operator
        .browser
        .see_words_anywhere("wrote, and the conversation is open again")
        .await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn nothing_is_left_to_take_back_once_the_visitor_has_written() {
    let (shopper, operator) = at_the_end().await;
    operator.browser.press("Resolve").await;
    operator.browser.see("button", "Undo").await;
    shopper.writes_for_sure("One more thing").await;
    operator.reads("One more thing").await;
    operator.browser.see_no("button", "Undo").await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn what_was_closed_by_mistake_was_not_closed_for_the_shopper() {
    let (shopper, operator) = at_the_end().await;
    let closed = |times: usize| {
        let marks = format!("{ROOT}.querySelectorAll('.mark:has(.rating)').length");
        format!("return {marks} === {times}")
    };
    operator.browser.press("Resolve").await;
    shopper.browser.until("it is said", &closed(1)).await;
    shopper.browser.choose("Well").await;
    operator.browser.press("Undo").await;
    shopper.browser.until("it is taken back", &closed(0)).await;
    operator.browser.press("Resolve").await;
    shopper.browser.until("it is said once", &closed(1)).await;
    // What was begun belongs to the same words.
    let kept = format!("return {ROOT}.querySelector('.rating :checked')?.ariaLabel === 'Well'");
    shopper
        .browser
        .until("the rating is as it was", &kept)
        .await;
    form::sends(&shopper.browser).await;
    let thanks = "Thanks. You said: Well.";
    shopper.browser.see_words_anywhere(thanks).await;
    operator.browser.press("Undo").await;
    shopper.browser.until("it is taken back", &closed(0)).await;
    operator.browser.press("Resolve").await;
    shopper.browser.see_words_anywhere(thanks).await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn a_wrong_password_is_told_at_the_door() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator {
        browser: Browser::open(DESKTOP).await,
    };
    operator.comes_to_the_door(&shop).await;
    operator.knocks("not the password").await;
    operator
        .browser
        .see_words_anywhere("Check them and try again.")
        .await;
    operator.knocks(&shop.owner.password).await;
    operator.browser.see("list", "Conversations").await;
    operator.leaves_after(&["v1/sessions"]).await;
}
