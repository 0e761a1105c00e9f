//! The conversation of this device: taken up where there is one, opened where there is none, and left to its visitor when
//! this device turns out to be another.

use std::rc::Rc;

use browser::{
    clock,
    driver::{self, Answer, Driver, Setup},
    random,
};
use protocol::{
    client::{Input, link::Credential},
    close::Comeback,
    id::ConversationId,
};

use super::Chat;
use crate::{talk::Talk, wire};

/// Where the device keeps which conversation is its own.
pub(super) const CONVERSATION: &str = "conversation";
const OUTBOX: &str = "outbox:";

impl Chat {
    /// Takes up the conversation of this device, or opens one.
    pub(super) fn converse(self: &Rc<Self>) {
        if self.driver.borrow().is_some() {
            return;
        }
        let kept = self
            .store
            .get(CONVERSATION)
            .and_then(|id| id.parse::<ConversationId>().ok());
        let id = kept.unwrap_or_else(|| {
            let id = ConversationId::mint(clock::now(), random::bytes());
            self.store.set(CONVERSATION, &id.to_string());
            id
        });
        self.conversation.set(Some(id));
        let shop = self.config.shop();
        let shop = shop
            .as_ref()
            .map(protocol::id::ShopId::as_str)
            .unwrap_or_default();
        // `http` becomes `ws`, `https` becomes `wss`.
        let base = self.config.base();
        let base = ["ws", base.strip_prefix("http").unwrap_or_default()].concat();
        let url = [
            &base,
            "/v1/socket?shop=",
            shop,
            "&conversation=",
            &id.to_string(),
        ]
        .concat();
        let credential = Credential::Token(self.passes.valid().map(|pass| pass.token));
        let (renewing, changed) = (Rc::downgrade(self), Rc::downgrade(self));
        let renew = move |answer: Answer| {
            if let Some(chat) = renewing.upgrade() {
                chat.renew(answer);
            }
        };
        let outbox = self.store.under(OUTBOX);
        let talk = Talk::new(credential, driver::kept(&outbox, wire::draft));
        let setup = Setup::of(talk, url, Some(outbox), Some(Box::new(renew)));
        let driver = Driver::start(setup, move || {
            if let Some(chat) = changed.upgrade() {
                chat.refresh();
            }
        });
        self.driver.replace(Some(driver.clone()));
        driver.tell(Input::Page(self.config.page()));
        driver.tell(Input::Want);
    }

    fn renew(self: &Rc<Self>, answer: Answer) {
        let before = self.passes.kept().map(|pass| pass.visitor);
        let this = Rc::downgrade(self);
        self.passes.fetch(Box::new(move |pass| {
            let Some(chat) = this.upgrade() else { return };
            answer(match pass {
                Ok(pass) if before.is_none_or(|before| before == pass.visitor) => {
                    chat.meet_front();
                    Ok(pass.token.clone())
                }
                Ok(_) => return chat.start_over(),
                Err(Comeback::Never) => return chat.gone(),
                Err(comeback) => Err(comeback),
            });
        }));
    }

    /// This device is another visitor than the one who opened the conversation: it opens a new one, and what was not
    /// sent goes there.
    pub(super) fn start_over(self: &Rc<Self>) {
        if let Some(before) = self.driver.take() {
            // The device may have been cleared under an open page: then the drafts are in memory only.
            let outbox = self.store.under(OUTBOX);
            before.read(|talk| {
                for draft in talk.client.outbox().unconfirmed() {
                    outbox.set(&draft.id.to_string(), &wire::draft_text(draft));
                }
            });
        }
        self.store.remove(CONVERSATION);
        self.told.set(None);
        self.converse();
    }
}
