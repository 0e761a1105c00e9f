//! The third step: the tag, and where it goes.

use leptos::prelude::*;
use protocol::{api::Storefront, id::ShopId};

use crate::{
    install,
    view::{
        install::{
            copy::{Copy, Copying},
            looks::Choices,
        },
        words,
    },
};

/// Their names, in the order of the instructions; the first has a word of ours.
const SYSTEMS: [&str; 5] = ["", "Shopify", "WooCommerce", "Magento", "PrestaShop"];

/// The tag with what to do with it.
#[component]
pub fn Tag(
    /// The relay's origin.
    relay: String,
    /// The shop.
    id: ShopId,
    /// The shop as it would be.
    shown: Signal<Storefront>,
    /// Something is to be copied.
    on_copy: Callback<Copying>,
) -> impl IntoView {
    let text = words().install;
    let of_tag = relay.clone();
    let tag = Memo::new(move |_| shown.with(|shown| install::tag(&of_tag, &id, shown)));
    let policy = Memo::new(move |_| {
        shown.with(|shown| install::policy(&relay, shown.looks.logo.as_deref()))
    });
    let system = RwSignal::new(0);
    let options = SYSTEMS.iter().enumerate();
    let options = options.map(|(at, name)| (at, if name.is_empty() { text.plain } else { name }));
    view! {
        <pre class="code-box" tabindex="0" role="textbox" aria-readonly="true" aria-multiline="true" aria-label=text.tag_label><code>{move || tag.get()}</code></pre>
        <div class="copy-line">
            <Copy label=text.copy_tag what=tag primary=true on_copy />
        </div>
        <p class="hint">{text.tag_carries}</p>
        <Choices
            name="system"
            legend=text.systems
            options=options.collect()
            chosen=system
            on_choose=Callback::new(move |at| system.set(at))
        />
        <ol class="how" aria-live="polite">
            {move || {
                let lines = text.steps.get(system.get()).copied().unwrap_or_default();
                lines.iter().map(|line| view! { <li>{*line}</li> }).collect_view()
            }}
        </ol>
        <details class="policy">
            <summary>{text.policy}</summary>
            <p class="hint">{text.policy_lead}</p>
            <pre class="code-box" tabindex="0" role="textbox" aria-readonly="true" aria-multiline="true" aria-label="Content-Security-Policy"><code>{move || policy.get()}</code></pre>
            <div class="copy-line">
                <Copy label=text.copy_policy what=policy on_copy />
            </div>
        </details>
    }
}
