//! What Linux tells of a running process: the processor time and the memory it took, and which conversations are awake in it.

use std::{fs, path::Path, time::Duration};

use tests::patience::within;

/// Linux counts processor time for `/proc` in hundredths of a second on every machine.
const TICK: Duration = Duration::from_millis(10);

/// Where `utime` and `stime` are behind the name of the program, which is the second word and may have blanks.
const UTIME: usize = 11;

/// An object that is idle leaves after 10 s; an alarm in between keeps it for 10 s more.
const ASLEEP_WITHIN: Duration = Duration::from_secs(60);

/// Whether such figures can be had here.
pub(crate) fn can_be_seen() -> bool {
    Path::new("/proc/self/stat").exists()
}

/// Processor time that it has taken, by all its threads, in user mode and in the kernel.
pub(crate) fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    let (_, words) = stat.rsplit_once(')').expect("a name in brackets");
    let words = words.split_whitespace().skip(UTIME).take(2);
    let ticks: u32 = words.filter_map(|word| word.parse::<u32>().ok()).sum();
    TICK * ticks
}

/// Bytes of memory that it holds.
pub(crate) fn resident(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.expect("a number of kB") * 1024.0
}

/// How many conversations are awake: an object that is in memory has its database open.
pub(crate) fn awake(pid: u32) -> usize {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).expect("the process runs");
    let paths = open.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    paths
        .filter(|path| {
            let path = path.to_string_lossy();
            // The runtime keeps one of its own for each class.
            let own = path.ends_with("/metadata.sqlite") || path.contains("/commesso-shop/");
            path.ends_with(".sqlite") && !own
        })
        .count()
}

/// Waits until no conversation is awake in any of them.
pub(crate) async fn asleep<const N: usize>(pids: [u32; N]) {
    within(ASLEEP_WITHIN, "all conversations sleep", async || {
        pids.iter().all(|pid| awake(*pid) == 0).then_some(())
    })
    .await;
}
