//! An entry in its columns, and back.

use protocol::{
    cursor::Seq,
    entry::{Author, Content, Entry},
    id::MessageId,
    part::Parts,
    relay::storage::Fault,
    time::Timestamp,
};

use super::{from_json, to_json};
use crate::sql::Row;

/// In the order in which [`entry`] reads them.
pub(super) const COLUMNS: &str = "seq, id, at, role, card, kind, body, parts";

pub(super) fn author_columns(author: &Author) -> Result<(&'static str, Option<String>), Fault> {
    match author {
        Author::Visitor => Ok(("visitor", None)),
        Author::System => Ok(("system", None)),
        Author::Operator(card) => Ok(("operator", Some(to_json(card)?))),
        Author::Bot(card) => Ok(("bot", Some(to_json(card)?))),
        Author::Unknown => Err(Fault("an author of a kind that is not known".into())),
    }
}

pub(super) fn parts_column(content: &Content) -> Result<Option<String>, Fault> {
    match content {
        Content::Message { parts, .. } if !parts.is_empty() => to_json(parts).map(Some),
        Content::Message { .. }
        | Content::Note { .. }
        | Content::Assigned { .. }
        | Content::Status { .. }
        | Content::Form { .. }
        | Content::Rating { .. }
        | Content::Unknown => Ok(None),
    }
}

pub(super) fn content_columns(content: &Content) -> Result<(&'static str, String), Fault> {
    match content {
        Content::Message { text, .. } => Ok(("message", text.clone())),
        Content::Note { text } => Ok(("note", text.clone())),
        Content::Assigned { to } => Ok(("assigned", to_json(to)?)),
        Content::Status { status } => Ok(("status", to_json(status)?)),
        Content::Form { answers } => Ok(("form", to_json(answers)?)),
        Content::Rating { score, comment } => Ok(("rating", to_json(&(score, comment))?)),
        Content::Unknown => Err(Fault("an entry of a kind that is not known".into())),
    }
}

pub(super) fn entry(row: &Row) -> Result<Entry, Fault> {
    let card = || row.text(4);
    let body = row.text(6)?;
    Ok(Entry {
        seq: Seq(row.number(0)?),
        id: MessageId::from_bytes(row.id(1)?),
        at: Timestamp(row.number(2)?),
        author: match row.text(3)? {
            "visitor" => Author::Visitor,
            "system" => Author::System,
            "operator" => Author::Operator(from_json(card()?)?),
            "bot" => Author::Bot(from_json(card()?)?),
            // A later release's, before it was taken back (WR4).
            _ => Author::Unknown,
        },
        content: match row.text(5)? {
            "message" => Content::Message {
                text: body.into(),
                parts: match row.text_if_any(7)? {
                    Some(parts) => from_json(parts)?,
                    None => Parts::default(),
                },
            },
            "note" => Content::Note { text: body.into() },
            "assigned" => Content::Assigned {
                to: from_json(body)?,
            },
            "status" => Content::Status {
                status: from_json(body)?,
            },
            "form" => Content::Form {
                answers: from_json(body)?,
            },
            "rating" => {
                let (score, comment) = from_json(body)?;
                Content::Rating { score, comment }
            }
            _ => Content::Unknown,
        },
    })
}
