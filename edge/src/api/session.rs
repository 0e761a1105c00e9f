//! Operators sign in and out.
//!
//! Must stay true: who tries learns nothing from the time it takes, neither of the address nor of the password, and an
//! attempt counts before it is made.

use protocol::api::SignIn;
use worker::Response;

use super::{Call, caller, done, json};
use crate::{
    auth::{Reference, ReferenceKind, password},
    call::{self, FromShop, ToShop},
    cookie::Line,
    error::{Failure, Kind, Outcome},
    origin,
    shop::storage::SESSION_LIFE,
};

/// `POST /v1/sessions`
pub(super) async fn sign_in(call: &Call<'_>) -> Outcome<Response> {
    caller::same_site(call.request.headers())?;
    let SignIn {
        shop,
        email,
        password,
    } = call.body()?;
    let email = super::shop::email(&email).unwrap_or_default();
    let (operator, kept) = match call::shop(call.env, &shop, &ToShop::Attempt { email }).await? {
        FromShop::Attempt { operator, password } => (operator, password),
        FromShop::TooMany { retry_after_ms } => {
            let detail = "Too many attempts with this address: try again after retry_after_ms.";
            return Err(Failure::later(
                Kind::TooManyAttempts,
                retry_after_ms,
                detail,
            ));
        }
        FromShop::NotFound => return Err(origin::unknown_shop(&shop)),
        other => return Err(other.unexpected()),
    };
    // A text that is too long to be a password costs no more than one.
    let typed = if password.len() <= 4 * password::LENGTH_MAX {
        password.as_str()
    } else {
        ""
    };
    let right = password::check(typed, kept.as_deref())?;
    let Some(operator) = operator.filter(|_| right) else {
        return Err(wrong());
    };
    let (text, reference) = Reference::mint(ReferenceKind::Session, &shop)?;
    let question = ToShop::SignIn {
        operator,
        session: reference.digest,
    };
    match call::shop(call.env, &shop, &question).await? {
        FromShop::Me(me) => with_cookie(call, json(200, &me)?, &text, SESSION_LIFE.0 / 1_000),
        FromShop::NotFound => Err(wrong()),
        other => Err(other.unexpected()),
    }
}

/// `DELETE /v1/sessions/current`
pub(super) async fn sign_out(call: &Call<'_>) -> Outcome<Response> {
    let (_, reference) = call.operator()?;
    if reference.kind == ReferenceKind::Key {
        return Err(super::invalid(
            "An API key is no session: delete it by DELETE /v1/keys/{id}.",
        ));
    }
    let question = ToShop::SignOut {
        session: reference.digest.clone(),
    };
    match call::shop(call.env, &reference.shop, &question).await? {
        FromShop::Done => with_cookie(call, done()?, "", 0),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/me`
pub(super) async fn me(call: &Call<'_>) -> Outcome<Response> {
    let (card, reference) = call.operator()?;
    match call::shop(call.env, &reference.shop, &ToShop::Me { operator: card.id }).await? {
        FromShop::Me(me) => {
            let response = json(200, &me)?;
            match (
                reference.kind,
                caller::session_text(call.request, call.config)?,
            ) {
                // The cookie lives as long as the session, which every use prolongs.
                (ReferenceKind::Session, Some(text)) => {
                    with_cookie(call, response, &text, SESSION_LIFE.0 / 1_000)
                }
                (ReferenceKind::Session | ReferenceKind::Key, _) => Ok(response),
            }
        }
        other => Err(other.unexpected()),
    }
}

fn wrong() -> Failure {
    Failure::new(
        Kind::WrongPassword,
        "The address or the password is wrong: look at both, and at the shop.",
    )
}

fn with_cookie(call: &Call<'_>, response: Response, text: &str, seconds: u64) -> Outcome<Response> {
    let line = Line::of_request(call.request, call.config)?;
    caller::SESSION.set(&response, line, text, seconds)?;
    Ok(response)
}
