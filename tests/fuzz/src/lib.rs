//! Whatever comes from outside, made up. Each module takes any bytes as one kind of input: it never panics, and what must stay
//! true of that kind is asserted.
//!
//! `cargo xtask fuzz` hands them to libFuzzer, which looks for bytes that lead somewhere new. `tests/corpus.rs` does with what
//! was found before, in every run of the tests; bytes that once broke something lie there under `corpus/<target>/found-…`.

pub mod attachment;
pub mod bodies;
pub mod client;
pub mod database;
pub mod frames;
pub mod given;
pub mod relay;
pub mod requests;
pub mod tokens;
pub mod widget;

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "the storage of protocol's own tests, of which not all is used here"
)]
#[path = "../../../protocol/tests/it/memory.rs"]
mod memory;
#[path = "../../../edge/tests/plain/sqlite.rs"]
mod plain;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its program and of its folder in `corpus`.
pub const TARGETS: [(&str, Target); 9] = [
    ("attachment", attachment::take),
    ("bodies", bodies::take),
    ("client", client::take),
    ("database", database::take),
    ("frames", frames::take),
    ("relay", relay::take),
    ("requests", requests::take),
    ("tokens", tokens::take),
    ("widget", widget::take),
];
