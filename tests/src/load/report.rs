//! What a load has counted, and what it found wrong.

use std::{fmt, time::Duration};

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};

/// Faults that a report shows.
const FAULTS_SHOWN: usize = 20;

/// The counts of a load.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Conversations, with two sockets each.
    pub conversations: usize,
    /// Messages that were written.
    pub written: usize,
    /// Messages that left the outbox, each once.
    pub confirmed: usize,
    /// Messages that came into the view of the other end.
    pub shown: usize,
    /// Entries of the relay's transcripts that were read over HTTPS and compared.
    pub audited: usize,
    /// Welcomes of sockets.
    pub welcomes: usize,
    /// Sockets that were lost after their welcome.
    pub lost: usize,
    /// From writing to the confirmation.
    pub to_confirmed: Samples,
    /// From writing to the other end's view.
    pub to_shown: Samples,
    /// How long the load lasted.
    pub lasted: Duration,
    /// Processor time that this process took meanwhile, everything else that it did included.
    pub cpu: Duration,
    /// What is not as it must be.
    pub faults: Vec<String>,
}

/// Lengths of time, to the microsecond.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<u32>);

impl Samples {
    /// Of these lengths.
    pub fn of(lengths: impl IntoIterator<Item = Duration>) -> Self {
        let micros = |length: Duration| u32::try_from(length.as_micros()).unwrap_or(u32::MAX);
        Self(lengths.into_iter().map(micros).collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The length that a share of all does not exceed: 0.5 is the median, 1.0 the longest. Zero of none.
    pub fn at(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        let place = (sorted.len() as f64 * share).ceil() as usize;
        if sorted.is_empty() {
            return Duration::ZERO;
        }
        let place = place.clamp(1, sorted.len()) - 1;
        let (_, micros, _) = sorted.select_nth_unstable(place);
        Duration::from_micros(u64::from(*micros))
    }

    pub(super) fn extend(&mut self, micros: &[u32]) {
        self.0.extend_from_slice(micros);
    }
}

impl Report {
    /// Nothing was lost, doubled, changed or out of order, and nothing is missing.
    ///
    /// # Panics
    /// When there is a fault, or something that was written is not confirmed and in the other end's view.
    pub fn assert_right(&self) {
        let complete = self.confirmed == self.written && self.shown == self.written;
        assert!(self.faults.is_empty() && complete, "{self}");
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [middle, slow, longest] = [0.5, 0.99, 1.0].map(|share| self.at(share));
        write!(
            f,
            "p50 {middle:.1?}, p99 {slow:.1?}, longest {longest:.1?} of {}",
            self.len()
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} conversations for {:.1?}, {:.1?} of processor time here",
            self.conversations, self.lasted, self.cpu
        )?;
        writeln!(
            f,
            "{} written, {} confirmed, {} shown; {} entries read over HTTPS",
            self.written, self.confirmed, self.shown, self.audited
        )?;
        writeln!(f, "{} welcomes, {} sockets lost", self.welcomes, self.lost)?;
        writeln!(f, "to the confirmation: {}", self.to_confirmed)?;
        writeln!(f, "to the other view: {}", self.to_shown)?;
        writeln!(f, "{} faults", self.faults.len())?;
        for fault in self.faults.iter().take(FAULTS_SHOWN) {
            writeln!(f, "  {fault}")?;
        }
        Ok(())
    }
}

/// Processor time that this process has taken.
pub(super) fn cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return Duration::ZERO;
    };
    length(usage.user_time()) + length(usage.system_time())
}

fn length(time: TimeVal) -> Duration {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or_default();
    let micros = u64::try_from(time.tv_usec()).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}
