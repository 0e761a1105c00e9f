//! Bodies: read up to a limit, then as what the route takes.

use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use worker::Request;

use crate::error::{Failure, Kind, Outcome};

/// Bytes of a body at most: twice a frame, and more than any body of the table needs.
pub(crate) const BODY_MAX: usize = 64 * 1024;

/// Reads the body as a text.
pub(crate) async fn read(request: &mut Request) -> Outcome<String> {
    let bytes = read_bytes(request, BODY_MAX).await?;
    String::from_utf8(bytes).map_err(|_| not_json("The body is not UTF-8."))
}

/// Reads the body as it is. What is twice as long as `most` is not read to its end; what is a little too long is, and thrown away: who
/// still sends does not hear an answer.
pub(super) async fn read_bytes(request: &mut Request, most: usize) -> Outcome<Vec<u8>> {
    let told = request
        .headers()
        .get("content-length")?
        .and_then(|length| length.parse::<usize>().ok());
    if told.is_some_and(|length| length > 2 * most) {
        return Err(too_large(most));
    }
    if request.inner().body().is_none() {
        return Ok(vec![]);
    }
    // In one piece, where it is known how large it is.
    let mut bytes = Vec::with_capacity(told.unwrap_or_default().min(most));
    let mut length = 0;
    let mut stream = request.stream()?;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Failure::new(
                Kind::Invalid,
                "The body did not arrive whole: send it again.",
            )
        })?;
        length += chunk.len();
        if length > 2 * most {
            break;
        }
        if length <= most {
            bytes.extend(chunk);
        }
    }
    if length > most {
        return Err(too_large(most));
    }
    Ok(bytes)
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

fn too_large(most: usize) -> Failure {
    let detail = format!("A body may have {most} bytes here: send less at a time.");
    Failure {
        limit: Some(most as u64),
        ..Failure::new(Kind::BodyTooLarge, detail)
    }
}
