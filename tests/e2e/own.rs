//! A shopper has several conversations with a shop (SPEC, OC): they find them again, begin another, and go from one to the other.

use protocol::api::{Handover, NewHandover, OwnConversations};
use tests::{
    Browser, Caller, Peer, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shop,
    shopper::{LAUNCHER, ROOT},
};

use crate::{
    accessible::assert_widget_accessible,
    device::offline,
    frame::{inside, outside},
    network::{BROKEN, behind_a_proxy},
};

/// Why a device stays where it is.
const UNSENT: &str = "One of your messages has not been sent yet.";

const LIST: &str = "/v1/visitors/current/conversations";

/// Opens the list, and waits until it is there.
async fn looks_for_others(browser: &Browser) {
    browser.click("button", "More").await;
    browser.click("menuitem", "Your conversations").await;
    let there = format!(
        "return Boolean({ROOT}.querySelector('.own li, .dialog [role=status]:not(:empty)')) && !{ROOT}.querySelector('.dialog').innerText.includes('Loading')"
    );
    browser.until("the list is there", &there).await;
}

/// Presses this, and waits until the panel has begun anew.
pub(crate) async fn goes_on(browser: &Browser, by: &str) {
    let panel = format!("{ROOT}.querySelector('.panel').setAttribute('data-before', '')");
    browser.ask(&panel).await;
    browser.click("button", by).await;
    let anew = format!("return Boolean({ROOT}?.querySelector('.panel:not([data-before])'))");
    browser.until("the panel begins anew", &anew).await;
}

/// Of each line of the list what a person reads but for its time.
async fn lines(browser: &Browser) -> Vec<[String; 3]> {
    let lines = format!(
        "return [...{ROOT}.querySelectorAll('.own li')].map((line) => ['b', 'span', 'em'].map((part) => line.querySelector(part).innerText))"
    );
    serde_json::from_value(browser.ask(&lines).await).expect("lines of three")
}

fn line(who: &str, words: &str, mark: &str) -> [String; 3] {
    [who, words, mark].map(str::to_owned)
}

#[tokio::test]
async fn oc2_from_one_to_another_and_back() {
    let shop = Relay::shared().await.shop().await;
    let owner = shop.caller();
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    looks_for_others(browser).await;
    browser.see_words_anywhere("None yet.").await;
    assert_widget_accessible(browser, "no conversations").await;
    browser.press("Done").await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    let first = owner.conversation_with("Is the moka in stock?").await.id;
    owner.write(first, "Three are left").await;
    shopper.reads("Three are left").await;

    looks_for_others(browser).await;
    assert_eq!(
        lines(browser).await,
        [line("Giulia", "Three are left", "Here")]
    );
    goes_on(browser, "Start a new one").await;
    shopper.is_in_the_chat().await;
    browser
        .until(
            "nothing was said in it",
            &format!("return !{ROOT}.querySelector('.lines>.row')"),
        )
        .await;
    assert_eq!(browser.transcript().await, [""; 0]);
    shopper.writes_for_sure("My order has not come").await;
    let second = owner.conversation_with("My order has not come").await.id;
    assert_ne!(first, second);
    // While they are in the second, the shop says more in the first.
    owner.write(first, "Now there are two").await;
    owner.conversation_with("Now there are two").await;
    // Whoever comes back to the chat is told so at the way there (OC4).
    browser.press("Close").await;
    shopper.opens_the_chat().await;
    browser
        .see("button", "More, a new answer in another conversation")
        .await;
    assert_widget_accessible(browser, "news elsewhere").await;

    looks_for_others(browser).await;
    assert_eq!(
        lines(browser).await,
        [
            line("Giulia", "Now there are two", "New"),
            line("You", "My order has not come", "Here"),
        ]
    );
    assert_widget_accessible(browser, "conversations").await;
    goes_on(browser, "Now there are two").await;
    shopper.reads("Now there are two").await;
    shopper.reads("Is the moka in stock?").await;
    shopper.writes_for_sure("I take one").await;
    owner.conversation_with("I take one").await;
    let words = owner.words(first).await;
    assert_eq!(words.last().map(String::as_str), Some("I take one"));
    assert_eq!(owner.words(second).await, ["My order has not come"]);
    // A reload stays where they are.
    browser.reload().await;
    shopper.opens_the_chat().await;
    shopper.reads("I take one").await;
    looks_for_others(browser).await;
    assert_eq!(lines(browser).await[0], line("You", "I take one", "Here"));
    shopper.leaves().await;
}

#[tokio::test]
async fn oc2_what_has_not_left_stays_where_it_was_written() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("The first").await;
    let first = shop.caller().conversation_with("The first").await.id;
    offline(&proxy);
    shopper.writes("Not yet").await;
    browser.see_bubble("Not yet", &["On its way"]).await;
    looks_for_others(browser).await;
    browser.press("Start a new one").await;
    browser.see_words_anywhere(UNSENT).await;
    browser.press("Done").await;
    proxy.calm();
    shopper.is_stored("Not yet").await;
    // Now it may go on.
    looks_for_others(browser).await;
    goes_on(browser, "Start a new one").await;
    shopper.is_in_the_chat().await;
    assert_eq!(browser.transcript().await, [""; 0]);
    let words = shop.caller().words(first).await;
    assert_eq!(words, ["The first", "Not yet"]);
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn oc2_a_link_waits_for_what_has_not_left() {
    let (proxy, shop) = behind_a_proxy().await;
    let (mut other, theirs, pass) = Peer::visitor(&shop).await;
    other.say_for_sure("From the other device").await;
    let other = Caller::nobody(&shop.relay).from(&shop.storefront.origin());
    let asked = NewHandover {
        conversation: theirs,
    };
    let code = other
        .bearing(&pass.token)
        .post("/v1/handovers", &asked)
        .await;
    let Handover { code, .. } = code.json();
    let link = format!("{}#commesso={code}", shop.storefront.page("plain"));
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("The first").await;
    let first = shop.caller().conversation_with("The first").await.id;
    offline(&proxy);
    shopper.writes("Not yet").await;
    browser.see_bubble("Not yet", &["On its way"]).await;
    // To a page of the same address only the fragment would change.
    browser.go("about:blank").await;
    browser.go(&link).await;
    browser.press("Go on here").await;
    browser.see_words_anywhere(UNSENT).await;
    browser.press("All right").await;
    shopper.is_in_the_chat().await;
    proxy.calm();
    shopper.is_stored("Not yet").await;
    assert_eq!(shop.caller().words(first).await, ["The first", "Not yet"]);
    // The code is as good as it was.
    browser.go("about:blank").await;
    browser.go(&link).await;
    browser.press("Go on here").await;
    shopper.reads("From the other device").await;
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn oc2_also_where_the_chat_is_in_a_frame() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "walled").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("The first").await;
    shop.caller().conversation_with("The first").await;
    looks_for_others(browser).await;
    assert_eq!(lines(browser).await, [line("You", "The first", "Here")]);
    // It begins anew, frame and all.
    outside(browser).await;
    let marked = format!("{ROOT}.querySelector('iframe').setAttribute('data-first', '')");
    browser.ask(&marked).await;
    inside(browser).await;
    browser.press("Start a new one").await;
    outside(browser).await;
    let anew = format!("return Boolean({ROOT}?.querySelector('iframe:not([data-first])'))");
    browser.until("there is another frame", &anew).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    assert_eq!(browser.transcript().await, [""; 0]);
    shopper.writes_for_sure("The second").await;
    let both = [
        shop.caller().conversation_with("The first").await.id,
        shop.caller().conversation_with("The second").await.id,
    ];
    assert_ne!(both[0], both[1]);
    shopper
        .leaves_after(&["Content Security Policy", "WebAssembly"])
        .await;
}

#[tokio::test]
async fn oc3_other_pages_go_along() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("The first").await;
    let first = browser.driver.window().await.expect("a tab");
    let second = browser.tab(&shop.storefront.page("plain")).await;
    browser.front(&second).await;
    shopper.opens_the_chat().await;
    shopper.reads("The first").await;
    looks_for_others(browser).await;
    goes_on(browser, "Start a new one").await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("The second").await;
    browser.front(&first).await;
    shopper.reads("The second").await;
    browser
        .until(
            "the first is not shown",
            &format!("return !{ROOT}.querySelector('.lines').innerText.includes('The first')"),
        )
        .await;
    shopper.leaves().await;
}

#[tokio::test]
async fn oc4_what_was_left_is_new_until_it_is_looked_at() {
    let shop = Relay::shared().await.shop().await;
    let owner = shop.caller();
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("The first").await;
    let first = owner.conversation_with("The first").await.id;
    looks_for_others(browser).await;
    goes_on(browser, "Start a new one").await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("The second").await;
    owner.conversation_with("The second").await;
    looks_for_others(browser).await;
    let [here, quiet] = [
        line("You", "The second", "Here"),
        line("You", "The first", ""),
    ];
    assert_eq!(lines(browser).await, [here, quiet]);
    browser.press("Done").await;
    owner.write(first, "An answer").await;
    owner.conversation_with("An answer").await;
    looks_for_others(browser).await;
    assert_eq!(lines(browser).await[0], line("Giulia", "An answer", "New"));
    goes_on(browser, "An answer").await;
    shopper.reads("An answer").await;
    looks_for_others(browser).await;
    goes_on(browser, "The second").await;
    shopper.reads("The second").await;
    looks_for_others(browser).await;
    assert_eq!(lines(browser).await[0], line("Giulia", "An answer", ""));
    shopper.leaves().await;
}

#[tokio::test]
async fn oc1_nobody_reads_the_list_of_another() {
    let shop = Relay::shared().await.shop().await;
    let (anna, _) = Caller::visitor(&shop).await;
    let (other, _) = Caller::visitor(&shop).await;
    let [one, two] = [shop::conversation_id(), shop::conversation_id()];
    anna.write(one, "Mine").await;
    other.write(two, "Theirs").await;
    for words in ["Mine", "Theirs"] {
        shop.caller().conversation_with(words).await;
    }
    for (caller, id, words) in [(&anna, one, "Mine"), (&other, two, "Theirs")] {
        let OwnConversations { conversations } = caller.get(LIST).await.json();
        assert_eq!(conversations.len(), 1);
        assert_eq!(conversations[0].id, id);
        let last = conversations[0].last.as_ref().expect("words");
        assert_eq!(last.text, words);
    }
    Caller::nobody(&shop.relay).get(LIST).await.problem(401);
    // Who answers has the inbox.
    shop.caller().get(LIST).await.problem(403);
}
