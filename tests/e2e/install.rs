//! A shopkeeper puts the chat into their shop from the inbox: says where the shop is, chooses how it looks, copies the tag, and sees
//! that it works.

use serde_json::json;
use tests::{
    Browser, Operator, Relay, Shopper, Storefront,
    browser::{DESKTOP, PHONE},
    eventually,
};
use thirtyfour::Key;

use crate::accessible::assert_accessible;

/// A colour that is not the shop's, and how a browser tells it.
const COLOR: &str = "#0b5d4d";
const COLOR_READ: &str = "11, 93, 77";

/// The preview is a frame whose page is ours, so what the widget looks like can be read from outside.
const PREVIEW: &str =
    "const page = document.querySelector('.preview-frame iframe')?.contentDocument;
    const chat = page?.querySelector('commesso-chat')?.shadowRoot;";

async fn opens_install(operator: &Operator) {
    operator.browser.click("button", "Install").await;
    operator.browser.see("heading", "Install the chat").await;
}

/// Puts other words into a field.
async fn fills_in(operator: &Operator, field: &str, words: &str) {
    let field = operator.browser.see("textbox", field).await;
    let all = Key::Control + "a";
    field.send_keys(all).await.expect("keys");
    field.send_keys(words).await.expect("keys");
}

async fn preview_has_color(operator: &Operator, color: &str) {
    let script = format!(
        "{PREVIEW} return Boolean(chat) && getComputedStyle(chat.querySelector('header')).backgroundColor.includes('{color}')"
    );
    operator
        .browser
        .until("the preview has the colour", &script)
        .await;
}

#[tokio::test]
async fn what_is_chosen_is_previewed_saved_and_seen_by_shoppers() {
    let shop = Relay::shared().await.shop().await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    opens_install(&operator).await;
    fills_in(&operator, "Colour code", COLOR).await;
    operator.browser.see_words_anywhere("easy to read").await;
    preview_has_color(&operator, COLOR_READ).await;
    operator
        .browser
        .see_words_anywhere("Your changes are not saved.")
        .await;
    operator.browser.press("Save").await;
    operator
        .browser
        .see_words_anywhere("Saved. Colour and side")
        .await;
    let tag = operator.browser.see("textbox", "The tag").await;
    let tag = tag.text().await.expect("words");
    assert!(
        tag.contains(COLOR) && tag.contains(shop.id.as_str()),
        "{tag}"
    );

    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let color = "const chat = document.querySelector('commesso-chat').shadowRoot;
        return getComputedStyle(chat.querySelector('header')).backgroundColor";
    eventually("the shopper's chat has the colour", async || {
        let told = shopper.browser.ask(color).await;
        told.as_str()?.contains(COLOR_READ).then_some(())
    })
    .await;
    // A driver scrolls no further than the button's own edge, where the bar with the news lies over it.
    let to_the_end = "document.querySelector('.install').scrollTo(0, 1e6)";
    operator.browser.ask(to_the_end).await;
    operator.browser.press("Look again").await;
    operator
        .browser
        .see_words_anywhere("It works: opened within the last hour")
        .await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn the_chat_opens_on_an_address_once_it_is_added() {
    let shop = Relay::shared().await.shop().await;
    let second = Storefront::open(&shop.relay, shop.id.as_str());
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    opens_install(&operator).await;
    fills_in(&operator, "Address of your shop", "no address").await;
    operator.browser.press("Add").await;
    operator
        .browser
        .see_words_anywhere("This is not the address of a shop")
        .await;
    // A page's whole address is as good as its origin.
    let address = format!("{}/a/page?of=it", second.origin());
    fills_in(&operator, "Address of your shop", &address).await;
    operator.browser.press("Add").await;
    operator
        .browser
        .see("button", &format!("Remove {}", second.origin()))
        .await;
    operator.browser.see_words_anywhere("Save first").await;
    operator.browser.press("Save").await;
    operator.browser.see_words_anywhere("Saved.").await;

    let shopper = Shopper::arrives_at(phone, &second.page("plain")).await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Do you ship to Malta?").await;
    shopper.leaves().await;
    operator.leaves().await;
}

#[tokio::test]
async fn what_is_filled_in_is_undone_or_outlives_a_look_at_the_inbox() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    fills_in(&operator, "Colour code", "#12").await;
    operator
        .browser
        .see_words_anywhere("Write # and six digits")
        .await;
    operator.browser.press("Save").await;
    operator
        .browser
        .see_words_anywhere("Not saved: look at what is marked above.")
        .await;
    fills_in(&operator, "Colour code", COLOR).await;
    preview_has_color(&operator, COLOR_READ).await;
    operator.browser.press("Back to the inbox").await;
    operator.browser.see("list", "Conversations").await;
    operator
        .browser
        .click("button", "Install, changes are not saved")
        .await;
    preview_has_color(&operator, COLOR_READ).await;
    operator.browser.press("Undo all").await;
    // #7a3b1d, the shop's own.
    preview_has_color(&operator, "122, 59, 29").await;
    operator.browser.see_no("button", "Save").await;
    operator.leaves().await;
}

/// On a phone's frame the panel covers the page, and must leave the inbox's own history alone.
#[tokio::test]
async fn the_preview_takes_no_step_of_the_back_button() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    preview_has_color(&operator, "122, 59, 29").await;
    operator.browser.driver.back().await.expect("a step back");
    operator.browser.see("list", "Conversations").await;
    operator.browser.see_no("heading", "Install the chat").await;
    operator.leaves().await;
}

#[tokio::test]
async fn the_tag_is_copied() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    let browser = &operator.browser;
    let allowed = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    let tools = browser.devtools();
    let allow = tools.execute_cdp_with_params("Browser.grantPermissions", allowed);
    allow.await.expect("the clipboard can be read");
    let tag = browser.see("textbox", "The tag").await;
    let tag = tag.text().await.expect("words");
    browser.press("Copy the tag").await;
    browser.see("status", "Copied").await;
    let read = "const done = arguments[0]; navigator.clipboard.readText().then(done, (why) => done(String(why)))";
    let copied = browser.driver.execute_async(read, vec![]).await;
    assert_eq!(copied.expect("it is read").json(), &json!(tag));
    // It is the very line that puts the chat into a page.
    assert!(
        tag.starts_with("<script ") && tag.ends_with("></script>"),
        "{tag}"
    );
    // And says what it does again.
    browser.see("button", "Copy the tag").await;
    operator.leaves().await;
}

/// A browser may forbid it, and has no clipboard at all on a page without TLS.
#[tokio::test]
async fn where_the_clipboard_is_closed_the_page_says_what_to_do() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    let browser = &operator.browser;
    for closed in [
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))",
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })",
    ] {
        browser.ask(closed).await;
        browser.see_no("alert", "Select the text").await;
        browser.press("Copy the tag").await;
        browser.see("alert", "Select the text and copy it.").await;
    }
    // By keys alone: the line can be gone to, and all of it is one.
    let tag = browser.see("textbox", "The tag").await;
    tag.focus().await.expect("it takes the focus");
    let select =
        "getSelection().selectAllChildren(document.activeElement); return String(getSelection())";
    let selected = browser.ask(select).await;
    assert_eq!(selected, json!(tag.text().await.expect("words")));
    operator.leaves().await;
}

#[tokio::test]
async fn each_kind_of_shop_has_its_own_steps() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    let kinds = [
        ("Plain HTML", "the file that all your pages share"),
        ("Shopify", "layout/theme.liquid"),
        ("WooCommerce", "WPCode"),
        ("Magento", "csp_whitelist.xml"),
        ("PrestaShop", "layout-both-columns.tpl"),
    ];
    let steps = "return [...document.querySelectorAll('.how li')].map((step) => step.innerText)";
    for (at, (kind, own)) in kinds.into_iter().enumerate() {
        // The first is chosen when somebody comes.
        if at > 0 {
            operator.browser.choose(kind).await;
        }
        let steps = eventually(&format!("the steps for {kind}"), async || {
            let steps: Vec<String> =
                serde_json::from_value(operator.browser.ask(steps).await).ok()?;
            steps.iter().any(|step| step.contains(own)).then_some(steps)
        })
        .await;
        assert!((3..=5).contains(&steps.len()), "{kind}: {steps:?}");
        for (other, theirs) in kinds.iter().filter(|(other, _)| *other != kind) {
            let mixed = steps.iter().any(|step| step.contains(theirs));
            assert!(!mixed, "{kind} has steps of {other}: {steps:?}");
        }
    }
    operator.leaves().await;
}

#[tokio::test]
async fn everybody_can_install_it() {
    let shop = Relay::shared().await.shop().await;
    let operator = Operator::signs_in(Browser::open(DESKTOP).await, &shop).await;
    opens_install(&operator).await;
    preview_has_color(&operator, "122, 59, 29").await;
    assert_accessible(&operator.browser, "html", "on a desk").await;
    operator.browser.resize((360, 640)).await;
    let fits = "return document.documentElement.scrollWidth <= innerWidth";
    operator
        .browser
        .until("nothing is cut off on a phone", fits)
        .await;
    assert_accessible(&operator.browser, "html", "on a phone").await;
    operator.leaves().await;
}
