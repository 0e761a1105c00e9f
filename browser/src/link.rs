//! Finds links in what people write. A link is a scheme of ours and the rest of an address; whatever else it looks like,
//! it stays text.

/// A piece of a text. All pieces together say exactly what the text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// Words that lead somewhere.
    Link {
        /// The words.
        words: &'a str,
        /// Where: always `http:`, `https:`, `mailto:` or `tel:`.
        href: String,
    },
}

/// What a link can start with, and what has to be put before it to make it an address.
const STARTS: [(&str, &str); 5] = [
    ("https://", ""),
    ("http://", ""),
    ("mailto:", ""),
    ("tel:", ""),
    ("www.", "https://"),
];

/// The pieces of a text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = vec![];
    // What is read and not yet a piece, and what is not yet read.
    let (mut words, mut rest) = (0, text);
    let mut at = 0;
    while let Some(first) = rest.chars().next() {
        if is_outside(first) {
            at += first.len_utf8();
        } else {
            let length = rest.find(is_outside).unwrap_or(rest.len());
            let word = part(rest, 0, length);
            if let Some((from, to, href)) = link(word) {
                if words < at + from {
                    pieces.push(Piece::Words(part(text, words, at + from)));
                }
                pieces.push(Piece::Link {
                    words: part(word, from, to),
                    href,
                });
                words = at + to;
            }
            at += length;
        }
        rest = part(text, at, text.len());
    }
    if words < text.len() {
        pieces.push(Piece::Words(part(text, words, text.len())));
    }
    pieces
}

/// A part of a text. (Slicing brings the words that it would panic with.)
fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// What no address has in it.
fn is_outside(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>' | '"' | '“' | '«' | '»' | '`' | '|' | '\\' | '^' | '{' | '}'
        )
}

/// The link in one word: from where, to where, and its address.
fn link(word: &str) -> Option<(usize, usize, String)> {
    let open = word.len()
        - word
            .trim_start_matches(['(', '[', '\'', '*', '_', '~'])
            .len();
    let body = trimmed(part(word, open, word.len()));
    let to = open + body.len();
    for (start, prefix) in STARTS {
        if starts_with(body, start) {
            let address = part(body, start.len(), body.len());
            let fits = match start {
                "tel:" => is_number(address),
                "mailto:" => is_mailbox(address),
                _ => is_host(address),
            };
            return fits.then(|| (open, to, [prefix, start, address].concat()));
        }
    }
    is_mailbox(body).then(|| (open, to, ["mailto:", body].concat()))
}

/// Without what only ends the sentence; a bracket goes when the address did not open it.
fn trimmed(word: &str) -> &str {
    let mut word = word;
    loop {
        let unopened = [('(', ')'), ('[', ']')].iter().any(|(open, close)| {
            word.ends_with(*close) && word.matches(*open).count() < word.matches(*close).count()
        });
        match word.chars().next_back() {
            Some(last) if unopened || ends_sentence(last) => {
                word = part(word, 0, word.len() - last.len_utf8())
            }
            Some(_) | None => return word,
        }
    }
}

/// Punctuation that ends a sentence and not an address. (A sign is compared, not searched: searching a text for a sign
/// that is not ASCII brings the machinery for long needles.)
fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ':'
            | ';'
            | '!'
            | '?'
            | '\''
            | '"'
            | '*'
            | '_'
            | '~'
            | '…'
            | '”'
            | '’'
            | '»'
            | '>'
    )
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The first thing is a host, and nobody's name stands before it: `https://bank.example@evil.example` is no link.
fn is_host(address: &str) -> bool {
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let host = part(address, 0, end);
    host.starts_with(is_letter) && !host.contains('@')
}

/// A letter or digit; of what is not ASCII nothing is excluded, for the tables that know are kilobytes.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

fn is_mailbox(address: &str) -> bool {
    let mild = |c: char| is_letter(c) || matches!(c, '.' | '-' | '_' | '+');
    address.split_once('@').is_some_and(|(name, host)| {
        let dotted = host
            .split_once('.')
            .is_some_and(|(first, rest)| !first.is_empty() && !rest.is_empty());
        !name.is_empty() && dotted && name.chars().all(mild) && host.chars().all(mild)
    })
}

fn is_number(address: &str) -> bool {
    address.chars().filter(char::is_ascii_digit).count() >= 3
        && address
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '(' | ')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links in braces, with their address where it is not what is written.
    fn shown(text: &str) -> String {
        let shown = pieces(text).into_iter().map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Link { words, href } if words == href => format!("{{{words}}}"),
            Piece::Link { words, href } => format!("{{{words}→{href}}}"),
        });
        shown.collect()
    }

    #[test]
    fn links_are_found_in_sentences() {
        assert_eq!(
            shown("See https://a.example/x, then."),
            "See {https://a.example/x}, then."
        );
        assert_eq!(
            shown("(http://a.example/x_(y))"),
            "({http://a.example/x_(y)})"
        );
        assert_eq!(
            shown("www.a.example!"),
            "{www.a.example→https://www.a.example}!"
        );
        assert_eq!(
            shown("à info@bottega.example."),
            "à {info@bottega.example→mailto:info@bottega.example}."
        );
        assert_eq!(shown("tel:+39055123456\nciao"), "{tel:+39055123456}\nciao");
        assert_eq!(
            shown("HTTPS://A.example"),
            "{HTTPS://A.example→https://A.example}"
        );
        assert_eq!(
            shown("a https://b.example c https://d.example"),
            "a {https://b.example} c {https://d.example}"
        );
        assert_eq!(
            shown("See https://shop.example/moka, or (http://a.example/b_(c))."),
            "See {https://shop.example/moka}, or ({http://a.example/b_(c)})."
        );
        assert_eq!(
            shown("«https://è.example/caffè»"),
            "«{https://è.example/caffè}»"
        );
    }

    #[test]
    fn what_could_do_harm_stays_text() {
        for text in [
            "javascript:alert(1)",
            "xhttps://a.example",
            "JaVaScRiPt:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "http://@evil.example",
            "https://bank.example@evil.example/",
            "https:\\\\evil.example",
            "mailto:a@b",
            "tel:javascript",
            "ftp://a.example",
            "@",
            "a@",
            "",
            "…",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn no_word_is_lost() {
        for text in [
            "a  b\n\nc",
            "https://a.example",
            "https://a.example https://b.example",
            "è https://é.example/ü!",
            "a\nhttp://x.y\n\n…",
            " x@y.it ",
            "(((www.a.it)))…",
            "é…https://é.it…é",
            "''*https://x.y*''",
        ] {
            let whole: String = pieces(text)
                .iter()
                .map(|piece| match piece {
                    Piece::Words(words) | Piece::Link { words, .. } => *words,
                })
                .collect();
            assert_eq!(whole, text);
        }
    }
}
