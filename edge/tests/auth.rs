//! Tokens, references, passwords and secrets: what is good, and everything that is not.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use edge::{
    auth::{self, Reference, ReferenceKind, TokenFault, TokenKeys, identity, password},
    config::Config,
    origin,
};
use hmac::{Hmac, Mac};
use protocol::{
    id::{ShopId, VisitorId},
    identity::Unproved,
    relay::Principal,
    time::Timestamp,
};
use sha2::Sha256;

const NOW: Timestamp = Timestamp(1_795_313_443_800);
const OLD: &str = "old:0123456789abcdef0123456789abcdef";
const NEW: &str = "new:fedcba9876543210fedcba9876543210";

fn keys(text: &str) -> TokenKeys {
    TokenKeys::parse(text).unwrap_or_else(|advice| panic!("{text} are keys: {advice}"))
}

fn shop() -> ShopId {
    "demo".parse().unwrap()
}

fn visitor() -> VisitorId {
    VisitorId::mint(NOW, [3; 10])
}

fn token(keys: &TokenKeys) -> String {
    auth::visitor_token(keys, &shop(), visitor(), NOW)
        .unwrap()
        .0
}

#[test]
fn a_token_proves_its_visitor_until_it_ends() {
    let keys = keys(OLD);
    let (token, ends) = auth::visitor_token(&keys, &shop(), visitor(), NOW).unwrap();
    let proven = Principal::Visitor {
        shop: shop(),
        visitor: visitor(),
    };
    assert_eq!(auth::verify_visitor(&keys, &token, NOW), Ok(proven.clone()));
    assert_eq!(
        auth::verify_visitor(&keys, &token, Timestamp(ends.0 - 1)),
        Ok(proven)
    );
    assert_eq!(
        auth::verify_visitor(&keys, &token, ends),
        Err(TokenFault::Expired)
    );
    assert!(ends - NOW <= auth::TOKEN_LIFE && auth::TOKEN_LIFE.0 <= 24 * 60 * 60 * 1_000);
}

#[test]
fn a_changed_token_proves_nothing() {
    let keys = keys(OLD);
    let token = token(&keys);
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // The last character of base64 has bits that mean nothing; strict decoding refuses those that are not zero.
        assert_eq!(
            auth::verify_visitor(&keys, &changed, NOW),
            Err(TokenFault::Forged),
            "at {place}"
        );
    }
    for text in [
        "",
        ".",
        "cv_",
        "cv_old",
        "cv_old.",
        "cv_old..",
        "cv_.a.b",
        &token[..token.len() - 1],
    ] {
        assert_eq!(
            auth::verify_visitor(&keys, text, NOW),
            Err(TokenFault::Forged),
            "{text}"
        );
    }
}

#[test]
fn a_renewal_is_no_token_and_a_token_no_renewal() {
    let keys = keys(OLD);
    let renewal = auth::visitor_renewal(&keys, &shop(), visitor(), NOW).unwrap();
    assert_eq!(
        auth::verify_renewal(&keys, &renewal, NOW),
        Ok((shop(), visitor()))
    );
    assert_eq!(
        auth::verify_visitor(&keys, &renewal, NOW),
        Err(TokenFault::Forged)
    );
    assert_eq!(
        auth::verify_renewal(&keys, &token(&keys), NOW),
        Err(TokenFault::Forged)
    );
    let swapped = renewal.replacen("cr_", "cv_", 1);
    assert_eq!(
        auth::verify_visitor(&keys, &swapped, NOW),
        Err(TokenFault::Forged)
    );
}

#[test]
fn keys_are_changed_without_signing_anybody_out() {
    let before = token(&keys(OLD));
    let both = keys(&format!("{NEW},{OLD}"));
    assert!(auth::verify_visitor(&both, &before, NOW).is_ok());
    let after = token(&both);
    assert!(after.starts_with("cv_new."));
    assert!(auth::verify_visitor(&keys(NEW), &after, NOW).is_ok());
    assert_eq!(
        auth::verify_visitor(&keys(NEW), &before, NOW),
        Err(TokenFault::Forged)
    );
    // The same name with another secret is another key.
    let imposter = keys("old:ffffffffffffffffffffffffffffffff");
    assert_eq!(
        auth::verify_visitor(&imposter, &before, NOW),
        Err(TokenFault::Forged)
    );
}

#[test]
fn a_reference_is_read_with_its_shop_and_without_its_secret() {
    let secret = "A_-4567890123456789012345678901234567890123";
    let text = format!("ck_my-shop_{secret}");
    let reference = Reference::read(ReferenceKind::Key, &text).unwrap();
    assert_eq!(reference.shop, "my-shop".parse().unwrap());
    assert!(!serde_json::to_string(&reference).unwrap().contains(secret));
    for bad in [
        "",
        "ck_",
        "ck_shop",
        "ck_shop_short",
        &format!("cs_my-shop_{secret}"),
        &format!("ck_My-shop_{secret}"),
    ] {
        assert_eq!(Reference::read(ReferenceKind::Key, bad), None, "{bad}");
    }
}

#[test]
fn a_password_is_kept_by_argon2id_with_its_parameters() {
    let kept = password::keep("correct horse", [7; 16]).unwrap();
    assert!(
        kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{kept}"
    );
    assert_eq!(password::check("correct horse", Some(&kept)), Ok(true));
    assert_eq!(password::check("correct horsf", Some(&kept)), Ok(false));
    // Nobody's password is checked with the same work, and is never right.
    assert_eq!(password::check("correct horse", None), Ok(false));
}

#[test]
fn a_secret_that_is_missing_short_or_the_example_is_refused_by_name() {
    let good = |name: &str| match name {
        "COMMESSO_ADMIN_SECRET" => Some("0123456789abcdef0123456789abcdef".to_owned()),
        "COMMESSO_TOKEN_KEYS" => Some(OLD.to_owned()),
        _ => None,
    };
    let config = Config::of(good).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(
        !config.tried,
        "no cookie goes over an open line unless it is said"
    );
    for (cookies, tried) in [("local", true), ("Local", false), ("", false), ("1", false)] {
        let config = Config::of(|name| match name {
            "COMMESSO_COOKIES" => Some(cookies.to_owned()),
            _ => good(name),
        });
        assert_eq!(
            config.map(|config| config.tried).ok(),
            Some(tried),
            "{cookies}"
        );
    }
    let bad = [
        "",
        "short",
        "k1:short",
        "change-me-change-me-change-me-change-me",
        "k1:Change-Me-0123456789abcdef0123456",
    ];
    for variable in ["COMMESSO_ADMIN_SECRET", "COMMESSO_TOKEN_KEYS"] {
        for value in bad {
            let fault = Config::of(|name| {
                if name == variable {
                    Some(value.into())
                } else {
                    good(name)
                }
            })
            .err();
            let fault = fault.unwrap_or_else(|| panic!("{variable} = {value:?} is refused"));
            assert_eq!(fault.variable, variable);
            assert!(fault.to_string().starts_with(variable));
        }
        assert_eq!(
            Config::of(|name| if name == variable { None } else { good(name) })
                .err()
                .unwrap()
                .variable,
            variable
        );
    }
    let nameless = Config::of(|name| match name {
        "COMMESSO_TOKEN_KEYS" => Some("0123456789abcdef0123456789abcdef".into()),
        _ => good(name),
    });
    assert_eq!(nameless.err().unwrap().variable, "COMMESSO_TOKEN_KEYS");
    let restored = |at: &'static str| {
        Config::of(|name| match name {
            "COMMESSO_RESTORED" => Some(at.into()),
            _ => good(name),
        })
        .map(|config| config.restored)
    };
    assert_eq!(restored(""), Ok(Timestamp(0)));
    assert_eq!(restored("1795500000000"), Ok(Timestamp(1_795_500_000_000)));
    for wrong in ["1795500000", "yesterday", "-1", "true"] {
        let fault = restored(wrong).unwrap_err();
        assert_eq!(fault.variable, "COMMESSO_RESTORED", "{wrong}");
    }
}

#[test]
fn an_origin_is_kept_as_browsers_send_it() {
    for (typed, kept) in [
        ("https://Shop.example/", "https://shop.example"),
        (" https://shop.example:443 ", "https://shop.example"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ] {
        assert_eq!(origin::normal(typed).as_deref(), Some(kept), "{typed}");
    }
    for bad in [
        "",
        "*",
        "shop.example",
        "https://*.example",
        "https://shop.example/page",
        "ftp://shop.example",
        "null",
        "https://shop.example?x",
        "https://me@shop.example",
        "https://:word@shop.example",
        "javascript:alert(1)",
    ] {
        assert_eq!(origin::normal(bad), None, "{bad}");
    }
}

/// The secret of a shop, and what its server has signed with it: made by another program (Python's hmac).
const SECRET: &str = "ci_0123456789abcdefghijklmnopqrstuvwxyzABCDEF";
const SIGNED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\
                      .eyJzdWIiOiI0NzExIiwiYXVkIjoiZGVtbyIsImV4cCI6MTc5NTMxMzc0MywibmFtZSI6IkdpdWxpYSBCaWFuY2hpIiwiZW1haWwiOiJnaXVsaWFAc2hvcC5leGFtcGxlIn0\
                      .sgUP37wMTsuOBAp68bsqSU6lRdfp22klAPg4F51UNOg";

#[test]
fn id1_what_the_shops_own_server_has_signed_proves_a_customer() {
    let giulia = identity::proven(SECRET, SIGNED, &shop(), NOW).unwrap();
    assert_eq!(giulia.id, "4711");
    assert_eq!(giulia.name.as_deref(), Some("Giulia Bianchi"));
    assert_eq!(giulia.email.as_deref(), Some("giulia@shop.example"));
    let other: ShopId = "other".parse().unwrap();
    assert_eq!(
        identity::proven(SECRET, SIGNED, &other, NOW),
        Err(Unproved::Audience)
    );
    let later = Timestamp(NOW.0 + 361_000);
    assert_eq!(
        identity::proven(SECRET, SIGNED, &shop(), later),
        Err(Unproved::Expired)
    );
}

/// A public key as files have it, and what was signed with the other half: made by another program (Node's crypto).
const FILED: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAZZg3JkO3hO4qcv3BK7LZP0Vz6JGVb+QBt7sDuWzNSyM=\n-----END PUBLIC KEY-----\n";
const SIGNED_BY_KEY: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9\
                             .eyJzdWIiOiI0NzExIiwiYXVkIjoiZGVtbyIsImV4cCI6MTc5NTMxMzc0MywibmFtZSI6IkdpdWxpYSBCaWFuY2hpIiwiZW1haWwiOiJnaXVsaWFAc2hvcC5leGFtcGxlIn0\
                             .f5EBEbrt76uTc4VAh5ErMPzClOmQa3n7NNrSxL_wvCcB3tXOwDqX85UjIyqg64Qa-_P4qigalBVhbQaiz2GLDg";

#[test]
fn id1_a_shop_may_sign_with_a_key_of_its_own() {
    let read = identity::public_key(FILED).unwrap();
    for ends in ["\r\n", " ", ""] {
        let text = FILED.replace('\n', ends);
        assert_eq!(identity::public_key(&text), Some(read), "{text:?}");
    }
    let key = identity::kept(&read).unwrap();
    assert_ne!(identity::kept(&read).unwrap(), key, "nobody can guess it");
    let giulia = identity::proven(&key, SIGNED_BY_KEY, &shop(), NOW).unwrap();
    assert_eq!(giulia.email.as_deref(), Some("giulia@shop.example"));
    // Neither by the other algorithm, nor with the public half as a secret, which everybody may know.
    let (signed, signature) = SIGNED_BY_KEY.rsplit_once('.').unwrap();
    let changed = format!("{}A.{signature}", &signed[..signed.len() - 1]);
    for bad in [
        SIGNED,
        &by(&key, r#"{"alg":"HS256"}"#, CLAIMS),
        &by(FILED, r#"{"alg":"EdDSA"}"#, CLAIMS),
        &changed,
        signed,
    ] {
        let proven = identity::proven(&key, bad, &shop(), NOW);
        assert_eq!(proven, Err(Unproved::Signature), "{bad}");
    }
    let by_secret = identity::proven(SECRET, SIGNED_BY_KEY, &shop(), NOW);
    assert_eq!(by_secret, Err(Unproved::Signature));
    // What is bare may be the private half; the last are of another curve, and one that anybody can sign for.
    let bare = "ZZg3JkO3hO4qcv3BK7LZP0Vz6JGVb-QBt7sDuWzNSyM";
    let other = FILED.replace("K2Vw", "K2Vu");
    let zeros = format!("MCowBQYDK2VwAyEA{}=", "A".repeat(43));
    for bad in [
        "",
        "-----BEGIN PUBLIC KEY-----",
        SECRET,
        bare,
        &other,
        &zeros,
    ] {
        assert_eq!(identity::public_key(bad), None, "{bad}");
    }
}

/// The plainest claims there are.
const CLAIMS: &str = r#"{"sub":"1","aud":"demo","exp":1795313743}"#;

/// Signed by HMAC, whatever the head says.
fn by(secret: &str, head: &str, claims: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", encode(head), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

#[test]
fn id1_a_token_chooses_no_algorithm_and_no_secret() {
    let good = by(SECRET, r#"{"alg":"HS256"}"#, CLAIMS);
    assert!(identity::proven(SECRET, &good, &shop(), NOW).is_ok());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let unsigned = by(SECRET, r#"{"alg":"none"}"#, CLAIMS);
    let unsigned = unsigned.rsplit_once('.').unwrap().0;
    for bad in [
        by(SECRET, r#"{"alg":"none"}"#, CLAIMS),
        format!("{unsigned}."),
        by(SECRET, r#"{"alg":"HS512"}"#, CLAIMS),
        by(SECRET, r#"{"alg":"hs256"}"#, CLAIMS),
        by(SECRET, r#"{"typ":"JWT"}"#, CLAIMS),
        by("ci_another", r#"{"alg":"HS256"}"#, CLAIMS),
        by("", r#"{"alg":"HS256"}"#, CLAIMS),
        format!("{signed}."),
        format!("{signed}.{signature}="),
        format!("{signed}x.{signature}"),
        format!("{good}.{signature}"),
        signed.to_owned(),
        "..".to_owned(),
        String::new(),
        "a".repeat(20_000),
    ] {
        assert_eq!(
            identity::proven(SECRET, &bad, &shop(), NOW),
            Err(Unproved::Signature),
            "{bad}"
        );
    }
    let odd = by(SECRET, r#"{"alg":"HS256"}"#, r#"["sub"]"#);
    assert_eq!(
        identity::proven(SECRET, &odd, &shop(), NOW),
        Err(Unproved::Claims)
    );
}
