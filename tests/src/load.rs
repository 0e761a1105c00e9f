//! Load that checks while it loads: many conversations, each with a visitor's and an operator's end that run the real client
//! machine on real sockets, and write at a given pace.
//!
//! What is checked, while it runs and again at the end: every confirmed message is in the relay's transcript (read over
//! HTTPS) once, with its words, at the place that was confirmed; places are dense; the messages of one device are in the
//! order they were written; both views are the transcript. What is not as it must be is a *fault* of the [`Report`].
//!
//! Everything runs in the caller's runtime: one task per end, one that writes, one that reads. Nothing is polled but the
//! transcripts, at the pace of the [`Plan`].

mod audit;
mod comeback;
pub mod descriptors;
mod ledger;
mod line;
mod report;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use protocol::{backoff::Dice, client::Input};
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
};

pub use comeback::{Comeback, come_back};
pub use report::{Report, Samples};

use crate::{Shop, patience::PATIENCE, shop};
use audit::Reader;
use line::Line;

/// Conversations that are opened, or read, at a time: enough to keep the relay busy, and few enough that each is answered in
/// time.
const AT_A_TIME: usize = 16;

/// The writer wakes at most so often, and writes what is due.
const TICK: Duration = Duration::from_millis(5);

/// How often one looks whether all is at rest, and listed. It takes seconds, and a look at two thousand machines is not free.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is to be loaded.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Conversations, with two sockets each.
    pub conversations: usize,
    /// Each end writes that often. The ends take turns, so that writing is spread evenly.
    pub every: Duration,
    /// Messages that an end writes at once.
    pub at_once: usize,
    /// The next conversation is read over HTTPS so long after the last one; `None`: all are read at the end only.
    pub audit_every: Option<Duration>,
}

/// A running load. It is over when this is dropped.
#[derive(Debug)]
pub struct Load {
    work: Arc<Work>,
    tasks: Vec<JoinHandle<()>>,
    begun: (Instant, Duration),
    dice: Dice,
}

#[derive(Debug)]
struct Work {
    lines: Vec<Line>,
    reader: Reader,
    plan: Plan,
    writing: AtomicBool,
}

impl Load {
    /// Opens the conversations, and returns when all sockets are welcomed. Nothing is written yet.
    ///
    /// # Panics
    /// When a socket is not welcomed in time.
    pub async fn start(shop: &Shop, plan: Plan) -> Self {
        let lines = open_lines(shop, plan.conversations).await;
        let work = Arc::new(Work {
            lines,
            reader: Reader::of(shop),
            plan,
            writing: AtomicBool::new(false),
        });
        let mut tasks = vec![tokio::spawn(take_turns(work.clone()))];
        if let Some(every) = work.plan.audit_every {
            tasks.push(tokio::spawn(audit(work.clone(), every)));
        }
        Self {
            work,
            tasks,
            begun: (Instant::now(), report::cpu()),
            dice: Dice::new(u64::from_le_bytes(shop::random())),
        }
    }

    /// Writes from now on.
    pub fn write(&self) {
        self.work.writing.store(true, Ordering::Relaxed);
    }

    /// Writes for so long, and goes on with it.
    pub async fn write_for(&self, long: Duration) {
        self.write();
        sleep_until(Instant::now() + long).await;
    }

    /// So many ends load their page again: a new machine with what the device kept. Chosen by chance.
    pub fn reload(&mut self, ends: usize) {
        for _ in 0..ends {
            let (line, side) = self.any_end();
            self.work.lines[line].ends[side].reload();
        }
    }

    /// So many ends hear that the network is back, and try at once what they wait for. Chosen by chance.
    pub fn back_online(&mut self, ends: usize) {
        for _ in 0..ends {
            let (line, side) = self.any_end();
            self.work.lines[line].ends[side].tell(Input::Online);
        }
    }

    /// Sockets that are welcomed now.
    pub fn live(&self) -> usize {
        let ends = self.work.lines.iter().flat_map(|line| &line.ends);
        ends.filter(|end| end.is_live()).count()
    }

    /// Messages that are confirmed up to now.
    pub fn confirmed(&self) -> usize {
        let lines = self.work.lines.iter();
        lines.map(|line| line.ledger().confirmed_count()).sum()
    }

    /// How it stands: everything that was counted, and what was found wrong up to now.
    pub fn report(&self) -> Report {
        let mut report = Report {
            lasted: self.begun.0.elapsed(),
            cpu: report::cpu().saturating_sub(self.begun.1),
            ..Report::default()
        };
        for line in &self.work.lines {
            line.ledger().count(&mut report);
        }
        report
    }

    /// Writes nothing more, waits until nothing is on its way, reads everything over HTTPS and compares it.
    ///
    /// # Panics
    /// When something is still on its way after `limit`, saying what. Being wrong is no panic, but a fault of the report.
    pub async fn settle(&self, limit: Duration) -> Report {
        self.rest(limit).await;
        stream::iter(&self.work.lines)
            .for_each_concurrent(AT_A_TIME, async |line| line.prove(&self.work.reader).await)
            .await;
        self.work.reader.prove_list(&self.work.lines).await;
        self.report()
    }

    /// Writes nothing more, and waits until nothing is on its way.
    ///
    /// # Panics
    /// When something still is after `limit`, saying what.
    pub async fn rest(&self, limit: Duration) {
        self.work.writing.store(false, Ordering::Relaxed);
        let deadline = Instant::now() + limit;
        while let Some(unrest) = self.unrest() {
            assert!(
                Instant::now() < deadline,
                "waited {limit:?} in vain until all is at rest: {unrest}\n{}",
                self.report()
            );
            sleep(LOOK_EVERY).await;
        }
    }

    /// How long after this moment each socket was welcomed; nothing until all are.
    fn welcomed_since(&self, then: Instant) -> Option<Vec<Duration>> {
        let times = self
            .work
            .lines
            .iter()
            .flat_map(|line| line.ledger().welcomed_at());
        times
            .map(|at| at?.checked_duration_since(then.into_std()))
            .collect()
    }

    fn any_end(&mut self) -> (usize, usize) {
        let line = self.dice.below(self.work.lines.len() as u64);
        (line as usize, self.dice.below(2) as usize)
    }

    fn unrest(&self) -> Option<String> {
        let restless = self.work.lines.iter().filter_map(Line::unrest);
        let restless: Vec<String> = restless.collect();
        let first = restless.first()?;
        Some(format!("{} ends are not, such as {first}", restless.len()))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Opens so many conversations, a few at a time, each with both its sockets welcomed.
async fn open_lines(shop: &Shop, conversations: usize) -> Vec<Line> {
    let http = line::http();
    let opening = stream::iter(0..conversations).map(async |number| {
        let line = Line::new(shop, number, &http);
        tokio::time::timeout(PATIENCE, line.open())
            .await
            .unwrap_or_else(|_| {
                panic!("waited {PATIENCE:?} in vain for both welcomes of conversation {number}")
            });
        line
    });
    opening.buffered(AT_A_TIME).collect().await
}

/// The ends take turns; each writes what it has to say at once.
async fn take_turns(work: Arc<Work>) {
    let ends = work.lines.len() * 2;
    let apart = work.plan.every / u32::try_from(ends).unwrap_or(u32::MAX).max(1);
    let mut ticks = interval(apart.max(TICK));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut turn, mut due, mut looked) = (0, Duration::ZERO, Instant::now());
    loop {
        ticks.tick().await;
        let passed = looked.elapsed();
        looked = Instant::now();
        if !work.writing.load(Ordering::Relaxed) {
            continue;
        }
        due += passed;
        while due >= apart {
            due -= apart;
            for _ in 0..work.plan.at_once {
                work.lines[turn / 2].write(turn % 2);
            }
            turn = (turn + 1) % ends;
        }
    }
}

/// Reads one conversation after the other, and what is new in it.
async fn audit(work: Arc<Work>, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for line in work.lines.iter().cycle() {
        ticks.tick().await;
        line.audit(&work.reader).await;
    }
}
