//! Addresses in what people type. Only `http` and `https`, and only what the browser itself parses as one, becomes a link.

/// A piece of somebody's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// What looks like an address.
    Address(&'a str),
}

/// Cuts words into pieces; together they are the words again.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = vec![];
    let mut rest = text;
    let mut done = 0;
    while let Some(at) = next_address(rest.get(done..).unwrap_or_default()).map(|at| at + done) {
        let (before, from) = rest.split_at(at);
        let length = address_length(from);
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        let (address, after) = from.split_at(length);
        pieces.push(Piece::Address(address));
        rest = after;
        done = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

fn next_address(text: &str) -> Option<usize> {
    let starts = text.char_indices().filter(|(at, _)| {
        let from = text.as_bytes().get(*at..).unwrap_or_default();
        let has = |scheme: &[u8]| {
            from.get(..scheme.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        };
        (has(b"https://") && from.len() > 8) || (has(b"http://") && from.len() > 7)
    });
    let fresh = |at: usize| {
        !text
            .get(..at)
            .and_then(|s| s.chars().next_back())
            .is_some_and(char::is_alphanumeric)
    };
    starts.map(|(at, _)| at).find(|at| fresh(*at))
}

/// An address ends at white space or at what never stands in one; the sentence's own signs after it are not part of it.
fn address_length(text: &str) -> usize {
    let end = text.find(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\')
    });
    let mut address = end.map_or(text, |end| text.split_at(end).0);
    while let Some(last) = address.chars().next_back() {
        let closes = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '’' | '”' | '»' | '…' => true,
            ')' => address.matches('(').count() < address.matches(')').count(),
            ']' => address.matches('[').count() < address.matches(']').count(),
            _ => false,
        };
        if !closes {
            break;
        }
        address = address.split_at(address.len() - last.len_utf8()).0;
    }
    address.len()
}

#[cfg(test)]
mod tests {
    use super::{Piece::*, *};

    #[test]
    fn an_address_is_cut_out_of_a_sentence() {
        let found = pieces("See https://shop.example/moka, or (http://a.example/b_(c)).");
        assert_eq!(
            found,
            [
                Words("See "),
                Address("https://shop.example/moka"),
                Words(", or ("),
                Address("http://a.example/b_(c)"),
                Words(")."),
            ]
        );
    }

    #[test]
    fn nothing_else_is_an_address() {
        for text in [
            "javascript:alert(1)",
            "xhttps://a.example",
            "www.a.example",
            "https://",
            "data:text/html,x",
            "ciao",
        ] {
            assert_eq!(pieces(text), [Words(text)], "{text}");
        }
    }

    #[test]
    fn the_pieces_are_the_words_again() {
        for text in [
            "",
            "è https://é.example/ü!",
            "https://a.example https://b.example",
            "a\nhttp://x.y\n\n…",
        ] {
            let whole: String = pieces(text)
                .iter()
                .map(|piece| match piece {
                    Words(s) | Address(s) => *s,
                })
                .collect();
            assert_eq!(whole, text);
        }
    }
}
