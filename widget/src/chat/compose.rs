//! How words leave: they are on the device before they are drawn, and leave the composer only when the draft is kept.

use std::rc::Rc;

use browser::{clock, random};
use protocol::{
    client::Input,
    entry::Content,
    id::MessageId,
    message::{self, Draft},
};

use super::{CONVERSATION, Chat};

/// Where the words are kept that are not sent: what was written last on this device, for a tab that is new; and by conversation, what
/// was written in this tab, which another one does not change.
const COMPOSER: &str = "composer";

impl Chat {
    /// These words stand in the composer now.
    pub(super) fn write(self: &Rc<Self>, words: String) {
        if !words.is_empty() {
            self.converse();
        }
        self.keep(&words);
        self.tell(Input::Typing(!words.trim().is_empty()));
        let asked = self.view.words.now().clone() != self.host.field.value()
            || self.host.field.value() != words;
        self.view.words.put(words);
        if asked {
            let _ = self.host.field.focus();
        }
    }

    /// What stands in the composer becomes a draft.
    pub(super) fn send(self: &Rc<Self>) {
        let words = self.view.words.now().clone();
        let text = words.trim();
        if message::fit(text).is_err() {
            return;
        }
        let draft = Draft {
            id: self.mint(),
            content: Content::words(text),
        };
        // First the draft is kept, then the composer forgets: whatever happens between, the words are there.
        self.leave(draft);
        self.keep("");
        self.view.words.put(String::new());
    }

    /// The name of a draft, after all that wait: the clock may have been set back since.
    pub(super) fn mint(&self) -> MessageId {
        let now = clock::now();
        let after = self.read(|client| client.outbox().after(now));
        MessageId::mint(after.unwrap_or(now), random::bytes())
    }

    /// The words from before, of this tab or of one that is gone.
    pub(super) fn kept(&self) -> String {
        let here = self.store.get(CONVERSATION);
        let own = here.and_then(|here| self.tab.get(&of_tab(&here)));
        let is_new = || self.tab.under(COMPOSER).keys().is_empty();
        let kept = own.or_else(|| self.store.get(COMPOSER).filter(|_| is_new()));
        kept.unwrap_or_default()
    }

    /// The chat is to begin anew in this tab, because another one has gone on elsewhere: with the words of this one, be they none. Whoever
    /// is gone leaves none.
    pub(super) fn keep_in_tab(&self, conversation: Option<String>) {
        match conversation {
            Some(id) => drop(self.tab.set(&of_tab(&id), &self.view.words.now())),
            None => self.keep(""),
        }
    }

    fn keep(&self, words: &str) {
        if let Some(here) = self.conversation.get() {
            self.tab.set(&of_tab(&here.to_string()), words);
        }
        if words.is_empty() {
            self.store.remove(COMPOSER);
        } else {
            self.store.set(COMPOSER, words);
        }
    }

    /// A draft leaves.
    pub(super) fn leave(self: &Rc<Self>, draft: Draft) {
        self.converse();
        self.new_from.set(None);
        self.show_end();
        self.tell_page();
        let is_said = draft.content.text().is_some();
        self.tell(Input::Send(draft));
        if is_said {
            self.told_message("visitor");
        }
    }
}

fn of_tab(conversation: &str) -> String {
    [COMPOSER, ":", conversation].concat()
}
