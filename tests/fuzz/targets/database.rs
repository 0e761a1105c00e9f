//! See `fuzz::database`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::database::take(bytes));
