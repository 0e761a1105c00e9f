//! What becomes of the page: out of sight, in sight, frozen and thawed, on and off the network.

use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use crate::listener::Listener;

/// What became of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The network is back, as far as the device knows.
    Online,
    /// The network is gone, as far as the device knows.
    Offline,
    /// Out of sight.
    Hidden,
    /// In sight again.
    Shown,
    /// It was kept frozen and is used again.
    Thawed,
    /// It goes away, perhaps to be thawed later. The last chance to write something down.
    Leaving,
}

/// Tells what becomes of the page until it is dropped.
pub struct Lifecycle {
    _listeners: Option<[Listener; 2]>,
}

impl Lifecycle {
    /// Calls `tell` with everything that becomes of the page.
    pub fn watch(tell: impl Fn(Sign) + Clone + 'static) -> Self {
        let listeners = web_sys::window().and_then(|window| {
            let document = window.document()?;
            let seen = tell.clone();
            Some([
                Listener::new(
                    window.into(),
                    &["online", "offline", "pageshow", "pagehide"],
                    move |event| {
                        if let Some(sign) = sign(&event) {
                            tell(sign);
                        }
                    },
                ),
                Listener::new(document.into(), &["visibilitychange"], move |_| {
                    seen(if is_hidden() {
                        Sign::Hidden
                    } else {
                        Sign::Shown
                    });
                }),
            ])
        });
        Self {
            _listeners: listeners,
        }
    }
}

/// Whether the page is out of sight.
pub fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}

/// Whether the device says that it has no network. That it says nothing proves nothing.
pub fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

fn sign(event: &web_sys::Event) -> Option<Sign> {
    match event.type_().as_str() {
        "online" => Some(Sign::Online),
        "offline" => Some(Sign::Offline),
        "pagehide" => Some(Sign::Leaving),
        // Every page tells `pageshow`; only one that was frozen has lost time.
        _ => event
            .unchecked_ref::<PageTransitionEvent>()
            .persisted()
            .then_some(Sign::Thawed),
    }
}
