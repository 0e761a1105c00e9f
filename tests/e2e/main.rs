//! The stories, told on the real runtime and in a real browser. One module is one story, or one kind of bad input.
//!
//! A run has one engine (`tests::Engine`); `xtask/src/engines.rs` says what is told in which.
//!
//! They run side by side: each has a shop of its own on one shared relay, and a relay of its own when it kills it. A
//! browser is waited for when all seats are taken.

mod accessible;
mod assistive;
mod bad_frames;
mod bad_requests;
mod both_ends;
mod cards;
mod cloudflare;
mod crash;
mod device;
mod epoch;
mod facts;
mod files;
mod first_party;
mod form;
mod frame;
mod greet;
mod guest;
mod handover;
mod hibernation;
mod hours;
mod identity;
mod inbox_fresh;
mod install;
mod ladder;
mod languages;
mod list;
mod live_reply;
mod menu;
mod network;
mod offer;
mod origin;
mod overload;
mod own;
mod phone;
mod pictures;
mod plain;
mod queue;
mod rating;
mod relay_gone;
mod reload;
mod sdk;
mod states;
mod storm;
mod tabs;
mod transcript;
mod two_shops;
mod versions;
