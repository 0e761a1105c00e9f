//! Sockets: the upgrade goes to the object that keeps it.
//!
//! A visitor's upgrade names the shop, which is public, and proves nobody: the token comes in the first frame, since an
//! address is no place for it. An operator's upgrade carries their key or cookie.

use protocol::{
    close::CloseCode,
    id::{ConversationId, ShopId},
};
use worker::{Request, Response, WebSocketPair};

use super::{Call, conversation, invalid};
use crate::{
    call,
    error::{Failure, Kind, Outcome},
    origin,
    policy::Caller,
};

/// `GET /v1/socket`
pub(super) async fn conversation(call: &Call<'_>) -> Outcome<Response> {
    upgrades(call)?;
    let named = call
        .asked("conversation")
        .ok_or_else(|| invalid("`conversation` is missing in the query."))?;
    if let Some(shop) = call.asked("shop") {
        let shop: ShopId = shop
            .parse()
            .map_err(|_| invalid("`shop` in the query is not a shop's id."))?;
        let conversation: ConversationId = named.parse().map_err(|_| not_an_id())?;
        origin::check(call.env, &shop, call.page(), call.now).await?;
        return Ok(call::open_conversation(call.env, &shop, conversation, None).await?);
    }
    match &call.caller {
        Caller::Member(principal) => {
            let conversation = conversation::named(call, named).await?;
            // Who is a visitor shows it in the first frame, by one way only.
            let proven = call.reference.as_ref().map(|_| principal);
            Ok(call::open_conversation(call.env, principal.shop(), conversation, proven).await?)
        }
        Caller::Nobody | Caller::Admin => Err(Failure::unauthorized(
            "A visitor's socket names its `shop` in the query; an operator's needs a session or an API key.",
        )),
    }
}

/// `GET /v1/inbox/socket`
pub(super) async fn inbox(call: &Call<'_>) -> Outcome<Response> {
    upgrades(call)?;
    let (card, reference) = call.operator()?;
    Ok(call::open_inbox(call.env, card, reference).await?)
}

/// Whether a request wants to become a socket.
pub(super) fn is_upgrade(request: &Request) -> worker::Result<bool> {
    Ok(request
        .headers()
        .get("upgrade")?
        .is_some_and(|to| to.eq_ignore_ascii_case("websocket")))
}

/// A socket that is closed at once, with the reason.
pub(super) fn closed(code: CloseCode) -> worker::Result<Response> {
    let pair = WebSocketPair::new()?;
    pair.server.accept()?;
    pair.server
        .close(Some(code.number()), Some(code.reason()))?;
    Response::from_websocket(pair.client)
}

fn upgrades(call: &Call<'_>) -> Outcome<()> {
    match is_upgrade(call.request)? {
        true => Ok(()),
        false => {
            let header = Some(("upgrade", "websocket".to_owned()));
            Err(Failure {
                header,
                ..Failure::new(Kind::UpgradeRequired, "Open it as a WebSocket.")
            })
        }
    }
}

fn not_an_id() -> Failure {
    invalid("`conversation` in the query is not a conversation's id.")
}
