//! A button that copies, and says that it did.

use leptos::prelude::*;

use crate::view::{
    icon::{Icon, icon},
    words,
};

/// How long the button says so: long enough to be read twice.
const SAID_FOR: core::time::Duration = core::time::Duration::from_secs(4);

/// Something to copy, and where to say whether it is.
#[derive(Clone, Debug)]
pub struct Copying {
    /// What.
    pub text: String,
    /// Set when the browser has answered.
    pub done: RwSignal<Option<bool>>,
}

/// The button.
#[component]
pub fn Copy(
    /// What stands on it.
    label: &'static str,
    /// What it copies.
    #[prop(into)]
    what: Signal<String>,
    /// It is the first thing to do here.
    #[prop(optional)]
    primary: bool,
    /// It was pressed.
    on_copy: Callback<Copying>,
) -> impl IntoView {
    let text = words().install;
    let done = RwSignal::new(None::<bool>);
    Effect::new(move |_| {
        if done.get().is_some() {
            set_timeout(
                move || {
                    let _ = done.try_set(None);
                },
                SAID_FOR,
            );
        }
    });
    let copied = Memo::new(move |_| done.get() == Some(true));
    view! {
        <button
            type="button"
            class="button copy"
            class:primary=primary
            on:click=move |_| {
                on_copy.run(Copying { text: what.get_untracked(), done });
            }
        >
            {move || icon(if copied.get() { Icon::Tick } else { Icon::Copy })}
            {move || if copied.get() { text.copied } else { label }}
        </button>
        <span class="unseen" role="status">{move || copied.get().then_some(text.copied)}</span>
        <span class="fault" role="alert">{move || (done.get() == Some(false)).then_some(text.not_copied)}</span>
    }
}
