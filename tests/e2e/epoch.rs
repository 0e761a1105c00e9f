//! The relay's disk is replaced by an older copy, or conversations on it are deleted: clients notice, start over and keep
//! their outbox, on a native socket and in Chromium (SPEC, RL22 and CL15).

use std::sync::{Arc, Mutex, PoisonError};

use protocol::{client::Input, id::ConversationId};
use tests::{
    Browser, Native, Peer, Relay, Shop, Shopper,
    browser::DESKTOP,
    caller, eventually,
    native::{End, News},
    relay::Backup,
    shop,
};

/// A client on a native socket, and how often it started over.
struct Visitor {
    native: Native,
    conversation: ConversationId,
    started_over: Arc<Mutex<usize>>,
}

impl Visitor {
    async fn arrives(shop: &Shop) -> Self {
        let conversation = shop::conversation_id();
        let end = End::visitor(shop, conversation, &caller::http());
        let started_over = Arc::<Mutex<usize>>::default();
        let count = started_over.clone();
        let native = Native::new(end, move |news| {
            if news == News::StartedOver {
                *count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            }
        });
        native.tell(Input::Want);
        native.welcomed().await;
        Self {
            native,
            conversation,
            started_over,
        }
    }

    fn writes(&self, text: &str) {
        self.native
            .tell(Input::Send(self.native.draft(text.into())));
    }

    /// Waits until these words and no others are in the view, and nothing is left to send.
    async fn shows(&self, words: &[&str]) {
        eventually(&format!("{words:?} are in the view"), async || {
            let shown = self.native.read(|client| {
                let entries = client.transcript().entries().iter();
                let texts: Vec<String> = entries
                    .filter_map(|entry| entry.content.text().map(str::to_owned))
                    .collect();
                client.outbox().outgoing().is_empty().then_some(texts)
            });
            (shown? == words).then_some(())
        })
        .await;
        assert!(
            self.native.kept().is_empty(),
            "the device forgets what is confirmed"
        );
    }

    fn started_over(&self) -> usize {
        *self
            .started_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A relay on which "Kept" was written, a copy of its disk, and "Lost 1" and "Lost 2" after that.
async fn with_a_past() -> (Relay, Shop, Visitor, Backup) {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let visitor = Visitor::arrives(&shop).await;
    visitor.writes("Kept");
    visitor.shows(&["Kept"]).await;
    relay.kill_9();
    let backup = relay.back_up();
    relay.restart().await;
    visitor.writes("Lost 1");
    visitor.writes("Lost 2");
    visitor.shows(&["Kept", "Lost 1", "Lost 2"]).await;
    assert_eq!(
        visitor.started_over(),
        0,
        "a relay that died has lost nothing"
    );
    (relay, shop, visitor, backup)
}

/// As many entries come as were lost, before the client is back: its cursor is then not past the end of anything.
#[tokio::test]
async fn an_older_copy_that_has_grown_as_long_is_noticed() {
    let (relay, shop, visitor, backup) = with_a_past().await;
    visitor.native.tell(Input::Rest);
    relay.kill_9();
    relay.put_back(&backup);
    relay.restart_restored().await;
    for text in ["Instead 1", "Instead 2"] {
        shop.caller().write(visitor.conversation, text).await;
    }
    visitor.writes("Still in the outbox");
    let words = ["Kept", "Instead 1", "Instead 2", "Still in the outbox"];
    visitor.shows(&words).await;
    assert_eq!(visitor.started_over(), 1);
    assert_eq!(shop.caller().words(visitor.conversation).await, words);

    // The incarnation stays: a relay that dies after that has lost nothing.
    relay.kill_9();
    relay.restart().await;
    visitor.writes("And on");
    visitor.shows(&[&words[..], &["And on"]].concat()).await;
    assert_eq!(visitor.started_over(), 1);
}

/// What a relay that is not told of the copy can know: that a client has read more than there is.
#[tokio::test]
async fn an_older_copy_that_is_shorter_is_noticed_without_a_word() {
    let (relay, shop, visitor, backup) = with_a_past().await;
    relay.kill_9();
    relay.put_back(&backup);
    visitor.writes("Written meanwhile");
    relay.restart().await;
    visitor.shows(&["Kept", "Written meanwhile"]).await;
    assert_eq!(visitor.started_over(), 1);
    let words = shop.caller().words(visitor.conversation).await;
    assert_eq!(words, ["Kept", "Written meanwhile"]);
}

/// A copy from before the conversation began: it is begun anew.
#[tokio::test]
async fn a_conversation_that_is_not_there_any_more_is_begun_anew() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    relay.kill_9();
    let backup = relay.back_up();
    relay.restart().await;
    let visitor = Visitor::arrives(&shop).await;
    visitor.writes("Lost");
    visitor.shows(&["Lost"]).await;
    relay.kill_9();
    relay.put_back(&backup);
    visitor.writes("Written meanwhile");
    relay.restart().await;
    visitor.shows(&["Written meanwhile"]).await;
    assert_eq!(visitor.started_over(), 1);
}

#[tokio::test]
async fn the_widget_starts_over_and_keeps_its_outbox() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Kept").await;
    let conversation = shop.caller().conversation_with("Kept").await.id;
    relay.kill_9();
    let backup = relay.back_up();
    relay.restart().await;
    shopper.writes_for_sure("Lost 1").await;
    shopper.writes_for_sure("Lost 2").await;
    relay.kill_9();
    // No line, so that the copy grows before the widget is back.
    shopper.browser.online(false).await;
    relay.put_back(&backup);
    relay.restart_restored().await;
    for text in ["Instead 1", "Instead 2"] {
        shop.caller().write(conversation, text).await;
    }
    shopper.writes("Written meanwhile").await;
    shopper.browser.online(true).await;
    shopper.is_stored("Written meanwhile").await;
    let words = ["Kept", "Instead 1", "Instead 2", "Written meanwhile"];
    assert_eq!(shop.caller().words(conversation).await, words);
    eventually("the widget shows what the relay has", async || {
        let shown = shopper.browser.transcript().await;
        let same = shown.len() == words.len()
            && shown
                .iter()
                .zip(words)
                .all(|(bubble, text)| bubble.contains(text));
        same.then_some(())
    })
    .await;
    // Whether it tried while nobody listened is chance; the browser says so, and nothing else.
    shopper
        .leaves_after(&["ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED"])
        .await;
}

/// An operator's program, which had read the lost entries on the old disk, is told that this is another transcript.
#[tokio::test]
async fn a_cursor_of_before_is_of_another_incarnation() {
    let relay = Relay::start().await;
    let shop = relay.shop().await;
    let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Kept").await;
    let before = shop.caller().entries(conversation).await;
    relay.kill_9();
    relay.restart_restored().await;
    let (_, welcome, page) =
        Peer::visitor_again(&shop, conversation, &pass, Some(before.cursor)).await;
    assert!(welcome.epoch > before.cursor.epoch, "{:?}", welcome.epoch);
    assert_eq!(
        page.entries.len(),
        1,
        "the newest page, and not what comes after"
    );
    assert_eq!(
        shop.caller().entries(conversation).await.cursor.epoch,
        welcome.epoch
    );
}
