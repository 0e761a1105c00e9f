//! What a shop's own server signs of its customers: a JSON Web Token (RFC 7519), by HS256 with a secret that the relay made, or by EdDSA
//! (RFC 8037) with a key of which only the shop has the other half. Which of them, the shop has said.
//!
//! The token's head is read to be refused, never to choose by.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, Mac};
use protocol::{
    api::IdentityAlgorithm,
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

/// What begins a public key where it is kept beside secrets.
const KEY_PREFIX: &str = "ed25519:";

/// What is before the 32 bytes of such a key where a file says of which kind it is (RFC 8410).
const KEY_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// What is around it in a file.
const ARMOUR: [&str; 2] = ["-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"];

#[derive(Deserialize)]
struct Head {
    alg: String,
}

/// A new secret. All of its text signs, as it is shown.
pub(crate) fn mint() -> Result<String, Fault> {
    Ok(format!("{PREFIX}{}", BASE64.encode(random::<BYTES>()?)))
}

/// How a shop signs with what it has kept.
pub(crate) fn algorithm(kept: &str) -> IdentityAlgorithm {
    match kept.strip_prefix(KEY_PREFIX) {
        Some(_) => IdentityAlgorithm::EdDsa,
        None => IdentityAlgorithm::Hs256,
    }
}

/// A public key, from the text of a PEM file. Bare bytes are no key: half of all private ones would pass.
pub fn public_key(text: &str) -> Option<VerifyingKey> {
    let [begin, end] = ARMOUR;
    let text = text.trim();
    let text = text.strip_prefix(begin).unwrap_or(text);
    let text = text.strip_suffix(end).unwrap_or(text);
    let body: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(body).ok()?;
    let bytes = bytes.strip_prefix(&KEY_HEAD)?;
    let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
    // One that anybody can sign for.
    (!key.is_weak()).then_some(key)
}

/// It as it is kept, where secrets are: with chance behind it, so that a release which takes the whole for a secret proves nobody.
pub fn kept(key: &VerifyingKey) -> Result<String, Fault> {
    let [key, chance] = [*key.as_bytes(), random::<BYTES>()?].map(|bytes| BASE64.encode(bytes));
    Ok(format!("{KEY_PREFIX}{key}.{chance}"))
}

/// Whom this token proves to the shop, which has kept a secret or a public key.
pub fn proven(kept: &str, token: &str, shop: &ShopId, now: Timestamp) -> Result<Person, Unproved> {
    let claims = signed(kept, token).ok_or(Unproved::Signature)?;
    let claims: Claims = read(claims).ok_or(Unproved::Claims)?;
    claims.person(shop, now)
}

/// The claims of a token that was signed with what belongs to this.
fn signed<'a>(kept: &str, token: &'a str) -> Option<&'a str> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let head: Head = read(head)?;
    let signature = BASE64.decode(signature).ok()?;
    match (kept.strip_prefix(KEY_PREFIX), head.alg.as_str()) {
        // The second is its newer name (RFC 9864).
        (Some(key), "EdDSA" | "Ed25519") => {
            let (key, _) = key.split_once('.')?;
            let key = BASE64.decode(key).ok()?;
            let key = VerifyingKey::from_bytes(key.as_slice().try_into().ok()?).ok()?;
            let signature = Signature::from_slice(&signature).ok()?;
            key.verify_strict(signed.as_bytes(), &signature).ok()?;
        }
        (None, "HS256") => {
            let mut mac = Hmac::<Sha256>::new_from_slice(kept.as_bytes()).ok()?;
            mac.update(signed.as_bytes());
            // Takes the same time whatever the signature is.
            mac.verify_slice(&signature).ok()?;
        }
        (Some(_) | None, _) => return None,
    }
    Some(claims)
}

fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64.decode(part).ok()?).ok()
}
