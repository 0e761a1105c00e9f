//! P9: memory that an idle conversation holds in the server, with both its sockets open; the relay against its JavaScript twin. And
//! the sockets of a page whose chat nobody opened.
//!
//! A process keeps what it has freed. So conversations are opened by handfuls, each of which falls asleep before the next: what one
//! handful needed while it was awake is there for the next, and what the next adds is what conversations hold that sleep. Then many
//! are opened at once, and what those add is what is left of conversations that were all awake. The rounds are processes side by side:
//! nothing of it depends on time.

use tests::{Browser, FaultProxy, Relay, Shopper, browser::DESKTOP};

use crate::{
    figure::{Figure, middle},
    line::{Line, Writer},
    machine::Machine,
    process, progress,
    rivals::Rival,
};

const ROUNDS: usize = 7;

/// Conversations that are awake at a time while those that sleep are counted.
const HANDFUL: usize = 40;

/// Handfuls before anything counts: the code is loaded and compiled, and as many were awake as will be.
const WARM_UP: usize = 2;

/// Handfuls that count: tens of megabytes, beside which what a runtime takes and frees by itself is small. All of it is over before
/// the first ones' leases end, which wakes them.
const COUNTED: usize = 4;

/// Conversations that are awake at once.
const MANY: usize = 200;

const BUDGET: f64 = 1.1;
const MOONSHOT: f64 = 0.5;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let mut pairs = vec![];
    for _ in 0..ROUNDS {
        let (relay, twin) = Rival::both(machine).await;
        pairs.push([relay, twin]);
    }
    let mut lines = vec![];
    for handful in 1..=WARM_UP {
        progress(&format!(
            "memory: handful {handful} of {WARM_UP} that come before"
        ));
        lines.extend(opened(&pairs, HANDFUL).await);
    }
    let begun = held(&pairs);
    for handful in 1..=COUNTED {
        progress(&format!("memory: handful {handful} of {COUNTED}"));
        lines.extend(opened(&pairs, HANDFUL).await);
    }
    let asleep = held(&pairs);
    progress(&format!("memory: {MANY} at once"));
    lines.extend(opened(&pairs, MANY).await);
    let awake = held(&pairs);
    for line in &mut lines {
        line.is_done().await;
    }
    let idle = figure(
        "P9  memory per idle conversation, relay / twin",
        added(&begun, &asleep, HANDFUL * COUNTED),
    );
    let all_awake = figure(
        "P9  memory per conversation, all awake at once before, relay / twin",
        added(&asleep, &awake, MANY),
    );
    vec![
        idle.within(BUDGET)
            .goal(MOONSHOT)
            .drawn("relay", "Memory of an idle conversation"),
        all_awake.drawn("relay", "Memory of conversations that were all awake"),
        untouched().await,
    ]
}

/// So many conversations more in each process, of which all sleep.
async fn opened(pairs: &[[Rival; 2]], many: usize) -> Vec<Line> {
    let mut open = vec![];
    for rival in pairs.iter().flatten() {
        open.extend(written(rival, many).await);
    }
    for rivals in pairs {
        process::asleep(rivals.each_ref().map(Rival::pid)).await;
    }
    open
}

/// Bytes that each process holds.
fn held(pairs: &[[Rival; 2]]) -> Vec<[f64; 2]> {
    let pids = pairs.iter().map(|rivals| rivals.each_ref().map(Rival::pid));
    pids.map(|pids| pids.map(process::resident)).collect()
}

/// Kilobytes that each of so many conversations has added.
fn added(before: &[[f64; 2]], after: &[[f64; 2]], conversations: usize) -> Vec<[f64; 2]> {
    let of = |before: f64, after: f64| (after - before) / 1024.0 / conversations as f64;
    before
        .iter()
        .zip(after)
        .map(|(before, after)| [of(before[0], after[0]), of(before[1], after[1])])
        .collect()
}

fn figure(name: &'static str, rounds: Vec<[f64; 2]>) -> Figure {
    let ratios: Vec<f64> = rounds.iter().map(|[relay, twin]| relay / twin).collect();
    let [relay, twin] = [0, 1].map(|at| {
        let kilobytes: Vec<f64> = rounds.iter().map(|round| round[at]).collect();
        middle(&kilobytes, 0.5)
    });
    Figure::of_rounds(name, &ratios, "×").note(format!(
        "relay {relay:.0} kB, twin {twin:.0} kB; two sockets each"
    ))
}

async fn written(rival: &Rival, many: usize) -> Vec<Line> {
    let mut lines = rival.lines(many).await;
    for line in &mut lines {
        line.send(Writer::Visitor).await;
    }
    lines
}

/// Sockets of a page with the launcher on it, and of the same page once the chat is open, or the counter would not count.
async fn untouched() -> Figure {
    let relay = Relay::start().await;
    let proxy = FaultProxy::before(&relay).await;
    let shop = relay.shop_behind(&proxy).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let at_rest = "document.readyState === 'complete' && performance.now() > 3000";
    browser
        .until(
            "the page has been there for a while",
            &format!("return {at_rest}"),
        )
        .await;
    let untouched = proxy.sockets();
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let opened = proxy.sockets();
    assert_eq!(opened, 1, "an open chat has one socket");
    shopper.leaves().await;
    Figure::new(
        "P9  sockets before the chat is opened",
        untouched as f64,
        "",
    )
    .within(0.0)
    .note(format!("{opened} once it is open"))
}
