//! WebKit and its driver: the small browser that comes with it, in a display that nobody sees.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

use serde_json::json;
use thirtyfour::Capabilities;

use crate::leash::Leash;

/// The browser's own bar would keep its window wider than a phone.
const NARROW: &str = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; -gtk-icon-transform: scale(0.1) }";

/// For all browsers of this run; its end is that of the process.
static DISPLAY: LazyLock<Display> = LazyLock::new(Display::open);

struct Display {
    number: String,
    _leash: Leash,
    _process: Child,
}

impl Display {
    fn open() -> Self {
        let mut process = Command::new("Xvfb")
            // It chooses a number and says it.
            .args(["-displayfd", "1", "-nolisten", "tcp"])
            // Larger than any window.
            .args(["-screen", "0", "1920x1200x24"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts: `cargo xtask test` installs it");
        let leash = Leash::on_process(process.id());
        let mut number = String::new();
        let mut words = BufReader::new(process.stdout.take().expect("a pipe"));
        words.read_line(&mut number).expect("Xvfb says its number");
        Self {
            number: format!(":{}", number.trim()),
            _leash: leash,
            _process: process,
        }
    }
}

pub(super) fn driver(port: u16, profile: &Path) -> Command {
    let mut driver = Command::new("WebKitWebDriver");
    for place in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
        driver.env(place, profile);
    }
    driver
        .arg(format!("--port={port}"))
        .env("DISPLAY", &DISPLAY.number)
        // Any that is no language's own; without one, pages are told that the person speaks “C”.
        .env("LANG", "en_GB.UTF-8")
        // A desktop's assistive programs are not there to be looked for.
        .env("NO_AT_BRIDGE", "1");
    driver
}

pub(super) fn wishes(profile: &Path, dark: bool) -> Capabilities {
    let style = profile.join("gtk-3.0");
    fs::create_dir_all(&style).expect("a folder can be made");
    fs::write(style.join("gtk.css"), NARROW).expect("it can be written");
    let mut args = vec!["--automation"];
    args.extend(dark.then_some("--dark-mode"));
    let options = json!({ "webkitgtk:browserOptions": { "binary": mini_browser(), "args": args } });
    options.as_object().expect("an object").clone()
}

/// Where Debian's package puts it: below a folder that is called after the machine.
fn mini_browser() -> PathBuf {
    let machines = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = machines
        .map(|machine| machine.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.is_file());
    found.expect("MiniBrowser is there: `cargo xtask test` installs it")
}

/// The only child of its driver.
pub(super) fn own_pid(driver: u32) -> u32 {
    let children = Command::new("ps")
        .args(["-o", "pid=", "--ppid", &driver.to_string()])
        .output();
    let children = children.expect("ps is there").stdout;
    let first = String::from_utf8_lossy(&children).trim().parse();
    first.expect("the driver has one child")
}
