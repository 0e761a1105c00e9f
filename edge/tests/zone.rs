//! How the runtime says what clocks show.

use edge::zone::ahead_in;

const MINUTE: i64 = 60 * 1_000;

#[test]
fn an_offset_is_read_as_the_runtime_writes_it() {
    for (told, minutes) in [
        ("11/27/2026, GMT+01:00", 60),
        ("11/27/2026, GMT", 0),
        ("11/27/2026, GMT+05:45", 345),
        ("11/27/2026, GMT-03:30", -210),
        ("1/1/1900, GMT+00:49:56", 49),
    ] {
        assert_eq!(ahead_in(told), Some(minutes * MINUTE), "{told}");
    }
    for told in ["", "11/27/2026", "GMT+1", "GMT+1:", "GMT?01:00", "GMT+01:0"] {
        assert_eq!(ahead_in(told), None, "{told}");
    }
}
