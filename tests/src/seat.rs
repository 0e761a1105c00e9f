//! A place for a browser: Chromium with an empty profile and its driver, ended however the story ends. There are few.

use std::{
    array,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock},
};

use serde_json::json;
use thirtyfour::{CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    leash::{Folder, Leash},
    patience::{PATIENCE, eventually},
};

/// Browsers at a time: the machine that runs the stories may have two cores.
const SEATS: usize = 2;

static FREE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(SEATS)));

/// A browser and its driver.
#[derive(Debug)]
pub(crate) struct Seat {
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
    /// Takes so many seats, all at once: two stories that want two each must not wait for each other with one.
    pub(crate) async fn take<const N: usize>() -> [Self; N] {
        let many = u32::try_from(N).expect("a few");
        let permits = FREE.clone().acquire_many_owned(many).await;
        let mut permits = permits.expect("the seats stay");
        let mut taken = vec![];
        for _ in 0..N {
            let one = permits.split(1).expect("as many as were acquired");
            taken.push(Self::sit(one).await);
        }
        let mut taken = taken.into_iter();
        array::from_fn(|_| taken.next().expect("as many as were taken"))
    }

    async fn sit(permit: OwnedSemaphorePermit) -> Self {
        let profile = Folder::new(&std::env::temp_dir(), "profile");
        let (process, address, driver) = launch(&profile).await;
        let browser = own_pid(&profile);
        Self {
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
        let (process, address, driver) = launch(&self.profile).await;
        self.browser = own_pid(&self.profile);
        self._leashes = [self.browser, process.0.id()].map(Leash::on_process);
        (self.process, self.address, self.driver) = (process, address, driver);
    }

    /// Whether these bytes are in what the browser has written into its profile for pages to keep.
    pub(crate) fn has_kept(&self, bytes: &[u8]) -> bool {
        let folder = self.profile.path().join("Default/Local Storage/leveldb");
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let texts = files.filter_map(|file| std::fs::read(file.path()).ok());
        texts
            .into_iter()
            .any(|text| text.windows(bytes.len()).any(|part| part == bytes))
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

/// Starts a driver and a browser on this profile.
async fn launch(profile: &Folder) -> (Driver, String, WebDriver) {
    let (process, address) = start_driver();
    let mut capabilities = DesiredCapabilities::chrome();
    let profile_flag = format!("--user-data-dir={}", profile.path().display());
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en",
        &profile_flag,
    ];
    for flag in flags {
        capabilities.add_arg(flag).expect("a flag");
    }
    let log = capabilities.set_base_capability("goog:loggingPrefs", json!({"browser": "ALL"}));
    log.expect("a capability");
    let driver = WebDriver::new(&address, capabilities).await;
    let driver = driver.expect("Chromium starts");
    // Its own end needs a runtime, which is gone when a story has failed.
    let _ = driver.clone().leak();
    (process, address, driver)
}

/// The browser's process: it locks its profile with a link that is called after it, `host-pid`.
fn own_pid(profile: &Folder) -> u32 {
    let lock = std::fs::read_link(profile.path().join("SingletonLock")).expect("a locked profile");
    let name = lock.to_string_lossy();
    let pid = name.rsplit('-').next().and_then(|pid| pid.parse().ok());
    pid.expect("a process id")
}

/// Attempts to start a driver: it chooses a port for one family of addresses, and gives up where it is taken in the other.
const DRIVER_ATTEMPTS: usize = 5;

/// Starts a driver on a port of its choice.
fn start_driver() -> (Driver, String) {
    let started = (0..DRIVER_ATTEMPTS).find_map(|_| try_driver());
    started.expect("chromedriver says its port")
}

fn try_driver() -> Option<(Driver, String)> {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts: `cargo xtask test` says how to install it");
    let words = BufReader::new(process.stdout.take().expect("a pipe"));
    let driver = Driver(process);
    let port = words.lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse::<u16>().ok()
    })?;
    Some((driver, format!("http://127.0.0.1:{port}")))
}
