//! What is loaded beside the inbox for pictures and papers: what it asks for, and where it works.

use browser::{clock, json};
use leptos::prelude::*;
use protocol::{
    client::Input,
    desk::writing::{Press, Verdict},
    id::ConversationId,
    message::Draft,
};
use wasm_bindgen::{JsCast, closure::Closure};

use crate::{
    desk::{Desk, Stage},
    extra,
    view::composer::Mode,
};

impl Desk {
    /// Lets files be sent in whichever conversation is open.
    pub(super) fn attach(self) {
        let ask = Closure::<dyn Fn(String, String, String) -> String>::new(
            move |conversation: String, word: String, detail: String| match conversation.parse() {
                Ok(id) => self.asked(id, &word, &detail),
                Err(_) => String::new(),
            },
        )
        .into_js_value();
        let shop = Memo::new(move |_| {
            self.stage.with(|stage| match stage {
                Stage::In(me) => Some(me.shop.front.id.to_string()),
                Stage::Starting | Stage::Out => None,
            })
        });
        Effect::new(move |_| {
            if let Some(shop) = shop.get() {
                extra::serve(ask.unchecked_ref(), &shop);
            }
        });
        Effect::new(move |_| {
            let id = self.selected.get();
            shop.track();
            // After the composer is drawn.
            request_animation_frame(move || {
                let place = document()
                    .query_selector(".column.conversation")
                    .ok()
                    .flatten();
                if let (Some(id), Some(place)) = (id, place) {
                    extra::attach(&id.to_string(), &place);
                }
            });
        });
    }

    /// Draws what came with words of the open conversation.
    pub(super) fn draw_parts(self, place: &web_sys::Element, parts: &str) {
        if let Some(id) = self.selected.get_untracked() {
            extra::parts(&id.to_string(), place, parts);
        }
    }

    /// Does what is asked, and answers with what there is: nothing is an empty text.
    fn asked(self, id: ConversationId, word: &str, detail: &str) -> String {
        match word {
            "conversation" => id.to_string(),
            // Whether what stands in the composer may leave with files.
            "press" => self.may_leave(id).into(),
            "send" => match json::decode::<Draft>(detail) {
                Some(draft) => {
                    let name = draft.id.to_string();
                    self.thread(id).tell(Input::Send(draft));
                    self.to_end.update(|n| *n = n.wrapping_add(1));
                    name
                }
                None => String::new(),
            },
            _ => String::new(),
        }
    }

    /// As for words (SPEC, DE9); a note goes without files, and so does an offer (DE10): they stay for the next message.
    fn may_leave(self, id: ConversationId) -> &'static str {
        let offers = self.offer.with_untracked(|offer| !offer.is_empty());
        if self.mode.get_untracked() == Mode::Note || offers {
            return "note";
        }
        self.look_around(&self.thread(id));
        let verdict = self
            .devices()
            .writing
            .borrow_mut()
            .press(clock::now(), Press::Key);
        if verdict == Verdict::Look {
            self.look_around(&self.thread(id));
            self.to_end.update(|n| *n = n.wrapping_add(1));
            return "look";
        }
        ""
    }
}
