//! The chat as it would be: the widget itself, on a page of ours in a frame, which is told what is filled in
//! (`inbox/preview/preview.js`).

use browser::json;
use leptos::{html, prelude::*};
use protocol::{api::Storefront, entry::OperatorCard};
use serde::Serialize;
use wasm_bindgen::JsCast;

use crate::view::{install::looks::Choices, words};

/// The widget and its page are some 80 KB from the relay that has just sent the inbox.
const PATIENCE: core::time::Duration = core::time::Duration::from_secs(15);

/// What the frame is told.
#[derive(Serialize)]
struct Front<'a> {
    shop: &'a Storefront,
    duty: &'a [OperatorCard],
    night: bool,
}

/// The frame, and what it is looked at on.
#[component]
pub fn Preview(
    /// The shop as it would be.
    shown: Signal<Storefront>,
    /// Who would be there.
    duty: Vec<OperatorCard>,
) -> impl IntoView {
    let words = words();
    let text = words.install;
    let frame = NodeRef::<html::Iframe>::new();
    let (phone, drawn, late) = (
        RwSignal::new(true),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    let night = RwSignal::new(is_night());
    // How often the frame was loaded: each time it knows nothing.
    let loaded = RwSignal::new(0_u32);
    let front = Memo::new(move |_| {
        shown.with(|shop| {
            json::encode(&Front {
                shop,
                duty: &duty,
                night: night.get(),
            })
        })
    });
    let theirs = move || frame.get_untracked()?.content_window();
    Effect::new(move |_| {
        let front = front.get();
        if loaded.get() > 0
            && let Some(theirs) = theirs()
            && let Ok(origin) = window().location().origin()
        {
            // A frame that is gone hears nothing, and nobody looks at it.
            let _ = theirs.post_message(&front.into(), &origin);
        }
    });
    let heard = window_event_listener(leptos::ev::message, move |event| {
        let source = event.source();
        let ours = theirs().is_some_and(|theirs| {
            source.is_some_and(|source| source.loose_eq(theirs.unchecked_ref()))
        });
        if ours {
            drawn.set(true);
        }
    });
    on_cleanup(move || heard.remove());
    set_timeout(
        move || {
            let _ = late.try_set(true);
        },
        PATIENCE,
    );
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{text.preview}</h2>
            <div class="preview-ways">
                <Choices
                    name="preview-device"
                    legend=text.preview_device
                    options=vec![(true, text.phone), (false, text.computer)]
                    chosen=phone
                    on_choose=Callback::new(move |on| phone.set(on))
                />
                <Choices
                    name="preview-time"
                    legend=text.preview_time
                    options=vec![(false, text.day), (true, text.night)]
                    chosen=night
                    on_choose=Callback::new(move |on| night.set(on))
                />
            </div>
            <div class="preview-frame" class:phone=move || phone.get() class:drawn=move || drawn.get()>
                <iframe
                    node_ref=frame
                    title=text.preview
                    src=format!("/inbox/preview?lang={}", words.language)
                    on:load=move |_| loaded.update(|n| *n += 1)
                ></iframe>
                <p class="preview-wait" role="status">
                    {move || match (drawn.get(), late.get()) {
                        (true, _) => None,
                        (false, false) => Some(text.loading),
                        (false, true) => Some(text.preview_failed),
                    }}
                </p>
            </div>
            <p class="hint">{text.preview_note}</p>
        </section>
    }
}

fn is_night() -> bool {
    let asked = window().match_media("(prefers-color-scheme: dark)");
    asked.ok().flatten().is_some_and(|night| night.matches())
}
