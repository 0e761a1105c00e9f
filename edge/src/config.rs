//! What the relay is started with, read into types. A secret that is missing, short or left at its example is refused
//! by its name, so that nobody runs a relay that anybody can sign for.

use core::fmt;

use protocol::{relay::pace::Pace, time::Timestamp};
use subtle::ConstantTimeEq;
use worker::{js_sys, wasm_bindgen::JsValue};

use crate::auth::TokenKeys;

/// The secret with which shops are created.
const ADMIN_SECRET: &str = "COMMESSO_ADMIN_SECRET";

/// The keys that sign visitors' tokens: `kid:secret`, comma, `kid:secret`; the first signs and all verify.
const TOKEN_KEYS: &str = "COMMESSO_TOKEN_KEYS";

/// How fast visitors may write: `human`, which is meant where it is not set, or `unlimited`.
const PACE: &str = "COMMESSO_PACE";

/// When the disk was last replaced by an older copy: milliseconds since 1970. Empty or not set where it never was.
const RESTORED: &str = "COMMESSO_RESTORED";

/// `local` where the relay is tried on the machine that its browser is on, without TLS; otherwise no cookie goes over an open line.
const COOKIES: &str = "COMMESSO_COOKIES";

/// No disk was restored before: 2020-01-01. A time in seconds is smaller.
const RESTORED_MIN: u64 = 1_577_836_800_000;

/// Characters of a secret at least: 128 bits even when they are hexadecimal digits.
pub const SECRET_MIN: usize = 32;

/// What stands in every example of how to set a secret.
const EXAMPLE: &str = "change-me";

/// What the relay is started with.
pub struct Config {
    admin_secret: String,
    /// The keys that sign visitors' tokens.
    pub token_keys: TokenKeys,
    /// When the disk was last replaced by an older copy.
    pub restored: Timestamp,
    /// Whether it is tried on the machine that its browser is on, without TLS.
    pub tried: bool,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The variable.
    pub variable: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.advice)
    }
}

impl Config {
    /// Reads it from the Worker's bindings.
    pub(crate) fn read(env: &worker::Env) -> Result<Self, ConfigFault> {
        // Not through `Env::var`, which throws when a variable that the runtime knows is not set.
        Self::of(|name| variable(env, name))
    }

    /// Reads it from anything that has values by name.
    pub fn of(value: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigFault> {
        let admin_secret = value(ADMIN_SECRET).unwrap_or_default();
        fit(&admin_secret).map_err(|advice| ConfigFault {
            variable: ADMIN_SECRET,
            advice,
        })?;
        let keys = value(TOKEN_KEYS).unwrap_or_default();
        let token_keys = TokenKeys::parse(&keys).map_err(|advice| ConfigFault {
            variable: TOKEN_KEYS,
            advice,
        })?;
        let restored = value(RESTORED).unwrap_or_default();
        let restored = restored_at(&restored).map_err(|advice| ConfigFault {
            variable: RESTORED,
            advice,
        })?;
        Ok(Self {
            admin_secret,
            token_keys,
            restored,
            tried: value(COOKIES).is_some_and(|cookies| cookies == "local"),
        })
    }

    /// Whether this is the admin secret.
    pub(crate) fn is_admin(&self, secret: &str) -> bool {
        self.admin_secret.as_bytes().ct_eq(secret.as_bytes()).into()
    }
}

/// How fast visitors may write.
pub(crate) fn pace(env: &worker::Env) -> Pace {
    match variable(env, PACE).as_deref() {
        Some("unlimited") => Pace::Unlimited,
        Some(_) | None => Pace::Human,
    }
}

/// When the disk was last replaced by an older copy. A text that is no time has stopped every request before it came here.
pub(crate) fn restored(env: &worker::Env) -> Timestamp {
    let text = variable(env, RESTORED).unwrap_or_default();
    restored_at(&text).unwrap_or_default()
}

fn restored_at(text: &str) -> Result<Timestamp, &'static str> {
    match text.parse() {
        _ if text.is_empty() => Ok(Timestamp::default()),
        Ok(at) if at >= RESTORED_MIN => Ok(Timestamp(at)),
        Ok(_) | Err(_) => Err(
            "is no time in milliseconds since 1970: give it what `date +%s000` prints on the day of the restoration.",
        ),
    }
}

fn variable(env: &worker::Env, name: &str) -> Option<String> {
    js_sys::Reflect::get(env, &JsValue::from_str(name))
        .ok()?
        .as_string()
}

/// Whether a text can be a secret; otherwise what to do.
pub(crate) fn fit(secret: &str) -> Result<(), &'static str> {
    if secret.is_empty() {
        return Err(
            "is not set: give it a secret of at least 32 random characters, such as from `openssl rand -hex 32`.",
        );
    }
    if secret.len() < SECRET_MIN {
        return Err(
            "has a secret that is too short: use at least 32 random characters, such as from `openssl rand -hex 32`.",
        );
    }
    if secret.to_ascii_lowercase().contains(EXAMPLE) {
        return Err(
            "still has the example's secret: use random characters, such as from `openssl rand -hex 32`.",
        );
    }
    Ok(())
}
