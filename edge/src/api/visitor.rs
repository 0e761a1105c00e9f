//! Visitors come in: a pass for a shopper's device.

use protocol::api::{NewVisitor, VisitorPass};
use worker::Response;

use super::{Call, json};
use crate::{
    auth,
    call::{self, FromShop, ToShop},
    error::{Failure, Outcome},
    origin,
};

/// `POST /v1/visitors`
pub(super) async fn admit(call: &Call<'_>) -> Outcome<Response> {
    let asked: NewVisitor = call.body()?;
    let (shop, duty) = match call::shop(call.env, &asked.shop, &ToShop::Front).await? {
        FromShop::Front { shop, duty } => (*shop, duty),
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
        },
    )
}
