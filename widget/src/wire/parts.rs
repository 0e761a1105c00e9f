//! What comes with the words of a message, and all of an entry that is no message, as it came: JSON that is carried, written and
//! drawn by what is loaded for it.
//!
//! Kept beside, by the message's name, since hardly any message has it, and what the panel does with words is the same.

use std::{cell::RefCell, rc::Rc};

use protocol::id::MessageId;

thread_local! {
    static KEPT: RefCell<Vec<(MessageId, Rc<str>)>> = const { RefCell::new(vec![]) };
}

/// Keeps what comes with this message.
pub fn keep(id: MessageId, parts: &str) {
    if of(id).is_none() {
        KEPT.with_borrow_mut(|kept| kept.push((id, parts.into())));
    }
}

/// Keeps nothing any more: a chat that has ended is nobody's, and the next one's messages are others.
pub fn clear() {
    KEPT.with_borrow_mut(Vec::clear);
}

/// What comes with this message, where there is anything.
pub fn of(id: MessageId) -> Option<Rc<str>> {
    KEPT.with_borrow(|kept| {
        let (_, parts) = kept.iter().find(|(known, _)| *known == id)?;
        Some(parts.clone())
    })
}
