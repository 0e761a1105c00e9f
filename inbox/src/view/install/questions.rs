//! What the shop asks beside the first words: a name, an e-mail address, questions of its own, and what is to be agreed to.

use leptos::prelude::*;
use protocol::form::{FieldKind, Unfit};

use crate::{
    install::{
        Edit,
        questions::{Asked, said, say},
    },
    view::{
        icon::{Icon, icon},
        install::{front::language_name, looks::Choices},
        words,
    },
};

/// Everything that can be asked.
#[component]
pub fn Questions(
    /// What is filled in.
    edit: RwSignal<Edit>,
    /// In which language the questions are written here, to begin with.
    language: String,
    /// What is missing is marked.
    tried: Signal<bool>,
) -> impl IntoView {
    let text = words().install;
    let first = language.clone();
    let language = RwSignal::new(language);
    let languages = Memo::new(move |_| {
        let mut all = edit.with(|edit| edit.languages.clone());
        if all.is_empty() {
            all.push(first.clone());
        }
        all
    });
    Effect::new(move |_| {
        // The one that was chosen may have been taken away.
        let all = languages.get();
        if let Some(first) = all.first()
            && !all.contains(&language.get_untracked())
        {
            language.set(first.clone());
        }
    });
    let asks = move |kind: FieldKind, name: &'static str, legend: &'static str| {
        view! {
            <Choices
                name
                legend
                options=vec![(Asked::No, text.ask_no), (Asked::May, text.ask_may), (Asked::Must, text.ask_must)]
                chosen=Memo::new(move |_| edit.with(|edit| edit.asked(kind)))
                on_choose=Callback::new(move |asked| edit.update(|edit| edit.ask(kind, asked)))
            />
        }
    };
    let own = Memo::new(move |_| edit.with(Edit::questions));
    let has_room = Memo::new(move |_| edit.with(Edit::has_room));
    let away = Memo::new(move |_| edit.with(|edit| edit.form.away));
    view! {
        <div class="looks">
            {asks(FieldKind::Name, "ask-name", text.ask_name)}
            {asks(FieldKind::Email, "ask-email", text.ask_email)}
            <label class="tick">
                <input type="checkbox" prop:checked=move || away.get() on:change=move |event| {
                    let on = event_target_checked(&event);
                    edit.update(|edit| edit.form.away = on);
                } />
                <span>{text.ask_away}</span>
            </label>
            <Show when=move || { languages.with(|all| all.len() > 1) }>
                <div class="field">
                    <label for="ask-language">{text.ask_language}</label>
                    <select
                        id="ask-language"
                        aria-describedby="ask-language-hint"
                        prop:value=move || language.get()
                        on:change=move |event| language.set(event_target_value(&event))
                    >
                        {move || {
                            let option = |code: String| {
                                let name = language_name(&code);
                                let chosen = language.with_untracked(|language| *language == code);
                                view! { <option value=code.clone() lang=code selected=chosen>{name}</option> }
                            };
                            languages.get().into_iter().map(option).collect_view()
                        }}
                    </select>
                    <p class="hint" id="ask-language-hint">{text.ask_language_hint}</p>
                </div>
            </Show>
            <For each=move || own.get() key=Clone::clone let:name>
                {question(edit, name, language, tried)}
            </For>
            <Show when=move || has_room.get()>
                <button type="button" class="button" on:click=move |_| edit.update(Edit::add_question)>{text.ask_more}</button>
            </Show>
            {consent(edit, language, tried)}
        </div>
    }
}

fn question(
    edit: RwSignal<Edit>,
    name: String,
    language: RwSignal<String>,
    tried: Signal<bool>,
) -> impl IntoView {
    let text = words().install;
    let (id, fault) = (name.clone(), format!("{name}-fault"));
    let name = StoredValue::new(name);
    let label = Memo::new(move |_| {
        let of = |edit: &Edit| name.with_value(|name| edit.question(name).map(|q| q.label.clone()));
        let label = edit.with(of).unwrap_or_default();
        language.with(|language| said(&label, language))
    });
    let required = Memo::new(move |_| {
        let of = |edit: &Edit| name.with_value(|name| edit.question(name).map(|q| q.required));
        edit.with(of).unwrap_or_default()
    });
    let faulty = Memo::new(move |_| {
        tried.get() && edit.with(|edit| name.with_value(|name| !edit.is_asking(name)))
    });
    let put = move |words: String| {
        edit.update(|edit| {
            if let Some(question) = name.with_value(|name| edit.question_mut(name)) {
                language.with_untracked(|language| say(&mut question.label, language, &words));
            }
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{text.question}</label>
            <div class="line">
                <input
                    id=id.clone()
                    maxlength="120"
                    lang=move || language.get()
                    dir="auto"
                    aria-describedby=fault.clone()
                    aria-invalid=move || faulty.get().to_string()
                    prop:value=move || label.get()
                    on:input=move |event| put(event_target_value(&event))
                />
                <button
                    type="button"
                    class="button icon-only"
                    aria-label=text.question_remove
                    title=text.question_remove
                    on:click=move |_| edit.update(|edit| name.with_value(|name| edit.remove_question(name)))
                >
                    {icon(Icon::Close)}
                </button>
            </div>
            {wrong(fault, Signal::derive(move || faulty.get().then_some(text.question_bad)))}
            <label class="tick">
                <input type="checkbox" prop:checked=move || required.get() on:change=move |event| {
                    let on = event_target_checked(&event);
                    edit.update(|edit| {
                        if let Some(question) = name.with_value(|name| edit.question_mut(name)) {
                            question.required = on;
                        }
                    });
                } />
                <span>{text.question_must}</span>
            </label>
        </div>
    }
}

fn consent(edit: RwSignal<Edit>, language: RwSignal<String>, tried: Signal<bool>) -> impl IntoView {
    let text = words().install;
    let known =
        Memo::new(move |_| edit.with(|edit| language.with(|language| edit.consent(language))));
    let fault = Memo::new(move |_| edit.with(Edit::consent_fault));
    let unsaid = Memo::new(move |_| tried.get() && fault.get() == Some(Unfit::Words));
    let bad_link = Memo::new(move |_| fault.get() == Some(Unfit::Link));
    let alone = Memo::new(move |_| edit.with(Edit::is_consent_alone));
    let put = move |words: &str, link: &str| {
        edit.update(|edit| language.with_untracked(|language| edit.agree(language, words, link)));
    };
    view! {
        <div class="field">
            <label for="consent">{text.consent}</label>
            <input
                id="consent"
                maxlength="120"
                lang=move || language.get()
                dir="auto"
                aria-describedby="consent-fault consent-hint"
                aria-invalid=move || unsaid.get().to_string()
                prop:value=move || known.get().0
                on:input=move |event| put(&event_target_value(&event), &known.get_untracked().1)
            />
            {wrong("consent-fault".into(), Signal::derive(move || unsaid.get().then_some(text.consent_bad)))}
            <p class="hint" role="status">{move || alone.get().then_some(text.consent_alone)}</p>
            <p class="hint" id="consent-hint">{text.consent_hint}</p>
        </div>
        <div class="field">
            <label for="consent-link">{text.consent_link}</label>
            <input
                id="consent-link"
                type="url"
                inputmode="url"
                autocapitalize="none"
                spellcheck="false"
                placeholder="https://shop.example/privacy"
                aria-describedby="consent-link-fault"
                aria-invalid=move || bad_link.get().to_string()
                prop:value=move || known.get().1
                on:input=move |event| put(&known.get_untracked().0, event_target_value(&event).trim())
            />
            {wrong("consent-link-fault".into(), Signal::derive(move || bad_link.get().then_some(text.consent_link_bad)))}
        </div>
    }
}

fn wrong(id: String, why: Signal<Option<&'static str>>) -> impl IntoView {
    view! {
        <p class="fault" id=id role="alert">
            {move || why.get().map(|why| view! { {icon(Icon::Warning)} <span>{why}</span> })}
        </p>
    }
}
