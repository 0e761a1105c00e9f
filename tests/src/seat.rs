//! A place for a browser: an engine with an empty profile and its driver, ended however the story ends. There are few.
//!
//! A start takes both cores for seconds, which is longer than many a story. So a browser whose story has ended well is emptied,
//! and waits for the next that wants one of its kind.

mod chromium;
mod firefox;
mod fresh;
mod start;
mod webkit;

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use thirtyfour::{SessionId, WebDriver, session::handle::SessionHandle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    engine::Engine,
    leash::{Folder, Leash},
    patience::{PATIENCE, eventually},
};
use start::{Driver, Launched, launch};

/// Browsers at work at a time, and as many may wait: the machine that runs the stories may have two cores.
const SEATS: usize = 2;

/// A driver that does not answer for so long has lost its browser: as for a new session (thirtyfour).
const ANSWERS_WITHIN: Duration = Duration::from_secs(120);

static FREE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(SEATS)));

/// Those that wait, the last that was used at the end; no more than there are seats.
static WAITING: Mutex<Vec<Started>> = Mutex::new(vec![]);

/// What a browser is started as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) engine: Engine,
    /// Whether the person has asked their device for dark colours.
    pub(crate) dark: bool,
}

/// A browser and its driver, for one story.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) kind: Kind,
    pub(crate) driver: WebDriver,
    started: Option<Started>,
    /// Nothing of its story is left in it.
    empty: bool,
    _permit: OwnedSemaphorePermit,
}

/// A browser and its driver, which outlive a story.
#[derive(Debug)]
struct Started {
    kind: Kind,
    /// Where the driver answers.
    address: String,
    session: SessionId,
    /// The browser's process.
    browser: u32,
    // The leashes first: should the session not have ended the browser, they do.
    _leashes: [Leash; 2],
    _process: Driver,
    profile: Folder,
}

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
        let (started, driver) = match Started::waiting(kind) {
            Some(started) => {
                let driver = started.driver();
                (started, driver)
            }
            None => {
                let profile = Folder::new(&std::env::temp_dir(), "profile");
                Started::on(profile, kind).await
            }
        };
        Self {
            kind,
            driver,
            started: Some(started),
            empty: false,
            _permit: permit,
        }
    }

    fn started(&self) -> &Started {
        self.started.as_ref().expect("it is here until the end")
    }

    /// Where the driver answers.
    pub(crate) fn address(&self) -> &str {
        &self.started().address
    }

    /// Empties the browser for the next story. One that does not let itself be emptied ends with this one.
    pub(crate) async fn is_emptied(&mut self) {
        let emptied = tokio::time::timeout(PATIENCE, fresh::empty(self)).await;
        self.empty = emptied.is_ok_and(|emptied| emptied.is_some());
    }

    /// Kills the browser as an empty battery would, and starts one on what is in its profile.
    pub(crate) async fn kill_9_and_start(&mut self) {
        let pid = self.started().browser.to_string();
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
        let before = self.started.take().expect("it is here until the end");
        let (started, driver) = Started::on(before.profile, self.kind).await;
        (self.started, self.driver) = (Some(started), driver);
    }

    /// Whether these bytes are in what the browser has written into its profile for pages to keep.
    pub(crate) fn has_kept(&self, bytes: &[u8]) -> bool {
        let folder = match self.kind.engine {
            Engine::Chromium => "Default/Local Storage",
            Engine::Firefox => "storage/default",
            Engine::WebKit => panic!("a WebKit that is driven keeps nothing on the disk"),
        };
        has_kept(&self.started().profile.path().join(folder), bytes)
    }

    /// Asks the driver without a runtime, as the end of a failed story must.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        self.started().ask(method, path, body)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(started) = self.started.take() else {
            return;
        };
        if self.empty {
            started.wait();
        } else {
            // The answer comes when the browser is gone.
            started.ask("DELETE", "", "");
        }
    }
}

impl Started {
    async fn on(profile: Folder, kind: Kind) -> (Self, WebDriver) {
        let Launched {
            process,
            address,
            driver,
            browser,
        } = launch(kind, profile.path()).await;
        let started = Self {
            kind,
            address,
            session: driver.session_id().clone(),
            browser,
            _leashes: [browser, process.id()].map(Leash::on_process),
            _process: process,
            profile,
        };
        (started, driver)
    }

    /// Waits for the next story; the one that has waited longest makes room.
    fn wait(self) {
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == SEATS {
            waiting.remove(0);
        }
        waiting.push(self);
    }

    /// One of this kind that waits.
    fn waiting(kind: Kind) -> Option<Self> {
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        let at = waiting.iter().rposition(|started| started.kind == kind)?;
        Some(waiting.remove(at))
    }

    /// A new end of its session: the one before went with the runtime of its story.
    fn driver(&self) -> WebDriver {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(ANSWERS_WITHIN);
        let client = Arc::new(client.build().expect("an HTTP client"));
        let handle = SessionHandle::new(client, self.address.as_str(), self.session.clone());
        let handle = Arc::new(handle.expect("an address"));
        let driver = WebDriver { handle };
        start::outlives_its_runtime(&driver);
        driver
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        self.exchange(method, path, body).unwrap_or_default()
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> io::Result<String> {
        let host = self.address.trim_start_matches("http://");
        let session = &self.session;
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
