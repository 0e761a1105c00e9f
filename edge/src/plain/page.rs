//! What a plain page says: the chat around the transcript, and the transcript, which loads itself again. Pure.
//!
//! Must stay true: nothing that anybody wrote is markup, no page holds a script or names a token, and every address on a page is
//! relative to it, so that the relay may lie below any path.

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use protocol::{
    api::{Carried, Storefront},
    conversation::Status,
    cursor::{Epoch, Seq},
    entry::{Answer, Author, Content, Entry, OperatorCard},
    frame::{History, Refusal},
    id::{FileId, MessageId},
    limits,
    part::{Card, File, Part},
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};

use super::{
    asking,
    html::Html,
    words::{Language, Spoken, Words, with},
};

const CSS: &str = include_str!("plain.css");

/// Seconds that a transcript stands before it is asked for again, which then waits for what is new: long enough that a browser which
/// shows that it loads is mostly at rest.
const STANDS: &str = "3";

/// Whom a page is for: the shop and the language.
#[derive(Debug)]
pub struct Setting<'a> {
    /// What the shop looks like.
    pub front: &'a Storefront,
    /// Which language is spoken.
    pub language: &'static Language,
    /// Its words.
    pub spoken: &'a Spoken,
}

/// Why words are still in the composer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The relay refused them.
    Refused(Refusal),
    /// The relay could not do it.
    Failed,
}

/// The chat around the transcript.
#[derive(Debug)]
pub struct Composer<'a> {
    /// Who is there.
    pub duty: &'a [OperatorCard],
    /// The name of the message that is written next.
    pub id: MessageId,
    /// What stands in the composer.
    pub text: &'a str,
    /// Why it still does.
    pub trouble: Option<Trouble>,
}

/// A transcript.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The entries.
    pub page: &'a History,
    /// How far the shop has read.
    pub read: Seq,
    /// Goes into the address that waits for what comes next; nothing where the page stands still.
    pub carried: Option<Carried>,
    /// Whether these are the newest.
    pub newest: bool,
    /// Where their files are found, relative to the page. One without an address is named and no more.
    pub files: &'a BTreeMap<FileId, String>,
    /// Whether the shop asks something.
    pub asked: bool,
}

impl Setting<'_> {
    /// The page with the composer.
    pub fn chat(&self, composer: &Composer<'_>) -> String {
        let (front, words) = (self.front, &self.spoken.words);
        let mut page = self.begin(&with(&words.chat_with, &[&front.name]), None);
        page.put("<header>");
        if let Some(logo) = &front.looks.logo {
            page.put("<img alt=\"\" src=\"").text(logo).put("\">");
        }
        page.put("<div><h1>").text(&front.name).put("</h1><p>");
        page.text(&self.who_is_there(composer.duty))
            .put("</p></div></header>");
        page.put("<main><iframe src=\"transcript?lang=")
            .text(self.language.code)
            .put("\" title=\"")
            .text(&words.transcript)
            .put("\"></iframe>");
        page.put("<form method=\"post\" action=\"./?lang=")
            .text(self.language.code)
            .put("\">");
        if let Some(trouble) = composer.trouble {
            page.put("<p role=\"alert\">")
                .text(&self.trouble(trouble, limits::TEXT_MAX))
                .put("</p>");
        }
        page.put("<input type=\"hidden\" name=\"id\" value=\"")
            .text(&composer.id.to_string())
            .put("\"><label for=\"text\">")
            .text(&words.write)
            // A line break that a textarea begins with is not part of it.
            .put("</label><textarea id=\"text\" name=\"text\" rows=\"3\" required>\n")
            .text(composer.text)
            .put("</textarea><button>")
            .text(&words.send)
            .put("</button></form></main></body></html>");
        page.into_text()
    }

    /// The transcript of a conversation. `ago` says when in words.
    pub fn transcript(&self, shown: &Shown<'_>, ago: impl Fn(Timestamp) -> String) -> String {
        let next = shown.carried.map(|carried| after(&carried));
        let mut page = self.begin(&self.spoken.words.transcript, next.as_deref());
        self.links(&mut page, shown);
        page.put("<main class=\"scroll\"><div class=\"inner\">");
        self.heading(&mut page);
        page.put("<ol role=\"list\">");
        if shown.page.entries.is_empty() {
            self.greeting(&mut page);
        }
        let mine = |entry: &&Entry| entry.author == Author::Visitor && said(entry).is_some();
        let last = shown.page.entries.iter().rev().find(mine);
        for entry in &shown.page.entries {
            let stored = last.is_some_and(|last| last.seq == entry.seq);
            let mark = stored.then(|| match entry.seq <= shown.read {
                true => self.spoken.words.seen.as_str(),
                false => self.spoken.words.stored.as_str(),
            });
            self.entry(&mut page, entry, shown.files, mark, &ago(entry.at));
        }
        let entries = &shown.page.entries;
        if shown.newest
            && let Some(said) = asking::is_closed(entries)
        {
            self.leads_to_rating(&mut page, said.map(|(score, _)| score));
        }
        // What was filled in before is on no page but the whole of it.
        if shown.newest && shown.asked && !shown.page.more && asking::is_due(entries) {
            self.leads_to_form(&mut page);
        }
        page.put("</ol></div></main></body></html>");
        page.into_text()
    }

    /// What stands where nothing was said yet.
    pub fn welcome(&self) -> String {
        let mut page = self.begin(&self.spoken.words.transcript, None);
        page.put("<main class=\"scroll\"><div class=\"inner\">");
        self.heading(&mut page);
        page.put("<ol role=\"list\">");
        self.greeting(&mut page);
        page.put("</ol></div></main></body></html>");
        page.into_text()
    }

    /// What a browser may do with such a page: nothing but show it. The style is known by its digest.
    pub fn policy(&self, framed: bool) -> String {
        let digest = BASE64.encode(Sha256::digest(self.style().as_bytes()));
        let ancestors = if framed { "'self'" } else { "'none'" };
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data: https: http://localhost:* http://127.0.0.1:*; \
             frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
        )
    }

    pub(super) fn begin(&self, title: &str, next: Option<&str>) -> Html {
        let mut page = Html::default();
        page.put("<!doctype html><html lang=\"")
            .text(self.language.code)
            .put("\" dir=\"")
            .text(self.language.direction())
            .put("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"data:,\">");
        if let Some(next) = next {
            page.put("<meta http-equiv=\"refresh\" content=\"")
                .put(STANDS)
                .put(";url=transcript?lang=")
                .text(self.language.code)
                .put("&amp;after=")
                .text(next)
                .put("\">");
        }
        page.put("<title>").text(title).put("</title><style>");
        // Nothing in it is anybody's words: see `style`.
        page.text(&self.accent())
            .put(CSS)
            .put("</style></head><body>");
        page
    }

    fn style(&self) -> String {
        self.accent() + CSS
    }

    /// The shop's colour, and what can be read on it: of black and white the one with more contrast, which is 4.5 at least.
    fn accent(&self) -> String {
        let (fill, on) = accent(&self.front.color);
        format!(":root{{--fill:{fill};--on:{on}}}")
    }

    fn who_is_there(&self, duty: &[OperatorCard]) -> String {
        match duty {
            [] => self.spoken.words.nobody_there.clone(),
            [one] => with(&self.spoken.words.one_there, &[&one.name]),
            [one, two, ..] => with(&self.spoken.words.two_there, &[&one.name, &two.name]),
        }
    }

    /// Why it is not stored; what was too long may have so many characters.
    pub(super) fn trouble(&self, trouble: Trouble, limit: usize) -> String {
        let Words {
            refused,
            again,
            too_long,
            ..
        } = &self.spoken.words;
        match trouble {
            Trouble::Refused(Refusal::TooLong) => too_long.other.replace('#', &limit.to_string()),
            Trouble::Refused(Refusal::RateLimited | Refusal::Held | Refusal::Unavailable) => {
                self.spoken.own.slowly.clone()
            }
            Trouble::Refused(
                Refusal::Empty
                | Refusal::Conflict
                | Refusal::Forbidden
                | Refusal::Malformed
                | Refusal::Missing
                | Refusal::Unknown,
            )
            | Trouble::Failed => format!("{refused} {again}."),
        }
    }

    /// For who cannot see that it is the transcript.
    fn heading(&self, page: &mut Html) {
        page.put("<h1 class=\"aside\">")
            .text(&self.spoken.words.transcript)
            .put("</h1>");
    }

    fn links(&self, page: &mut Html, shown: &Shown<'_>) {
        page.put("<nav>");
        if shown.page.more
            && let Some(first) = shown.page.entries.first()
        {
            let before = format!("&before={}", first.seq.0);
            self.link(page, &before, &self.spoken.own.earlier);
        }
        if !shown.newest {
            self.link(page, "", &self.spoken.words.to_newest);
        } else if shown.carried.is_some() {
            self.link(page, "&still=1", &self.spoken.own.pause);
        } else {
            self.link(page, "&still=1", &self.spoken.own.update);
            self.link(page, "", &self.spoken.own.resume);
        }
        page.put("</nav>");
    }

    fn link(&self, page: &mut Html, more: &str, words: &str) {
        page.put("<a href=\"transcript?lang=")
            .text(self.language.code)
            .text(more)
            .put("\">")
            .text(words)
            .put("</a>");
    }

    fn greeting(&self, page: &mut Html) {
        let said = |code: &str| {
            self.front
                .greeting
                .get(code)
                .filter(|words| !words.is_empty())
        };
        let first = self.front.languages.first();
        let words = said(self.language.code)
            .or_else(|| said(first?))
            .unwrap_or(&self.spoken.words.greeting);
        page.put("<li><article><p class=\"who\">")
            .text(&self.front.name)
            .put("</p><p class=\"words\">")
            .text(words)
            .put("</p></article></li>");
    }

    fn entry(
        &self,
        page: &mut Html,
        entry: &Entry,
        files: &BTreeMap<FileId, String>,
        mark: Option<&str>,
        ago: &str,
    ) {
        let resolved = Content::Status {
            status: Status::Resolved,
        };
        if entry.content == resolved {
            page.put("<li class=\"line\">")
                .text(&self.spoken.words.resolved)
                .put("</li>");
        }
        let Some((words, parts)) = said(entry) else {
            return;
        };
        let (mine, who) = match &entry.author {
            Author::Visitor => (true, self.spoken.words.you.as_str()),
            Author::Operator(card) => (false, card.name.as_str()),
            Author::Bot(card) => (false, card.name.as_str()),
            Author::System | Author::Unknown => (false, self.front.name.as_str()),
        };
        page.put(if mine { "<li class=\"mine\">" } else { "<li>" });
        page.put("<article><p class=\"who\">").text(who).put("</p>");
        if !words.is_empty() {
            page.put("<p class=\"words\">").text(&words).put("</p>");
        }
        for part in parts {
            match part {
                Part::File(file) => self.file(page, file, files.get(&file.id)),
                Part::Card(card) => draw_card(page, card),
                // It can be said in the composer, in words.
                Part::Reply { text } => {
                    page.put("<p class=\"words\">– ").text(text).put("</p>");
                }
                Part::Unknown => {}
            }
        }
        page.put("<p class=\"meta\">").text(ago);
        if let Some(mark) = mark {
            page.put(" · ").text(mark);
        }
        page.put("</p></article></li>");
    }

    /// A picture, or a link to what is none.
    fn file(&self, page: &mut Html, file: &File, address: Option<&String>) {
        let named = with(&self.spoken.own.file, &[&file.name]);
        let Some(address) = address else {
            page.put("<p class=\"words\">").text(&named).put("</p>");
            return;
        };
        page.put("<p class=\"file\"><a target=\"_blank\" rel=\"noopener noreferrer\" href=\"")
            .text(address)
            .put("\">");
        match (file.width, file.height) {
            // Its size keeps its place until it has come.
            (Some(width), Some(height)) => page
                .put("<img loading=\"lazy\" alt=\"")
                .text(&named)
                .put("\" width=\"")
                .text(&width.to_string())
                .put("\" height=\"")
                .text(&height.to_string())
                .put("\" src=\"")
                .text(address)
                .put("\">"),
            (None, _) | (_, None) => page.text(&named),
        };
        page.put("</a></p>");
    }
}

/// What an entry says in words and parts; nothing where it is no line of a talk, or visitors are not told.
fn said(entry: &Entry) -> Option<(Cow<'_, str>, &[Part])> {
    match &entry.content {
        Content::Message { text, parts } => Some((text.into(), parts.all())),
        Content::Form { answers } if answers.all().is_empty() => None,
        Content::Form { answers } => Some((Answer::words(answers.all()).into(), &[])),
        Content::Status { .. }
        | Content::Note { .. }
        | Content::Assigned { .. }
        | Content::Rating { .. }
        | Content::Unknown => None,
    }
}

fn draw_card(page: &mut Html, card: &Card) {
    page.put("<div class=\"card\"><b>")
        .text(&card.title)
        .put("</b>");
    for line in [&card.text, &card.price].into_iter().flatten() {
        page.put("<span>").text(line).put("</span>");
    }
    // It was looked at when it was stored; a page looks again.
    if let Some(link) = card
        .link
        .as_ref()
        .filter(|link| link.starts_with("https://"))
    {
        page.put("<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"")
            .text(link)
            .put("\">")
            .text(card.action.as_ref().unwrap_or(&card.title))
            .put("</a>");
    }
    page.put("</div>");
}

/// What goes into an address and comes back: see [`Carried`].
pub fn after(carried: &Carried) -> String {
    format!("{}.{}.{}", carried.epoch.0, carried.seq.0, carried.read)
}

/// Reads [`after`].
pub fn read_after(text: &str) -> Option<Carried> {
    let mut parts = text.split('.').map(str::parse::<u64>);
    let mut next = || parts.next()?.ok();
    let (epoch, seq, read) = (next()?, next()?, next()?);
    Some(Carried {
        epoch: Epoch(epoch),
        seq: Seq(seq),
        read,
        held: None,
    })
}

/// A colour, and black or white on it.
pub fn accent(color: &str) -> (String, &'static str) {
    let plain = |color: &&str| {
        let digits = color.strip_prefix('#').unwrap_or_default();
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let color = Some(color).filter(plain).unwrap_or("#222222");
    let channel = |at: usize| {
        let digits = color.get(at..at + 2).unwrap_or_default();
        let value = f64::from(u8::from_str_radix(digits, 16).unwrap_or(0)) / 255.0;
        // The luminance of WCAG 2.2.
        match value <= 0.040_45 {
            true => value / 12.92,
            false => ((value + 0.055) / 1.055).powf(2.4),
        }
    };
    let light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    let (on_white, on_black) = (1.05 / (light + 0.05), (light + 0.05) / 0.05);
    let on = if on_white > on_black { "#fff" } else { "#000" };
    (color.to_owned(), on)
}
