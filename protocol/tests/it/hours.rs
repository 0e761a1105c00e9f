//! When a shop opens next (SPEC, HO).

use protocol::{
    api::Shop,
    hours::{Exception, Hours, Opening, Stretch},
    limits,
    time::Timestamp,
};

const MINUTE: u64 = 60 * 1_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Friday, 27 November 2026, at midnight in Greenwich.
const FRIDAY: u64 = 1_795_737_600_000;

/// Sunday, 25 October 2026, when clocks in Rome are put back from 3 to 2, at 1 in Greenwich.
const BACK: u64 = 1_792_890_000_000;

/// Sunday, 28 March 2027, when they are put forward from 2 to 3.
const FORWARD: u64 = 1_806_195_600_000;

/// How far Rome is ahead.
fn rome(at: Timestamp) -> i64 {
    let summer = at.0 < BACK || at.0 >= FORWARD;
    (HOUR * if summer { 2 } else { 1 }) as i64
}

fn opening(day: u8, from: &str, to: &str) -> Opening {
    Opening {
        day,
        from: from.into(),
        to: to.into(),
    }
}

fn exception(from: &str, to: &str, open: &[(&str, &str)]) -> Exception {
    let stretch = |(from, to): &(&str, &str)| Stretch {
        from: (*from).into(),
        to: (*to).into(),
    };
    Exception {
        from: from.into(),
        to: to.into(),
        open: open.iter().map(stretch).collect(),
    }
}

fn hours(open: Vec<Opening>, exceptions: Vec<Exception>) -> Hours {
    Hours {
        time_zone: "Europe/Rome".into(),
        open,
        exceptions,
    }
}

/// Monday to Friday, 9 to 13 and 15 to 19, told afternoons first.
fn week() -> Vec<Opening> {
    let day = |day| {
        [
            opening(day, "15:00", "19:00"),
            opening(day, "09:00", "13:00"),
        ]
    };
    (1..=5).flat_map(day).collect()
}

/// What is told at this time of Rome's clock on a day of that week, 5 being the Friday: the opening, in minutes after the
/// midnight (in Rome) that Friday began with.
fn next(hours: &Hours, day: u64, hour: u64, minute: u64) -> Option<(u64, u64, u64)> {
    let midnight = FRIDAY - HOUR;
    let now = midnight + (day - 5) * DAY + hour * HOUR + minute * MINUTE;
    let at = hours.opens_at(Timestamp(now), rome)?;
    let after = at.0 - midnight;
    Some((after / DAY + 5, after % DAY / HOUR, after % HOUR / MINUTE))
}

#[test]
fn oh1_a_day_has_its_weekdays_stretches_or_those_of_an_exception() {
    let shop = hours(week(), vec![]);
    assert_eq!(next(&shop, 5, 8, 30), Some((5, 9, 0)));
    assert_eq!(next(&shop, 5, 13, 0), Some((5, 15, 0)));
    assert_eq!(next(&shop, 5, 20, 0), Some((8, 9, 0)), "on Monday");
    let shop = hours(
        week(),
        vec![
            exception("2026-11-28", "2026-11-28", &[("10:30", "12:00")]),
            exception("2026-11-28", "2026-11-30", &[]),
        ],
    );
    assert_eq!(next(&shop, 5, 20, 0), Some((6, 10, 30)), "the first counts");
    assert_eq!(
        next(&shop, 6, 12, 0),
        Some((9, 9, 0)),
        "Monday is a holiday"
    );
    let kept = r##"{"id":"aroma","name":"Aroma","color":"#7a3b1d","hours":{"time_zone":"Europe/Rome",
        "open":[{"day":1,"from":"09:00","to":"13:00"}]},"origins":[]}"##;
    let kept: Shop = serde_json::from_str(kept).unwrap();
    assert_eq!(kept.front.hours.unwrap().exceptions, []);
}

#[test]
fn oh2_while_it_is_open_there_is_no_next_opening() {
    let shop = hours(week(), vec![]);
    for (hour, minute) in [(9, 0), (12, 59), (15, 0), (18, 59)] {
        assert_eq!(next(&shop, 5, hour, minute), None, "{hour}:{minute:02}");
    }
    assert_eq!(next(&shop, 5, 19, 0), Some((8, 9, 0)), "the end is over");
    let never = hours(vec![], vec![]);
    assert_eq!(next(&never, 5, 8, 0), None);
    let season = |until| hours(week(), vec![exception("2026-11-01", until, &[])]);
    assert_eq!(limits::HOURS_AHEAD, 60);
    assert_eq!(next(&season("2027-01-25"), 5, 8, 0), Some((65, 9, 0)));
    assert_eq!(next(&season("2027-01-26"), 5, 8, 0), None, "too far");
    let round = hours(
        (1..=7).map(|day| opening(day, "00:00", "24:00")).collect(),
        vec![],
    );
    assert_eq!(next(&round, 5, 0, 0), None);
    assert_eq!(next(&round, 5, 23, 59), None);
}

#[test]
fn oh3_stretches_go_by_the_shops_own_clock() {
    let at = |from: &str, now| {
        let sundays = hours(vec![opening(7, from, "12:00")], vec![]);
        sundays.opens_at(Timestamp(now), rome).unwrap().0
    };
    // The night before, and after the clock was changed.
    assert_eq!(at("09:00", BACK - 6 * HOUR), BACK + 7 * HOUR);
    assert_eq!(at("09:00", FORWARD - 6 * HOUR), FORWARD + 6 * HOUR);
    assert_eq!(
        at("02:30", BACK - 6 * HOUR),
        BACK - HOUR / 2,
        "the first time"
    );
    assert_eq!(
        at("02:30", FORWARD - 6 * HOUR),
        FORWARD + HOUR / 2,
        "it is skipped"
    );
    let weekdays = hours(week(), vec![]);
    let far = |zone: i64| weekdays.opens_at(Timestamp(FRIDAY + 12 * HOUR), |_| zone);
    assert_eq!(
        far(13 * HOUR as i64),
        Some(Timestamp(FRIDAY + 2 * DAY + 20 * HOUR)),
        "there it is Saturday"
    );
    assert_eq!(far(-(5 * HOUR as i64)), Some(Timestamp(FRIDAY + 14 * HOUR)));
}

#[test]
fn oh4_times_and_days_are_such() {
    for (from, to) in [("00:00", "24:00"), ("09:00", "09:01"), ("23:59", "24:00")] {
        assert!(opening(1, from, to).is_good(), "{from}–{to}");
    }
    for (from, to) in [
        ("09:00", "09:00"),
        ("10:00", "09:00"),
        ("9:00", "10:00"),
        ("+9:00", "10:00"),
        ("09:60", "10:00"),
        ("09:00", "24:01"),
        ("", "10:00"),
        ("09.00", "10.00"),
        ("09:00", "ten"),
    ] {
        assert!(!opening(1, from, to).is_good(), "{from}–{to}");
        assert!(!exception("2026-12-24", "2026-12-24", &[(from, to)]).is_good());
    }
    assert!(!opening(0, "09:00", "10:00").is_good() && !opening(8, "09:00", "10:00").is_good());
    for day in [
        "2026-12-25",
        "2028-02-29",
        "2000-02-29",
        "2026-01-01",
        "2026-12-31",
    ] {
        assert!(exception(day, day, &[]).is_good(), "{day}");
    }
    for day in [
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "2026-04-00",
        "26-04-01",
        "2026/04/01",
        "2026-4-1",
        "2026-04",
        "",
    ] {
        assert!(!exception(day, day, &[]).is_good(), "{day}");
    }
    assert!(!exception("2026-12-26", "2026-12-25", &[]).is_good());
}
