//! Asking conversations what the list is to show of them: those who are there, after the memory was lost, those who may have been
//! answered since the list was written, and those in doubt.

use std::{pin::pin, time::Duration};

use futures_util::{StreamExt as _, future::select, stream};
use protocol::{
    conversation::Keep,
    id::{ConversationId, ShopId},
    outlook::Floor,
};

use super::{ANNOUNCED, CALLED_AT_ONCE, Done, ShopObject};
use crate::{
    call::{self, FromConversation, ToConversation},
    clock, error,
};

/// Conversations in doubt that one alarm asks: a second's work.
const DOUBTS: usize = 200;

/// How long whoever reads the list may wait for those who are there, and who asks for their place for those before them; who has not answered
/// by then is told of later.
const LOOK: Duration = Duration::from_millis(500);

impl ShopObject {
    /// A memory that is new does not know what was said to be shown and not to be kept: who is there is asked once, before
    /// anybody reads the list.
    pub(super) async fn remember(&self) {
        // Waking makes it forgetful.
        let awake = self.with(|_| Ok(()));
        if awake.is_err() || !self.forgetful.replace(false) {
            return;
        }
        let present = self.with(|awake| {
            Ok(match awake.storage.is_begun() {
                true => Some((
                    awake.storage.shop()?.front.id,
                    awake.storage.present(ANNOUNCED)?,
                )),
                false => None,
            })
        });
        if let Ok(Some((shop, present))) = present {
            self.look(&shop, present).await;
        }
    }

    /// What can be said to a visitor once those were asked of whom only the list says that they wait before; nothing where there are none.
    pub(super) async fn sure_floor(&self, of: ConversationId) -> Option<Floor> {
        let unsure = self.with(|awake| {
            let now = clock::now();
            let duty = awake.inbox.duty();
            let unsure = awake.waits(now)?.to_ask(of, &duty, now);
            Ok(match unsure.is_empty() {
                true => None,
                false => Some((awake.storage.shop()?.front.id, unsure)),
            })
        });
        let (shop, unsure) = unsure.ok()??;
        self.look(&shop, unsure).await;
        self.with(|awake| awake.floor(Some(of), clock::now())).ok()
    }

    async fn look(&self, shop: &ShopId, conversations: Vec<ConversationId>) {
        let asked = pin!(self.ask_again(shop, conversations, Keep::Nothing));
        let patience = pin!(worker::Delay::from(LOOK));
        select(asked, patience).await;
    }

    /// Asks the conversations in doubt whose turn it is.
    pub(super) async fn ask_in_doubt(&self) -> Done<()> {
        let due = self.with(|awake| {
            if awake.next_doubt.is_none_or(|at| at > clock::now()) {
                return Ok(None);
            }
            let shop = awake.storage.shop()?.front.id;
            Ok(Some((shop, awake.storage.doubts(clock::now(), DOUBTS)?)))
        })?;
        let Some((shop, due)) = due else {
            return Ok(());
        };
        self.ask_again(&shop, due, Keep::Everything).await;
        self.with(|awake| {
            awake.next_doubt = awake.storage.next_doubt()?;
            self.set_alarm(awake)
        })
    }

    /// Asks conversations what the list is to show of them, and shows it; what is kept is in doubt no more.
    async fn ask_again(&self, shop: &ShopId, conversations: Vec<ConversationId>, keep: Keep) {
        let ask = |id| async move {
            let answer = call::conversation(&self.env, shop, id, &ToConversation::Listed).await;
            let taken = self.with(|awake| {
                match answer {
                    Ok(FromConversation::Summary(summary)) => {
                        self.list(awake, summary, keep, None, clock::now())?;
                    }
                    Ok(FromConversation::NotFound) => {}
                    Ok(_) | Err(_) => return awake.storage.put_off(id, clock::now()),
                }
                match keep {
                    Keep::Everything => awake.storage.settle(id),
                    Keep::Nothing | Keep::WhatMatters => Ok(()),
                }
            });
            if let Err(fault) = taken {
                error::log("not_reindexed", &fault.to_string());
                // Asked again later, and not at once for ever.
                let _ = self.with(|awake| awake.storage.put_off(id, clock::now()));
            }
        };
        stream::iter(conversations)
            .for_each_concurrent(CALLED_AT_ONCE, ask)
            .await;
    }
}
