//! See `fuzz::relay`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::relay::take(bytes));
