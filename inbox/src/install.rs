//! What a shop's settings become while somebody changes them, and what follows from them: the tag, the lines of a policy, whether
//! text can be read on the colour. Nothing is asked or drawn here.

pub mod questions;

use std::collections::BTreeMap;

use browser::color::{Color, Palette};
use protocol::{
    api::{Shop, ShopChange, Storefront},
    form::Form,
    hours::{Exception, Hours, Opening, Stretch},
    id::ShopId,
    limits::NAME_MAX,
    looks::{self, Font, Looks, Position, Theme},
    time::{Millis, Timestamp},
};

/// Origins of a shop, as many as the relay takes.
pub const ORIGINS_MAX: usize = 50;

/// Settings that are being changed, as they are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// What the shop is called.
    pub name: String,
    /// The languages it answers in, the preferred one first.
    pub languages: Vec<String>,
    /// Its first words, by language.
    pub greeting: BTreeMap<String, String>,
    /// When it answers; nothing where it keeps no hours.
    pub hours: Option<Hours>,
    /// `#rrggbb`, or what is not that yet.
    pub color: String,
    /// The address of a picture; empty for none.
    pub logo: String,
    /// In px.
    pub radius: u16,
    /// Where the launcher waits.
    pub position: Position,
    /// Whose letters.
    pub font: Font,
    /// Light or dark.
    pub theme: Theme,
    /// Where the chat opens.
    pub origins: Vec<String>,
    /// What is asked beside the first words.
    pub form: Form,
}

/// Times of a day, as many shops have them.
const FULL: [&str; 2] = ["09:00", "18:00"];
const AFTERNOON: [&str; 2] = ["15:00", "19:00"];

/// A stretch to begin with, on a day that is an exception.
pub fn stretch() -> Stretch {
    let [from, to] = FULL.map(str::to_owned);
    Stretch { from, to }
}

fn opening(day: u8, times: [&str; 2]) -> Opening {
    let [from, to] = times.map(str::to_owned);
    Opening { day, from, to }
}

fn no_hours(time_zone: String) -> Hours {
    Hours {
        time_zone,
        open: vec![],
        exceptions: vec![],
    }
}

/// Those that the shop answers in, and those that it has words in.
fn languages(shop: &Storefront) -> Vec<String> {
    let mut all = shop.languages.clone();
    for language in shop.greeting.keys() {
        if !all.contains(language) {
            all.push(language.clone());
        }
    }
    all
}

/// How text stands on a colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// White text, on the colour as it is; the contrast.
    White(String),
    /// Dark text, on the colour as it is; the contrast.
    Dark(String),
    /// White text, on the colour made darker.
    Darkened,
}

/// Why a text is not added to the origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoOrigin {
    /// It is none.
    Bad,
    /// It is there.
    Known,
    /// There is no room.
    Many,
}

/// How long ago somebody opened the chat, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    /// Within the hour: it is not written down more exactly.
    Hour,
    /// Hours, up to a day.
    Hours(u64),
    /// Days.
    Days(u64),
}

impl Edit {
    /// The settings as they are. A choice of a later version is shown as the default, as it is to shoppers.
    pub fn of(shop: &Shop) -> Self {
        let looks = &shop.front.looks;
        Self {
            name: shop.front.name.clone(),
            languages: languages(&shop.front),
            greeting: shop.front.greeting.clone(),
            hours: shop.front.hours.clone(),
            color: shop.front.color.clone(),
            logo: looks.logo.clone().unwrap_or_default(),
            radius: looks.radius,
            position: match looks.position {
                Position::Left => Position::Left,
                Position::Right | Position::Unknown => Position::Right,
            },
            font: match looks.font {
                Font::Shop => Font::Shop,
                Font::System | Font::Unknown => Font::System,
            },
            theme: match looks.theme {
                known @ (Theme::Light | Theme::Dark) => known,
                Theme::Auto | Theme::Unknown => Theme::Auto,
            },
            origins: shop.origins.clone(),
            form: shop.front.form.clone().unwrap_or_default(),
        }
    }

    /// What is to be told so that the shop becomes this; `None` where it is so already.
    pub fn change(&self, shop: &Shop) -> Option<ShopChange> {
        let saved = Self::of(shop);
        let other = |differs: bool| differs.then_some(());
        let change = ShopChange {
            name: other(self.name != saved.name).map(|()| self.name.clone()),
            languages: other(self.languages != saved.languages).map(|()| self.languages.clone()),
            greeting: other(self.greeting != saved.greeting).map(|()| self.greeting.clone()),
            hours: other(self.kept_hours() != saved.hours).map(|()| match self.kept_hours() {
                Some(hours) => hours,
                None => no_hours(saved.hours.map(|hours| hours.time_zone).unwrap_or_default()),
            }),
            color: other(self.color != saved.color).map(|()| self.color.clone()),
            logo: other(self.logo != saved.logo).map(|()| self.logo.clone()),
            radius: other(self.radius != saved.radius).map(|()| self.radius),
            position: other(self.position != saved.position).map(|()| self.position),
            font: other(self.font != saved.font).map(|()| self.font),
            theme: other(self.theme != saved.theme).map(|()| self.theme),
            form: other(self.form != saved.form).map(|()| self.form.clone()),
            origins: other(self.origins != saved.origins).map(|()| self.origins.clone()),
        };
        (change != ShopChange::default()).then_some(change)
    }

    /// Whether everything can be saved as it is filled in.
    pub fn is_good(&self) -> bool {
        self.has_name() && self.has_color() && self.has_logo() && self.has_hours()
    }

    /// Whether the name is one.
    pub fn has_name(&self) -> bool {
        (1..=NAME_MAX).contains(&self.name.trim().chars().count())
    }

    /// Whether the hours are such, or none.
    pub fn has_hours(&self) -> bool {
        self.hours.as_ref().is_none_or(|hours| {
            hours.is_any()
                && hours.open.iter().all(Opening::is_good)
                && hours.exceptions.iter().all(Exception::is_good)
        })
    }

    /// A shop that never opens keeps no hours.
    fn kept_hours(&self) -> Option<Hours> {
        self.hours.clone().filter(Hours::is_any)
    }

    /// Keeps hours from now on, in this time zone: as many shops do, to begin with. Or keeps none.
    pub fn keep_hours(&mut self, zone: Option<String>) {
        self.hours = zone.map(|time_zone| Hours {
            open: (1..=5).map(|day| opening(day, FULL)).collect(),
            ..no_hours(time_zone)
        });
    }

    /// One more stretch on this day: the afternoon, where there is a morning.
    pub fn open_on(&mut self, day: u8) {
        if let Some(hours) = &mut self.hours {
            let any = hours.open.iter().any(|one| one.day == day);
            hours
                .open
                .push(opening(day, if any { AFTERNOON } else { FULL }));
        }
    }

    /// A day on which the week does not count; closed, to begin with.
    pub fn except(&mut self, day: String) {
        if let Some(hours) = &mut self.hours {
            hours.exceptions.push(Exception {
                from: day.clone(),
                to: day,
                open: vec![],
            });
        }
    }

    /// Whether the colour is one.
    pub fn has_color(&self) -> bool {
        Color::read(&self.color).is_some()
    }

    /// Whether the logo is one, or none.
    pub fn has_logo(&self) -> bool {
        self.logo.is_empty() || looks::is_logo(&self.logo)
    }

    /// The shop as its shoppers would see it. What cannot be saved as it is filled in is shown as it was before.
    pub fn shown(&self, shop: &Shop) -> Storefront {
        let before = &shop.front;
        let logo = match self.has_logo() {
            true => Some(self.logo.clone()).filter(|logo| !logo.is_empty()),
            false => None,
        };
        Storefront {
            name: match self.has_name() {
                true => self.name.trim().to_owned(),
                false => before.name.clone(),
            },
            languages: self.languages.clone(),
            greeting: self.greeting.clone(),
            color: match self.has_color() {
                true => self.color.clone(),
                false => before.color.clone(),
            },
            form: questions::shown(&self.form),
            looks: Looks {
                logo,
                radius: self.radius,
                position: self.position,
                font: self.font,
                theme: self.theme,
            },
            ..before.clone()
        }
    }

    /// Takes up an origin, in the form in which browsers say it.
    pub fn add(&mut self, text: &str) -> Result<(), NoOrigin> {
        let origin = origin(text).ok_or(NoOrigin::Bad)?;
        if self.origins.contains(&origin) {
            return Err(NoOrigin::Known);
        }
        if self.origins.len() >= ORIGINS_MAX {
            return Err(NoOrigin::Many);
        }
        self.origins.push(origin);
        Ok(())
    }
}

/// The origin of an address, however somebody copies or types it: with or without `https://`, with what follows the host. The
/// relay looks again.
pub fn origin(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme @ ("https" | "http"), rest)) => (scheme, rest),
        Some(_) => return None,
        None => ("https", text.as_str()),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let whole =
        name == "localhost" || (name.contains('.') && name.split('.').all(|part| !part.is_empty()));
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    if !whole || !name.chars().all(plain) || !port.is_none_or(is_port) {
        return None;
    }
    let usual = match scheme {
        "https" => "443",
        _ => "80",
    };
    let port = port.filter(|port| *port != usual);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{name}{port}"))
}

/// How the widget sets text on a colour; `None` for what is no colour.
pub fn reading(color: &str) -> Option<Reading> {
    let color = Color::read(color)?;
    let Palette { fill, on, .. } = Palette::of(color);
    let ratio = format!("{:.1}", fill.contrast(on));
    Some(match (fill == color, on == Color::WHITE) {
        (false, _) => Reading::Darkened,
        (true, true) => Reading::White(ratio),
        (true, false) => Reading::Dark(ratio),
    })
}

/// The script tag of a shop, from the relay at this origin.
pub fn tag(relay: &str, shop: &ShopId, shown: &Storefront) -> String {
    let left = match shown.looks.position {
        Position::Left => " data-position=\"left\"",
        Position::Right | Position::Unknown => "",
    };
    let color = &shown.color;
    format!(
        "<script src=\"{relay}/widget.js\" data-shop=\"{shop}\" data-color=\"{color}\"{left} async></script>"
    )
}

/// What a shop's policy must allow, a directive a line. Not every browser takes the sockets' scheme for that of the pages; a picture that
/// waits to be sent is a `blob:`.
pub fn policy(relay: &str, logo: Option<&str>) -> String {
    let sockets = relay.replacen("http", "ws", 1);
    let logo = logo.and_then(origin).filter(|logo| logo != relay);
    let logo = logo.map(|logo| format!(" {logo}")).unwrap_or_default();
    format!(
        "script-src {relay} 'wasm-unsafe-eval';\nconnect-src {relay} {sockets};\nimg-src {relay} blob:{logo};"
    )
}

/// How long ago that was.
pub fn ago(at: Timestamp, now: Timestamp) -> Ago {
    const HOUR: Millis = Millis::seconds(60 * 60);
    match (now - at).0 / HOUR.0 {
        0 => Ago::Hour,
        hours @ 1..24 => Ago::Hours(hours),
        hours => Ago::Days(hours / 24),
    }
}

#[cfg(test)]
mod tests;
