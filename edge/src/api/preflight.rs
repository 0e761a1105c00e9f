//! What a browser asks before a page of another origin may send a request (CORS). Answered for visitors' routes only, and
//! without naming a shop: a preflight carries no token. The request itself is checked against the shop's list.

use worker::{Response, ResponseBuilder};

use crate::{origin, route::Route};

/// A browser need not ask again for two hours, the longest that Chromium keeps it.
const KEPT: &str = "7200";

/// The answer, where this is a preflight for a visitor's route.
pub(super) fn answer(
    method: &str,
    routes: &[&Route],
    page: Option<&str>,
) -> worker::Result<Option<Response>> {
    let methods: Vec<_> = routes
        .iter()
        .filter(|route| route.cross_origin)
        .map(|route| route.method.name())
        .collect();
    let Some(page) = page.filter(|_| method == "OPTIONS" && !methods.is_empty()) else {
        return Ok(None);
    };
    let response = ResponseBuilder::new()
        .with_status(204)
        .with_header("access-control-allow-methods", &methods.join(", "))?
        .with_header(
            "access-control-allow-headers",
            "authorization, content-type",
        )?
        .with_header("access-control-max-age", KEPT)?
        .empty();
    origin::expose(response.headers(), page)?;
    Ok(Some(response))
}
