//! Shops: created by who runs the relay, set up by their operators.

use protocol::{
    api::{KeyMade, NewKey, NewOperator, NewShop, Shop, ShopChange, ShopMade},
    entry::OperatorCard,
    form::{Form, Unfit},
    hours::{Exception, Hours, Opening},
    id::{OperatorId, ShopId},
    limits::{EMAIL_MAX, FIELDS_MAX, LINE_MAX, LOGO_MAX, NAME_MAX, RADIUS_MAX, URL_MAX},
    looks::{self, Font, Looks, Position, Theme},
};
use worker::Response;

use super::{Call, done, invalid, json};
use crate::{
    auth::{self, Reference, ReferenceKind, password},
    call::{self, Account, FromShop, KeyToKeep, ToShop},
    error::{Failure, Kind, Outcome},
    origin,
    zone::Zone,
};

/// Characters of a greeting: a bubble, not a page.
const GREETING_MAX: usize = 500;

/// Languages, origins and openings: more than any shop has, and few enough to be kept in memory.
const LISTED_MAX: usize = 50;

/// `POST /v1/shops`
pub(super) async fn create(call: &Call<'_>) -> Outcome<Response> {
    let NewShop { shop, owner } = call.body()?;
    let shop = checked(shop)?;
    let owner = account(call, owner)?;
    let id = shop.front.id.clone();
    let (text, key) = key(&id, owner.card.id, "first key".into())?;
    let operator = owner.card.clone();
    let question = ToShop::Create {
        shop: Box::new(shop.clone()),
        owner,
        key,
    };
    match call::shop(call.env, &id, &question).await? {
        FromShop::Done => json(
            201,
            &ShopMade {
                shop,
                operator,
                key: text,
            },
        ),
        FromShop::Taken => Err(Failure::new(
            Kind::ShopTaken,
            format!("There is a shop {id} already: choose another id."),
        )),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/shop`
pub(super) async fn read(call: &Call<'_>) -> Outcome<Response> {
    json(200, &current(call).await?)
}

/// `PATCH /v1/shop`
pub(super) async fn change(call: &Call<'_>) -> Outcome<Response> {
    let mut change: ShopChange = call.body()?;
    // What it would be is checked whole, so that both ways in know the same rules.
    if let Some(hours) = &change.hours {
        check_hours(hours)?;
    }
    let wanted = checked(current(call).await?.after(change.clone()))?;
    change.name = change.name.map(|_| wanted.front.name);
    change.origins = change.origins.map(|_| wanted.origins);
    match call::shop(
        call.env,
        call.shop()?,
        &ToShop::Change {
            change: Box::new(change),
        },
    )
    .await?
    {
        FromShop::Shop(shop) => {
            origin::remember(&shop, call.now);
            json(200, &shop)
        }
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/shop/sightings`
pub(super) async fn sightings(call: &Call<'_>) -> Outcome<Response> {
    match call::shop(call.env, call.shop()?, &ToShop::Sightings).await? {
        FromShop::Sightings(sightings) => json(200, &sightings),
        other => Err(other.unexpected()),
    }
}

/// `POST /v1/shop/reindex`
pub(super) async fn reindex(call: &Call<'_>, status: u16) -> Outcome<Response> {
    match call::shop(call.env, call.shop()?, &ToShop::Reindex).await? {
        FromShop::Reindexing(reindexing) => json(status, &reindexing),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/shop/reindex`
pub(super) async fn reindexing(call: &Call<'_>) -> Outcome<Response> {
    match call::shop(call.env, call.shop()?, &ToShop::Reindexing).await? {
        FromShop::Reindexing(reindexing) => json(200, &reindexing),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/operators`
pub(super) async fn operators(call: &Call<'_>) -> Outcome<Response> {
    match call::shop(call.env, call.shop()?, &ToShop::Operators).await? {
        FromShop::Operators(operators) => json(200, &operators),
        other => Err(other.unexpected()),
    }
}

/// `POST /v1/operators`
pub(super) async fn add_operator(call: &Call<'_>) -> Outcome<Response> {
    let account = account(call, call.body()?)?;
    match call::shop(call.env, call.shop()?, &ToShop::AddOperator { account }).await? {
        FromShop::Operator(card) => json(201, &card),
        FromShop::Taken => Err(Failure::new(
            Kind::EmailTaken,
            "An operator of this shop signs in with this address.",
        )),
        other => Err(other.unexpected()),
    }
}

/// `GET /v1/keys`
pub(super) async fn keys(call: &Call<'_>) -> Outcome<Response> {
    match call::shop(call.env, call.shop()?, &ToShop::Keys).await? {
        FromShop::Keys(keys) => json(200, &keys),
        other => Err(other.unexpected()),
    }
}

/// `POST /v1/keys`
pub(super) async fn make_key(call: &Call<'_>) -> Outcome<Response> {
    let NewKey { name } = call.body()?;
    let name = name_of(&name)?;
    let (operator, _) = call.operator()?;
    let (text, key) = key(call.shop()?, operator.id, name)?;
    match call::shop(call.env, call.shop()?, &ToShop::AddKey { key }).await? {
        FromShop::Key(listed) => json(201, &KeyMade { key: text, listed }),
        other => Err(other.unexpected()),
    }
}

/// `DELETE /v1/keys/{id}`
pub(super) async fn delete_key(call: &Call<'_>) -> Outcome<Response> {
    let id = call.place.unwrap_or_default().to_owned();
    match call::shop(call.env, call.shop()?, &ToShop::DeleteKey { id }).await? {
        FromShop::Done => done(),
        FromShop::NotFound => Err(Failure::new(
            Kind::NotFound,
            "There is no such API key: GET /v1/keys lists them.",
        )),
        other => Err(other.unexpected()),
    }
}

/// An address in the form it is kept in; `None` when it is none.
pub(super) fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.rsplit_once('@')?;
    let whole = !name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace);
    (whole && text.chars().count() <= EMAIL_MAX).then_some(text)
}

async fn current(call: &Call<'_>) -> Outcome<Shop> {
    match call::shop(call.env, call.shop()?, &ToShop::Front).await? {
        FromShop::Front { shop, .. } => Ok(*shop),
        other => Err(other.unexpected()),
    }
}

fn account(call: &Call<'_>, new: NewOperator) -> Outcome<Account> {
    let name = name_of(&new.name)?;
    let email = email(&new.email).ok_or_else(|| invalid("`email` is not an e-mail address."))?;
    let length = new.password.chars().count();
    if !(password::LENGTH_MIN..=password::LENGTH_MAX).contains(&length) {
        let (min, max) = (password::LENGTH_MIN, password::LENGTH_MAX);
        return Err(invalid(format!(
            "`password` must have {min} to {max} characters."
        )));
    }
    let card = OperatorCard {
        id: auth::mint_operator(call.now)?,
        name,
    };
    Ok(Account {
        card,
        email,
        password: password::keep(&new.password, auth::random()?)?,
    })
}

fn key(shop: &ShopId, operator: OperatorId, name: String) -> Outcome<(String, KeyToKeep)> {
    let (text, reference) = Reference::mint(ReferenceKind::Key, shop)?;
    Ok((
        text,
        KeyToKeep {
            id: auth::mint_key_id()?,
            name,
            operator,
            digest: reference.digest,
        },
    ))
}

fn name_of(name: &str) -> Outcome<String> {
    let name = name.trim();
    match (1..=NAME_MAX).contains(&name.chars().count()) {
        true => Ok(name.to_owned()),
        false => Err(invalid(format!(
            "`name` must have 1 to {NAME_MAX} characters."
        ))),
    }
}

/// A shop with its texts in the form they are kept in, or what is wrong with it.
fn checked(mut shop: Shop) -> Outcome<Shop> {
    shop.front.name = name_of(&shop.front.name)?;
    let digits = shop.front.color.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(invalid("`color` must be `#` and six hexadecimal digits."));
    }
    let languages = shop.front.greeting.keys().chain(&shop.front.languages);
    if shop.front.greeting.len() > LISTED_MAX || shop.front.languages.len() > LISTED_MAX {
        return Err(invalid(format!("At most {LISTED_MAX} languages.")));
    }
    if let Some(language) = languages
        .into_iter()
        .find(|language| !is_language(language))
    {
        return Err(no_language(language));
    }
    if shop
        .front
        .greeting
        .values()
        .any(|text| text.chars().count() > GREETING_MAX)
    {
        return Err(invalid(format!(
            "A greeting may have {GREETING_MAX} characters."
        )));
    }
    if let Some(hours) = &shop.front.hours {
        check_hours(hours)?;
    }
    if let Some(form) = &shop.front.form {
        check_form(form)?;
    }
    check_looks(&shop.front.looks)?;
    shop.origins = origins(&shop.origins)?;
    Ok(shop)
}

fn check_form(form: &Form) -> Outcome<()> {
    let languages = form.fields.iter().flat_map(|field| field.label.keys());
    let languages = languages.chain(form.consent.iter().flat_map(|consent| consent.text.keys()));
    if let Some(language) = languages
        .into_iter()
        .find(|language| !is_language(language))
    {
        return Err(no_language(language));
    }
    form.fit().map_err(|unfit| match unfit {
        Unfit::Many => invalid(format!("`form` may have {FIELDS_MAX} fields.")),
        Unfit::Name => invalid(format!(
            "Each of `form.fields` must have a `name` of its own: 1 to {NAME_MAX} letters, digits, `-` and `_`, and not `consent`."
        )),
        Unfit::Kind => invalid("A field's `kind` must be `name`, `email` or `text`."),
        Unfit::Words => invalid(format!(
            "A field of `text` must have a `label` in some language and a `consent` a `text`, of 1 to {LINE_MAX} characters each."
        )),
        Unfit::Link => invalid(format!(
            "`form.consent.link` must be an address that begins with `https://`, of {URL_MAX} characters at most."
        )),
    })
}

fn no_language(language: &str) -> Failure {
    invalid(format!(
        "{language:?} is not a language, such as `it` or `pt-BR`."
    ))
}

fn check_looks(shop: &Looks) -> Outcome<()> {
    if shop
        .logo
        .as_deref()
        .is_some_and(|logo| !looks::is_logo(logo))
    {
        return Err(invalid(format!(
            "`logo` must be the address of a picture, such as `https://shop.example/logo.png`, of {LOGO_MAX} characters \
             at most, with spaces, quotes and brackets written as `%20` and the like; an empty text takes the logo away."
        )));
    }
    if shop.radius > RADIUS_MAX {
        return Err(invalid(format!(
            "`radius` must be 0 (square) to {RADIUS_MAX} (round)."
        )));
    }
    if shop.position == Position::Unknown {
        return Err(invalid("`position` must be `right` or `left`."));
    }
    if shop.font == Font::Unknown {
        return Err(invalid("`font` must be `system` or `shop`."));
    }
    match shop.theme {
        Theme::Unknown => Err(invalid("`theme` must be `auto`, `light` or `dark`.")),
        Theme::Auto | Theme::Light | Theme::Dark => Ok(()),
    }
}

fn origins(origins: &[String]) -> Outcome<Vec<String>> {
    if origins.len() > LISTED_MAX {
        return Err(invalid(format!("At most {LISTED_MAX} origins.")));
    }
    let normal = |text: &String| {
        origin::normal(text).ok_or_else(|| {
            invalid(format!(
                "{text:?} is not an origin: write `https://shop.example`, without what follows the host."
            ))
        })
    };
    origins.iter().map(normal).collect()
}

fn is_language(text: &str) -> bool {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (2..=35).contains(&text.len()) && plain
}

fn check_hours(hours: &Hours) -> Outcome<()> {
    let zone = &hours.time_zone;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
    if zone.is_empty() || zone.len() > 64 || !zone.bytes().all(plain) {
        return Err(invalid(
            "`hours.time_zone` must be a time zone, such as `Europe/Rome`.",
        ));
    }
    if hours.open.len() > LISTED_MAX {
        return Err(invalid(format!("At most {LISTED_MAX} openings.")));
    }
    if Zone::of(zone).is_none() {
        return Err(invalid(format!(
            "{zone:?} is no time zone: `hours.time_zone` is one such as `Europe/Rome`."
        )));
    }
    if !hours.open.iter().all(Opening::is_good) {
        return Err(invalid(
            "Openings have a `day` from 1 (Monday) to 7, and `from` before `to`, each `HH:MM`.",
        ));
    }
    if hours.exceptions.len() > LISTED_MAX
        || hours
            .exceptions
            .iter()
            .any(|those| those.open.len() > LISTED_MAX)
    {
        return Err(invalid(format!(
            "At most {LISTED_MAX} exceptions, with {LISTED_MAX} stretches each."
        )));
    }
    match hours.exceptions.iter().all(Exception::is_good) {
        true => Ok(()),
        false => Err(invalid(
            "Exceptions have days `from` and `to`, each `YYYY-MM-DD`, and stretches with `from` before `to`, each `HH:MM`.",
        )),
    }
}
