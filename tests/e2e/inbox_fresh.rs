//! The inbox after sleep, and answers that never leave against an old transcript: without a reload, in a real browser.

use protocol::{
    api::{NewNote, NewStatus, Stored, VisitorPass},
    conversation::Status,
    id::ConversationId,
};
use serde_json::json;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shop, browser::DESKTOP, eventually, shop::message_id,
};
use thirtyfour::Key;

/// What a browser says about a relay that is not there.
const GONE: [&str; 4] = [
    "ERR_CONNECTION_REFUSED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "WebSocket",
];

/// A page whose clock can be set, whose sockets can die without a word, and whose list can fail to be read.
const BEDSIDE: &str = "
    const clock = Date.now;
    window.slept = 0;
    Date.now = () => clock() + window.slept;
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...of) {
            super(...of);
            window.sockets.push(this);
            for (const type of ['message', 'close'])
                this.addEventListener(type, (event) => { if (this.dead) event.stopImmediatePropagation(); });
        }
        send(text) { if (!this.dead) super.send(text); }
    };
    const ask = window.fetch;
    window.fetch = (url, how) =>
        window.lost && String(url).includes('/v1/conversations?') ? Promise.reject(new TypeError('lost')) : ask(url, how);
    let hidden = false;
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    window.sleep = () => {
        hidden = true;
        document.dispatchEvent(new Event('visibilitychange'));
        window.sockets.forEach((socket) => { socket.dead = true; });
        window.slept += 3600000;
    };
    window.wake = () => {
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
    };
    window.thaw = () => {
        hidden = false;
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    };";

/// A shop with a question in it, Giulia at the inbox and Marco elsewhere.
struct Scene {
    shop: Shop,
    giulia: Operator,
    marco: Caller,
    conversation: ConversationId,
    visitor: Peer,
    pass: VisitorPass,
}

impl Scene {
    async fn set(relay: &Relay) -> Self {
        let shop = relay.shop().await;
        let marco = Caller::colleague(&shop, "Marco").await;
        let (mut visitor, conversation, pass) = Peer::visitor(&shop).await;
        visitor.say_for_sure("Is the moka in stock?").await;
        let browser = Browser::open(DESKTOP).await;
        browser.before_every_page(BEDSIDE).await;
        let giulia = Operator::signs_in(browser, &shop).await;
        giulia.opens("Is the moka in stock?").await;
        giulia.browser.ask("window.same = true").await;
        Self {
            shop,
            giulia,
            marco,
            conversation,
            visitor,
            pass,
        }
    }

    async fn words(&self) -> Vec<String> {
        self.shop.caller().words(self.conversation).await
    }

    async fn is_stored(&self, text: &str) {
        eventually(&format!("{text:?} is stored"), async || {
            let words = self.words().await;
            words.iter().any(|word| word == text).then_some(())
        })
        .await;
    }

    async fn marco_answers(&self, text: &str) {
        self.marco.write(self.conversation, text).await;
    }

    async fn presses_enter(&self) {
        self.giulia.types(&char::from(Key::Enter).to_string()).await;
    }

    async fn ends(self, announced: &[&str]) {
        let same = self.giulia.browser.ask("return window.same").await;
        assert_eq!(same, json!(true), "the page was loaded again");
        self.giulia.leaves_after(announced).await;
    }
}

#[tokio::test]
async fn two_operators_and_one_composer() {
    let mut scene = Scene::set(Relay::shared().await).await;
    scene.giulia.types("Three are left.").await;
    scene.giulia.browser.see("button", "Send reply").await;
    scene.marco_answers("Yes, three.").await;
    let browser = &scene.giulia.browser;
    browser.see("status", "Marco has answered meanwhile.").await;
    scene.giulia.reads("Yes, three.").await;
    browser.see("button", "Send anyway").await;

    scene.presses_enter().await;
    browser
        .see(
            "status",
            "Yours has not left. Press once more to send it anyway.",
        )
        .await;
    // The same words are told to the visitor after whatever had left before.
    scene.visitor.say_for_sure("Thank you").await;
    scene.giulia.reads("Thank you").await;
    let words = ["Is the moka in stock?", "Yes, three.", "Thank you"];
    assert_eq!(scene.words().await, words);

    scene.presses_enter().await;
    scene.is_stored("Three are left.").await;
    browser.see_no("status", "answered meanwhile").await;
    // A new answer is begun with everything in sight.
    scene.giulia.answers("Anything else?").await;
    scene.is_stored("Anything else?").await;
    scene.ends(&[]).await;
}

#[tokio::test]
async fn a_note_of_a_colleague_is_told_and_ones_own_note_is_not_stopped() {
    let scene = Scene::set(Relay::shared().await).await;
    scene.giulia.types("Shall I ring you?").await;
    let note = NewNote {
        id: Some(message_id()),
        text: "I rang her".into(),
    };
    let notes = format!("/v1/conversations/{}/notes", scene.conversation);
    scene.marco.post(&notes, &note).await.json::<Stored>();
    let browser = &scene.giulia.browser;
    browser.see("status", "Marco has left a note").await;
    browser.choose("Note").await;
    browser.see_no("status", "Marco has left a note").await;
    browser.press("Add note").await;
    scene.is_stored("Shall I ring you?").await;
    scene.ends(&[]).await;
}

#[tokio::test]
async fn words_begun_before_a_reload_are_not_sent_past_an_answer() {
    let scene = Scene::set(Relay::shared().await).await;
    scene.giulia.types("Three are left.").await;
    let browser = &scene.giulia.browser;
    browser.go("about:blank").await;
    scene.marco_answers("Yes, three.").await;
    let inbox = format!(
        "{}/inbox?shop={}#{}",
        scene.shop.relay,
        scene.shop.id.as_str(),
        scene.conversation
    );
    browser.go(&inbox).await;
    scene.giulia.reads("Yes, three.").await;
    browser.see("status", "Marco has answered meanwhile.").await;
    browser.press("Send anyway").await;
    eventually("the words leave after one press or two", async || {
        let words = scene.words().await;
        if words.len() == 3 {
            return Some(());
        }
        let again = browser.all("button", Some("Send anyway")).await;
        for button in again {
            let _ = button.click().await;
        }
        None
    })
    .await;
    scene.giulia.leaves().await;
}

async fn sleeps_and_is_whole_again(waking: &str) {
    let scene = Scene::set(Relay::shared().await).await;
    let browser = &scene.giulia.browser;
    let (mut done, resolved, _) = Peer::visitor(&scene.shop).await;
    done.say_for_sure("Thank you, bye").await;
    browser.see("button", "Thank you, bye").await;

    browser.ask("window.sleep()").await;
    let status = NewStatus {
        id: None,
        status: Status::Resolved,
    };
    let path = format!("/v1/conversations/{resolved}/status");
    scene.marco.put(&path, &status).await.json::<Stored>();
    let (mut new, _, _) = Peer::visitor(&scene.shop).await;
    new.say_for_sure("Written while you slept").await;
    scene.marco_answers("Yes, three.").await;
    let caller = scene.shop.caller();
    caller.conversation_with("Written while you slept").await;
    caller.conversation_with("Yes, three.").await;
    eventually("the list has it resolved", async || {
        let open = caller.open_conversations().await;
        open.iter().all(|one| one.id != resolved).then_some(())
    })
    .await;

    // The first pages fail, too.
    browser.ask("window.lost = true").await;
    browser.ask(waking).await;
    scene.giulia.reads("Yes, three.").await;
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn out_of_sight_for_an_hour_and_whole_again() {
    sleeps_and_is_whole_again("window.wake()").await;
}

#[tokio::test]
async fn frozen_and_whole_again() {
    sleeps_and_is_whole_again("window.thaw()").await;
}

#[tokio::test]
async fn the_relay_is_started_again_while_the_inbox_sleeps() {
    let relay = Relay::start().await;
    let scene = Scene::set(&relay).await;
    let browser = &scene.giulia.browser;
    browser.ask("window.sleep()").await;
    relay.kill_9();
    relay.restart().await;
    let (mut new, _, _) = Peer::visitor(&scene.shop).await;
    new.say_for_sure("After the crash").await;
    scene.marco_answers("Yes, three.").await;
    let caller = scene.shop.caller();
    caller.conversation_with("After the crash").await;

    browser.ask("window.wake()").await;
    browser.see("button", "After the crash").await;
    scene.giulia.reads("Yes, three.").await;
    // And live: what comes now is told, not read.
    new.say_for_sure("Are you there?").await;
    browser.see("button", "Are you there?").await;
    scene.giulia.answers("Here I am").await;
    scene.is_stored("Here I am").await;
    scene.ends(&GONE).await;
}

/// Giulia has no connection.
async fn in_a_tunnel(relay: &Relay) -> Scene {
    let scene = Scene::set(relay).await;
    let browser = &scene.giulia.browser;
    browser.online(false).await;
    relay.kill_9();
    relay.restart().await;
    browser
        .see("status", "You may not see the newest messages.")
        .await;
    scene
}

/// Giulia answers without a connection, and Marco before she has one again.
async fn answered_in_a_tunnel(relay: &Relay) -> Scene {
    let scene = in_a_tunnel(relay).await;
    let browser = &scene.giulia.browser;
    scene.giulia.answers("From the tunnel").await;
    browser
        .see_bubble("From the tunnel", &["Waiting to be sent"])
        .await;
    scene
}

const HELD: &str = "Marco has answered meanwhile. This was not sent.";

#[tokio::test]
async fn an_answer_from_a_tunnel_waits_when_somebody_has_answered() {
    let relay = Relay::start().await;
    let scene = answered_in_a_tunnel(&relay).await;
    scene.marco_answers("Yes, three.").await;
    let browser = &scene.giulia.browser;
    browser.online(true).await;
    browser.see("alert", HELD).await;
    scene.giulia.reads("Yes, three.").await;
    // Notes are for the team, and go on.
    scene.giulia.notes("I was in a tunnel").await;
    scene.is_stored("I was in a tunnel").await;
    // The device keeps it, and still knows what it was written against.
    browser.reload().await;
    browser.ask("window.same = true").await;
    browser.see("alert", HELD).await;
    browser.see_words_anywhere("Not sent").await;
    let words = ["Is the moka in stock?", "Yes, three.", "I was in a tunnel"];
    assert_eq!(scene.words().await, words);

    browser.press("Send anyway").await;
    scene.is_stored("From the tunnel").await;
    browser.see_no("alert", HELD).await;
    assert_eq!(scene.words().await.len(), 4, "it is stored once");
    browser.see_bubble("From the tunnel", &["Sent"]).await;
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn an_answer_from_a_tunnel_is_thrown_away() {
    let relay = Relay::start().await;
    let scene = answered_in_a_tunnel(&relay).await;
    scene.marco_answers("Yes, three.").await;
    let browser = &scene.giulia.browser;
    browser.online(true).await;
    browser.see("alert", HELD).await;
    browser.press("Delete").await;
    browser.see_no("article", "From the tunnel").await;
    scene.giulia.answers("As Marco says").await;
    scene.is_stored("As Marco says").await;
    assert_eq!(scene.words().await.len(), 3);
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn an_answer_from_a_tunnel_leaves_when_only_the_visitor_has_written() {
    let relay = Relay::start().await;
    let scene = answered_in_a_tunnel(&relay).await;
    let again = Peer::visitor_again(&scene.shop, scene.conversation, &scene.pass, None);
    again.await.0.say_for_sure("Are you there?").await;
    scene.giulia.browser.online(true).await;
    scene.is_stored("From the tunnel").await;
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn nothing_is_closed_from_a_tunnel_over_words_that_were_not_read() {
    let relay = Relay::start().await;
    let scene = in_a_tunnel(&relay).await;
    let browser = &scene.giulia.browser;
    browser.press("Resolve").await;
    let again = Peer::visitor_again(&scene.shop, scene.conversation, &scene.pass, None);
    again.await.0.say_for_sure("Are you there?").await;
    browser.online(true).await;
    scene.giulia.reads("Are you there?").await;
    browser.see("button", "Resolve").await;
    scene.giulia.answers("I am").await;
    scene.is_stored("I am").await;
    let summary = scene.shop.caller().conversation_with("I am").await;
    assert_eq!(summary.status, Status::Open);
    browser.press("Resolve").await;
    browser.see("button", "Undo").await;
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn de12_what_is_late_is_read_before_anything_is_closed() {
    let relay = Relay::start().await;
    let mut scene = Scene::set(&relay).await;
    let browser = &scene.giulia.browser;
    // Nothing cuts the socket: what it brings is only late.
    browser.online(false).await;
    browser
        .see("status", "You may not see the newest messages.")
        .await;
    browser.press("Resolve").await;
    scene.visitor.say_for_sure("Are you there?").await;
    browser.online(true).await;
    scene.giulia.reads("Are you there?").await;
    scene.giulia.answers("I am").await;
    scene.is_stored("I am").await;
    let summary = scene.shop.caller().conversation_with("I am").await;
    assert_eq!(summary.status, Status::Open);
    scene.ends(&GONE).await;
}

#[tokio::test]
async fn what_came_before_ones_eyes_does_not_stop_an_answer() {
    let mut scene = Scene::set(Relay::shared().await).await;
    let browser = &scene.giulia.browser;
    // Somewhere else meanwhile, and back without a word from the browser.
    browser.ask("document.hasFocus = () => false").await;
    scene.visitor.say_for_sure("And the small one?").await;
    scene.giulia.reads("And the small one?").await;
    browser.ask("document.hasFocus = () => true").await;
    scene.giulia.answers("That one too").await;
    scene.is_stored("That one too").await;
    scene.ends(&[]).await;
}

#[tokio::test]
async fn an_answer_on_a_dead_socket_is_looked_at_again() {
    let scene = Scene::set(Relay::shared().await).await;
    let browser = &scene.giulia.browser;
    browser
        .ask("window.sockets.forEach((socket) => { socket.dead = true; })")
        .await;
    scene.marco_answers("Yes, three.").await;
    scene.giulia.answers("Three are left.").await;
    // Nobody knows yet that the socket is dead; the silence after the send tells.
    browser.see("alert", HELD).await;
    assert_eq!(
        scene.words().await,
        ["Is the moka in stock?", "Yes, three."]
    );
    browser.press("Send anyway").await;
    scene.is_stored("Three are left.").await;
    scene.ends(&[]).await;
}
