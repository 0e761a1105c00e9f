//! The description of the API (OpenAPI 3.1), made from the table of routes, the policy and the types.

use edge::{
    error::Kind,
    policy::{self, Action, Caller, Resource},
    route::{ROUTES, Route},
};
use protocol::{
    api,
    conversation::Summary,
    entry::OperatorCard,
    id::{OperatorId, ShopId, VisitorId},
    identity::Person,
    limits,
    part::File,
    relay::{Principal, file::Media},
    time::Timestamp,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The whole document.
pub(crate) fn of_routes() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for route in &ROUTES {
        let operation = operation(route, &mut generator);
        let at_path = paths.entry(route.path).or_insert_with(|| json!({}));
        at_path[route.method.name().to_lowercase()] = operation;
    }
    reference::<api::Problem>(&mut generator);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Commesso",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The relay's API: what a shopper's widget, an operator's inbox and any program of a shop use. \
                Bodies are JSON of at most 64 KiB, but for files. Fields that are not known are ignored, on both sides.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": { "Problem": problem() },
            "securitySchemes": {
                "adminSecret": {
                    "type": "http", "scheme": "bearer",
                    "description": "The secret that the relay was started with (COMMESSO_ADMIN_SECRET)."
                },
                "visitorToken": {
                    "type": "http", "scheme": "bearer",
                    "description": "A visitor's token, from `POST /v1/visitors`."
                },
                "apiKey": {
                    "type": "http", "scheme": "bearer",
                    "description": "An operator's API key (`ck_…`), from `POST /v1/keys`."
                },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-commesso",
                    "description": "An operator's session, from `POST /v1/sessions`. A change also needs the header `x-commesso: 1`."
                }
            }
        }
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.summary,
        "security": security(route.action),
        "parameters": parameters(route),
        "responses": { "default": { "$ref": "#/components/responses/Problem" } }
    });
    if let Some(name) = route.request {
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema(name, generator) } }
        });
    }
    if route.takes_file {
        let media = Media::ALL.map(|media| (media.name().to_owned(), json!({})));
        operation["requestBody"] = json!({
            "required": true,
            "description": format!("The file as it is, of at most {} bytes. What it is its own first bytes say.", limits::FILE_MAX),
            "content": Map::from_iter(media)
        });
    }
    let mut success = json!({ "description": success(route.status) });
    if let Some(name) = route.response {
        success["content"] = json!({ "application/json": { "schema": schema(name, generator) } });
    }
    operation["responses"][route.status.to_string()] = success;
    operation
}

fn success(status: u16) -> &'static str {
    match status {
        101 => "The socket is open.",
        201 => "Stored.",
        204 => "Done.",
        _ => "Here it is.",
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let place = route.path.contains("{id}").then(
        || json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }),
    );
    let query = route.query.iter().map(|query| {
        json!({ "name": query.name, "in": "query", "description": query.summary, "schema": { "type": "string" } })
    });
    place.into_iter().chain(query).collect()
}

/// Who may do this, asked of the policy itself.
fn security(action: Action) -> Vec<Value> {
    let shop: ShopId = "shop".parse().expect("a shop's id");
    let visitor = policy::visitor(shop.clone(), VisitorId::mint(Timestamp(0), [0; 10]));
    let card = OperatorCard {
        id: OperatorId::mint(Timestamp(0), [0; 10]),
        name: String::new(),
    };
    let operator = Caller::Member(Principal::Operator {
        shop: shop.clone(),
        card,
    });
    let of_shop = Resource::Of(&shop);
    if action == Action::OpenConversation {
        return vec![json!({}), json!({ "apiKey": [] }), json!({ "session": [] })];
    }
    let kinds = [
        (policy::is_public(action), json!({})),
        (
            policy::can(&Caller::Admin, action, Resource::Relay),
            json!({ "adminSecret": [] }),
        ),
        (
            policy::can(&visitor, action, of_shop),
            json!({ "visitorToken": [] }),
        ),
        (
            policy::can(&operator, action, of_shop),
            json!({ "apiKey": [] }),
        ),
        (
            policy::can(&operator, action, of_shop),
            json!({ "session": [] }),
        ),
    ];
    let public = policy::is_public(action);
    kinds
        .into_iter()
        .take(if public { 1 } else { 5 })
        .filter(|(may, _)| *may)
        .map(|(_, scheme)| scheme)
        .collect()
}

fn problem() -> Value {
    let types: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    json!({
        "description": "It was not done, and this is why (RFC 9457).",
        "content": { "application/problem+json": { "schema": {
            "allOf": [
                { "$ref": "#/components/schemas/Problem" },
                { "properties": { "type": { "examples": types } } }
            ]
        } } }
    })
}

/// The schema of a type of the table.
fn schema(name: &str, generator: &mut SchemaGenerator) -> Schema {
    match name {
        "Addresses" => reference::<api::Addresses>(generator),
        "Conversations" => reference::<api::Conversations>(generator),
        "Description" => {
            schemars::json_schema!({ "type": "object", "description": "An OpenAPI 3.1 document." })
        }
        "Entries" => reference::<api::Entries>(generator),
        "Exchange" => reference::<api::Exchange>(generator),
        "Exchanged" => reference::<api::Exchanged>(generator),
        "File" => reference::<File>(generator),
        "Health" => reference::<api::Health>(generator),
        "Identity" => reference::<api::Identity>(generator),
        "IdentityMade" => reference::<api::IdentityMade>(generator),
        "KeyMade" => reference::<api::KeyMade>(generator),
        "Keys" => reference::<api::Keys>(generator),
        "Me" => reference::<api::Me>(generator),
        "NewAssignee" => reference::<api::NewAssignee>(generator),
        "NewIdentityKey" => reference::<api::NewIdentityKey>(generator),
        "NewIdentity" => reference::<api::NewIdentity>(generator),
        "NewKey" => reference::<api::NewKey>(generator),
        "NewMessage" => reference::<api::NewMessage>(generator),
        "NewNote" => reference::<api::NewNote>(generator),
        "NewOperator" => reference::<api::NewOperator>(generator),
        "NewReceipt" => reference::<api::NewReceipt>(generator),
        "NewShop" => reference::<api::NewShop>(generator),
        "NewStatus" => reference::<api::NewStatus>(generator),
        "NewTyping" => reference::<api::NewTyping>(generator),
        "Handover" => reference::<api::Handover>(generator),
        "NewHandover" => reference::<api::NewHandover>(generator),
        "NewTakeover" => reference::<api::NewTakeover>(generator),
        "Person" => reference::<Person>(generator),
        "OwnConversations" => reference::<api::OwnConversations>(generator),
        "Takeover" => reference::<api::Takeover>(generator),
        "NewVisitor" => reference::<api::NewVisitor>(generator),
        "OperatorCard" => reference::<OperatorCard>(generator),
        "Operators" => reference::<api::Operators>(generator),
        "Sightings" => reference::<api::Sightings>(generator),
        "Reindexing" => reference::<api::Reindexing>(generator),
        "Shop" => reference::<api::Shop>(generator),
        "ShopChange" => reference::<api::ShopChange>(generator),
        "ShopMade" => reference::<api::ShopMade>(generator),
        "SignIn" => reference::<api::SignIn>(generator),
        "Stored" => reference::<api::Stored>(generator),
        "Summary" => reference::<Summary>(generator),
        "VisitorPass" => reference::<api::VisitorPass>(generator),
        "WantedFiles" => reference::<api::WantedFiles>(generator),
        other => panic!("{other} stands in the table of routes and is no type here"),
    }
}

fn reference<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
