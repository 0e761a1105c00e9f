//! What a visit asks of the conversation, as its visitor: by the same rules as a widget.

use std::collections::BTreeMap;

use protocol::{
    api::{Exchange, Exchanged},
    entry::{Content, Entry},
    frame::Refusal,
    id::{FileId, MessageId},
    message::Draft,
    part::Part,
    relay::{Principal, file},
};

use super::Visit;
use crate::{
    auth::{self, PagePass, address::Address},
    call::{self, FromConversation, FromShop, ToConversation, ToShop},
    error::{Failure, Kind, Outcome},
    policy::{self, Action, Resource},
};

/// Files of a page that can be opened, the newest of it; those beyond are named. As many as are found at once over HTTPS.
const FILES_SHOWN: usize = 100;

impl Visit<'_> {
    /// Sends words as who they are, who may become somebody by it. The pass is of who sent them, and where to.
    pub(super) async fn send(
        &self,
        id: MessageId,
        words: &str,
    ) -> Outcome<Result<PagePass, Refusal>> {
        let mut pass = match &self.pass {
            Some(pass) => pass.clone(),
            None => match self.admit().await? {
                Some(pass) => pass,
                None => return Ok(Err(Refusal::RateLimited)),
            },
        };
        // A conversation that turns out to be somebody else's is left to them, once.
        for _ in 0..2 {
            let draft = Draft {
                id,
                content: Content::words(words),
            };
            let principal = self.may(&pass, Action::SendMessage)?;
            let question = ToConversation::Send {
                principal: principal.clone(),
                draft,
            };
            match self.ask(&pass, &question).await? {
                FromConversation::Stored(stored) => {
                    // Who answers has read what stood before.
                    let seen = ToConversation::Receipt {
                        principal,
                        delivered: stored.entry.seq,
                        read: stored.previous,
                    };
                    let _ = self.ask(&pass, &seen).await;
                    return Ok(Ok(pass));
                }
                FromConversation::Refused(refused) => return Ok(Err(refused.code)),
                FromConversation::NotFound => {
                    pass.conversation = auth::mint_conversation(self.now)?;
                }
                other => return Err(other.unexpected()),
            }
        }
        Err(Failure::fault("a conversation was not begun"))
    }

    /// Somebody new; nothing where too many come at once.
    async fn admit(&self) -> Outcome<Option<PagePass>> {
        let shop = self.shop.front.id.clone();
        let question = ToShop::Admit {
            place: self.place.clone(),
            page: None,
            again: false,
        };
        match call::shop(self.env, &shop, &question).await? {
            FromShop::Front { .. } => Ok(Some(PagePass {
                shop,
                visitor: auth::mint_visitor(self.now)?,
                conversation: auth::mint_conversation(self.now)?,
            })),
            FromShop::TooMany { .. } => Ok(None),
            other => Err(other.unexpected()),
        }
    }

    /// What a socket would have been told; nothing where the conversation is not theirs.
    pub(super) async fn exchange(
        &self,
        pass: &PagePass,
        asked: Exchange,
        wait_ms: u64,
    ) -> Outcome<Option<Exchanged>> {
        let question = ToConversation::Exchange {
            principal: self.may(pass, Action::ExchangeFrames)?,
            asked,
            wait_ms,
        };
        match self.ask(pass, &question).await? {
            FromConversation::Exchanged(said) => Ok(Some(said)),
            FromConversation::NotFound => Ok(None),
            other => Err(other.unexpected()),
        }
    }

    /// Where the files of these entries are found, relative to the transcript. An address ends, and is asked for whenever the
    /// page is loaded.
    pub(super) async fn files(
        &self,
        pass: &PagePass,
        entries: &[Entry],
    ) -> Outcome<BTreeMap<FileId, String>> {
        let parts = entries
            .iter()
            .rev()
            .filter_map(|entry| match &entry.content {
                Content::Message { parts, .. } => Some(parts.all()),
                _ => None,
            });
        let shown = parts.flatten().filter_map(|part| match part {
            Part::File(file) => Some(file.id),
            _ => None,
        });
        let files: Vec<FileId> = shown.take(FILES_SHOWN).collect();
        if files.is_empty() {
            return Ok(BTreeMap::new());
        }
        let question = ToConversation::Files {
            principal: self.may(pass, Action::FindFiles)?,
            files,
        };
        let FromConversation::Files(found) = self.ask(pass, &question).await? else {
            return Ok(BTreeMap::new());
        };
        let ends = file::address_ends(self.now);
        let address = |file: FileId| {
            let address = Address {
                shop: pass.shop.clone(),
                conversation: pass.conversation,
                file,
                ends,
            };
            // From `/chat/SHOP/transcript`.
            let path = address.path(&self.config.token_keys)?;
            Ok((file, ["../..", &path].concat()))
        };
        found.into_iter().map(|file| address(file.id)).collect()
    }

    /// The one policy, asked before anything is read or written.
    fn may(&self, pass: &PagePass, action: Action) -> Outcome<Principal> {
        let caller = policy::visitor(pass.shop.clone(), pass.visitor);
        match policy::can(&caller, action, Resource::Of(&self.shop.front.id)) {
            true => Ok(Principal::Visitor {
                shop: pass.shop.clone(),
                visitor: pass.visitor,
            }),
            false => Err(Failure::new(Kind::Forbidden, "Not for a visitor.")),
        }
    }

    async fn ask(&self, pass: &PagePass, question: &ToConversation) -> Outcome<FromConversation> {
        Ok(call::conversation(self.env, &pass.shop, pass.conversation, question).await?)
    }
}
