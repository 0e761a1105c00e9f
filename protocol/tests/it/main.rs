//! The rules of SPEC.md, each proved by a test that is named after it.
#![expect(
    unreachable_pub,
    reason = "nothing is reachable in a test; `pub` is what other modules of it use"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one thing among many"
)]

mod answering;
mod cast;
mod client;
mod converge;
mod deploy;
mod desk;
mod door;
mod end;
mod exchange;
mod files;
mod fold;
mod form;
mod handover;
mod hours;
mod https;
mod identity;
mod inbox;
mod link;
mod list;
mod listing;
mod looks;
mod memory;
mod offer;
mod outbox;
mod outlook;
mod own;
mod pace;
mod pair;
mod parts;
mod placing;
mod presence;
mod projection;
mod reading;
mod recorded;
mod session;
mod small;
mod spec;
mod storage;
mod storage_contract;
mod tunnel;
mod wire;
mod world;
mod writing;
