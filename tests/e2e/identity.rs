//! A customer who is signed in at the shop is known to be that customer (SPEC, ID): by what the shop's own server has signed, and by
//! nothing else.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac};
use protocol::{
    api::{
        Conversations, Handover, Identity, IdentityAlgorithm, IdentityMade, NewHandover,
        NewIdentity, NewIdentityKey, NewTakeover, Takeover,
    },
    conversation::Summary,
    identity::Person,
};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually, shop,
    shopper::{LAUNCHER, ROOT},
};

use crate::{
    accessible::assert_accessible,
    frame::{inside, outside},
};

const SETTING: &str = "/v1/shop/identity";
const PROOF: &str = "/v1/visitors/current/identity";

/// How often this page has told the relay who is signed in.
const TOLD: &str = "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('current/identity')).length";

/// A customer: their number and their name.
type Customer = (&'static str, &'static str);
const GIULIA: Customer = ("4711", "Giulia Bianchi");
const MARCO: Customer = ("4712", "Marco Verdi");

async fn secret_of(shop: &Shop) -> String {
    let made: IdentityMade = shop.caller().post(SETTING, &json!({})).await.json();
    made.secret
}

/// What the shop's server signs.
fn signed(secret: &str, claims: &Value) -> String {
    let head = BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let text = format!("{head}.{}", BASE64.encode(claims.to_string()));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

/// What it says of this customer, for the next five minutes.
fn claims(shop: &Shop, (number, name): Customer) -> Value {
    let ends = shop::now().0 / 1_000 + 300;
    json!({ "sub": number, "aud": shop.id.as_str(), "exp": ends, "name": name, "email": "customer@shop.example" })
}

fn token(shop: &Shop, secret: &str, customer: Customer) -> String {
    signed(secret, &claims(shop, customer))
}

/// The same, signed with a key of the shop's own.
fn token_by_key(shop: &Shop, key: &SigningKey, customer: Customer) -> String {
    let head = BASE64.encode(r#"{"alg":"EdDSA","typ":"JWT"}"#);
    let text = format!(
        "{head}.{}",
        BASE64.encode(claims(shop, customer).to_string())
    );
    let signature = key.sign(text.as_bytes());
    format!("{text}.{}", BASE64.encode(signature.to_bytes()))
}

/// Waits until the list says so of the conversation with these last words.
async fn is_known(shop: &Shop, words: &str, (number, name): Customer) -> Summary {
    let what = format!("{words:?} is {name}'s");
    eventually(&what, async || {
        let one = shop.caller().conversation_with(words).await;
        let person = one.person.as_ref()?;
        let is = person.id == number && person.name.as_deref() == Some(name);
        is.then_some(one)
    })
    .await
}

#[tokio::test]
async fn id1_what_is_signed_proves_and_nothing_else_does() {
    let shop = Relay::shared().await.shop().await;
    let owner = shop.caller();
    let (visitor, _) = Caller::visitor(&shop).await;
    let prove = async |token: String| visitor.put(PROOF, &NewIdentity { token }).await;
    let refused = async |token: String, why: &str| {
        let problem = prove(token).await.problem(422);
        assert_eq!(problem.kind, "/problems/unproved");
        assert!(problem.detail.contains(why), "{problem:?}");
    };
    refused(token(&shop, "ci_none", GIULIA), "POST /v1/shop/identity").await;
    let secret = secret_of(&shop).await;
    refused(token(&shop, "ci_none", GIULIA), "HS256").await;
    refused("a.b.c".into(), "HS256").await;
    let claims = json!({ "sub": "1", "aud": "another", "exp": shop::now().0 / 1_000 + 60 });
    refused(signed(&secret, &claims), "`aud`").await;
    let giulia: Person = prove(token(&shop, &secret, GIULIA)).await.json();
    assert_eq!(
        (giulia.id.as_str(), giulia.name.as_deref()),
        ("4711", Some("Giulia Bianchi"))
    );
    // Who was proved is nobody else.
    let problem = prove(token(&shop, &secret, MARCO)).await.problem(409);
    assert_eq!(problem.kind, "/problems/another-person");
    // Nobody but a visitor has anything to prove.
    owner.put(PROOF, &json!({ "token": "" })).await.problem(403);
    Caller::nobody(&shop.relay)
        .put(PROOF, &json!({ "token": "" }))
        .await
        .problem(401);
    visitor.get(SETTING).await.problem(403);
}

#[tokio::test]
async fn id2_whom_two_devices_have_is_nobody() {
    let shop = Relay::shared().await.shop().await;
    let secret = secret_of(&shop).await;
    let hand_over = async |visitor: &Caller| {
        let conversation = shop::conversation_id();
        let asked = NewHandover { conversation };
        let handover: Handover = visitor.post("/v1/handovers", &asked).await.json();
        let taken = NewTakeover {
            shop: shop.id.clone(),
            code: handover.code,
        };
        let other = Caller::nobody(&shop.relay).from(&shop.storefront.origin());
        let taken: Takeover = other.post("/v1/takeovers", &taken).await.json();
        taken.pass
    };
    let proof = || NewIdentity {
        token: token(&shop, &secret, GIULIA),
    };
    // Who keeps a code would speak as whoever signs in next.
    let (visitor, _) = Caller::visitor(&shop).await;
    hand_over(&visitor).await;
    let problem = visitor.put(PROOF, &proof()).await.problem(403);
    assert_eq!(problem.kind, "/problems/shared-visitor");
    // Who is proved already goes on on their phone.
    let (visitor, _) = Caller::visitor(&shop).await;
    visitor.put(PROOF, &proof()).await.json::<Person>();
    let phone = hand_over(&visitor).await;
    let phone = visitor.bearing(&phone.token);
    phone.put(PROOF, &proof()).await.json::<Person>();
}

#[tokio::test]
async fn id4_a_secret_is_shown_once_and_ends() {
    let shop = Relay::shared().await.shop().await;
    let owner = shop.caller();
    let before: Identity = owner.get(SETTING).await.json();
    assert_eq!(before.made_at, None);
    let first = secret_of(&shop).await;
    let asked = owner.get(SETTING).await;
    assert!(!asked.body.contains(&first), "it is not shown again");
    assert!(asked.json::<Identity>().made_at.is_some());
    let second = secret_of(&shop).await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let prove = async |token: String| visitor.put(PROOF, &NewIdentity { token }).await;
    prove(token(&shop, &first, GIULIA)).await.problem(422);
    prove(token(&shop, &second, GIULIA)).await.json::<Person>();
    let ended = owner.send(owner.request(Method::DELETE, SETTING)).await;
    assert_eq!(ended.status, 204);
    prove(token(&shop, &second, GIULIA)).await.problem(422);
}

#[tokio::test]
async fn id4_a_shop_hands_in_a_key_of_its_own() {
    let shop = Relay::shared().await.shop().await;
    let owner = shop.caller();
    let (visitor, _) = Caller::visitor(&shop).await;
    let prove = async |token: String| visitor.put(PROOF, &NewIdentity { token }).await;
    let secret = secret_of(&shop).await;
    let key = SigningKey::from_bytes(&[7; 32]);
    let hand_in = async |public_key: String| {
        let asked = NewIdentityKey { public_key };
        owner.put(SETTING, &asked).await
    };
    let problem = hand_in("a key".into()).await.problem(400);
    assert!(problem.detail.contains("openssl"), "{problem:?}");
    prove(token_by_key(&shop, &key, GIULIA)).await.problem(422);
    let head = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    let file = [&head[..], key.verifying_key().as_bytes()].concat();
    let kept: Identity = hand_in(STANDARD.encode(file)).await.json();
    assert_eq!(kept.algorithm, IdentityAlgorithm::EdDsa);
    assert!(kept.made_at.is_some());
    // The secret is over.
    prove(token(&shop, &secret, GIULIA)).await.problem(422);
    let giulia: Person = prove(token_by_key(&shop, &key, GIULIA)).await.json();
    assert_eq!(giulia.id, "4711");
    // And so is the key, with the next secret.
    let secret = secret_of(&shop).await;
    prove(token_by_key(&shop, &key, GIULIA)).await.problem(422);
    prove(token(&shop, &secret, GIULIA)).await.json::<Person>();
    visitor.put(SETTING, &json!({})).await.problem(403);
}

#[tokio::test]
async fn id5_a_page_says_who_is_signed_in() {
    let shop = Relay::shared().await.shop().await;
    let secret = secret_of(&shop).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let says = async |customer: Customer| {
        let token = token(&shop, &secret, customer);
        browser
            .ask(&format!(
                "document.title = 'Shop'; commesso('identify', async () => (document.title = 'Asked', '{token}'))"
            ))
            .await;
    };
    says(GIULIA).await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Where is my moka?").await;
    let first = is_known(&shop, "Where is my moka?", GIULIA).await;
    assert_eq!(browser.ask(TOLD).await, json!(1));
    // What a page says without that is no proof, and once is enough.
    browser
        .ask("commesso('set', { name: 'The owner' }); commesso('close')")
        .await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("It should have come").await;
    is_known(&shop, "It should have come", GIULIA).await;
    assert_eq!(browser.ask(TOLD).await, json!(1));
    // In the same visit the relay knows already.
    browser.reload().await;
    says(GIULIA).await;
    browser
        .until("the page was asked", "return document.title === 'Asked'")
        .await;
    shopper.opens_the_chat().await;
    shopper.reads("It should have come").await;
    assert_eq!(browser.ask(TOLD).await, json!(0));
    // Another customer at the same device reads nothing of it.
    says(MARCO).await;
    let anew = format!(
        "return {ROOT}?.querySelectorAll('.lines [dir=auto]').length === 0 || !{ROOT}?.querySelector('.panel')"
    );
    browser.until("the chat begins anew", &anew).await;
    browser.ask("commesso('open')").await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("Do you ship to Malta?").await;
    let second = is_known(&shop, "Do you ship to Malta?", MARCO).await;
    assert!(first.visitor != second.visitor && first.id != second.id);
    is_known(&shop, "It should have come", GIULIA).await;
    // Who signs out is nobody.
    browser.ask("commesso('logout'); commesso('open')").await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("A stranger").await;
    let stranger = shop.caller().conversation_with("A stranger").await;
    assert_eq!(stranger.person, None);
    shopper.leaves_after(&["409"]).await;
}

#[tokio::test]
async fn id5_also_where_the_chat_is_in_a_frame() {
    let shop = Relay::shared().await.shop().await;
    let token = token(&shop, &secret_of(&shop).await, GIULIA);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "walled").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    shopper.writes_for_sure("From a frame").await;
    outside(browser).await;
    // What is said last counts.
    browser.ask("commesso('identify', 'not one')").await;
    browser
        .ask(&format!("commesso('identify', '{token}')"))
        .await;
    is_known(&shop, "From a frame", GIULIA).await;
    shopper
        .leaves_after(&["Content Security Policy", "WebAssembly", "identify", "422"])
        .await;
}

#[tokio::test]
async fn the_inbox_shows_who_is_verified_and_who_is_not() {
    let shop = Relay::shared().await.shop().await;
    let secret = secret_of(&shop).await;
    let (phone, desk) = Browser::two(PHONE, DESKTOP).await;
    let shopper = Shopper::arrives(phone, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Where is my moka?").await;
    let operator = Operator::signs_in(desk, &shop).await;
    operator.opens("Where is my moka?").await;
    operator.browser.see_words_anywhere("Not verified").await;
    // It is said under the operator's eyes.
    let token = token(&shop, &secret, GIULIA);
    shopper
        .browser
        .ask(&format!("commesso('identify', '{token}')"))
        .await;
    for words in [
        "Verified by your shop",
        "Giulia Bianchi",
        "4711",
        "customer@shop.example",
    ] {
        operator.browser.see_words_anywhere(words).await;
    }
    operator.browser.see("button", "Giulia Bianchi").await;
    // What she wrote on another device is at hand.
    let (mut peer, other, pass) = Peer::visitor(&shop).await;
    peer.say_for_sure("Do you ship to Malta?").await;
    let device = Caller::nobody(&shop.relay).bearing(&pass.token);
    let proof = NewIdentity {
        token: token.clone(),
    };
    device.put(PROOF, &proof).await.json::<Person>();
    let of = format!("/v1/conversations/{other}/others");
    let others: Conversations = shop.caller().get(&of).await.json();
    assert_eq!(others.conversations.len(), 1);
    device.get(&of).await.problem(403);
    // It is there as soon as it is known to be hers, and when the page is loaded again.
    let heading = "Other conversations";
    operator.browser.see_words_anywhere(heading).await;
    operator.browser.reload().await;
    operator.browser.see_words_anywhere(heading).await;
    assert_accessible(&operator.browser, "html", "with a verified customer").await;
    let there = "return Boolean([...document.querySelectorAll('.others button')].find((one) => one.innerText.includes('Malta'))?.click() ?? true)";
    operator.browser.ask(there).await;
    operator
        .browser
        .see_bubble("Do you ship to Malta?", &["Malta"])
        .await;
    shopper.leaves().await;
    operator.leaves().await;
}
