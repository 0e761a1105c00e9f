//! A place for a browser: an engine with an empty profile and its driver, ended however the story ends. There are few.

mod chromium;
mod firefox;
mod webkit;

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock},
};

use thirtyfour::{Capabilities, WebDriver};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    engine::Engine,
    leash::{Folder, Leash},
    patience::{PATIENCE, eventually},
    relay::free_port,
};

/// Browsers at a time: the machine that runs the stories may have two cores.
const SEATS: usize = 2;

static FREE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(SEATS)));

/// What a browser is started as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) engine: Engine,
    /// Whether the person has asked their device for dark colours.
    pub(crate) dark: bool,
}

/// A browser and its driver.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) kind: Kind,
    pub(crate) driver: WebDriver,
    /// Where the driver answers.
    pub(crate) address: String,
    /// The browser's process.
    browser: u32,
    // The leashes first: should the session not have ended the browser, they do.
    _leashes: [Leash; 2],
    process: Driver,
    profile: Folder,
    _permit: OwnedSemaphorePermit,
}

/// The driver's process.
#[derive(Debug)]
struct Driver(Child);

impl Seat {
    /// Takes a seat for each, all at once: two stories that want two each must not wait for each other with one.
    pub(crate) async fn take<const N: usize>(kinds: [Kind; N]) -> [Self; N] {
        let many = u32::try_from(N).expect("a few");
        let permits = FREE.clone().acquire_many_owned(many).await;
        let mut permits = permits.expect("the seats stay");
        let mut taken = vec![];
        for kind in kinds {
            let one = permits.split(1).expect("as many as were acquired");
            taken.push(Self::sit(kind, one).await);
        }
        taken.try_into().expect("as many as were asked for")
    }

    async fn sit(kind: Kind, permit: OwnedSemaphorePermit) -> Self {
        let profile = Folder::new(&std::env::temp_dir(), "profile");
        let Launched {
            process,
            address,
            driver,
            browser,
        } = launch(kind, profile.path()).await;
        Self {
            kind,
            driver,
            address,
            browser,
            _leashes: [browser, process.0.id()].map(Leash::on_process),
            process,
            profile,
            _permit: permit,
        }
    }

    /// Kills the browser as an empty battery would, and starts one on what is in its profile.
    pub(crate) async fn kill_9_and_start(&mut self) {
        let pid = self.browser.to_string();
        let killed = Command::new("kill").args(["-9", &pid]).status();
        assert!(killed.is_ok_and(|status| status.success()), "it was there");
        eventually("the browser is gone", async || {
            // The driver may leave it unburied.
            let state = Command::new("ps")
                .args(["-o", "stat=", "-p", &pid])
                .output();
            let state = state.expect("ps is there").stdout;
            let state = String::from_utf8_lossy(&state);
            (state.trim().is_empty() || state.trim().starts_with('Z')).then_some(())
        })
        .await;
        let new = launch(self.kind, self.profile.path()).await;
        self._leashes = [new.browser, new.process.0.id()].map(Leash::on_process);
        (self.process, self.address) = (new.process, new.address);
        (self.driver, self.browser) = (new.driver, new.browser);
    }

    /// Whether these bytes are in what the browser has written into its profile for pages to keep.
    pub(crate) fn has_kept(&self, bytes: &[u8]) -> bool {
        let folder = match self.kind.engine {
            Engine::Chromium => "Default/Local Storage",
            Engine::Firefox => "storage/default",
            Engine::WebKit => panic!("a WebKit that is driven keeps nothing on the disk"),
        };
        has_kept(&self.profile.path().join(folder), bytes)
    }

    /// Asks the driver without a runtime, as the end of a failed story must.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        self.exchange(method, path, body).unwrap_or_default()
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> io::Result<String> {
        let host = self.address.trim_start_matches("http://");
        let session = self.driver.session_id();
        let length = body.len();
        let request = format!(
            "{method} /session/{session}{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut driver = TcpStream::connect(host)?;
        driver.set_read_timeout(Some(PATIENCE))?;
        driver.write_all(request.as_bytes())?;
        // The driver keeps the connection: the head says where the answer ends.
        let mut answer = BufReader::new(driver);
        let mut length = 0;
        loop {
            let mut line = String::new();
            answer.read_line(&mut line)?;
            let line = line.trim_end().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(said) = line.strip_prefix("content-length:") {
                length = said.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body)?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // The answer comes when the browser is gone.
        self.ask("DELETE", "", "");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether a file below this folder has these bytes.
fn has_kept(folder: &Path, bytes: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return has_kept(&path, bytes);
        }
        let text = std::fs::read(path).unwrap_or_default();
        text.windows(bytes.len()).any(|part| part == bytes)
    })
}

/// What a start has made.
struct Launched {
    process: Driver,
    address: String,
    driver: WebDriver,
    browser: u32,
}

/// How a driver is started, on a port and for a profile.
type Start = fn(u16, &Path) -> Command;

/// Starts a driver and a browser on this profile.
async fn launch(kind: Kind, profile: &Path) -> Launched {
    let (command, capabilities): (Start, Capabilities) = match kind.engine {
        Engine::Chromium => (chromium::driver, chromium::wishes(profile)),
        Engine::Firefox => (firefox::driver, firefox::wishes(profile, kind.dark)),
        Engine::WebKit => (webkit::driver, webkit::wishes(profile, kind.dark)),
    };
    let (process, address) = start_driver(command, profile).await;
    let driver = WebDriver::new(&address, capabilities).await;
    let driver = driver.unwrap_or_else(|error| panic!("{:?} starts: {error}", kind.engine));
    // Its own end needs a runtime, which is gone when a story has failed.
    let _ = driver.clone().leak();
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
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("none of {names:?} is here: `cargo xtask test` installs it"))
}

/// The process that has locked its profile with a link that is called after it, such as `host-pid`.
fn locked_by(link: &Path, before: char) -> u32 {
    let lock = std::fs::read_link(link).expect("a locked profile");
    let name = lock.to_string_lossy();
    let pid = name.rsplit(before).next().and_then(|pid| pid.parse().ok());
    pid.expect("a process id")
}
