//! The chat as plain pages, for browsers in which the widget cannot be: no WebAssembly, no modules, no script at all (SPEC, PP). It is
//! the same conversation by the same rules; here is who asks and what a form becomes, and `page` says what they see.
//!
//! Must stay true: who somebody is travels in a cookie of the shop's own folder of pages, which no script reads, or in the body of a
//! form, never in an address. What changes something was sent by a page of the relay's, or by one that the shop has listed.

pub mod html;
pub mod page;
mod talk;
pub mod words;

use std::collections::BTreeMap;

use protocol::{
    api::{Exchange, Shop},
    cursor::Seq,
    entry::OperatorCard,
    frame::{ClientFrame, Hello, History, Refusal, ServerFrame, Span},
    id::{ConversationId, MessageId, ShopId},
    time::Timestamp,
    version::VersionRange,
};
use worker::{
    Env, Request, Response, ResponseBuilder, Url,
    js_sys::{Array, Intl::RelativeTimeFormat, Object, Reflect},
};

use crate::{
    api::{body, caller, visitor},
    assets,
    auth::{self, PagePass, RENEWAL_LIFE},
    call::{self, FromShop, ToShop},
    clock,
    config::Config,
    cookie::{Cookie, Line},
    error::{Failure, Kind, Outcome},
    origin,
};
use page::{Composer, Setting, Shown, Trouble};
use words::Language;

/// Without a path of its own a cookie goes to the folder of the page that sets it, as the browser sees it: that is the shop's, whatever
/// lies in front of the relay.
const COOKIE: Cookie = Cookie {
    name: "commesso-chat",
    attributes: "SameSite=Lax",
};

/// How long a transcript that is asked for again may wait for what is new: proxies on the way give up after 30 s.
const WAIT_MS: u64 = 20_000;

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder without its slash.
    Folder(ShopId),
    /// The page with the composer.
    Chat(ShopId),
    /// The transcript in it.
    Transcript(ShopId),
    /// Where the shop's page hands somebody over.
    Door(ShopId),
}

impl Place {
    /// Reads a path.
    pub fn read(path: &str) -> Option<Self> {
        let (shop, rest) = match path.strip_prefix("/chat/")?.split_once('/') {
            Some((shop, rest)) => (shop, Some(rest)),
            None => (path.strip_prefix("/chat/")?, None),
        };
        let shop = shop.parse().ok()?;
        match rest {
            None => Some(Self::Folder(shop)),
            Some("") => Some(Self::Chat(shop)),
            Some("transcript") => Some(Self::Transcript(shop)),
            Some("in") => Some(Self::Door(shop)),
            Some(_) => None,
        }
    }

    const fn methods(&self) -> &'static str {
        match self {
            Self::Folder(_) | Self::Transcript(_) => "GET, HEAD",
            Self::Chat(_) => "GET, HEAD, POST",
            Self::Door(_) => "POST",
        }
    }
}

/// Answers a request whose path begins with `/chat/`.
pub(crate) async fn answer(
    mut request: Request,
    env: &Env,
    config: &Config,
) -> worker::Result<Response> {
    let (method, path) = (crate::method(&request), request.path());
    let Some(place) = Place::read(&path) else {
        return assets::not_found(method == "HEAD");
    };
    if !place.methods().split(", ").any(|known| known == method) {
        let header = Some(("allow", place.methods().to_owned()));
        let failure = Failure::new(
            Kind::MethodNotAllowed,
            "A page is read, and written to by its form.",
        );
        return Failure { header, ..failure }.into_response(&method, &path);
    }
    let done = match place {
        // Relative, as every address here: what lies before the relay's own paths is not known.
        Place::Folder(shop) => see_other(&format!("{shop}/")),
        Place::Chat(shop) | Place::Transcript(shop) | Place::Door(shop) => {
            let transcript = path.ends_with("/transcript");
            let door = path.ends_with("/in");
            match Visit::begin(&mut request, env, config, shop, door).await {
                Ok(visit) if transcript => visit.transcript().await,
                Ok(visit) if method == "POST" => visit.write(door).await,
                Ok(visit) => visit.chat(),
                Err(failure) => Err(failure),
            }
        }
    };
    match done {
        Ok(response) => Ok(response),
        Err(failure) if failure.kind == Kind::UnknownShop => assets::not_found(method == "HEAD"),
        Err(failure) => failure.into_response(&method, &path),
    }
}

/// One request for a page of this shop's.
struct Visit<'a> {
    env: &'a Env,
    config: &'a Config,
    line: Line,
    now: Timestamp,
    shop: Shop,
    duty: Vec<OperatorCard>,
    language: &'static Language,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    /// Who they are, as the cookie says, or the form of the shop's page.
    pass: Option<PagePass>,
    place: Option<String>,
}

impl<'a> Visit<'a> {
    async fn begin(
        request: &mut Request,
        env: &'a Env,
        config: &'a Config,
        shop: ShopId,
        door: bool,
    ) -> Outcome<Self> {
        let now = clock::now();
        let query: Vec<_> = request.url()?.query_pairs().into_owned().collect();
        let mut form = vec![];
        let line = Line::of_request(request, config)?;
        let mut pass = COOKIE
            .read(line, request.headers())?
            .and_then(|text| auth::verify_page(&config.token_keys, &text, now).ok())
            .filter(|pass| pass.shop == shop);
        if crate::method(request) == "POST" {
            form = read_form(&body::read(request).await?)?;
            let page = request.headers().get("origin")?;
            match door {
                true => pass = handed_over(env, config, &shop, page.as_deref(), &form, now).await?,
                false => by_own_page(request, page.as_deref())?,
            }
        }
        let (shop, duty) = match call::shop(env, &shop, &ToShop::Front).await? {
            FromShop::Front { shop, duty, .. } => (*shop, duty),
            FromShop::NotFound => return Err(origin::unknown_shop(&shop)),
            other => return Err(other.unexpected()),
        };
        let accepted = request
            .headers()
            .get("accept-language")?
            .unwrap_or_default();
        let asked = value(&query, "lang").or_else(|| value(&form, "lang"));
        Ok(Self {
            env,
            config,
            line,
            now,
            language: Language::choose(asked, &accepted, &shop.front.languages),
            shop,
            duty,
            pass,
            place: visitor::place(request.headers())?,
            query,
            form,
        })
    }

    /// The page with an empty composer.
    fn chat(&self) -> Outcome<Response> {
        let response = self.composing(200, auth::mint_message(self.now)?, "", None)?;
        if let Some(pass) = &self.pass {
            self.remember(&response, pass)?;
        }
        Ok(response)
    }

    fn composing(
        &self,
        status: u16,
        id: MessageId,
        text: &str,
        trouble: Option<Trouble>,
    ) -> Outcome<Response> {
        let composer = Composer {
            duty: &self.duty,
            id,
            text,
            trouble,
        };
        self.with_setting(false, status, |setting| setting.chat(&composer))
    }

    /// The transcript; one that was shown before waits for what is new.
    async fn transcript(&self) -> Outcome<Response> {
        let Some(pass) = &self.pass else {
            return self.with_setting(true, 200, |setting| setting.welcome());
        };
        let before = value(&self.query, "before").and_then(|text| text.parse().ok());
        if let Some(carried) = value(&self.query, "after").and_then(page::read_after) {
            // What stood there since was on the screen of their device.
            let delivered = ClientFrame::Receipt {
                delivered: carried.seq,
                read: Seq(0),
            };
            for (frames, wait_ms) in [(vec![delivered], 0), (vec![], WAIT_MS)] {
                let asked = Exchange {
                    frames,
                    carried: Some(carried),
                };
                let said = self.exchange(pass, asked, wait_ms).await?;
                if said.is_none_or(|said| !said.frames.is_empty()) {
                    break;
                }
            }
        }
        let mut frames = vec![ClientFrame::Hello(Hello {
            version: VersionRange::OURS,
            token: None,
            cursor: None,
            page: None,
        })];
        frames.extend(before.map(|seq| ClientFrame::History(Span::Before(Seq(seq)))));
        let asked = Exchange {
            frames,
            carried: None,
        };
        let Some(said) = self.exchange(pass, asked, 0).await? else {
            return self.with_setting(true, 200, |setting| setting.welcome());
        };
        let mut history = History {
            previous: Seq(0),
            entries: vec![],
            more: false,
        };
        let mut read = Seq(0);
        for frame in said.frames {
            match frame {
                ServerFrame::Welcome(welcome) => {
                    let others = welcome
                        .receipts
                        .iter()
                        .filter(|one| one.reader != welcome.you);
                    read = others.map(|one| one.read).max().unwrap_or_default();
                }
                // The last one is the one that was asked for.
                ServerFrame::History(page) => history = page,
                ServerFrame::Entry { .. }
                | ServerFrame::Refused(_)
                | ServerFrame::Receipt(_)
                | ServerFrame::Typing { .. }
                | ServerFrame::Presence(_)
                | ServerFrame::Unknown => {}
            }
        }
        let files = self.files(pass, &history.entries).await;
        let files = files.unwrap_or_else(|failure| {
            // Their names are there all the same.
            crate::error::log("plain_page", failure.cause.as_deref().unwrap_or_default());
            BTreeMap::new()
        });
        let newest = before.is_none();
        let still = !newest || value(&self.query, "still").is_some();
        let shown = Shown {
            page: &history,
            read,
            carried: said.carried.filter(|_| !still),
            newest,
            files: &files,
        };
        let (now, code) = (self.now, self.language.code);
        self.with_setting(true, 200, |setting| {
            setting.transcript(&shown, |at| ago(code, now, at))
        })
    }

    /// Stores what the form says, and shows the chat.
    async fn write(&self, door: bool) -> Outcome<Response> {
        let text = value(&self.form, "text").unwrap_or_default();
        let text = text.replace("\r\n", "\n");
        let (words, back) = (text.trim(), self.back());
        let id = value(&self.form, "id").and_then(|id| id.parse().ok());
        let id = match id {
            Some(id) => id,
            None => auth::mint_message(self.now)?,
        };
        if door && self.pass.is_none() && !words.is_empty() {
            // Nobody has shown who they are: they send it themselves, as whoever their cookie says.
            return self.composing(200, id, words, None);
        }
        if words.is_empty() {
            let response = see_other(&back)?;
            if let Some(pass) = &self.pass {
                self.remember(&response, pass)?;
            }
            return Ok(response);
        }
        let sent = match self.send(id, words).await {
            Ok(sent) => sent,
            Err(failure) => {
                crate::error::log("plain_page", failure.cause.as_deref().unwrap_or_default());
                return self.composing(503, id, words, Some(Trouble::Failed));
            }
        };
        match sent {
            Ok(pass) => {
                let response = see_other(&back)?;
                self.remember(&response, &pass)?;
                Ok(response)
            }
            Err(refusal) => {
                // Other words under a name that was used: they get one of their own.
                let id = match refusal == Refusal::Conflict {
                    true => auth::mint_message(self.now)?,
                    false => id,
                };
                self.composing(422, id, words, Some(Trouble::Refused(refusal)))
            }
        }
    }

    /// The cookie, which lives for a year after the last visit.
    fn remember(&self, response: &Response, pass: &PagePass) -> Outcome<()> {
        let text = auth::page_pass(&self.config.token_keys, pass, self.now)?;
        COOKIE.set(response, self.line, &text, RENEWAL_LIFE.0 / 1_000)
    }

    /// The page with the composer, from any page beside it.
    fn back(&self) -> String {
        format!("./?lang={}", self.language.code)
    }

    fn with_setting(
        &self,
        framed: bool,
        status: u16,
        draw: impl FnOnce(&Setting<'_>) -> String,
    ) -> Outcome<Response> {
        let spoken = self.language.words();
        let (words, own) = spoken.ok_or_else(|| Failure::fault("a table of words is broken"))?;
        let setting = Setting {
            front: &self.shop.front,
            language: self.language,
            words: &words,
            own: &own,
        };
        let response = ResponseBuilder::new()
            .with_status(status)
            .with_header("content-type", "text/html; charset=utf-8")?
            .with_header("cache-control", "no-store")?
            // A form says where it comes from only where its page may be told of.
            .with_header("referrer-policy", "same-origin")?
            .with_header("content-security-policy", &setting.policy(framed))?;
        Ok(response.fixed(draw(&setting).into_bytes()))
    }
}

/// Who is handed over by a page that the shop has listed; nobody, where no such page says who it is.
async fn handed_over(
    env: &Env,
    config: &Config,
    shop: &ShopId,
    page: Option<&str>,
    form: &[(String, String)],
    now: Timestamp,
) -> Outcome<Option<PagePass>> {
    let Some(page) = page.filter(|page| *page != "null") else {
        return Ok(None);
    };
    origin::check(env, shop, Some(page), now).await?;
    let renewal = value(form, "renewal").unwrap_or_default();
    let Ok((of, visitor)) = auth::verify_renewal(&config.token_keys, renewal, now) else {
        return Ok(None);
    };
    let conversation: Option<ConversationId> =
        value(form, "conversation").and_then(|id| id.parse().ok());
    let pass = conversation.map(|conversation| PagePass {
        shop: of,
        visitor,
        conversation,
    });
    Ok(pass.filter(|pass| pass.shop == *shop))
}

/// Whether a form was sent by a page of the relay's own: by the browser's word, or else by the page's origin.
fn by_own_page(request: &Request, page: Option<&str>) -> Outcome<()> {
    match request.headers().get("sec-fetch-site")?.as_deref() {
        Some("same-origin") => Ok(()),
        Some(_) => Err(Failure::new(
            Kind::CrossSite,
            "This form was sent by a page of another site.",
        )),
        None => caller::own_page(request, page),
    }
}

/// When something was, in words: the reader's time zone is not known here.
fn ago(code: &str, now: Timestamp, at: Timestamp) -> String {
    let minutes = (now - at).0 / 60_000;
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    let locales = Array::of1(&code.into());
    let options = Object::new();
    // “this minute”, not “in 0 minutes”.
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    String::from(RelativeTimeFormat::new(&locales, &options).format(-(count as f64), unit))
}

/// The fields of a form, as browsers send them.
fn read_form(body: &str) -> Outcome<Vec<(String, String)>> {
    // The parser of addresses knows this form.
    let mut url: Url = "http://form/".parse().map_err(Failure::fault)?;
    url.set_query(Some(body));
    Ok(url.query_pairs().into_owned().collect())
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find_map(|(known, value)| (known == name).then_some(value.as_str()))
}

fn see_other(to: &str) -> Outcome<Response> {
    Ok(ResponseBuilder::new()
        .with_status(303)
        .with_header("location", to)?
        .with_header("cache-control", "no-store")?
        .empty())
}
