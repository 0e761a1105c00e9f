//! What the operator writes and offers: kept on the device, told apart from what others wrote meanwhile, and sent.

use browser::{clock, json};
use leptos::prelude::*;
use protocol::{
    client::Input,
    desk::{
        offer::Offer,
        writing::{Press, Verdict},
    },
    entry::Content,
    id::ConversationId,
};

use crate::{
    desk::{Desk, thread::Thread},
    view::composer::{Meanwhile, Mode},
};

impl Desk {
    pub(super) fn send(self, press: Press) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        let text = self.draft.get_untracked().trim().to_owned();
        if protocol::message::fit(&text).is_err() {
            return;
        }
        let mode = self.mode.get_untracked();
        let offer = match mode {
            Mode::Reply => self.offer.get_untracked(),
            Mode::Note => Offer::default(),
        };
        if offer.stop(&text).is_some() {
            return;
        }
        let thread = self.thread(id);
        // A note is read beside whatever came between.
        if mode == Mode::Reply {
            // What has come before their eyes since they began is no news.
            self.look_around(&thread);
            let verdict = self
                .devices()
                .writing
                .borrow_mut()
                .press(clock::now(), press);
            if verdict == Verdict::Look {
                self.look_around(&thread);
                self.to_end.update(|n| *n = n.wrapping_add(1));
                return;
            }
        }
        let content = match mode {
            Mode::Reply => Content::Message {
                text,
                parts: offer.parts(),
            },
            Mode::Note => Content::Note { text },
        };
        self.do_in(id, content);
        self.draft.set(String::new());
        if mode == Mode::Reply {
            self.offer.set(Offer::default());
            self.offering.set(false);
        }
        self.written(&thread);
        // The next words are for the visitor again, unless somebody says otherwise.
        self.mode.set(Mode::Reply);
        self.to_end.update(|n| *n = n.wrapping_add(1));
    }

    pub(super) fn typed(self) {
        let Some(id) = self.selected.get_untracked() else {
            return;
        };
        // Who types here may have come back without a word from the browser.
        self.look();
        let thread = self.thread(id);
        self.written(&thread);
        let words = self.draft.with_untracked(|draft| !draft.trim().is_empty());
        let offers = self.offer.with_untracked(|offer| !offer.is_empty());
        thread.tell(Input::Typing(
            (words || offers) && self.mode.get_untracked() == Mode::Reply,
        ));
    }

    /// What was offered in a conversation, and has not left.
    pub(super) fn offered_in(self, id: ConversationId) -> Offer {
        let kept = self.drawer().get(&format!("offer:{id}"));
        kept.and_then(|kept| json::decode(&kept))
            .unwrap_or_default()
    }

    /// The composer has other words, or none, or another offer: they are kept, and what they were begun with.
    fn written(self, thread: &Thread) {
        let (devices, id) = (self.devices(), thread.id);
        let words = self.draft.with_untracked(|draft| !draft.is_empty());
        let offer = self.offer.get_untracked();
        let begun = words || !offer.is_empty();
        let mut writing = devices.writing.borrow_mut();
        thread.read(|end| writing.typed(clock::now(), begun, end.client()));
        let since = writing.since();
        drop(writing);
        self.look_around(thread);
        let drawer = self.drawer();
        let keep = |key: &str, text: Option<&str>| match text {
            Some(text) => drop(drawer.set(&format!("{key}:{id}"), text)),
            None => drawer.remove(&format!("{key}:{id}")),
        };
        let since = since.map(|since| json::encode(&since));
        self.draft
            .with_untracked(|draft| keep("draft", words.then_some(draft)));
        if self.offer_kept.with_value(|kept| *kept != offer) {
            let kept = (!offer.is_empty()).then(|| json::encode(&offer));
            keep("offer", kept.as_deref());
            self.offer_kept.set_value(offer);
        }
        keep("since", since.as_deref());
    }

    /// What others wrote while this operator writes is said above the composer.
    pub(super) fn look_around(self, thread: &Thread) {
        let devices = self.devices();
        let mut writing = devices.writing.borrow_mut();
        thread.read(|end| writing.look(clock::now(), end.client()));
        let meanwhile = writing.told().map(|told| Meanwhile {
            told: told.clone(),
            asked: writing.has_asked(),
        });
        drop(writing);
        if self.meanwhile.with_untracked(|before| *before != meanwhile) {
            self.meanwhile.set(meanwhile);
        }
    }
}
