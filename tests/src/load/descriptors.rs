//! File descriptors: a socket takes one here and two in the relay, and a conversation that is awake takes three more there.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Raises what this process, and everything that it starts from now on, may have open to the most that is allowed, and
/// says how many that is. Nothing else is changed, so doing it again is no harm.
pub fn raise() -> u64 {
    let limit = Resource::RLIMIT_NOFILE;
    let (soft, hard) = getrlimit(limit).expect("the limit can be read");
    if soft == hard {
        return hard;
    }
    // Where the hard limit is no limit at all (macOS), the soft one may not be.
    match setrlimit(limit, hard, hard) {
        Ok(()) => hard,
        Err(_) => soft,
    }
}
