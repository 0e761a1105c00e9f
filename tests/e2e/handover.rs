//! The shopper goes on on another device: by a link that is good once, or by a code that is typed. On both the conversation is whole.

mod camera;

use protocol::{
    api::{Handover, NewHandover, NewTakeover, Takeover},
    id::ConversationId,
};
use serde_json::json;
use tests::{
    Browser, Caller, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    fault_proxy::Door,
    shop,
    shopper::ROOT,
};

use crate::{
    accessible::assert_widget_accessible,
    network::{BROKEN, behind_a_proxy},
};

/// The code that the dialog shows.
async fn shown_code(browser: &Browser) -> String {
    browser.press("More").await;
    browser.click("menuitem", "Continue on your phone").await;
    browser.see("img", "QR code of the link").await;
    let code = browser
        .ask(&format!(
            "return {ROOT}.querySelector('output').textContent"
        ))
        .await;
    code.as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn by_a_link_that_is_good_once() {
    let shop = Relay::shared().await.shop().await;
    let (desk, phone) = Browser::two(DESKTOP, PHONE).await;
    let desk = Shopper::arrives(desk, &shop, "plain").await;
    desk.opens_the_chat().await;
    desk.writes_for_sure("Is the moka in stock?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka in stock?").await.id;
    owner.write(conversation, "Three are left").await;
    desk.reads("Three are left").await;
    let code = shown_code(&desk.browser).await;
    assert_widget_accessible(&desk.browser, "a hand-over").await;
    let link = format!(
        "{}#commesso={}",
        shop.storefront.page("plain"),
        code.replace('-', "")
    );

    phone.go(&link).await;
    phone.press("Go on here").await;
    let phone = Shopper { browser: phone };
    phone.reads("Is the moka in stock?").await;
    phone.reads("Three are left").await;
    assert_eq!(
        phone.browser.ask("return location.hash").await,
        json!(""),
        "the code is out of the address"
    );
    // Both go on.
    phone.writes_for_sure("I take one").await;
    desk.browser.press("Done").await;
    desk.reads("I take one").await;
    desk.writes_for_sure("Or two").await;
    phone.reads("Or two").await;

    desk.leaves().await;
    phone.leaves().await;

    // It is good once.
    let other = Browser::open(PHONE).await;
    other.go(&link).await;
    other.press("Go on here").await;
    other.see_words_anywhere("The link was used already").await;
    other.press("All right").await;
    other.see("log", "Messages").await;
    assert_eq!(other.transcript().await, [""; 0], "nothing of it is here");
    other.leave(&["404"]).await;
}

/// What another device of this visitor's shows: the way to a page on which their conversation goes on.
pub(crate) async fn link(visitor: &Caller, conversation: ConversationId, page: &str) -> String {
    let asked = visitor
        .post("/v1/handovers", &NewHandover { conversation })
        .await;
    let Handover { code, .. } = asked.json();
    format!("{page}#commesso={code}")
}

#[tokio::test]
async fn who_does_not_want_to_stays_who_they_are() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    let link = link(&visitor, conversation, &shop.storefront.page("plain")).await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&link).await;
    browser.press("Not now").await;
    let shopper = Shopper { browser };
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("I am somebody else").await;
    let theirs = shop.caller().conversation_with("I am somebody else").await;
    assert_ne!(theirs.id, conversation);
    shopper.leaves().await;
}

#[tokio::test]
async fn a_link_that_is_put_into_an_open_tab_asks_there() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    visitor.write(conversation, "On the desk").await;
    let link = link(&visitor, conversation, &shop.storefront.page("plain")).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    let put = format!("window.same = true; location.href = '{link}'");
    browser.ask(&put).await;
    browser.press("Go on here").await;
    shopper.reads("On the desk").await;
    let here = "return window.same && location.hash === ''";
    browser.until("the page is the same", here).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn by_a_code_that_is_typed() {
    let shop = Relay::shared().await.shop().await;
    let (desk, phone) = Browser::two(DESKTOP, PHONE).await;
    let desk = Shopper::arrives(desk, &shop, "plain").await;
    desk.opens_the_chat().await;
    desk.writes_for_sure("Is the moka in stock?").await;
    let code = shown_code(&desk.browser).await;
    let phone = Shopper::arrives(phone, &shop, "plain").await;
    phone.opens_the_chat().await;
    phone.browser.press("More").await;
    phone
        .browser
        .click("menuitem", "Continue on your phone")
        .await;
    let field = phone
        .browser
        .see("textbox", "You have a code from another device?")
        .await;
    field.send_keys("00000-00000").await.expect("keys");
    phone.browser.press("Go on here").await;
    phone
        .browser
        .see_words_anywhere("There is no such code, or it was used already.")
        .await;
    field.clear().await.expect("an empty field");
    field.send_keys(code.to_lowercase()).await.expect("keys");
    phone.browser.press("Go on here").await;
    phone.reads("Is the moka in stock?").await;
    phone.writes_for_sure("I take one").await;
    desk.leaves().await;
    phone.leaves_after(&["404"]).await;
}

#[tokio::test]
async fn in_a_tunnel_it_is_tried_again() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    // Its parts are here already.
    shown_code(browser).await;
    browser.press("Done").await;
    proxy.door(Door::NoChat);
    proxy.reset();
    browser.press("More").await;
    browser.click("menuitem", "Continue on your phone").await;
    browser.see("status", "We can’t reach the shop.").await;
    browser.see_no("img", "QR code of the link").await;
    proxy.calm();
    browser.press("Try again").await;
    browser.see("img", "QR code of the link").await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_code_gives_what_its_visitor_has_and_nothing_more() {
    let shop = Relay::shared().await.shop().await;
    let (one, pass) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    one.write(conversation, "Mine").await;
    let ask = NewHandover { conversation };
    let first: Handover = one.post("/v1/handovers", &ask).await.json();
    let second: Handover = one.post("/v1/handovers", &ask).await.json();
    let other = Caller::nobody(&shop.relay).from(&shop.storefront.origin());
    let take = |code: &str| NewTakeover {
        shop: shop.id.clone(),
        code: code.into(),
    };
    // The last one counts.
    other
        .post("/v1/takeovers", &take(&first.code))
        .await
        .problem(404);
    let taken: Takeover = other
        .post("/v1/takeovers", &take(&second.code))
        .await
        .json();
    assert_eq!(
        (taken.conversation, taken.pass.visitor),
        (conversation, pass.visitor)
    );
    assert_eq!(
        other.bearing(&taken.pass.token).words(conversation).await,
        ["Mine"]
    );
    for code in [second.code.as_str(), "", "0000000000", "nonsense"] {
        other.post("/v1/takeovers", &take(code)).await.problem(404);
    }
    // A visitor who names what is somebody else's hands nothing of it over.
    let (thief, _) = Caller::visitor(&shop).await;
    let stolen: Handover = thief.post("/v1/handovers", &ask).await.json();
    let taken: Takeover = other
        .post("/v1/takeovers", &take(&stolen.code))
        .await
        .json();
    let path = format!("/v1/conversations/{conversation}/entries");
    other
        .bearing(&taken.pass.token)
        .get(&path)
        .await
        .problem(404);
    // Another shop does not know it, and a page that is not the shop's does not get it.
    let neighbour = Relay::shared().await.shop().await;
    let third: Handover = one.post("/v1/handovers", &ask).await.json();
    let elsewhere = NewTakeover {
        shop: neighbour.id.clone(),
        code: third.code.clone(),
    };
    let next_door = Caller::nobody(&shop.relay).from(&neighbour.storefront.origin());
    next_door
        .post("/v1/takeovers", &elsewhere)
        .await
        .problem(404);
    next_door
        .post("/v1/takeovers", &take(&third.code))
        .await
        .problem(403);
    other
        .post("/v1/takeovers", &take(&third.code))
        .await
        .json::<Takeover>();
    // No operator hands a visitor over.
    shop.caller().post("/v1/handovers", &ask).await.problem(403);
}
