//! What a shop's own server signs of its customers: a JSON Web Token (RFC 7519), by HS256 and nothing else.
//!
//! The token's head is read to be refused, never to choose by.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use protocol::{
    id::ShopId,
    identity::{Claims, Person, Unproved},
    relay::storage::Fault,
    time::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::Sha256;

use super::random;

/// What begins a shop's identity secret, so that whoever finds one knows what it is.
const PREFIX: &str = "ci_";

/// Bytes of the secret: as many as the hash has.
const BYTES: usize = 32;

/// The longest token that is looked at: the longest claims, each character as JSON's longest escape, and their encoding.
const LONGEST: usize = 16 * 1024;

/// The only algorithm.
const ALGORITHM: &str = "HS256";

#[derive(Deserialize)]
struct Head {
    alg: String,
}

/// A new secret. All of its text signs, as it is shown.
pub(crate) fn mint() -> Result<String, Fault> {
    Ok(format!("{PREFIX}{}", BASE64.encode(random::<BYTES>()?)))
}

/// Whom this token proves to the shop.
pub fn proven(
    secret: &str,
    token: &str,
    shop: &ShopId,
    now: Timestamp,
) -> Result<Person, Unproved> {
    let claims = signed(secret, token).ok_or(Unproved::Signature)?;
    let claims: Claims = read(claims).ok_or(Unproved::Claims)?;
    claims.person(shop, now)
}

/// The claims of a token that this secret has signed.
fn signed<'a>(secret: &str, token: &'a str) -> Option<&'a str> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let head: Head = read(head)?;
    if head.alg != ALGORITHM {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    // Takes the same time whatever the signature is.
    mac.verify_slice(&BASE64.decode(signature).ok()?).ok()?;
    Some(claims)
}

fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64.decode(part).ok()?).ok()
}
