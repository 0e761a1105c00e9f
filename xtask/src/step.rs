//! Progress: `[3/7] Building the widget … 12 s`. Long steps say how far they are; what a child prints is shown when it fails.
//!
//! Progress goes to the error stream, so that what a command answers can be piped.

use std::io::{IsTerminal, stderr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::output::{crate_name, forward, is_noise, network_failure, under};

/// How often a step that is not on a terminal says that it is alive: seldom enough for a log.
const LOG_EVERY: Duration = Duration::from_secs(30);

/// Lines of a failed child that are shown: the first error is in there, and it fits a log.
const SHOWN_LINES: usize = 200;

/// A numbered row of steps.
pub(crate) struct Steps {
    total: usize,
    begun: Arc<AtomicUsize>,
    /// They are done beside others, which say how far they are.
    beside: bool,
}

/// What became of a step.
pub(crate) enum Outcome {
    /// It did its work.
    Done,
    /// There was nothing to do.
    Unchanged,
    /// It failed, and the command goes on with the next.
    Failed,
}

/// Whether the lines of a child are shown as they come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Echo {
    /// All but cargo's list of crates.
    Live,
    /// The same, with this in front of the names of tests: one binary runs several times.
    Under(&'static str),
    /// Only when the child fails.
    OnFailure,
}

impl Steps {
    /// A row of `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            begun: Arc::default(),
            beside: false,
        }
    }

    /// Some of this row that are done beside the others. They say only how they ended.
    pub(crate) fn beside(&self) -> Self {
        Self {
            total: self.total,
            begun: Arc::clone(&self.begun),
            beside: true,
        }
    }

    /// Does one step under `title`.
    pub(crate) fn step(
        &mut self,
        title: &str,
        work: impl FnOnce(&mut Step) -> Result<Outcome>,
    ) -> Result<()> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let mut step = Step {
            title: format!("[{number}/{}] {title}", self.total),
            beside: self.beside,
            started: Instant::now(),
            logged: Instant::now(),
            terminal: stderr().is_terminal(),
            part: String::new(),
        };
        step.show("");
        match work(&mut step) {
            Ok(Outcome::Done) => step.end(&seconds(step.started.elapsed())),
            Ok(Outcome::Unchanged) => step.end("unchanged"),
            Ok(Outcome::Failed) => step.end("failed"),
            Err(failure) => {
                step.end("failed");
                return Err(failure);
            }
        }
        Ok(())
    }
}

/// A step at work.
pub(crate) struct Step {
    title: String,
    beside: bool,
    started: Instant,
    logged: Instant,
    terminal: bool,
    part: String,
}

/// What a child left behind.
pub(crate) struct Finished {
    /// Whether it said that all went well.
    pub(crate) success: bool,
    /// Everything it printed, both streams in the order of arrival.
    pub(crate) lines: Vec<String>,
}

impl Step {
    /// Runs `command` to its end; a failure shows what it printed and is told by `sentence`.
    pub(crate) fn run(&mut self, command: &mut Command, sentence: &str) -> Result<Vec<String>> {
        let finished = self.follow(command, Echo::OnFailure)?;
        if finished.success {
            return Ok(finished.lines);
        }
        self.clear();
        let told = finished
            .lines
            .iter()
            .filter(|line| crate_name(line).is_none());
        let told: Vec<&String> = told.collect();
        for line in &told[told.len().saturating_sub(SHOWN_LINES)..] {
            eprintln!("{line}");
        }
        Err(network_failure(&finished.lines).unwrap_or_else(|| Failure::new(sentence)))
    }

    /// Runs `command` to its end and says how it ended.
    pub(crate) fn follow(&mut self, command: &mut Command, echo: Echo) -> Result<Finished> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Failure::new(format!(
                    "`{program}` could not be started ({error}): is it installed?"
                ))
            })?;
        let (sender, receiver) = mpsc::channel();
        if let Some(stream) = child.stdout.take() {
            forward(stream, sender.clone());
        }
        if let Some(stream) = child.stderr.take() {
            forward(stream, sender);
        }
        let mut lines = Vec::new();
        let mut crates = 0;
        loop {
            match receiver.recv_timeout(Duration::from_secs(1)) {
                Ok(mut line) => {
                    if let Echo::Under(name) = echo {
                        line = under(name, line);
                    }
                    if crate_name(&line).is_some() {
                        crates += 1;
                    } else if echo != Echo::OnFailure && !is_noise(&line) {
                        self.clear();
                        println!("{line}");
                    }
                    lines.push(line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if crates > 0 {
                self.show(&format!("{crates} crates, "));
            } else {
                self.show("");
            }
        }
        let status = child.wait().map_err(|error| {
            Failure::new(format!(
                "`{program}` was lost ({error}): run the command again."
            ))
        })?;
        Ok(Finished {
            success: status.success(),
            lines,
        })
    }

    /// Says which part of the step is next.
    pub(crate) fn note(&mut self, part: &str) {
        self.part = format!("{part}, ");
        self.show("");
    }

    fn show(&mut self, detail: &str) {
        if self.beside {
            return;
        }
        let part = &self.part;
        let spent = self.started.elapsed();
        if self.terminal {
            eprint!("\r\x1b[2K{} … {part}{detail}{}", self.title, seconds(spent));
        } else if self.logged.elapsed() >= LOG_EVERY {
            self.logged = Instant::now();
            eprintln!("{} … {part}{detail}{} so far", self.title, seconds(spent));
        }
    }

    /// Shows a line of the step's own.
    pub(crate) fn say(&self, line: &str) {
        self.clear();
        eprintln!("{line}");
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }

    fn end(&self, word: &str) {
        self.clear();
        eprintln!("{} … {word}", self.title);
    }
}

/// A duration as a person reads it.
pub(crate) fn seconds(spent: Duration) -> String {
    match spent.as_secs() {
        0 => format!("{:.1} s", spent.as_secs_f64()),
        whole @ 1..120 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_millis(12_900)), "12 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_failed_child_is_told_by_its_sentence() {
        let mut steps = Steps::new(1);
        let outcome = steps.step("Trying", |step| {
            step.run(
                Command::new("sh").args(["-c", "echo broken >&2; exit 3"]),
                "It broke: mend it.",
            )?;
            Ok(Outcome::Done)
        });
        assert_eq!(outcome, Err(Failure::new("It broke: mend it.")));
    }

    #[test]
    fn a_missing_program_is_named() {
        let mut steps = Steps::new(1);
        let outcome = steps.step("Trying", |step| {
            step.run(&mut Command::new("no-such-program"), "")?;
            Ok(Outcome::Done)
        });
        assert!(outcome.unwrap_err().to_string().contains("no-such-program"));
    }
}
