//! What the keys do.

use leptos::{html, prelude::*};

use crate::view::{
    icon::{Icon, icon},
    words,
};

/// The keyboard's shortcuts.
#[component]
pub fn Hints(
    /// They are shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let text = words();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails only for a dialog that is open or not on the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            (true, true) | (false, false) => {}
        }
    });
    let keys = [
        ("J", "K", text.key_move),
        ("Enter", "", text.key_open),
        ("R", "", text.key_reply),
        ("N", "", text.key_note),
        ("A", "", text.key_assign),
        ("E", "", text.key_resolve),
        ("I", "", text.key_install),
        ("?", "", text.key_help),
        ("Esc", "", text.key_back),
    ];
    let line = |(key, other, does): (&'static str, &'static str, &'static str)| {
        view! {
            <div>
                <dt>
                    <kbd>{key}</kbd>
                    {(!other.is_empty()).then(|| view! { " " <kbd>{other}</kbd> })}
                </dt>
                <dd>{does}</dd>
            </div>
        }
    };
    view! {
        <dialog class="hints" node_ref=dialog aria-labelledby="hints-title" on:close=move |_| open.set(false)>
            <header>
                <h2 id="hints-title">{text.shortcuts}</h2>
                <button type="button" class="button icon-only" aria-label=text.close on:click=move |_| open.set(false)>
                    {icon(Icon::Close)}
                </button>
            </header>
            <dl>{keys.map(line).collect_view()}</dl>
        </dialog>
    }
}
