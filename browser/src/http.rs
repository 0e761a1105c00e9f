//! One JSON request over HTTPS and its answer.

use js_sys::{Object, Reflect};
use protocol::api::Problem;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::json;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Auth<'a> {
    /// Nobody in particular.
    Nobody,
    /// Who has this token.
    Bearer(&'a str),
    /// Who is signed in with this browser. The header that goes with it cannot be sent by another site's page.
    Cookie,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The relay was not reached.
    Unreachable,
    /// The relay said no.
    Problem(Box<Problem>),
    /// Something else answered, with this HTTP status.
    Unreadable(u16),
}

impl Failure {
    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Unreachable => None,
            Self::Problem(problem) => Some(problem.status),
            Self::Unreadable(status) => Some(*status),
        }
    }
}

/// Asks without a body. An empty answer is read as `()`.
pub async fn ask<A: DeserializeOwned>(
    method: &str,
    url: &str,
    auth: Auth<'_>,
) -> Result<A, Failure> {
    exchange(method, url, auth, None).await
}

/// Asks with a JSON body.
pub async fn tell<A: DeserializeOwned>(
    method: &str,
    url: &str,
    auth: Auth<'_>,
    body: &impl Serialize,
) -> Result<A, Failure> {
    exchange(method, url, auth, Some(json::encode(body))).await
}

async fn exchange<A: DeserializeOwned>(
    method: &str,
    url: &str,
    auth: Auth<'_>,
    body: Option<String>,
) -> Result<A, Failure> {
    let (status, text) = send(method, url, auth, body)
        .await
        .ok_or(Failure::Unreachable)?;
    if (200..300).contains(&status) {
        let text = if text.is_empty() { "null" } else { &text };
        return json::decode(text).ok_or(Failure::Unreadable(status));
    }
    Err(
        json::decode(&text).map_or(Failure::Unreadable(status), |problem| {
            Failure::Problem(Box::new(problem))
        }),
    )
}

#[wasm_bindgen(module = "/src/post.js")]
extern "C" {
    #[wasm_bindgen(js_name = post)]
    fn post_text(url: &str, body: &str, heard: JsValue);
}

/// Posts a text that is JSON, as nobody in particular; `heard` takes the status and the text of the answer, and 0 where there is
/// none. (What waits here is a closure and not a future: the machinery of futures is a twentieth of a widget.)
pub fn post(url: &str, body: &str, heard: impl FnOnce(u16, String) + 'static) {
    post_text(url, body, Closure::once_into_js(heard));
}

/// Asks with a text that is JSON; the status and the text of the answer, if there was one.
async fn send(
    method: &str,
    url: &str,
    auth: Auth<'_>,
    body: Option<String>,
) -> Option<(u16, String)> {
    let response = fetch(method, url, auth, body).await?;
    let text = JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()?;
    Some((response.status(), text))
}

async fn fetch(method: &str, url: &str, auth: Auth<'_>, body: Option<String>) -> Option<Response> {
    let headers = Object::new();
    let mut credentials = "omit";
    match auth {
        Auth::Nobody => {}
        Auth::Bearer(token) => put(&headers, "authorization", &["Bearer ", token].concat()),
        Auth::Cookie => {
            // Only a request that says so carries cookies: the widget speaks to another origin than the page's.
            credentials = "same-origin";
            put(&headers, "x-commesso", "1");
        }
    }
    let init = Object::new();
    put(&init, "method", method);
    put(&init, "credentials", credentials);
    if let Some(body) = body {
        put(&headers, "content-type", "application/json");
        put(&init, "body", &body);
    }
    let _ = Reflect::set(&init, &"headers".into(), &headers);
    let answer = web_sys::window()?.fetch_with_str_and_init(url, init.unchecked_ref());
    Some(JsFuture::from(answer).await.ok()?.unchecked_into())
}

fn put(object: &Object, name: &str, value: &str) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &name.into(), &value.into());
}
