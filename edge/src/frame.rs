//! The page in which a chat lives that may not live in the shop's own (SPEC, HO): `/frame/SHOP`, the same for every visitor.
//!
//! Must stay true: only pages of the shop's origins can frame it, and it is told which those are.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::id::ShopId;
use worker::{Env, Request, Response, ResponseBuilder};

use crate::{
    assets, auth,
    call::{self, FromShop, ToShop},
    error::{Failure, Kind, Outcome},
};

/// The page, with a place for the origins and one for what lets its styles be.
const PAGE: &str = "/frame/index.html";

const ORIGINS: &str = "{{origins}}";

const NONCE: &str = "{{nonce}}";

/// Answers a request whose path begins with `/frame/`.
pub(crate) async fn answer(request: &Request, env: &Env) -> worker::Result<Response> {
    let (method, path) = (crate::method(request), request.path());
    let head = method == "HEAD";
    if method != "GET" && !head {
        let header = Some(("allow", "GET, HEAD".to_owned()));
        let failure = Failure::new(Kind::MethodNotAllowed, "A page is read.");
        return Failure { header, ..failure }.into_response(&method, &path);
    }
    let shop = path
        .strip_prefix("/frame/")
        .and_then(|shop| shop.parse().ok());
    let found = match shop {
        Some(shop) => page(env, &shop).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(page)) => Ok(page),
        Ok(None) => assets::not_found(head),
        Err(failure) => failure.into_response(&method, &path),
    }
}

/// What the page may do: be what it is made of, and speak to the relay. Browsers in which no sheet can be made (Safari before 16.4) need an
/// element for each, which bears the nonce.
pub fn policy(origins: &[String], nonce: &str) -> String {
    let ancestors = match origins {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         img-src https: data: blob: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; frame-ancestors {ancestors}"
    )
}

async fn page(env: &Env, shop: &ShopId) -> Outcome<Option<Response>> {
    let origins = match call::shop(env, shop, &ToShop::Front).await? {
        FromShop::Front { shop, .. } => shop.origins,
        FromShop::NotFound => return Ok(None),
        other => return Err(other.unexpected()),
    };
    let Some(page) = assets::text(env, PAGE).await? else {
        return Ok(None);
    };
    // An origin is made of a scheme, a host and a port (`origin::normal`): nothing of it is markup.
    let nonce = URL_SAFE_NO_PAD.encode(auth::random::<16>()?);
    let page = page
        .replace(ORIGINS, &origins.join(" "))
        .replace(NONCE, &nonce);
    let response = ResponseBuilder::new()
        .with_header("content-type", "text/html; charset=utf-8")?
        // Asked for each time: an origin that was taken off the list frames it no more.
        .with_header("cache-control", "no-cache")?
        // A page that isolates itself may frame it all the same.
        .with_header("cross-origin-resource-policy", "cross-origin")?
        .with_header("content-security-policy", &policy(&origins, &nonce))?;
    Ok(Some(response.fixed(page.into_bytes())))
}
