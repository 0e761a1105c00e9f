//! Bad networks, with the fault proxy between the shopper and the relay: whatever it does, everything that was written is
//! there once, in order, as soon as the network is good again.

mod asleep;
mod lines;
mod moving;
mod portal;

use std::time::Duration;

use protocol::id::ConversationId;
use serde_json::json;
use tests::{Browser, FaultProxy, Relay, Shop, Shopper, eventually, shopper::ROOT};
use tokio::sync::OnceCell;

/// What a browser says about a network that does not do what it should.
pub(crate) const BROKEN: [&str; 3] = ["WebSocket", "net::ERR_", "blocked by CORS policy"];

/// A shop whose shoppers reach the relay through a proxy.
pub(crate) async fn behind_a_proxy() -> (FaultProxy, Shop) {
    behind_a_proxy_of(Relay::shared().await).await
}

/// The same, where nobody is held to a person's pace (RL18): for more words than a person writes.
pub(crate) async fn behind_a_proxy_unpaced() -> (FaultProxy, Shop) {
    static UNPACED: OnceCell<Relay> = OnceCell::const_new();
    let start = async || Relay::start_for_load(&std::env::temp_dir()).await;
    behind_a_proxy_of(UNPACED.get_or_init(start).await).await
}

async fn behind_a_proxy_of(relay: &Relay) -> (FaultProxy, Shop) {
    let proxy = FaultProxy::before(relay).await;
    let shop = relay.shop_behind(&proxy).await;
    (proxy, shop)
}

/// Waits until the relay has these words and no others, in this order, and the shopper sees the same.
pub(crate) async fn all_is_well(
    shop: &Shop,
    shopper: &Shopper,
    conversation: ConversationId,
    words: &[&str],
) {
    let caller = shop.caller();
    eventually(&format!("the relay has {words:?}"), async || {
        let has = caller.words(conversation).await;
        assert!(has.len() <= words.len(), "too much: {has:?}");
        (has == words).then_some(())
    })
    .await;
    eventually(&format!("the shopper sees {words:?}"), async || {
        let bubbles = shopper.browser.transcript().await;
        let same = bubbles.len() == words.len()
            && bubbles
                .iter()
                .zip(words)
                .all(|(bubble, words)| bubble.contains(words));
        same.then_some(())
    })
    .await;
}

/// A finger over the launcher fetches the chat, and asks nothing of the relay yet.
async fn has_the_chat_at_hand(shopper: &Shopper) {
    let over =
        format!("{ROOT}.querySelector('button').dispatchEvent(new PointerEvent('pointerover'))");
    shopper.browser.ask(&over).await;
    let there = format!("return !!{ROOT}.querySelector('[role=log]')");
    shopper.browser.until("the chat is loaded", &there).await;
}

/// Gives pages a clock of their own, which can be moved on: `Date.now` is all the chat knows of the time. The timers of
/// the page stay as they are, as those of a device that slept do.
fn own_clock(shop: &Shop) {
    let clock = "const now = Date.now; let moved = 0;
        Date.now = () => now() + moved;
        window.moveOn = (by) => { moved += by; };";
    shop.storefront.begins_with(clock);
}

/// Moves the page's clock on.
async fn later(browser: &Browser, by: Duration) {
    let by = json!(by.as_millis() as u64);
    browser.ask(&format!("moveOn({by})")).await;
}
