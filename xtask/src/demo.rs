//! The demo shop and its operator: created the first time, and told to the developer at every start.

use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::secrets::{self, ADMIN, Secrets};

const EMAIL: &str = "giulia@example.com";
const PASSWORD: &str = "COMMESSO_DEMO_PASSWORD";
const KEY: &str = "COMMESSO_DEMO_KEY";
const PORT: &str = "COMMESSO_DEMO_PORT";

/// Creates the demo shop if the relay does not have it yet.
pub(crate) fn create(port: u16, secrets: &mut Secrets) -> Result<()> {
    if secrets.get(PASSWORD).is_none() {
        // Long enough for nobody to guess, short enough to be typed on a phone.
        let password = secrets::random()?.chars().take(16).collect();
        secrets.set(PASSWORD, password)?;
    }
    let Some(answer) = post(port, secrets)? else {
        return Ok(());
    };
    let key = answer.get("key").and_then(Value::as_str).ok_or_else(|| {
        Failure::new("The relay created the demo shop but gave no API key: the answer to POST /v1/shops changed.")
    })?;
    secrets.set(KEY, key.to_owned())?;
    secrets.set(PORT, port.to_string())
}

/// The one request of this file. `None` means that the shop exists.
fn post(port: u16, secrets: &Secrets) -> Result<Option<Value>> {
    let body = json!({
        "id": "demo",
        "name": "Bottega Aroma",
        "origins": [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")],
        "color": "#7a3b1d",
        "greeting": {
            "en": "Hello! Ask us anything about coffee.",
            "it": "Ciao! Chiedici tutto sul caffè."
        },
        "languages": ["it", "en"],
        "hours": null,
        "owner": {
            "name": "Giulia",
            "email": EMAIL,
            "password": secrets.get(PASSWORD).unwrap_or_default()
        }
    });
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let mut answer = agent
        .post(format!("http://127.0.0.1:{port}/v1/shops"))
        .header("authorization", format!("Bearer {}", secrets.of(ADMIN)?))
        .header("content-type", "application/json")
        .send(body.to_string())
        .map_err(|error| Failure::new(format!("The relay did not answer when the demo shop was to be created ({error}): start again.")))?;
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    match answer.status().as_u16() {
        201 => serde_json::from_str(&text).map(Some).map_err(|error| {
            Failure::new(format!(
                "The relay's answer about the demo shop is not JSON ({error})."
            ))
        }),
        409 => Ok(None),
        status => Err(Failure::new(format!(
            "The relay refused to create the demo shop ({status}): {}",
            text.trim()
        ))),
    }
}

/// What a developer needs to see both ends of the chat.
pub(crate) fn welcome(port: u16, secrets: &Secrets) -> String {
    let base = format!("http://localhost:{port}");
    let mut text = format!(
        "\n  shop     {base}/\n  inbox    {base}/inbox?shop=demo\n  sign in  {EMAIL}  {}\n",
        secrets.get(PASSWORD).unwrap_or_default()
    );
    match secrets.get(KEY) {
        Some(key) => text.push_str(&format!(
            "\n  Write in the shop, then answer the latest conversation from a terminal:\n\n  \
             curl -X POST {base}/v1/conversations/latest/messages -H \"Authorization: Bearer {key}\" \
             -H \"content-type: application/json\" -d '{{\"text\":\"Buongiorno\"}}'\n"
        )),
        None => text.push_str(
            "\n  The demo shop was made with another secrets.env: remove the data folder to start over with a new key.\n",
        ),
    }
    if let Some(first) = secrets.get(PORT).filter(|first| *first != port.to_string()) {
        text.push_str(&format!(
            "\n  The demo shop was created for port {first} and refuses pages from port {port}: use that port, or another folder with --data.\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_welcome_tells_all_that_is_needed() {
        let data = std::env::temp_dir().join(format!("xtask-demo-{}", std::process::id()));
        let mut secrets = Secrets::open(&data);
        for (name, value) in [(PASSWORD, "secret-word"), (KEY, "ck_1"), (PORT, "8787")] {
            secrets.set(name, value.to_owned()).unwrap();
        }
        let same = welcome(8787, &secrets);
        let other = welcome(9000, &secrets);
        let _ = std::fs::remove_dir_all(&data);
        for part in [
            "http://localhost:8787/\n",
            "http://localhost:8787/inbox?shop=demo",
            "giulia@example.com  secret-word",
            "Authorization: Bearer ck_1",
            r#"-d '{"text":"Buongiorno"}'"#,
        ] {
            assert!(same.contains(part), "{part} is missing in {same}");
        }
        assert!(!same.contains("refuses"));
        assert!(other.contains("refuses pages from port 9000"));
    }
}
