//! Where the operator writes. Whether the visitor will see it is told by the colour and the word of the button that sends it.

use leptos::{ev, html, prelude::*};
use protocol::{
    desk::{
        meanwhile,
        offer::{Offer, Stop},
        writing::Press,
    },
    limits::TEXT_MAX,
};
use wasm_bindgen::JsCast;

use crate::view::{
    bubble,
    icon::{Icon, icon},
    offer::{
        Editing,
        editor::{OfferButton, OfferEditor},
        fault_at,
    },
    words,
};

/// From here on the room that is left is told: the last tenth.
const TELL_FROM: usize = TEXT_MAX / 10 * 9;

/// Who will read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The visitor.
    #[default]
    Reply,
    /// The team.
    Note,
}

/// Why nothing leaves at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The connection is being made.
    Connecting,
    /// There is no connection, or not everything has come that was missed without one.
    Behind,
    /// This page cannot go on.
    Ended,
}

/// What others wrote while the operator writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meanwhile {
    /// The last of it.
    pub told: meanwhile::Meanwhile,
    /// The operator wanted to send, and was shown it instead.
    pub asked: bool,
}

/// The composer.
#[component]
pub fn Composer(
    /// What is written so far.
    draft: RwSignal<String>,
    /// Who will read it.
    mode: RwSignal<Mode>,
    /// What is offered beside a reply.
    offer: RwSignal<Offer>,
    /// It is being filled in.
    offering: RwSignal<bool>,
    /// Why nothing leaves at once.
    #[prop(into)]
    hold: Signal<Option<Hold>>,
    /// What was written meanwhile.
    #[prop(into)]
    meanwhile: Signal<Option<Meanwhile>>,
    /// Grows when the composer is to be focused.
    #[prop(into)]
    focus: Signal<u32>,
    /// It was changed by hand.
    on_input: Callback<()>,
    /// It is to be sent.
    on_send: Callback<Press>,
    /// Esc was pressed in it.
    on_leave: Callback<()>,
    /// The page is to be loaded again.
    on_reload: Callback<()>,
) -> impl IntoView {
    let text = words();
    let field = NodeRef::<html::Textarea>::new();
    let button = NodeRef::<html::Button>::new();
    let length = Memo::new(move |_| draft.with(|draft| draft.chars().count()));
    let empty = Memo::new(move |_| draft.with(|draft| draft.trim().is_empty()));
    let is_note = move || mode.get() == Mode::Note;
    // Beside a note whatever came between can be read.
    let overtaken = Memo::new(move |_| meanwhile.get().filter(|_| !is_note()));
    let editing = Editing::new(offer, offering, on_input);
    // A note leaves an offer where it is.
    let stop = Memo::new(move |_| {
        let stop = || offer.with(|offer| draft.with(|draft| offer.stop(draft)));
        (!is_note()).then(stop).flatten()
    });
    let offers = Memo::new(move |_| !is_note() && offer.with(|offer| !offer.is_empty()));
    let send = move |press| {
        if let Some(Stop::Fault(place, _)) = stop.get_untracked() {
            return editing.show(Some(place));
        }
        if !empty.get_untracked() && length.get_untracked() <= TEXT_MAX {
            on_send.run(press);
        } else if stop.get_untracked().is_none() {
            return;
        }
        if let Some(field) = field.get_untracked() {
            // Without focus it works as well.
            let _ = field.focus();
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        // While a word is being composed (Japanese, accents) Enter and Esc belong to the keyboard. Safari ends the
        // composition before the key, and says 229.
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        match event.key().as_str() {
            "Enter" if !event.shift_key() && !event.alt_key() => {
                event.prevent_default();
                // A key that is held down is one press.
                if !event.repeat() {
                    send(Press::Key);
                }
            }
            "Escape" => on_leave.run(()),
            _ => {}
        }
    };
    Effect::new(move |_| {
        draft.track();
        if let Some(field) = field.get() {
            grow(&field);
        }
    });
    // With every word, and not only where it changes: the tray of files (widget/extra/tray.js) has a hand in it, too.
    Effect::new(move |_| {
        draft.track();
        let off = empty.get() && !offers.get();
        if let Some(button) = button.get() {
            button.set_disabled(off);
        }
    });
    Effect::new(move |before: Option<u32>| {
        let asked = focus.get();
        if before.is_some_and(|before| before != asked)
            && let Some(field) = field.get_untracked()
        {
            let _ = field.focus();
        }
        asked
    });
    let choice = move |which: Mode, label: &'static str, sign: Icon| {
        view! {
            <label class="choice">
                <input type="radio" name="mode" prop:checked=move || mode.get() == which on:change=move |_| mode.set(which) />
                <span>{icon(sign)} {label}</span>
            </label>
        }
    };
    view! {
        <form
            class="writing"
            class:note-mode=is_note
            aria-label=text.composer
            on:submit=move |event| {
                event.prevent_default();
                send(Press::Button);
            }
        >
            <div class="hold" role="status">
                {move || {
                    let hold = hold.get()?;
                    let (sign, said) = match hold {
                        Hold::Connecting => (Icon::Clock, text.connecting),
                        Hold::Behind => (Icon::Offline, text.behind),
                        Hold::Ended => (Icon::Warning, text.ended),
                    };
                    let reload = (hold == Hold::Ended).then(|| {
                        view! {
                            <button type="button" class="link" on:click=move |_| on_reload.run(())>
                                {text.reload}
                            </button>
                        }
                    });
                    let behind = hold == Hold::Behind;
                    Some(view! { <p class:late=behind>{icon(sign)} <span>{said}</span> {reload}</p> })
                }}
            </div>
            <div id="composer-meanwhile" role="status">
                {move || {
                    let Meanwhile { told, asked } = overtaken.get()?;
                    let said = bubble::meanwhile(&told, text);
                    let next = asked.then(|| view! { " " <span>{text.not_left}</span> });
                    Some(
                        view! {
                            <p class="meanwhile" class:asked=asked>
                                {icon(Icon::Reply)} <span>{said} {next}</span>
                            </p>
                        },
                    )
                }}
            </div>
            <div class="paper">
                <div class="paper-head">
                    <div class="choices" role="radiogroup" aria-label=text.mode>
                        {choice(Mode::Reply, text.reply, Icon::Reply)} {choice(Mode::Note, text.note, Icon::Note)}
                    </div>
                    <Show when=is_note fallback=move || view! { <OfferButton editing /> }>
                        <span class="note-warning">{text.note_warning}</span>
                    </Show>
                </div>
                <Show when=move || offering.get() && !is_note()>
                    <OfferEditor editing />
                </Show>
                <textarea
                    node_ref=field
                    rows="2"
                    aria-label=move || if is_note() { text.write_note } else { text.write_reply }
                    placeholder=move || if is_note() { text.write_note } else { text.write_reply }
                    aria-describedby="composer-left composer-meanwhile composer-stop"
                    enterkeyhint="send"
                    prop:value=move || draft.get()
                    on:input=move |event| {
                        draft.set(event_target_value(&event));
                        on_input.run(());
                    }
                    on:keydown=key
                ></textarea>
                <div class="paper-foot">
                    <span id="composer-stop" class="stop">
                        {move || stop.get().map(|stop| match stop {
                            Stop::Fault(place, fault) => offer.with(|offer| fault_at(offer, place, fault, text)),
                            Stop::NoWords => text.offering.no_words.to_owned(),
                        })}
                    </span>
                    <Show when=move || stop.get().is_none()>
                        <span class="enter-hint">{text.enter_sends}</span>
                    </Show>
                    <span id="composer-left" class="left" class:over=move || { length.get() > TEXT_MAX } role="status">
                        {move || match length.get() {
                            n if n > TEXT_MAX => (text.over)(n - TEXT_MAX),
                            n if n >= TELL_FROM => (text.left)(TEXT_MAX - n),
                            _ => String::new(),
                        }}
                    </span>
                    <button
                        node_ref=button
                        type="submit"
                        class="button send"
                        aria-disabled=move || stop.get().is_some().then_some("true")
                        aria-describedby="composer-stop"
                    >
                        {move || icon(if is_note() { Icon::Note } else { Icon::Send })}
                        <span>
                            {move || match (is_note(), overtaken.with(Option::is_some), offers.get()) {
                                (true, ..) => text.add_note,
                                (false, true, _) => text.send_anyway,
                                (false, false, true) => text.offering.send,
                                (false, false, false) => text.send_reply,
                            }}
                        </span>
                    </button>
                </div>
            </div>
        </form>
    }
}

/// As tall as its words; the style sheet says where that ends.
fn grow(field: &web_sys::HtmlTextAreaElement) {
    let style = field.unchecked_ref::<web_sys::HtmlElement>().style();
    // A style that is not taken leaves a field that scrolls.
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}
