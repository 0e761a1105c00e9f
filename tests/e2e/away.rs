//! Nobody is there: who leaves an address is reached by it.

use protocol::form::Form;
use tests::{Browser, Relay, Shopper, browser::PHONE};

use crate::form;

#[tokio::test]
async fn an_address_that_is_left_goes_along_with_the_words() {
    let shop = Relay::shared().await.shop().await;
    let away = Form {
        away: true,
        ..Form::default()
    };
    form::asks(&shop, away).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser
        .see_words_anywhere("Nobody is here right now.")
        .await;
    let email = browser.see("textbox", "Your e-mail").await;
    email.send_keys("anna@example.com").await.expect("keys");
    shopper.writes("Is anybody there?").await;
    // What was filled in leaves right behind the words, and is the last of the group.
    shopper.is_stored("Your e-mail: anna@example.com").await;
    browser.see_no("textbox", "Your e-mail").await;
    let owner = shop.caller();
    let conversation = owner.open_conversations().await.remove(0).id;
    form::answers(&owner, conversation, &[("email", "anna@example.com")]).await;
    shopper.leaves().await;
}
