//! Files that people have sent, at addresses that the relay has signed (`auth/address.rs`).
//!
//! Must stay true: no cookie and no token is asked for, read or set here; whatever is in a file can do nothing where it is opened:
//! it is what its first bytes said when it came, it runs nothing, and what is no picture is saved and not shown. An address
//! stands in no log.

use protocol::{part::File, relay::file::Media};
use worker::{Env, Headers, Request, Response, ResponseBuilder};

use crate::{
    auth::address::{self, Address},
    call, clock,
    config::Config,
    error::{Failure, Kind, Outcome},
};

/// Whoever opens it alone sees a picture in a page that may do nothing.
pub const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// As long as an address is good at least. A file never changes.
const KEPT: &str = "private, max-age=3600, immutable";

/// Answers a request whose path begins with [`address::FOLDER`].
pub(crate) async fn answer(
    request: &Request,
    env: &Env,
    config: &Config,
) -> worker::Result<Response> {
    let method = crate::method(request);
    match read(&method, &request.path(), env, config).await {
        Ok(response) => Ok(response),
        Err(failure) => failure.into_response(&method, address::FOLDER),
    }
}

async fn read(method: &str, path: &str, env: &Env, config: &Config) -> Outcome<Response> {
    if method != "GET" && method != "HEAD" {
        let header = Some(("allow", "GET, HEAD".to_owned()));
        let failure = Failure::new(Kind::MethodNotAllowed, "Files are read by GET.");
        return Err(Failure { header, ..failure });
    }
    let gone = || {
        let detail = "This address has ended, or never was one: open the file from the chat.";
        Failure::new(Kind::NotFound, detail)
    };
    let address = Address::read(&config.token_keys, path, clock::now()).map_err(|_| gone())?;
    let found = call::file(env, &address.shop, address.conversation, address.file).await?;
    let (file, found) = found.ok_or_else(gone)?;
    let headers = Headers::new();
    for (name, value) in dress(&file) {
        headers.set(name, &value)?;
    }
    let builder = ResponseBuilder::new().with_headers(headers);
    if method == "HEAD" {
        return Ok(builder.empty());
    }
    let (_, body) = found.into_parts();
    Ok(builder.body(body))
}

/// What a browser is told about a file.
pub fn dress(file: &File) -> Vec<(&'static str, String)> {
    let media = Media::of(&file.media);
    let content_type = media.map_or("application/octet-stream", Media::name);
    let shown = media.is_some_and(Media::is_picture);
    vec![
        ("content-type", content_type.into()),
        ("content-length", file.size.to_string()),
        ("content-disposition", disposition(shown, &file.name)),
        ("content-security-policy", POLICY.into()),
        // Shops' pages show it.
        ("cross-origin-resource-policy", "cross-origin".into()),
        ("cache-control", KEPT.into()),
    ]
}

/// How it is opened and what it is called (RFC 6266), for every language of names.
fn disposition(shown: bool, name: &str) -> String {
    let kind = if shown { "inline" } else { "attachment" };
    let mut plain = String::new();
    let mut exact = String::new();
    for c in name.chars() {
        let safe = c.is_ascii_alphanumeric() || "-_. ".contains(c);
        plain.push(if safe { c } else { '_' });
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                exact.push(char::from(byte));
            } else {
                exact.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}
