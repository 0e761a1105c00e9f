//! Why a request was not done, and how it is told: to the peer as a problem document (RFC 9457) that says what to do, to
//! the log as one line with the same id. Neither carries a body, an address or a secret.

use protocol::{
    api::Problem,
    frame::{Refusal, Refused},
    relay::storage::Fault,
};
use worker::{Response, ResponseBuilder};

use crate::config::ConfigFault;

/// The kinds of problem. Their names are for ever: programs compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No such route, or nothing there for this caller.
    NotFound,
    /// The path is right and the method is not.
    MethodNotAllowed,
    /// The body is longer than is read.
    BodyTooLarge,
    /// The body is not JSON.
    BodyNotJson,
    /// A field of the body or the query is missing or not as it must be.
    Invalid,
    /// No credential, or one that is not good.
    Unauthorized,
    /// The address or the password is wrong.
    WrongPassword,
    /// Too many attempts to sign in.
    TooManyAttempts,
    /// The caller may not do this.
    Forbidden,
    /// A cookie came along with a request that the inbox did not make.
    CrossSite,
    /// The page's origin is not on the shop's list.
    OriginNotAllowed,
    /// There is no shop of this id.
    UnknownShop,
    /// There is a shop of this id.
    ShopTaken,
    /// There is an operator with this address.
    EmailTaken,
    /// A token that proves no customer.
    Unproved,
    /// A token of another customer than the visitor is.
    AnotherPerson,
    /// A visitor whom two devices had before anybody was proved.
    SharedVisitor,
    /// The id was used for something else.
    Conflict,
    /// Nothing but white space.
    Empty,
    /// Longer than it may be.
    TooLong,
    /// Not a file that is kept.
    UnfitFile,
    /// The conversation is full.
    NoRoom,
    /// The message names a file that is not in the conversation.
    FileMissing,
    /// Too many messages.
    RateLimited,
    /// The route is a WebSocket.
    UpgradeRequired,
    /// The relay cannot do it at the moment.
    Unavailable,
    /// The relay was started without something it needs.
    Configuration,
    /// Something failed on the relay.
    Fault,
}

impl Kind {
    /// Every kind, in the order of the description.
    pub const ALL: [Self; 28] = [
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::BodyTooLarge,
        Self::BodyNotJson,
        Self::Invalid,
        Self::Unauthorized,
        Self::WrongPassword,
        Self::TooManyAttempts,
        Self::Forbidden,
        Self::CrossSite,
        Self::OriginNotAllowed,
        Self::UnknownShop,
        Self::ShopTaken,
        Self::EmailTaken,
        Self::Unproved,
        Self::AnotherPerson,
        Self::SharedVisitor,
        Self::Conflict,
        Self::Empty,
        Self::TooLong,
        Self::UnfitFile,
        Self::NoRoom,
        Self::FileMissing,
        Self::RateLimited,
        Self::UpgradeRequired,
        Self::Unavailable,
        Self::Configuration,
        Self::Fault,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The kind in words.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::NotFound => ("/problems/not-found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("/problems/method-not-allowed", 405, "Not with this method"),
            Self::BodyTooLarge => ("/problems/body-too-large", 413, "The body is too large"),
            Self::BodyNotJson => ("/problems/body-not-json", 400, "The body is not JSON"),
            Self::Invalid => (
                "/problems/invalid",
                400,
                "A field is missing or not as it must be",
            ),
            Self::Unauthorized => ("/problems/unauthorized", 401, "Not signed in"),
            Self::WrongPassword => (
                "/problems/wrong-password",
                401,
                "The address or the password is wrong",
            ),
            Self::TooManyAttempts => (
                "/problems/too-many-attempts",
                429,
                "Too many attempts to sign in",
            ),
            Self::Forbidden => ("/problems/forbidden", 403, "Not allowed"),
            Self::CrossSite => ("/problems/cross-site", 403, "Not made by the inbox"),
            Self::OriginNotAllowed => (
                "/problems/origin-not-allowed",
                403,
                "Pages of this origin may not carry the chat",
            ),
            Self::UnknownShop => ("/problems/unknown-shop", 404, "There is no such shop"),
            Self::ShopTaken => ("/problems/shop-taken", 409, "There is a shop of this id"),
            Self::EmailTaken => (
                "/problems/email-taken",
                409,
                "There is an operator with this address",
            ),
            Self::Unproved => ("/problems/unproved", 422, "Nobody is proved"),
            Self::AnotherPerson => (
                "/problems/another-person",
                409,
                "The visitor is somebody else",
            ),
            Self::SharedVisitor => (
                "/problems/shared-visitor",
                403,
                "Another device has this visitor",
            ),
            Self::Conflict => (
                "/problems/conflict",
                409,
                "The id was used for something else",
            ),
            Self::Empty => ("/problems/empty", 422, "There are no words"),
            Self::TooLong => ("/problems/too-long", 422, "Too long"),
            Self::UnfitFile => ("/problems/unfit-file", 415, "Not a file that is kept"),
            Self::NoRoom => ("/problems/no-room", 507, "The conversation is full"),
            Self::FileMissing => ("/problems/file-missing", 422, "A file is not here"),
            Self::RateLimited => ("/problems/rate-limited", 429, "Too many at once"),
            Self::UpgradeRequired => ("/problems/upgrade-required", 426, "This is a WebSocket"),
            Self::Unavailable => ("/problems/unavailable", 503, "Not possible at the moment"),
            Self::Configuration => ("/problems/configuration", 500, "The relay is not set up"),
            Self::Fault => ("/problems/fault", 500, "Something failed on the relay"),
        }
    }
}

/// Why a request was not done.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    /// For the peer: what happened and what to do.
    pub(crate) detail: String,
    pub(crate) limit: Option<u64>,
    pub(crate) retry_after_ms: Option<u64>,
    /// A header that belongs to the status.
    pub(crate) header: Option<(&'static str, String)>,
    /// For the log alone.
    pub(crate) cause: Option<Box<str>>,
}

/// What most functions of the relay's outside answer.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            limit: None,
            retry_after_ms: None,
            header: None,
            cause: None,
        }
    }

    pub(crate) fn fault(cause: impl ToString) -> Self {
        let detail = "It is not your doing. Try again; if it stays, tell who runs the relay this problem's id.";
        Self {
            cause: Some(cause.to_string().into()),
            ..Self::new(Kind::Fault, detail)
        }
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        let header = Some(("www-authenticate", "Bearer".to_owned()));
        Self {
            header,
            ..Self::new(Kind::Unauthorized, detail)
        }
    }

    /// Who asked too often is told when to come back.
    pub(crate) fn later(kind: Kind, retry_after_ms: u64, detail: impl Into<String>) -> Self {
        let header = Some(("retry-after", retry_after_ms.div_ceil(1_000).to_string()));
        Self {
            retry_after_ms: Some(retry_after_ms),
            header,
            ..Self::new(kind, detail)
        }
    }

    /// The problem document, written into the log too.
    pub(crate) fn into_response(self, method: &str, path: &str) -> worker::Result<Response> {
        let id = problem_id();
        log_problem(&self, &id, method, path);
        let problem = Problem {
            kind: self.kind.name().into(),
            title: self.kind.title().into(),
            status: self.kind.status(),
            detail: self.detail,
            id,
            limit: self.limit,
            retry_after_ms: self.retry_after_ms,
        };
        let body = serde_json::to_vec(&problem)?;
        let mut response = ResponseBuilder::new()
            .with_status(problem.status)
            .with_header("content-type", "application/problem+json")?
            .with_header("cache-control", "no-store")?;
        if let Some((name, value)) = self.header {
            response = response.with_header(name, &value)?;
        }
        Ok(response.fixed(body))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::fault(fault)
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::fault(error)
    }
}

impl From<ConfigFault> for Failure {
    fn from(fault: ConfigFault) -> Self {
        let said = fault.to_string();
        Self {
            cause: Some(said.as_str().into()),
            ..Self::new(Kind::Configuration, said)
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let (kind, detail) = match refused.code {
            Refusal::Empty => (
                Kind::Empty,
                "Write at least one character that is not white space.".to_owned(),
            ),
            Refusal::TooLong => {
                let limit = refused.limit.unwrap_or(protocol::limits::TEXT_MAX as u64);
                (
                    Kind::TooLong,
                    format!(
                        "At most {limit} characters in a text, or this many things in a list: make it shorter, or send several messages."
                    ),
                )
            }
            Refusal::Conflict => (
                Kind::Conflict,
                "This id was stored with other words: send with a new id.".to_owned(),
            ),
            Refusal::Forbidden => (
                Kind::Forbidden,
                "Not for you in this conversation.".to_owned(),
            ),
            Refusal::Malformed => (Kind::Invalid, "This cannot be stored as it is.".to_owned()),
            Refusal::Missing => (
                Kind::FileMissing,
                "The message names a file that is not here, or not as it was answered: hand it over first.".to_owned(),
            ),
            Refusal::RateLimited => (
                Kind::RateLimited,
                "Send it again after retry_after_ms.".to_owned(),
            ),
            Refusal::Held | Refusal::Unavailable | Refusal::Unknown => (
                Kind::Unavailable,
                "Send it again with the same id.".to_owned(),
            ),
        };
        let failure = match refused.retry_after_ms {
            Some(wait) => Self::later(kind, wait, detail),
            None => Self::new(kind, detail),
        };
        Self {
            limit: refused.limit,
            ..failure
        }
    }
}

/// Writes one line about something of ours that failed, and answers the id that finds it.
pub(crate) fn log(event: &str, cause: &str) -> String {
    let id = problem_id();
    worker::console_error!(
        "{}",
        serde_json::json!({ "event": event, "id": id, "cause": cause })
    );
    id
}

fn log_problem(failure: &Failure, id: &str, method: &str, path: &str) {
    let line = serde_json::json!({
        "event": "problem",
        "id": id,
        "type": failure.kind.name(),
        "status": failure.kind.status(),
        "method": method,
        "path": path,
        "cause": failure.cause,
    });
    if failure.kind.status() >= 500 {
        worker::console_error!("{line}");
    } else {
        worker::console_log!("{line}");
    }
}

/// Enough to be found in a day's log, and nothing that could be guessed from another.
fn problem_id() -> String {
    use base64::Engine as _;
    let bytes = crate::auth::random::<9>().unwrap_or_default();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
