//! What a visit asks of the conversation, as its visitor: by the same rules as a widget.

use std::collections::BTreeMap;

use protocol::{
    api::{Carried, Exchange, Exchanged},
    cursor::Seq,
    entry::{Content, Entry},
    frame::{ClientFrame, Hello, History, Refusal, ServerFrame, Span},
    id::{FileId, MessageId},
    message::Draft,
    part::Part,
    relay::{Principal, file},
    time::Timestamp,
    version::VersionRange,
};

use worker::{
    Response,
    js_sys::{Array, Intl::RelativeTimeFormat, Object, Reflect},
};

use super::{
    Visit,
    page::{self, Shown},
    value,
};
use crate::{
    auth::{self, PagePass, address::Address},
    call::{self, FromConversation, FromShop, ToConversation, ToShop},
    error::{Failure, Kind, Outcome},
    policy::{self, Action, Resource},
};

/// Files of a page that can be opened, the newest of it; those beyond are named. As many as are found at once over HTTPS.
const FILES_SHOWN: usize = 100;

/// How long a transcript that is asked for again may wait for what is new: proxies on the way give up after 30 s.
const WAIT_MS: u64 = 20_000;

impl Visit<'_> {
    /// The transcript; one that was shown before waits for what is new.
    pub(super) async fn transcript(&self) -> Outcome<Response> {
        let Some(pass) = &self.pass else {
            return self.with_setting(true, 200, |setting| setting.welcome());
        };
        let before = value(&self.query, "before").and_then(|text| text.parse().ok());
        if let Some(carried) = value(&self.query, "after").and_then(page::read_after) {
            // What stood there since was on the screen of their device.
            let delivered = ClientFrame::Receipt {
                delivered: carried.seq,
                read: Seq(0),
            };
            for (frames, wait_ms) in [(vec![delivered], 0), (vec![], WAIT_MS)] {
                let asked = Exchange {
                    frames,
                    carried: Some(carried),
                };
                let said = self.exchange(pass, asked, wait_ms).await?;
                if said.is_none_or(|said| !said.frames.is_empty()) {
                    break;
                }
            }
        }
        let Some((history, read, carried)) = self.page(pass, before.map(Seq)).await? else {
            return self.with_setting(true, 200, |setting| setting.welcome());
        };
        let files = self.files(pass, &history.entries).await;
        let files = files.unwrap_or_else(|failure| {
            // Their names are there all the same.
            crate::error::log("plain_page", failure.cause.as_deref().unwrap_or_default());
            BTreeMap::new()
        });
        let newest = before.is_none();
        let still = !newest || value(&self.query, "still").is_some();
        let shown = Shown {
            page: &history,
            read,
            carried: carried.filter(|_| !still),
            newest,
            files: &files,
            asked: self.asked().is_some(),
        };
        let (now, code) = (self.now, self.language.code);
        self.with_setting(true, 200, |setting| {
            setting.transcript(&shown, |at| ago(code, now, at))
        })
    }

    /// A page of the transcript, the newest or the one before a place, with how far the shop has read and what an exchange carries on;
    /// nothing where the conversation is not theirs.
    pub(super) async fn page(
        &self,
        pass: &PagePass,
        before: Option<Seq>,
    ) -> Outcome<Option<(History, Seq, Option<Carried>)>> {
        let mut frames = vec![ClientFrame::Hello(Hello {
            version: VersionRange::OURS,
            token: None,
            cursor: None,
            page: None,
        })];
        frames.extend(before.map(|seq| ClientFrame::History(Span::Before(seq))));
        let asked = Exchange {
            frames,
            carried: None,
        };
        let Some(said) = self.exchange(pass, asked, 0).await? else {
            return Ok(None);
        };
        let mut history = History {
            previous: Seq(0),
            entries: vec![],
            more: false,
        };
        let mut read = Seq(0);
        for frame in said.frames {
            match frame {
                ServerFrame::Welcome(welcome) => {
                    let others = welcome
                        .receipts
                        .iter()
                        .filter(|one| one.reader != welcome.you);
                    read = others.map(|one| one.read).max().unwrap_or_default();
                }
                // The last one is the one that was asked for.
                ServerFrame::History(page) => history = page,
                ServerFrame::Entry { .. }
                | ServerFrame::Refused(_)
                | ServerFrame::Receipt(_)
                | ServerFrame::Typing { .. }
                | ServerFrame::Presence(_)
                | ServerFrame::Unknown => {}
            }
        }
        Ok(Some((history, read, said.carried)))
    }

    /// Sends something as who they are, who may become somebody by it. The pass is of who sent them, and where to.
    pub(super) async fn send(
        &self,
        id: MessageId,
        content: Content,
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
                content: content.clone(),
            };
            let principal = self.may(&pass, Action::SendMessage)?;
            let question = ToConversation::Send {
                principal: principal.clone(),
                draft,
            };
            match self.ask(&pass, &question).await? {
                FromConversation::Stored(stored) => {
                    // Who writes has read what stood before; a form is a page of its own.
                    if !matches!(content, Content::Message { .. }) {
                        return Ok(Ok(pass));
                    }
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

/// When something was, in words: the reader's time zone is not known here.
fn ago(code: &str, now: Timestamp, at: Timestamp) -> String {
    let minutes = (now - at).0 / 60_000;
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    let locales = Array::of1(&code.into());
    let options = Object::new();
    // “this minute”, not “in 0 minutes”.
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    String::from(RelativeTimeFormat::new(&locales, &options).format(-(count as f64), unit))
}
