//! The browser's devices, shared by the widget and the inbox: each callback of the browser becomes a value, each value
//! that `protocol` answers becomes a call. Nothing here knows what a chat is about.
//! (And two things that are no devices but that both must do alike: finding links, and what becomes of a shop's colour.)
//!
//! Every device unsubscribes, closes and clears what it holds when it is dropped: the widget is a guest in the page.

pub mod clipboard;
pub mod clock;
pub mod color;
pub mod desk;
pub mod driver;
pub mod http;
pub mod json;
pub mod link;
pub mod listener;
pub mod page;
pub mod random;
pub mod socket;
pub mod store;
pub mod timer;
