//! Conversations, over HTTPS: what a socket does, for networks that break sockets and for programs.

use protocol::{
    api::{Exchange, NewAssignee, NewMessage, NewNote, NewReceipt, NewStatus, NewTyping},
    conversation::Status,
    cursor::{Epoch, Seq},
    entry::Content,
    frame::Span,
    id::{ConversationId, MessageId},
    limits,
    message::Draft,
    part::{self, Unfit},
    relay::Principal,
};
use worker::Response;

use super::{Call, done, invalid, json};
use crate::{
    auth,
    call::{self, FromConversation, FromShop, Place, ToConversation, ToShop, Whose},
    error::{Failure, Kind, Outcome},
};

/// What stands for the open conversation that changed last.
const LATEST: &str = "latest";

/// Conversations in a page of the inbox, unless asked otherwise: two screens.
const PAGE: usize = 50;

/// Conversations in a page of the inbox at most.
const PAGE_MAX: usize = 100;

/// Seconds that a request may wait for an entry: proxies on the way give up after 30.
const WAIT_MAX: u64 = 25;

/// `GET /v1/conversations`
pub(super) async fn list(call: &Call<'_>) -> Outcome<Response> {
    let status = match call.asked("status") {
        None => None,
        Some("open") => Some(Status::Open),
        Some("resolved") => Some(Status::Resolved),
        Some(_) => return Err(invalid("`status` in the query is `open` or `resolved`.")),
    };
    let whose = match call.asked("assignee") {
        None => None,
        Some("nobody") => Some(Whose::Nobody),
        Some("me") => Some(Whose::Operator(call.operator()?.0.id)),
        Some(id) => {
            let id = id.parse().map_err(|_| {
                invalid("`assignee` in the query is `me`, `nobody` or an operator's id.")
            })?;
            Some(Whose::Operator(id))
        }
    };
    let after = match call.asked("after") {
        None => None,
        Some(text) => Some(
            Place::read(text)
                .ok_or_else(|| invalid("`after` in the query is `next` of a page."))?,
        ),
    };
    let limit = call.number::<usize>("limit")?.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(invalid(format!("`limit` in the query is 1 to {PAGE_MAX}.")));
    }
    let question = ToShop::List {
        status,
        whose,
        after,
        limit,
    };
    match call::shop(call.env, call.shop()?, &question).await? {
        FromShop::Conversations(page) => json(200, &page),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/conversations/{id}`
pub(super) async fn summary(call: &Call<'_>) -> Outcome<Response> {
    let principal = call.principal()?.clone();
    match ask(call, ToConversation::Summary { principal }).await? {
        FromConversation::Summary(mut summary) => {
            // The shop knows who its visitors are.
            let question = ToShop::Person {
                visitor: summary.visitor,
            };
            summary.person = match call::shop(call.env, call.shop()?, &question).await? {
                FromShop::Person(person) => person,
                other => return Err(other.unexpected()),
            };
            json(200, &summary)
        }
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/conversations/{id}/others`
pub(super) async fn others(call: &Call<'_>) -> Outcome<Response> {
    let conversation = named(call, call.place.unwrap_or_default()).await?;
    let question = ToShop::Others { conversation };
    match call::shop(call.env, call.shop()?, &question).await? {
        FromShop::Conversations(page) => json(200, &page),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/conversations/{id}/entries`
pub(super) async fn entries(call: &Call<'_>) -> Outcome<Response> {
    let place = |name| Ok::<_, Failure>(call.number::<u64>(name)?.map(Seq));
    let span = match (place("after")?, place("before")?) {
        (None, None) => Span::Newest,
        (Some(after), None) => Span::After(after),
        (None, Some(before)) => Span::Before(before),
        (Some(_), Some(_)) => {
            return Err(invalid(
                "`after` and `before` in the query exclude each other.",
            ));
        }
    };
    let wait_ms = wait_ms(call)?;
    let epoch = call.number::<u64>("epoch")?.map(Epoch);
    let principal = call.principal()?.clone();
    match ask(
        call,
        ToConversation::Entries {
            principal,
            epoch,
            span,
            wait_ms,
        },
    )
    .await?
    {
        FromConversation::Entries(entries) => json(200, &entries),
        other => Err(other.unexpected()),
    }
}

/// Whether this is an exchange that begins.
pub(super) fn begins(body: &str) -> bool {
    serde_json::from_str(body).is_ok_and(|asked: Exchange| asked.begins())
}

/// `POST /v1/socket`
pub(super) async fn exchange(call: &Call<'_>) -> Outcome<Response> {
    let asked: Exchange = call.body()?;
    if asked.frames.len() > limits::EXCHANGE_MAX {
        return Err(invalid(format!(
            "`frames` are {} at most: send the rest with the next request.",
            limits::EXCHANGE_MAX
        )));
    }
    let principal = call.principal()?.clone();
    let wait_ms = asked.patience(wait_ms(call)?);
    let question = ToConversation::Exchange {
        principal,
        asked,
        wait_ms,
    };
    // Not `latest`, which may be another one with the next request.
    let conversation = call.asked("conversation").unwrap_or_default();
    let conversation = conversation.parse().map_err(|_| missing())?;
    match ask_of(call, conversation, question).await? {
        FromConversation::Exchanged(exchanged) => json(200, &exchanged),
        other => Err(other.unexpected()),
    }
}

/// `POST /v1/conversations/{id}/messages`
pub(super) async fn message(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let NewMessage { id, text, parts } = call.body()?;
    for (place, part) in parts.all().iter().enumerate() {
        part::fit_one(part).map_err(|unfit| unfit_part(place, unfit))?;
    }
    send(call, status, id, Content::Message { text, parts }).await
}

/// Which one it is, and what it should be: the relay's own refusal says neither.
fn unfit_part(place: usize, unfit: Unfit) -> Failure {
    let (kind, why) = match unfit {
        Unfit::Forbidden => (
            Kind::Invalid,
            "its `type` is `file`, `card` or `reply`".into(),
        ),
        Unfit::Blank => (
            Kind::Invalid,
            "a card has a `title`, and a reply a `text`".into(),
        ),
        Unfit::NoAddress => (
            Kind::Invalid,
            "its `link` and `picture` begin with https:// and have a host".into(),
        ),
        Unfit::TooLong(most) => (Kind::TooLong, format!("at most {most} characters")),
    };
    Failure::new(
        kind,
        format!("`parts[{place}]` is not as it must be: {why}."),
    )
}

/// `POST /v1/conversations/{id}/notes`
pub(super) async fn note(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let NewNote { id, text } = call.body()?;
    send(call, status, id, Content::Note { text }).await
}

/// `PUT /v1/conversations/{id}/assignee`
pub(super) async fn assign(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let NewAssignee { id, operator } = call.body()?;
    let to = match operator {
        None => None,
        Some(operator) => {
            match call::shop(call.env, call.shop()?, &ToShop::Card { operator }).await? {
                FromShop::Operator(card) => Some(card),
                FromShop::NotFound => {
                    return Err(invalid(
                        "`operator` is no operator of this shop: GET /v1/operators.",
                    ));
                }
                other => return Err(other.unexpected()),
            }
        }
    };
    send(call, status, id, Content::Assigned { to }).await
}

/// `PUT /v1/conversations/{id}/status`
pub(super) async fn set_status(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let NewStatus { id, status: wanted } = call.body()?;
    send(call, status, id, Content::Status { status: wanted }).await
}

/// `POST /v1/conversations/{id}/typing`
pub(super) async fn typing(call: &Call<'_>) -> Outcome<Response> {
    let NewTyping { on } = call.body()?;
    let principal = call.principal()?.clone();
    settled(ask(call, ToConversation::Typing { principal, on }).await?)
}

/// `POST /v1/conversations/{id}/receipts`
pub(super) async fn receipt(call: &Call<'_>) -> Outcome<Response> {
    let NewReceipt { delivered, read } = call.body()?;
    let principal = call.principal()?.clone();
    settled(
        ask(
            call,
            ToConversation::Receipt {
                principal,
                delivered,
                read,
            },
        )
        .await?,
    )
}

/// The conversation of this name; `latest` is for operators, who see all of them.
pub(super) async fn named(call: &Call<'_>, name: &str) -> Outcome<ConversationId> {
    let principal = call.principal()?;
    match (name, principal) {
        (LATEST, Principal::Operator { shop, .. }) => {
            match call::shop(call.env, shop, &ToShop::Latest).await? {
                FromShop::Latest {
                    conversation: Some(conversation),
                } => Ok(conversation),
                FromShop::Latest { conversation: None } => Err(Failure::new(
                    Kind::NotFound,
                    "No visitor has written to this shop yet.",
                )),
                other => Err(other.unexpected()),
            }
        }
        (name, Principal::Operator { .. } | Principal::Visitor { .. }) => {
            name.parse().map_err(|_| missing())
        }
    }
}

/// How long the request may wait for something to answer.
fn wait_ms(call: &Call<'_>) -> Outcome<u64> {
    let wait = call.number::<u64>("wait")?.unwrap_or(0);
    if wait > WAIT_MAX {
        return Err(invalid(format!(
            "`wait` in the query is {WAIT_MAX} seconds at most."
        )));
    }
    Ok(wait * 1_000)
}

async fn send(
    call: &Call<'_>,
    status: u16,
    id: Option<MessageId>,
    content: Content,
) -> Outcome<Response> {
    let id = match id {
        Some(id) => id,
        None => auth::mint_message(call.now)?,
    };
    let principal = call.principal()?.clone();
    match ask(
        call,
        ToConversation::Send {
            principal,
            draft: Draft { id, content },
        },
    )
    .await?
    {
        FromConversation::Stored(stored) => json(status, &stored),
        other => Err(other.unexpected()),
    }
}

pub(super) async fn ask(call: &Call<'_>, question: ToConversation) -> Outcome<FromConversation> {
    let conversation = named(call, call.place.unwrap_or_default()).await?;
    ask_of(call, conversation, question).await
}

async fn ask_of(
    call: &Call<'_>,
    conversation: ConversationId,
    question: ToConversation,
) -> Outcome<FromConversation> {
    answered(call::conversation(call.env, call.shop()?, conversation, &question).await?)
}

/// What is left when it was not refused.
pub(super) fn answered(answer: FromConversation) -> Outcome<FromConversation> {
    match answer {
        FromConversation::NotFound => Err(missing()),
        FromConversation::Refused(refused) => Err(refused.into()),
        answer => Ok(answer),
    }
}

fn settled(answer: FromConversation) -> Outcome<Response> {
    match answer {
        FromConversation::Done => done(),
        other => Err(other.unexpected()),
    }
}

fn missing() -> Failure {
    Failure::new(Kind::NotFound, "There is no such conversation for you.")
}
