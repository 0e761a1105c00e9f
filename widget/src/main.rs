//! The shopper's side.

fn main() {}
