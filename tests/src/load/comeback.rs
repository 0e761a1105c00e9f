//! How long it takes until everybody is back after the relay was killed under many sockets.

use std::time::Duration;

use tokio::time::Instant;

use super::{Load, Plan, Report, Samples, descriptors};
use crate::{Relay, Shop, patience::within};

/// How the sockets of a relay came back.
#[derive(Clone, Debug)]
pub struct Comeback {
    /// How many there were. Fewer than wanted, when descriptors did not allow more.
    pub sockets: usize,
    /// File descriptors that a process may have here.
    pub descriptors: u64,
    /// From the kill until the relay answered again.
    pub relay: Duration,
    /// From the kill until each socket was welcomed again.
    pub welcomed: Samples,
    /// The load that the sockets belonged to: about one message of each, proved.
    pub load: Report,
}

/// Descriptors that a conversation with two sockets takes in the relay: two for each socket, and three for a database with
/// its log and their shared memory while it is awake.
const PER_CONVERSATION: u64 = 7;

/// Of the descriptors this part is planned with. The rest is for sockets that were given up on one side and are still open on
/// the other while everybody comes back: workerd ends when it cannot accept one more.
const PLANNED: (u64, u64) = (2, 3);

/// Messages per second before the kill: a relay that gets a small part of a core takes them without falling behind.
const WRITES_PER_SECOND: u32 = 100;

/// The longest wait of the back-off is half a minute; a relay that greets ten thousand takes some of its own.
const BACK_WITHIN: Duration = Duration::from_secs(240);

/// Opens `wanted` sockets, or as many as descriptors allow, two in each conversation; each writes about one message; kills the relay
/// and starts it again on its disk. Returns when all are welcomed again and nothing was lost. The relay was started by
/// [`Relay::start_for_load`].
///
/// # Panics
/// When not all come back, or something was lost, doubled or out of order.
pub async fn come_back(relay: &Relay, shop: &Shop, wanted: usize) -> Comeback {
    let descriptors = descriptors::raise();
    let room = descriptors * PLANNED.0 / PLANNED.1 / PER_CONVERSATION;
    let conversations = (wanted / 2).min(usize::try_from(room).unwrap_or(usize::MAX));
    let sockets = conversations * 2;
    let every =
        Duration::from_secs(1) * u32::try_from(sockets).unwrap_or(u32::MAX) / WRITES_PER_SECOND;
    let plan = Plan {
        conversations,
        every,
        at_once: 1,
        audit_every: None,
    };
    let load = Load::start(shop, plan).await;
    load.write_for(every).await;
    load.rest(BACK_WITHIN).await;

    let killed = Instant::now();
    relay.kill_9();
    relay.restart().await;
    let answers = killed.elapsed();
    let times = within(BACK_WITHIN, "all sockets are welcomed again", async || {
        load.welcomed_since(killed)
    })
    .await;
    let load = load.settle(BACK_WITHIN).await;
    load.assert_right();
    Comeback {
        sockets,
        descriptors,
        relay: answers,
        welcomed: Samples::of(times),
        load,
    }
}
