//! The shopper's side.
