//! The network is back: until a shopper's view has the 50 entries that were missed, on a line with a round trip of 100 ms, with the
//! client machine that runs in every browser.
//!
//! The line delays what is said on a connection, so the opening of the socket and everything after it wait; TCP's own greeting, and
//! TLS's, cross it at once. On a real network each adds a round trip.

use std::time::{Duration, Instant};

use protocol::{client::Input, cursor::Seq};
use tests::{
    FaultProxy, Native, Peer, Relay, Shop,
    fault_proxy::{Door, Lane, Way},
    native::{End, News},
    patience::PATIENCE,
    shop,
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::timeout,
};

use crate::{
    figure::{Figure, middle},
    machine::Machine,
    progress,
};

const MISSED: u64 = 50;

/// Each way.
const LATENCY: Duration = Duration::from_millis(50);

/// Shoppers, one after the other, and how often each loses the network: enough samples for a p99, and no transcript longer than one
/// has.
const SHOPPERS: usize = 10;
const TUNNELS: usize = 12;

const P50_GOAL: f64 = 300.0;
const P99_GOAL: f64 = 1_000.0;

/// What a shopper's machine tells, and when.
type Told = UnboundedReceiver<(News, Instant)>;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let relay = Relay::start_with("edge/workerd.capnp", &machine.disk).await;
    let shop = relay.shop().await;
    let mut samples = vec![];
    for shopper in 1..=SHOPPERS {
        samples.extend(one_shopper(&relay, &shop).await);
        progress(&format!(
            "network, shopper {shopper} of {SHOPPERS}: {:.0} ms",
            middle(&samples, 0.5)
        ));
    }
    let p50 = Figure::new("    network back → 50 missed entries shown, p50", middle(&samples, 0.5), "ms")
        .goal(P50_GOAL)
        .drawn("back", "Network back, 50 missed messages shown, p50")
        .note(format!(
            "{} times, round trip of {} ms, without the round trips of TCP and TLS; every entry once and in order",
            samples.len(),
            LATENCY.as_millis() * 2
        ));
    let slow = middle(&samples, 0.99);
    let p99 = Figure::new("    the same, p99", slow, "ms")
        .drawn("back", "Network back, 50 missed messages shown, p99");
    vec![p50, machine.slow_end(p99, P99_GOAL)]
}

async fn one_shopper(relay: &Relay, shop: &Shop) -> Vec<f64> {
    let proxy = FaultProxy::before(relay).await;
    let lane = Lane {
        latency: LATENCY,
        ..Lane::default()
    };
    for way in [Way::Up, Way::Down] {
        proxy.lane(way, lane);
    }
    let conversation = shop::conversation_id();
    let end = End::visitor(shop, conversation, &tests::caller::http()).by(&proxy.url());
    let (tell, mut told) = mpsc::unbounded_channel();
    let native = Native::new(end, move |news| {
        // Nobody listens any more once this shopper is done.
        let _ = tell.send((news, Instant::now()));
    });
    native.tell(Input::Want);
    hear(&mut told, "a welcome", |news| *news == News::Welcomed).await;
    let mut operator = Peer::operator(shop, conversation).await;
    // Who has read nothing has no place to go on from, and is shown the newest page only.
    native.tell(Input::Send(native.draft("Is the moka in stock?".into())));
    let shown = |news: &News| matches!(news, News::Shown(_));
    hear(&mut told, "the first entry is shown", shown).await;
    let (mut samples, mut head) = (vec![], 1);
    for _ in 0..TUNNELS {
        proxy.door(Door::Closed);
        proxy.reset();
        hear(&mut told, "the socket is lost", |news| *news == News::Lost).await;
        write(&mut operator).await;
        proxy.door(Door::Open);
        let back = Instant::now();
        native.tell(Input::Online);
        let mut last = back;
        for seq in head + 1..=head + MISSED {
            let (news, at) = hear(&mut told, "what was missed is shown", shown).await;
            let in_order = matches!(&news, News::Shown(entry) if entry.seq == Seq(seq));
            assert!(
                in_order,
                "lost, doubled or out of order: {news:?} for {seq}"
            );
            last = at;
        }
        head += MISSED;
        samples.push((last - back).as_secs_f64() * 1e3);
    }
    samples
}

async fn write(operator: &mut Peer) {
    let mut last = None;
    for n in 1..=MISSED {
        last = Some(
            operator
                .say(&format!("{n}: the moka is in stock, and on its way."))
                .await,
        );
    }
    operator
        .hear_entry("the last is stored", |entry| Some(entry.id) == last)
        .await;
}

async fn hear(told: &mut Told, what: &str, like: impl Fn(&News) -> bool) -> (News, Instant) {
    let listen = async {
        loop {
            let heard = told.recv().await.expect("the machine runs");
            if like(&heard.0) {
                return heard;
            }
        }
    };
    let heard = timeout(PATIENCE, listen).await;
    heard.unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain: {what}"))
}
