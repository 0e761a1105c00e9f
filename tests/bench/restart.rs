//! The relay is killed under ten thousand sockets and started again on its disk: until all are welcomed, with the client machine's
//! own waits. Every message that was written is there afterwards, once and in order, or there is no figure.

use tests::{Relay, load::come_back};

use crate::{figure::Figure, machine::Machine, progress};

/// Fewer where descriptors do not allow so many; the figure says how many there were.
const SOCKETS: usize = 10_000;

const P99_GOAL: f64 = 10.0;

pub(crate) async fn measure(machine: &Machine) -> Vec<Figure> {
    let relay = Relay::start_for_load(&machine.disk).await;
    let shop = relay.shop().await;
    progress("restart: opening the sockets, each writes once (up to five minutes)");
    let back = come_back(&relay, &shop, SOCKETS).await;
    let welcomed = |share: f64| back.welcomed.at(share).as_secs_f64();
    let p99 = Figure::new(
        "    relay restarted → sockets back, p99",
        welcomed(0.99),
        "s",
    );
    let answers = back.relay.as_secs_f64();
    vec![
        machine
            .slow_end(p99, P99_GOAL)
            .bar("restart", "The relay answers again", answers, "s")
            .bar("restart", "Half of the sockets are back", welcomed(0.5), "s")
            .bar("restart", "99 of 100 are back", welcomed(0.99), "s")
            .bar("restart", "All are back", welcomed(1.0), "s")
            .also(format!(
                "{} sockets ({} descriptors), all back; the relay answered after {:.1} s, p50 {:.1} s, the last {:.1} s; {} messages, 0 lost, 0 doubled, 0 out of order",
                back.sockets,
                back.descriptors,
                answers,
                welcomed(0.5),
                welcomed(1.0),
                back.load.confirmed,
            )),
    ]
}
