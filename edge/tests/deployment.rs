//! What runs on one machine is what runs on Cloudflare: `workerd.capnp` and `wrangler.toml` say the same.

use std::collections::BTreeMap;

const WORKERD: &str = include_str!("../workerd.capnp");
const WRANGLER: &str = include_str!("../wrangler.toml");

/// The texts between `start` and the next `end`, for every `start`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start)
        .skip(1)
        .map(|rest| rest.split(end).next().unwrap())
        .collect()
}

fn wrangler() -> toml::Table {
    WRANGLER.parse().unwrap()
}

#[test]
fn both_have_the_same_compatibility_date() {
    let [date] = between(WORKERD, "compatibilityDate = \"", "\"")[..] else {
        panic!("one date")
    };
    assert_eq!(wrangler()["compatibility_date"].as_str(), Some(date));
    // From this date on the runtime answers close frames itself; the relay counts on it.
    assert!(date >= "2026-04-07");
}

#[test]
fn both_bind_the_same_objects() {
    let lines = between(WORKERD, "(name = \"", ")");
    let local: BTreeMap<&str, &str> = lines
        .iter()
        .filter_map(|line| {
            let [class] = between(line, "durableObjectNamespace = \"", "\"")[..] else {
                return None;
            };
            Some((line.split('"').next().unwrap(), class))
        })
        .collect();
    let wrangler = wrangler();
    let bindings = wrangler["durable_objects"]["bindings"].as_array().unwrap();
    let deployed: BTreeMap<&str, &str> = bindings
        .iter()
        .map(|b| {
            (
                b["name"].as_str().unwrap(),
                b["class_name"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(local, deployed);
    assert_eq!(local.len(), 2);
}

#[test]
fn every_object_has_sqlite_in_both() {
    let local: Vec<&str> = between(WORKERD, "(className = \"", "\"");
    assert_eq!(local.len(), WORKERD.matches("enableSql = true").count());
    let wrangler = wrangler();
    let classes = wrangler["migrations"].as_array().unwrap().iter();
    let classes = classes.flat_map(|migration| migration["new_sqlite_classes"].as_array().unwrap());
    let deployed: Vec<&str> = classes.map(|class| class.as_str().unwrap()).collect();
    assert_eq!(local, deployed);
}

#[test]
fn both_serve_the_site_under_the_same_name() {
    let wrangler = wrangler();
    let binding = wrangler["assets"]["binding"].as_str().unwrap();
    assert!(WORKERD.contains(&format!("(name = \"{binding}\", service = \"site\")")));
    // The relay decides headers and encodings in both places.
    assert_eq!(wrangler["assets"]["run_worker_first"].as_bool(), Some(true));
    assert_eq!(wrangler["assets"]["html_handling"].as_str(), Some("none"));
}

#[test]
fn both_load_the_same_modules() {
    let modules = between(WORKERD, "embed \"", "\"");
    assert_eq!(
        modules,
        ["entry.js", "build/index.js", "build/index_bg.wasm"]
    );
    let wrangler = wrangler();
    assert_eq!(wrangler["main"].as_str(), Some("entry.js"));
    let others = wrangler["rules"].as_array().unwrap().iter();
    let others: Vec<&str> = others
        .flat_map(|rule| rule["globs"].as_array().unwrap())
        .map(|glob| glob.as_str().unwrap())
        .collect();
    assert_eq!(others, ["build/*.js", "build/*.wasm"]);
    let rules = wrangler["rules"].as_array().unwrap();
    for kind in ["ESModule", "CompiledWasm", "Text", "Data"] {
        let of_kind = |rule: &&toml::Value| rule["type"].as_str() == Some(kind);
        let rule = rules.iter().find(of_kind).expect(kind);
        // Otherwise what wrangler takes by itself comes along.
        assert_eq!(rule["fallthrough"].as_bool(), Some(false), "{kind}");
    }
    assert_eq!(wrangler["no_bundle"].as_bool(), Some(true));
}

#[test]
fn every_secret_of_one_machine_is_named_for_the_other() {
    for secret in between(WORKERD, "fromEnvironment = \"", "\"") {
        assert!(
            WRANGLER.contains(secret),
            "wrangler.toml does not name {secret}"
        );
    }
}
