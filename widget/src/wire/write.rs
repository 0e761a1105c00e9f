//! What the widget says.

use protocol::{
    conversation::Status,
    entry::Content,
    fact::Subject,
    frame::{ClientFrame, Hello, Span},
    id::ShopId,
    message::Draft,
    presence::Page,
};

use super::parts;

/// A frame.
pub fn client_frame(frame: &ClientFrame) -> String {
    let mut object = Object::default();
    match frame {
        ClientFrame::Hello(hello) => greet(object.text("type", "hello"), hello),
        ClientFrame::Send(draft) => put(object.text("type", "send"), draft),
        ClientFrame::Receipt { delivered, read } => {
            object
                .text("type", "receipt")
                .number("delivered", delivered.0)
                .number("read", read.0);
        }
        ClientFrame::Typing { on } => {
            object
                .text("type", "typing")
                .raw("on", if *on { "true" } else { "false" });
        }
        ClientFrame::History(span) => {
            let object = object.text("type", "history");
            match span {
                Span::After(seq) => object.number("after", seq.0),
                Span::Before(seq) => object.number("before", seq.0),
                Span::Newest => object.raw("newest", "null"),
            };
        }
        ClientFrame::Page(page) => on_page(object.text("type", "page"), page),
        ClientFrame::Unknown => {
            object.text("type", "unknown");
        }
    }
    object.end()
}

/// A draft, for the device to keep.
pub fn draft_text(draft: &Draft) -> String {
    let mut object = Object::default();
    put(&mut object, draft);
    object.end()
}

/// Asks for a pass.
pub fn new_visitor(shop: &ShopId, renewal: Option<&str>) -> String {
    let mut object = Object::default();
    object.text("shop", shop.as_str());
    if let Some(renewal) = renewal {
        object.text("renewal", renewal);
    }
    object.end()
}

fn greet(object: &mut Object, hello: &Hello) {
    let mut version = Object::default();
    version
        .number("oldest", hello.version.oldest.into())
        .number("newest", hello.version.newest.into());
    object.raw("version", &version.end());
    if let Some(token) = &hello.token {
        object.text("token", token);
    }
    if let Some(cursor) = hello.cursor {
        let mut place = Object::default();
        place
            .number("epoch", cursor.epoch.0)
            .number("seq", cursor.seq.0);
        object.raw("cursor", &place.end());
    }
    if let Some(page) = &hello.page {
        let mut here = Object::default();
        on_page(&mut here, page);
        object.raw("page", &here.end());
    }
}

fn put(object: &mut Object, draft: &Draft) {
    object.text("id", &draft.id.to_string());
    let mut content = Object::default();
    match (&draft.content, parts::of(draft.id)) {
        (Content::Message { text, .. }, parts) => {
            content.text("kind", "message").text("text", text);
            if let Some(parts) = parts {
                content.raw("parts", &parts);
            }
        }
        (Content::Status { status }, _) => {
            let status = match status {
                Status::Open => "open",
                Status::Resolved => "resolved",
            };
            content.text("kind", "status").text("status", status);
        }
        // A form or a rating, by what is loaded for it.
        (Content::Unknown, Some(carried)) => {
            object.raw("content", &carried);
            return;
        }
        // Operators write these.
        (
            Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Form { .. }
            | Content::Rating { .. }
            | Content::Unknown,
            _,
        ) => {
            content.text("kind", "unknown");
        }
    }
    object.raw("content", &content.end());
}

fn on_page(object: &mut Object, page: &Page) {
    object.text("url", &page.url).text("title", &page.title);
    if page.facts.is_empty() {
        return;
    }
    let facts = page.facts.iter().map(|fact| {
        let mut object = Object::default();
        let about = match fact.about {
            Subject::Visitor => "visitor",
            Subject::Cart => "cart",
            Subject::Event => "event",
            Subject::Unknown => "unknown",
        };
        object.text("about", about).text("name", &fact.name);
        object.text("text", &fact.text);
        if let Some(at) = fact.at {
            object.number("at", at.0);
        }
        object.end()
    });
    let facts: Vec<_> = facts.collect();
    object.raw("facts", &["[", &facts.join(","), "]"].concat());
}

/// An object on its way to being a text.
#[derive(Default)]
struct Object(String);

impl Object {
    fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(name, &quoted(value))
    }

    fn number(&mut self, name: &str, value: u64) -> &mut Self {
        self.raw(name, &value.to_string())
    }

    fn raw(&mut self, name: &str, value: &str) -> &mut Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self.0.push_str(value);
        self
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn quoted(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\0'..='\x1f' => {
                quoted.push_str("\\u00");
                quoted
                    .extend([c as usize >> 4, c as usize & 15].map(|digit| char::from(HEX[digit])));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
