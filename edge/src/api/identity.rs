//! Who a shop's visitors are: the secret or the key with which its own server signs what it knows of them, and what a visitor shows.

use protocol::{
    api::{Identity, IdentityAlgorithm, IdentityMade, NewIdentity, NewIdentityKey},
    identity::Unproved,
    relay::Principal,
};
use worker::Response;

use super::{Call, done, invalid, json};
use crate::{
    auth::identity,
    call::{self, FromShop, ToShop},
    error::{Failure, Kind, Outcome},
};

/// `GET /v1/shop/identity`
pub(super) async fn read(call: &Call<'_>) -> Outcome<Response> {
    json(200, &ask(call, &ToShop::Identity).await?)
}

/// `POST /v1/shop/identity`
pub(super) async fn make(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let secret = identity::mint()?;
    let question = ToShop::KeepIdentity {
        secret: Some(secret.clone()),
    };
    let identity = ask(call, &question).await?;
    json(status, &IdentityMade { secret, identity })
}

/// `PUT /v1/shop/identity`
pub(super) async fn keep(call: &Call<'_>) -> Outcome<Response> {
    let NewIdentityKey { public_key } = call.body()?;
    let key = identity::public_key(&public_key).ok_or_else(|| {
        invalid("`public_key` is the public half of an Ed25519 key: the whole text of what `openssl pkey -pubout` writes.")
    })?;
    let question = ToShop::KeepIdentity {
        secret: Some(identity::kept(&key)?),
    };
    let identity = Identity {
        algorithm: IdentityAlgorithm::EdDsa,
        ..ask(call, &question).await?
    };
    json(200, &identity)
}

/// `DELETE /v1/shop/identity`
pub(super) async fn end(call: &Call<'_>) -> Outcome<Response> {
    ask(call, &ToShop::KeepIdentity { secret: None }).await?;
    done()
}

/// `PUT /v1/visitors/current/identity`
pub(super) async fn prove(call: &Call<'_>) -> Outcome<Response> {
    let NewIdentity { token } = call.body()?;
    let Principal::Visitor { shop, visitor } = call.principal()? else {
        return Err(Failure::fault("a route for visitors without a visitor"));
    };
    let question = ToShop::Identify {
        visitor: *visitor,
        token,
    };
    match call::shop(call.env, shop, &question).await? {
        FromShop::Person(Some(person)) => json(200, &person),
        FromShop::Unproved(why) => Err(unproved(why)),
        other => Err(other.unexpected()),
    }
}

async fn ask(call: &Call<'_>, question: &ToShop) -> Outcome<Identity> {
    match call::shop(call.env, call.shop()?, question).await? {
        FromShop::Identity { algorithm, made_at } => Ok(Identity { algorithm, made_at }),
        other => Err(other.unexpected()),
    }
}

fn unproved(why: Unproved) -> Failure {
    let (kind, detail) = match why {
        Unproved::AnotherPerson => (
            Kind::AnotherPerson,
            "This visitor was proved to be somebody else: let the device log out, and prove the new one.",
        ),
        Unproved::Shared => (
            Kind::SharedVisitor,
            "This visitor was handed to another device before anybody was proved, so it may be two people's: whoever chats as a new visitor can be proved.",
        ),
        Unproved::NoSecret => (
            Kind::Unproved,
            "The shop has no secret to sign with: an operator makes one with POST /v1/shop/identity, or hands in a public key with PUT.",
        ),
        Unproved::Signature => (
            Kind::Unproved,
            "Not a JSON Web Token that the shop's secret has signed by HS256 (the whole text of the secret signs, as it was shown) or, where it has handed in a public key, its private key by EdDSA.",
        ),
        Unproved::Claims => (
            Kind::Unproved,
            "The token must say `sub` (a text), `aud` (a text, or several) and `exp` (whole seconds since 1970); `name`, `email` and `phone_number` are texts.",
        ),
        Unproved::Audience => (
            Kind::Unproved,
            "The token is for somebody else: its `aud` must be the shop's id.",
        ),
        Unproved::Expired => (
            Kind::Unproved,
            "The token's time is over: sign a new one when the page asks.",
        ),
        Unproved::LongLived => (
            Kind::Unproved,
            "The token would be good for too long: its `exp` may be ten minutes ahead, and no more.",
        ),
        Unproved::Subject => (
            Kind::Unproved,
            "The token's `sub` must have 1 to 128 characters, and no control characters.",
        ),
    };
    Failure::new(kind, detail)
}
