//! The files of the site: the widget, the inbox, the demo shop and the papers, as `cargo xtask build` put them together.
//!
//! The same on workerd, whose disk service knows no content types, and on Workers' static assets: everything a browser is
//! told about a file is decided here. Compressed copies lie beside the files and are chosen by `Accept-Encoding`.

use worker::{
    EncodeBody, Env, Fetcher, Headers, Method, Request, RequestInit, Response, ResponseBuilder,
};

use crate::error::{Failure, Kind, Outcome};

/// The binding of the site.
const SITE: &str = "SITE";

/// A hashed name never means another content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The loader and the adapters have one name for ever: shops get a new one within minutes, and never wait for it.
const SOON: &str = "public, max-age=300, stale-while-revalidate=86400";

/// Pages are asked for each time, and come again only when they changed.
const ALWAYS: &str = "no-cache";

/// Files of the demo shop.
const HOUR: &str = "public, max-age=3600";

const NOT_FOUND: &str = include_str!("not_found.html");

/// How a file may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// As it is.
    Plain,
}

impl Coding {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Plain => "",
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// Answers a request for a file.
pub(crate) async fn answer(request: &Request, env: &Env) -> worker::Result<Response> {
    let (method, path) = (crate::method(request), request.path());
    let head = method == "HEAD";
    if method != "GET" && !head {
        let header = Some(("allow", "GET, HEAD".to_owned()));
        let failure = Failure::new(
            Kind::MethodNotAllowed,
            "Files are read by GET; the API is under /v1/.",
        );
        return Failure { header, ..failure }.into_response(&method, &path);
    }
    let found = match file_of(&path) {
        Some(file) => find(request, env, &file, head).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(response)) => Ok(response),
        Ok(None) => not_found(head),
        Err(failure) => failure.into_response(&method, &path),
    }
}

/// The file that a path means: a folder means its `index.html`. `None` for what no file is called.
pub fn file_of(path: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    // A name with a leading dot is hidden, and `..` leads out.
    if !path.bytes().all(plain)
        || !path.starts_with('/')
        || path.contains("/.")
        || path.contains("//")
    {
        return None;
    }
    let folder = path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        // The compressed copies are not pages of their own.
        Some((_, "br" | "gz")) => None,
        Some((_, extension)) if !extension.is_empty() => Some(path.to_owned()),
        Some(_) | None => Some(format!("{folder}/index.html")),
    }
}

/// The content type of a file, by its name.
pub fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

/// How a file may travel to who accepts these, the smallest first.
pub fn codings(accepted: &str) -> Vec<Coding> {
    let accepts = |name: &str| {
        accepted.split(',').any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            let refused = matches!(
                weight.trim().strip_prefix("q="),
                Some("0" | "0.0" | "0.00" | "0.000")
            );
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    let compressed = [(Coding::Brotli, "br"), (Coding::Gzip, "gzip")];
    let accepted = compressed
        .into_iter()
        .filter(|(_, name)| accepts(name))
        .map(|(coding, _)| coding);
    accepted.chain([Coding::Plain]).collect()
}

/// Whether there may be compressed copies of a file.
fn is_text(file: &str) -> bool {
    let kind = content_type(file);
    kind.starts_with("text/")
        || kind.ends_with("json")
        || kind.ends_with("xml")
        || kind == "application/wasm"
}

/// How long a file is kept.
pub fn cache_control(file: &str) -> &'static str {
    match file {
        "/widget.js" => SOON,
        _ if file.starts_with("/adapters/") => SOON,
        _ if file.starts_with("/assets/") => FOR_EVER,
        _ if file.ends_with(".html") => ALWAYS,
        _ => HOUR,
    }
}

/// Whether pages of other origins load this file.
pub fn is_for_shops(file: &str) -> bool {
    file == "/widget.js" || file.starts_with("/assets/") || file.starts_with("/adapters/")
}

/// What a page may load and do. The inbox and the papers may do nothing but what they are made of; the demo shop is a
/// page like a merchant's.
pub fn content_security_policy(file: &str) -> Option<&'static str> {
    if !file.ends_with(".html") {
        return None;
    }
    Some(match file {
        "/inbox/index.html" => {
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
             img-src 'self' data: blob:; media-src 'self' data:; font-src 'self'; manifest-src 'self'; frame-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        }
        // The widget in the inbox, with pictures from wherever the shop has its logo.
        "/inbox/preview/index.html" => {
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
             img-src https: blob: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self'"
        }
        "/docs/index.html" => {
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        }
        _ => {
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; \
             frame-ancestors 'self'"
        }
    })
}

async fn find(request: &Request, env: &Env, file: &str, head: bool) -> Outcome<Option<Response>> {
    let site = env.service(SITE)?;
    let accepted = request
        .headers()
        .get("accept-encoding")?
        .unwrap_or_default();
    let codings = if is_text(file) {
        codings(&accepted)
    } else {
        vec![Coding::Plain]
    };
    for coding in codings {
        if let Some(found) = fetch(&site, &format!("{file}{}", coding.suffix()), head).await? {
            return Ok(Some(dress(request, file, coding, found)?));
        }
    }
    Ok(None)
}

/// The host is of no meaning to either service.
async fn fetch(site: &Fetcher, file: &str, head: bool) -> Outcome<Option<Response>> {
    let mut init = RequestInit::new();
    init.with_method(if head { Method::Head } else { Method::Get });
    let found = site.fetch(format!("http://site{file}"), Some(init)).await?;
    Ok((found.status_code() == 200).then_some(found))
}

fn dress(request: &Request, file: &str, coding: Coding, found: Response) -> Outcome<Response> {
    let tag = tag(found.headers(), coding)?;
    let (_, body) = found.into_parts();
    let headers = Headers::new();
    headers.set("content-type", content_type(file))?;
    headers.set("cache-control", cache_control(file))?;
    if is_text(file) {
        headers.set("vary", "Accept-Encoding")?;
    }
    if is_for_shops(file) {
        headers.set("access-control-allow-origin", "*")?;
        headers.set("cross-origin-resource-policy", "cross-origin")?;
        // What a file weighs is no secret: with this the page's own browser can tell (commesso:receipt).
        headers.set("timing-allow-origin", "*")?;
    }
    if let Some(policy) = content_security_policy(file) {
        headers.set("content-security-policy", policy)?;
        headers.set("cross-origin-opener-policy", "same-origin")?;
    }
    if let Some(tag) = &tag {
        headers.set("etag", tag)?;
        if request
            .headers()
            .get("if-none-match")?
            .is_some_and(|known| known.split(',').any(|k| k.trim() == tag))
        {
            return Ok(ResponseBuilder::new()
                .with_status(304)
                .with_headers(headers)
                .empty());
        }
    }
    let builder = ResponseBuilder::new();
    let builder = match coding.name() {
        Some(name) => {
            headers.set("content-encoding", name)?;
            builder.with_encode_body(EncodeBody::Manual)
        }
        None => builder,
    };
    Ok(builder.with_headers(headers).body(body))
}

/// What changes when the file does, as far as the service tells.
fn tag(headers: &Headers, coding: Coding) -> Outcome<Option<String>> {
    let coding = coding.name().unwrap_or("plain");
    let of_service = headers
        .get("etag")?
        .map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned());
    let of_file = headers
        .get("last-modified")?
        .zip(headers.get("content-length")?);
    let of_file = of_file.map(|(at, length)| {
        let at: String = at.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{at}-{length}")
    });
    Ok(of_service
        .or(of_file)
        .map(|tag| format!("W/\"{tag}-{coding}\"")))
}

/// What a page of the site says, for who completes it.
pub(crate) async fn text(env: &Env, file: &str) -> Outcome<Option<String>> {
    match fetch(&env.service(SITE)?, file, false).await? {
        Some(mut found) => Ok(Some(found.text().await?)),
        None => Ok(None),
    }
}

/// The page that is not there.
pub(crate) fn not_found(head: bool) -> worker::Result<Response> {
    let builder = ResponseBuilder::new()
        .with_status(404)
        .with_header("content-type", content_type(".html"))?
        .with_header("cache-control", ALWAYS)?
        .with_header(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )?;
    Ok(if head {
        builder.empty()
    } else {
        builder.fixed(NOT_FOUND.into())
    })
}
