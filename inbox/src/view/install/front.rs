//! What the chat says first: the shop's name, and a greeting in each language that it answers in.

use leptos::prelude::*;

use crate::{
    install::Edit,
    view::{
        icon::{Icon, icon},
        words,
    },
};

/// The languages that the widget speaks, each by its own name.
const LANGUAGES: [(&str, &str); 7] = [
    ("it", "Italiano"),
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ar", "العربية"),
];

/// Characters of a greeting, as many as the relay takes.
const GREETING_MAX: &str = "500";

/// The name and the greetings.
#[component]
pub fn FrontForm(
    /// What is filled in.
    edit: RwSignal<Edit>,
) -> impl IntoView {
    let text = words().install;
    let name = Memo::new(move |_| edit.with(|edit| edit.name.clone()));
    let faulty = Memo::new(move |_| edit.with(|edit| !edit.has_name()));
    let languages = Memo::new(move |_| edit.with(|edit| edit.languages.clone()));
    let others = move || {
        let known = languages.get();
        let other = |(code, _): &(&str, &str)| !known.iter().any(|one| one == code);
        LANGUAGES.into_iter().filter(other).collect::<Vec<_>>()
    };
    view! {
        <div class="field">
            <label for="shop-name">{text.name}</label>
            <input
                id="shop-name"
                class="text"
                maxlength="80"
                autocomplete="organization"
                aria-describedby="shop-name-fault"
                aria-invalid=move || faulty.get().to_string()
                prop:value=move || name.get()
                on:input=move |event| edit.update(|edit| edit.name = event_target_value(&event))
            />
            <p class="fault" id="shop-name-fault" role="alert">
                {move || faulty.get().then(|| view! { {icon(Icon::Warning)} <span>{text.name_bad}</span> })}
            </p>
        </div>
        <fieldset class="field greetings">
            <legend>{text.greeting}</legend>
            <For each=move || languages.get() key=Clone::clone let:language>
                <Greeting edit language />
            </For>
            <Show when=move || !others().is_empty()>
                <select
                    aria-label=text.add_language
                    on:change=move |event| {
                        let language = event_target_value(&event);
                        edit.update(|edit| edit.languages.push(language));
                    }
                >
                    // It is chosen again whenever another language has become a field.
                    {move || view! {
                        <option value="" selected disabled>{text.add_language}</option>
                        {others().into_iter().map(|(code, name)| view! { <option value=code lang=code>{name}</option> }).collect_view()}
                    }}
                </select>
            </Show>
            <p class="hint">{text.greeting_hint}</p>
        </fieldset>
    }
}

/// What a language calls itself; its code where that is not known here.
pub(super) fn language_name(language: &str) -> String {
    let known = LANGUAGES.iter().find(|(code, _)| *code == language);
    known.map_or(language, |(_, name)| *name).to_owned()
}

/// The greeting in one language.
#[component]
fn Greeting(edit: RwSignal<Edit>, language: String) -> impl IntoView {
    let text = words().install;
    let name = language_name(&language);
    let (mine, write, drop) = (language.clone(), language.clone(), language.clone());
    let greeting =
        Memo::new(move |_| edit.with(|edit| edit.greeting.get(&mine).cloned().unwrap_or_default()));
    view! {
        <p class="language" aria-hidden="true">{name.clone()}</p>
        <div class="line">
            <textarea
                rows="2"
                maxlength=GREETING_MAX
                lang=language.clone()
                dir="auto"
                aria-label=(text.greeting_in)(&name)
                prop:value=move || greeting.get()
                on:input=move |event| {
                    let words = event_target_value(&event);
                    edit.update(|edit| {
                        // Words that are taken away leave nothing behind.
                        match words.is_empty() {
                            true => edit.greeting.remove(&write),
                            false => edit.greeting.insert(write.clone(), words),
                        };
                    });
                }
            ></textarea>
            <button
                type="button"
                class="button icon-only"
                aria-label=(text.drop_language)(&name)
                title=(text.drop_language)(&name)
                on:click=move |_| {
                    edit.update(|edit| {
                        edit.greeting.remove(&drop);
                        edit.languages.retain(|one| *one != drop);
                    });
                }
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
}
