//! The second step: what the chat looks like.

use leptos::prelude::*;
use protocol::{
    limits::RADIUS_MAX,
    looks::{Font, Position, Theme},
};

use crate::{
    install::{self, Edit, Reading},
    text::install::Install as Text,
    view::{
        icon::{Icon, icon},
        words,
    },
};

/// Corners up to this many px are called square: they are seen as such.
const SQUARE: u16 = 3;

/// Corners up to this many px are called soft.
const SOFT: u16 = 15;

/// Everything that can be chosen.
#[component]
pub fn LooksForm(
    /// What is filled in.
    edit: RwSignal<Edit>,
) -> impl IntoView {
    let text = words().install;
    let radius = Memo::new(move |_| edit.with(|edit| edit.radius));
    view! {
        <div class="looks">
            {color(edit, text)} {logo(edit, text)}
            <div class="field">
                <label for="radius">{text.corners}</label>
                <div class="corners">
                    <input
                        id="radius"
                        type="range"
                        min="0"
                        max=RADIUS_MAX.to_string()
                        aria-valuetext=move || format!("{}, {} px", roundness(radius.get(), text), radius.get())
                        prop:value=move || radius.get().to_string()
                        on:input=move |event| {
                            if let Ok(radius) = event_target_value(&event).parse() {
                                edit.update(|edit| edit.radius = radius);
                            }
                        }
                    />
                    <output for="radius">{move || format!("{} · {} px", roundness(radius.get(), text), radius.get())}</output>
                </div>
            </div>
            <Choices
                name="position"
                legend=text.side
                options=vec![(Position::Right, text.right), (Position::Left, text.left)]
                chosen=Memo::new(move |_| edit.with(|edit| edit.position))
                on_choose=Callback::new(move |position| edit.update(|edit| edit.position = position))
            />
            <p class="hint">{text.side_hint}</p>
            <Choices
                name="font"
                legend=text.letters
                options=vec![(Font::System, text.letters_device), (Font::Shop, text.letters_shop)]
                chosen=Memo::new(move |_| edit.with(|edit| edit.font))
                on_choose=Callback::new(move |font| edit.update(|edit| edit.font = font))
            />
            <p class="hint">{text.letters_hint}</p>
            <Choices
                name="theme"
                legend=text.theme
                options=vec![(Theme::Auto, text.theme_auto), (Theme::Light, text.theme_light), (Theme::Dark, text.theme_dark)]
                chosen=Memo::new(move |_| edit.with(|edit| edit.theme))
                on_choose=Callback::new(move |theme| edit.update(|edit| edit.theme = theme))
            />
        </div>
    }
}

fn color(edit: RwSignal<Edit>, text: &'static Text) -> impl IntoView {
    let chosen = Memo::new(move |_| edit.with(|edit| edit.color.clone()));
    let faulty = Memo::new(move |_| edit.with(|edit| !edit.has_color()));
    let put = move |color: String| edit.update(|edit| edit.color = color);
    view! {
        <fieldset class="field">
            <legend>{text.color}</legend>
            <div class="line">
                <input
                    type="color"
                    aria-label=text.color_picker
                    prop:value=move || if faulty.get() { "#000000".to_owned() } else { chosen.get() }
                    on:input=move |event| put(event_target_value(&event))
                />
                <input
                    id="color"
                    class="code"
                    aria-label=text.color_code
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="7"
                    aria-describedby="color-fault color-reading"
                    aria-invalid=move || faulty.get().to_string()
                    prop:value=move || chosen.get()
                    on:input=move |event| put(event_target_value(&event).trim().to_lowercase())
                />
            </div>
            <p class="fault" id="color-fault" role="alert">
                {move || faulty.get().then(|| view! { {icon(Icon::Warning)} <span>{text.color_bad}</span> })}
            </p>
            <p class="hint reading" id="color-reading" role="status">
                {move || {
                    let (sign, told) = match install::reading(&chosen.get())? {
                        Reading::White(ratio) => (Icon::Done, (text.contrast_easy)(&ratio)),
                        Reading::Dark(ratio) => (Icon::Done, (text.contrast_dark_text)(&ratio)),
                        Reading::Darkened => (Icon::Darker, text.contrast_darkened.to_owned()),
                    };
                    Some(view! { {icon(sign)} <span>{told}</span> })
                }}
            </p>
        </fieldset>
    }
}

fn logo(edit: RwSignal<Edit>, text: &'static Text) -> impl IntoView {
    let chosen = Memo::new(move |_| edit.with(|edit| edit.logo.clone()));
    let faulty = Memo::new(move |_| edit.with(|edit| !edit.has_logo()));
    view! {
        <div class="field">
            <label for="logo">{text.logo}</label>
            <input
                id="logo"
                type="url"
                inputmode="url"
                autocapitalize="none"
                autocomplete="off"
                spellcheck="false"
                placeholder="https://shop.example/logo.png"
                aria-describedby="logo-fault logo-hint"
                aria-invalid=move || faulty.get().to_string()
                prop:value=move || chosen.get()
                on:input=move |event| {
                    let address = event_target_value(&event).trim().to_owned();
                    edit.update(|edit| edit.logo = address);
                }
            />
            <p class="fault" id="logo-fault" role="alert">
                {move || faulty.get().then(|| view! { {icon(Icon::Warning)} <span>{text.logo_bad}</span> })}
            </p>
            <p class="hint" id="logo-hint">{text.logo_hint}</p>
        </div>
    }
}

/// One of a few, as radio buttons side by side.
#[component]
pub fn Choices<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Keeps them together.
    name: &'static str,
    /// What is chosen.
    legend: &'static str,
    /// Each with its word.
    options: Vec<(T, &'static str)>,
    /// The one that is.
    #[prop(into)]
    chosen: Signal<T>,
    /// Another was.
    on_choose: Callback<T>,
) -> impl IntoView {
    let one = move |(option, word): (T, &'static str)| {
        view! {
            <label class="choice">
                <input type="radio" name=name prop:checked=move || chosen.get() == option on:change=move |_| on_choose.run(option) />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field choosing">
            <legend>{legend}</legend>
            <div class="choices">{options.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
}

fn roundness(radius: u16, text: &'static Text) -> &'static str {
    if radius <= SQUARE {
        text.square
    } else if radius <= SOFT {
        text.soft
    } else {
        text.round
    }
}
