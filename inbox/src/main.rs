//! The operator's side.

fn main() {}
