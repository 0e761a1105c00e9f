//! The one table of the API: the router, the preflight answers, the written description, the page about it and the policy
//! test are made from it, so that a new route cannot forget one of them.

mod table;

pub use table::ROUTES;

use crate::policy::Action;

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are HTTP's own")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As it stands in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One route.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path; a segment in braces stands for anything.
    pub path: &'static str,
    /// What the policy is asked.
    pub action: Action,
    /// Its name in the description.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Whether pages of other origins may ask, since visitors do.
    pub cross_origin: bool,
    /// The type of the body, where there is one.
    pub request: Option<&'static str>,
    /// Whether the body is a file as it is.
    pub takes_file: bool,
    /// The status of success.
    pub status: u16,
    /// The type of the answer, where there is one.
    pub response: Option<&'static str>,
    /// What may stand in the query.
    pub query: &'static [Query],
}

/// Something that may stand in the query.
#[derive(Debug)]
pub struct Query {
    /// Its name.
    pub name: &'static str,
    /// What it is, for a person.
    pub summary: &'static str,
}

/// What a path and a method lead to.
#[derive(Debug)]
pub enum Found<'a> {
    /// A route, and what stands in the path for its braces.
    Route(&'static Route, Option<&'a str>),
    /// The path is there, with these methods only.
    OtherMethods(Vec<&'static Route>),
    /// Nothing.
    Nothing,
}

/// Looks a request up.
pub fn find<'a>(method: &str, path: &'a str) -> Found<'a> {
    let at_path: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| Some((route, fits(route.path, path)?)))
        .collect();
    if let Some((route, place)) = at_path
        .iter()
        .find(|(route, _)| route.method.name() == method)
    {
        return Found::Route(route, *place);
    }
    match at_path.is_empty() {
        true => Found::Nothing,
        false => Found::OtherMethods(at_path.into_iter().map(|(route, _)| route).collect()),
    }
}

/// Whether a path is of this pattern, and what stands for the braces. `current` and the like are literal, so they are
/// never taken for something in braces: no two patterns of the table differ in that alone.
fn fits<'a>(pattern: &str, path: &'a str) -> Option<Option<&'a str>> {
    let mut place = None;
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') {
            place = Some(segment).filter(|segment| !segment.is_empty());
            place?;
        } else if expected != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(place)
}

/// A route with the common answers; what differs is put on it.
const fn route(
    method: Method,
    path: &'static str,
    action: Action,
    name: &'static str,
    summary: &'static str,
) -> Route {
    Route {
        method,
        path,
        action,
        name,
        summary,
        cross_origin: false,
        request: None,
        takes_file: false,
        status: 200,
        response: None,
        query: &[],
    }
}

impl Route {
    const fn takes(self, request: &'static str) -> Self {
        Self {
            request: Some(request),
            ..self
        }
    }

    const fn takes_file(self) -> Self {
        Self {
            takes_file: true,
            ..self
        }
    }

    const fn answers(self, status: u16, response: &'static str) -> Self {
        Self {
            status,
            response: Some(response),
            ..self
        }
    }

    const fn done(self) -> Self {
        Self {
            status: 204,
            ..self
        }
    }

    const fn socket(self) -> Self {
        Self {
            status: 101,
            ..self
        }
    }

    const fn asks(self, query: &'static [Query]) -> Self {
        Self { query, ..self }
    }

    const fn open_to_shops(self) -> Self {
        Self {
            cross_origin: true,
            ..self
        }
    }
}
