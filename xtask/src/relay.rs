//! The relay on workerd: started with its data and its secrets, watched until it answers, never left behind.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::failure::{Failure, Result};
use crate::project;
use crate::restored;
use crate::secrets::Secrets;

/// workerd answers within a second; a machine that compiles at the same time may need more.
const START_WITHIN: Duration = Duration::from_secs(30);

/// Closing sockets and databases takes milliseconds; after this it hangs.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Where the relay's words go.
pub(crate) enum Words {
    /// To the terminal.
    Terminal,
    /// To this file, so that the terminal stays readable.
    File(PathBuf),
}

/// A running workerd. Dropping it stops it.
pub(crate) struct Relay {
    child: Child,
    words: Words,
}

/// Fails when something else listens on `port`, with the sentence that names a free one.
pub(crate) fn check_port(command: &str, port: u16) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_ok() {
        return Ok(());
    }
    let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let free = free.map_or(port.wrapping_add(1), |address| address.port());
    Err(Failure::new(format!(
        "Port {port} is in use: stop the program that listens there, or choose another: cargo xtask {command} --port {free}"
    )))
}

impl Relay {
    /// Starts the built relay with its data in `data`, and returns when it answers. `tried` where it is for browsers on this machine.
    pub(crate) fn start(
        port: u16,
        data: &Path,
        secrets: &Secrets,
        words: Words,
        tried: bool,
    ) -> Result<Self> {
        let objects = data.join("objects");
        fs::create_dir_all(&objects).map_err(|error| {
            Failure::new(format!(
                "{} cannot be made ({error}): choose another folder with --data.",
                objects.display()
            ))
        })?;
        let mut command = unorphaned(&project::npm_tool("workerd"));
        command
            .arg("serve")
            .arg(project::path("edge/workerd.capnp"))
            .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
            .arg(format!(
                "--directory-path=data={}",
                absolute(&objects).display()
            ))
            .arg(format!(
                "--directory-path=site={}",
                project::path("target/site").display()
            ))
            .envs(secrets.of_relay()?)
            .envs(restored::of_relay(data)?)
            .envs(tried.then_some(("COMMESSO_COOKIES", "local")))
            .stdin(Stdio::null());
        if let Words::File(file) = &words {
            let (out, err) = File::create(file)
                .and_then(|out| Ok((out.try_clone()?, out)))
                .map_err(|error| {
                    Failure::new(format!("{} cannot be written ({error}).", file.display()))
                })?;
            command.stdout(out).stderr(err);
        }
        let child = command.spawn().map_err(|error| {
            Failure::new(format!(
                "workerd could not be started ({error}): run `cargo xtask build` first."
            ))
        })?;
        let mut relay = Self { child, words };
        relay.wait_until_it_answers(port)?;
        Ok(relay)
    }

    /// How workerd ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// What to say about a relay that ended by itself.
    pub(crate) fn obituary(&self, status: ExitStatus) -> Failure {
        if let Words::File(file) = &self.words {
            let said = fs::read_to_string(file).unwrap_or_default();
            let lines: Vec<&str> = said.lines().collect();
            for line in &lines[lines.len().saturating_sub(20)..] {
                eprintln!("{line}");
            }
        }
        Failure::new(format!(
            "The relay ended by itself ({status}): its last words above say why."
        ))
    }

    fn wait_until_it_answers(&mut self, port: u16) -> Result<()> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(5)))
            .proxy(None)
            .build()
            .into();
        let started = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Err(self.obituary(status));
            }
            let answer = agent
                .get(format!("http://127.0.0.1:{port}/v1/health"))
                .call();
            if answer.is_ok() {
                return Ok(());
            }
            if started.elapsed() > START_WITHIN {
                let why = answer
                    .err()
                    .map(|error| error.to_string())
                    .unwrap_or_default();
                return Err(Failure::new(format!(
                    "The relay did not answer on port {port} within {} s ({why}): look at its words, then start again.",
                    START_WITHIN.as_secs()
                )));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        let asked = Instant::now();
        while self.ended().is_none() {
            if asked.elapsed() > STOP_WITHIN {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// On Linux the kernel itself ends the child with us, even when we are killed without a chance to do it.
fn unorphaned(program: &Path) -> Command {
    let has_setpriv = Command::new("setpriv")
        .args(["--pdeathsig", "TERM", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_setpriv {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_told_with_a_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let failure = check_port("dev", port).unwrap_err().to_string();
        assert!(
            failure.contains(&format!("Port {port} is in use")),
            "{failure}"
        );
        assert!(failure.contains("cargo xtask dev --port"), "{failure}");
        drop(taken);
        assert!(check_port("dev", port).is_ok());
    }
}
