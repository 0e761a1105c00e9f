//! The visitor's pass: kept on the device, renewed at the relay. One request is waited for at a time, whoever asks, so that
//! a device never becomes two visitors.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use browser::{clock, http, store::Store};
use protocol::{
    close::Comeback,
    id::ShopId,
    limits,
    time::{Millis, Timestamp},
};

use crate::wire::{self, Pass};

pub(crate) const PASS: &str = "pass";

/// How the relay's own words about what went wrong begin.
const PROBLEM: &str = "{\"type\":\"/problems/";

/// A pass that ends sooner is renewed before it is used: a hello must not come too late on a slow line.
const MARGIN: Millis = Millis::seconds(60);

/// What is to be done with a pass, or without one.
pub(crate) type Then = Box<dyn FnOnce(Result<&Pass, Comeback>)>;

/// Where passes come from.
pub(crate) struct Passes {
    address: String,
    shop: ShopId,
    store: Store,
    /// Who waits for the request that is under way.
    waiting: RefCell<Vec<Then>>,
    /// When it was sent.
    asked_at: Cell<Timestamp>,
}

impl Passes {
    /// The passes of a shop, from the relay at `base`.
    pub(crate) fn new(base: &str, shop: ShopId, store: Store) -> Rc<Self> {
        let address = [base, "/v1/visitors"].concat();
        Rc::new(Self {
            address,
            shop,
            store,
            waiting: RefCell::default(),
            asked_at: Cell::default(),
        })
    }

    /// The last pass, which may have ended.
    pub(crate) fn kept(&self) -> Option<Pass> {
        wire::pass(&self.store.get(PASS)?)
    }

    /// The last pass, if it can still be used.
    pub(crate) fn valid(&self) -> Option<Pass> {
        self.kept()
            .filter(|pass| pass.expires_at > clock::now() + MARGIN)
    }

    /// A new pass for the same visitor, or for a new one.
    pub(crate) fn fetch(self: &Rc<Self>, then: Then) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.push(then);
        // One that the network has swallowed is under way for ever: who asks after the link gave it up asks anew.
        let now = clock::now();
        if waiting.len() > 1 && now - self.asked_at.get() < limits::RENEW_WITHIN {
            return;
        }
        self.asked_at.set(now);
        self.ask(self.kept().map(|pass| pass.renewal), false);
    }

    /// Asks; a device that was `known` stays a visitor whatever other tabs became.
    fn ask(self: &Rc<Self>, renewal: Option<String>, known: bool) {
        let (this, renewing) = (self.clone(), renewal.is_some());
        let body = wire::new_visitor(&self.shop, renewal.as_deref());
        let heard = move |status, text: String| {
            if renewing && status == 401 {
                // The relay does not know the renewal any more: this device is somebody new.
                return this.ask(None, true);
            }
            let pass = this.take(status, &text, renewing || known);
            for then in this.waiting.take() {
                then(pass.as_ref().map_err(|comeback| *comeback));
            }
        };
        http::post(&self.address, &body, heard);
    }

    fn take(self: &Rc<Self>, status: u16, text: &str, known: bool) -> Result<Pass, Comeback> {
        match status {
            200..300 if wire::pass(text).is_some() => {
                // Another tab may have become a visitor meanwhile: then that is who this device is. Where the chat has ended
                // meanwhile (nobody but this request holds it), the shopper may have left for good.
                if Rc::strong_count(self) > 1 && (known || self.valid().is_none()) {
                    self.store.set(PASS, text);
                }
                self.kept().ok_or(Comeback::Later)
            }
            // No shop of that name, or not from this page: no attempt will change that. A network's own page says neither.
            // (A problem begins with its type. To search for it would bring kilobytes.)
            403 | 404 if text.starts_with(PROBLEM) => Err(Comeback::Never),
            _ => Err(Comeback::Later),
        }
    }
}
