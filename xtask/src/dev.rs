//! `cargo xtask dev`: from a bare machine to a chat with a demo shop, and in seconds the second time.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::assemble::{self, SOURCES};
use crate::demo;
use crate::failure::{Failure, Result};
use crate::relay::{Relay, Words, check_port};
use crate::secrets::Secrets;
use crate::stamp::pulse;
use crate::step::{Outcome, Steps};

/// Installs, builds and runs until Ctrl-C.
pub(crate) fn run(port: u16, data: &Path, watch: bool) -> Result<()> {
    // Before anything long: nobody wants to learn after twenty minutes that the port is taken.
    check_port("dev", port)?;
    let mut secrets = Secrets::open(data);
    secrets.complete()?;
    let mut seen = pulse(&SOURCES);
    let mut steps = Steps::new(assemble::STEPS + 1);
    assemble::all(&mut steps)?;
    let stop = stop_signal()?;
    let mut relay = None;
    steps.step("Starting the relay", |_| {
        relay = Some(start(port, data, &mut secrets)?);
        Ok(Outcome::Done)
    })?;
    println!("{}", demo::welcome(port, &secrets));
    println!(
        "  The relay's log is in {}. Ctrl-C ends it.",
        data.join("relay.log").display()
    );
    loop {
        match stop.recv_timeout(Duration::from_secs(1)) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                drop(relay);
                println!(
                    "\nStopped; the conversations are kept in {}.",
                    data.display()
                );
                return Ok(());
            }
        }
        if let Some(running) = relay.as_mut()
            && let Some(status) = running.ended()
        {
            // Ctrl-C reaches the relay together with us: its end is then no accident.
            if stop.recv_timeout(Duration::from_millis(300)).is_ok() {
                return Ok(());
            }
            return Err(running.obituary(status));
        }
        let now = pulse(&SOURCES);
        if watch && now != seen {
            seen = now;
            println!();
            match assemble::made(&mut Steps::new(assemble::MADE_STEPS)) {
                Ok(()) => {
                    // The old relay must have let go of its port and its files first.
                    drop(relay.take());
                    relay = Some(start(port, data, &mut secrets)?);
                    println!("Started again: http://localhost:{port}/");
                }
                // The last relay that worked goes on until the source is mended.
                Err(failure) => eprintln!("{failure}"),
            }
        }
    }
}

fn start(port: u16, data: &Path, secrets: &mut Secrets) -> Result<Relay> {
    let relay = Relay::start(
        port,
        data,
        secrets,
        Words::File(data.join("relay.log")),
        true,
    )?;
    demo::create(port, secrets)?;
    Ok(relay)
}

/// Hears Ctrl-C, the end of the terminal and a polite kill, and leaves the ending to the one who owns the relay.
pub(crate) fn stop_signal() -> Result<Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = sender.send(());
    })
    .map_err(|error| {
        Failure::new(format!(
            "Ctrl-C cannot be listened to ({error}): start again."
        ))
    })?;
    Ok(receiver)
}
