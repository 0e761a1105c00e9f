//! Bodies: read up to a limit, then as what the route takes.

use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use worker::Request;

use crate::error::{Failure, Kind, Outcome};

/// Bytes of a body at most: twice a frame, and more than any body of the table needs.
pub(crate) const BODY_MAX: usize = 64 * 1024;

/// Reads the body; what is longer is not read to its end.
pub(crate) async fn read(request: &mut Request) -> Outcome<String> {
    let told = request
        .headers()
        .get("content-length")?
        .and_then(|length| length.parse::<usize>().ok());
    if told.is_some_and(|length| length > BODY_MAX) {
        return Err(too_large());
    }
    if request.inner().body().is_none() {
        return Ok(String::new());
    }
    let mut bytes = vec![];
    let mut stream = request.stream()?;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| not_json("The body did not arrive whole: send it again."))?;
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(too_large());
        }
        bytes.extend(chunk);
    }
    String::from_utf8(bytes).map_err(|_| not_json("The body is not UTF-8."))
}

/// Reads a body as what the route takes.
pub(super) fn parse<T: DeserializeOwned>(body: &str) -> Outcome<T> {
    serde_json::from_str(body).map_err(|error| match error.classify() {
        Category::Data => Failure::new(
            Kind::Invalid,
            format!("The body is not as it must be: {error}. See /docs."),
        ),
        Category::Io | Category::Syntax | Category::Eof => {
            not_json(&format!("The body is not JSON: {error}."))
        }
    })
}

fn not_json(detail: &str) -> Failure {
    Failure::new(Kind::BodyNotJson, detail)
}

fn too_large() -> Failure {
    let detail = format!("A body may have {BODY_MAX} bytes: send less at a time.");
    Failure {
        limit: Some(BODY_MAX as u64),
        ..Failure::new(Kind::BodyTooLarge, detail)
    }
}
