//! The few frames and bodies that a widget says and hears, as JSON text.
//!
//! serde's derived readers are a third of a widget: each reads everything twice, once straight and once out of the buffer
//! that a tagged type needs. These read only what a shopper's device uses, out of one small [`Value`]. What the wire is,
//! `protocol` says: the tests hold every function here to serde's.

pub mod outlook;
pub mod parts;
mod read;
mod value;
mod write;

pub use read::{content, dark, draft, pass, server_frame};
pub use value::Value;
pub use write::{client_frame, draft_text, new_visitor};

use protocol::{id::VisitorId, time::Timestamp};

/// What the widget keeps of a visitor's pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Who this device is to the relay.
    pub visitor: VisitorId,
    /// Opens sockets until `expires_at`.
    pub token: String,
    /// When `token` ends.
    pub expires_at: Timestamp,
    /// Gets the next pass.
    pub renewal: String,
    /// The shop's name.
    pub shop: String,
    /// The shop's colour.
    pub color: String,
    /// The address of the shop's logo; empty where it has none.
    pub logo: String,
    /// How round the shop's corners are, in px.
    pub radius: i32,
    /// Whether the letters are the page's.
    pub page_font: bool,
    /// Whether it is dark; nothing leaves it to the device.
    pub dark: Option<bool>,
    /// The shop's first words by language.
    pub greeting: Vec<(String, String)>,
    /// The languages that the shop answers in, the preferred one first.
    pub languages: Vec<String>,
    /// Who is there, by name.
    pub duty: Vec<String>,
    /// What else the shop says of when it answers, as it came; empty where it says nothing.
    pub outlook: String,
}

#[cfg(test)]
mod tests;
