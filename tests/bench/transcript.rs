//! P11: a conversation of 10,000 entries, from the click to the painted newest one, on a processor four times slower; the
//! widget against plain DOM without a window, in turns, in one browser.

use protocol::{api::VisitorPass, id::ConversationId};
use serde_json::{Value, json};
use tests::{
    Browser, Peer, Relay, Shop, Shopper, browser::DESKTOP, eventually, peer::message, shop,
    shopper::ROOT,
};

use crate::{
    figure::{Figure, middle},
    machine::Machine,
    progress,
};

/// Entries of the conversation: years of a faithful customer.
const ENTRIES: usize = 10_000;

/// Sent before one waits for the confirmations, to fill it in seconds.
const BATCH: usize = 250;

const ROUNDS: usize = 7;

/// How much slower than this machine's the processor is made: a phone of the middle class.
const SLOWER: u32 = 4;

const BUDGET: f64 = 0.05;
const MOONSHOT: f64 = 0.015;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let relay = Relay::start_with("edge/workerd.capnp", &machine.disk).await;
    let shop = relay.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let newest = fill(&shop, &shopper).await;
    let browser = &shopper.browser;
    let tools = browser.devtools();
    let rate = json!({ "rate": SLOWER });
    let slowed = tools.execute_cdp_with_params("Emulation.setCPUThrottlingRate", rate);
    slowed.await.expect("the processor can be slowed down");
    let mut rounds: Vec<(f64, f64)> = vec![];
    for round in 1..=ROUNDS {
        let ours = open_widget(browser, &shop, &newest).await;
        let theirs = open_plain(browser, &newest).await;
        progress(&format!(
            "transcript, round {round} of {ROUNDS}: widget {ours:.0} ms, plain DOM {theirs:.0} ms"
        ));
        rounds.push((ours, theirs));
    }
    shopper.browser.leave(&[]).await;
    let ratios: Vec<f64> = rounds.iter().map(|(ours, theirs)| ours / theirs).collect();
    let ours: Vec<f64> = rounds.iter().map(|(ours, _)| *ours).collect();
    let theirs: Vec<f64> = rounds.iter().map(|(_, theirs)| *theirs).collect();
    vec![
        Figure::of_rounds("P11 10,000 entries, open → painted, widget / plain DOM", &ratios, "×")
            .within(BUDGET)
            .goal(MOONSHOT)
            .bar("transcript", "The widget", middle(&ours, 0.5), "ms")
            .bar("transcript", "Plain DOM, all rows", middle(&theirs, 0.5), "ms")
            .note(format!(
                "widget {:.0} ms, plain DOM {:.0} ms; {SLOWER}× slower processor; the widget's code is loaded, as it is for every shopper with a conversation",
                middle(&ours, 0.5),
                middle(&theirs, 0.5),
            )),
    ]
}

/// Fills the shopper's own conversation, half of it by each side, and says the newest words.
async fn fill(shop: &Shop, shopper: &Shopper) -> String {
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let conversation = shop.caller().conversation_with("Hello").await.id;
    let kept = format!("return localStorage['commesso:{}:pass']", shop.id.as_str());
    let pass: Value = shopper.browser.ask(&kept).await;
    let pass: VisitorPass = serde_json::from_str(pass.as_str().expect("a pass")).expect("a pass");
    shopper.browser.go("about:blank").await;
    write_all(shop, conversation, &pass).await;
    format!("Message {ENTRIES} ")
}

async fn write_all(shop: &Shop, conversation: ConversationId, pass: &VisitorPass) {
    let mut visitor = Peer::visitor_again(shop, conversation, pass, None).await.0;
    let mut operator = Peer::operator(shop, conversation).await;
    let mut n = 1;
    while n < ENTRIES {
        for writer in [&mut operator, &mut visitor] {
            let mut last = None;
            for _ in 0..BATCH.min(ENTRIES - n) {
                n += 1;
                let id = shop::message_id();
                let text =
                    format!("Message {n} of a long conversation about the moka for three cups");
                writer.tell(&message(id, &text)).await;
                last = Some(id);
            }
            if let Some(last) = last {
                writer
                    .hear_entry("the last of the batch", |entry| entry.id == last)
                    .await;
            }
        }
        progress(&format!("transcript: {n} of {ENTRIES} entries written"));
    }
}

async fn open_widget(browser: &Browser, shop: &Shop, newest: &str) -> f64 {
    browser.go(&shop.storefront.page("bare")).await;
    // It stayed open in the round before.
    browser.ask("sessionStorage.clear()").await;
    browser.go(&shop.storefront.page("plain")).await;
    let taken_over = format!("return Boolean({ROOT}?.querySelector('[role=log]'))");
    browser.until("the widget has its code", &taken_over).await;
    rest(browser).await;
    open(browser, newest).await
}

async fn open_plain(browser: &Browser, newest: &str) -> f64 {
    browser.go("about:blank").await;
    let page = include_str!("peers/plain.js");
    let written = browser.driver.execute(page, vec![json!(ENTRIES)]).await;
    written.expect("the page is written");
    rest(browser).await;
    open(browser, newest).await
}

async fn open(browser: &Browser, newest: &str) -> f64 {
    let script = include_str!("peers/open.js");
    let took = browser
        .driver
        .execute_async(script, vec![json!(newest)])
        .await;
    let took = took.expect("the newest entry is painted").convert::<f64>();
    took.expect("milliseconds")
}

/// Waits until the page has nothing to do.
async fn rest(browser: &Browser) {
    let idle = "const done = arguments[0]; requestIdleCallback(() => requestIdleCallback(() => done(true)))";
    eventually("the page is at rest", async || {
        browser
            .driver
            .execute_async(idle, vec![])
            .await
            .ok()
            .map(drop)
    })
    .await;
}
