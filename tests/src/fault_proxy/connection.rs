//! One connection through the proxy, from its accept to whatever end it comes to.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use protocol::backoff::Dice;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    join,
    net::TcpStream,
    select,
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    Way, Weather,
    door::{self, Verdict},
    lane::{self, Road},
};

/// A head longer than this is no browser's.
const HEAD_MAX: usize = 64 * 1024;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Both ends have said all they had to say.
    Over,
    /// With an RST to both ends.
    Reset,
    /// With a FIN to both ends, wherever they were.
    Cut,
    /// It never ends: what either end says is swallowed.
    Hole,
}

/// A connection and what it needs to know.
pub(super) struct Connection {
    number: u64,
    client: TcpStream,
    relay: Option<TcpStream>,
    port: u16,
    weather: watch::Receiver<Weather>,
    sockets: Arc<AtomicUsize>,
}

impl Connection {
    pub(super) fn new(
        number: u64,
        client: TcpStream,
        port: u16,
        weather: watch::Receiver<Weather>,
        sockets: Arc<AtomicUsize>,
    ) -> Self {
        Self {
            number,
            client,
            relay: None,
            port,
            weather,
            sockets,
        }
    }

    /// Serves it until its end, or until an order ends it.
    pub(super) async fn serve(mut self, relay: u16, mut orders: watch::Receiver<Ending>) {
        let ending = select! {
            done = self.live(relay) => done.err().unwrap_or(Ending::Over),
            order = orders.changed() => order.map_or(Ending::Over, |()| *orders.borrow()),
        };
        let ends = [Some(&mut self.client), self.relay.as_mut()];
        match ending {
            Ending::Over => {}
            Ending::Reset => {
                for end in ends.into_iter().flatten() {
                    // On an end that is gone there is nobody to be told.
                    let _ = end.set_zero_linger();
                }
            }
            Ending::Cut => {
                for end in ends.into_iter().flatten() {
                    let _ = end.shutdown().await;
                }
                self.swallow().await;
            }
            Ending::Hole => self.swallow().await,
        }
    }

    async fn live(&mut self, relay: u16) -> Result<(), Ending> {
        let door = self.weather.borrow().door;
        if let Some(verdict) = door.at_once() {
            return self.follow(verdict).await;
        }
        let head = self.head().await?;
        let door = self.weather.borrow().door;
        self.follow(door.judge(&head, self.port)).await?;
        let head = door.sent_on(head);
        let there = TcpStream::connect((Ipv4Addr::LOCALHOST, relay)).await;
        self.relay = Some(there.map_err(|_| Ending::Reset)?);
        if !door::asks_for_a_socket(&head) {
            return self.pass(head).await;
        }
        let (asked, weather) = (Instant::now(), self.weather.clone());
        select! {
            done = self.pass(head) => done,
            ending = outlived(asked, weather) => Err(ending),
        }
    }

    /// Does what was judged; what passes goes on.
    async fn follow(&mut self, verdict: Verdict) -> Result<(), Ending> {
        match verdict {
            Verdict::Pass => Ok(()),
            Verdict::Swallow => Err(Ending::Hole),
            Verdict::Reset => Err(Ending::Reset),
            Verdict::Answer(text) => {
                let told = self.client.write_all(text.as_bytes()).await;
                // Cut, so that what was asked and not read does not take the answer away again.
                Err(told.map_or(Ending::Reset, |()| Ending::Cut))
            }
        }
    }

    /// What is read up to the end of the first request's head; perhaps more.
    async fn head(&mut self) -> Result<Vec<u8>, Ending> {
        let mut head = vec![];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            let read = self.client.read_buf(&mut head).await;
            let many = read.map_err(|_| Ending::Reset)?;
            if many == 0 {
                return Err(Ending::Over);
            }
            if head.len() > HEAD_MAX {
                return Err(Ending::Reset);
            }
        }
        Ok(head)
    }

    async fn pass(&mut self, head: Vec<u8>) -> Result<(), Ending> {
        let relay = self.relay.as_mut().expect("the relay was called");
        for end in [&self.client, &*relay] {
            // Pieces are sent as they are cut.
            end.set_nodelay(true).map_err(|_| Ending::Reset)?;
        }
        let (mut from_client, mut to_client) = self.client.split();
        let (mut from_relay, mut to_relay) = relay.split();
        let road = |way: Way| Road {
            way,
            weather: self.weather.clone(),
            // A run is repeated by the order of its connections.
            dice: Dice::new(self.number * 2 + u64::from(way == Way::Up)),
        };
        let mut first = true;
        let opened = |bytes: &[u8]| {
            if std::mem::take(&mut first) && bytes.starts_with(b"HTTP/1.1 101") {
                self.sockets.fetch_add(1, Ordering::Relaxed);
            }
        };
        let up = lane::carry(road(Way::Up), head, &mut from_client, &mut to_relay, |_| {});
        let down = road(Way::Down);
        let down = lane::carry(down, vec![], &mut from_relay, &mut to_client, opened);
        tokio::try_join!(up, down).map(|_| ())
    }

    /// Takes what either end still says, and says nothing.
    async fn swallow(&mut self) {
        let relay = async {
            if let Some(relay) = &mut self.relay {
                drain(relay).await;
            }
        };
        join!(drain(&mut self.client), relay);
    }
}

async fn drain(end: &mut TcpStream) {
    let mut nowhere = tokio::io::sink();
    // However it ends, nothing more comes.
    let _ = tokio::io::copy(end, &mut nowhere).await;
}

/// The end of a WebSocket in a network that does not let them live for long.
async fn outlived(asked: Instant, mut weather: watch::Receiver<Weather>) -> Ending {
    loop {
        let life = weather.borrow_and_update().life;
        let over = async {
            match life {
                Some(life) => sleep_until(asked + life).await,
                None => std::future::pending().await,
            }
        };
        select! {
            () = over => return Ending::Reset,
            changed = weather.changed() => if changed.is_err() {
                return Ending::Reset;
            },
        }
    }
}
