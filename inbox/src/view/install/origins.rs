//! The first step: where the shop is.

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    install::{NoOrigin, ORIGINS_MAX},
    view::{
        icon::{Icon, icon},
        words,
    },
};

/// The list of origins, and a field for one more.
#[component]
pub fn Origins(
    /// Those that are filled in.
    origins: Memo<Vec<String>>,
    /// The one that is being typed.
    typed: RwSignal<String>,
    /// Why it was not added.
    no_origin: Signal<Option<NoOrigin>>,
    /// It is to be added.
    on_add: Callback<()>,
    /// One is to be taken out.
    on_remove: Callback<String>,
) -> impl IntoView {
    let text = words().install;
    let field = NodeRef::<html::Input>::new();
    let to_field = move || {
        if let Some(field) = field.get_untracked() {
            // Where it cannot have the focus, everything works as well.
            let _ = field.focus();
        }
    };
    Effect::new(move |_| {
        if no_origin.get().is_some() {
            to_field();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_add.run(());
        to_field();
    };
    view! {
        <ul class="origins" aria-label=text.origin_label>
            <For each=move || origins.get() key=Clone::clone let:origin>
                <li>
                    <span class="origin">{origin.clone()}</span>
                    <button
                        type="button"
                        class="button icon-only"
                        aria-label=(text.remove)(&origin)
                        title=(text.remove)(&origin)
                        on:click={
                            let origin = origin.clone();
                            move |_| {
                                on_remove.run(origin.clone());
                                to_field();
                            }
                        }
                    >
                        {icon(Icon::Close)}
                    </button>
                </li>
            </For>
        </ul>
        <Show when=move || origins.with(Vec::is_empty)>
            <p class="hint">{text.origins_none}</p>
        </Show>
        <form class="line" novalidate on:submit=submit>
            <div class="field">
                <label for="origin">{text.origin_label}</label>
                <input
                    id="origin"
                    node_ref=field
                    type="url"
                    inputmode="url"
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="https://shop.example"
                    aria-describedby="origin-fault origin-hint"
                    aria-invalid=move || no_origin.get().is_some().to_string()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </div>
            <button type="submit" class="button">{text.add}</button>
        </form>
        <p class="fault" id="origin-fault" role="alert">
            {move || no_origin.get().map(|why| view! { {icon(Icon::Warning)} <span>{match why {
                NoOrigin::Bad => text.origin_bad.to_owned(),
                NoOrigin::Known => text.origin_known.to_owned(),
                NoOrigin::Many => (text.origins_many)(ORIGINS_MAX),
            }}</span> })}
        </p>
        <p class="hint" id="origin-hint">{text.origin_hint}</p>
    }
}
