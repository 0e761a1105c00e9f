//! What the shop asks beside the first words: a name, an e-mail address, questions of its own, and what is to be agreed to.

use leptos::prelude::*;
use protocol::form::FieldKind;

use crate::{
    install::{
        Edit,
        questions::{Asked, said, say},
    },
    view::{
        icon::{Icon, icon},
        install::looks::Choices,
        words,
    },
};

/// Everything that can be asked. `language` is the one that it is written in.
#[component]
pub fn Questions(
    /// What is filled in.
    edit: RwSignal<Edit>,
    /// In which language the questions are written here.
    language: String,
) -> impl IntoView {
    let text = words().install;
    let language = StoredValue::new(language);
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
            <For each=move || own.get() key=Clone::clone let:name>
                {question(edit, name, language)}
            </For>
            <Show when=move || has_room.get()>
                <button type="button" class="button" on:click=move |_| edit.update(Edit::add_question)>{text.ask_more}</button>
            </Show>
            {consent(edit, language)}
        </div>
    }
}

fn question(edit: RwSignal<Edit>, name: String, language: StoredValue<String>) -> impl IntoView {
    let text = words().install;
    let (id, name) = (name.clone(), StoredValue::new(name));
    let label = Memo::new(move |_| {
        let of = |edit: &Edit| name.with_value(|name| edit.question(name).map(|q| q.label.clone()));
        let label = edit.with(of).unwrap_or_default();
        language.with_value(|language| said(&label, language))
    });
    let required = Memo::new(move |_| {
        let of = |edit: &Edit| name.with_value(|name| edit.question(name).map(|q| q.required));
        edit.with(of).unwrap_or_default()
    });
    let put = move |words: String| {
        edit.update(|edit| {
            if let Some(question) = name.with_value(|name| edit.question_mut(name)) {
                language.with_value(|language| say(&mut question.label, language, &words));
            }
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{text.question}</label>
            <div class="line">
                <input id=id.clone() maxlength="120" prop:value=move || label.get() on:input=move |event| put(event_target_value(&event)) />
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

fn consent(edit: RwSignal<Edit>, language: StoredValue<String>) -> impl IntoView {
    let text = words().install;
    let known = Memo::new(move |_| edit.with(|edit| language.with_value(|l| edit.consent(l))));
    let put = move |words: &str, link: &str| {
        edit.update(|edit| language.with_value(|l| edit.agree(l, words, link)));
    };
    view! {
        <div class="field">
            <label for="consent">{text.consent}</label>
            <input
                id="consent"
                maxlength="120"
                aria-describedby="consent-hint"
                prop:value=move || known.get().0
                on:input=move |event| put(&event_target_value(&event), &known.get_untracked().1)
            />
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
                prop:value=move || known.get().1
                on:input=move |event| put(&known.get_untracked().0, event_target_value(&event).trim())
            />
        </div>
    }
}
