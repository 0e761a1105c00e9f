//! A credential, and the relay's own keys: nothing is proven but by the very texts that the relay has signed.

use edge::auth::{self, Reference, ReferenceKind, TokenKeys, identity};
use protocol::{
    id::{ShopId, VisitorId},
    identity::Claims,
    time::Timestamp,
};

const NOW: Timestamp = Timestamp(1_760_000_000_000);

/// Takes a text.
pub fn take(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    let keys = keys("old:0123456789abcdef0123456789abcdef,new:fedcba9876543210fedcba9876543210");
    let (token, renewal) = signed(&keys);
    if auth::verify_visitor(&keys, text, NOW).is_ok() {
        assert_eq!(text, token, "a token that was not signed");
    }
    if auth::verify_renewal(&keys, text, NOW).is_ok() {
        assert_eq!(text, renewal, "a renewal that was not signed");
    }
    let shop: ShopId = "demo".parse().expect("a name");
    // Nobody here has signed with it.
    let customer = identity::proven("ci_a-secret-of-the-shop", text, &shop, NOW);
    assert!(customer.is_err(), "a customer whom nobody has proved");
    let claims = serde_json::from_str::<Claims>(text);
    if let Some(person) = claims
        .ok()
        .and_then(|claims| claims.person(&shop, NOW).ok())
    {
        assert!(!person.id.is_empty() && !person.id.contains(char::is_control));
    }
    let read = |kind| Reference::read(kind, text);
    if let Some(reference) = read(ReferenceKind::Session).or(read(ReferenceKind::Key)) {
        let named = format!("_{}_", reference.shop);
        assert!(text.contains(&named), "{text} is of {}", reference.shop);
    }
    if let Ok(theirs) = TokenKeys::parse(text) {
        let (token, renewal) = signed(&theirs);
        assert!(auth::verify_visitor(&theirs, &token, NOW).is_ok());
        assert!(auth::verify_renewal(&theirs, &renewal, NOW).is_ok());
        // Other secrets, whatever their names.
        let same = text.contains("0123456789abcdef0123456789abcdef");
        assert!(same || auth::verify_visitor(&keys, &token, NOW).is_err());
    }
}

fn keys(text: &str) -> TokenKeys {
    TokenKeys::parse(text).unwrap_or_else(|advice| panic!("{text} are keys: {advice}"))
}

fn signed(keys: &TokenKeys) -> (String, String) {
    let shop: ShopId = "demo".parse().expect("a name");
    let visitor = VisitorId::from_bytes([3; 16]);
    let (token, _) = auth::visitor_token(keys, &shop, visitor, NOW).expect("it can be signed");
    let renewal = auth::visitor_renewal(keys, &shop, visitor, NOW).expect("it can be signed");
    (token, renewal)
}
