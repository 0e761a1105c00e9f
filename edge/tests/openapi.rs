//! The written description of the API is what the table of routes and the types say. `UPDATE=1 cargo test -p edge --test
//! openapi` writes it anew.

#[path = "openapi/document.rs"]
mod document;
#[path = "openapi/page.rs"]
mod page;

use std::{env, fs, path::PathBuf};

use edge::route::ROUTES;
use serde_json::Value;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Writes the file when asked to; answers what is in it.
fn kept(name: &str, made: &str) -> String {
    if env::var_os("UPDATE").is_some() {
        fs::write(file(name), made).expect("the file can be written");
    }
    fs::read_to_string(file(name)).expect("the file is there")
}

const STALE: &str =
    "is not what the routes and types say: UPDATE=1 cargo test -p edge --test openapi";

#[test]
fn the_description_is_what_routes_and_types_say() {
    let made = document::of_routes();
    let text = serde_json::to_string_pretty(&made).expect("it is JSON") + "\n";
    // Compared as values: the order of fields depends on what else is built.
    let kept: Value =
        serde_json::from_str(&kept("openapi.json", &text)).expect("openapi.json is JSON");
    assert!(kept == made, "openapi.json {STALE}");
}

#[test]
fn the_page_is_what_the_description_says() {
    let made = page::of_document(&document::of_routes());
    assert!(kept("docs.html", &made) == made, "docs.html {STALE}");
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(
                    fields
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document::of_routes();
    let mut found = vec![];
    references(&document, &mut found);
    assert!(
        found.len() > ROUTES.len(),
        "bodies are described by reference"
    );
    for reference in found {
        let place = reference
            .strip_prefix('#')
            .expect("references stay in the document");
        assert!(
            document.pointer(place).is_some(),
            "{reference} leads nowhere"
        );
    }
}

#[test]
fn every_route_is_described() {
    let document = document::of_routes();
    for route in &ROUTES {
        let operation = &document["paths"][route.path][route.method.name().to_lowercase()];
        assert_eq!(
            operation["operationId"],
            route.name,
            "{} {}",
            route.method.name(),
            route.path
        );
        assert!(
            operation["responses"]
                .get(route.status.to_string())
                .is_some(),
            "{}",
            route.name
        );
    }
}
