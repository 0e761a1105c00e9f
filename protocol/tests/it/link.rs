//! The socket of one end: when it is opened, held to be dead and opened again (SPEC, CL 1 to 11).

use protocol::{
    backoff::Dice,
    client::{
        Effect, Input,
        link::{Beat, Credential, State, Way},
    },
    close::{CloseCode, Comeback},
    cursor::{Cursor, Seq},
    frame::{ClientFrame, Hello, ServerFrame},
    limits,
    presence::Page,
    time::{Millis, Timestamp},
    version::VersionRange,
};

use crate::{
    cast::{draft, name},
    end::{EPOCH, End, REPLACED, sends},
};

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
        facts: vec![],
    };
    assert_eq!(end.tell(Input::Page(page.clone())), []);
    assert_eq!(end.tell(Input::Want), [Effect::Connect(Way::Socket)]);
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
fn cl2_the_dice_are_those_of_splitmix64() {
    let mut dice = Dice::new(0);
    // Its reference's first numbers for this seed.
    let first = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4];
    assert_eq!([dice.roll(), dice.roll()], first);
}

#[test]
fn cl2_waits_double_and_a_random_part_of_them_is_taken() {
    const EARLY: usize = limits::BACKOFF_SOON_TRIES as usize;
    const ATTEMPTS: usize = EARLY + 4;
    let mut shortest = [u64::MAX; ATTEMPTS];
    let mut longest = [0; ATTEMPTS];
    for seed in 0..400 {
        let mut end = End::new(Credential::Ambient, vec![], seed);
        end.tell(Input::Want);
        // The first attempt that fails is the second in a row.
        for failed in 1..ATTEMPTS {
            end.tell(Input::Closed(None));
            let wait = end.wait().0;
            (shortest[failed], longest[failed]) =
                (shortest[failed].min(wait), longest[failed].max(wait));
            assert!(matches!(end.ring()[..], [Effect::Connect(_)]));
        }
    }
    for failed in 1..ATTEMPTS {
        let most = if failed < EARLY {
            limits::BACKOFF_SOON
        } else {
            limits::BACKOFF_MAX
        };
        let span = (limits::BACKOFF_FIRST.0 << failed).min(most.0);
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
        for _ in 0..limits::BACKOFF_SOON_TRIES + 4 {
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
fn cl3_who_hears_all_the_time_pings_all_the_same() {
    let mut end = End::live();
    let mut spoke = end.now;
    for _ in 0..20 {
        // Now and then something comes in before the silence is long enough for a ping.
        while end.client.next_deadline() > Some(end.now + Millis(10_000)) {
            end.after(Millis(10_000)).frame(ServerFrame::Unknown);
        }
        assert_eq!(end.ring(), [Effect::Ping]);
        assert_eq!(end.now, spoke + limits::SPEAK_EVERY);
        spoke = end.now;
        end.tell(Input::Pong);
    }
}

#[test]
fn cl4_a_send_without_an_answer_is_the_end_of_a_socket_whatever_pongs_say() {
    let mut end = End::live();
    end.tell(Input::Send(draft(1)));
    let sent = end.now;
    end.after(Millis(7_000)).tell(Input::Pong);
    assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
    assert_eq!(end.now, sent + limits::CONFIRM_WITHIN);
    assert_eq!(end.ring(), [Effect::Connect(Way::Socket)]);
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
    while pages < 3 {
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

    let mut end = End::live();
    end.now = Timestamp(end.now.0 - limits::CLOCK_JUMP.0);
    assert_eq!(end.tell(Input::Typing(false)), [], "a clock may be set");
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
fn cl7_a_relay_that_was_there_before_is_given_more_time() {
    let mut end = End::live();
    end.tell(Input::Closed(None));
    // More time is for the socket of a busy relay: an exchange has what it always had.
    for (attempt, way, times) in [
        (1, Way::Socket, 2),
        (2, Way::Socket, 4),
        (3, Way::Exchange, 1),
        (4, Way::Socket, 4),
    ] {
        assert_eq!(end.ring(), [Effect::Connect(way)], "attempt {attempt}");
        let span = Millis(limits::CONNECT_WITHIN.0 * times);
        let deadline = end.client.next_deadline();
        assert_eq!(deadline, Some(end.now + span), "attempt {attempt}");
        end.ring();
    }
    end.ring();
    end.ring();
    end.ring();
    assert_eq!(end.tell(Input::Opened).len(), 1);
    let span = Millis(limits::WELCOME_WITHIN.0 * 4);
    assert_eq!(end.client.next_deadline(), Some(end.now + span));
    end.tell(Input::Online);
    let deadline = end.client.next_deadline();
    assert_eq!(deadline, Some(end.now + limits::WELCOME_WITHIN));
    end.after(Millis(1)).tell(Input::Shown);
    let later = end.client.next_deadline();
    assert_eq!(later, deadline, "it was short enough already");
}

#[test]
fn cl7_another_network_may_let_no_socket_through() {
    let mut end = End::live();
    end.tell(Input::Closed(None));
    assert_eq!(end.tell(Input::Online), [Effect::Connect(Way::Socket)]);
    gives_up_as_soon_as_at_first(&mut end);

    let mut end = End::live();
    assert_eq!(end.tell(Input::Thawed), REPLACED, "time was lost");
    gives_up_as_soon_as_at_first(&mut end);

    let mut end = End::live();
    end.tell(Input::Closed(None));
    while end.ring() != [Effect::Connect(Way::Exchange)] {}
    end.greet(0, EPOCH);
    end.tell(Input::Closed(None));
    end.ring();
    gives_up_as_soon_as_at_first(&mut end);

    let mut end = End::visitor();
    end.tell(Input::Want);
    gives_up_as_soon_as_at_first(&mut end);
}

fn gives_up_as_soon_as_at_first(end: &mut End) {
    for attempt in 0..5 {
        let start = end.now;
        assert_eq!(end.ring(), [Effect::Disconnect(CloseCode::Stale)]);
        assert_eq!(end.now, start + limits::CONNECT_WITHIN, "attempt {attempt}");
        end.ring();
    }
}

#[test]
fn cl8_what_is_waited_for_is_tried_at_once_when_the_network_or_the_page_is_back() {
    for back in [Input::Online, Input::Shown, Input::Thawed] {
        let mut end = End::live();
        end.tell(Input::Closed(None));
        assert_eq!(end.tell(back), [Effect::Connect(Way::Socket)]);
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
    assert_eq!(
        end.tell(Input::Token(Ok("new".into()))),
        [Effect::Connect(Way::Socket)]
    );
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
    // One that comes late is good all the same.
    let mut end = End::new(Credential::Token(None), vec![], 1);
    end.tell(Input::Want);
    assert_eq!(end.ring(), []);
    let late = end.tell(Input::Token(Ok("late".into())));
    assert_eq!(late, [Effect::Connect(Way::Socket)]);
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
    assert_eq!(end.tell(Input::Want), [Effect::Connect(Way::Socket)]);
    assert_eq!(sends(&end.greet(0, EPOCH)), [name(1)]);
}

/// Lets the next attempt fail, and says how it went.
fn fails(end: &mut End) -> Way {
    let effects = match end.client.link() {
        State::Resting => end.tell(Input::Want),
        _ => end.ring(),
    };
    let [Effect::Connect(way)] = effects[..] else {
        panic!("an attempt, not {effects:?}")
    };
    end.tell(Input::Closed(None));
    way
}

#[test]
fn cl20_where_sockets_fail_frames_are_exchanged_over_https() {
    use Way::{Exchange, Socket};
    let mut end = End::visitor();
    let ways: Vec<Way> = (0..8).map(|_| fails(&mut end)).collect();
    assert_eq!(
        ways,
        [
            Socket, Exchange, Socket, Exchange, Socket, Exchange, Socket, Exchange
        ],
        "whether anything works is not known"
    );
    // Who had a socket does not take one bad moment for a network that has none.
    let mut live = End::live();
    live.now = live.now + limits::LASTING;
    live.tell(Input::Closed(None));
    let ways: Vec<Way> = (0..4).map(|_| fails(&mut live)).collect();
    assert_eq!(ways, [Socket, Socket, Socket, Exchange]);
    // An exchange is welcomed, and lives as a socket does.
    while end.ring() != [Effect::Connect(Exchange)] {
        end.tell(Input::Closed(None));
    }
    end.greet(0, EPOCH);
    end.history(0, &[], false);
    let welcomed = end.now;
    assert_eq!(sends(&end.tell(Input::Send(draft(1)))), [name(1)]);
    end.entry(0, 1);
    loop {
        let effects = end.ring();
        if effects == [Effect::Ping] {
            end.tell(Input::Pong);
            continue;
        }
        assert_eq!(effects, REPLACED);
        break;
    }
    assert_eq!(
        end.now,
        welcomed + limits::EXCHANGE_FOR,
        "a socket is tried"
    );
    // Sockets are known to be blocked: one more is enough to know that they still are.
    end.tell(Input::Closed(None));
    assert_eq!(fails(&mut end), Exchange);
    assert_eq!(fails(&mut end), Socket);
    // One that lasts shows that they are not.
    assert_eq!(end.ring(), [Effect::Connect(Exchange)]);
    end.tell(Input::Closed(None));
    assert_eq!(end.ring(), [Effect::Connect(Socket)]);
    end.greet(1, EPOCH);
    end.now = end.now + limits::LASTING;
    end.tell(Input::Closed(None));
    let ways: Vec<Way> = (0..3).map(|_| fails(&mut end)).collect();
    assert_eq!(ways, [Socket, Socket, Socket]);
}

#[test]
fn cl20_a_socket_that_is_always_dropped_soon_is_as_good_as_none() {
    let mut end = End::visitor();
    let mut ways = vec![];
    end.tell(Input::Want);
    for _ in 0..3 {
        end.greet(0, EPOCH);
        end.now = end.now + Millis::seconds(5);
        end.tell(Input::Closed(None));
        ways.push(end.ring());
    }
    let socket = vec![Effect::Connect(Way::Socket)];
    let exchange = vec![Effect::Connect(Way::Exchange)];
    assert_eq!(ways, [socket.clone(), socket, exchange]);
}

#[test]
fn cl21_a_page_that_goes_away_sends_what_is_left_once_more() {
    let mut end = End::live();
    assert_eq!(end.tell(Input::Leaving), [], "nothing is left");
    end.entry(0, 1);
    end.tell(Input::Send(draft(10)));
    end.tell(Input::Closed(None));
    end.tell(Input::Send(draft(11)));
    let effects = end.tell(Input::Leaving);
    let [
        Effect::Farewell,
        Effect::Transmit(ClientFrame::Hello(hello)),
        drafts @ ..,
    ] = &effects[..]
    else {
        panic!("a farewell with a hello first, not {effects:?}")
    };
    assert_eq!(hello.token.as_deref(), Some("token"));
    assert_eq!(sends(drafts), [name(10), name(11)]);
    assert_eq!(
        end.ids(),
        [name(10), name(11)],
        "they stay until they are told"
    );
    // An operator's cookie does not travel by itself, and without a token nobody knows who it was.
    let mut end = End::new(Credential::Ambient, vec![draft(1)], 1);
    assert_eq!(end.tell(Input::Leaving), []);
}
