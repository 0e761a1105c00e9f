//! A visitor's own conversations (SPEC, OC).

use protocol::{
    api::{OwnConversation, OwnConversations},
    conversation::Status,
    entry::{Author, Content},
    id::ConversationId,
    relay::{
        Principal,
        conversation::{Answer, Failure, Request},
    },
    time::Millis,
};

use crate::{
    cast::{giulia, marco, message, note, operator, stranger, visitor},
    desk::Desk,
};

fn own(desk: &mut Desk, principal: &Principal) -> Result<Option<OwnConversation>, Failure> {
    let answered = desk
        .relay
        .answer(desk.now, principal, Request::Own, &mut desk.disk);
    match answered? {
        (Answer::Own(own), _) => Ok(own),
        other => panic!("{other:?}"),
    }
}

#[test]
fn oc1_what_operators_say_among_themselves_changes_nothing() {
    let (mut desk, shopper) = Desk::with_visitor();
    assert_eq!(own(&mut desk, &visitor()), Ok(None), "nothing was said");
    desk.say(shopper, 1, message("Is it in stock?"));
    let asked = own(&mut desk, &visitor()).unwrap().unwrap();
    let last = asked.last.clone().unwrap();
    assert_eq!(
        (last.author, last.text.as_str()),
        (Author::Visitor, "Is it in stock?")
    );
    let giulias = desk.enter(operator(giulia()));
    for content in [
        note("She always haggles."),
        Content::Assigned { to: Some(marco()) },
    ] {
        desk.now = desk.now + Millis(1_000);
        desk.say(giulias, desk.now.0, content);
        assert_eq!(own(&mut desk, &visitor()), Ok(Some(asked.clone())));
    }
    desk.say(giulias, 4, message("Three are left."));
    desk.say(giulias, 5, note("Two, in truth."));
    desk.say(
        giulias,
        6,
        Content::Status {
            status: Status::Resolved,
        },
    );
    let answered = own(&mut desk, &visitor()).unwrap().unwrap();
    let last = answered.last.unwrap();
    assert_eq!(
        (last.author, last.text.as_str(), last.note),
        (Author::Operator(giulia()), "Three are left.", false)
    );
    assert_eq!(
        (answered.status, answered.updated_at),
        (Status::Resolved, desk.now)
    );
    assert!(answered.head > asked.head);
    assert_eq!(own(&mut desk, &stranger()), Err(Failure::NotFound));
}

#[test]
fn oc1_last_changed_first() {
    let (mut desk, shopper) = Desk::with_visitor();
    desk.say(shopper, 1, message("Is it in stock?"));
    let one = own(&mut desk, &visitor()).unwrap().unwrap();
    let at = |id: u8, seconds: u64| OwnConversation {
        id: ConversationId::from_bytes([id; 16]),
        updated_at: one.updated_at + Millis::seconds(seconds),
        ..one.clone()
    };
    let listed = OwnConversations::of([at(1, 5), at(2, 9), at(3, 1), at(4, 5)]);
    let ids = listed.conversations.iter().map(|own| own.id);
    let order = [2, 4, 1, 3].map(|id| ConversationId::from_bytes([id; 16]));
    assert!(ids.eq(order));
}
