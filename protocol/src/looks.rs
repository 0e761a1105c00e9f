//! What a shop's widget looks like beside its colour: what can be chosen, and what counts where nothing was. A page's own tag
//! goes before all of it. Nothing is drawn here.

use serde::{Deserialize, Serialize};

use crate::limits::{LOGO_MAX, RADIUS};

macro_rules! choices {
    ($($item:item)*) => {$(
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        $item
    )*};
}

choices! {
    /// In which corner the launcher waits.
    pub enum Position {
        /// Bottom right.
        #[default]
        Right,
        /// Bottom left.
        Left,
        /// Something a later version says; shown as the default.
        #[serde(other)]
        Unknown,
    }

    /// In whose letters the panel is set.
    pub enum Font {
        /// The device's.
        #[default]
        System,
        /// Those of the page it is on.
        Shop,
        /// Something a later version says; shown as the default.
        #[serde(other)]
        Unknown,
    }

    /// Whether the panel is light or dark.
    pub enum Theme {
        /// As the shopper's device is.
        #[default]
        Auto,
        /// Always light.
        Light,
        /// Always dark.
        Dark,
        /// Something a later version says; shown as the default.
        #[serde(other)]
        Unknown,
    }
}

/// What a shop's widget looks like beside its colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Looks {
    /// The address of a small picture, shown in place of the initials; `null` where the initials do.
    pub logo: Option<String>,
    /// How round the panel's corners are, in px: 0 is square, 28 at most.
    pub radius: u16,
    /// Where the launcher waits. The tag says it too, since it is drawn before anything is asked.
    pub position: Position,
    /// In whose letters the panel is set.
    pub font: Font,
    /// Whether the panel is light or dark.
    pub theme: Theme,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            logo: None,
            radius: RADIUS,
            position: Position::default(),
            font: Font::default(),
            theme: Theme::default(),
        }
    }
}

/// Whether this can be a logo: an address that a page on the web may show a picture from, and that can stand in a style sheet's
/// text as it is. What lies there is looked at by browsers alone, and only as a picture.
pub fn is_logo(address: &str) -> bool {
    let web = address.strip_prefix("https://");
    // A shop that is being built on the machine in front of one.
    let here = || {
        let rest = address.strip_prefix("http://")?;
        let host = rest.split(['/', ':']).next();
        matches!(host, Some("localhost" | "127.0.0.1")).then_some(rest)
    };
    let Some(rest) = web.or_else(here) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'()<>\\`".contains(&byte);
    address.len() <= LOGO_MAX
        && !host.is_empty()
        && !host.contains('@')
        && address.bytes().all(plain)
}
