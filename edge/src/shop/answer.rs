//! What a shop is asked, and what it answers.

use protocol::{
    api::{Conversations, Keys, Me, Operators, Shop},
    conversation::{Keep, Summary},
    entry::OperatorCard,
    limits,
    outlook::Floor,
    relay::{inbox::Input, pace::Pace},
    time::Timestamp,
};

use super::{Awake, Done, ShopObject, storage::Attempt};
use crate::{
    auth,
    call::{FromShop, Place, ToShop},
    clock, config,
};

impl ShopObject {
    pub(super) fn answer(&self, awake: &mut Awake, asked: ToShop) -> Done<FromShop> {
        let now = clock::now();
        if let ToShop::Create { shop, owner, key } = &asked {
            let made = awake.storage.create(shop, owner, key, now)?;
            return Ok(if made {
                FromShop::Done
            } else {
                FromShop::Taken
            });
        }
        if !awake.storage.is_begun() {
            return Ok(FromShop::NotFound);
        }
        let storage = &awake.storage;
        Ok(match asked {
            ToShop::Create { .. } => FromShop::Taken,
            ToShop::Admit { place, page, again } => {
                let wait = match config::pace(&self.env) {
                    Pace::Human if !again => awake.admission.admit(now, place.as_deref()).err(),
                    Pace::Human | Pace::Unlimited => None,
                };
                match wait {
                    Some(wait) => FromShop::TooMany {
                        retry_after_ms: wait.0,
                    },
                    None => front(
                        storage.visited(page.as_deref(), now)?,
                        awake.floor(None, now)?,
                    ),
                }
            }
            ToShop::HandOver {
                code,
                visitor,
                conversation,
            } => FromShop::HandedOver {
                ends_at: storage.hand_over(&code, visitor, conversation, now)?,
            },
            ToShop::TakeOver { code, place } => {
                let tried = match config::pace(&self.env) {
                    Pace::Human => awake.takeovers.admit(now, place.as_deref()),
                    Pace::Unlimited => Ok(()),
                };
                if let Err(wait) = tried {
                    return Ok(FromShop::TooMany {
                        retry_after_ms: wait.0,
                    });
                }
                let taken = storage.take_over(&code, now)?;
                taken.map_or(FromShop::NotFound, |(visitor, conversation)| {
                    FromShop::TakenOver {
                        visitor,
                        conversation,
                    }
                })
            }
            ToShop::Front => front(storage.shop()?, awake.inbox.duty().into()),
            ToShop::Attempt { email } => match storage.attempt(&email, now)? {
                Attempt::Allowed(account) => {
                    let (operator, password) = account.unzip();
                    FromShop::Attempt { operator, password }
                }
                Attempt::Wait(wait) => FromShop::TooMany {
                    retry_after_ms: wait.0,
                },
            },
            ToShop::SignIn { operator, session } => {
                me(storage.sign_in(operator, &session, now)?, storage.shop()?)
            }
            ToShop::Me { operator } => me(storage.operator(operator)?, storage.shop()?),
            ToShop::WhoIs { reference } => found(storage.who_is(&reference, now)?),
            ToShop::Card { operator } => found(storage.operator(operator)?.map(|(card, _)| card)),
            ToShop::SignOut { session } => {
                storage.sign_out(&session)?;
                self.revoke(awake, &session)?;
                FromShop::Done
            }
            ToShop::Change { change } => {
                let shop = storage.shop()?.after(*change);
                storage.put_shop(&shop)?;
                FromShop::Shop(Box::new(shop))
            }
            ToShop::Sightings => FromShop::Sightings(storage.sightings()?),
            ToShop::Operators => FromShop::Operators(Operators {
                operators: storage.operators()?,
            }),
            ToShop::AddOperator { account } => match storage.add_operator(&account, now)? {
                true => FromShop::Operator(account.card),
                false => FromShop::Taken,
            },
            ToShop::Keys => FromShop::Keys(Keys {
                keys: storage.keys()?,
            }),
            ToShop::AddKey { key } => FromShop::Key(storage.add_key(&key, now)?),
            ToShop::DeleteKey { id } => match storage.delete_key(&id)? {
                Some(reference) => {
                    self.revoke(awake, &reference)?;
                    FromShop::Done
                }
                None => FromShop::NotFound,
            },
            ToShop::List {
                status,
                whose,
                after,
                limit,
            } => {
                // One more than asked for tells whether there is another page.
                let mut conversations =
                    storage.list(status, whose, after, limit.saturating_add(1))?;
                let more = conversations.len() > limit;
                conversations.truncate(limit);
                let end = conversations.last().filter(|_| more);
                let next = end.map(|last| {
                    Place {
                        updated_at: last.updated_at.0,
                        id: last.id,
                    }
                    .text()
                });
                FromShop::Conversations(Conversations {
                    conversations,
                    next,
                })
            }
            ToShop::Own { visitor } => {
                FromShop::Own(storage.of_visitor(visitor, limits::OWN_LISTED)?)
            }
            ToShop::Others { conversation } => FromShop::Conversations(Conversations {
                conversations: storage.others(conversation, limits::OWN_LISTED)?,
                next: None,
            }),
            ToShop::KeepIdentity { secret } => {
                storage.keep_identity(secret.as_deref(), now)?;
                identity(storage.identity()?)
            }
            ToShop::Identity => identity(storage.identity()?),
            ToShop::Identify { visitor, token } => self.identify(awake, visitor, &token, now)?,
            ToShop::Person { visitor } => FromShop::Person(storage.person(visitor)?),
            ToShop::Reindex => {
                storage.doubt_all(now)?;
                let reindexing = storage.reindexing()?;
                awake.next_doubt = storage.next_doubt()?;
                self.set_alarm(awake)?;
                FromShop::Reindexing(reindexing)
            }
            ToShop::Reindexing => FromShop::Reindexing(storage.reindexing()?),
            ToShop::Latest => FromShop::Latest {
                conversation: storage.latest()?,
            },
            ToShop::Project {
                summary,
                keep,
                floor,
                unless_said,
                answered_since,
            } => {
                let id = summary.id;
                let keep = match (keep, unless_said) {
                    (false, _) => Keep::Nothing,
                    (true, true) => Keep::WhatMatters,
                    (true, false) => Keep::Everything,
                };
                let written = self.list(awake, summary, keep, answered_since, now)?;
                if !floor {
                    return Ok(FromShop::Duty(awake.inbox.duty()));
                }
                let floor = awake.floor(Some(id), now)?;
                if keep.was_only_shown(written) {
                    FromShop::Shown(floor)
                } else {
                    FromShop::Floor(floor)
                }
            }
        })
    }
}

impl ShopObject {
    /// The list takes what a conversation says of itself, and whoever looks at it or has moved up is told. Answers whether it was
    /// written.
    pub(super) fn list(
        &self,
        awake: &mut Awake,
        summary: Summary,
        keep: Keep,
        answered_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Done<bool> {
        // Read before the list takes what is new.
        awake.waits(now)?;
        let Some((summary, written)) = awake.storage.project(&summary, keep)? else {
            return Ok(false);
        };
        let moved = awake.moved_up(&summary, answered_since, now)?;
        self.handle(awake, Input::Changed(Box::new(summary)))?;
        self.announce_to(awake, &moved)?;
        Ok(written)
    }
}

fn front(shop: Shop, Floor { duty, outlook }: Floor) -> FromShop {
    FromShop::Front {
        shop: Box::new(shop),
        duty,
        outlook,
    }
}

fn me(found: Option<(OperatorCard, String)>, shop: Shop) -> FromShop {
    match found {
        Some((operator, email)) => FromShop::Me(Box::new(Me {
            operator,
            email,
            shop,
        })),
        None => FromShop::NotFound,
    }
}

fn identity(kept: Option<(String, Timestamp)>) -> FromShop {
    FromShop::Identity {
        algorithm: kept
            .as_ref()
            .map(|(kept, _)| auth::identity::algorithm(kept))
            .unwrap_or_default(),
        made_at: kept.map(|(_, made_at)| made_at),
    }
}

fn found(card: Option<OperatorCard>) -> FromShop {
    card.map_or(FromShop::NotFound, FromShop::Operator)
}
