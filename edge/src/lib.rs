//! The relay on Workers: a shell around `protocol::relay`.
