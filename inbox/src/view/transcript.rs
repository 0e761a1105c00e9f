//! The transcript in its scroller. The scroller stands on its head (`column-reverse`), so it counts from the newest line: it
//! stays there when lines are added, and where it is when older ones come in above. Only lines that are added while the
//! operator reads further up would move what they read; that is made up for here. The browser's own anchoring takes the
//! older lines for a shift in such a scroller, and is switched off.

use std::{collections::BTreeMap, sync::Arc};

use leptos::{html, prelude::*};
use protocol::time::Timestamp;

use crate::{
    lines::{Key, Line, Shape},
    view::{
        bubble::{Bubble, Remedy},
        icon::{Icon, icon},
        words,
    },
};

/// Nearer than this to the end counts as at the end: less than a line.
const AT_END: i32 = 24;

/// Nearer than this to the oldest line, older ones are asked for: about a screen.
const NEAR_START: i32 = 600;

/// The transcript.
#[component]
pub fn Transcript(
    /// Its lines, oldest first.
    #[prop(into)]
    lines: Signal<Arc<Vec<Line>>>,
    /// There are older ones.
    #[prop(into)]
    has_older: Signal<bool>,
    /// The first line here is the first of all.
    #[prop(into)]
    begins: Signal<bool>,
    /// Nothing is known yet.
    #[prop(into)]
    loading: Signal<bool>,
    /// Who types, in words.
    #[prop(into)]
    typing: Signal<Option<String>>,
    /// How many messages were not seen.
    #[prop(into)]
    unseen: Signal<usize>,
    /// The visitor's name.
    #[prop(into)]
    visitor: Signal<String>,
    /// Now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// The newest line is before the operator's eyes.
    at_end: RwSignal<bool>,
    /// Grows when the newest line is to be shown.
    #[prop(into)]
    to_end: Signal<u32>,
    /// Older lines are wanted.
    on_older: Callback<()>,
    /// Something is to be done about refused words.
    on_remedy: Callback<Remedy>,
    /// What came with words is to be drawn in this place.
    on_parts: Callback<(web_sys::Element, String)>,
) -> impl IntoView {
    let text = words();
    let scroller = NodeRef::<html::Div>::new();
    let shapes = StoredValue::new(BTreeMap::<Key, ArcRwSignal<Shape>>::new());
    let shaped = move || {
        lines.with(|lines| {
            shapes
                .try_update_value(|shapes| reconcile(shapes, lines))
                .unwrap_or_default()
        })
    };
    let show_end = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
            at_end.set(true);
        }
    };
    Effect::new(move |_| {
        to_end.track();
        show_end();
    });
    let looked = move || {
        let Some(scroller) = scroller.get_untracked() else {
            return;
        };
        let from_end = -scroller.scroll_top();
        if at_end.get_untracked() != (from_end < AT_END) {
            at_end.set(from_end < AT_END);
        }
        let from_start = scroller.scroll_height() - scroller.client_height() - from_end;
        if from_start < NEAR_START && has_older.get_untracked() {
            on_older.run(());
        }
    };
    let drawn = StoredValue::new(Drawn::default());
    let settled = move || {
        let Some(scroller) = scroller.get_untracked() else {
            return;
        };
        let now = lines.with_untracked(|lines| Drawn {
            first: lines.first().map(|line| line.key),
            last: lines.last().map(|line| line.key),
            height: scroller.scroll_height(),
        });
        let before = drawn.get_value();
        drawn.set_value(now);
        if before.first == now.first && before.last != now.last && !at_end.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_top() - (now.height - before.height));
        }
        // A page that does not fill the screen cannot be scrolled, and older lines have room.
        looked();
    };
    Effect::new(move |_| {
        lines.track();
        // After they are drawn and before they are seen.
        request_animation_frame(settled);
    });
    view! {
        <div class="transcript">
            <div class="scroller" node_ref=scroller role="log" aria-label=text.transcript tabindex="0" on:scroll=move |_| looked()>
                <div class="lines">
                    <Show
                        when=move || !loading.get()
                        fallback=move || {
                            view! {
                                <div class="lines-loading" role="status">
                                    <span class="unseen">{text.loading}</span>
                                    <span class="bone theirs"></span>
                                    <span class="bone theirs short"></span>
                                    <span class="bone ours"></span>
                                </div>
                            }
                        }
                    >
                        <p class="beginning">{move || match (has_older.get(), begins.get()) {
                            (true, _) => text.older,
                            (false, true) => text.beginning,
                            (false, false) => "",
                        }}</p>
                        <For each=shaped key=|(line, _)| line.key let((line, shape))>
                            <Bubble line shape visitor now on_remedy on_parts />
                        </For>
                    </Show>
                    <div class="typing-room" aria-live="polite">
                        {move || {
                            typing
                                .get()
                                .map(|who| {
                                    view! {
                                        <p class="typing">
                                            <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                                            <span>{who}</span>
                                        </p>
                                    }
                                })
                        }}
                    </div>
                </div>
            </div>
            <Show when=move || !at_end.get()>
                <button
                    type="button"
                    class="to-end"
                    class:with-news=move || { unseen.get() > 0 }
                    aria-label=text.new_messages
                    on:click=move |_| show_end()
                >
                    <Show when=move || { unseen.get() > 0 }>
                        <span>{text.new_messages}</span>
                    </Show>
                    {icon(Icon::Down)}
                </button>
            </Show>
        </div>
    }
}

/// What was drawn last.
#[derive(Clone, Copy, Default)]
struct Drawn {
    first: Option<Key>,
    last: Option<Key>,
    height: i32,
}

/// Each line with the signal of its shape: the one it had, so that only what changed is drawn again.
fn reconcile(
    shapes: &mut BTreeMap<Key, ArcRwSignal<Shape>>,
    lines: &[Line],
) -> Vec<(Line, ArcRwSignal<Shape>)> {
    let mut before = core::mem::take(shapes);
    let mut shaped = Vec::with_capacity(lines.len());
    for line in lines {
        let shape = before
            .remove(&line.key)
            .unwrap_or_else(|| ArcRwSignal::new(line.shape.clone()));
        if shape.get_untracked() != line.shape {
            shape.set(line.shape.clone());
        }
        shapes.insert(line.key, shape.clone());
        shaped.push((line.clone(), shape));
    }
    shaped
}
