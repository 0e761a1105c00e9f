//! What a shopper's device, an operator's device and the relay say to each other, and how each of them decides.
//!
//! A function of its inputs: time, chance and storage are handed in, and the network is returned as effects. The rules
//! it keeps are numbered in `SPEC.md`; a test in `tests/it` is named after each. It knows nothing of browsers, Workers or
//! the encoding of frames to text.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod api;
pub mod backoff;
pub mod client;
pub mod close;
pub mod conversation;
pub mod cursor;
pub mod desk;
pub mod entry;
pub mod fact;
pub mod form;
pub mod frame;
pub mod hours;
pub mod id;
pub mod identity;
pub mod limits;
pub mod looks;
pub mod message;
pub mod outlook;
pub mod part;
pub mod presence;
pub mod receipt;
pub mod relay;
pub mod shared;
pub mod time;
pub mod version;
