//! `cargo xtask serve`: runs what was built, without building. The secrets come from the environment or the data folder.

use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::dev::stop_signal;
use crate::failure::{Failure, Result};
use crate::project;
use crate::relay::{Relay, Words, check_port};
use crate::restored;
use crate::secrets::Secrets;

/// Runs until Ctrl-C.
pub(crate) fn run(port: u16, data: &Path, restored: bool) -> Result<()> {
    let built = [
        "edge/build/index.js",
        "target/site/widget.js",
        "node_modules/.bin/workerd",
    ];
    if let Some(missing) = built.into_iter().find(|path| !project::path(path).exists()) {
        return Err(Failure::new(format!(
            "{missing} is missing: run `cargo xtask build` first."
        )));
    }
    check_port("serve", port)?;
    if restored {
        restored::mark(data)?;
    }
    let stop = stop_signal()?;
    let mut relay = Relay::start(port, data, &Secrets::open(data), Words::Terminal, false)?;
    println!("The relay answers on http://localhost:{port}/. Ctrl-C ends it.");
    loop {
        match stop.recv_timeout(Duration::from_secs(1)) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if let Some(status) = relay.ended() {
            if stop.recv_timeout(Duration::from_millis(300)).is_ok() {
                return Ok(());
            }
            return Err(relay.obituary(status));
        }
    }
}
