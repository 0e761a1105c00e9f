//! Storms under load: the relay is killed again and again, or stands still, while hundreds of conversations go on. Whatever
//! was confirmed is there afterwards, once, in order, on both sides; nothing is left in an outbox; the inbox's list heals.
//!
//! In a run of all stories each takes about a minute. For the long runs:
//! `STORM_ROUNDS=10000 cargo test -p tests --test e2e storm::the_relay_is_killed -- --nocapture` kills so many times, at other
//! moments with another `STORM_SEED` than 7, and
//! `STORM_STILL=60 … storm::the_relay_stands_still -- --nocapture` lets it stand still for so many seconds.

use std::{env, time::Duration};

use protocol::backoff::Dice;
use tests::{
    Load, Relay, Shop,
    load::{Plan, come_back},
    patience::within,
};
use tokio::{sync::Mutex, time::Instant};

/// Storms come one after the other, and each on one thread: the other stories need the machine too.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Two sockets each.
const CONVERSATIONS: usize = 200;

/// With [`AT_ONCE`], 67 messages per second in all: a relay that shares two cores with browsers and a compiler takes them.
const EVERY: Duration = Duration::from_secs(12);

/// Several drafts on their way at once, so that a kill can come between them.
const AT_ONCE: usize = 2;

/// The transcripts are read over HTTPS in turn: all of them every twenty seconds.
const AUDIT_EVERY: Duration = Duration::from_millis(100);

/// How long the relay is killed again and again, when no rounds are asked for.
const STORM: Duration = Duration::from_secs(45);

/// Kills in that time at least. A quiet machine has three times as many.
const ROUNDS_MIN: usize = 10;

/// Before the relay is killed again it is up for a part of this, so that the kill may come at any moment: while it starts to
/// greet, while it writes, while its alarms ring.
const UP: u64 = 1_500;

/// After a storm the last ones wait for their back-off, of 30 s at most, and try up to three times.
const REST_WITHIN: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_relay_is_killed_again_and_again_under_load() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (relay, shop) = relay().await;
    let mut load = Load::start(&shop, plan()).await;
    load.write_for(Duration::from_secs(2)).await;
    let wanted: Option<usize> = number("STORM_ROUNDS");
    let (begun, mut dice) = (Instant::now(), Dice::new(number("STORM_SEED").unwrap_or(7)));
    let (mut rounds, mut fruitful, mut live) = (0, 0, 0);
    while wanted.map_or(begun.elapsed() < STORM, |wanted| rounds < wanted) {
        live += load.live();
        relay.kill_9();
        relay.restart().await;
        let before = load.confirmed();
        // What people do: some load the page again, some look at it again; most just wait.
        load.reload(CONVERSATIONS / 20);
        load.back_online(CONVERSATIONS / 5);
        let up = Duration::from_millis(dice.below(UP));
        load.write_for(up).await;
        rounds += 1;
        // Every other kill comes at any moment, and every other one into the traffic of people who are back.
        if rounds % 2 == 0 {
            within(REST_WITHIN, "a message is confirmed", async || {
                (load.confirmed() > before).then_some(())
            })
            .await;
        }
        fruitful += usize::from(load.confirmed() > before);
        if rounds % 100 == 0 {
            println!(
                "round {rounds} after {:.0?}\n{}",
                begun.elapsed(),
                load.report()
            );
        }
    }
    let report = load.settle(REST_WITHIN).await;
    println!(
        "{rounds} kills, {fruitful} with confirmations since the one before, {} sockets alive at a kill\n{report}",
        live / rounds
    );
    report.assert_right();
    assert!(rounds >= wanted.unwrap_or(ROUNDS_MIN), "{rounds} kills");
}

#[tokio::test]
async fn the_relay_stands_still_under_load() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (relay, shop) = relay().await;
    let load = Load::start(&shop, plan()).await;
    load.write_for(Duration::from_secs(2)).await;
    // Five seconds nobody notices; after twelve every send is overdue, and every socket is given up.
    let still = number("STORM_STILL").map_or(vec![5, 12], |seconds| vec![seconds]);
    for seconds in still {
        let (lost, live) = (load.report().lost, load.live());
        relay.stand_still();
        load.write_for(Duration::from_secs(seconds)).await;
        relay.go_on();
        let lost = load.report().lost - lost;
        println!("after {seconds} s {lost} of {live} sockets were given up");
        let confirmed = load.confirmed();
        within(REST_WITHIN, "messages are confirmed again", async || {
            (load.confirmed() > confirmed + CONVERSATIONS).then_some(())
        })
        .await;
    }
    let report = load.settle(REST_WITHIN).await;
    println!("{report}");
    report.assert_right();
}

#[tokio::test]
async fn everybody_comes_back_after_a_kill() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (relay, shop) = relay().await;
    let back = come_back(&relay, &shop, number("STORM_SOCKETS").unwrap_or(200)).await;
    println!(
        "{} sockets ({} descriptors): the relay was back after {:.1?}, all were welcomed: {}\n{}",
        back.sockets, back.descriptors, back.relay, back.welcomed, back.load
    );
    assert_eq!(back.welcomed.len(), back.sockets);
}

async fn relay() -> (Relay, Shop) {
    let relay = Relay::start_for_load(&env::temp_dir()).await;
    let shop = relay.shop().await;
    (relay, shop)
}

fn plan() -> Plan {
    Plan {
        conversations: CONVERSATIONS,
        every: EVERY,
        at_once: AT_ONCE,
        audit_every: Some(AUDIT_EVERY),
    }
}

/// A number of the environment.
fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = env::var(name).ok()?;
    let read = text.parse().ok();
    Some(read.unwrap_or_else(|| panic!("{name}={text} is not a number")))
}
