//! Chance, from the browser's generator for secrets.

/// `N` random bytes.
///
/// Should the generator not answer, they come from `Math.random`: names of messages must differ, they keep no secret.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// A seed for [`protocol::backoff::Dice`].
pub fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}
