//! P3, P4 and P5: what the chat costs a page's main thread before anybody touches it and when it is opened, against other chats from
//! npm, in turns, in one browser with a processor four times slower; and how soon after the click somebody can write.

use std::process::Command;

use serde_json::{Value, json};
use tests::{Browser, Relay, Shop, browser::DESKTOP, relay::project};

use crate::{
    figure::{Figure, middle},
    machine::Machine,
    progress,
};

const ROUNDS: usize = 7;

/// How much slower than this machine's the processor is made: a phone of the middle class.
const SLOWER: u32 = 4;

/// What Lighthouse calls slow 4G: milliseconds there and back, and bytes a second.
const ROUND_TRIP: u32 = 150;
const BYTES_A_SECOND: u32 = 1_638_400 / 8;

/// P3 and P4, of the cheapest peer that draws a launcher; P5 in milliseconds.
const BEFORE: f64 = 0.05;
const BEFORE_GOAL: f64 = 0.01;
const OPEN: f64 = 0.1;
const OPEN_GOAL: f64 = 0.03;
const COMPOSER: f64 = 150.0;
const COMPOSER_GOAL: f64 = 50.0;

/// A chat on a page, and how it is opened.
struct Chat {
    name: &'static str,
    page: String,
    /// Where its launcher is; a chat without one is open from the start.
    launcher: Option<&'static str>,
    /// Whether it can be written in.
    is_open: &'static str,
}

/// What one page cost, in milliseconds.
#[derive(Clone, Copy, Default)]
struct Cost {
    script: f64,
    blocking: f64,
}

/// What the page tells of tasks longer than 50 ms, beyond that, as the web's own measure of blocking does.
const LISTEN: &str = "window.blocking = 0;
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.blocking += duration - 50; }).observe({ type: 'longtask', buffered: true });";

/// Other chats and Lighthouse, installed once.
pub(crate) fn peers() {
    progress("installing what is compared, once (target/peers)");
    let node = Command::new(project().join("node_modules/node/bin/node"))
        .arg("tests/bench/peers/chats.mjs")
        .current_dir(project())
        .status();
    assert!(
        node.is_ok_and(|status| status.success()),
        "the peers could not be installed: see above"
    );
}

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    peers();
    let relay = Relay::start_with("edge/workerd.capnp", &machine.disk).await;
    let shop = relay.shop().await;
    let browser = Browser::open(DESKTOP).await;
    slow_down(&browser).await;
    browser.before_every_page(LISTEN).await;
    let chats = chats(&shop);
    let bare = shop.storefront.page("bare");
    let mut before: Vec<Vec<Cost>> = vec![];
    let mut opened: Vec<Vec<Cost>> = vec![];
    for round in 1..=ROUNDS {
        let (mut loaded, mut open) = (vec![], vec![]);
        for chat in &chats {
            let (load, click) = cost(&browser, &bare, chat).await;
            progress(&format!(
                "page, round {round} of {ROUNDS}: {} {:.1} ms of script and {:.0} ms of blocking before, {:.1} and {:.0} ms on opening",
                chat.name, load.script, load.blocking, click.script, click.blocking
            ));
            loaded.push(load);
            open.push(click);
        }
        for costs in [&mut loaded, &mut open] {
            let looking = costs.pop().unwrap_or_default();
            for cost in costs {
                cost.script = (cost.script - looking.script).max(0.0);
            }
        }
        // Who did everything at once has less to do now: what counts is the sum.
        for (open, load) in open.iter_mut().zip(&loaded) {
            open.script += load.script;
            open.blocking += load.blocking;
        }
        before.push(loaded);
        opened.push(open);
    }
    let composer = composer(&browser, &shop).await;
    // What the others complain of, whose server is not there, is not ours to judge.
    browser.leave(&[""]).await;
    let slower = format!("{SLOWER}× slower processor");
    vec![
        ratio("P3  script before interaction, widget / n8n chat", &chats, &before)
            .within(BEFORE)
            .goal(BEFORE_GOAL)
            .also(slower.clone()),
        Figure::of_rounds("P3  blocking before interaction", &blocking(&before), "ms").within(0.0),
        ratio("P4  script until the chat is open, widget / n8n chat", &chats, &opened)
            .within(OPEN)
            .goal(OPEN_GOAL)
            .also(format!("{slower}; the widget's code comes with the click, the other's with the page")),
        Figure::of_rounds("P4  blocking until the chat is open", &blocking(&opened), "ms"),
        Figure::of_rounds("P5  click → composer, slow 4G, cold", &composer, "ms")
            .within(COMPOSER)
            .goal(COMPOSER_GOAL)
            .note(format!("{slower}; {ROUND_TRIP} ms there and back, {BYTES_A_SECOND} B/s, nothing in the cache")),
    ]
}

/// Ours first; the peer of the ratios is the second.
fn chats(shop: &Shop) -> [Chat; 5] {
    let theirs = |name: &str| {
        format!(
            "file://{}",
            project()
                .join(format!("target/peers/{name}.html"))
                .display()
        )
    };
    [
        Chat {
            name: "widget",
            page: shop.storefront.page("plain"),
            launcher: Some(
                "document.querySelector('commesso-chat').shadowRoot.querySelector('.launcher')",
            ),
            is_open: "document.querySelector('commesso-chat').shadowRoot.querySelector('[role=log]')",
        },
        Chat {
            name: "n8n chat",
            page: theirs("n8n"),
            launcher: Some("document.querySelector('.chat-window-toggle')"),
            is_open: "document.querySelector('.chat-window textarea')",
        },
        Chat {
            name: "Typebot",
            page: theirs("typebot"),
            launcher: Some(
                "document.querySelector('typebot-bubble').shadowRoot.querySelector('button')",
            ),
            // What it shows comes from a server; its empty panel is all there is here.
            is_open: "document.querySelector('typebot-bubble').shadowRoot.querySelector('[part=bot]')",
        },
        Chat {
            name: "deep-chat",
            page: theirs("deep-chat"),
            launcher: None,
            is_open: "document.querySelector('deep-chat').shadowRoot.querySelector('#text-input')",
        },
        // What looking costs before and after a click, which is taken off the others.
        Chat {
            name: "a page without a chat",
            page: shop.storefront.page("bare"),
            launcher: Some("document.querySelector('h1')"),
            is_open: "document.querySelector('h1')",
        },
    ]
}

fn ratio(name: &'static str, chats: &[Chat], rounds: &[Vec<Cost>]) -> Figure {
    let of = |round: &[Cost], at: usize| round.get(at).copied().unwrap_or_default();
    let ratios: Vec<f64> = rounds
        .iter()
        .map(|round| of(round, 0).script / of(round, 1).script)
        .collect();
    let each = |(at, chat): (usize, &Chat)| {
        let script: Vec<f64> = rounds.iter().map(|round| of(round, at).script).collect();
        let blocking: Vec<f64> = rounds.iter().map(|round| of(round, at).blocking).collect();
        format!(
            "{} {:.1} ms ({:.0} blocking)",
            chat.name,
            middle(&script, 0.5),
            middle(&blocking, 0.5)
        )
    };
    // The last one is what was taken off.
    let shown = chats.len() - 1;
    let all: Vec<String> = chats.iter().enumerate().take(shown).map(each).collect();
    Figure::of_rounds(name, &ratios, "×").note(all.join(", "))
}

fn blocking(rounds: &[Vec<Cost>]) -> Vec<f64> {
    let ours = rounds.iter().filter_map(|round| round.first());
    ours.map(|cost| cost.blocking).collect()
}

async fn cost(browser: &Browser, bare: &str, chat: &Chat) -> (Cost, Cost) {
    // Nothing is left of the round before.
    browser.go(bare).await;
    browser
        .ask("localStorage.clear(); sessionStorage.clear()")
        .await;
    browser.go(&chat.page).await;
    let there = chat.launcher.unwrap_or(chat.is_open);
    appears(browser, there).await;
    rest(browser).await;
    let load = spent(browser).await;
    let Some(launcher) = chat.launcher else {
        return (load, Cost::default());
    };
    browser.ask(&format!("{launcher}.click()")).await;
    appears(browser, chat.is_open).await;
    rest(browser).await;
    let all = spent(browser).await;
    let click = Cost {
        script: all.script - load.script,
        blocking: all.blocking - load.blocking,
    };
    (load, click)
}

fn is_there(element: &str) -> String {
    format!("try {{ return {element}.getBoundingClientRect().width > 0 }} catch {{ return false }}")
}

/// Waits in the page itself: to ask again and again would be most of what is counted.
async fn appears(browser: &Browser, element: &str) {
    let script = format!(
        "const done = arguments[0]; const there = () => {{ {} }}; const look = () => there() ? done(true) : setTimeout(look, 100); look()",
        is_there(element)
    );
    let seen = browser.driver.execute_async(script, vec![]).await;
    seen.unwrap_or_else(|error| panic!("{element} does not appear: {error}"));
}

/// What this page has cost since it began.
async fn spent(browser: &Browser) -> Cost {
    let metrics = order(browser, "Performance.getMetrics", json!({})).await;
    let script = metrics["metrics"].as_array().into_iter().flatten();
    let script = script.filter(|metric| metric["name"] == "ScriptDuration");
    let script = script
        .filter_map(|metric| metric["value"].as_f64())
        .sum::<f64>();
    let blocking = browser.ask("return window.blocking").await;
    Cost {
        script: script * 1_000.0,
        blocking: blocking.as_f64().unwrap_or_default(),
    }
}

/// Clicks the launcher of a page on a slow network, again and again, each time as if for the first.
async fn composer(browser: &Browser, shop: &Shop) -> Vec<f64> {
    order(browser, "Network.enable", json!({})).await;
    order(
        browser,
        "Network.setCacheDisabled",
        json!({ "cacheDisabled": true }),
    )
    .await;
    let slow = json!({ "offline": false, "latency": ROUND_TRIP, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND });
    order(browser, "Network.emulateNetworkConditions", slow).await;
    let mut rounds = vec![];
    for round in 1..=ROUNDS {
        browser.go(&shop.storefront.page("bare")).await;
        browser
            .ask("localStorage.clear(); sessionStorage.clear()")
            .await;
        browser.go(&shop.storefront.page("plain")).await;
        let launcher =
            "document.querySelector('commesso-chat').shadowRoot.querySelector('.launcher')";
        browser
            .until("the launcher is there", &is_there(launcher))
            .await;
        rest(browser).await;
        let script = include_str!("peers/composer.js");
        let took = browser.driver.execute_async(script, vec![]).await;
        let took = took
            .expect("the composer is there")
            .convert::<f64>()
            .expect("milliseconds");
        progress(&format!(
            "composer, round {round} of {ROUNDS}: {took:.0} ms"
        ));
        rounds.push(took);
        // The code that was asked for arrives before the page is left.
        let taken_over =
            "document.querySelector('commesso-chat').shadowRoot.querySelector('[role=log]')";
        browser
            .until("the chat is there", &is_there(taken_over))
            .await;
    }
    rounds
}

async fn slow_down(browser: &Browser) {
    order(browser, "Performance.enable", json!({})).await;
    order(
        browser,
        "Emulation.setCPUThrottlingRate",
        json!({ "rate": SLOWER }),
    )
    .await;
}

async fn order(browser: &Browser, command: &str, parameters: Value) -> Value {
    let obeyed = browser
        .devtools()
        .execute_cdp_with_params(command, parameters)
        .await;
    obeyed.unwrap_or_else(|error| panic!("{command}: {error}"))
}

/// Waits until the page has had nothing to do, twice.
async fn rest(browser: &Browser) {
    let idle = "const done = arguments[0]; requestIdleCallback(() => setTimeout(() => requestIdleCallback(() => done(true)), 500))";
    browser
        .driver
        .execute_async(idle, vec![])
        .await
        .expect("the page is at rest");
}
