//! What is loaded beside the panel asks for: who this device is, which conversation is its own, and that something be sent.

use std::rc::Rc;

use protocol::message::Draft;

use super::{Chat, converse::CONVERSATION};
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
                let id = self.conversation.get();
                return id.map(|id| id.to_string()).unwrap_or_default();
            }
            // Another page of the device has gone on elsewhere.
            "astray" => {
                let kept = self.store.get(CONVERSATION);
                let id = kept.as_ref().and_then(|id| id.parse().ok());
                if id != self.conversation.get() {
                    self.keep_in_tab(kept);
                    return word.into();
                }
            }
            "unsent" => {
                let waits = self.read(|client| client.outbox().unconfirmed().next().is_some());
                if waits == Some(true) {
                    return word.into();
                }
            }
            // An entry's content, with nothing but what a visitor may send; or a draft, whose name is kept whatever is tried again.
            "send" => {
                let named = wire::draft(detail);
                let draft = named.or_else(|| {
                    let id = self.mint();
                    let content = wire::content(id, detail)?;
                    Some(Draft { id, content })
                });
                if let Some(draft) = draft {
                    let id = draft.id.to_string();
                    self.leave(draft);
                    return id;
                }
            }
            _ => {}
        }
        String::new()
    }
}
