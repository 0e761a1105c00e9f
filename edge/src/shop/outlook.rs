//! What the shop can say of when it answers. Decided in [`protocol::outlook`] and [`protocol::hours`]; here is
//! what is known of it, and how its clock goes.

use protocol::{outlook::Floor, relay::storage::Fault, time::Timestamp};

use super::{Awake, storage::ShopStorage};
use crate::{sql::Database, zone::Zone};

/// Who is there, and what else can be said now.
pub(super) fn floor(awake: &Awake, now: Timestamp) -> Result<Floor, Fault> {
    Floor::of(awake.inbox.duty(), || opens_at(&awake.storage, now))
}

fn opens_at<D: Database>(
    storage: &ShopStorage<D>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let Some(hours) = storage.shop()?.front.hours else {
        return Ok(None);
    };
    // What was taken for a zone by a release of before may be none.
    let zone = Zone::of(&hours.time_zone);
    Ok(zone.and_then(|zone| hours.opens_at(now, |at| zone.ahead(at))))
}
