//! One end alone, against a relay that the test plays (SPEC, CL and OB).

use protocol::{
    client::{
        Client, Effect, Input,
        link::{Beat, Credential, State},
        outbox::Progress,
    },
    close::{CloseCode, Comeback},
    cursor::{Cursor, Epoch, Seq},
    entry::{Author, Content, Entry},
    frame::{ClientFrame, Hello, History, Refusal, Refused, ServerFrame, Span, Welcome},
    id::MessageId,
    limits,
    message::Draft,
    presence::Page,
    receipt::Receipt,
    time::{Millis, Timestamp},
    version::VersionRange,
};

use crate::cast::{self, draft, giulia, marco, message, name};

const EPOCH: Epoch = Epoch(7);

/// A client, and the time.
struct End {
    client: Client,
    now: Timestamp,
}

impl End {
    fn new(credential: Credential, kept: Vec<Draft>, seed: u64) -> Self {
        Self {
            client: Client::new(cast::START, credential, kept, seed),
            now: cast::START,
        }
    }

    /// A visitor's client that has just been welcomed to an empty conversation.
    fn live() -> Self {
        let mut end = Self::visitor();
        end.tell(Input::Want);
        end.greet(0, EPOCH);
        end.history(0, &[], false);
        end
    }

    fn visitor() -> Self {
        Self::new(Credential::Token(Some("token".into())), vec![], 1)
    }

    fn tell(&mut self, input: Input) -> Vec<Effect> {
        self.client.handle(self.now, input)
    }

    fn greet(&mut self, head: u64, epoch: Epoch) -> Vec<Effect> {
        self.tell(Input::Opened);
        self.frame(ServerFrame::Welcome(welcome(head, epoch)))
    }

    fn frame(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.tell(Input::Frame(frame))
    }

    fn history(&mut self, previous: u64, places: &[u64], more: bool) -> Vec<Effect> {
        let entries = places.iter().map(|n| entry(*n)).collect();
        self.frame(ServerFrame::History(History {
            previous: Seq(previous),
            entries,
            more,
        }))
    }

    fn entry(&mut self, previous: u64, place: u64) -> Vec<Effect> {
        self.frame(ServerFrame::Entry {
            previous: Seq(previous),
            entry: entry(place),
        })
    }

    fn refuse(&mut self, n: u64, code: Refusal, retry_after_ms: Option<u64>) -> Vec<Effect> {
        self.frame(ServerFrame::Refused(Refused {
            id: Some(name(n)),
            code,
            limit: None,
            retry_after_ms,
        }))
    }

    /// The timer rings when it is due.
    fn ring(&mut self) -> Vec<Effect> {
        self.now = self.client.next_deadline().expect("a deadline");
        self.tell(Input::Timer)
    }

    fn after(&mut self, wait: Millis) -> &mut Self {
        self.now = self.now + wait;
        self
    }

    fn places(&self) -> Vec<u64> {
        self.client
            .transcript()
            .entries()
            .iter()
            .map(|entry| entry.seq.0)
            .collect()
    }

    fn wait(&self) -> Millis {
        match self.client.link() {
            State::Waiting { until, .. } => until - self.now,
            other => panic!("waits, not {other:?}"),
        }
    }

    fn ids(&self) -> Vec<MessageId> {
        self.client
            .outbox()
            .outgoing()
            .iter()
            .map(|outgoing| outgoing.draft.id)
            .collect()
    }
}

fn welcome(head: u64, epoch: Epoch) -> Welcome {
    Welcome {
        version: 1,
        epoch,
        head: Seq(head),
        you: Author::Visitor,
        status: Default::default(),
        receipts: vec![],
        presence: Default::default(),
    }
}

fn entry(place: u64) -> Entry {
    let Draft { id, content } = draft(place);
    Entry {
        seq: Seq(place),
        id,
        at: cast::START,
        author: Author::Operator(giulia()),
        content,
    }
}

fn sends(effects: &[Effect]) -> Vec<MessageId> {
    let sends = effects.iter().filter_map(|effect| match effect {
        Effect::Transmit(ClientFrame::Send(draft)) => Some(draft.id),
        _ => None,
    });
    sends.collect()
}

fn asks(effects: &[Effect]) -> Option<Span> {
    effects.iter().find_map(|effect| match effect {
        Effect::Transmit(ClientFrame::History(span)) => Some(*span),
        _ => None,
    })
}

const REPLACED: [Effect; 2] = [Effect::Disconnect(CloseCode::Stale), Effect::Connect];

#[test]
fn cl1_a_client_connects_when_wanted_and_says_hello_first() {
    let mut end = End::visitor();
    assert_eq!(
        (end.client.link(), end.client.next_deadline()),
        (State::Resting, None)
    );
    let page = Page {
        url: "https://shop.example/moka".into(),
        title: "Moka".into(),
    };
    assert_eq!(end.tell(Input::Page(page.clone())), []);
    assert_eq!(end.tell(Input::Want), [Effect::Connect]);
    assert_eq!(end.tell(Input::Want), [], "one socket is enough");
    let hello = Hello {
        version: VersionRange::OURS,
        token: Some("token".into()),
        cursor: None,
        page: Some(page),
    };
    assert_eq!(
        end.tell(Input::Opened),
        [Effect::Transmit(ClientFrame::Hello(hello))]
    );

    let mut end = End::live();
    end.entry(0, 1);
    end.tell(Input::Closed(None));
    end.ring();
    let again = end.tell(Input::Opened);
    let [Effect::Transmit(ClientFrame::Hello(hello))] = again.as_slice() else {
        panic!("{again:?}")
    };
    assert_eq!(
        hello.cursor,
        Some(Cursor {
            epoch: EPOCH,
            seq: Seq(1)
        })
    );
}

#[test]
fn cl2_waits_double_and_a_random_part_of_them_is_taken() {
    let mut shortest = [u64::MAX; 12];
    let mut longest = [0; 12];
    for seed in 0..400 {
        let mut end = End::new(Credential::Ambient, vec![], seed);
        end.tell(Input::Want);
        // The first attempt that fails is the second in a row.
        for failed in 1..12_usize {
            end.tell(Input::Closed(None));
            let wait = end.wait().0;
            (shortest[failed], longest[failed]) =
                (shortest[failed].min(wait), longest[failed].max(wait));
            assert_eq!(end.ring(), [Effect::Connect]);
        }
    }
    for failed in 1..12 {
        let span = (limits::BACKOFF_FIRST.0 << failed).min(limits::BACKOFF_MAX.0);
        assert!(
            longest[failed] <= span && longest[failed] > span * 9 / 10,
            "{failed}: {}",
            longest[failed]
        );
        assert!(
            shortest[failed] >= 1 && shortest[failed] < span / 10,
            "{failed}: {}",
            shortest[failed]
        );
    }
}

#[test]
fn cl2_a_socket_that_lasted_starts_the_waits_anew_and_one_that_did_not_goes_on() {
    for seed in 0..50 {
        let mut end = End::new(Credential::Ambient, vec![], seed);
        end.tell(Input::Want);
        end.greet(0, EPOCH);
        end.after(limits::LASTING).tell(Input::Closed(None));
        assert!(end.wait() <= limits::BACKOFF_FIRST);
    }
    let mut longest = Millis(0);
    for seed in 0..50 {
        let mut end = End::new(Credential::Ambient, vec![], seed);
        end.tell(Input::Want);
        for _ in 0..10 {
            end.greet(0, EPOCH);
            end.tell(Input::Closed(Some(CloseCode::Fault.number())));
            longest = longest.max(end.wait());
            end.ring();
        }
    }
    assert!(
        longest > Millis::seconds(20),
        "a relay that greets and fails is left alone: {longest:?}"
    );
}

#[test]
fn cl3_a_ping_without_a_pong_is_the_end_of_a_socket() {
    let mut end = End::live();
    let start = end.now;
    assert_eq!(end.ring(), [Effect::Ping]);
    assert_eq!(end.now, start + limits::PING_EVERY);
    end.after(Millis(9_999)).tell(Input::Pong);
    assert_eq!(
        end.client.link(),
        State::Live(Beat::Ping {
            at: end.now + limits::PING_EVERY
        })
    );
    end.ring();
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PONG_WITHIN)
    );
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
    assert!(matches!(end.client.link(), State::Waiting { .. }));
}

#[test]
fn cl3_whatever_is_heard_is_as_good_as_a_pong() {
    let mut end = End::live();
    end.ring();
    end.after(Millis(5_000)).frame(ServerFrame::Unknown);
    assert_eq!(
        end.client.link(),
        State::Live(Beat::Ping {
            at: end.now + limits::PING_EVERY
        })
    );
}

#[test]
fn cl4_a_send_without_an_answer_is_the_end_of_a_socket_whatever_pongs_say() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    let sent = end.now;
    end.after(Millis(7_000)).tell(Input::Pong);
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(end.now, sent + limits::CONFIRM_WITHIN);
    assert_eq!(end.ring(), [Effect::Connect]);
    assert_eq!(sends(&end.greet(0, EPOCH)), [name(1)]);
}

#[test]
fn cl4_answers_to_others_and_pages_give_a_send_its_full_time_again() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    end.tell(Input::Send(draft(2)));
    let mut pages = 0;
    end.after(Millis(7_000)).entry(0, 1);
    end.after(Millis(7_000)).entry(5, 6);
    while pages < 5 {
        pages += 1;
        assert!(
            end.client.next_deadline() > Some(end.now),
            "it is not overdue"
        );
        end.after(Millis(7_000)).history(1, &[], true);
    }
    end.ring();
    assert!(
        matches!(end.client.link(), State::Waiting { .. }),
        "but silence still ends it"
    );
}

#[test]
fn cl5_after_thirty_seconds_out_of_sight_the_socket_is_replaced() {
    let mut end = End::live();
    end.tell(Input::Hidden);
    assert_eq!(
        (end.client.link(), end.client.next_deadline()),
        (State::Live(Beat::Off), None),
        "nothing is pinged"
    );
    end.after(limits::HIDDEN_MAX);
    assert_eq!(end.tell(Input::Shown), REPLACED);
}

#[test]
fn cl5_after_less_the_socket_is_asked() {
    let mut end = End::live();
    end.tell(Input::Hidden);
    end.after(Millis(limits::HIDDEN_MAX.0 - 1));
    assert_eq!(end.tell(Input::Shown), [Effect::Ping]);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PONG_WITHIN)
    );
    assert_eq!(
        end.tell(Input::Thawed),
        REPLACED,
        "a page that was frozen replaces it in any case"
    );
}

#[test]
fn cl6_a_clock_that_jumps_replaces_the_socket() {
    let mut end = End::live();
    end.now = end.client.next_deadline().unwrap() + limits::CLOCK_JUMP + Millis(1);
    assert_eq!(end.tell(Input::Timer), REPLACED, "the device slept");

    let mut end = End::live();
    end.now = Timestamp(end.now.0 - limits::CLOCK_JUMP.0 - 1);
    assert_eq!(
        end.tell(Input::Typing(false)),
        REPLACED,
        "the clock was set back"
    );
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::CONNECT_WITHIN),
        "no deadline is far away"
    );

    let mut end = End::live();
    end.now = end.client.next_deadline().unwrap() + limits::CLOCK_JUMP;
    assert_eq!(
        end.tell(Input::Timer),
        [Effect::Ping],
        "a timer may be late"
    );
}

#[test]
fn cl7_a_socket_opens_and_is_welcomed_in_time() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    let start = end.now;
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(end.now, start + limits::CONNECT_WITHIN);
    end.ring();
    end.tell(Input::Opened);
    let start = end.now;
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(end.now, start + limits::WELCOME_WITHIN);
}

#[test]
fn cl8_what_is_waited_for_is_tried_at_once_when_the_network_or_the_page_is_back() {
    for back in [Input::Online, Input::Shown, Input::Thawed] {
        let mut end = End::live();
        end.tell(Input::Closed(None));
        assert_eq!(end.tell(back), [Effect::Connect]);
    }
    let mut end = End::live();
    assert_eq!(
        end.tell(Input::Online),
        [Effect::Ping],
        "a live socket may be dead without a word"
    );
}

#[test]
fn cl9_the_range_of_a_close_code_says_whether_to_come_back() {
    for (code, comeback) in [
        (1000, Comeback::Later),
        (1006, Comeback::Later),
        (4000, Comeback::Later),
        (4099, Comeback::Later),
    ]
    .into_iter()
    .chain([(4100, Comeback::WithToken), (4199, Comeback::WithToken)])
    .chain([
        (4200, Comeback::Never),
        (4299, Comeback::Never),
        (4300, Comeback::Later),
    ]) {
        assert_eq!(Comeback::of(code), comeback, "{code}");
        let mut end = End::live();
        let effects = end.tell(Input::Closed(Some(code)));
        match comeback {
            Comeback::Later => {
                assert!(effects.is_empty() && matches!(end.client.link(), State::Waiting { .. }))
            }
            Comeback::WithToken => assert_eq!(effects, [Effect::Renew]),
            Comeback::Never => {
                assert_eq!(
                    (effects, end.client.link()),
                    (vec![], State::Ended { code })
                );
                for input in [
                    Input::Want,
                    Input::Online,
                    Input::Thawed,
                    Input::Rest,
                    Input::Want,
                    Input::Timer,
                ] {
                    assert_eq!(end.tell(input), [], "it is the end");
                }
                end.tell(Input::Send(draft(1)));
                assert_eq!(end.ids(), [name(1)], "what is written stays");
            }
        }
    }
}

#[test]
fn cl10_a_token_that_ended_is_renewed_at_once_and_one_refused_when_new_waits() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    // Attempts that failed for other reasons do not count.
    for _ in 0..5 {
        end.tell(Input::Closed(None));
        end.ring();
    }
    end.tell(Input::Opened);
    assert_eq!(end.tell(Input::Closed(Some(4100))), [Effect::Renew]);
    assert_eq!(end.tell(Input::Token(Ok("new".into()))), [Effect::Connect]);
    let hello = end.tell(Input::Opened);
    assert!(
        matches!(&hello[..], [Effect::Transmit(ClientFrame::Hello(hello))] if hello.token.as_deref() == Some("new"))
    );
    assert_eq!(end.tell(Input::Closed(Some(4100))), []);
    assert!(end.wait() > Millis(0));
    assert_eq!(end.ring(), [Effect::Renew]);
}

#[test]
fn cl10_a_token_that_does_not_come_is_asked_for_again() {
    let mut end = End::new(Credential::Token(None), vec![], 1);
    assert_eq!(end.tell(Input::Want), [Effect::Renew]);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::RENEW_WITHIN)
    );
    assert_eq!(end.ring(), []);
    assert_eq!(end.ring(), [Effect::Renew]);
    assert_eq!(end.tell(Input::Token(Err(Comeback::Later))), []);
    assert_eq!(end.ring(), [Effect::Renew]);
    assert_eq!(end.tell(Input::Token(Err(Comeback::Never))), []);
    assert!(
        matches!(end.client.link(), State::Ended { .. }),
        "this shop wants nobody"
    );
}

#[test]
fn cl10_an_operators_session_is_not_renewed_here() {
    let mut end = End::new(Credential::Ambient, vec![], 1);
    end.tell(Input::Want);
    let hello = end.tell(Input::Opened);
    assert!(
        matches!(&hello[..], [Effect::Transmit(ClientFrame::Hello(hello))] if hello.token.is_none())
    );
    assert_eq!(end.tell(Input::Closed(Some(4100))), []);
    assert_eq!(end.client.link(), State::Ended { code: 4100 });
}

#[test]
fn cl11_a_client_that_rests_leaves_and_keeps_its_outbox() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    assert_eq!(
        end.tell(Input::Rest),
        [Effect::Disconnect(CloseCode::Leaving)]
    );
    assert_eq!(
        (end.client.link(), end.ids()),
        (State::Resting, vec![name(1)])
    );
    assert_eq!(end.client.next_deadline(), None);
    assert_eq!(end.tell(Input::Want), [Effect::Connect]);
    assert_eq!(sends(&end.greet(0, EPOCH)), [name(1)]);
}

#[test]
fn cl12_the_next_entry_is_added_a_known_one_dropped_and_a_hole_fetched() {
    let mut end = End::live();
    end.entry(0, 1);
    // 2 and 3 are hidden from this reader.
    end.entry(1, 4);
    end.entry(1, 4);
    assert_eq!(end.places(), [1, 4]);
    assert_eq!(asks(&end.entry(6, 7)), Some(Span::After(Seq(4))));
    assert_eq!(end.places(), [1, 4], "a hole is never shown");
    assert_eq!(asks(&end.entry(7, 8)), None, "one page at a time");
    assert_eq!(
        asks(&end.history(4, &[5, 6, 7], false)),
        Some(Span::After(Seq(7)))
    );
    end.history(7, &[8], false);
    assert_eq!(end.places(), [1, 4, 5, 6, 7, 8]);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PING_EVERY)
    );
}

#[test]
fn cl12_a_page_that_does_not_come_is_the_end_of_a_socket() {
    let mut end = End::live();
    end.entry(1, 2);
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::CONFIRM_WITHIN)
    );
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
}

#[test]
fn cl13_what_was_missed_is_read_page_by_page() {
    let mut end = End::live();
    end.entry(0, 1);
    end.tell(Input::Closed(None));
    end.ring();
    end.greet(9, EPOCH);
    assert_eq!(
        asks(&end.history(1, &[2, 3, 4], true)),
        Some(Span::After(Seq(4)))
    );
    assert_eq!(
        end.entry(8, 9),
        [],
        "what is told meanwhile waits for its turn"
    );
    assert_eq!(
        asks(&end.history(4, &[5, 6, 7], true)),
        Some(Span::After(Seq(7)))
    );
    end.history(7, &[8, 9], false);
    assert_eq!(end.places(), (1..=9).collect::<Vec<_>>());
}

#[test]
fn cl14_older_pages_are_fetched_when_looked_for() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.greet(9, EPOCH);
    assert_eq!(end.history(6, &[7, 8, 9], true), []);
    assert!(end.client.transcript().has_older());
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(7))));
    assert!(end.client.is_fetching_older());
    assert_eq!(end.tell(Input::Older), [], "one page at a time");
    end.history(3, &[4, 5, 6], true);
    end.tell(Input::Older);
    end.history(0, &[1, 2, 3], false);
    assert_eq!(end.places(), (1..=9).collect::<Vec<_>>());
    assert_eq!(
        (end.client.transcript().has_older(), end.tell(Input::Older)),
        (false, vec![])
    );
}

#[test]
fn cl14_an_older_page_leaves_no_hole_when_the_window_moved_meanwhile() {
    let full = limits::WINDOW_MAX as u64;
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.greet(full + 10, EPOCH);
    end.history(10, &(11..=full + 10).collect::<Vec<_>>(), true);
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(11))));
    end.entry(full + 10, full + 11);
    assert_eq!(end.places().first(), Some(&12), "the window is full");
    end.history(0, &(1..=10).collect::<Vec<_>>(), false);
    assert_eq!(end.places().first(), Some(&12), "10 is not right before 12");
    assert_eq!(asks(&end.tell(Input::Older)), Some(Span::Before(Seq(12))));
}

#[test]
fn cl15_another_epoch_means_starting_over_with_the_outbox() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    end.tell(Input::Seen(Seq(2)));
    end.tell(Input::Send(draft(9)));
    end.tell(Input::Closed(None));
    end.ring();
    assert_eq!(sends(&end.greet(1, Epoch(8))), [name(9)]);
    assert_eq!((end.places(), end.client.seen()), (vec![], Seq::START));
    end.history(0, &[1], false);
    assert_eq!(end.places(), [1]);
}

#[test]
fn cl15_a_relay_that_has_less_than_was_read_means_the_same() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    end.tell(Input::Closed(None));
    end.ring();
    end.greet(1, EPOCH);
    end.history(0, &[1], false);
    let other = Entry {
        seq: Seq(2),
        ..entry(7)
    };
    end.frame(ServerFrame::Entry {
        previous: Seq(1),
        entry: other.clone(),
    });
    let last = end.client.transcript().entries().back();
    assert_eq!(last, Some(&other), "it is not taken for the lost one");
}

#[test]
fn cl16_what_was_seen_only_grows_and_is_told_once() {
    let mut end = End::live();
    end.entry(0, 1);
    end.entry(1, 2);
    assert_eq!(end.client.unread(), 2);
    let told = Effect::Transmit(ClientFrame::Receipt {
        delivered: Seq(2),
        read: Seq(2),
    });
    assert_eq!(
        end.tell(Input::Seen(Seq(50))),
        std::slice::from_ref(&told),
        "never past what is here"
    );
    assert_eq!(end.tell(Input::Seen(Seq(1))), []);
    assert_eq!((end.client.seen(), end.client.unread()), (Seq(2), 0));
    end.tell(Input::Closed(None));
    end.ring();
    assert!(
        end.greet(2, EPOCH).contains(&told),
        "a relay that does not know is told again"
    );
    let receipt = |read| Receipt {
        reader: Author::Operator(giulia()),
        delivered: Seq(2),
        read: Seq(read),
    };
    end.frame(ServerFrame::Receipt(receipt(2)));
    end.frame(ServerFrame::Receipt(receipt(1)));
    assert_eq!(end.client.read_by_others(), Seq(2));
}

#[test]
fn cl16_what_this_participant_saw_elsewhere_is_seen() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.tell(Input::Opened);
    let receipts = vec![Receipt {
        reader: Author::Visitor,
        delivered: Seq(3),
        read: Seq(2),
    }];
    end.frame(ServerFrame::Welcome(Welcome {
        receipts,
        ..welcome(3, EPOCH)
    }));
    end.history(0, &[1, 2, 3], false);
    assert_eq!((end.client.seen(), end.client.unread()), (Seq(2), 1));
}

#[test]
fn cl17_typing_is_said_seldom_and_shown_for_a_while() {
    let mut end = End::live();
    let says = |on| [Effect::Transmit(ClientFrame::Typing { on })];
    assert_eq!(end.tell(Input::Typing(true)), says(true));
    end.after(Millis(limits::TYPING_EVERY.0 - 1));
    assert_eq!(end.tell(Input::Typing(true)), []);
    end.after(Millis(1));
    assert_eq!(end.tell(Input::Typing(true)), says(true));
    assert_eq!(end.tell(Input::Typing(false)), says(false));
    assert_eq!(end.tell(Input::Typing(false)), []);

    let types = |author, on| ServerFrame::Typing { author, on };
    end.frame(types(Author::Visitor, true));
    assert_eq!(
        end.client.typing().count(),
        0,
        "it is the visitor's other device"
    );
    end.frame(types(Author::Operator(giulia()), true));
    end.frame(types(Author::Operator(marco()), true));
    assert_eq!(end.client.typing().count(), 2);
    end.entry(0, 1);
    assert_eq!(
        end.client.typing().collect::<Vec<_>>(),
        [&Author::Operator(marco())],
        "words end typing"
    );
    let heard = end.now;
    end.ring();
    assert_eq!(
        (end.now, end.client.typing().count()),
        (heard + limits::TYPING_SHOWN, 0)
    );
}

#[test]
fn cl18_the_page_is_told_when_it_changes() {
    let page = |n: u32| Page {
        url: format!("https://shop.example/{n}"),
        title: String::new(),
    };
    let tells = |n| [Effect::Transmit(ClientFrame::Page(page(n)))];
    let mut end = End::live();
    assert_eq!(end.tell(Input::Page(page(1))), tells(1));
    assert_eq!(end.tell(Input::Page(page(1))), []);
    end.tell(Input::Closed(None));
    end.ring();
    end.tell(Input::Opened);
    assert_eq!(
        end.tell(Input::Page(page(2))),
        [],
        "the hello is on its way with the other page"
    );
    assert_eq!(end.frame(ServerFrame::Welcome(welcome(0, EPOCH))), tells(2));
}

#[test]
fn cl19_before_the_welcome_nothing_counts() {
    let mut end = End::visitor();
    end.tell(Input::Want);
    end.tell(Input::Send(draft(1)));
    end.frame(ServerFrame::Welcome(welcome(1, EPOCH)));
    assert!(
        matches!(end.client.link(), State::Connecting { .. }),
        "no hello was sent"
    );
    end.tell(Input::Opened);
    assert_eq!(end.entry(0, 1), []);
    assert_eq!((end.places(), end.ids()), (vec![], vec![name(1)]));
}

#[test]
fn ob1_a_draft_is_kept_before_it_is_sent() {
    let mut end = End::live();
    let effects = end.tell(Input::Send(draft(1)));
    assert_eq!(
        effects,
        [
            Effect::Keep(draft(1)),
            Effect::Transmit(ClientFrame::Send(draft(1)))
        ]
    );
    let mut end = End::visitor();
    assert_eq!(
        end.tell(Input::Send(draft(1))),
        [Effect::Keep(draft(1)), Effect::Connect]
    );
}

#[test]
fn ob2_drafts_leave_in_the_order_they_were_written() {
    let mut end = End::visitor();
    for n in [5, 1, 3] {
        end.tell(Input::Send(draft(n)));
    }
    assert_eq!(sends(&end.greet(0, EPOCH)), [name(5), name(1), name(3)]);
}

#[test]
fn ob2_names_keep_the_order_for_a_device_that_keeps_none() {
    let mut end = End::visitor();
    let mut ids = vec![];
    // The clock stands still, then is set back; chance gives ever smaller numbers.
    for (n, back) in (0..6_u8).zip([0, 0, 0, 90_000, 90_000, 90_000]) {
        let id = end
            .client
            .outbox()
            .mint(Timestamp(cast::START.0 - back), [250 - n; 10]);
        ids.push(id);
        end.tell(Input::Send(Draft {
            id,
            content: message("words"),
        }));
    }
    let kept = ids
        .iter()
        .rev()
        .map(|id| Draft {
            id: *id,
            content: message("words"),
        })
        .collect();
    assert_eq!(End::new(Credential::Ambient, kept, 1).ids(), ids);
}

#[test]
fn ob3_a_draft_is_forgotten_when_its_entry_is_told_and_not_before() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    end.tell(Input::Send(draft(2)));
    assert_eq!(end.entry(0, 1), [Effect::Forget(name(1))]);
    assert_eq!(
        end.history(1, &[2], false),
        [Effect::Forget(name(2))],
        "a page tells too"
    );
    assert_eq!(end.ids(), []);

    let mut end = End::live();
    end.tell(Input::Send(draft(3)));
    let effects = end.entry(2, 3);
    assert!(
        !effects.contains(&Effect::Forget(name(3))),
        "it would be shown nowhere while the hole lasts"
    );
    assert_eq!(end.history(0, &[1, 2, 3], false), [Effect::Forget(name(3))]);
}

#[test]
fn ob4_a_refusal_that_passes_pauses_the_whole_outbox() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(1, Refusal::RateLimited, Some(5_000));
    end.refuse(2, Refusal::Held, None);
    end.refuse(3, Refusal::Held, None);
    assert_eq!(sends(&end.tell(Input::Send(draft(4)))), []);
    let paused = end.now;
    assert_eq!(sends(&end.ring()), [name(1), name(2), name(3), name(4)]);
    assert_eq!(end.now, paused + Millis(5_000));
    end.refuse(1, Refusal::Unavailable, None);
    end.ring();
    assert_eq!(end.now, paused + Millis(5_000) + limits::RETRY_AFTER);
}

#[test]
fn ob5_a_refusal_for_good_is_its_authors_to_decide() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(1, Refusal::Conflict, None);
    end.refuse(2, Refusal::Unknown, None);
    end.entry(0, 3);
    let refused = |code| Progress::Refused { code, limit: None };
    let progress: Vec<_> = end
        .client
        .outbox()
        .outgoing()
        .iter()
        .map(|outgoing| outgoing.progress.clone())
        .collect();
    assert_eq!(
        progress,
        [refused(Refusal::Conflict), refused(Refusal::Unknown)],
        "the others go on"
    );
    assert_eq!(
        end.client.next_deadline(),
        Some(end.now + limits::PING_EVERY),
        "it is not sent again by itself"
    );
    let again = Draft {
        id: name(8),
        content: draft(1).content,
    };
    let retried = [
        Effect::Keep(again.clone()),
        Effect::Forget(name(1)),
        Effect::Transmit(ClientFrame::Send(again)),
    ];
    assert_eq!(end.tell(Input::Retry(name(1), name(8))), retried);
    assert_eq!(end.tell(Input::Discard(name(2))), [Effect::Forget(name(2))]);
    assert_eq!(
        end.tell(Input::Discard(name(8))),
        [],
        "what is on its way cannot be taken back"
    );
}

#[test]
fn ob6_words_that_no_relay_takes_are_refused_at_home() {
    let mut end = End::live();
    for (n, text, code) in [
        (1, " \n".to_owned(), Refusal::Empty),
        (2, "x".repeat(limits::TEXT_MAX + 1), Refusal::TooLong),
    ] {
        let effects = end.tell(Input::Send(Draft {
            id: name(n),
            content: Content::Message { text },
        }));
        assert_eq!(sends(&effects), []);
        let progress = &end.client.outbox().outgoing().last().unwrap().progress;
        assert!(matches!(progress, Progress::Refused { code: refused, .. } if *refused == code));
    }
}

#[test]
fn ob7_what_was_sent_on_a_socket_that_is_gone_is_sent_again() {
    let mut end = End::live();
    for n in 1..=3 {
        end.tell(Input::Send(draft(n)));
    }
    end.refuse(2, Refusal::RateLimited, Some(600_000));
    end.tell(Input::Closed(None));
    assert_eq!(end.client.outbox().overdue_at(), None);
    end.ring();
    assert_eq!(
        sends(&end.greet(0, EPOCH)),
        [name(1), name(2), name(3)],
        "nor does the pause bind the next socket"
    );
}

#[test]
fn ob8_a_draft_is_there_once() {
    let kept = vec![draft(2), draft(1), draft(2)];
    let mut end = End::new(Credential::Ambient, kept, 1);
    end.tell(Input::Send(draft(1)));
    assert_eq!(end.ids(), [name(1), name(2)]);
}
