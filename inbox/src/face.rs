//! How a visitor without a name is told from the others: a short tag, a colour and a drawn shape, all from the identifier.

use protocol::id::{OperatorId, VisitorId};

/// Colours to choose from; the style sheet has one class for each.
pub const HUES: u8 = 8;

/// Shapes to choose from; `view::icon` draws each.
pub const SHAPES: u8 = 8;

/// A drawn face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    /// Which colour, below [`HUES`].
    pub hue: u8,
    /// Which shape, below [`SHAPES`].
    pub shape: u8,
}

/// The face of a visitor.
pub fn face(visitor: &VisitorId) -> Face {
    // The last bytes of a UUIDv7 are random; the first are the time, nearly the same for all of today's visitors.
    let [.., a, b] = *visitor.as_bytes();
    Face {
        hue: a % HUES,
        shape: b % SHAPES,
    }
}

/// The colour of an operator.
pub fn hue(operator: &OperatorId) -> u8 {
    let [.., last] = *operator.as_bytes();
    last % HUES
}

/// Four characters that tell a visitor from the others on the screen.
pub fn tag(visitor: &VisitorId) -> String {
    let [.., a, b] = *visitor.as_bytes();
    format!("{a:02X}{b:02X}")
}

/// A page's title without the shop's name at its end, where most shops put it.
pub fn page<'a>(title: &'a str, shop: &str) -> &'a str {
    let joint = |c: char| {
        c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | '·' | '•' | ':' | '«' | '/')
    };
    let title = title.trim();
    let short = title
        .strip_suffix(shop)
        .map(|rest| (rest, rest.trim_end_matches(joint)));
    match short {
        Some((rest, short)) if short.len() < rest.len() && !short.is_empty() => short,
        Some(_) | None => title,
    }
}

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(end: [u8; 2]) -> VisitorId {
        let mut bytes = [0; 16];
        bytes[14..].copy_from_slice(&end);
        VisitorId::from_bytes(bytes)
    }

    #[test]
    fn a_tag_is_four_characters_of_the_random_end() {
        assert_eq!(tag(&visitor([0x7f, 0x3a])), "7F3A");
        assert_eq!(tag(&visitor([0, 9])), "0009");
    }

    #[test]
    fn a_face_is_always_one_that_can_be_drawn() {
        for a in 0..=255 {
            let Face { hue, shape } = face(&visitor([a, 255 - a]));
            assert!(hue < HUES && shape < SHAPES);
        }
    }

    #[test]
    fn a_page_is_named_without_its_shop() {
        assert_eq!(
            page("Moka Rame — Bottega Aroma", "Bottega Aroma"),
            "Moka Rame"
        );
        assert_eq!(
            page("Bottega Aroma | Cups", "Bottega Aroma"),
            "Bottega Aroma | Cups"
        );
        assert_eq!(page("Bottega Aroma", "Bottega Aroma"), "Bottega Aroma");
        assert_eq!(page("LaBottega Aroma", "Bottega Aroma"), "LaBottega Aroma");
        assert_eq!(page("Moka", ""), "Moka");
    }

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Giulia"), "G");
        assert_eq!(initials("Giulia Maria Bianchi"), "GB");
        assert_eq!(initials(" émile zola "), "ÉZ");
        assert_eq!(initials(""), "");
    }
}
