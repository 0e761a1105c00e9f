//! The conversation as a file: all of it, however much is drawn, in the order in which it was said.

use std::fs;

use protocol::limits::HISTORY_PAGE;
use serde_json::json;
use tests::{Browser, Relay, Shop, Shopper, browser::DESKTOP, eventually, shop::word};

/// Keeps what is saved, at an address of the browser's as any, where the story can read it.
const SAVES: &str = "{
    const address = URL.createObjectURL;
    URL.createObjectURL = (blob) => { blob.text().then((text) => (window.saved = text)); return address(blob); };
    HTMLAnchorElement.prototype.click = () => {};
}";

/// More than two pages of a transcript, and no whole number of them.
const MANY: usize = 2 * HISTORY_PAGE + 7;

/// A shopper in a conversation of more than a page, and what was said in it.
async fn after_a_long_talk(shop: &Shop) -> (Shopper, Vec<String>) {
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Tell me everything").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Tell me everything").await.id;
    let answers: Vec<_> = (1..=MANY).map(|n| format!("Answer {n}.")).collect();
    for answer in &answers {
        owner.write(conversation, answer).await;
    }
    shopper.reads(&answers[MANY - 1]).await;
    // On the next page most of it is not there.
    shopper.browser.reload().await;
    shopper.is_in_the_chat().await;
    shopper.reads(&answers[MANY - 1]).await;
    shopper.writes_for_sure("That was everything").await;
    let said = [
        vec!["Tell me everything".to_owned()],
        answers,
        vec!["That was everything".to_owned()],
    ];
    (shopper, said.concat())
}

async fn saves(shopper: &Shopper) {
    shopper.browser.press("More").await;
    shopper
        .browser
        .click("menuitem", "Save the conversation")
        .await;
    shopper.browser.see("status", "Saved.").await;
}

/// Everything that somebody said, without when, and with who did.
fn said_in(file: &str) -> Vec<String> {
    let (_, talk) = file.split_once("\n— ").expect("a day");
    let blocks = talk.split("\n\n").skip(1);
    let told = blocks.map(|block| {
        let (head, words) = block.split_once('\n').expect("a head and words");
        let (_, who) = head.rsplit_once("  ").expect("a time and somebody");
        format!("{who}: {}", words.trim_end())
    });
    told.collect()
}

fn assert_whole(file: &str, said: &[String]) {
    let last = said.len() - 1;
    let expected = said.iter().enumerate().map(|(n, words)| match n {
        n if n == 0 || n == last => format!("You: {words}"),
        _ => format!("Giulia: {words}"),
    });
    assert_eq!(said_in(file), expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn every_page_of_it_is_in_the_file() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(SAVES);
    let (shopper, said) = after_a_long_talk(&shop).await;
    saves(&shopper).await;
    let browser = &shopper.browser;
    browser
        .until("it is saved", "return Boolean(window.saved)")
        .await;
    let file = browser.ask("return window.saved").await;
    assert_whole(file.as_str().expect("a text"), &said);
    shopper.leaves().await;
}

#[tokio::test]
async fn it_lies_where_the_browser_saves() {
    let shop = Relay::shared().await.shop().await;
    let (shopper, said) = after_a_long_talk(&shop).await;
    let folder = std::env::temp_dir().join(word());
    fs::create_dir(&folder).expect("a folder can be made");
    let saves_in = |behavior: &str| json!({ "behavior": behavior, "downloadPath": &folder });
    let tools = shopper.browser.devtools();
    let told = tools.execute_cdp_with_params("Browser.setDownloadBehavior", saves_in("allow"));
    told.await.expect("it may save");
    saves(&shopper).await;
    let path = eventually("the file is there", async || {
        let files = fs::read_dir(&folder).ok()?;
        let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
        paths.find(|path| path.extension().is_some_and(|end| end == "txt"))
    })
    .await;
    let name = path.file_name().expect("a name").to_string_lossy();
    assert!(name.starts_with(shop.id.as_str()), "{name}");
    eventually("all of it is written", async || {
        let file = fs::read_to_string(&path).ok()?;
        file.contains("That was everything").then_some(())
    })
    .await;
    let file = fs::read_to_string(&path).expect("a text");
    assert_whole(&file, &said);
    fs::remove_dir_all(&folder).expect("it can be removed");
    // The next story in this browser saves where it did.
    let tools = shopper.browser.devtools();
    let told = tools.execute_cdp_with_params("Browser.setDownloadBehavior", saves_in("default"));
    told.await.expect("as before");
    shopper.leaves().await;
}
