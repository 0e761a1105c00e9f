//! The network between a shopper and the relay, on a bad day: a TCP proxy on a loopback port whose faults are switched
//! on and off while it runs.
//!
//! Must stay true: what comes out of a direction is a beginning of what went into it, in order, since TCP loses and
//! reorders nothing. What went into a black hole never comes out again. It knows of HTTP only the head of a connection's
//! first request, and of WebSockets only that they were asked for: frames are bytes.

mod connection;
mod door;
mod lane;
#[cfg(test)]
mod tests;

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::{AbortHandle, JoinSet},
};

use crate::Relay;
use connection::{Connection, Ending};

pub use door::{Door, Portal, Refusal};
pub use lane::{Lane, Pace};

/// A proxy in front of a relay. With it everything is gone that it holds.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    weather: watch::Sender<Weather>,
    orders: watch::Sender<Ending>,
    sockets: Arc<AtomicUsize>,
    accepting: AbortHandle,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the relay.
    Up,
    /// From the relay.
    Down,
}

/// How things are at a time.
#[derive(Clone, Copy, Debug, Default)]
struct Weather {
    up: Lane,
    down: Lane,
    door: Door,
    life: Option<Duration>,
}

impl Weather {
    fn lane(&self, way: Way) -> Lane {
        match way {
            Way::Up => self.up,
            Way::Down => self.down,
        }
    }
}

impl FaultProxy {
    /// One that does no harm yet.
    pub async fn before(relay: &Relay) -> Self {
        let url = relay.url();
        let port = url.rsplit(':').next().and_then(|port| port.parse().ok());
        Self::to(port.expect("a relay's address ends with its port")).await
    }

    async fn to(relay: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let weather = watch::Sender::new(Weather::default());
        let orders = watch::Sender::new(Ending::Over);
        let sockets = Arc::new(AtomicUsize::new(0));
        let (skies, ears, count) = (weather.clone(), orders.clone(), sockets.clone());
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            for number in 0.. {
                let Ok((client, _)) = listener.accept().await else {
                    return;
                };
                let line = Connection::new(number, client, port, skies.subscribe(), count.clone());
                open.spawn(line.serve(relay, ears.subscribe()));
                // Those that are over need not be kept.
                while open.try_join_next().is_some() {}
            }
        });
        Self {
            port,
            weather,
            orders,
            sockets,
            accepting: accepting.abort_handle(),
        }
    }

    /// Where a shopper finds the relay.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// How many WebSockets the relay has opened through here.
    pub fn sockets(&self) -> usize {
        self.sockets.load(Ordering::Relaxed)
    }

    /// Makes a direction like this, for what is open and for what will be.
    pub fn lane(&self, way: Way, lane: Lane) {
        self.weather.send_modify(|weather| match way {
            Way::Up => weather.up = lane,
            Way::Down => weather.down = lane,
        });
    }

    /// Makes both directions like this.
    pub fn lanes(&self, lane: Lane) {
        self.lane(Way::Up, lane);
        self.lane(Way::Down, lane);
    }

    /// What becomes of new connections.
    pub fn door(&self, door: Door) {
        self.weather.send_modify(|weather| weather.door = door);
    }

    /// Resets every WebSocket so long after it was asked for.
    pub fn sockets_live_for(&self, life: Option<Duration>) {
        self.weather.send_modify(|weather| weather.life = life);
    }

    /// Resets every connection that is open: both ends get an RST.
    pub fn reset(&self) {
        self.orders.send_replace(Ending::Reset);
    }

    /// Swallows what is open and what comes: nobody hears anything any more, not even that it is over.
    pub fn black_hole(&self) {
        self.door(Door::Hole);
        self.orders.send_replace(Ending::Hole);
    }

    /// The network is another one: new connections find this door, and the old ones are swallowed.
    pub fn moves_behind(&self, door: Door) {
        self.door(door);
        self.orders.send_replace(Ending::Hole);
    }

    /// A good network again. What was held back comes; what was swallowed does not.
    pub fn calm(&self) {
        self.weather.send_replace(Weather::default());
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
