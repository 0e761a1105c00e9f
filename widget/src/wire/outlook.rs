//! What the shop says of when it answers, as it came: JSON that is carried and said by what is loaded for it.

use std::cell::RefCell;

thread_local! {
    static TOLD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what was told last; nothing is an empty text.
pub fn keep(outlook: String) {
    TOLD.set(outlook);
}

/// What was told last.
pub fn told() -> String {
    TOLD.with_borrow(Clone::clone)
}
