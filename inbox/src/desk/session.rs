//! Who is at the desk: signing in, coming back, leaving.

use browser::http::{self, Auth, Failure};
use leptos::{prelude::*, task::spawn_local};
use protocol::{
    api::{Me, SignIn},
    id::ShopId,
};

use crate::{
    accent::accent,
    desk::{Desk, Stage, place},
    text::Text,
    view::sign_in::Entered,
};

impl Desk {
    /// Whoever was signed in with this browser still is.
    pub(super) fn restore(self) {
        spawn_local(async move {
            match http::ask::<Me>("GET", "/v1/me", Auth::Cookie).await {
                Ok(me) => self.enter(me),
                Err(failure) => {
                    if failure.status() != Some(401) {
                        self.notice.set(Some(what_went_wrong(&failure, self.text)));
                    }
                    self.stage.set(Stage::Out);
                }
            }
        });
    }

    /// The shop to sign in to, where it is known.
    pub(super) fn known_shop(self) -> String {
        place::query("shop")
            .or_else(|| self.devices().store.get("shop"))
            .unwrap_or_default()
    }

    pub(super) fn sign_in(self, entered: Entered) {
        if entered.shop.is_empty() || entered.email.is_empty() || entered.password.is_empty() {
            return self.notice.set(Some(self.text.fill_all.into()));
        }
        let Ok(shop) = entered.shop.parse::<ShopId>() else {
            return self.notice.set(Some(self.text.bad_shop.into()));
        };
        self.busy.set(true);
        self.notice.set(None);
        spawn_local(async move {
            let asked = SignIn {
                shop,
                email: entered.email,
                password: entered.password,
            };
            match http::tell::<Me>("POST", "/v1/sessions", Auth::Cookie, &asked).await {
                Ok(me) => self.enter(me),
                Err(failure) => self.notice.set(Some(what_went_wrong(&failure, self.text))),
            }
            self.busy.set(false);
        });
    }

    pub(super) fn sign_out(self) {
        self.notice.set(None);
        // The sockets close with the session, and nobody is to wonder why.
        self.devices().asked_who.set(true);
        spawn_local(async move {
            let left = http::ask::<()>("DELETE", "/v1/sessions/current", Auth::Cookie).await;
            self.devices().asked_who.set(false);
            match left {
                // Whoever is not signed in any more has what they wanted.
                Ok(()) => self.leave_for_good(),
                Err(failure) if failure.status() == Some(401) => self.leave_for_good(),
                // Saying that somebody is signed out while the cookie still opens the door would be a lie.
                Err(Failure::Unreachable) => self.notice.set(Some(self.text.unreachable.into())),
                Err(_) => self.notice.set(Some(self.text.failed.into())),
            }
        });
    }

    /// The session may have ended: asks the relay, once at a time.
    pub(super) fn doubt(self) {
        if self.devices().asked_who.replace(true) {
            return;
        }
        spawn_local(async move {
            let answer = http::ask::<Me>("GET", "/v1/me", Auth::Cookie).await;
            self.devices().asked_who.set(false);
            if answer.is_err_and(|failure| failure.status() == Some(401)) {
                self.leave(Some(self.text.session_ended));
            }
        });
    }

    fn enter(self, me: Me) {
        paint(&me.shop.front.color);
        self.devices().store.set("shop", me.shop.front.id.as_str());
        self.notice.set(None);
        self.install.learn(me.shop.clone());
        self.open_inbox(&me);
        self.stage.set(Stage::In(Box::new(me)));
        self.take_up_outboxes();
        self.follow_address();
    }

    fn leave_for_good(self) {
        self.leave(None);
        self.install.forget();
    }

    pub(super) fn leave(self, why: Option<&str>) {
        self.close_inbox();
        self.install.open.set(false);
        self.notice.set(why.map(Into::into));
        self.stage.set(Stage::Out);
    }
}

fn what_went_wrong(failure: &Failure, text: &'static Text) -> String {
    match failure {
        Failure::Unreachable => text.unreachable.into(),
        Failure::Problem(problem) if problem.status == 429 => {
            // The relay names the time; where it does not, a minute is a polite guess.
            (text.too_many)(problem.retry_after_ms.map_or(60, |ms| ms.div_ceil(1_000)))
        }
        Failure::Problem(problem) if matches!(problem.status, 400..=404) => {
            text.wrong_password.into()
        }
        Failure::Unreadable(502..=504) => text.unreachable.into(),
        Failure::Problem(_) | Failure::Unreadable(_) => text.failed.into(),
    }
}

/// Gives the page the shop's colour.
pub(super) fn paint(color: &str) {
    let accent = accent(color);
    let uses = [
        ("--accent-fill", accent.fill),
        ("--accent-ink-light", accent.ink_light),
        ("--accent-ink-dark", accent.ink_dark),
    ];
    if let Some(root) = document().document_element() {
        use wasm_bindgen::JsCast;
        let style = root.unchecked_ref::<web_sys::HtmlElement>().style();
        for (name, color) in uses {
            // A colour that is not taken leaves the style sheet's own.
            let _ = style.set_property(name, &color.css());
        }
    }
}
