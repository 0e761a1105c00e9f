//! The one table of the API: the router, the preflight answers, the written description, the page about it and the policy
//! test are made from it, so that a new route cannot forget one of them.

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

const NOTHING: &[Query] = &[];

const LIST: &[Query] = &[
    Query {
        name: "status",
        summary: "`open` or `resolved`; all when absent.",
    },
    Query {
        name: "assignee",
        summary: "`me`, `nobody` or an operator's id; all when absent.",
    },
    Query {
        name: "after",
        summary: "`next` of the page before.",
    },
    Query {
        name: "limit",
        summary: "Conversations per page, 1 to 100; 50 when absent.",
    },
];

const SPAN: &[Query] = &[
    Query {
        name: "after",
        summary: "A place: the entries right after it. Without `after` and `before`: the newest.",
    },
    Query {
        name: "before",
        summary: "A place: the entries right before it.",
    },
    Query {
        name: "epoch",
        summary: "The transcript's incarnation that the place belongs to; of another, reading starts over.",
    },
    Query {
        name: "wait",
        summary: "Seconds to wait for an entry when there is none, 25 at most; with `after` only.",
    },
];

const FILE: &[Query] = &[
    Query {
        name: "id",
        summary: "The file's id, minted by who hands it over (UUIDv7): the same again is kept once. Without it every request is a new file.",
    },
    Query {
        name: "name",
        summary: "What it is called. It is kept as one plain line that ends as what the file is.",
    },
];

const EXCHANGE: &[Query] = &[
    Query {
        name: "conversation",
        summary: "The conversation's id.",
    },
    Query {
        name: "wait",
        summary: "Seconds to wait for something to answer when there is nothing, 25 at most.",
    },
];

const SOCKET: &[Query] = &[
    Query {
        name: "conversation",
        summary: "The conversation's id.",
    },
    Query {
        name: "shop",
        summary: "A visitor's socket: the shop's id; the token comes in the first frame. Absent for operators.",
    },
];

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
        query: NOTHING,
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

/// Every route.
pub static ROUTES: [Route; 33] = [
    route(Method::Get, "/v1/health", Action::ReadHealth, "readHealth", "Whether the relay is up.")
        .answers(200, "Health"),
    route(Method::Get, "/v1/openapi.json", Action::ReadDescription, "readDescription", "This description.")
        .answers(200, "Description"),
    route(
        Method::Post,
        "/v1/shops",
        Action::CreateShop,
        "createShop",
        "Creates a shop with its first operator; with the admin secret.",
    )
    .takes("NewShop")
    .answers(201, "ShopMade"),
    route(
        Method::Post,
        "/v1/visitors",
        Action::AdmitVisitor,
        "admitVisitor",
        "Gives a shopper's device a pass: a new visitor, or the next token of one it was before.",
    )
    .takes("NewVisitor")
    .answers(200, "VisitorPass")
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/handovers",
        Action::HandOver,
        "handOver",
        "Gives a visitor a code with which another device goes on as them: once, for ten minutes.",
    )
    .takes("NewHandover")
    .answers(201, "Handover")
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/takeovers",
        Action::TakeOver,
        "takeOver",
        "Uses such a code up, and gives the other device a pass of the same visitor.",
    )
    .takes("NewTakeover")
    .answers(200, "Takeover")
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/sessions",
        Action::SignIn,
        "signIn",
        "Signs an operator in and sets the cookie of the session.",
    )
    .takes("SignIn")
    .answers(200, "Me"),
    route(
        Method::Delete,
        "/v1/sessions/current",
        Action::SignOut,
        "signOut",
        "Ends the session and closes its inboxes.",
    )
    .done(),
    route(Method::Get, "/v1/me", Action::ReadMe, "readMe", "Who is signed in.").answers(200, "Me"),
    route(Method::Get, "/v1/shop", Action::ReadShop, "readShop", "The shop and its settings.").answers(200, "Shop"),
    route(
        Method::Patch,
        "/v1/shop",
        Action::ChangeShop,
        "changeShop",
        "Changes settings; what is absent stays. Everywhere within a minute.",
    )
    .takes("ShopChange")
    .answers(200, "Shop"),
    route(
        Method::Get,
        "/v1/shop/sightings",
        Action::ReadSightings,
        "readSightings",
        "Where shoppers have opened the chat, to tell whether it works.",
    )
    .answers(200, "Sightings"),
    route(
        Method::Post,
        "/v1/shop/reindex",
        Action::Reindex,
        "reindex",
        "Asks every conversation again what the list is to show of it, in the background. Needed only where the list is wrong.",
    )
    .answers(202, "Reindexing"),
    route(
        Method::Get,
        "/v1/shop/reindex",
        Action::ReadReindexing,
        "readReindexing",
        "How far that is, and which conversations do not answer.",
    )
    .answers(200, "Reindexing"),
    route(Method::Get, "/v1/operators", Action::ListOperators, "listOperators", "The operators of the shop.")
        .answers(200, "Operators"),
    route(Method::Post, "/v1/operators", Action::AddOperator, "addOperator", "Adds an operator.")
        .takes("NewOperator")
        .answers(201, "OperatorCard"),
    route(Method::Get, "/v1/keys", Action::ListKeys, "listKeys", "The API keys of the shop.").answers(200, "Keys"),
    route(
        Method::Post,
        "/v1/keys",
        Action::MakeKey,
        "makeKey",
        "Makes an API key that acts as the operator who asks; it is shown this once.",
    )
    .takes("NewKey")
    .answers(201, "KeyMade"),
    route(
        Method::Delete,
        "/v1/keys/{id}",
        Action::DeleteKey,
        "deleteKey",
        "Deletes an API key and closes the inboxes it opened.",
    )
    .done(),
    route(
        Method::Get,
        "/v1/conversations",
        Action::ListConversations,
        "listConversations",
        "A page of the inbox, last changed first.",
    )
    .answers(200, "Conversations")
    .asks(LIST),
    route(
        Method::Get,
        "/v1/conversations/{id}",
        Action::ReadSummary,
        "readSummary",
        "A conversation as the inbox lists it. `latest` is the open one that changed last, here and below.",
    )
    .answers(200, "Summary"),
    route(
        Method::Get,
        "/v1/conversations/{id}/entries",
        Action::ReadEntries,
        "readEntries",
        "A page of the transcript, or a wait for what comes next.",
    )
    .answers(200, "Entries")
    .asks(SPAN)
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/conversations/{id}/messages",
        Action::SendMessage,
        "sendMessage",
        "Stores a message. The same id and words again are answered the same, and stored once.",
    )
    .takes("NewMessage")
    .answers(201, "Stored")
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/conversations/{id}/files",
        Action::HandOverFile,
        "handOverFile",
        "Keeps a picture or a PDF until a message shows it: put the answer into its parts, with `type` `file`, within a day.",
    )
    .takes_file()
    .answers(201, "File")
    .asks(FILE)
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/conversations/{id}/addresses",
        Action::FindFiles,
        "findFiles",
        "Where files of the conversation are read, for an hour at least.",
    )
    .takes("WantedFiles")
    .answers(200, "Addresses")
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/conversations/{id}/notes",
        Action::SendNote,
        "sendNote",
        "Stores a note that only operators see.",
    )
    .takes("NewNote")
    .answers(201, "Stored"),
    route(
        Method::Put,
        "/v1/conversations/{id}/assignee",
        Action::Assign,
        "assign",
        "Says who is to answer.",
    )
    .takes("NewAssignee")
    .answers(200, "Stored"),
    route(
        Method::Put,
        "/v1/conversations/{id}/status",
        Action::SetStatus,
        "setStatus",
        "Resolves a conversation or opens it again.",
    )
    .takes("NewStatus")
    .answers(200, "Stored"),
    route(
        Method::Post,
        "/v1/conversations/{id}/typing",
        Action::ShowTyping,
        "showTyping",
        "Shows that somebody types, or stopped.",
    )
    .takes("NewTyping")
    .done()
    .open_to_shops(),
    route(
        Method::Post,
        "/v1/conversations/{id}/receipts",
        Action::ShowReceipt,
        "showReceipt",
        "Says how far somebody has read.",
    )
    .takes("NewReceipt")
    .done()
    .open_to_shops(),
    route(
        Method::Get,
        "/v1/socket",
        Action::OpenConversation,
        "openConversation",
        "A WebSocket into a conversation.",
    )
    .asks(SOCKET)
    .socket(),
    route(
        Method::Post,
        "/v1/socket",
        Action::ExchangeFrames,
        "exchangeFrames",
        "Frames of the socket by request and answer, for networks that break sockets.",
    )
    .takes("Exchange")
    .answers(200, "Exchanged")
    .asks(EXCHANGE)
    .open_to_shops(),
    route(
        Method::Get,
        "/v1/inbox/socket",
        Action::OpenInbox,
        "openInbox",
        "A WebSocket with every change in the list of conversations.",
    )
    .socket(),
];
