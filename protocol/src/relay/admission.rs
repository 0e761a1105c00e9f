//! How many new visitors a shop takes (SPEC, RL23): a guard against programs that make visitors by the thousand.
//!
//! Must stay true: nobody who is a visitor already is turned away, and nothing here is stored. The memory is bounded.

use std::collections::BTreeMap;

use super::pace::Bucket;
use crate::{
    limits,
    time::{Millis, Timestamp},
};

/// The new visitors of a shop, or whatever else is let in so often.
#[derive(Clone, Debug)]
pub struct Admission {
    shop: Bucket,
    /// What each place begins with.
    place: Bucket,
    /// By the address they come from, or what many share of it.
    places: BTreeMap<String, Bucket>,
}

impl Default for Admission {
    fn default() -> Self {
        Self::of(
            (limits::ADMIT_BURST, limits::ADMIT_EVERY),
            (limits::ADMIT_PLACE_BURST, limits::ADMIT_PLACE_EVERY),
        )
    }
}

impl Admission {
    /// One of so many at once and one more after each span, of the shop and of each place.
    pub fn of(shop: (u64, Millis), place: (u64, Millis)) -> Self {
        Self {
            shop: Bucket::full(shop.0, shop.1),
            place: Bucket::full(place.0, place.1),
            places: BTreeMap::new(),
        }
    }

    /// Lets a new visitor in, or says how long to wait. `place` is where they come from, if that is known.
    pub fn admit(&mut self, now: Timestamp, place: Option<&str>) -> Result<(), Millis> {
        let mut wait = self.shop.wait(now);
        if let Some(place) = place {
            self.make_room(now);
            let full = self.place;
            let bucket = self.places.entry(place.into()).or_insert(full);
            wait = wait.max(bucket.wait(now));
            if wait == Millis(0) {
                bucket.take(now);
            }
        }
        if wait > Millis(0) {
            return Err(wait);
        }
        self.shop.take(now);
        Ok(())
    }

    /// Forgets places that have all their tokens back; failing that, all of them.
    fn make_room(&mut self, now: Timestamp) {
        if self.places.len() >= limits::ADMIT_PLACES {
            self.places.retain(|_, bucket| !bucket.is_full(now));
        }
        if self.places.len() >= limits::ADMIT_PLACES {
            self.places.clear();
        }
    }
}
