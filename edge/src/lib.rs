//! The relay on Workers: a shell around `protocol::relay`.
//!
//! A request comes in here, is answered by the API, by the site, or by a Durable Object that keeps its socket. What is
//! decided about chats is decided in `protocol`; here it is who asks, what may be asked, and where things are kept.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other answer of an object is to another question"
)]
mod api;
pub mod assets;
pub mod auth;
pub mod call;
mod clock;
pub mod config;
mod conversation;
pub mod cookie;
mod door;
pub mod error;
pub mod files;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other answer of an object is to another question"
)]
pub mod frame;
pub mod migrate;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other answer of an object is to another question"
)]
pub mod origin;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other answer of an object is to another question"
)]
pub mod plain;
pub mod policy;
pub mod route;
mod shop;
mod socket;
pub mod sql;
pub mod storage;
pub mod zone;

pub use shop::{settings, storage as shop_storage};

use worker::{Context, Env, Headers, Request, Response, event};

use config::Config;
use error::{Failure, Kind};

/// Two years, as the preload lists of browsers ask.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    let (response, https) = match request.url() {
        Ok(url) => (answer(request, &env).await?, url.scheme() == "https"),
        // The runtime takes any text for a host.
        Err(_) => (no_address(&request)?, false),
    };
    // A socket's answer is the object's own, and no browser shows it.
    if response.status_code() != 101 {
        secure(response.headers(), https)?;
    }
    Ok(response)
}

fn no_address(request: &Request) -> worker::Result<Response> {
    let detail = "The address of this request is none: look at its host.";
    Failure::new(Kind::Invalid, detail).into_response(&method(request), &request.path())
}

/// The method as it was sent; `Request::method` takes what it does not know for GET.
fn method(request: &Request) -> String {
    request.inner().method()
}

async fn answer(request: Request, env: &Env) -> worker::Result<Response> {
    let path = request.path();
    let config = match Config::read(env) {
        Ok(config) => config,
        // Better no relay than one that anybody can sign for.
        Err(fault) => return Failure::from(fault).into_response(&method(&request), &path),
    };
    match path.split('/').nth(1) {
        Some("v1") => api::answer(request, env, &config).await,
        Some("files") => files::answer(&request, env, &config).await,
        Some("frame") => frame::answer(&request, env).await,
        Some("chat") => plain::answer(request, env, &config).await,
        Some(_) | None => assets::answer(&request, env).await,
    }
}

/// What every answer tells a browser, unless it was told otherwise.
fn secure(headers: &Headers, https: bool) -> worker::Result<()> {
    headers.set("x-content-type-options", "nosniff")?;
    if !headers.has("referrer-policy")? {
        headers.set("referrer-policy", "no-referrer")?;
    }
    if !headers.has("cross-origin-resource-policy")? {
        headers.set("cross-origin-resource-policy", "same-origin")?;
    }
    if !headers.has("content-security-policy")? {
        headers.set(
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        )?;
    }
    if https {
        headers.set("strict-transport-security", HSTS)?;
    }
    Ok(())
}
