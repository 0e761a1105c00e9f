//! The settings, and where visitors were: the last time that somebody opened the chat on each of the shop's origins, for who has
//! just put the widget into their pages and wants to know whether it works.
//!
//! That, and how long answers took, is kept beside the settings, in their row: it is of the size of the list of origins, and a
//! release that does not know it reads over it. Of origins that are not on the list nothing is kept: any page can claim to be one.

use std::{cell::RefMut, collections::BTreeMap};

use protocol::{
    api::{Shop, Sighting, Sightings},
    hours::Hours,
    relay::{storage::Fault, waiting::Answers},
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};

use super::storage::{ShopStorage, json, of_json};
use crate::sql::Database;

/// A sighting is written at most so often: a row each time, and who looks wants to know whether it works, not how well.
pub const SIGHTING_EVERY: Millis = Millis::seconds(60 * 60);

/// The row of the settings.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    shop: Shop,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    seen: BTreeMap<String, Timestamp>,
    #[serde(default)]
    answers: Answers,
}

impl<D: Database> ShopStorage<D> {
    /// The shop's settings, which a visitor on a page of this origin asked for.
    pub fn visited(&self, page: Option<&str>, now: Timestamp) -> Result<Shop, Fault> {
        let mut kept: Kept = self.kept()?;
        if let Some(page) = page
            && kept.shop.origins.iter().any(|known| known == page)
            && kept
                .seen
                .get(page)
                .is_none_or(|at| now - *at >= SIGHTING_EVERY)
        {
            kept.seen.insert(page.to_owned(), now);
            self.put(&kept)?;
        }
        Ok(kept.shop)
    }

    /// How long the last answers took.
    pub fn answers(&self) -> Result<Answers, Fault> {
        self.of_kept(|kept| kept.answers.clone())
    }

    /// When somebody is there.
    pub fn hours(&self) -> Result<Option<Hours>, Fault> {
        self.of_kept(|kept| kept.shop.front.hours.clone())
    }

    /// Writes how long the last answers took.
    pub fn put_answers(&self, answers: &Answers) -> Result<(), Fault> {
        let kept: Kept = self.kept()?;
        self.put(&Kept {
            answers: answers.clone(),
            ..kept
        })
    }

    /// Where visitors were, the latest first.
    pub fn sightings(&self) -> Result<Sightings, Fault> {
        let Kept { seen, .. } = self.kept()?;
        let sighting = |(origin, at)| Sighting { origin, at };
        let mut sightings: Vec<_> = seen.into_iter().map(sighting).collect();
        sightings.sort_by_key(|sighting| std::cmp::Reverse(sighting.at));
        Ok(Sightings { sightings })
    }

    /// Writes the settings. An origin that is taken off the list is forgotten.
    pub fn put_shop(&self, shop: &Shop) -> Result<(), Fault> {
        let Kept {
            mut seen, answers, ..
        } = self.kept()?;
        seen.retain(|origin, _| shop.origins.contains(origin));
        self.put(&Kept {
            shop: shop.clone(),
            seen,
            answers,
        })
    }

    /// The shop's settings.
    pub fn shop(&self) -> Result<Shop, Fault> {
        self.of_kept(|kept| kept.shop.clone())
    }

    fn kept(&self) -> Result<Kept, Fault> {
        self.of_kept(Kept::clone)
    }

    /// What of it is asked for: the whole is long, and something of it is with whatever a conversation is answered.
    fn of_kept<T>(&self, of: impl FnOnce(&Kept) -> T) -> Result<T, Fault> {
        let mut known = self.known()?;
        if let Some(kept) = &*known {
            return Ok(of(kept));
        }
        let rows = self.database().query("SELECT settings FROM shop", &[])?;
        let row = rows
            .first()
            .ok_or_else(|| Fault("a shop without settings".into()))?;
        Ok(of(known.insert(of_json(row.text(0)?)?)))
    }

    fn put(&self, kept: &Kept) -> Result<(), Fault> {
        self.database()
            .run("UPDATE shop SET settings = ?", &[json(kept)?.into()])?;
        *self.known()? = Some(kept.clone());
        Ok(())
    }

    fn known(&self) -> Result<RefMut<'_, Option<Kept>>, Fault> {
        self.settings
            .try_borrow_mut()
            .map_err(|error| Fault(error.to_string()))
    }
}
