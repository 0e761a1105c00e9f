//! The stories, end to end.
