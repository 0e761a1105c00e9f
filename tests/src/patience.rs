//! Waiting for something to come true.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anybody waits. Generous, since the machine may compile at the same time; only a failure takes so long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often one looks again: well under what a person notices.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until there is something to see.
///
/// # Panics
/// When there is nothing within [`PATIENCE`], saying `what` was waited for.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}

/// [`eventually`] for what takes longer by nature.
///
/// # Panics
/// When there is nothing to see by then.
pub async fn within<T>(limit: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(
            Instant::now() < deadline,
            "waited {limit:?} in vain: {what}"
        );
        sleep(LOOK_EVERY).await;
    }
}
