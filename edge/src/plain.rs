//! The chat as plain pages, for browsers in which the widget cannot be: no WebAssembly, no modules, no script at all (SPEC, PP). It is
//! the same conversation by the same rules; here is who asks and what a form becomes, and `page` says what they see.
//!
//! Must stay true: who somebody is travels in a cookie of the shop's own folder of pages, which no script reads, or in the body of a
//! form, never in an address. What changes something was sent by a page of the relay's, or by one that the shop has listed.

mod answers;
pub mod asking;
pub mod html;
pub mod page;
mod talk;
pub mod words;

use protocol::{
    api::Shop,
    entry::{Content, OperatorCard},
    id::{ConversationId, MessageId, ShopId},
    time::Timestamp,
};
use worker::{Env, Request, Response, ResponseBuilder, Url};

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
use page::{Composer, Setting, Trouble};
use words::{Language, Spoken};

/// Without a path of its own a cookie goes to the folder of the page that sets it, as the browser sees it: that is the shop's, whatever
/// lies in front of the relay.
const COOKIE: Cookie = Cookie {
    name: "commesso-chat",
    attributes: "SameSite=Lax",
};

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
    /// What the shop asks.
    Form(ShopId),
    /// How it was.
    Rating(ShopId),
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
            Some("form") => Some(Self::Form(shop)),
            Some("rating") => Some(Self::Rating(shop)),
            Some(_) => None,
        }
    }

    const fn methods(&self) -> &'static str {
        match self {
            Self::Folder(_) | Self::Transcript(_) => "GET, HEAD",
            Self::Chat(_) | Self::Form(_) | Self::Rating(_) => "GET, HEAD, POST",
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
    let done = match &place {
        // Relative, as every address here: what lies before the relay's own paths is not known.
        Place::Folder(shop) => see_other(&format!("{shop}/")),
        Place::Chat(shop)
        | Place::Transcript(shop)
        | Place::Door(shop)
        | Place::Form(shop)
        | Place::Rating(shop) => {
            let door = matches!(place, Place::Door(_));
            match Visit::begin(&mut request, env, config, shop.clone(), door).await {
                Ok(visit) => visit.answer(&place, method == "POST").await,
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

    async fn answer(&self, place: &Place, sent: bool) -> Outcome<Response> {
        match (place, sent) {
            (Place::Transcript(_), _) => self.transcript().await,
            (Place::Form(_) | Place::Rating(_), false) => self.asks(place).await,
            (Place::Form(_) | Place::Rating(_), true) => self.take(place).await,
            (Place::Door(_), _) => self.write(true).await,
            (Place::Chat(_) | Place::Folder(_), true) => self.write(false).await,
            (Place::Chat(_) | Place::Folder(_), false) => self.chat(),
        }
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

    /// Stores what the form says, and shows the chat.
    async fn write(&self, door: bool) -> Outcome<Response> {
        let text = value(&self.form, "text").unwrap_or_default();
        let text = text.replace("\r\n", "\n");
        let words = text.trim();
        let id = self.named()?;
        if door && self.pass.is_none() && !words.is_empty() {
            // Nobody has shown who they are: they send it themselves, as whoever their cookie says.
            return self.composing(200, id, words, None);
        }
        if words.is_empty() {
            return match &self.pass {
                Some(pass) => self.back_as(pass),
                None => see_other(&self.back()),
            };
        }
        match self.stored(id, Content::words(words)).await? {
            Ok(pass) => self.back_as(&pass),
            Err((status, id, trouble)) => self.composing(status, id, words, Some(trouble)),
        }
    }

    /// The name that the form gives to what it sends.
    fn named(&self) -> Outcome<MessageId> {
        match value(&self.form, "id").and_then(|id| id.parse().ok()) {
            Some(id) => Ok(id),
            None => Ok(auth::mint_message(self.now)?),
        }
    }

    /// The cookie, which lives for a year after the last visit.
    fn remember(&self, response: &Response, pass: &PagePass) -> Outcome<()> {
        let text = auth::page_pass(&self.config.token_keys, pass, self.now)?;
        COOKIE.set(response, self.line, &text, RENEWAL_LIFE.0 / 1_000)
    }

    /// Shows the chat to who this is.
    fn back_as(&self, pass: &PagePass) -> Outcome<Response> {
        let response = see_other(&self.back())?;
        self.remember(&response, pass)?;
        Ok(response)
    }

    /// The page with the composer, from any page beside it.
    fn back(&self) -> String {
        format!("./?lang={}", self.language.code)
    }

    fn spoken(&self) -> Outcome<Spoken> {
        let spoken = self.language.words();
        spoken.ok_or_else(|| Failure::fault("a table of words is broken"))
    }

    fn setting<'b>(&'b self, spoken: &'b Spoken) -> Setting<'b> {
        Setting {
            front: &self.shop.front,
            language: self.language,
            spoken,
        }
    }

    fn with_setting(
        &self,
        framed: bool,
        status: u16,
        draw: impl FnOnce(&Setting<'_>) -> String,
    ) -> Outcome<Response> {
        let spoken = self.spoken()?;
        let setting = self.setting(&spoken);
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
