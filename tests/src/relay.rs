//! The relay on the real runtime: workerd with what `cargo xtask build` made, on its own disk and port.

mod wrangler;

use std::{
    fs::{self, File, OpenOptions},
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use protocol::time::Timestamp;
use tokio::sync::OnceCell;

use crate::{
    FaultProxy, caller,
    leash::{Folder, Leash},
    load::descriptors,
    patience::within,
    shop::{self, Shop},
};

/// Where the relay is taken from instead of this checkout: another release's, built (`cargo xtask versions`).
const RELAY_OF: &str = "COMMESSO_RELAY_OF";

/// Where the widget and the inbox are taken from instead.
const SITE_OF: &str = "COMMESSO_SITE_OF";

/// It answers in a second; with thousands who wait at its door to come back, and two cores for all of them, it has taken 21.
const STARTS_WITHIN: Duration = Duration::from_secs(90);

/// A running workerd and what it needs to run again.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    config: PathBuf,
    secrets: [(&'static str, String); 2],
    extra: Vec<(&'static str, String)>,
    /// When its disk was replaced by an older copy.
    restored: Mutex<Option<Timestamp>>,
    process: Mutex<Option<Process>>,
    /// It runs as Cloudflare would run it, by `wrangler dev` and the configuration of the deployment.
    by_wrangler: bool,
    // After the process: the folder goes when nobody writes into it any more.
    folder: Folder,
}

#[derive(Debug)]
struct Process {
    child: Child,
    leash: Leash,
}

impl Relay {
    /// The relay that all stories share which do not kill it. Every story has a shop of its own.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Relay> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    /// A relay of one's own, on an empty disk.
    pub async fn start() -> Self {
        Self::start_in("edge/workerd.capnp", &std::env::temp_dir(), vec![]).await
    }

    /// A relay of one's own for load, with its disk below `parent`: nobody is held to a person's pace, and it may have as
    /// many sockets as the machine allows.
    pub async fn start_for_load(parent: &Path) -> Self {
        Self::start_with("edge/workerd.capnp", parent).await
    }

    /// The same from another configuration of the same shape.
    pub async fn start_with(config: &str, parent: &Path) -> Self {
        descriptors::raise();
        let unpaced = vec![("COMMESSO_PACE", "unlimited".into())];
        Self::start_in(config, parent, unpaced).await
    }

    /// The same with more in its environment. A configuration hands on what it names.
    pub async fn start_in(config: &str, parent: &Path, extra: Vec<(&'static str, String)>) -> Self {
        let relay = Self::new(config, parent, extra);
        relay.run().await;
        relay
    }

    /// A relay of one's own on an empty disk, as `cargo xtask deploy` would upload it, with its files in a bucket.
    pub async fn start_by_wrangler() -> Self {
        let mut relay = Self::new("edge/wrangler.toml", &std::env::temp_dir(), vec![]);
        relay.by_wrangler = true;
        relay.run().await;
        relay
    }

    fn new(config: &str, parent: &Path, extra: Vec<(&'static str, String)>) -> Self {
        Self {
            port: free_port(),
            config: checkout(RELAY_OF).join(config),
            secrets: [
                ("COMMESSO_ADMIN_SECRET", shop::secret()),
                ("COMMESSO_TOKEN_KEYS", format!("k1:{}", shop::secret())),
            ],
            extra,
            restored: Mutex::new(None),
            process: Mutex::new(None),
            by_wrangler: false,
            folder: Folder::new(parent, "relay"),
        }
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The secret with which shops are made.
    pub fn admin(&self) -> &str {
        &self.secrets[0].1
    }

    /// The secret that signs visitors' tokens, and its name.
    pub fn token_key(&self) -> (&str, &str) {
        let both = &self.secrets[1].1;
        both.split_once(':').expect("a name and a secret")
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.as_ref().expect("the relay runs").child.id()
    }

    /// Kills it as a power cut would: it cannot say or write another word.
    pub fn kill_9(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let mut process = process.take().expect("the relay runs");
        process.child.kill().expect("it can be killed");
        process.child.wait().expect("it is gone");
        drop(process.leash);
    }

    /// Stops it as it is (SIGSTOP): sockets stay open, and nobody answers on them.
    pub fn stand_still(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets it go on (SIGCONT).
    pub fn go_on(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// Starts it again on the same disk and port.
    pub async fn restart(&self) {
        self.run().await;
    }

    /// Starts it again on the same disk, and tells it that this was just replaced by an older copy.
    pub async fn restart_restored(&self) {
        let restored = self.restored.lock();
        *restored.unwrap_or_else(PoisonError::into_inner) = Some(shop::now());
        self.run().await;
    }

    /// Copies its disk while it is away.
    pub fn back_up(&self) -> Backup {
        let folder = Folder::new(&std::env::temp_dir(), "backup");
        copy(&self.objects(), &folder.path().join("objects"));
        Backup(folder)
    }

    /// Replaces its disk by this copy while it is away.
    pub fn put_back(&self, backup: &Backup) {
        fs::remove_dir_all(self.objects()).expect("the disk can be emptied");
        copy(&backup.0.path().join("objects"), &self.objects());
    }

    /// What it has said since it was first started.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// A new shop with an owner, a key and a storefront.
    pub async fn shop(&self) -> Shop {
        Shop::open(self, &shop::word()).await
    }

    /// The same, with pages that reach this relay only through the proxy.
    pub async fn shop_behind(&self, proxy: &FaultProxy) -> Shop {
        Shop::open_at(self, &shop::word(), &proxy.url()).await
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.pid()).expect("a process id");
        kill(Pid::from_raw(pid), signal).expect("the relay can be signalled");
    }

    fn objects(&self) -> PathBuf {
        self.folder.path().join("objects")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    async fn run(&self) {
        let process = self.spawn();
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        let health = format!("{}/v1/health", self.url());
        let http = caller::http();
        within(STARTS_WITHIN, "the relay answers", async || {
            if self.has_ended() {
                panic!("the relay ended by itself:\n{}", self.log());
            }
            let answer = http.get(&health).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    fn has_ended(&self) -> bool {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = process
            .as_mut()
            .and_then(|process| process.child.try_wait().ok());
        ended.flatten().is_some()
    }

    fn spawn(&self) -> Process {
        fs::create_dir_all(self.objects()).expect("the disk can be written");
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_file());
        let log: File = log.expect("the log can be written");
        let mut command = match self.by_wrangler {
            true => self.wrangler(),
            false => self.workerd(),
        };
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("it starts: `cargo xtask build` installs it");
        let leash = Leash::on_group(child.id());
        Process { child, leash }
    }

    /// The same command line as `cargo xtask serve`.
    fn workerd(&self) -> Command {
        let restored = *self.restored.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(project().join("node_modules/.bin/workerd"));
        command
            .arg("serve")
            .arg(&self.config)
            .arg(format!("--socket-addr=http=127.0.0.1:{}", self.port))
            .arg(format!(
                "--directory-path=data={}",
                self.objects().display()
            ))
            .arg(format!(
                "--directory-path=site={}",
                checkout(SITE_OF).join("target/site").display()
            ))
            .envs(self.secrets.clone())
            .env("COMMESSO_COOKIES", "local")
            .envs(self.extra.clone())
            .envs(restored.map(|at| ("COMMESSO_RESTORED", at.0.to_string())));
        command
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut process) = process.take() {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

/// A copy of a relay's disk.
#[derive(Debug)]
pub struct Backup(Folder);

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("the file can be copied");
        }
    }
}

/// A checkout that the environment names, or this one.
fn checkout(variable: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(project, PathBuf::from)
}

/// The top of the checkout.
pub fn project() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("tests is in the project")
        .to_path_buf()
}

/// Below the ports that kernels take for outgoing connections (Linux from 32768, macOS from 49152). One of those can be taken
/// while the relay is away, and a client that tries to come back can even connect to itself on it.
const PORTS: Range<u16> = 20_000..32_000;

pub(crate) fn free_port() -> u16 {
    loop {
        let offset = u16::from_le_bytes(shop::random()) % (PORTS.end - PORTS.start);
        let port = PORTS.start + offset;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
