//! Many deadlines, one alarm.

use crate::time::Timestamp;

/// The earliest of some deadlines.
pub fn earliest(deadlines: impl IntoIterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    deadlines.into_iter().flatten().min()
}

/// Whether the alarm must be set anew, so that one rings at `wanted` or before: an alarm that rings too early costs one
/// look, one that is moved back costs a row.
pub fn move_alarm(set: Option<Timestamp>, wanted: Option<Timestamp>) -> Option<Timestamp> {
    wanted.filter(|wanted| set.is_none_or(|set| set > *wanted))
}
