//! *Install*: five steps from nothing to a chat on the shop's pages. Each step is a part of its own.

pub mod check;
pub mod copy;
pub mod front;
pub mod hours;
pub mod looks;
pub mod origins;
pub mod preview;
pub mod questions;
pub mod tag;

use leptos::{html, prelude::*};
use protocol::{
    api::{Shop, Sighting, Storefront},
    entry::OperatorCard,
    id::ShopId,
    time::Timestamp,
};

use crate::{
    install::{Edit, NoOrigin},
    view::{
        icon::{Icon, icon},
        words,
    },
};
use check::Check;
use copy::Copying;
use front::FrontForm;
use hours::HoursForm;
use looks::LooksForm;
use origins::Origins;
use preview::Preview;
use questions::Questions;
use tag::Tag;

/// How far saving is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Saving {
    /// Nothing was asked.
    #[default]
    Idle,
    /// The relay is asked.
    Saving,
    /// It is saved; whether the tag has changed with it.
    Saved(bool),
    /// It is not; why.
    Failed(String),
}

/// What is known of where the chat was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// On which origins and when; nothing before the first answer.
    pub sightings: Option<Vec<Sighting>>,
    /// The relay is asked.
    pub looking: bool,
    /// The last answer did not come.
    pub failed: bool,
}

/// What the page shows and changes.
#[derive(Clone)]
pub struct Settings {
    /// The shop as it is saved.
    pub shop: Signal<Shop>,
    /// What is filled in.
    pub edit: RwSignal<Edit>,
    /// The shop as it would be.
    pub shown: Signal<Storefront>,
    /// The relay's origin.
    pub relay: String,
    /// The shop's id.
    pub id: ShopId,
    /// Who would be there.
    pub duty: Vec<OperatorCard>,
    /// Where this device is, such as `Europe/Rome`.
    pub zone: String,
    /// The time zones that are known here.
    pub zones: Vec<String>,
    /// Today, `YYYY-MM-DD`.
    pub today: String,
}

/// The page.
#[component]
pub fn Install(
    /// What it is about.
    settings: Settings,
    /// The address that is being typed.
    typed: RwSignal<String>,
    /// Why it was not added.
    #[prop(into)]
    no_origin: Signal<Option<NoOrigin>>,
    /// There is something to save.
    #[prop(into)]
    changed: Signal<bool>,
    /// How far saving is.
    #[prop(into)]
    saving: Signal<Saving>,
    /// Saving was tried with something that is missing.
    #[prop(into)]
    tried: Signal<bool>,
    /// Where the chat was opened.
    #[prop(into)]
    seen: Signal<Seen>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// The typed address is to be added.
    on_add: Callback<()>,
    /// An address is to be taken out.
    on_remove: Callback<String>,
    /// Everything is to be saved.
    on_save: Callback<()>,
    /// Everything is to be as it was.
    on_undo: Callback<()>,
    /// Where the chat was opened is to be looked up.
    on_look: Callback<()>,
    /// Something is to be copied.
    on_copy: Callback<Copying>,
    /// Back to the inbox.
    on_back: Callback<()>,
) -> impl IntoView {
    let text = words().install;
    let title = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            // Whoever cannot see that the page is another hears it.
            let _ = title.focus();
        }
    });
    let Settings {
        shop,
        edit,
        shown,
        relay,
        id,
        duty,
        zone,
        zones,
        today,
    } = settings;
    // The shop's first language, or who is here's.
    let spoken = shown.with_untracked(|front| front.languages.first().cloned());
    let language = spoken.unwrap_or_else(|| words().language.to_owned());
    let origins = Memo::new(move |_| edit.with(|edit| edit.origins.clone()));
    let origins_changed = Memo::new(move |_| {
        let saved = shop.with(|shop| shop.origins.clone());
        origins.with(|origins| *origins != saved)
    });
    view! {
        <main class="install" aria-labelledby="install-title">
            <header class="install-head">
                <button type="button" class="button icon-only install-back" aria-label=text.back title=text.back on:click=move |_| on_back.run(())>
                    {icon(Icon::Back)}
                </button>
                <div>
                    <h1 id="install-title" node_ref=title tabindex="-1">{text.title}</h1>
                    <p>{text.lead}</p>
                </div>
            </header>
            <div class="install-steps">
                <section class="step" aria-labelledby="step-1">
                    <h2 id="step-1">{text.origins_title}</h2>
                    <p class="step-lead">{text.origins_lead}</p>
                    <Origins origins typed no_origin on_add on_remove />
                </section>
                <section class="step" aria-labelledby="step-2">
                    <h2 id="step-2">{text.looks_title}</h2>
                    <p class="step-lead">{text.looks_lead}</p>
                    <FrontForm edit />
                    <LooksForm edit />
                    <h3>{text.ask_title}</h3>
                    <p class="step-lead">{text.ask_lead}</p>
                    <Questions edit language tried />
                </section>
                <section class="step" aria-labelledby="step-hours">
                    <h2 id="step-hours">{text.hours_title}</h2>
                    <p class="step-lead">{text.hours_lead}</p>
                    <HoursForm edit zone zones today />
                </section>
                <section class="step" aria-labelledby="step-3">
                    <h2 id="step-3">{text.tag_title}</h2>
                    <p class="step-lead">{text.tag_lead}</p>
                    <Tag relay id shown on_copy />
                </section>
                <section class="step" aria-labelledby="step-4">
                    <h2 id="step-4">{text.check_title}</h2>
                    <p class="step-lead">{text.check_lead}</p>
                    <Check shop origins_changed seen now on_look />
                </section>
            </div>
            <Preview shown duty />
            <SaveBar changed saving on_save on_undo />
        </main>
    }
}

/// What became of the changes, where everybody looks before they leave.
#[component]
fn SaveBar(
    changed: Signal<bool>,
    saving: Signal<Saving>,
    on_save: Callback<()>,
    on_undo: Callback<()>,
) -> impl IntoView {
    let text = words().install;
    let shown = Memo::new(move |_| changed.get() || saving.get() != Saving::Idle);
    let busy = Memo::new(move |_| saving.get() == Saving::Saving);
    view! {
        <div class="save-bar" class:shown=move || shown.get()>
            <p role="status" class:done=move || matches!(saving.get(), Saving::Saved(_))>
                {move || match saving.get() {
                    Saving::Saved(false) if !changed.get() => view! { {icon(Icon::Done)} {text.saved} }.into_any(),
                    Saving::Saved(true) if !changed.get() => view! { {icon(Icon::Done)} {text.saved_tag} }.into_any(),
                    Saving::Saving => text.saving.into_any(),
                    Saving::Failed(_) => ().into_any(),
                    Saving::Idle | Saving::Saved(_) => changed.get().then_some(text.unsaved).into_any(),
                }}
            </p>
            <p role="alert" class="save-failed">
                {move || match saving.get() {
                    Saving::Failed(why) => Some(view! { {icon(Icon::Warning)} <span>{why}</span> }),
                    Saving::Idle | Saving::Saving | Saving::Saved(_) => None,
                }}
            </p>
            <Show when=move || changed.get()>
                <button type="button" class="button" on:click=move |_| on_undo.run(())>{text.undo}</button>
                <button
                    type="button"
                    class="button primary"
                    aria-disabled=move || busy.get().to_string()
                    on:click=move |_| {
                        if !busy.get_untracked() {
                            on_save.run(());
                        }
                    }
                >
                    {text.save}
                </button>
            </Show>
        </div>
    }
}
