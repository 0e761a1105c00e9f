//! The operator's side: sign in, a live list, a conversation, an answer. Its own page, served by the relay at `/inbox`.
//!
//! [`desk`] is the shell: it alone knows the protocol's machines and the views. What can be decided without a browser
//! (what a list shows, which lines a transcript has, what a waiting time is called) is decided in pure modules.

pub mod accent;
pub mod chime;
pub mod desk;
mod extra;
pub mod face;
pub mod install;
pub mod lines;
pub mod moment;
pub mod text;
pub mod view;
pub mod wait;

pub use desk::start;
