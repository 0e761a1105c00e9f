//! A conversation goes on on another device: one asks for a code, the other shows it and becomes the same visitor.

use protocol::{
    api::{Handover, NewHandover, NewTakeover, Takeover},
    limits,
    relay::{Principal, handover::Code},
};
use worker::Response;

use super::{Call, json, visitor};
use crate::{
    auth::{self, Digest},
    call::{self, FromShop, ToShop},
    error::{Failure, Kind, Outcome},
};

/// `POST /v1/handovers`
pub(super) async fn hand_over(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let NewHandover { conversation } = call.body()?;
    let Principal::Visitor { shop, visitor } = call.principal()? else {
        return Err(Failure::fault("a route for visitors without a visitor"));
    };
    let code = Code::of(auth::random::<{ limits::HANDOVER_SIGNS }>()?);
    let question = ToShop::HandOver {
        code: Digest::of(code.signs()),
        visitor: *visitor,
        conversation,
    };
    match call::shop(call.env, shop, &question).await? {
        FromShop::HandedOver { ends_at } => json(
            status,
            &Handover {
                code: code.signs().to_owned(),
                expires_at: ends_at,
            },
        ),
        other => Err(other.unexpected()),
    }
}

/// `POST /v1/takeovers`
pub(super) async fn take_over(call: &Call<'_>) -> Outcome<Response> {
    let NewTakeover { shop, code } = call.body()?;
    // Who may carry the widget is asked first, so that no other page uses a code up.
    let front = visitor::front(call, &shop, true).await?;
    let Some(code) = Code::read(&code) else {
        return Err(unknown());
    };
    let question = ToShop::TakeOver {
        code: Digest::of(code.signs()),
        place: visitor::place(call.request.headers())?,
    };
    match call::shop(call.env, &shop, &question).await? {
        FromShop::TakenOver {
            visitor,
            conversation,
        } => {
            let pass = visitor::pass(call, front, visitor)?;
            json(200, &Takeover { conversation, pass })
        }
        FromShop::TooMany { retry_after_ms } => Err(Failure::later(
            Kind::RateLimited,
            retry_after_ms,
            "Too many codes at once: try again in a moment.",
        )),
        FromShop::NotFound => Err(unknown()),
        other => Err(other.unexpected()),
    }
}

fn unknown() -> Failure {
    Failure::new(
        Kind::NotFound,
        "There is no such code, or it was used, or its ten minutes are over: ask for another one on the first device.",
    )
}
