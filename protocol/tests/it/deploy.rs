//! A relay that is replaced by another release, or whose disk is replaced by an older copy (SPEC, VS5 and RL22). The texts are
//! those of the first release.

use protocol::{
    api::{Carried, Exchange},
    cursor::{Cursor, Epoch, Seq},
    entry::OperatorCard,
    frame::{ServerFrame, Span},
    id::{MessageId, SessionId},
    limits,
    presence::Page,
    relay::{
        Principal,
        conversation::{Answer, Conversation, Input, Request},
        inbox::{self, Inbox},
        session::{Session, State},
    },
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};

use crate::{
    cast::{self, START, draft, giulia, name, operator, visitor},
    desk::{Desk, filled, places, told, told_history},
};

/// What the first release kept with a conversation's socket.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct FirstSession {
    id: SessionId,
    state: FirstState,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum FirstState {
    Greeting {
        until: Timestamp,
        principal: Option<Principal>,
    },
    Live {
        principal: Principal,
        held: Option<MessageId>,
        page: Option<Page>,
    },
}

/// What it kept with an inbox's.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct FirstInbox {
    id: SessionId,
    operator: OperatorCard,
    greet_until: Option<Timestamp>,
}

const OF_A_VISITOR: &str = r#"{"id":7,"state":{"state":"live","principal":{"role":"visitor","shop":"demo","visitor":"0199c82c-c000-7202-8202-020202020202"},"held":"0199c82c-c001-7000-8000-000000000001","page":{"url":"https://shop.example/moka","title":"Moka"}}}"#;
const OF_ONE_TO_GREET: &str =
    r#"{"id":8,"state":{"state":"greeting","until":1760000010000,"principal":null}}"#;
const OF_AN_INBOX: &str = r#"{"id":9,"operator":{"id":"0199c82c-c000-7404-8404-040404040404","name":"Giulia"},"greet_until":null}"#;

#[test]
fn vs5_what_the_first_release_kept_with_a_socket_is_read() {
    let live: Session = serde_json::from_str(OF_A_VISITOR).unwrap();
    let greeting: Session = serde_json::from_str(OF_ONE_TO_GREET).unwrap();
    assert_eq!((live.id, greeting.id), (SessionId(7), SessionId(8)));
    let (mut desk, shopper) = Desk::with_visitor();
    desk.send(shopper, draft(9));
    desk.forget([live.clone(), greeting]);
    // It goes on where it was: with the draft that is held, the page, and a visitor who pings.
    let giulias = desk.enter(operator(giulia()));
    let page = desk.summary().page;
    assert_eq!(page.map(|page| page.title).as_deref(), Some("Moka"));
    desk.now = desk.now + Millis(5_000);
    let effects = desk.handle(Input::Alarm(vec![(live.id, desk.now)]));
    assert!(desk.summary().visitor_present);
    let gone = |frame: &&ServerFrame| matches!(frame, ServerFrame::Presence(it) if !it.visitor);
    assert!(!told(&effects, giulias).iter().any(gone));
    let effects = desk.send(live.id, draft(5));
    let [ServerFrame::Refused(refused)] = told(&effects, live.id)[..] else {
        panic!("the draft that was refused for now is to come first: {effects:?}")
    };
    assert_eq!(refused.id, Some(name(5)));
}

#[test]
fn vs5_what_is_kept_with_a_socket_is_read_by_the_first_release() {
    let mut desk = Desk::new();
    let id = desk.open(Some(operator(giulia())));
    let effects = desk.hello(id, visitor(), None);
    let live = crate::desk::attached(&effects).unwrap();
    assert!(matches!(live.state, State::Live { .. }));
    let read: FirstSession = serde_json::from_value(serde_json::to_value(&live).unwrap()).unwrap();
    let (principal, held, page) = (visitor(), None, None);
    assert_eq!(
        (read.id, read.state),
        (
            id,
            FirstState::Live {
                principal,
                held,
                page
            }
        )
    );
    let effects = Inbox::default().handle(START, inbox::Input::Opened(SessionId(3), giulia()));
    let [inbox::Effect::Attach(inbox)] = &effects[..] else {
        panic!("{effects:?}")
    };
    let read: FirstInbox = serde_json::from_value(serde_json::to_value(inbox).unwrap()).unwrap();
    assert_eq!(
        (read.operator, read.greet_until),
        (giulia(), inbox.greet_until)
    );
    // And the texts above are what it wrote.
    for text in [OF_A_VISITOR, OF_ONE_TO_GREET] {
        let first: FirstSession = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&first).unwrap(), text);
    }
    let first: FirstInbox = serde_json::from_str(OF_AN_INBOX).unwrap();
    assert_eq!(serde_json::to_string(&first).unwrap(), OF_AN_INBOX);
}

#[test]
fn vs5_who_had_the_inbox_open_is_on_duty_after_a_deploy() {
    let session: inbox::Session = serde_json::from_str(OF_AN_INBOX).unwrap();
    let id = session.id;
    let mut inbox = Inbox::wake([session]);
    assert_eq!(inbox.duty(), [giulia()]);
    inbox.handle(START, inbox::Input::Alarm(vec![(id, START)]));
    assert_eq!(inbox.duty(), [giulia()], "it pings");
    assert_eq!(inbox.next_deadline(), Some(START + limits::DUTY_LEASE));
    inbox.handle(START + limits::DUTY_LEASE, inbox::Input::Alarm(vec![]));
    assert_eq!(inbox.duty(), [], "it does not ping any more");
}

/// Three entries, an older copy with one, and on that two others instead: the cursor of who read the first three is not past
/// the end of anything.
fn restored(at: Option<Timestamp>) -> (Desk, Cursor) {
    let (mut desk, shopper) = filled(1);
    let copy = desk.disk.clone();
    desk.send(shopper, draft(2));
    desk.send(shopper, draft(3));
    let read = Cursor {
        epoch: desk.epoch(),
        seq: Seq(3),
    };
    desk.disk = copy;
    desk.now = desk.now + Millis(1);
    desk.forget([]);
    if let Some(at) = at {
        desk.relay = Conversation::wake(cast::conversation(), []).restored_at(at);
    }
    let giulias = desk.enter(operator(giulia()));
    desk.send(giulias, draft(12));
    desk.send(giulias, draft(13));
    (desk, read)
}

#[test]
fn rl22_a_transcript_from_before_a_restoration_is_of_another_epoch() {
    let at = START + Millis(1);
    let (mut desk, read) = restored(Some(at));
    let id = desk.open(None);
    let effects = desk.hello(id, visitor(), Some(read));
    let [ServerFrame::Welcome(welcome), ServerFrame::History(page)] = told(&effects, id)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((welcome.epoch, welcome.head), (Epoch(at.0), Seq(3)));
    assert_eq!(places(&page.entries), [1, 2, 3], "from the newest on");
    // So it is over HTTPS.
    let page = desk.entries(&visitor(), Some(read.epoch), Span::After(read.seq));
    assert_eq!((page.cursor.epoch, page.entries.len()), (Epoch(at.0), 3));
    let carried = Carried {
        epoch: read.epoch,
        seq: read.seq,
        read: 0,
        held: None,
    };
    let asked = Exchange {
        frames: vec![],
        carried: Some(carried),
    };
    let Ok((Answer::Exchanged(exchanged), _)) = desk.ask(&visitor(), Request::Exchange(asked))
    else {
        panic!("an exchange is answered")
    };
    assert_eq!(exchanged.close, Some(4000));
    // What one reads from here on is of this incarnation, and resumed.
    let id = desk.open(None);
    let again = Cursor {
        epoch: Epoch(at.0),
        seq: Seq(3),
    };
    let effects = desk.hello(id, visitor(), Some(again));
    assert_eq!(told_history(&effects, id).entries, []);
}

#[test]
fn rl22_a_transcript_that_begins_after_a_restoration_is_of_its_own_epoch() {
    let mut desk = Desk::new();
    desk.relay = Conversation::wake(cast::conversation(), []).restored_at(START);
    desk.now = START + Millis(5);
    let page = desk.entries(&visitor(), None, Span::Newest);
    assert_eq!(page.cursor.epoch, Epoch(desk.now.0));
    // A clock that was set back does not make it one from before.
    let mut desk = Desk::new();
    let at = START + Millis(5);
    desk.relay = Conversation::wake(cast::conversation(), []).restored_at(at);
    let first = desk.entries(&visitor(), None, Span::Newest).cursor.epoch;
    desk.relay = Conversation::wake(cast::conversation(), []).restored_at(at);
    let woken = desk.entries(&visitor(), None, Span::Newest).cursor.epoch;
    assert_eq!((first, woken), (Epoch(at.0), Epoch(at.0)));
}

/// The limit, so that nobody counts on more: a relay that is not told of a restoration cannot know of it.
#[test]
fn rl22_a_restoration_that_nobody_tells_is_seen_in_a_transcript_that_is_shorter_alone() {
    let (mut desk, read) = restored(None);
    let id = desk.open(None);
    let effects = desk.hello(id, visitor(), Some(read));
    assert_eq!(
        told_history(&effects, id).entries,
        [],
        "as long again, and taken for the same"
    );
    let id = desk.open(None);
    let effects = desk.hello(
        id,
        visitor(),
        Some(Cursor {
            seq: Seq(4),
            ..read
        }),
    );
    assert_eq!(places(&told_history(&effects, id).entries), [1, 2, 3]);
}
