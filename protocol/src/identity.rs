//! Who a visitor is, where their shop has proved it: its own server signs what it knows of a customer who is signed in there.
//!
//! What a page says alone proves nothing and is no part of this ([`crate::fact`]).

use serde::{Deserialize, Serialize};

use crate::{
    id::ShopId,
    limits::{EMAIL_MAX, IDENTITY_FOR, IDENTITY_ID_MAX, IDENTITY_SKEW, NAME_MAX, PHONE_MAX},
    time::Timestamp,
};

/// A customer of the shop's, as its server knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// What the shop calls them for ever, such as the number of their account.
    pub id: String,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What a token says, whose signature is good. The names are those of RFC 7519 and OpenID Connect; what stands beside them is nobody's
/// business here.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    sub: String,
    aud: Audience,
    /// Seconds since 1970.
    exp: u64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    phone_number: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Some(Vec<String>),
}

/// Why it proves nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unproved {
    /// The shop has no secret to sign with.
    NoSecret,
    /// It is no token of the one algorithm, or another secret has signed it.
    Signature,
    /// A claim that must be there is not, or is of another kind.
    Claims,
    /// It is for somebody else.
    Audience,
    /// Its time is over.
    Expired,
    /// It would be good for longer than any may be.
    LongLived,
    /// `sub` is empty or too long, or has control characters.
    Subject,
    /// The visitor was proved to be another person before.
    AnotherPerson,
    /// Another device became this visitor before anybody was proved: whose it is, a token does not say.
    Shared,
}

impl Claims {
    /// Whom they prove to this shop.
    pub fn person(self, shop: &ShopId, now: Timestamp) -> Result<Person, Unproved> {
        let audience = match &self.aud {
            Audience::One(one) => core::slice::from_ref(one),
            Audience::Some(all) => all,
        };
        if !audience.iter().any(|one| one == shop.as_str()) {
            return Err(Unproved::Audience);
        }
        let ends = Timestamp(self.exp.saturating_mul(1_000));
        if ends + IDENTITY_SKEW <= now {
            return Err(Unproved::Expired);
        }
        if ends > now + IDENTITY_FOR + IDENTITY_SKEW {
            return Err(Unproved::LongLived);
        }
        let fits = (1..=IDENTITY_ID_MAX).contains(&self.sub.chars().count());
        if !fits || self.sub.contains(char::is_control) {
            return Err(Unproved::Subject);
        }
        // A name that nobody can read would be none in the list.
        let name = line(self.name, NAME_MAX);
        let name = name.filter(|name| name.contains(char::is_alphanumeric));
        Ok(Person {
            id: self.sub,
            name,
            email: line(self.email, EMAIL_MAX),
            phone: line(self.phone_number, PHONE_MAX),
        })
    }
}

impl Person {
    /// Who a visitor is from now on who was `before`: one and the same for ever. `shared` is one who was handed to another device.
    pub fn after(self, before: Option<&Self>, shared: bool) -> Result<Self, Unproved> {
        match before {
            Some(before) if before.id != self.id => Err(Unproved::AnotherPerson),
            None if shared => Err(Unproved::Shared),
            Some(_) | None => Ok(self),
        }
    }
}

/// One line of it; nothing where there is none.
fn line(text: Option<String>, longest: usize) -> Option<String> {
    let text = text?;
    let plain = text.trim().chars().filter(|c| !c.is_control());
    let line: String = plain.take(longest).collect();
    (!line.is_empty()).then_some(line)
}
