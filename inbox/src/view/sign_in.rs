//! The door.

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::view::words;

/// What was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The shop.
    pub shop: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Asks who is there.
#[component]
pub fn SignIn(
    /// The shop of the address, to be changed by hand.
    shop: String,
    /// What went wrong.
    #[prop(into)]
    notice: Signal<Option<String>>,
    /// An answer is awaited.
    #[prop(into)]
    busy: Signal<bool>,
    /// The form was sent.
    on_submit: Callback<Entered>,
) -> impl IntoView {
    let text = words();
    let shop_is_known = !shop.is_empty();
    let (shop_box, email_box, password_box) = (
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Input>::new(),
    );
    let value = |input: NodeRef<html::Input>| {
        input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            let (shop, email) = (
                value(shop_box).trim().to_lowercase(),
                value(email_box).trim().to_owned(),
            );
            on_submit.run(Entered {
                shop,
                email,
                password: value(password_box),
            });
        }
    };
    Effect::new(move |_| {
        let first_empty = if shop_is_known { email_box } else { shop_box };
        if let Some(input) = first_empty.get() {
            // Without focus the form works as well.
            let _ = input.focus();
        }
    });
    view! {
        <main class="door">
            <form class="door-card" aria-labelledby="door-title" novalidate on:submit=submit>
                <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path class="mark-body" d="M16 3C8.300 3 2 8.400 2 15c0 3.500 1.800 6.700 4.700 8.900L5.500 29l6.300-2.500c1.300.3 2.700.5 4.200.5 7.700 0 14-5.400 14-12S23.700 3 16 3z" />
                    <path class="mark-smile" d="M10 14.500c1.600 3.300 3.600 5 6 5s4.400-1.700 6-5" />
                </svg>
                <h1 id="door-title">{text.sign_in_title}</h1>
                <p class="door-lead">{text.sign_in_lead}</p>
                <div class="door-notice" role="alert">
                    {move || notice.get().map(|notice| view! { <p>{notice}</p> })}
                </div>
                <label for="door-shop">{text.shop}</label>
                <input id="door-shop" node_ref=shop_box name="shop" prop:value=shop autocomplete="organization" autocapitalize="none" spellcheck="false" aria-describedby="door-shop-hint" required />
                <p class="door-hint" id="door-shop-hint">{text.shop_hint}</p>
                <label for="door-email">{text.email}</label>
                <input id="door-email" node_ref=email_box name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" required />
                <label for="door-password">{text.password}</label>
                <input id="door-password" node_ref=password_box name="password" type="password" autocomplete="current-password" required />
                <button class="button primary wide" type="submit" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { text.signing_in } else { text.sign_in }}
                </button>
            </form>
        </main>
    }
}
