//! Operators' passwords: Argon2id with OWASP's parameters (19 MiB, two passes, one lane).
//!
//! Must stay true: checking takes the same work whether or not there is an account.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{PasswordHash, SaltString},
};
use protocol::relay::storage::Fault;

/// Characters of a password at least (NIST SP 800-63B asks for 8, or 15 without a second factor).
pub const LENGTH_MIN: usize = 10;

/// Characters of a password at most: nobody types more, and hashing a novel costs.
pub const LENGTH_MAX: usize = 256;

/// What an unknown address is checked against: of no password, with the same parameters.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhvbWU$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The form in which a password is kept.
pub fn keep(password: &str, salt: [u8; 16]) -> Result<String, Fault> {
    let salt = SaltString::encode_b64(&salt).map_err(fault)?;
    let kept = argon2()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(fault)?;
    Ok(kept.to_string())
}

/// Whether this is the password that was kept; without one the same work is done for nothing.
pub fn check(password: &str, kept: Option<&str>) -> Result<bool, Fault> {
    let hash = PasswordHash::new(kept.unwrap_or(NOBODY)).map_err(fault)?;
    let good = argon2()?
        .verify_password(password.as_bytes(), &hash)
        .is_ok();
    Ok(good && kept.is_some())
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: impl core::fmt::Display) -> Fault {
    Fault(format!("password: {error}"))
}
