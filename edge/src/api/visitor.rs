//! Visitors come in: a pass for a shopper's device.

use std::net::IpAddr;

use futures_util::future::try_join_all;
use protocol::{
    api::{NewVisitor, OwnConversations, Storefront, VisitorPass},
    entry::OperatorCard,
    id::{ShopId, VisitorId},
    outlook::Outlook,
    relay::Principal,
};
use worker::{Headers, Response};

use super::{Call, json};
use crate::{
    auth,
    call::{self, FromConversation, FromShop, ToConversation, ToShop},
    error::{Failure, Kind, Outcome},
    origin,
};

/// `POST /v1/visitors`
pub(super) async fn admit(call: &Call<'_>) -> Outcome<Response> {
    let asked: NewVisitor = call.body()?;
    let front = front(call, &asked.shop, asked.renewal.is_some()).await?;
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
    json(200, &pass(call, front, visitor)?)
}

/// `GET /v1/visitors/current/conversations`
pub(super) async fn own(call: &Call<'_>) -> Outcome<Response> {
    let Principal::Visitor { shop, visitor } = call.principal()? else {
        return Err(Failure::fault("a route for visitors without a visitor"));
    };
    let question = ToShop::Own { visitor: *visitor };
    let ids = match call::shop(call.env, shop, &question).await? {
        FromShop::Own(ids) => ids,
        other => return Err(other.unexpected()),
    };
    // Each says itself what its visitor sees of it: the shop's list is the operators', and moves by what is said among them.
    let principal = call.principal()?;
    let asked = ids.into_iter().map(|id| async move {
        let principal = principal.clone();
        let question = ToConversation::Own { principal };
        match call::conversation(call.env, shop, id, &question).await? {
            FromConversation::Own(own) => Ok(own),
            FromConversation::NotFound => Ok(None),
            other => Err(other.unexpected()),
        }
    });
    let found = try_join_all(asked).await?;
    json(200, &OwnConversations::of(found.into_iter().flatten()))
}

/// What a shop shows to a visitor, on a page that may carry its widget.
pub(super) struct Front {
    shop: Storefront,
    duty: Vec<OperatorCard>,
    outlook: Outlook,
}

/// Asks the shop; `again` is who says to have been here before, and is not counted.
pub(super) async fn front(call: &Call<'_>, id: &ShopId, again: bool) -> Outcome<Front> {
    let question = ToShop::Admit {
        place: place(call.request.headers())?.filter(|_| !again),
        page: call.origin.clone(),
        again,
    };
    let (shop, duty, outlook) = match call::shop(call.env, id, &question).await? {
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
        FromShop::NotFound => return Err(origin::unknown_shop(id)),
        other => return Err(other.unexpected()),
    };
    if let Some(page) = call
        .page()
        .filter(|page| !shop.origins.iter().any(|known| known == page))
    {
        return Err(origin::not_allowed(id, page));
    }
    origin::remember(&shop, call.now);
    let mut shop = shop.front;
    shop.form = shop.form.and_then(|form| form.asked(duty.is_empty()));
    Ok(Front {
        shop,
        duty,
        outlook,
    })
}

/// A pass for this visitor.
pub(super) fn pass(call: &Call<'_>, front: Front, visitor: VisitorId) -> Outcome<VisitorPass> {
    let keys = &call.config.token_keys;
    let Front {
        shop,
        duty,
        outlook,
    } = front;
    let (token, expires_at) = auth::visitor_token(keys, &shop.id, visitor, call.now)?;
    let renewal = auth::visitor_renewal(keys, &shop.id, visitor, call.now)?;
    Ok(VisitorPass {
        visitor,
        token,
        expires_at,
        renewal,
        shop,
        duty,
        outlook,
    })
}

/// Where a visitor comes from, as far as Cloudflare says so: an address, or the half of a long one that is a household's. On one
/// machine a header would be anybody's claim.
pub(crate) fn place(headers: &Headers) -> Outcome<Option<String>> {
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
