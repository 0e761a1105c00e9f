//! Handing a conversation over to another device of the same visitor (SPEC, HD): a code that is shown on one and used once on
//! the other. What it is kept as and by whom is the relay's shell's.
//!
//! Must stay true: a code gives what its visitor has, for [`HANDOVER_LIFE`](crate::limits::HANDOVER_LIFE), once, and nothing more.

use crate::{
    limits,
    time::{Millis, Timestamp},
};

use super::admission::Admission;

/// The signs of a code: those of Crockford, of which none looks like another.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code: [`limits::HANDOVER_SIGNS`] signs, which are typed in any case and with whatever stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Of random bytes, of which each gives five bits.
    pub fn of(random: [u8; limits::HANDOVER_SIGNS]) -> Self {
        let sign = |byte: u8| SIGNS.get(usize::from(byte % 32)).copied().map(char::from);
        Self(random.into_iter().filter_map(sign).collect())
    }

    /// Reads what somebody typed or what stood in a link.
    pub fn read(text: &str) -> Option<Self> {
        // Nothing that was typed is so long.
        let typed = text.chars().take(4 * limits::HANDOVER_SIGNS + 1);
        let typed = typed.filter(|sign| ![' ', '-', '\u{a0}'].contains(sign));
        let sign = |sign: char| match sign.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            sign => SIGNS.contains(&u8::try_from(sign).ok()?).then_some(sign),
        };
        let code: String = typed.map(sign).collect::<Option<_>>()?;
        (code.len() == limits::HANDOVER_SIGNS).then_some(Self(code))
    }

    /// Its signs, without anything between them.
    pub fn signs(&self) -> &str {
        &self.0
    }
}

/// When a code ends that is made now.
pub fn ends_at(now: Timestamp) -> Timestamp {
    now + limits::HANDOVER_LIFE
}

/// Whether a code that ends then can still be used.
pub fn is_good(ends_at: Timestamp, now: Timestamp) -> bool {
    // A clock that was set back gives nobody more time than there ever was.
    let left = ends_at - now;
    left > Millis(0) && left <= limits::HANDOVER_LIFE
}

/// How often codes are tried at a shop: a right one counts like a wrong one.
pub fn tries() -> Admission {
    Admission::of(
        (limits::TAKEOVER_BURST, limits::TAKEOVER_EVERY),
        (limits::TAKEOVER_PLACE_BURST, limits::TAKEOVER_PLACE_EVERY),
    )
}
