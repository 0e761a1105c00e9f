//! Who somebody is: visitors' tokens, signed by the relay and verified without a look-up, and operators' credentials,
//! which are random references kept as digests only.
//!
//! The algorithm is ours and never the token's to choose; every comparison of a secret takes the same time whatever it is.

pub mod address;
pub mod identity;
pub mod password;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use protocol::{
    id::{ConversationId, FileId, MessageId, OperatorId, ShopId, VisitorId},
    relay::{Principal, storage::Fault},
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use crate::config;

const DAY: u64 = 24 * 60 * 60;

/// A visitor's token lives for a shopping day; what steals one has no longer.
pub const TOKEN_LIFE: Millis = Millis::seconds(DAY);

/// A renewal lives for a year after the last visit: a shopper who comes back for Christmas finds last year's answers.
pub const RENEWAL_LIFE: Millis = Millis::seconds(365 * DAY);

/// The keys that sign visitors' tokens: the first signs, all verify. Never empty.
pub struct TokenKeys {
    first: TokenKey,
    others: Vec<TokenKey>,
}

struct TokenKey {
    kid: String,
    secret: String,
}

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a token, or signed by nobody here.
    Forged,
    /// Its time is over.
    Expired,
}

/// What a signed text is for; one is never good for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Token,
    Renewal,
    Address,
    /// Opens one conversation in the plain pages, and nothing else.
    Page,
}

impl Use {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Token => "cv_",
            Self::Renewal => "cr_",
            Self::Address => "cf_",
            Self::Page => "cp_",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claim {
    shop: ShopId,
    visitor: VisitorId,
    ends: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conversation: Option<ConversationId>,
}

/// What the plain pages' cookie proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePass {
    /// The shop.
    pub shop: ShopId,
    /// Who.
    pub visitor: VisitorId,
    /// Whose one conversation it opens.
    pub conversation: ConversationId,
}

impl TokenKeys {
    /// Reads `kid:secret[,kid:secret]`; otherwise says what to do.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut keys = text.split(',').map(|part| {
            let Some((kid, secret)) = part.trim().split_once(':') else {
                config::fit(part.trim())?;
                return Err("must be `name:secret`, such as `k1:` and 32 random characters.");
            };
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if kid.is_empty() || !kid.chars().all(plain) {
                return Err("has a key whose name is not made of letters, digits and `-`.");
            }
            config::fit(secret)?;
            Ok(TokenKey {
                kid: kid.into(),
                secret: secret.into(),
            })
        });
        let first = keys.next().unwrap_or(Err("is not set."))?;
        let others = keys.collect::<Result<_, _>>()?;
        Ok(Self { first, others })
    }

    fn find(&self, kid: &str) -> Option<&TokenKey> {
        core::iter::once(&self.first)
            .chain(&self.others)
            .find(|key| key.kid == kid)
    }
}

/// A token for a visitor, and when it ends.
pub fn visitor_token(
    keys: &TokenKeys,
    shop: &ShopId,
    visitor: VisitorId,
    now: Timestamp,
) -> Result<(String, Timestamp), Fault> {
    let ends = now + TOKEN_LIFE;
    let claim = Claim::new(shop, visitor, ends);
    Ok((sign(keys, Use::Token, &claim)?, ends))
}

/// What gets the next token for the same visitor.
pub fn visitor_renewal(
    keys: &TokenKeys,
    shop: &ShopId,
    visitor: VisitorId,
    now: Timestamp,
) -> Result<String, Fault> {
    let claim = Claim::new(shop, visitor, now + RENEWAL_LIFE);
    sign(keys, Use::Renewal, &claim)
}

/// What the plain pages' cookie says; it lives as long as a renewal.
pub fn page_pass(keys: &TokenKeys, pass: &PagePass, now: Timestamp) -> Result<String, Fault> {
    let claim = Claim {
        conversation: Some(pass.conversation),
        ..Claim::new(&pass.shop, pass.visitor, now + RENEWAL_LIFE)
    };
    sign(keys, Use::Page, &claim)
}

/// Whom it proves.
pub fn verify_page(keys: &TokenKeys, text: &str, now: Timestamp) -> Result<PagePass, TokenFault> {
    let claim = verify(keys, Use::Page, text, now)?;
    let conversation = claim.conversation.ok_or(TokenFault::Forged)?;
    Ok(PagePass {
        shop: claim.shop,
        visitor: claim.visitor,
        conversation,
    })
}

/// Whom a visitor's token proves.
pub fn verify_visitor(
    keys: &TokenKeys,
    token: &str,
    now: Timestamp,
) -> Result<Principal, TokenFault> {
    let claim = verify(keys, Use::Token, token, now)?;
    Ok(Principal::Visitor {
        shop: claim.shop,
        visitor: claim.visitor,
    })
}

/// Whose next token a renewal gets.
pub fn verify_renewal(
    keys: &TokenKeys,
    renewal: &str,
    now: Timestamp,
) -> Result<(ShopId, VisitorId), TokenFault> {
    let claim = verify(keys, Use::Renewal, renewal, now)?;
    Ok((claim.shop, claim.visitor))
}

impl Claim {
    fn new(shop: &ShopId, visitor: VisitorId, ends: Timestamp) -> Self {
        Self {
            shop: shop.clone(),
            visitor,
            ends,
            conversation: None,
        }
    }
}

fn sign(keys: &TokenKeys, used: Use, claim: &impl Serialize) -> Result<String, Fault> {
    let claim = serde_json::to_vec(claim).map_err(|error| Fault(error.to_string()))?;
    let signed = format!(
        "{}{}.{}",
        used.prefix(),
        keys.first.kid,
        BASE64.encode(claim)
    );
    let mac = mac(&keys.first, &signed).ok_or_else(|| Fault("no key for a signature".into()))?;
    let mac = BASE64.encode(mac.finalize().into_bytes());
    Ok(format!("{signed}.{mac}"))
}

fn verify(keys: &TokenKeys, used: Use, text: &str, now: Timestamp) -> Result<Claim, TokenFault> {
    let claim: Claim = proven(keys, used, text).ok_or(TokenFault::Forged)?;
    if claim.ends <= now {
        Err(TokenFault::Expired)
    } else {
        Ok(claim)
    }
}

fn proven<C: DeserializeOwned>(keys: &TokenKeys, used: Use, text: &str) -> Option<C> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (kid, claim) = signed.strip_prefix(used.prefix())?.split_once('.')?;
    let signature = BASE64.decode(signature).ok()?;
    mac(keys.find(kid)?, signed)?
        .verify_slice(&signature)
        .ok()?;
    serde_json::from_slice(&BASE64.decode(claim).ok()?).ok()
}

fn mac(key: &TokenKey, signed: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.secret.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    Some(mac)
}

/// The SHA-256 of something that must not be kept itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(pub String);

impl Digest {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self(BASE64.encode(Sha256::digest(text.as_bytes())))
    }
}

/// The kinds of reference that an operator's request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// A browser that is signed in; travels in a cookie.
    Session,
    /// A program; travels in `Authorization`.
    Key,
}

/// A reference that an operator's request carries, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Which kind.
    pub kind: ReferenceKind,
    /// The shop that knows it.
    pub shop: ShopId,
    /// How the shop knows it.
    pub digest: Digest,
}

impl ReferenceKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "cs_",
            Self::Key => "ck_",
        }
    }
}

impl Reference {
    /// A new one, with the text that is told once and not kept.
    pub(crate) fn mint(kind: ReferenceKind, shop: &ShopId) -> Result<(String, Self), Fault> {
        let text = format!("{}{shop}_{}", kind.prefix(), BASE64.encode(random::<32>()?));
        let reference = Self {
            kind,
            shop: shop.clone(),
            digest: Digest::of(&text),
        };
        Ok((text, reference))
    }

    /// Reads `cs_<shop>_<secret>` or `ck_<shop>_<secret>`; the shop stands in it so that the right object can be asked.
    pub fn read(kind: ReferenceKind, text: &str) -> Option<Self> {
        let (shop, secret) = text.strip_prefix(kind.prefix())?.split_once('_')?;
        let shop = shop.parse().ok()?;
        (secret.len() == 43).then(|| Self {
            kind,
            shop,
            digest: Digest::of(text),
        })
    }
}

/// Random bytes, from the runtime.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Fault(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// A new visitor.
pub(crate) fn mint_visitor(now: Timestamp) -> Result<VisitorId, Fault> {
    Ok(VisitorId::mint(now, random()?))
}

/// A new operator.
pub(crate) fn mint_operator(now: Timestamp) -> Result<OperatorId, Fault> {
    Ok(OperatorId::mint(now, random()?))
}

/// A conversation of who has no device that could name it.
pub(crate) fn mint_conversation(now: Timestamp) -> Result<ConversationId, Fault> {
    Ok(ConversationId::mint(now, random()?))
}

/// A message whose author did not name it.
pub(crate) fn mint_message(now: Timestamp) -> Result<MessageId, Fault> {
    Ok(MessageId::mint(now, random()?))
}

/// A file that who hands it over did not name.
pub(crate) fn mint_file(now: Timestamp) -> Result<FileId, Fault> {
    Ok(FileId::mint(now, random()?))
}

/// The SHA-256 of a file's bytes.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The name of an API key in the list; it is no secret.
pub(crate) fn mint_key_id() -> Result<String, Fault> {
    Ok(BASE64.encode(random::<12>()?))
}
