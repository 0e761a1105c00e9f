//! A visitor on the move, without a browser: the client machine on a native socket, which reaches the relay by some way.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use protocol::{
    client::{Client, Input},
    id::ConversationId,
};

use crate::{
    Native, Shop, caller, eventually,
    native::{End, News},
    shop,
};

/// A visitor's end of a conversation.
#[derive(Debug)]
pub struct Commuter {
    /// Which conversation.
    pub conversation: ConversationId,
    native: Native,
    losses: Arc<AtomicUsize>,
}

impl Commuter {
    /// A new visitor of the shop, who reaches the relay at this address and is in the chat.
    pub async fn arrives(shop: &Shop, address: &str) -> Self {
        let conversation = shop::conversation_id();
        let end = End::visitor(shop, conversation, &caller::http()).by(address);
        let losses = Arc::<AtomicUsize>::default();
        let count = losses.clone();
        let native = Native::new(end, move |news| {
            if news == News::Lost {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        native.tell(Input::Want);
        let commuter = Self {
            conversation,
            native,
            losses,
        };
        let in_the_chat = "the commuter is in the chat";
        commuter.until(in_the_chat, Client::is_caught_up).await;
        commuter
    }

    /// Writes, and waits for nothing.
    pub fn writes(&self, text: &str) {
        let draft = self.native.draft(text.into());
        self.native.tell(Input::Send(draft));
    }

    /// The device says that the network is back.
    pub fn is_online(&self) {
        self.native.tell(Input::Online);
    }

    /// How many sockets were lost that had been welcomed.
    pub fn losses(&self) -> usize {
        self.losses.load(Ordering::Relaxed)
    }

    /// Waits until more sockets were lost than these.
    pub async fn loses_more_than(&self, losses: usize) {
        eventually(
            &format!("more than {losses} sockets are lost"),
            async || (self.losses() > losses).then_some(()),
        )
        .await;
    }

    /// Waits until the machine is like this.
    pub async fn until(&self, what: &str, like: impl Fn(&Client) -> bool) {
        eventually(what, async || self.native.read(&like).then_some(())).await;
    }

    /// Waits until everything that was written is stored, as far as the relay has said.
    pub async fn has_all_stored(&self) {
        let stored =
            |client: &Client| client.is_caught_up() && client.outbox().outgoing().is_empty();
        self.until("everything is stored", stored).await;
        let kept = self.native.kept();
        assert!(kept.is_empty(), "the device keeps what is stored: {kept:?}");
    }

    /// The words of the transcript as it stands here.
    pub fn words(&self) -> Vec<String> {
        self.native.read(|client| {
            let entries = client.transcript().entries().iter();
            let texts = entries.filter_map(|entry| entry.content.text());
            texts.map(str::to_owned).collect()
        })
    }
}
