//! What a turn leaves to be done beside what goes on: the shop is told, once everybody who waits for what was written has it.

use std::rc::Rc;

use protocol::{
    conversation::{Keep, Summary},
    id::ShopId,
    relay::{conversation::Input, storage::Fault},
    time::Timestamp,
};

use super::{Awake, Object};
use crate::{
    call::{self, FromShop, ToShop},
    clock, error, sql,
};

/// What is to be done beside what goes on.
pub(super) enum Errand {
    /// To come back when what was written is on disk.
    Settle,
    /// To tell the shop.
    Tell(Box<Projected>),
}

/// What the shop is to be told.
pub(super) struct Projected {
    pub(super) shop: ShopId,
    pub(super) summary: Summary,
    pub(super) keep: Keep,
    pub(super) answered_since: Option<Timestamp>,
}

impl Object {
    /// Does what is left to be done, beside what goes on: a socket's next frame must not wait for it.
    pub(super) fn run_later(self: &Rc<Self>, errand: Option<Errand>) {
        if errand.is_some() {
            let this = self.clone();
            self.state.wait_until(async move {
                if let Err(fault) = this.run(errand).await {
                    // Logged there; there is nobody to answer.
                    let _ = this.fail(&fault);
                }
            });
        }
    }

    /// Does what is left to be done, and what is left after that.
    pub(super) async fn run(self: &Rc<Self>, mut errand: Option<Errand>) -> Result<(), Fault> {
        while let Some(now) = errand {
            errand = match now {
                Errand::Settle => {
                    sql::on_disk(&self.state).await?;
                    // Nothing is written for it.
                    self.still_awake(|awake| {
                        let tell = awake.conversation.settled(clock::now(), &awake.storage);
                        self.perform(awake, tell.into_iter().collect())
                    })?
                }
                Errand::Tell(projected) => {
                    let told = self.tell_shop(*projected).await;
                    self.still_awake(|awake| self.handle(awake, told))?
                }
            };
        }
        Ok(())
    }

    fn still_awake<T>(
        &self,
        work: impl FnOnce(&mut Awake) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match self.awake.borrow_mut().as_mut() {
            Some(awake) => work(awake),
            // Another event's fault took the memory, and with it what was being told: an alarm rings again.
            None => Err(Fault("the memory went while the shop was told".into())),
        }
    }

    async fn tell_shop(&self, projected: Projected) -> Input {
        let Projected {
            shop,
            summary,
            keep,
            answered_since,
        } = projected;
        let told = ToShop::Project {
            summary,
            keep: keep != Keep::Nothing,
            floor: true,
            unless_said: keep == Keep::WhatMatters,
            answered_since,
        };
        match call::shop(&self.env, &shop, &told).await {
            Ok(FromShop::Floor(floor)) => Input::Projected(floor),
            Ok(FromShop::Shown(floor)) => Input::Shown(floor),
            Ok(FromShop::Duty(duty)) => Input::Projected(duty.into()),
            Ok(_) => Input::ProjectionFailed,
            Err(fault) => {
                error::log("projection_failed", &fault.to_string());
                Input::ProjectionFailed
            }
        }
    }
}
