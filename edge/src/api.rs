//! The HTTPS API: a request is matched with the table of routes, its caller is found out, the policy is asked, and only
//! then is anything read or written. Every answer that is not a success is a problem document.

pub(crate) mod body;
pub(crate) mod caller;
mod conversation;
mod files;
mod handover;
mod identity;
mod preflight;
mod session;
mod shop;
mod socket;
pub(crate) mod visitor;

use protocol::{api::Health, close::CloseCode, id::ShopId, relay::Principal, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use worker::{Env, Request, Response, ResponseBuilder};

use crate::{
    auth::Reference,
    clock,
    config::Config,
    door,
    error::{Failure, Kind, Outcome},
    origin,
    policy::{self, Action, Caller},
    route::{self, Found, Route},
};

/// The written description, made from the table of routes and the types by `tests/openapi.rs`.
const DESCRIPTION: &str = include_str!("../openapi.json");

/// One request on its way.
struct Call<'a> {
    env: &'a Env,
    config: &'a Config,
    now: Timestamp,
    request: &'a Request,
    query: Vec<(String, String)>,
    /// What stands in the path for the route's braces.
    place: Option<&'a str>,
    body: String,
    /// Of a route that takes a file.
    file: Vec<u8>,
    caller: Caller,
    /// By what an operator is known.
    reference: Option<Reference>,
    /// The page that asks, where it is one.
    origin: Option<String>,
    /// Whether that is a page of the relay itself, such as the frame that a shop's page may hold.
    own: bool,
}

/// Answers a request whose path begins with `/v1/`.
pub(crate) async fn answer(
    mut request: Request,
    env: &Env,
    config: &Config,
) -> worker::Result<Response> {
    let (method, path) = (crate::method(&request), request.path());
    let origin = request.headers().get("origin")?;
    // HEAD is GET without its body.
    let asked = if method == "HEAD" {
        "GET"
    } else {
        method.as_str()
    };
    let (route, place) = match route::find(asked, &path) {
        Found::Route(route, place) => (route, place),
        Found::OtherMethods(routes) => {
            return match preflight::answer(asked, &routes, origin.as_deref())? {
                Some(answer) => Ok(answer),
                None => other_method(&routes).into_response(&method, &path),
            };
        }
        Found::Nothing => return nothing().into_response(&method, &path),
    };
    let mut by_operator = false;
    let done = perform(
        &mut request,
        env,
        config,
        (route, place),
        origin.clone(),
        &mut by_operator,
    )
    .await;
    let response = match done {
        Ok(response) => response,
        // A browser tells a page nothing of a refused upgrade: a socket that is closed at once says why.
        Err(failure) if failure.kind == Kind::Unauthorized && socket::is_upgrade(&request)? => {
            return socket::closed(CloseCode::Unauthorized);
        }
        Err(failure) => failure.into_response(&method, &path)?,
    };
    if let Some(origin) = origin.filter(|_| route.cross_origin && !by_operator) {
        // A problem may be read by every page, so that who set up a shop sees in the console what is missing.
        origin::expose(response.headers(), &origin)?;
    }
    Ok(if method == "HEAD" {
        without_body(response)
    } else {
        response
    })
}

async fn perform(
    request: &mut Request,
    env: &Env,
    config: &Config,
    (route, place): (&'static Route, Option<&str>),
    origin: Option<String>,
    by_operator: &mut bool,
) -> Outcome<Response> {
    let query = request
        .url()?
        .query_pairs()
        .into_owned()
        .collect::<Vec<_>>();
    let body = match route.request {
        Some(_) => body::read(request).await?,
        None => String::new(),
    };
    // Before anything is asked of anybody.
    let opens = match route.action {
        Action::OpenConversation | Action::OpenInbox => socket::is_upgrade(request)?,
        Action::ExchangeFrames => conversation::begins(&body),
        _ => false,
    };
    let _pass = opens.then(door::enter).transpose()?;
    let now = clock::now();
    let visiting =
        route.action == Action::OpenConversation && query.iter().any(|(name, _)| name == "shop");
    let anonymous =
        visiting || (policy::is_public(route.action) && route.action != Action::OpenConversation);
    let (caller, reference) = match anonymous {
        true => (Caller::Nobody, None),
        false => caller::identify(request, env, config, (route, &body), now).await?,
    };
    *by_operator = reference.is_some();
    let resource = caller::resource(&caller, route.action);
    if !policy::can(&caller, route.action, resource) {
        return Err(caller::refuse(&caller, route));
    }
    let own = caller::own_page(request, origin.as_deref()).is_ok();
    if let Caller::Member(Principal::Visitor { shop, .. }) = &caller {
        let page = origin.as_deref().filter(|_| !own);
        origin::check(env, shop, page, now).await?;
    }
    // Nobody's bytes are read before it is known who they are.
    let file = match route.takes_file {
        true => body::read_bytes(request, files::LARGEST).await?,
        false => vec![],
    };
    let call = Call {
        env,
        config,
        now,
        request,
        query,
        place,
        body,
        file,
        caller,
        reference,
        origin,
        own,
    };
    call.perform(route).await
}

impl Call<'_> {
    async fn perform(&self, route: &Route) -> Outcome<Response> {
        match route.action {
            Action::ReadHealth => json(
                200,
                &Health {
                    status: "ok".into(),
                    version: env!("CARGO_PKG_VERSION").into(),
                },
            ),
            Action::ReadDescription => description(),
            Action::CreateShop => shop::create(self).await,
            Action::AdmitVisitor => visitor::admit(self).await,
            Action::HandOver => handover::hand_over(self, route.status).await,
            Action::TakeOver => handover::take_over(self).await,
            Action::ListOwn => visitor::own(self).await,
            Action::Prove => identity::prove(self).await,
            Action::SignIn => session::sign_in(self).await,
            Action::SignOut => session::sign_out(self).await,
            Action::ReadMe => session::me(self).await,
            Action::ReadShop => shop::read(self).await,
            Action::ChangeShop => shop::change(self).await,
            Action::ReadSightings => shop::sightings(self).await,
            Action::ReadIdentity => identity::read(self).await,
            Action::MakeIdentity => identity::make(self, route.status).await,
            Action::KeepIdentity => identity::keep(self).await,
            Action::EndIdentity => identity::end(self).await,
            Action::Reindex => shop::reindex(self, route.status).await,
            Action::ReadReindexing => shop::reindexing(self).await,
            Action::ListOperators => shop::operators(self).await,
            Action::AddOperator => shop::add_operator(self).await,
            Action::ListKeys => shop::keys(self).await,
            Action::MakeKey => shop::make_key(self).await,
            Action::DeleteKey => shop::delete_key(self).await,
            Action::ListConversations => conversation::list(self).await,
            Action::ReadSummary => conversation::summary(self).await,
            Action::ListOthers => conversation::others(self).await,
            Action::ReadEntries => conversation::entries(self).await,
            Action::ExchangeFrames => conversation::exchange(self).await,
            Action::SendMessage => conversation::message(self, route.status).await,
            Action::HandOverFile => files::hand_over(self, route.status).await,
            Action::FindFiles => files::find(self).await,
            Action::SendNote => conversation::note(self, route.status).await,
            Action::Assign => conversation::assign(self, route.status).await,
            Action::SetStatus => conversation::set_status(self, route.status).await,
            Action::ShowTyping => conversation::typing(self).await,
            Action::ShowReceipt => conversation::receipt(self).await,
            Action::OpenConversation => socket::conversation(self).await,
            Action::OpenInbox => socket::inbox(self).await,
        }
    }

    /// Reads the body as what the route takes.
    fn body<T: DeserializeOwned>(&self) -> Outcome<T> {
        body::parse(&self.body)
    }

    /// A value of the query, by its name.
    fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// A value of the query, read; `None` when it is absent.
    fn number<T: core::str::FromStr>(&self, name: &str) -> Outcome<Option<T>> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| invalid(format!("`{name}` in the query is not as it must be.")))
        };
        self.asked(name).map(parse).transpose()
    }

    /// The visitor or operator who asks.
    fn principal(&self) -> Outcome<&Principal> {
        match &self.caller {
            Caller::Member(principal) => Ok(principal),
            Caller::Nobody | Caller::Admin => {
                Err(Failure::fault("a route for members without a member"))
            }
        }
    }

    /// The operator who asks, and by what they are known.
    fn operator(&self) -> Outcome<(&protocol::entry::OperatorCard, &Reference)> {
        match (&self.caller, &self.reference) {
            (Caller::Member(Principal::Operator { card, .. }), Some(reference)) => {
                Ok((card, reference))
            }
            _ => Err(Failure::fault("a route for operators without an operator")),
        }
    }

    /// The page that must be on a shop's list: none of the relay's own, which only a shop's page can frame (SPEC, HO2).
    fn page(&self) -> Option<&str> {
        self.origin.as_deref().filter(|_| !self.own)
    }

    /// The shop of who asks.
    fn shop(&self) -> Outcome<&ShopId> {
        Ok(self.principal()?.shop())
    }
}

fn json(status: u16, value: &impl Serialize) -> Outcome<Response> {
    let text = serde_json::to_vec(value).map_err(Failure::fault)?;
    let response = ResponseBuilder::new()
        .with_status(status)
        .with_header("content-type", "application/json")?
        .with_header("cache-control", "no-store")?;
    Ok(response.fixed(text))
}

fn done() -> Outcome<Response> {
    Ok(ResponseBuilder::new()
        .with_status(204)
        .with_header("cache-control", "no-store")?
        .empty())
}

fn description() -> Outcome<Response> {
    let response = ResponseBuilder::new()
        .with_header(
            "content-type",
            "application/vnd.oai.openapi+json;version=3.1",
        )?
        .with_header("cache-control", "no-cache")?;
    Ok(response.fixed(DESCRIPTION.into()))
}

fn without_body(response: Response) -> Response {
    let (builder, _) = response.into_parts();
    builder.empty()
}

fn invalid(detail: impl Into<String>) -> Failure {
    Failure::new(Kind::Invalid, detail)
}

fn nothing() -> Failure {
    Failure::new(
        Kind::NotFound,
        "There is no such route: /docs lists them all.",
    )
}

fn other_method(routes: &[&Route]) -> Failure {
    let mut methods: Vec<_> = routes.iter().map(|route| route.method.name()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    let allow = methods.join(", ");
    let header = Some(("allow", allow.clone()));
    Failure {
        header,
        ..Failure::new(Kind::MethodNotAllowed, format!("Here it is {allow}."))
    }
}
