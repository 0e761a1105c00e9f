//! Which pages may carry a shop's chat, and what browsers are told about it (CORS). A guard against other web pages;
//! who somebody is, tokens say.

use std::{cell::RefCell, collections::BTreeMap};

use protocol::{
    api::Shop,
    id::ShopId,
    time::{Millis, Timestamp},
};
use worker::{Env, Headers, Url};

use crate::{
    call::{self, FromShop, ToShop},
    error::{Failure, Kind, Outcome},
};

/// A shop's settings are asked for again after this: a change is everywhere within a minute.
const FRESH: Millis = Millis::seconds(60);

/// Before somebody is turned away, settings older than this are asked for again: who has just put an origin on the list
/// tries it at once.
const FRESH_TO_REFUSE: Millis = Millis::seconds(2);

/// Shops remembered at a time: some kilobytes each, in an isolate that may serve thousands.
const REMEMBERED: usize = 200;

thread_local! {
    /// Only a cache: an isolate may vanish at any time, and others do not see this one's.
    static SHOPS: RefCell<BTreeMap<ShopId, (Timestamp, Vec<String>)>> = const { RefCell::new(BTreeMap::new()) };
}

/// The form in which browsers send it (`https://shop.example`, no path, lower case); `None` when it is no web origin.
pub fn normal(text: &str) -> Option<String> {
    let url: Url = text.trim().parse().ok()?;
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let web = matches!(url.scheme(), "https" | "http")
        && url.host_str().is_some_and(|host| !host.contains('*'));
    (bare && web).then(|| url.origin().ascii_serialization())
}

/// Lets a visitor's request pass when its page is on the shop's list. A request without an origin comes from no page.
pub(crate) async fn check(
    env: &Env,
    shop: &ShopId,
    origin: Option<&str>,
    now: Timestamp,
) -> Outcome<()> {
    let Some(origin) = origin else { return Ok(()) };
    for fresh in [FRESH, FRESH_TO_REFUSE] {
        if origins(env, shop, now, fresh)
            .await?
            .iter()
            .any(|allowed| allowed == origin)
        {
            return Ok(());
        }
    }
    Err(not_allowed(shop, origin))
}

/// Remembers what a shop has just said of itself.
pub(crate) fn remember(shop: &Shop, now: Timestamp) {
    SHOPS.with_borrow_mut(|shops| {
        if shops.len() >= REMEMBERED {
            shops.clear();
        }
        shops.insert(shop.front.id.clone(), (now, shop.origins.clone()));
    });
}

/// The refusal of a page that is not on the list.
pub(crate) fn not_allowed(shop: &ShopId, origin: &str) -> Failure {
    let detail = format!(
        "The shop {shop} does not list the origin {origin}. If it is yours, add it to the shop's origins: \
         PATCH /v1/shop with {{\"origins\": [..., {}]}}.",
        serde_json::Value::from(origin)
    );
    Failure::new(Kind::OriginNotAllowed, detail)
}

/// The refusal of a shop that is not there.
pub(crate) fn unknown_shop(shop: &ShopId) -> Failure {
    let detail = format!("There is no shop {shop} here: look at the id in the script tag.");
    Failure::new(Kind::UnknownShop, detail)
}

/// What a browser needs in order to let the page of this origin read the answer. No credentials: cookies are the
/// operators', whose routes have none of this.
pub(crate) fn expose(headers: &Headers, origin: &str) -> worker::Result<()> {
    headers.set("access-control-allow-origin", origin)?;
    headers.set("access-control-expose-headers", "retry-after")?;
    headers.append("vary", "Origin")
}

async fn origins(env: &Env, shop: &ShopId, now: Timestamp, fresh: Millis) -> Outcome<Vec<String>> {
    let known =
        SHOPS.with_borrow(|shops| shops.get(shop).filter(|(at, _)| now - *at < fresh).cloned());
    if let Some((_, origins)) = known {
        return Ok(origins);
    }
    match call::shop(env, shop, &ToShop::Front).await? {
        FromShop::Front { shop, .. } => {
            remember(&shop, now);
            Ok(shop.origins)
        }
        FromShop::NotFound => Err(unknown_shop(shop)),
        other => Err(other.unexpected()),
    }
}
