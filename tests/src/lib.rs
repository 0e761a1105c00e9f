//! The cast of the stories.
