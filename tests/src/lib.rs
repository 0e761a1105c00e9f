//! The cast of the stories: who starts the relay, who shops, who answers, and who speaks the wire from outside.
//!
//! A character does what a person or a program of that kind can do, and looks at what they can see. Nobody sleeps: every
//! wait is for a condition, has a deadline, and says what was missing. What was started is ended, however a story ends.

pub mod browser;
pub mod caller;
pub mod commuter;
pub mod engine;
pub mod fault_proxy;
pub mod leash;
pub mod load;
pub mod native;
pub mod operator;
pub mod patience;
pub mod peer;
pub mod relay;
mod seat;
pub mod shop;
pub mod shopper;
pub mod storefront;

pub use browser::Browser;
pub use caller::Caller;
pub use commuter::Commuter;
pub use engine::Engine;
pub use fault_proxy::FaultProxy;
pub use load::Load;
pub use native::Native;
pub use operator::Operator;
pub use patience::eventually;
pub use peer::Peer;
pub use relay::Relay;
pub use shop::Shop;
pub use shopper::Shopper;
pub use storefront::Storefront;
