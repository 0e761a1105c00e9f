//! One conversation of a load: its two ends and its ledger.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::{
    client::{Input, transcript::Transcript},
    entry::Entry,
    id::ConversationId,
};
use reqwest::Client;

use super::{
    audit::Reader,
    ledger::{Ledger, Side},
};
use crate::{
    Native, Shop, caller,
    native::{End, News},
    shop,
};

/// Both ends of a conversation.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) conversation: ConversationId,
    pub(super) ends: [Native; 2],
    ledger: Arc<Mutex<Ledger>>,
}

impl Line {
    /// Both ends at rest.
    pub(super) fn new(shop: &Shop, number: usize, http: &Client) -> Self {
        let conversation = shop::conversation_id();
        let ledger = Arc::new(Mutex::new(Ledger::new(number)));
        let listener = |side: Side| {
            let ledger = ledger.clone();
            move |news: News| lock(&ledger).hear(side, news)
        };
        let visitor = End::visitor(shop, conversation, http);
        let operator = End::operator(shop, conversation);
        Self {
            conversation,
            ends: [
                Native::new(visitor, listener(Side::Visitor)),
                Native::new(operator, listener(Side::Operator)),
            ],
            ledger,
        }
    }

    /// Opens both sockets: the visitor's first, since nobody else begins a conversation.
    pub(super) async fn open(&self) {
        for end in &self.ends {
            end.tell(Input::Want);
            end.welcomed().await;
        }
    }

    /// The end of this number writes its next message.
    pub(super) fn write(&self, end: usize) {
        let side = Side::BOTH[end];
        let text = self.ledger().next_words(side);
        let draft = self.ends[end].draft(text);
        // Before it is sent: its confirmation may be quick.
        self.ledger().written(side, draft.id);
        self.ends[end].tell(Input::Send(draft));
    }

    /// What is not done, if anything.
    pub(super) fn unrest(&self) -> Option<String> {
        let written = self.ledger().total();
        self.ends.iter().zip(Side::BOTH).find_map(|(end, side)| {
            let waiting = end.kept().len();
            end.read(|client| {
                let (last, state) = (client.transcript().last().0, client.link());
                let rests = waiting == 0 && client.is_caught_up() && last == written;
                (!rests).then(|| {
                    format!(
                        "{side:?} of {}: {state:?}, {waiting} in the outbox, {last} of {written} in view",
                        self.conversation
                    )
                })
            })
        })
    }

    /// Reads what is new in the relay's transcript. When the relay is away the next turn does it.
    pub(super) async fn audit(&self, reader: &Reader) {
        let (mut after, confirmed) = self.ledger().audit_from();
        while let Some(page) = reader.page(self.conversation, after).await {
            after = self.ledger().audited(after, &page.entries);
            if !page.more {
                self.ledger().audit_done(after, confirmed);
                return;
            }
        }
    }

    /// Reads the whole transcript again, when nothing is on its way any more, and compares everything with it.
    pub(super) async fn prove(&self, reader: &Reader) {
        let transcript = reader.transcript(self.conversation).await;
        let mut ledger = self.ledger();
        ledger.prove(&transcript);
        for (end, side) in self.ends.iter().zip(Side::BOTH) {
            if let Some(difference) = end.read(|client| differs(client.transcript(), &transcript)) {
                ledger.fault(format!(
                    "the view of {side:?} is not the transcript: {difference}"
                ));
            }
            if !end.kept().is_empty() {
                ledger.fault(format!("the outbox of {side:?} is not empty"));
            }
        }
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }
}

/// A client that shares its connections among all who ask.
pub(super) fn http() -> Client {
    caller::http()
}

/// A view is the end of the transcript: older entries are fetched when somebody looks for them.
fn differs(view: &Transcript, transcript: &[Entry]) -> Option<String> {
    let Some(older) = transcript.len().checked_sub(view.entries().len()) else {
        return Some("it is longer".into());
    };
    if older > 0 && !view.has_older() {
        return Some(format!("its first {older} entries are missing"));
    }
    let pairs = view.entries().iter().zip(&transcript[older..]);
    pairs
        .filter(|(seen, stored)| seen != stored)
        .map(|(seen, stored)| format!("{seen:?} for {stored:?}"))
        .next()
}

fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
