//! Every route, and what may stand in its query.

use super::{Method, Query, Route, route};
use crate::policy::Action;

/// Every route.
pub static ROUTES: [Route; 40] = [
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
        Method::Get,
        "/v1/visitors/current/conversations",
        Action::ListOwn,
        "listOwn",
        "The conversations of the visitor who asks, last changed first.",
    )
    .answers(200, "OwnConversations")
    .open_to_shops(),
    route(
        Method::Put,
        "/v1/visitors/current/identity",
        Action::Prove,
        "prove",
        "Shows who the visitor who asks is, by what the shop's own server has signed.",
    )
    .takes("NewIdentity")
    .answers(200, "Person")
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
        Method::Get,
        "/v1/shop/identity",
        Action::ReadIdentity,
        "readIdentity",
        "Whether the shop's own server can prove who its visitors are.",
    )
    .answers(200, "Identity"),
    route(
        Method::Post,
        "/v1/shop/identity",
        Action::MakeIdentity,
        "makeIdentity",
        "Makes the secret with which the shop's own server signs, in place of the one before; it is shown this once.",
    )
    .answers(201, "IdentityMade"),
    route(
        Method::Put,
        "/v1/shop/identity",
        Action::KeepIdentity,
        "keepIdentity",
        "Takes a public key in place of the secret: the shop's own server signs with the private half, which nobody else has.",
    )
    .takes("NewIdentityKey")
    .answers(200, "Identity"),
    route(
        Method::Delete,
        "/v1/shop/identity",
        Action::EndIdentity,
        "endIdentity",
        "Ends that secret or key: nobody is proved any more. Who was, stays it.",
    )
    .done(),
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
        "/v1/conversations/{id}/others",
        Action::ListOthers,
        "listOthers",
        "The other conversations of the same visitor, and of the customer whom they were proved to be: ten of those that they opened last, last changed first.",
    )
    .answers(200, "Conversations"),
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
