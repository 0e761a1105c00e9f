//! What is asked over HTTPS (SPEC, RL 16).

use protocol::{
    api::{Carried, Exchange},
    cursor::{Cursor, Epoch, Seq},
    frame::{ClientFrame, Refusal, Refused, Span},
    message::Draft,
    relay::conversation::{Effect, Failure, Request},
};

use crate::{
    cast::{self, draft, giulia, name, note, operator, stranger, visitor},
    desk::{Desk, places, told_entries},
};

#[test]
fn rl16_the_same_is_done_over_https() {
    let (mut desk, shopper) = Desk::with_visitor();
    let (stored, effects) = desk
        .ask(&operator(giulia()), Request::Send(draft(1)))
        .unwrap();
    assert_eq!(told_entries(&effects, shopper), [(0, 1)]);
    assert!(
        effects.contains(&Effect::Added),
        "who waits for an entry gets it"
    );
    let (again, effects) = desk
        .ask(&operator(giulia()), Request::Send(draft(1)))
        .unwrap();
    assert_eq!((stored, effects), (again, vec![]));
    let refused = desk.ask(
        &visitor(),
        Request::Send(Draft {
            id: name(2),
            content: note("a note"),
        }),
    );
    assert!(matches!(
        refused,
        Err(Failure::Refused(Refused {
            code: Refusal::Forbidden,
            ..
        }))
    ));
    assert_eq!(
        desk.ask(&stranger(), Request::Summary),
        Err(Failure::NotFound)
    );
    desk.ask(
        &operator(giulia()),
        Request::Receipt {
            delivered: Seq(1),
            read: Seq(1),
        },
    )
    .unwrap();
    let page = desk.entries(&visitor(), Some(desk.epoch()), Span::After(Seq(1)));
    assert_eq!(
        (page.cursor, page.entries),
        (
            Cursor {
                epoch: desk.epoch(),
                seq: Seq(1)
            },
            vec![]
        )
    );
    assert_eq!(page.receipts.len(), 1);
    let page = desk.entries(&visitor(), Some(Epoch(1)), Span::After(Seq(1)));
    assert_eq!(
        places(&page.entries),
        [1],
        "a place of another incarnation means nothing"
    );
}

#[test]
fn rl16_only_the_visitor_begins_a_conversation() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.ask(&operator(giulia()), Request::Send(draft(1))),
        Err(Failure::NotFound)
    );
    for nothing in [
        Request::Summary,
        Request::Typing(true),
        Request::Receipt {
            delivered: Seq(1),
            read: Seq(1),
        },
    ] {
        assert_eq!(desk.ask(&visitor(), nothing), Err(Failure::NotFound));
    }
    assert_eq!(desk.disk.origin, None);
    assert!(desk.ask(&visitor(), Request::Send(draft(1))).is_ok());
    let origin = desk.disk.origin.clone().unwrap();
    assert_eq!(
        (origin.conversation, origin.shop, origin.epoch),
        (cast::conversation(), cast::shop(), Epoch(desk.now.0))
    );
}

#[test]
fn rl16_a_request_that_waits_is_asked_again_until_it_is_answered() {
    let (mut desk, shopper) = Desk::with_visitor();
    let again = |desk: &mut Desk, request: &Request| {
        let (answer, _) = desk.ask(&visitor(), request.clone()).unwrap();
        request.again(&answer)
    };
    let after = |seq| Request::Entries {
        epoch: None,
        span: Span::After(Seq(seq)),
    };
    assert!(
        again(&mut desk, &after(0)).is_some(),
        "there is nothing yet"
    );
    desk.send(shopper, draft(1));
    assert!(again(&mut desk, &after(0)).is_none());
    assert!(again(&mut desk, &after(1)).is_some());
    let newest = Request::Entries {
        epoch: None,
        span: Span::Before(Seq(1)),
    };
    assert!(
        again(&mut desk, &newest).is_none(),
        "nothing will come before it"
    );
    assert!(again(&mut desk, &Request::Typing(true)).is_none());
    // What went up does not go up again, and what travels with the client does.
    let carried = Carried {
        epoch: desk.epoch(),
        seq: Seq(1),
        read: 0,
        held: None,
    };
    let typing = ClientFrame::Typing { on: true };
    let quiet = Request::Exchange(Exchange {
        frames: vec![typing],
        carried: Some(carried),
    });
    match again(&mut desk, &quiet) {
        Some(Request::Exchange(asked)) => {
            assert_eq!((asked.frames, asked.carried), (vec![], Some(carried)));
        }
        other => panic!("it waits, not {other:?}"),
    }
    let send = Request::Exchange(Exchange {
        frames: vec![ClientFrame::Send(draft(2))],
        carried: Some(carried),
    });
    assert!(
        again(&mut desk, &send).is_none(),
        "a draft is answered at once"
    );
}
