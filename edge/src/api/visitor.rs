//! Visitors come in: a pass for a shopper's device.

use std::net::IpAddr;

use protocol::api::{NewVisitor, VisitorPass};
use worker::{Headers, Response};

use super::{Call, json};
use crate::{
    auth,
    call::{self, FromShop, ToShop},
    error::{Failure, Kind, Outcome},
    origin,
};

/// `POST /v1/visitors`
pub(super) async fn admit(call: &Call<'_>) -> Outcome<Response> {
    let asked: NewVisitor = call.body()?;
    let again = asked.renewal.is_some();
    let question = ToShop::Admit {
        place: place(call.request.headers())?.filter(|_| !again),
        page: call.origin.clone(),
        again,
    };
    let (shop, duty, outlook) = match call::shop(call.env, &asked.shop, &question).await? {
        FromShop::Front {
            shop,
            duty,
            outlook,
        } => (*shop, duty, outlook),
        FromShop::TooMany { retry_after_ms } => {
            return Err(Failure::later(
                Kind::RateLimited,
                retry_after_ms,
                "Too many new visitors at once: try again in a moment.",
            ));
        }
        FromShop::NotFound => return Err(origin::unknown_shop(&asked.shop)),
        other => return Err(other.unexpected()),
    };
    if let Some(page) = call
        .origin
        .as_ref()
        .filter(|page| !shop.origins.contains(page))
    {
        return Err(origin::not_allowed(&asked.shop, page));
    }
    origin::remember(&shop, call.now);
    let keys = &call.config.token_keys;
    let visitor = match asked.renewal {
        None => auth::mint_visitor(call.now)?,
        Some(renewal) => match auth::verify_renewal(keys, &renewal, call.now) {
            Ok((of, visitor)) if of == asked.shop => visitor,
            Ok(_) | Err(_) => {
                return Err(Failure::unauthorized(
                    "The renewal is not good any more: ask without it, and be a new visitor.",
                ));
            }
        },
    };
    let (token, expires_at) = auth::visitor_token(keys, &asked.shop, visitor, call.now)?;
    let renewal = auth::visitor_renewal(keys, &asked.shop, visitor, call.now)?;
    json(
        200,
        &VisitorPass {
            visitor,
            token,
            expires_at,
            renewal,
            shop: shop.front,
            duty,
            outlook,
        },
    )
}

/// Where a visitor comes from, as far as Cloudflare says so: an address, or the half of a long one that is a household's. On one
/// machine a header would be anybody's claim.
fn place(headers: &Headers) -> Outcome<Option<String>> {
    let Some(address) = headers.get("cf-connecting-ip")? else {
        return Ok(None);
    };
    Ok(match address.parse() {
        Ok(IpAddr::V4(address)) => Some(address.to_string()),
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}:{d:x}"))
        }
        Err(_) => None,
    })
}
