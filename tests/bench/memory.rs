//! P9: memory that an idle conversation holds in the server, with both its sockets open; the relay against its JavaScript twin, in
//! new processes every round, since memory that was taken is not given back. And the sockets of a page whose chat nobody opened.

use tests::{Browser, FaultProxy, Relay, Shopper, browser::DESKTOP};

use crate::{
    figure::{Figure, middle},
    line::{Line, Writer},
    machine::Machine,
    process, progress,
    rivals::Rival,
};

const ROUNDS: usize = 7;

/// Conversations of a round: tens of megabytes, beside which what a runtime takes and frees by itself is small.
const CONVERSATIONS: usize = 300;

/// Conversations before anything counts: the code is loaded and compiled.
const WARM_UP: usize = 30;

const BUDGET: f64 = 1.1;
const MOONSHOT: f64 = 0.5;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let mut rounds = vec![];
    for round in 1..=ROUNDS {
        let taken = idle(machine).await;
        progress(&format!(
            "memory, round {round} of {ROUNDS}: relay {:.0} kB, twin {:.0} kB a conversation",
            taken[0], taken[1]
        ));
        rounds.push(taken);
    }
    let ratios: Vec<f64> = rounds.iter().map(|[relay, twin]| relay / twin).collect();
    let of = |at: usize| {
        let kilobytes: Vec<f64> = rounds.iter().map(|round| round[at]).collect();
        middle(&kilobytes, 0.5)
    };
    vec![
        Figure::of_rounds("P9  memory per idle conversation, relay / twin", &ratios, "×")
            .within(BUDGET)
            .goal(MOONSHOT)
            .drawn("relay", "Memory of an idle conversation")
            .note(format!(
                "relay {:.0} kB, twin {:.0} kB; {CONVERSATIONS} conversations with two sockets each, asleep",
                of(0),
                of(1)
            )),
        untouched().await,
    ]
}

/// Kilobytes that each conversation has added to each server, once all sleep.
async fn idle(machine: &Machine) -> [f64; 2] {
    let (relay, twin) = Rival::both(machine).await;
    let rivals = [&relay, &twin];
    let mut open: Vec<Line> = vec![];
    for rival in rivals {
        open.extend(written(rival, WARM_UP).await);
    }
    let pids = rivals.map(Rival::pid);
    let before = pids.map(process::resident);
    for rival in rivals {
        open.extend(written(rival, CONVERSATIONS).await);
    }
    process::asleep(pids).await;
    let after = pids.map(process::resident);
    for line in &mut open {
        line.is_done().await;
    }
    [0, 1].map(|at| (after[at] - before[at]) / 1024.0 / CONVERSATIONS as f64)
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
