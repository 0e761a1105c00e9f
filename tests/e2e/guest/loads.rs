//! What not everybody uses is loaded when it is used, and not before.

use std::collections::BTreeSet;

use protocol::{
    api::NewMessage,
    form::{FieldKind, Form},
    part::Part,
};
use tests::{Browser, Relay, Shop, Shopper, browser::DESKTOP};

use crate::{form, rating};

/// A picture of two by two.
const DOT: &[u8] =
    b"GIF89a\x02\0\x02\0\x80\0\0\x7a\x3b\x1d\0\0\0,\0\0\0\0\x02\0\x02\0\0\x02\x02\x84Q\0;";

/// What every chat on a desk is made of.
const ALWAYS: [&str; 9] = [
    "attach.js",
    "extra.js",
    "menu.js",
    "panel.js",
    "panel.wasm",
    "shelf.js",
    "words/attach/en.json",
    "words/en.json",
    "words/menu/en.json",
];

/// The files of the relay's that the page has asked for, without the hashes of their names.
async fn files(browser: &Browser, shop: &Shop) -> BTreeSet<String> {
    let script = format!(
        "return performance.getEntriesByType('resource').map((one) => one.name)
           .filter((name) => name.startsWith('{}/assets/')).map((name) => name.split('/assets/')[1].replace(/-[a-z]{{8}}/, ''))",
        shop.relay
    );
    serde_json::from_value(browser.ask(&script).await).expect("names")
}

/// What has come since the last look.
struct Seen<'a> {
    shop: &'a Shop,
    browser: &'a Browser,
    known: BTreeSet<String>,
}

impl Seen<'_> {
    async fn asks_for(&mut self, when: &str, names: &[&str]) {
        let files = files(self.browser, self.shop).await;
        let new: BTreeSet<&str> = files.difference(&self.known).map(String::as_str).collect();
        assert_eq!(new, names.iter().copied().collect(), "{when}");
        self.known = files;
    }
}

/// Opens the chat and waits for what comes with it.
async fn opens(shopper: &Shopper) {
    shopper.opens_the_chat().await;
    for beside in ["Attach a picture or PDF", "More"] {
        shopper.browser.see("button", beside).await;
    }
}

#[tokio::test]
async fn what_not_everybody_uses_is_loaded_when_it_is_used() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let mut seen = Seen {
        shop: &shop,
        browser,
        known: BTreeSet::new(),
    };
    seen.asks_for("before anybody touches it", &[]).await;
    opens(&shopper).await;
    seen.asks_for("opened", &ALWAYS).await;
    shopper.writes_for_sure("Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    owner.write(conversation, "The small one").await;
    shopper.reads("The small one").await;
    seen.asks_for("words went to and fro", &[]).await;

    let offer = NewMessage {
        id: None,
        text: "Shall I keep one?".into(),
        parts: vec![Part::Reply { text: "Yes".into() }].into(),
    };
    let path = format!("/v1/conversations/{conversation}/messages");
    assert_eq!(owner.post(&path, &offer).await.status, 201);
    browser.see("button", "Yes").await;
    seen.asks_for("answers to choose", &["cards.js", "words/cards/en.json"])
        .await;

    owner.show(conversation, "moka.gif", DOT).await;
    browser.see("button", "Open moka.gif").await;
    seen.asks_for("a picture", &["files.js", "words/files/en.json"])
        .await;
    browser.click("button", "Open moka.gif").await;
    browser.click("button", "Close the picture").await;
    seen.asks_for("the picture, large", &["lightbox.js"]).await;

    browser.press("More").await;
    browser.click("menuitem", "Your conversations").await;
    browser.see("button", "Start a new one").await;
    browser.press("Done").await;
    let list = [
        "conversations.js",
        "dialog.js",
        "words/conversations/en.json",
    ];
    seen.asks_for("the list", &list).await;
    browser.press("More").await;
    browser.click("menuitem", "Continue on your phone").await;
    browser.see("img", "QR code of the link").await;
    browser.press("Done").await;
    let code = ["handover.js", "qr.js", "words/handover/en.json"];
    seen.asks_for("on with it on the phone", &code).await;

    rating::close(&owner, conversation).await;
    browser.see("radio", "Very well").await;
    let asked = ["rating.js", "words/rating/en.json"];
    seen.asks_for("how it was", &asked).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_form_is_loaded_where_the_shop_asks_something() {
    let shop = Relay::shared().await.shop().await;
    let asked = Form {
        fields: vec![form::field("email", FieldKind::Email, false)],
        consent: None,
        away: false,
    };
    form::asks(&shop, asked).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let mut seen = Seen {
        shop: &shop,
        browser,
        known: ALWAYS.map(str::to_owned).into(),
    };
    opens(&shopper).await;
    browser.see("textbox", "Your e-mail").await;
    seen.asks_for("opened", &["form.js", "words/form/en.json"])
        .await;
    shopper.leaves().await;
}
