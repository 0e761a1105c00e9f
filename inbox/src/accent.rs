//! The shop's colour as the page uses it. Text on a fill and coloured text on a surface keep a contrast of 4.5:1
//! (WCAG 2.2, 1.4.3), whatever colour the shop chose.

/// What text needs against what it stands on.
const ENOUGH: f64 = 4.5;

/// What coloured text stands on at worst in the two themes: `--accent-tint` of the style sheet.
const LIGHT: Rgb = Rgb(0xe9, 0xe5, 0xe1);
const DARK: Rgb = Rgb(0x3a, 0x34, 0x30);

/// The shop's colour when it has none that can be read.
const DEFAULT: Rgb = Rgb(0x7a, 0x3b, 0x1d);

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// One colour in its uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    /// White text stands on it.
    pub fill: Rgb,
    /// Coloured text and lines on the light surface.
    pub ink_light: Rgb,
    /// Coloured text and lines on the dark surface.
    pub ink_dark: Rgb,
}

/// The uses of a shop's colour, given as `#rrggbb`.
pub fn accent(color: &str) -> Accent {
    let base = parse(color).unwrap_or(DEFAULT);
    let white = Rgb(255, 255, 255);
    Accent {
        fill: toward(base, Rgb(0, 0, 0), white),
        ink_light: toward(base, Rgb(0, 0, 0), LIGHT),
        ink_dark: toward(base, white, DARK),
    }
}

/// `#rrggbb` as a colour.
pub fn parse(color: &str) -> Option<Rgb> {
    let digits = color
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Rgb(part(0)?, part(2)?, part(4)?))
}

/// How far two colours are from each other (1 to 21).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

impl Rgb {
    /// As the style sheet reads it.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// `color`, moved toward `end` until it has enough contrast against `ground`.
fn toward(color: Rgb, end: Rgb, ground: Rgb) -> Rgb {
    // Steps of a twentieth: finer ones are not seen.
    let steps = (0..=20).map(|step| mix(color, end, f64::from(step) / 20.0));
    steps
        .into_iter()
        .find(|mixed| contrast(*mixed, ground) >= ENOUGH)
        .unwrap_or(end)
}

fn mix(a: Rgb, b: Rgb, part: f64) -> Rgb {
    let one = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    Rgb(one(a.0, b.0), one(a.1, b.1), one(a.2, b.2))
}

/// Relative luminance (WCAG 2.2).
fn luminance(Rgb(r, g, b): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_colour_stays_as_it_is() {
        assert_eq!(accent("#7a3b1d").fill, Rgb(0x7a, 0x3b, 0x1d));
    }

    #[test]
    fn every_colour_can_be_read_in_all_its_uses() {
        for color in [
            "#ffffff", "#000000", "#ffe600", "#00ff88", "#7a3b1d", "#1234ff", "#808080", "brown",
        ] {
            let accent = accent(color);
            assert!(
                contrast(accent.fill, Rgb(255, 255, 255)) >= ENOUGH,
                "{color}"
            );
            assert!(contrast(accent.ink_light, LIGHT) >= ENOUGH, "{color}");
            assert!(contrast(accent.ink_dark, DARK) >= ENOUGH, "{color}");
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(parse("#7a3b1d"), Some(Rgb(0x7a, 0x3b, 0x1d)));
        for bad in ["", "#", "7a3b1d", "#7a3", "#7a3b1dff", "#zzzzzz", "#é3b1d"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
