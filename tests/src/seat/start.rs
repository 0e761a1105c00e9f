//! Starts a browser of an engine, by its driver.

use std::{
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use thirtyfour::{Capabilities, WebDriver};

use super::{Kind, chromium, firefox, webkit};
use crate::{engine::Engine, patience::eventually, relay::free_port};

/// The driver's process.
#[derive(Debug)]
pub(super) struct Driver(Child);

impl Driver {
    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a start has made.
pub(super) struct Launched {
    pub(super) process: Driver,
    /// Where the driver answers.
    pub(super) address: String,
    pub(super) driver: WebDriver,
    /// The browser's process.
    pub(super) browser: u32,
}

/// How a driver is started, on a port and for a profile.
type Start = fn(u16, &Path) -> Command;

/// Starts a driver and a browser on this profile.
pub(super) async fn launch(kind: Kind, profile: &Path) -> Launched {
    let (command, capabilities): (Start, Capabilities) = match kind.engine {
        Engine::Chromium => (chromium::driver, chromium::wishes(profile)),
        Engine::Firefox => (firefox::driver, firefox::wishes(profile, kind.dark)),
        Engine::WebKit => (webkit::driver, webkit::wishes(profile, kind.dark)),
    };
    let (process, address) = start_driver(command, profile).await;
    let driver = WebDriver::new(&address, capabilities).await;
    let driver = driver.unwrap_or_else(|error| panic!("{:?} starts: {error}", kind.engine));
    outlives_its_runtime(&driver);
    let browser = match kind.engine {
        Engine::Chromium => chromium::own_pid(profile),
        Engine::Firefox => firefox::own_pid(profile),
        Engine::WebKit => webkit::own_pid(process.0.id()),
    };
    Launched {
        process,
        address,
        driver,
        browser,
    }
}

/// The session's own end needs a runtime, which is gone when a story has failed.
pub(super) fn outlives_its_runtime(driver: &WebDriver) {
    let _ = driver.clone().leak();
}

/// Attempts to start a driver: between the look for a free port and its start somebody else may take it.
const DRIVER_ATTEMPTS: usize = 5;

/// Starts a driver and waits until it listens.
async fn start_driver(start: Start, profile: &Path) -> (Driver, String) {
    for _ in 0..DRIVER_ATTEMPTS {
        let port = free_port();
        let mut command = start(port, profile);
        // It would ask a proxy for what is on this machine.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        let name = command.get_program().to_owned();
        let quiet = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = quiet.spawn();
        let mut driver = Driver(process.unwrap_or_else(|error| {
            panic!("{name:?} does not start: {error}; `cargo xtask test` installs it")
        }));
        let what = format!("{name:?} listens or ends");
        let listens = eventually(&what, async || {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Some(true);
            }
            let ended = driver.0.try_wait().ok().flatten();
            ended.map(|_| false)
        });
        if listens.await {
            return (driver, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("the driver ended {DRIVER_ATTEMPTS} times before it listened");
}

/// A program by the first of these names that is on the path.
pub(super) fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("none of {names:?} is here: `cargo xtask test` installs it"))
}

/// The process that has locked its profile with a link that is called after it, such as `host-pid`.
pub(super) fn locked_by(link: &Path, before: char) -> u32 {
    let lock = std::fs::read_link(link).expect("a locked profile");
    let name = lock.to_string_lossy();
    let pid = name.rsplit(before).next().and_then(|pid| pid.parse().ok());
    pid.expect("a process id")
}
