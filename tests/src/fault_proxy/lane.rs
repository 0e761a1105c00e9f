//! One direction of a connection: how late, in what pieces and how far what goes in comes out.
//!
//! TCP hides loss, so a lost segment is what TCP makes of it: everything from it on comes after a retransmission. The reader
//! stamps what it reads with when it is due, the writer keeps to it; between them is what the network holds.

use std::time::Duration;

use protocol::backoff::Dice;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

use super::{Way, Weather, connection::Ending};

/// What one read takes: a loopback segment.
const SEGMENT: usize = 16 * 1024;

/// Segments that the network holds before the sender has to wait: 1 MiB, more than a burst of messages.
const HELD: usize = 64;

/// What Linux waits at least before it sends a lost segment again; doubled each time it is lost.
const RETRANSMIT_AFTER: Duration = Duration::from_millis(200);

/// Losses in a row that are counted: the last wait is then above six seconds.
const LOSSES_MAX: u32 = 5;

/// How a direction is. The default one does nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Everything comes so much later.
    pub latency: Duration,
    /// And up to so much more, by chance; the order stays.
    pub jitter: Duration,
    /// Of a thousand segments so many are lost and sent again.
    pub loss: u32,
    /// No faster than this.
    pub pace: Option<Pace>,
    /// Nothing comes, not even an end; it is held back until this is over.
    pub silent: bool,
    /// Every connection is cut with a FIN after so many bytes, counted from when this was set or it began.
    pub cut_after: Option<u64>,
}

/// A speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many bytes at once.
    pub bytes: usize,
    /// With so much time between.
    pub every: Duration,
}

impl Pace {
    /// So many kilobits a second, in twenty pieces.
    pub fn kilobits(many: usize) -> Self {
        Self {
            bytes: (many * 1000 / 8 / 20).max(1),
            every: Duration::from_millis(50),
        }
    }

    /// One byte at a time: a slow loris.
    pub fn drip(every: Duration) -> Self {
        Self { bytes: 1, every }
    }
}

/// Bytes, and when they are due.
type Segment = (Instant, Vec<u8>);

/// What a direction needs to know.
pub(super) struct Road {
    pub(super) way: Way,
    pub(super) weather: watch::Receiver<Weather>,
    pub(super) dice: Dice,
}

/// Carries bytes from one end to the other, the `first` ones and then what is read, until their end was passed on. `look`
/// sees what comes in.
pub(super) async fn carry(
    road: Road,
    first: Vec<u8>,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    look: impl FnMut(&[u8]),
) -> Result<(), Ending> {
    let (held, comes) = mpsc::channel(HELD);
    let stamps = Stamps {
        lane: (road.way, road.weather.clone()),
        dice: road.dice,
        last: Instant::now(),
    };
    let out = Out {
        way: road.way,
        weather: road.weather,
        passed: 0,
        counted_for: None,
    };
    tokio::try_join!(
        take_in(stamps, first, from, held, look),
        out.give(comes, to)
    )?;
    Ok(())
}

async fn take_in(
    mut stamps: Stamps,
    first: Vec<u8>,
    from: &mut (impl AsyncRead + Unpin),
    held: mpsc::Sender<Segment>,
    mut look: impl FnMut(&[u8]),
) -> Result<(), Ending> {
    let mut bytes = first;
    loop {
        if !bytes.is_empty() {
            look(&bytes);
            let segment = (stamps.due(), bytes);
            held.send(segment).await.map_err(|_| Ending::Reset)?;
        }
        bytes = vec![0; SEGMENT];
        let many = from.read(&mut bytes).await.map_err(|_| Ending::Reset)?;
        if many == 0 {
            return Ok(());
        }
        bytes.truncate(many);
    }
}

/// Says when a segment is due, never before the one in front of it.
struct Stamps {
    lane: (Way, watch::Receiver<Weather>),
    dice: Dice,
    last: Instant,
}

impl Stamps {
    fn due(&mut self) -> Instant {
        let lane = self.lane.1.borrow().lane(self.lane.0);
        let jitter = self.dice.below(lane.jitter.as_millis() as u64 + 1);
        let mut late = lane.latency + Duration::from_millis(jitter);
        let losses = (0..LOSSES_MAX).take_while(|_| self.dice.below(1000) < u64::from(lane.loss));
        for loss in losses {
            late += RETRANSMIT_AFTER * 2_u32.pow(loss);
        }
        self.last = self.last.max(Instant::now() + late);
        self.last
    }
}

/// The end where things come out.
struct Out {
    way: Way,
    weather: watch::Receiver<Weather>,
    /// Bytes since `counted_for` was set.
    passed: u64,
    counted_for: Option<u64>,
}

impl Out {
    async fn give(
        mut self,
        mut comes: mpsc::Receiver<Segment>,
        to: &mut (impl AsyncWrite + Unpin),
    ) -> Result<(), Ending> {
        while let Some((due, bytes)) = comes.recv().await {
            sleep_until(due).await;
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let lane = self.lane().await?;
                let most = lane.pace.map_or(rest.len(), |pace| pace.bytes);
                let allowed = self.allowed(lane.cut_after);
                let piece = rest.len().min(most).min(allowed);
                let (now, later) = rest.split_at(piece);
                to.write_all(now).await.map_err(|_| Ending::Reset)?;
                self.passed += piece as u64;
                if piece == allowed {
                    return Err(Ending::Cut);
                }
                rest = later;
                if let Some(pace) = lane.pace {
                    sleep(pace.every).await;
                }
            }
        }
        self.lane().await?;
        to.shutdown().await.map_err(|_| Ending::Reset)
    }

    /// How the direction is, as soon as something may come.
    async fn lane(&mut self) -> Result<Lane, Ending> {
        let way = self.way;
        let heard = self.weather.wait_for(|now| !now.lane(way).silent).await;
        heard.map(|now| now.lane(way)).map_err(|_| Ending::Reset)
    }

    /// Bytes that may come before the cut.
    fn allowed(&mut self, cut_after: Option<u64>) -> usize {
        if self.counted_for != cut_after {
            self.counted_for = cut_after;
            self.passed = 0;
        }
        let left = cut_after.map_or(u64::MAX, |limit| limit.saturating_sub(self.passed));
        usize::try_from(left).unwrap_or(usize::MAX)
    }
}
