//! The widget's own reader and writer against serde's. Whatever serde reads as a frame, the widget reads as the same one. What
//! serde refuses, the widget may read: it looks at what it needs only.

use protocol::{
    api::{NewVisitor, VisitorPass},
    entry::{Answer, Content},
    frame::{ClientFrame, Presence, ServerFrame},
    message::Draft,
    outlook::Outlook,
};
use serde::Serialize;
use serde_json::Value;
use widget::wire;

/// How deep the widget reads; our own frames have six levels.
const DEEPEST: usize = 31;

/// Takes a text.
pub fn take(bytes: &[u8]) {
    // What an input before this one said under the same name.
    wire::parts::clear();
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    let read = wire::server_frame(text);
    if let Some(frame) = &read {
        let written = serde_json::to_string(frame).expect("a frame can be written");
        assert_eq!(wire::server_frame(&written), read, "{written}");
    }
    let draft = wire::draft(text);
    let pass = wire::pass(text);
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return;
    };
    if is_deeper(&value, DEEPEST) {
        return;
    }
    assert!(wire::Value::read(text).is_some(), "{text} is JSON");
    if let Ok(frame) = serde_json::from_str::<ServerFrame>(text)
        && is_as_written(&frame, &value)
    {
        assert_eq!(read, Some(shown(frame)), "{text}");
    }
    if let Ok(kept) = serde_json::from_str::<Draft>(text)
        && is_as_written(&kept, &value)
    {
        assert_eq!(draft, Some(of_visitor(kept)), "{text}");
    }
    if let Ok(whole) = serde_json::from_str::<VisitorPass>(text)
        && is_as_written(&whole, &value)
    {
        let pass = pass.unwrap_or_else(|| panic!("{text} is a pass"));
        assert_eq!(
            (pass.visitor, pass.token, pass.expires_at, pass.renewal),
            (whole.visitor, whole.token, whole.expires_at, whole.renewal)
        );
        assert_eq!(
            (pass.shop, pass.color, pass.languages),
            (whole.shop.name, whole.shop.color, whole.shop.languages)
        );
        let names: Vec<_> = whole.duty.into_iter().map(|card| card.name).collect();
        assert_eq!(pass.duty, names);
    }
    if let Ok(frame) = serde_json::from_str::<ClientFrame>(text) {
        said(frame);
    }
    if let Ok(asked) = serde_json::from_str::<NewVisitor>(text) {
        let written = wire::new_visitor(&asked.shop, asked.renewal.as_deref());
        assert_eq!(
            serde_json::from_str::<NewVisitor>(&written).ok(),
            Some(asked)
        );
    }
}

/// What the widget writes, serde reads.
fn said(frame: ClientFrame) {
    let written = wire::client_frame(&frame);
    let meant = match frame {
        ClientFrame::Send(draft) => ClientFrame::Send(of_visitor(draft)),
        ClientFrame::Hello(_)
        | ClientFrame::Receipt { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::History(_)
        | ClientFrame::Page(_)
        | ClientFrame::Unknown => frame,
    };
    let read = serde_json::from_str::<ClientFrame>(&written).ok();
    // What is no message is written as it came under this name, if it did.
    let read = read.map(|frame| match frame {
        ClientFrame::Send(draft) => ClientFrame::Send(of_visitor(draft)),
        ClientFrame::Hello(_)
        | ClientFrame::Receipt { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::History(_)
        | ClientFrame::Page(_)
        | ClientFrame::Unknown => frame,
    });
    assert_eq!(read, Some(meant), "{written}");
}

/// What else the shop says of when it answers is handed on as it came.
fn bare(presence: &mut Presence) {
    presence.page = None;
    presence.outlook = Outlook::default();
}

/// A frame as it is to a visitor's device.
fn shown(mut frame: ServerFrame) -> ServerFrame {
    match &mut frame {
        ServerFrame::Welcome(welcome) => bare(&mut welcome.presence),
        ServerFrame::Presence(presence) => bare(presence),
        ServerFrame::History(page) => {
            for entry in &mut page.entries {
                make_known(&mut entry.content);
            }
        }
        ServerFrame::Entry { entry, .. } => make_known(&mut entry.content),
        ServerFrame::Refused(_)
        | ServerFrame::Receipt(_)
        | ServerFrame::Typing { .. }
        | ServerFrame::Unknown => {}
    }
    frame
}

fn of_visitor(mut draft: Draft) -> Draft {
    carry(&mut draft.content);
    draft
}

/// What a visitor's device makes of what is no message: a form is read as words, where it has any, and nothing else is looked at.
fn make_known(content: &mut Content) {
    if let Content::Form { answers } = content
        && !answers.all().is_empty()
    {
        *content = Content::words(Answer::words(answers.all()));
    }
    carry(content);
}

/// What is no message is carried and not looked at.
fn carry(content: &mut Content) {
    if matches!(content, Content::Form { .. } | Content::Rating { .. }) || content.is_internal() {
        *content = Content::Unknown;
    }
}

/// Whether objects are objects and texts are texts: serde would also take an array for a structure and a number for the name of
/// a variant, which the relay never writes.
fn is_as_written(read: &impl Serialize, value: &Value) -> bool {
    let written = serde_json::to_value(read).expect("what was read can be written");
    has_shape(&written, value)
}

fn has_shape(written: &Value, value: &Value) -> bool {
    match (written, value) {
        (Value::Object(fields), Value::Object(others)) => fields
            .iter()
            .all(|(name, field)| others.get(name).is_none_or(|other| has_shape(field, other))),
        (Value::Array(items), Value::Array(others)) => items
            .iter()
            .zip(others)
            .all(|(item, other)| has_shape(item, other)),
        (Value::Null, Value::Null)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => true,
        _ => false,
    }
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return true;
    };
    match value {
        Value::Array(items) => items.iter().any(|item| is_deeper(item, below)),
        Value::Object(fields) => fields.values().any(|field| is_deeper(field, below)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
