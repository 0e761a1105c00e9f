//! What is in the launcher's place, or in front of everything: the launcher steps aside for it, and comes back.

use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::DESKTOP,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};
use thirtyfour::Key;

/// Puts something of this class into the page, styled so.
async fn puts(browser: &Browser, class: &str, style: &str) {
    let put =
        "const one = document.createElement('p'); [one.className, one.style.cssText] = arguments;
        one.textContent = 'In your cart'; document.body.append(one)";
    let put = browser
        .driver
        .execute(put, vec![json!(class), json!(style)]);
    put.await.expect("it is there");
}

/// Over the launcher's corner.
const THERE: &str = "position: fixed; inset: auto 0 0; margin: 0; height: 100px; background: #ffd";

/// What is seen at the middle of a part of the chat: the chat, or what lies in front of it.
fn at(part: &str) -> String {
    format!(
        "const {{ left, top, width, height }} = {ROOT}.querySelector('{part}').getBoundingClientRect();
         return document.elementFromPoint(left + width / 2, top + height / 2)?.localName"
    )
}

/// Opens a dialog as browsers have them, in front of everything.
const DIALOG: &str = "const dialog = document.createElement('dialog'); dialog.append('Your size');
    document.body.append(dialog); dialog.showModal()";

#[tokio::test]
async fn the_shops_own_dialog_is_in_front_and_the_chat_is_there_after_it() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let chat = json!("commesso-chat");
    let takes_the_focus = |part: &str| {
        format!("{ROOT}.querySelector('{part}').focus(); return Boolean({ROOT}.activeElement)")
    };
    let escape = async || {
        let chain = browser.driver.action_chain().send_keys(Key::Escape);
        chain.perform().await.expect("a key");
        let gone = "return !document.querySelector('dialog[open]')";
        browser.until("the shop's dialog is closed", gone).await;
    };
    assert_eq!(browser.ask(&at(".launcher")).await, chat);
    browser.ask(DIALOG).await;
    assert_eq!(browser.ask(&at(".launcher")).await, json!("dialog"));
    let taken = browser.ask(&takes_the_focus(".launcher")).await;
    assert_eq!(taken, json!(false), "it is out of reach");
    escape().await;
    assert_eq!(browser.ask(&at(".launcher")).await, chat);

    // The same with the panel open, which Escape leaves alone.
    shopper.opens_the_chat().await;
    shopper.types("Half a").await;
    browser.ask(DIALOG).await;
    assert_eq!(browser.ask(&at("textarea")).await, json!("dialog"));
    let taken = browser.ask(&takes_the_focus("textarea")).await;
    assert_eq!(taken, json!(false), "it is out of reach");
    escape().await;
    browser.see("textbox", COMPOSER).await;
    assert_eq!(browser.ask(&at("textarea")).await, chat);
    shopper.writes(" sentence").await;
    shopper.is_stored("Half a sentence").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn without_a_selector_it_steps_aside_for_open_dialogs() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask("commesso('avoid')").await;
    for opened in ["show()", "showModal()"] {
        // Not in its place: the focus is in it.
        let dialog = format!(
            "const dialog = document.createElement('dialog'), close = document.createElement('button');
             close.append('All right'); close.onclick = () => dialog.close(); dialog.append(close);
             dialog.style.cssText = 'inset: 0 auto auto 0; margin: 0';
             document.body.append(dialog); dialog.{opened}; close.focus()"
        );
        browser.ask(&dialog).await;
        browser.see_no("button", LAUNCHER).await;
        browser.press("All right").await;
        browser.see("button", LAUNCHER).await;
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn it_sees_what_moves_into_its_place() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let styles = "const style = document.createElement('style');
        style.textContent = '@keyframes up { from { transform: translateY(100%) } } .up { animation: up .3s steps(1, jump-end) }';
        document.head.append(style); document.body.style.height = '3000px'";
    browser.ask(styles).await;
    browser.ask("commesso('avoid', '.up, .deep, .aside')").await;
    // It looks.
    puts(browser, "deep", THERE).await;
    browser.see_no("button", LAUNCHER).await;
    browser
        .ask("document.querySelector('.deep').remove()")
        .await;
    browser.see("button", LAUNCHER).await;

    // By an animation, which changes nothing that the page is made of.
    puts(browser, "up", THERE).await;
    browser.see_no("button", LAUNCHER).await;
    browser.ask("document.querySelector('.up').remove()").await;
    browser.see("button", LAUNCHER).await;

    // By scrolling.
    let deep = "position: absolute; inset: 1500px 0 auto; margin: 0; height: 700px";
    puts(browser, "deep", deep).await;
    browser.see("button", LAUNCHER).await;
    browser.ask("scrollTo(0, 1200)").await;
    browser.see_no("button", LAUNCHER).await;
    browser.ask("scrollTo(0, 0)").await;
    browser.see("button", LAUNCHER).await;

    // By turning the device.
    let aside = "position: fixed; left: 500px; top: 400px; margin: 0; width: 100px; height: 200px";
    puts(browser, "aside", aside).await;
    browser.see("button", LAUNCHER).await;
    browser.resize((600, 560)).await;
    browser.see_no("button", LAUNCHER).await;
    browser.resize(DESKTOP).await;
    browser.see("button", LAUNCHER).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn who_asks_again_means_something_else() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    browser.ask("commesso('avoid', '.first')").await;
    puts(browser, "first", THERE).await;
    browser.see_no("button", LAUNCHER).await;
    browser.ask("commesso('avoid', '.second')").await;
    browser.see("button", LAUNCHER).await;

    // Not for a moment: two that look would undo what the other does, one after the other in the same frame.
    let again = format!(
        "const done = arguments[0], {{ style }} = {ROOT}.querySelector('.launcher'), seen = [];
         const watch = new MutationObserver((changes) => seen.push(...changes.map((change) => change.oldValue), style.cssText));
         watch.observe({ROOT}.querySelector('.launcher'), {{ attributeFilter: ['style'], attributeOldValue: true }});
         document.querySelector('.first').style.height = '120px';
         const frames = (count) => count ? requestAnimationFrame(() => frames(count - 1)) : done(seen.filter((one) => one?.includes('hidden')));
         frames(4)"
    );
    let hidden = browser.driver.execute_async(&again, vec![]).await;
    assert_eq!(hidden.expect("frames pass").json(), &json!([]));
    puts(browser, "second", THERE).await;
    browser.see_no("button", LAUNCHER).await;
    browser
        .ask("document.querySelector('.second').remove()")
        .await;
    browser.see("button", LAUNCHER).await;
    shopper.leaves().await;
}
