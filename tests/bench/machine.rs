//! What a figure was measured on: without it the figure cannot be believed.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use tests::relay::project;

use crate::figure::{Figure, middle, number};

/// Writes that are waited for, to know the disk.
const WRITES: usize = 50;

/// The machine, as it was when the run began.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Where the relay's objects are kept.
    pub(crate) disk: PathBuf,
    in_memory: bool,
    fdatasync_us: f64,
    load: f64,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let memory = Path::new("/dev/shm");
        let in_memory = memory.is_dir();
        let disk = if in_memory {
            memory.to_path_buf()
        } else {
            std::env::temp_dir()
        };
        Self {
            fdatasync_us: fdatasync(&disk),
            load: load(),
            disk,
            in_memory,
        }
    }

    pub(crate) fn describe(&self) -> String {
        let storage = if self.in_memory { "tmpfs" } else { "disk" };
        let cores = cores();
        let workerd = project().join("node_modules/.bin/workerd");
        format!(
            "{cores} cores, load {:.2} before and {:.2} after; objects on {storage}, fdatasync {:.0} µs\n{}; {}",
            self.load,
            load(),
            self.fdatasync_us,
            version(&workerd),
            version(Path::new("chromium")),
        )
    }

    /// The same in a line, for a picture.
    pub(crate) fn in_short(&self) -> String {
        let storage = if self.in_memory { "tmpfs" } else { "disk" };
        format!(
            "One run on {} cores, load {:.1}, storage on {storage}, {}",
            cores(),
            self.load,
            version(&project().join("node_modules/.bin/workerd")),
        )
    }

    /// The slow end of a measurement, with where it is to go: on a busy machine it says nothing about the relay.
    pub(crate) fn slow_end(&self, figure: Figure, goal: f64) -> Figure {
        if self.is_quiet() {
            figure.goal(goal)
        } else {
            figure.note(format!(
                "the load was 1 or more, so it is not held to its goal of {}",
                number(goal)
            ))
        }
    }

    /// Whether so little else ran that the slow end of a measurement means something.
    pub(crate) fn is_quiet(&self) -> bool {
        self.load < 1.0
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split_whitespace().next();
    first
        .and_then(|load| load.parse().ok())
        .unwrap_or(f64::INFINITY)
}

fn version(program: &Path) -> String {
    let said = Command::new(program).arg("--version").output();
    let said = said
        .map(|said| said.stdout)
        .unwrap_or_else(|_| b"?".to_vec());
    String::from_utf8_lossy(&said).trim().to_owned()
}

fn fdatasync(folder: &Path) -> f64 {
    let path = folder.join(format!("commesso-{}", tests::shop::word()));
    let mut file = File::create(&path).expect("the disk can be written");
    let samples: Vec<f64> = (0..WRITES)
        .map(|_| {
            file.write_all(&[7; 4096]).expect("the disk can be written");
            let begun = Instant::now();
            file.sync_data().expect("the disk can be waited for");
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    let _ = fs::remove_file(path);
    middle(&samples, 0.5)
}
