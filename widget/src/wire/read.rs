//! What the relay says. A thing of a kind that is not known here is unknown; a thing without what it needs is none.

use protocol::{
    conversation::Status,
    cursor::{Epoch, Seq},
    entry::{Answer, Author, BotCard, Content, Entry, OperatorCard},
    frame::{History, Presence, Refusal, Refused, ServerFrame, Welcome},
    id::MessageId,
    limits::RADIUS,
    message::Draft,
    outlook::Outlook,
    receipt::Receipt,
    time::Timestamp,
};

use super::{Pass, Value, outlook, parts};

/// A frame.
pub fn server_frame(text: &str) -> Option<ServerFrame> {
    let from = &Value::read(text)?;
    Some(match from.field("type").text()? {
        "welcome" => ServerFrame::Welcome(Welcome {
            version: from.field("version").number()?.try_into().ok()?,
            epoch: Epoch(from.field("epoch").number()?),
            head: seq(from.field("head"))?,
            you: author(from.field("you"))?,
            status: status(from.field("status"))?,
            receipts: all(from.field("receipts"), receipt)?,
            presence: presence(from.field("presence"))?,
        }),
        "history" => ServerFrame::History(History {
            previous: seq(from.field("previous"))?,
            entries: all(from.field("entries"), entry)?,
            more: from.field("more").yes(),
        }),
        "entry" => ServerFrame::Entry {
            previous: seq(from.field("previous"))?,
            entry: entry(from.field("entry"))?,
        },
        "refused" => ServerFrame::Refused(Refused {
            id: from.field("id").text().map(str::parse).transpose().ok()?,
            code: refusal(from.field("code").text()?),
            limit: from.field("limit").number(),
            retry_after_ms: from.field("retry_after_ms").number(),
        }),
        "receipt" => ServerFrame::Receipt(receipt(from)?),
        "typing" => ServerFrame::Typing {
            author: author(from.field("author"))?,
            on: from.field("on").yes(),
        },
        "presence" => ServerFrame::Presence(presence(from)?),
        _ => ServerFrame::Unknown,
    })
}

/// A draft that the device has kept.
pub fn draft(text: &str) -> Option<Draft> {
    let from = &Value::read(text)?;
    let id = id(from)?;
    Some(Draft {
        id,
        content: content(id, from.field("content").text()?)?,
    })
}

/// A visitor's pass.
pub fn pass(text: &str) -> Option<Pass> {
    let from = &Value::read(text)?;
    let shop = from.field("shop");
    let greeting = match shop.field("greeting") {
        Value::Fields(fields) => fields
            .iter()
            .filter_map(|(name, words)| Some((name.clone(), own(words)?)))
            .collect(),
        Value::Nothing | Value::Yes(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
            vec![]
        }
    };
    Some(Pass {
        visitor: from.field("visitor").text()?.parse().ok()?,
        token: own(from.field("token"))?,
        expires_at: Timestamp(from.field("expires_at").number()?),
        renewal: own(from.field("renewal"))?,
        shop: own(shop.field("name"))?,
        color: own(shop.field("color"))?,
        // A relay of before says nothing of these.
        logo: own(shop.field("logo")).unwrap_or_default(),
        radius: shop.field("radius").number().unwrap_or(RADIUS.into()) as i32,
        page_font: shop.field("font").text() == Some("shop"),
        dark: shop.field("theme").text().and_then(dark),
        greeting,
        languages: all(shop.field("languages"), own)?,
        duty: all(from.field("duty"), |card| own(card.field("name")))?,
        outlook: own(from.field("outlook")).unwrap_or_default(),
    })
}

/// Whether a theme is dark; nothing for the device's.
pub fn dark(theme: &str) -> Option<bool> {
    match theme {
        "dark" => Some(true),
        "light" => Some(false),
        _ => None,
    }
}

fn entry(from: &Value) -> Option<Entry> {
    let id = id(from)?;
    Some(Entry {
        seq: seq(from.field("seq"))?,
        id,
        at: Timestamp(from.field("at").number()?),
        author: author(from.field("author"))?,
        content: told(id, from.field("content").text()?)?,
    })
}

/// What an entry says. A form is read as words (SPEC, FO5), where the draft of one is carried as it came.
fn told(id: MessageId, text: &str) -> Option<Content> {
    let from = &Value::read(text)?;
    if from.field("kind").text() != Some("form") {
        return said(id, from, text);
    }
    parts::keep(id, text);
    let mut words = String::new();
    for answer in from.field("answers").items() {
        // One that a later version made is no reason to read nothing.
        if let [Some(label), Some(value)] = ["label", "value"].map(|name| answer.field(name).text())
        {
            Answer::put(&mut words, label, value);
        }
    }
    // One without answers says nothing.
    Some(match words.is_empty() {
        true => Content::Unknown,
        false => Content::words(words),
    })
}

fn author(from: &Value) -> Option<Author> {
    Some(match from.field("role").text()? {
        "visitor" => Author::Visitor,
        "operator" => Author::Operator(card(from)?),
        "bot" => Author::Bot(BotCard {
            id: own(from.field("id"))?,
            name: own(from.field("name"))?,
        }),
        "system" => Author::System,
        _ => Author::Unknown,
    })
}

/// What the draft of this name says.
pub fn content(id: MessageId, text: &str) -> Option<Content> {
    said(id, &Value::read(text)?, text)
}

fn said(id: MessageId, from: &Value, text: &str) -> Option<Content> {
    Some(match from.field("kind").text()? {
        "message" => {
            if let Some(those) = from.field("parts").text() {
                parts::keep(id, those);
            }
            Content::words(own(from.field("text"))?)
        }
        "status" => Content::Status {
            status: status(from.field("status"))?,
        },
        // A form, a rating, or what a later version knows. Notes and assignments are never told to a visitor.
        _ => {
            parts::keep(id, text);
            Content::Unknown
        }
    })
}

fn receipt(from: &Value) -> Option<Receipt> {
    Some(Receipt {
        reader: author(from.field("reader"))?,
        delivered: seq(from.field("delivered"))?,
        read: seq(from.field("read"))?,
    })
}

fn presence(from: &Value) -> Option<Presence> {
    outlook::keep(own(from.field("outlook")).unwrap_or_default());
    // The page is told to operators only.
    Some(Presence {
        duty: all(from.field("duty"), card)?,
        visitor: from.field("visitor").yes(),
        page: None,
        outlook: Outlook::default(),
    })
}

fn card(from: &Value) -> Option<OperatorCard> {
    Some(OperatorCard {
        id: from.field("id").text()?.parse().ok()?,
        name: own(from.field("name"))?,
    })
}

fn status(from: &Value) -> Option<Status> {
    match from.text()? {
        "open" => Some(Status::Open),
        "resolved" => Some(Status::Resolved),
        _ => None,
    }
}

fn refusal(code: &str) -> Refusal {
    match code {
        "empty" => Refusal::Empty,
        "too_long" => Refusal::TooLong,
        "conflict" => Refusal::Conflict,
        "forbidden" => Refusal::Forbidden,
        "malformed" => Refusal::Malformed,
        "missing" => Refusal::Missing,
        "rate_limited" => Refusal::RateLimited,
        "held" => Refusal::Held,
        "unavailable" => Refusal::Unavailable,
        _ => Refusal::Unknown,
    }
}

fn id(from: &Value) -> Option<MessageId> {
    from.field("id").text()?.parse().ok()
}

fn seq(from: &Value) -> Option<Seq> {
    from.number().map(Seq)
}

fn own(from: &Value) -> Option<String> {
    from.text().map(String::from)
}

fn all<T>(from: &Value, one: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    from.items().iter().map(one).collect()
}
