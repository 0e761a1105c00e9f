//! Who asks: `Authorization` names an admin, a visitor or a program of an operator; a cookie names an operator's browser.
//!
//! Must stay true: a cookie, which browsers add by themselves, counts only for requests that the inbox made.

use protocol::{api::Exchange, frame::ClientFrame, relay::Principal, time::Timestamp};
use worker::{Env, Headers, Request, Url};

use crate::{
    auth::{self, Reference, ReferenceKind, TokenFault},
    call::{self, FromShop, ToShop},
    config::Config,
    cookie::{Cookie, Line},
    error::{Failure, Kind, Outcome},
    policy::{Action, Caller, Resource},
    route::{Method, Route},
};

/// The cookie of an operator's session.
pub(super) const SESSION: Cookie = Cookie {
    name: "__Host-commesso",
    attributes: "Path=/; SameSite=Strict",
};

/// A header that the inbox sends with every change. Pages of other origins cannot send it without a preflight, which
/// operators' routes do not answer.
const BY_INBOX: &str = "x-commesso";

/// Finds out who asks, and by what an operator is known.
pub(super) async fn identify(
    request: &Request,
    env: &Env,
    config: &Config,
    (route, body): (&Route, &str),
    now: Timestamp,
) -> Outcome<(Caller, Option<Reference>)> {
    if let Some(header) = request.headers().get("authorization")? {
        let token = header
            .strip_prefix("Bearer ")
            .or_else(|| header.strip_prefix("bearer "));
        let token = token.ok_or_else(|| {
            Failure::unauthorized("`Authorization` must be `Bearer` and a token.")
        })?;
        return by_token(token.trim(), env, config, now).await;
    }
    if route.action == Action::ExchangeFrames
        && let Some(token) = hello_token(body)
    {
        // A page that goes away sends what no browser would ask about first, and that is no header of ours.
        let principal = by_visitors_token(&token, config, now)?;
        return Ok((Caller::Member(principal), None));
    }
    let Some(session) = session_text(request, config)? else {
        return Ok((Caller::Nobody, None));
    };
    made_by_inbox(request, route)?;
    let signed_out = || Failure::unauthorized("The session has ended: sign in again.");
    let reference = Reference::read(ReferenceKind::Session, &session).ok_or_else(signed_out)?;
    by_reference(env, reference).await?.ok_or_else(signed_out)
}

/// What a route is about: for members, always what is their shop's.
pub(super) fn resource(caller: &Caller, action: Action) -> Resource<'_> {
    match (caller, action) {
        (Caller::Member(_), Action::CreateShop) => Resource::Relay,
        (Caller::Member(principal), _) => Resource::Of(principal.shop()),
        (Caller::Admin | Caller::Nobody, _) => Resource::Relay,
    }
}

/// Why this caller may not do what the route does.
pub(super) fn refuse(caller: &Caller, route: &Route) -> Failure {
    match (caller, route.action) {
        (Caller::Nobody, Action::CreateShop) => {
            Failure::unauthorized("Send the relay's admin secret: `Authorization: Bearer …`.")
        }
        (Caller::Nobody, _) => Failure::unauthorized(
            "Sign in at /inbox, or send an API key (operators) or a token (visitors): `Authorization: Bearer …`.",
        ),
        (Caller::Admin | Caller::Member(_), _) => Failure::new(
            Kind::Forbidden,
            format!("{} is not for this credential.", route.name),
        ),
    }
}

/// A browser says where a request comes from; one that another site's page made is refused.
pub(super) fn same_site(headers: &Headers) -> Outcome<()> {
    match headers.get("sec-fetch-site")?.as_deref() {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(cross_site("This is only for pages of the relay itself.")),
    }
}

/// Whether a page of the relay itself opens a socket. The scheme is left out: a proxy before the relay may end TLS.
pub(crate) fn own_page(request: &Request, origin: Option<&str>) -> Outcome<()> {
    let own = request.url()?;
    let own = own.host_str().map(|host| (host, own.port()));
    let page: Option<Url> = origin.and_then(|origin| origin.parse().ok());
    let page = page
        .as_ref()
        .and_then(|page| Some((page.host_str()?, page.port())));
    match page.is_some() && page == own {
        true => Ok(()),
        false => Err(cross_site(
            "With a cookie, sockets are for pages of the relay itself.",
        )),
    }
}

async fn by_token(
    token: &str,
    env: &Env,
    config: &Config,
    now: Timestamp,
) -> Outcome<(Caller, Option<Reference>)> {
    if token.starts_with("cv_") {
        let principal = by_visitors_token(token, config, now)?;
        return Ok((Caller::Member(principal), None));
    }
    if let Some(reference) = Reference::read(ReferenceKind::Key, token) {
        let found = by_reference(env, reference).await?;
        return found
            .ok_or_else(|| Failure::unauthorized("There is no such API key, or it was deleted."));
    }
    match config.is_admin(token) {
        true => Ok((Caller::Admin, None)),
        false => Err(Failure::unauthorized(
            "This is no API key, no visitor's token and not the admin secret.",
        )),
    }
}

fn by_visitors_token(token: &str, config: &Config, now: Timestamp) -> Outcome<Principal> {
    auth::verify_visitor(&config.token_keys, token, now).map_err(|fault| match fault {
        TokenFault::Forged => {
            Failure::unauthorized("The token is not good: get one by POST /v1/visitors.")
        }
        TokenFault::Expired => Failure::unauthorized(
            "The token has ended: get the next by POST /v1/visitors with `renewal`.",
        ),
    })
}

/// The token in the hello of an exchange, as on a socket.
fn hello_token(body: &str) -> Option<String> {
    let asked: Exchange = serde_json::from_str(body).ok()?;
    match asked.frames.into_iter().next()? {
        ClientFrame::Hello(hello) => hello.token,
        _ => None,
    }
}

async fn by_reference(
    env: &Env,
    reference: Reference,
) -> Outcome<Option<(Caller, Option<Reference>)>> {
    let question = ToShop::WhoIs {
        reference: reference.clone(),
    };
    match call::shop(env, &reference.shop, &question).await? {
        FromShop::Operator(card) => {
            let principal = Principal::Operator {
                shop: reference.shop.clone(),
                card,
            };
            Ok(Some((Caller::Member(principal), Some(reference))))
        }
        FromShop::NotFound => Ok(None),
        other => Err(other.unexpected()),
    }
}

fn made_by_inbox(request: &Request, route: &Route) -> Outcome<()> {
    let headers = request.headers();
    same_site(headers)?;
    let opens = matches!(route.action, Action::OpenConversation | Action::OpenInbox);
    if opens {
        return own_page(request, headers.get("origin")?.as_deref());
    }
    if route.method != Method::Get && headers.get(BY_INBOX)?.as_deref() != Some("1") {
        return Err(cross_site(
            "With a cookie, a change needs the header `x-commesso: 1`.",
        ));
    }
    Ok(())
}

fn cross_site(detail: &str) -> Failure {
    Failure::new(Kind::CrossSite, detail)
}

/// What the cookie of a session says, where there is one.
pub(super) fn session_text(request: &Request, config: &Config) -> Outcome<Option<String>> {
    SESSION.read(Line::of_request(request, config)?, request.headers())
}
