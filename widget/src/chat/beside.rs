//! What is loaded beside the panel asks for: who this device is, which conversation is its own, and that something be sent.

use std::rc::Rc;

use protocol::message::Draft;

use super::{Chat, compose::mint, converse::CONVERSATION};
use crate::{api::PASS, wire};

impl Chat {
    /// Does what is asked, and answers with what there is: nothing is an empty text.
    pub(super) fn asked(self: &Rc<Self>, word: &str, detail: &str) -> String {
        match word {
            // The pass that is valid now; a new one is on its way otherwise, and is asked for again.
            "pass" if self.passes.valid().is_none() => self.passes.fetch(Box::new(|_| {})),
            "pass" => return self.store.get(PASS).unwrap_or_default(),
            "conversation" => {
                // Asking opens it.
                self.converse();
                return self.store.get(CONVERSATION).unwrap_or_default();
            }
            // An entry's content, with nothing but what a visitor may send.
            "send" => {
                let id = mint();
                if let Some(content) = wire::content(id, detail) {
                    self.leave(Draft { id, content });
                    return id.to_string();
                }
            }
            _ => {}
        }
        String::new()
    }
}
