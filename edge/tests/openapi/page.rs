//! The description as a page to read: one file, no script, nothing from elsewhere.

use std::fmt::Write as _;

use edge::{error::Kind, route::ROUTES};
use serde_json::{Map, Value};

const HEAD: &str = include_str!("head.html");

/// The whole page.
pub(crate) fn of_document(document: &Value) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("<nav><h2>Routes</h2><ul>");
    for route in &ROUTES {
        let (method, path) = (route.method.name(), escape(route.path));
        let _ = writeln!(
            page,
            "<li><a href=\"#{}\"><b>{method}</b> {path}</a></li>",
            route.name
        );
    }
    page.push_str("<li><a href=\"#problems\">Problems</a></li><li><a href=\"#types\">Types</a></li></ul></nav>\n<main>\n");
    page.push_str(INTRODUCTION);
    for route in &ROUTES {
        let operation = &document["paths"][route.path][route.method.name().to_lowercase()];
        let (method, path) = (route.method.name(), escape(route.path));
        let _ = writeln!(
            page,
            "<section id=\"{}\">\n<h2><b>{method}</b> {path}</h2>",
            route.name
        );
        let _ = writeln!(page, "<p>{}</p>\n<dl>", text(route.summary));
        let _ = writeln!(page, "<dt>Who</dt><dd>{}</dd>", who(&operation["security"]));
        for query in route.query {
            let _ = writeln!(
                page,
                "<dt><code>?{}</code></dt><dd>{}</dd>",
                query.name,
                text(query.summary)
            );
        }
        if let Some(body) = route.request {
            let _ = writeln!(page, "<dt>Body</dt><dd>{}</dd>", link(body));
        }
        if route.takes_file {
            let said = operation["requestBody"]["description"].as_str();
            let _ = writeln!(
                page,
                "<dt>Body</dt><dd>{}</dd>",
                text(said.unwrap_or_default())
            );
        }
        let answer = match route.response {
            Some("Description") | None => String::new(),
            Some(answer) => link(answer),
        };
        let _ = writeln!(
            page,
            "<dt>Answer</dt><dd><code>{}</code> {answer}</dd>\n</dl>\n</section>",
            route.status
        );
    }
    problems(&mut page);
    page.push_str("<h2 id=\"types\">Types</h2>\n");
    if let Some(schemas) = document["components"]["schemas"].as_object() {
        let mut names: Vec<_> = schemas.keys().collect();
        names.sort();
        for name in names {
            describe(&mut page, name, &schemas[name]);
        }
    }
    page.push_str("</main>\n</html>\n");
    page
}

const INTRODUCTION: &str = "\
<h1>Commesso: the API</h1>
<p>Everything the widget and the inbox do, any program can do: this is all there is. The same as
<a href=\"/v1/openapi.json\">OpenAPI 3.1</a>.</p>
<p>Answer the open conversation that changed last:</p>
<pre>curl -X POST https://your-relay/v1/conversations/latest/messages \\
  -H 'Authorization: Bearer ck_…' -H 'content-type: application/json' \\
  -d '{\"text\": \"Good morning! How can I help?\"}'</pre>
<p>Times are milliseconds since 1970-01-01T00:00Z. Identifiers are UUIDs. A message's <code>id</code> is minted by its
author (UUIDv7): sending it again is safe, and answered the same. Follow a conversation without a socket by asking for its
entries with <code>after</code>, <code>epoch</code> and <code>wait</code>, each taken from the <code>cursor</code> before.</p>
<p>Sockets speak JSON texts, one frame each: first a <code>hello</code> from the client, then a <code>welcome</code>. The
bare text <code>ping</code> is answered <code>pong</code>. The frames are described in <code>protocol/SPEC.md</code>.</p>
";

fn problems(page: &mut String) {
    page.push_str(
        "<section id=\"problems\">\n<h2>Problems</h2>\n<p>Whatever was not done is answered by a ",
    );
    page.push_str(&link("Problem"));
    page.push_str(" whose <code>type</code> never changes its meaning.</p>\n<table>\n");
    for kind in Kind::ALL {
        let (name, status, title) = (kind.name(), kind.status(), escape(kind.title()));
        let _ = writeln!(
            page,
            "<tr><td><code>{name}</code></td><td>{status}</td><td>{title}</td></tr>"
        );
    }
    page.push_str("</table>\n</section>\n");
}

fn who(security: &Value) -> String {
    let schemes: Vec<&Map<String, Value>> = security
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    let name = |scheme: &&Map<String, Value>| match scheme.keys().next().map(String::as_str) {
        None => "anybody",
        Some("adminSecret") => "who runs the relay, by the admin secret",
        Some("visitorToken") => "visitors, by their token",
        Some("apiKey") => "operators, by an API key",
        Some("session") => "operators, by their session",
        Some(other) => panic!("{other} is no scheme of the description"),
    };
    schemes.iter().map(name).collect::<Vec<_>>().join("; ")
}

fn describe(page: &mut String, name: &str, schema: &Value) {
    let _ = writeln!(page, "<section id=\"type-{name}\">\n<h3>{name}</h3>");
    if let Some(said) = schema["description"].as_str() {
        let _ = writeln!(page, "<p>{}</p>", text(said));
    }
    fields(page, schema);
    for variant in ["oneOf", "anyOf"]
        .iter()
        .filter_map(|list| schema[*list].as_array())
        .flatten()
    {
        let said = variant["description"].as_str().unwrap_or_default();
        let _ = writeln!(page, "<p class=\"or\">{} {}</p>", kind(variant), text(said));
        fields(page, variant);
    }
    if schema.get("properties").is_none()
        && schema.get("oneOf").is_none()
        && schema.get("anyOf").is_none()
    {
        let _ = writeln!(page, "<p>{}</p>", kind(schema));
    }
    page.push_str("</section>\n");
}

fn fields(page: &mut String, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    page.push_str("<table>\n");
    let mut names: Vec<_> = properties.keys().collect();
    names.sort_by_key(|name| (!required.contains(&name.as_str()), name.as_str()));
    for name in names {
        let field = &properties[name];
        let optional = if required.contains(&name.as_str()) {
            ""
        } else {
            " <i>optional</i>"
        };
        let said = text(field["description"].as_str().unwrap_or_default());
        let _ = writeln!(
            page,
            "<tr><td><code>{}</code>{optional}</td><td>{}</td><td>{said}</td></tr>",
            escape(name),
            kind(field)
        );
    }
    page.push_str("</table>\n");
}

/// What a schema is, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        return link(name);
    }
    if let Some(one) = schema.get("const") {
        return format!("<code>{}</code>", escape(&one.to_string()));
    }
    if let Some(values) = schema["enum"].as_array() {
        return values
            .iter()
            .map(|value| format!("<code>{}</code>", escape(&value.to_string())))
            .collect::<Vec<_>>()
            .join(" or ");
    }
    for list in ["anyOf", "oneOf", "allOf"] {
        if let Some(kinds) = schema[list].as_array() {
            return kinds.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(one) => named(one, schema),
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .map(|one| named(one, schema))
            .collect::<Vec<_>>()
            .join(" or "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "anything".into(),
    }
}

fn named(name: &str, schema: &Value) -> String {
    match name {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("{} by name", kind(&schema["additionalProperties"]))
        }
        "string" => schema["format"].as_str().unwrap_or("text").to_owned(),
        "integer" => "number".into(),
        other => other.to_owned(),
    }
}

fn link(name: &str) -> String {
    format!("<a href=\"#type-{name}\">{name}</a>")
}

/// Text with `code` in it; links of the documentation's own become their names.
fn text(said: &str) -> String {
    let mut html = String::new();
    for (place, part) in said
        .replace("[`", "`")
        .replace("`]", "`")
        .split('`')
        .enumerate()
    {
        match place % 2 {
            0 => html.push_str(&escape(part)),
            _ => {
                let _ = write!(html, "<code>{}</code>", escape(part));
            }
        }
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
