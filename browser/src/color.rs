//! What is computed from the shop's one colour: a fill that its text can be read on, and a quieter one for the dark.
//!
//! Contrast is that of WCAG 2.2: 4.5 for text. The loader guesses for the frames before this is here.

/// An sRGB colour, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color([f32; 3]);

/// What the panel is painted with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Launcher, header, the visitor's bubbles.
    pub fill: Color,
    /// Text on it.
    pub on: Color,
    /// The visitor's bubbles in the dark.
    pub dim: Color,
}

/// The least contrast of text.
const READABLE: f32 = 4.5;
/// From this much light on, dark text is easier to read than white on a darkened fill, and truer to the shop.
const LIGHT: f32 = 0.3;
/// Text on light fills.
const INK: Color = Color([0.102, 0.086, 0.075]);

/// The panel's surface in the dark (panel.css).
const NIGHT: Color = Color([0.118, 0.102, 0.09]);

impl Palette {
    /// What goes with the shop's colour.
    pub fn of(shop: Color) -> Self {
        let (fill, on) = if shop.light() > LIGHT {
            (shop, INK)
        } else {
            (shop.readable_under_white(), Color::WHITE)
        };
        // Half way into the surface: still the shop's, no longer a lamp.
        let dim = Color([0, 1, 2].map(|at| f32::midpoint(fill.0[at], NIGHT.0[at])))
            .readable_under_white();
        Self { fill, on, dim }
    }
}

impl Color {
    /// Text on dark fills.
    pub const WHITE: Self = Self([1.0; 3]);

    /// The colour of a text like `#7a3b1d`.
    pub fn read(text: &str) -> Option<Self> {
        let hex = text
            .strip_prefix('#')
            .filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| {
            u8::from_str_radix(hex.get(at..at + 2)?, 16)
                .ok()
                .map(|part| f32::from(part) / 255.0)
        };
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// As CSS reads it.
    pub fn css(self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut css = String::from("#");
        for part in self.0 {
            let part = (part * 255.0 + 0.5) as usize;
            css.extend([part >> 4, part & 15].map(|digit| char::from(HEX[digit & 15])));
        }
        css
    }

    /// The contrast of two colours, from 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.light() + 0.05, other.light() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// Relative luminance. The curve of sRGB is replaced by a cubic that is within 0.002 of it, for a power function is
    /// a kilobyte.
    fn light(self) -> f32 {
        let [red, green, blue] = self
            .0
            .map(|part| part * (part * (part * 0.305_306 + 0.682_171) + 0.012_523));
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn readable_under_white(mut self) -> Self {
        // A little more than asked for: the parts are rounded to bytes later.
        while self.contrast(Color::WHITE) < READABLE + 0.05 {
            self.0 = self.0.map(|part| part * 0.98);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the book, on the bytes that are painted.
    fn contrast(a: Color, b: Color) -> f64 {
        let light = |color: Color| {
            let color = Color::read(&color.css()).unwrap();
            let [red, green, blue] = color.0.map(|part| {
                let part = f64::from(part);
                if part <= 0.040_45 {
                    part / 12.92
                } else {
                    ((part + 0.055) / 1.055).powf(2.4)
                }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (a, b) = (light(a), light(b));
        (a / b).max(b / a)
    }

    #[test]
    fn text_can_be_read_on_every_colour() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let shop = Color::read(&format!("#{red:02x}{green:02x}{blue:02x}")).unwrap();
                    let palette = Palette::of(shop);
                    assert!(contrast(palette.fill, palette.on) >= 4.5, "{palette:?}");
                    assert!(contrast(palette.dim, Color::WHITE) >= 4.5, "{palette:?}");
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_on_is_kept() {
        let brown = Palette::of(Color::read("#7a3b1d").unwrap());
        assert_eq!(
            (brown.fill.css().as_str(), brown.on),
            ("#7a3b1d", Color::WHITE)
        );
        let yellow = Palette::of(Color::read("#ffd400").unwrap());
        assert_eq!((yellow.fill.css().as_str(), yellow.on), ("#ffd400", INK));
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in [
            "", "#", "7a3b1d", "#7a3b1", "#7a3b1dd", "#gggggg", "red", "#ééé", "url(x)",
        ] {
            assert_eq!(Color::read(text), None, "{text}");
        }
    }
}
