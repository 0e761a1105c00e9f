//! What is asked on pages of their own: the shop's questions, and how the conversation was. Pure.
//!
//! Must stay true: no message waits for any of it, and what was filled in stands there again when it was not taken.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use protocol::{
    conversation::Status,
    entry::{Answer, Author, Content, Entry},
    form::{self, Consent, Field, FieldKind, Form, Words},
    id::MessageId,
    limits,
};
use sha2::{Digest as _, Sha256};

use super::{
    html::Html,
    page::{Setting, Trouble},
};

/// What is agreed to, on the page: no field is called so, which all begin otherwise.
const AGREED: &str = "agreed";

/// The scores there are, and how each is said in the panel's words.
const SCORES: [u8; 5] = [1, 2, 3, 4, 5];

/// What a page that asks is drawn with.
#[derive(Debug)]
pub struct Asking<'a> {
    /// The name of what is sent next.
    pub id: MessageId,
    /// What stands in its fields.
    pub filled: &'a [(String, String)],
    /// Whether somebody sent it: then what is missing is said.
    pub sent: bool,
    /// Why it was not stored.
    pub trouble: Option<Trouble>,
    /// Whether nobody is on duty.
    pub alone: bool,
}

impl Asking<'_> {
    fn value(&self, name: &str) -> &str {
        super::value(self.filled, name).unwrap_or_default()
    }
}

/// What stands in the way of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Missing,
    NoAddress,
}

impl Setting<'_> {
    /// The page with the shop's questions.
    pub fn form(&self, form: &Form, asking: &Asking<'_>) -> String {
        let words = &self.spoken.forms;
        let mut page = self.begin_asking(&words.title, "form", asking);
        // That nobody is there is said where an address is asked for.
        let address = form
            .fields
            .iter()
            .any(|field| field.kind == FieldKind::Email);
        let lead = match asking.alone && address {
            true => &words.away,
            false => &words.lead,
        };
        page.put("<input type=\"hidden\" name=\"form\" value=\"")
            .text(&digest(form))
            .put("\"><p>")
            .text(lead)
            .put("</p>");
        let mut sound = true;
        for field in &form.fields {
            let why = fault(field, asking.value(&named(&field.name)));
            let why = why.filter(|_| asking.sent);
            self.field(&mut page, field, asking, why, sound);
            sound &= why.is_none();
        }
        if let Some(consent) = &form.consent {
            self.consent(&mut page, consent, asking, sound);
        }
        self.end_asking(page, &words.send)
    }

    /// The page that asks how it was.
    pub fn rating(&self, asking: &Asking<'_>) -> String {
        let words = &self.spoken.ratings;
        let mut page = self.begin_asking(&words.ask, "rating", asking);
        let missing = asking.sent && rated(asking.filled).is_none();
        page.put("<fieldset");
        if missing {
            page.put(" aria-describedby=\"why-score\"");
        }
        page.put("><legend class=\"aside\">")
            .text(&words.ask)
            .put("</legend>");
        // The best one first, as it is read.
        for score in SCORES.iter().rev() {
            let said = score.to_string();
            page.put(
                "<label class=\"score\"><input type=\"radio\" name=\"score\" required value=\"",
            )
            .text(&said)
            .put("\"");
            if asking.value("score") == said {
                page.put(" checked");
            }
            page.put("> ").text(words.of(*score)).put("</label>");
        }
        if missing {
            self.why(&mut page, "score", &self.spoken.forms.missing);
        }
        page.put("</fieldset><label for=\"comment\">")
            .text(&words.comment)
            .put("</label><textarea id=\"comment\" name=\"comment\" rows=\"3\" maxlength=\"")
            .text(&limits::ANSWER_MAX.to_string())
            .put("\">\n")
            .text(asking.value("comment"))
            .put("</textarea>");
        self.end_asking(page, &words.send)
    }

    /// What the fields say, as an entry, which may have no answers; nothing where something is missing.
    pub fn filled_in(&self, form: &Form, filled: &[(String, String)]) -> Option<Content> {
        let value = |name: &str| super::value(filled, name).unwrap_or_default().trim();
        let mut answers: Vec<Answer> = vec![];
        for field in &form.fields {
            let value = value(&named(&field.name));
            if fault(field, value).is_some() {
                return None;
            }
            if !value.is_empty() {
                answers.push(Answer {
                    name: field.name.clone(),
                    label: self.question(field).into(),
                    value: value.into(),
                });
            }
        }
        // To agree is to what was answered.
        if let Some(consent) = form.consent.as_ref().filter(|_| !answers.is_empty()) {
            if value(AGREED).is_empty() {
                return None;
            }
            answers.push(Answer {
                name: form::CONSENT.into(),
                label: self.of(&consent.text).unwrap_or_default().into(),
                value: consent.link.clone().unwrap_or_else(|| "✓".into()),
            });
        }
        Some(Content::Form {
            answers: answers.into(),
        })
    }

    /// In the transcript: the way to the shop's questions.
    pub(super) fn leads_to_form(&self, page: &mut Html) {
        page.put("<li class=\"line\">");
        self.leads(page, "form", &self.spoken.forms.title);
        page.put("</li>");
    }

    /// In the transcript: the way to how it was, and what was said of that.
    pub(super) fn leads_to_rating(&self, page: &mut Html, said: Option<u8>) {
        let words = &self.spoken.ratings;
        page.put("<li class=\"line\">");
        match said {
            None => self.leads(page, "rating", &words.ask),
            Some(score) => {
                page.text(&super::words::with(&words.thanks, &[words.of(score)]))
                    .put(" ");
                self.leads(page, "rating", &words.change);
            }
        }
        page.put("</li>");
    }

    /// Into a tab of its own: what stands in the composer beside the transcript stays there.
    fn leads(&self, page: &mut Html, to: &'static str, words: &str) {
        page.put("<a target=\"_blank\" href=\"")
            .put(to)
            .put("?lang=")
            .text(self.language.code)
            .put("\" aria-label=\"")
            .text(words)
            .put(", ")
            .text(&self.spoken.forms.tab)
            .put("\">")
            .text(words)
            .put("</a>");
    }

    fn begin_asking(&self, title: &str, to: &'static str, asking: &Asking<'_>) -> Html {
        let mut page = self.begin(title, None);
        page.put("<header><div><h1>")
            .text(title)
            .put("</h1><p>")
            .text(&self.front.name)
            .put("</p></div></header><main class=\"asks\"><form method=\"post\" action=\"")
            .put(to)
            .put("?lang=")
            .text(self.language.code)
            .put("\"><input type=\"hidden\" name=\"id\" value=\"")
            .text(&asking.id.to_string())
            .put("\">");
        if let Some(trouble) = asking.trouble {
            page.put("<p role=\"alert\">")
                .text(&self.trouble(trouble, limits::ANSWER_MAX))
                .put("</p>");
        }
        page
    }

    fn end_asking(&self, mut page: Html, send: &str) -> String {
        page.put("<p class=\"go\"><a href=\"./?lang=")
            .text(self.language.code)
            .put("\">")
            .text(&self.spoken.forms.skip)
            .put("</a><button>")
            .text(send)
            .put("</button></p></form></main></body></html>");
        page.into_text()
    }

    /// A question with its field; the first one that is not `sound` is where the page begins.
    fn field(
        &self,
        page: &mut Html,
        field: &Field,
        asking: &Asking<'_>,
        why: Option<Fault>,
        sound: bool,
    ) {
        let name = named(&field.name);
        let (kind, autocomplete) = match field.kind {
            FieldKind::Name => ("text", "name"),
            FieldKind::Email => ("email", "email"),
            FieldKind::Text | FieldKind::Unknown => ("text", "off"),
        };
        page.put("<label for=\"")
            .text(&name)
            .put("\">")
            .text(self.question(field));
        if !field.required {
            page.put(" ").text(&self.spoken.forms.optional);
        }
        page.put("</label><input id=\"")
            .text(&name)
            .put("\" name=\"")
            .text(&name)
            .put("\" type=\"")
            .put(kind)
            .put("\" autocomplete=\"")
            .put(autocomplete)
            .put("\" maxlength=\"")
            .text(&limits::ANSWER_MAX.to_string())
            .put("\" value=\"")
            .text(asking.value(&name))
            .put("\"");
        if field.required {
            page.put(" required");
        }
        let said = match why {
            Some(Fault::Missing) => &self.spoken.forms.missing,
            Some(Fault::NoAddress) => &self.spoken.forms.bad,
            None => {
                page.put(">");
                return;
            }
        };
        self.marked(page, &name, sound);
        page.put(">");
        self.why(page, &name, said);
    }

    fn consent(&self, page: &mut Html, consent: &Consent, asking: &Asking<'_>, sound: bool) {
        let words = &self.spoken.forms;
        let agreed = !asking.value(AGREED).is_empty();
        page.put("<p class=\"agree\"><label><input type=\"checkbox\" value=\"1\" name=\"")
            .put(AGREED)
            .put("\"");
        if agreed {
            page.put(" checked");
        }
        let missing = asking.sent && !agreed;
        if missing {
            self.marked(page, AGREED, sound);
        }
        page.put("> ")
            .text(self.of(&consent.text).unwrap_or_default())
            .put("</label>");
        // It was looked at when it was stored; a page looks again.
        let link = consent.link.as_ref();
        if let Some(link) = link.filter(|link| link.starts_with("https://")) {
            page.put(" <a target=\"_blank\" rel=\"noopener noreferrer\" href=\"")
                .text(link)
                .put("\" aria-label=\"")
                .text(&words.more)
                .put(", ")
                .text(&words.tab)
                .put("\">")
                .text(&words.more)
                .put("</a>");
        }
        page.put("</p>");
        if missing {
            self.why(page, AGREED, &words.agree);
        }
    }

    /// Within the tag of a field that something is wrong with.
    fn marked(&self, page: &mut Html, name: &str, first: bool) {
        page.put(" aria-invalid=\"true\" aria-describedby=\"why-")
            .text(name)
            .put("\"");
        if first {
            page.put(" autofocus");
        }
    }

    fn why(&self, page: &mut Html, name: &str, said: &str) {
        page.put("<p class=\"fault\" id=\"why-")
            .text(name)
            .put("\">")
            .text(said)
            .put("</p>");
    }

    /// The question in the reader's language, or the panel's own for it.
    fn question<'a>(&'a self, field: &'a Field) -> &'a str {
        let own = match field.kind {
            FieldKind::Name => self.spoken.forms.name.as_str(),
            FieldKind::Email => self.spoken.forms.email.as_str(),
            FieldKind::Text | FieldKind::Unknown => field.name.as_str(),
        };
        self.of(&field.label).unwrap_or(own)
    }

    /// The shop's words in the reader's language, in one of its own, or in any.
    fn of<'a>(&self, words: &'a Words) -> Option<&'a str> {
        let shops = self.front.languages.iter().map(String::as_str);
        let mut codes = core::iter::once(self.language.code).chain(shops);
        let said = codes.find_map(|code| words.get(code));
        said.or_else(|| words.values().next()).map(String::as_str)
    }
}

/// The rating that the fields say; nothing where none is chosen.
pub fn rated(filled: &[(String, String)]) -> Option<Content> {
    let score = super::value(filled, "score")?.parse().ok()?;
    let comment = super::value(filled, "comment").unwrap_or_default();
    SCORES.contains(&score).then(|| Content::Rating {
        score,
        comment: comment.trim().replace("\r\n", "\n"),
    })
}

/// What was said before, as the fields have it.
pub(super) fn filled_before((score, comment): (u8, &str)) -> Vec<(String, String)> {
    let field = |name: &str, value: String| (name.to_owned(), value);
    vec![
        field("score", score.to_string()),
        field("comment", comment.into()),
    ]
}

/// Tells a form from another: its page says which one it asked.
pub fn digest(form: &Form) -> String {
    let text = serde_json::to_string(form).unwrap_or_default();
    BASE64.encode(Sha256::digest(text))
}

/// Whether these entries, the newest of a transcript, are closed and ask how it was; with what was said of it last.
pub(super) fn is_closed(entries: &[Entry]) -> Option<Option<(u8, &str)>> {
    let mut said = None;
    for entry in entries.iter().rev() {
        match &entry.content {
            Content::Status {
                status: Status::Resolved,
            } => return Some(said),
            Content::Status { .. } => return None,
            Content::Message { .. } if entry.author == Author::Visitor => return None,
            Content::Rating { score, comment } => said = said.or(Some((*score, comment.as_str()))),
            Content::Message { .. }
            | Content::Note { .. }
            | Content::Assigned { .. }
            | Content::Form { .. }
            | Content::Unknown => {}
        }
    }
    None
}

/// Whether these entries hold no filled in form, and somebody has written: then what the shop asks is asked.
pub(super) fn is_due(entries: &[Entry]) -> bool {
    let mine = |entry: &&Entry| entry.author == Author::Visitor;
    let mut mine = entries.iter().filter(mine).peekable();
    mine.peek().is_some() && !mine.any(|entry| matches!(entry.content, Content::Form { .. }))
}

/// A field's name on a page, where names of the page's own stand too.
fn named(name: &str) -> Cow<'static, str> {
    Cow::Owned(["asked-", name].concat())
}

fn fault(field: &Field, value: &str) -> Option<Fault> {
    let value = value.trim();
    match field.kind {
        _ if value.is_empty() => field.required.then_some(Fault::Missing),
        FieldKind::Email => (!is_address(value)).then_some(Fault::NoAddress),
        FieldKind::Name | FieldKind::Text | FieldKind::Unknown => None,
    }
}

/// As much of an e-mail address as tells a slip: browsers look closer.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}
