//! *Install*: the shop's settings while they are changed. What is filled in outlives the page it was filled in on: whoever looks
//! into the inbox meanwhile, or has to sign in again, finds it as it was.

use browser::http::{self, Auth, Failure};
use leptos::{prelude::*, task::spawn_local};
use protocol::api::{Shop, Sightings, Storefront};

use crate::{
    desk::{Desk, place, session},
    install::{Edit, NoOrigin},
    view::install::{Install, Saving, Seen, Settings, copy::Copying},
};

/// How long it is told that something was saved: it stands over the page.
const TOLD_FOR: core::time::Duration = core::time::Duration::from_secs(8);

/// The page and what is filled in on it. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Installing {
    /// The page is shown.
    pub(super) open: RwSignal<bool>,
    /// The shop as the relay has it, as far as is known here.
    shop: RwSignal<Option<Shop>>,
    edit: RwSignal<Edit>,
    typed: RwSignal<String>,
    no_origin: RwSignal<Option<NoOrigin>>,
    saving: RwSignal<Saving>,
    /// Saving was tried with something that is missing: it is marked.
    tried: RwSignal<bool>,
    seen: RwSignal<Seen>,
}

impl Installing {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            shop: RwSignal::new(None),
            edit: RwSignal::default(),
            typed: RwSignal::default(),
            no_origin: RwSignal::new(None),
            saving: RwSignal::default(),
            tried: RwSignal::new(false),
            seen: RwSignal::default(),
        }
    }

    /// The relay has told the shop. What somebody is changing stays; all else is as told.
    pub(super) fn learn(self, shop: Shop) {
        let other = self
            .shop
            .with_untracked(|known| known.as_ref().is_none_or(|k| k.front.id != shop.front.id));
        if other || !self.changed_now() {
            self.begin(&shop);
        }
        self.shop.set(Some(shop));
    }

    /// Whatever is filled in is somebody's who is gone.
    pub(super) fn forget(self) {
        self.shop.set(None);
        self.seen.set(Seen::default());
    }

    fn begin(self, shop: &Shop) {
        self.edit.set(Edit::of(shop));
        self.typed.set(String::new());
        self.no_origin.set(None);
        self.saving.set(Saving::Idle);
        self.tried.set(false);
    }

    /// There is something to save.
    pub(super) fn changed(self) -> Memo<bool> {
        Memo::new(move |_| {
            let shop = self.shop.get();
            let edit = self.edit.get();
            shop.is_some_and(|shop| edit.change(&shop).is_some())
        })
    }

    fn changed_now(self) -> bool {
        let edit = self.edit.get_untracked();
        self.shop.with_untracked(|shop| {
            shop.as_ref()
                .is_some_and(|shop| edit.change(shop).is_some())
        })
    }

    fn shown(self) -> Option<Storefront> {
        let edit = self.edit.get();
        self.shop.with(|shop| Some(edit.shown(shop.as_ref()?)))
    }

    /// Takes up the address that stands in the field; whether there was nothing wrong with it.
    fn add(self) -> bool {
        let typed = self.typed.get_untracked();
        let mut edit = self.edit.get_untracked();
        let added = edit.add(&typed);
        self.no_origin.set(added.err());
        if added.is_ok() {
            self.typed.set(String::new());
            self.edit.set(edit);
        }
        added.is_ok()
    }
}

impl Desk {
    /// Shows the page, by an address of its own.
    pub(super) fn open_install(self) {
        place::go_to_install();
        self.show_install(true);
    }

    /// Back to where the operator was.
    pub(super) fn leave_install(self) {
        place::go(self.selected.get_untracked());
        self.show_install(false);
    }

    pub(super) fn show_install(self, open: bool) {
        if self.install.open.get_untracked() == open || self.me().is_none() {
            return;
        }
        self.install.open.set(open);
        if open {
            self.install.saving.set(Saving::Idle);
            self.read_shop();
            self.look_for_sightings();
        } else {
            use wasm_bindgen::JsCast;
            let way = document().query_selector(".install-way").ok().flatten();
            if let Some(way) = way.and_then(|way| way.dyn_into::<web_sys::HtmlElement>().ok()) {
                // It is drawn again first.
                request_animation_frame(move || drop(way.focus()));
            }
        }
    }

    /// Whoever comes back from the shop's own pages wants to know whether it worked.
    pub(super) fn look_at_install(self) {
        if self.install.open.get_untracked() {
            self.look_for_sightings();
        }
    }

    /// Somebody else may have changed the shop since.
    fn read_shop(self) {
        spawn_local(async move {
            match http::ask::<Shop>("GET", "/v1/shop", Auth::Cookie).await {
                Ok(shop) => self.install.learn(shop),
                Err(failure) if failure.status() == Some(401) => {
                    self.leave(Some(self.text.session_ended));
                }
                // What was known at the door is shown, and saving says what is wrong.
                Err(_) => {}
            }
        });
    }

    fn look_for_sightings(self) {
        let seen = self.install.seen;
        if seen.with_untracked(|seen| seen.looking) {
            return;
        }
        seen.update(|seen| seen.looking = true);
        spawn_local(async move {
            let url = "/v1/shop/sightings";
            let answer = http::ask::<Sightings>("GET", url, Auth::Cookie).await;
            self.now.set(browser::clock::now());
            seen.update(|seen| {
                seen.looking = false;
                seen.failed = answer.is_err();
                if let Ok(answer) = answer {
                    seen.sightings = Some(answer.sightings);
                }
            });
        });
    }

    fn save_install(self) {
        let Installing {
            shop,
            edit,
            typed,
            saving,
            tried,
            ..
        } = self.install;
        // Whoever typed an address and pressed Save meant both.
        let added = typed.with_untracked(|typed| typed.trim().is_empty()) || self.install.add();
        let wanted = edit.get_untracked();
        if !added || !wanted.is_good() || !wanted.has_form() {
            tried.set(true);
            let faulty = self.text.install.faulty;
            // Once it is marked.
            return request_animation_frame(move || {
                saving.set(Saving::Failed(faulty.into()));
                show_fault();
            });
        }
        tried.set(false);
        let Some(before) = shop.get_untracked() else {
            return;
        };
        let Some(change) = wanted.change(&before) else {
            return;
        };
        saving.set(Saving::Saving);
        spawn_local(async move {
            match http::tell::<Shop>("PATCH", "/v1/shop", Auth::Cookie, &change).await {
                Ok(saved) => {
                    session::paint(&saved.front.color);
                    // What was changed meanwhile is still to be saved.
                    if edit.get_untracked() == wanted {
                        edit.set(Edit::of(&saved));
                    }
                    shop.set(Some(saved));
                    let in_tag = change.color.is_some() || change.position.is_some();
                    saving.set(Saving::Saved(in_tag));
                    self.look_for_sightings();
                    // Where the tag has changed there is something to do, which stays.
                    set_timeout(
                        move || {
                            if saving.get_untracked() == Saving::Saved(false) {
                                saving.set(Saving::Idle);
                            }
                        },
                        TOLD_FOR,
                    );
                }
                Err(failure) if failure.status() == Some(401) => {
                    saving.set(Saving::Idle);
                    self.leave(Some(self.text.session_ended));
                }
                Err(failure) => saving.set(Saving::Failed(self.why_not_saved(failure))),
            }
        });
    }

    fn why_not_saved(self, failure: Failure) -> String {
        match failure {
            Failure::Unreachable | Failure::Unreadable(502..=504) => self.text.unreachable.into(),
            Failure::Problem(problem) if problem.status == 429 => {
                self.text.install.too_often.into()
            }
            // The relay knows more rules than are looked at here, and says what to do.
            Failure::Problem(problem) if problem.status < 500 => problem.detail,
            Failure::Problem(_) | Failure::Unreadable(_) => self.text.failed.into(),
        }
    }

    fn undo_install(self) {
        if let Some(shop) = self.install.shop.get_untracked() {
            self.install.begin(&shop);
        }
    }

    fn copy_for(self, copying: Copying) {
        let Copying { text, done } = copying;
        let written = browser::clipboard::copy(&text);
        spawn_local(async move {
            let copied = match written {
                Some(written) => wasm_bindgen_futures::JsFuture::from(written).await.is_ok(),
                None => false,
            };
            // The button may be gone by then.
            let _ = done.try_set(Some(copied));
        });
    }
}

/// The page, for who is signed in.
pub(super) fn install(desk: Desk) -> impl IntoView {
    let installing = desk.install;
    let shop = move || installing.shop.get();
    // Why it was not saved is told of what was filled in then.
    Effect::new(move |before: Option<Edit>| {
        let edit = installing.edit.get();
        let failed = |saving: &Saving| matches!(saving, Saving::Failed(_));
        if before.is_some_and(|before| before != edit) && installing.saving.with_untracked(failed) {
            installing.saving.set(Saving::Idle);
        }
        edit
    });
    // The page is there only while there is a shop.
    let me = desk.me();
    let known = installing.shop.get_untracked();
    known.zip(me).map(|(first, me)| {
        let (kept, front) = (first.clone(), first.front.clone());
        let settings = Settings {
            shop: Signal::derive(move || shop().unwrap_or_else(|| kept.clone())),
            edit: installing.edit,
            shown: Signal::derive(move || installing.shown().unwrap_or_else(|| front.clone())),
            relay: window().location().origin().unwrap_or_default(),
            id: first.front.id,
            duty: vec![me.operator],
            zone: zone(),
            zones: zones(),
            today: today(),
        };
        view! {
            <Install
                settings
                typed=installing.typed
                no_origin=installing.no_origin
                changed=installing.changed()
                saving=installing.saving
                tried=installing.tried
                seen=installing.seen
                now=desk.now
                on_add=Callback::new(move |()| {
                    installing.add();
                })
                on_remove=Callback::new(move |origin: String| {
                    installing.no_origin.set(None);
                    installing.edit.update(|edit| edit.origins.retain(|one| *one != origin));
                })
                on_save=Callback::new(move |()| desk.save_install())
                on_undo=Callback::new(move |()| desk.undo_install())
                on_look=Callback::new(move |()| desk.look_for_sightings())
                on_copy=Callback::new(move |copying| desk.copy_for(copying))
                on_back=Callback::new(move |()| desk.leave_install())
            />
        }
    })
}

/// Leads to the first thing that is marked.
fn show_fault() {
    use wasm_bindgen::JsCast;
    let find = |selector| document().query_selector(selector).ok().flatten();
    let field = find(".install [aria-invalid=true]");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A field that cannot be focused is marked all the same.
        let _ = field.focus();
    } else if let Some(fault) = find(".install .fault:not(:empty)") {
        fault.scroll_into_view();
    }
}

/// The time zone of this device.
fn zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
    let zone = zone.ok().and_then(|zone| zone.as_string());
    zone.unwrap_or_else(|| "UTC".into())
}

/// The time zones that this browser knows; none before 2022, where the shop's own is all there is to choose.
fn zones() -> Vec<String> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into());
    let known = intl.and_then(|intl| {
        let list = js_sys::Reflect::get(&intl, &"supportedValuesOf".into())?;
        js_sys::Function::from(list).call1(&intl, &"timeZone".into())
    });
    let known = known.map(|known| js_sys::Array::from(&known));
    let known = known.iter().flat_map(js_sys::Array::iter);
    known.filter_map(|zone| zone.as_string()).collect()
}

/// The day on this device's calendar, as a field for dates has it.
fn today() -> String {
    let now = js_sys::Date::new_0();
    let (year, month, day) = (now.get_full_year(), now.get_month() + 1, now.get_date());
    format!("{year}-{month:02}-{day:02}")
}
