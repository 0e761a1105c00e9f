//! Reads what the relay has stored, over HTTPS, as any program of the shop's would.

use std::{collections::BTreeMap, time::Duration};

use protocol::{
    api::{Conversations, Entries},
    cursor::Seq,
    entry::Entry,
    id::ConversationId,
};
use reqwest::Client;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::{
    LOOK_EVERY,
    line::{self, Line},
};
use crate::{Shop, eventually};

/// A relay that stands still is asked again.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Lists are told a second after a change, and again two seconds after that failed; the runtime rings alarms of before a
/// crash within some seconds.
const LIST_WITHIN: Duration = Duration::from_secs(60);

/// A program with the shop's key. All reading shares its connections.
#[derive(Debug)]
pub(super) struct Reader {
    http: Client,
    relay: String,
    key: String,
}

impl Reader {
    pub(super) fn of(shop: &Shop) -> Self {
        Self {
            http: line::http(),
            relay: shop.relay.clone(),
            key: shop.made.key.clone(),
        }
    }

    /// The page of a transcript after a place; nothing when the relay does not answer.
    pub(super) async fn page(&self, conversation: ConversationId, after: u64) -> Option<Entries> {
        self.get(&format!(
            "/v1/conversations/{conversation}/entries?after={after}"
        ))
        .await
    }

    /// A whole transcript.
    pub(super) async fn transcript(&self, conversation: ConversationId) -> Vec<Entry> {
        let mut all: Vec<Entry> = vec![];
        loop {
            // As it comes: whether places are dense is for others to judge.
            let after = all.last().map_or(0, |entry| entry.seq.0);
            let what = format!("the relay answers what is in {conversation} after {after}");
            let page = eventually(&what, async || self.page(conversation, after).await).await;
            all.extend(page.entries);
            if !page.more {
                return all;
            }
        }
    }

    /// The list has all conversations in which something was written, up to their last entry.
    pub(super) async fn prove_list(&self, lines: &[Line]) {
        let wanted: BTreeMap<ConversationId, Seq> = lines
            .iter()
            .map(|line| (line.conversation, Seq(line.ledger().total())))
            .filter(|(_, head)| *head > Seq::START)
            .collect();
        let deadline = Instant::now() + LIST_WITHIN;
        loop {
            let list = self.list().await;
            if list.as_ref() == Some(&wanted) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "waited {LIST_WITHIN:?} in vain for the inbox's list: {}",
                difference(&wanted, list.as_ref())
            );
            sleep(LOOK_EVERY).await;
        }
    }

    async fn list(&self) -> Option<BTreeMap<ConversationId, Seq>> {
        let mut all = BTreeMap::new();
        let mut next = String::new();
        loop {
            let path = format!("/v1/conversations?limit=100{next}");
            let page: Conversations = self.get(&path).await?;
            all.extend(page.conversations.iter().map(|one| (one.id, one.head)));
            match page.next {
                Some(place) => next = format!("&after={place}"),
                None => return Some(all),
            }
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        let request = self.http.get(format!("{}{path}", self.relay));
        let request = request.bearer_auth(&self.key).timeout(ANSWER_WITHIN);
        let answer = request.send().await.ok()?.error_for_status().ok()?;
        answer.json().await.ok()
    }
}

fn difference(
    wanted: &BTreeMap<ConversationId, Seq>,
    list: Option<&BTreeMap<ConversationId, Seq>>,
) -> String {
    let Some(list) = list else {
        return "the relay does not answer".into();
    };
    let stale = wanted
        .iter()
        .filter(|(id, head)| list.get(id) != Some(head));
    let stale: Vec<String> = stale
        .map(|(id, head)| format!("{id} ends with {}, listed is {:?}", head.0, list.get(id)))
        .collect();
    let strangers = list.keys().filter(|id| !wanted.contains_key(id)).count();
    let first = stale.first().map_or("", String::as_str);
    format!(
        "{} of {} are stale, {strangers} are not ours; {first}",
        stale.len(),
        wanted.len()
    )
}
