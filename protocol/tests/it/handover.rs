//! Handing a conversation over to another device (SPEC, HD).

use protocol::{
    limits,
    relay::handover::{Code, ends_at, is_good, tries},
    time::Timestamp,
};

#[test]
fn hd1_a_code_is_read_however_it_is_typed() {
    let code = Code::of([0, 1, 9, 10, 17, 18, 31, 32, 200, 255]);
    assert_eq!(code.signs(), "019AHJZ08Z");
    for typed in [
        "019AHJZ08Z",
        "019ah-jz08z",
        " o1 9a h j\u{a0}z o8 z ",
        "OL9AHJZ08Z",
        "0i9ahjz08z",
    ] {
        assert_eq!(Code::read(typed), Some(code.clone()), "{typed}");
    }
    let long = "0".repeat(10_000);
    for typed in [
        "",
        "019AHJZ08",
        "019AHJZ08Z0",
        "019AHJZ08U",
        "019AHJZ08é",
        "019AHJZ08 ",
        &long,
    ] {
        assert_eq!(Code::read(typed), None, "{typed}");
    }
}

#[test]
fn hd2_a_code_is_good_for_a_while() {
    let now = Timestamp(1_760_000_000_000);
    let ends = ends_at(now);
    assert_eq!(ends - now, limits::HANDOVER_LIFE);
    assert!(is_good(ends, now) && is_good(ends, Timestamp(ends.0 - 1)));
    assert!(!is_good(ends, ends));
    assert!(
        !is_good(ends, Timestamp(now.0 - 1)),
        "the clock was set back"
    );
}

#[test]
fn hd3_who_guesses_waits() {
    let now = Timestamp(1_760_000_000_000);
    let mut tries = tries();
    for _ in 0..limits::TAKEOVER_PLACE_BURST {
        assert_eq!(tries.admit(now, Some("one")), Ok(()));
    }
    assert_eq!(
        tries.admit(now, Some("one")),
        Err(limits::TAKEOVER_PLACE_EVERY)
    );
    // Another is not held up by them, until together they are too many.
    assert_eq!(tries.admit(now, Some("two")), Ok(()));
    for _ in limits::TAKEOVER_PLACE_BURST + 1..limits::TAKEOVER_BURST {
        assert_eq!(tries.admit(now, None), Ok(()));
    }
    assert_eq!(tries.admit(now, Some("two")), Err(limits::TAKEOVER_EVERY));
    let later = now + limits::TAKEOVER_EVERY;
    assert_eq!(tries.admit(later, Some("two")), Ok(()));
    // In the life of a code so few are tried that none is found: less than one chance in 10⁹, with a thousand codes about.
    let tried = limits::TAKEOVER_BURST + limits::HANDOVER_LIFE.0 / limits::TAKEOVER_EVERY.0;
    let codes = 32_f64.powi(limits::HANDOVER_SIGNS as i32);
    assert!(1_000.0 * tried as f64 / codes < 1e-9, "{tried}");
}
