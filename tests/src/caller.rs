//! Any program that uses the HTTPS API: with an API key, with a visitor's token, or with nothing.

use std::fmt::Display;

use protocol::{
    api::{
        Address, Addresses, Conversations, Entries, KeyMade, NewKey, NewMessage, NewOperator,
        NewVisitor, Problem, SignIn, Stored, VisitorPass, WantedFiles,
    },
    conversation::Summary,
    entry::{Entry, OperatorCard},
    id::ConversationId,
    part::{File, Part, Parts},
};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Shop, eventually};

/// A program with its credential.
#[derive(Clone, Debug)]
pub struct Caller {
    http: Client,
    relay: String,
    bearer: Option<String>,
    origin: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Its content type.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl Caller {
    /// With an API key.
    pub fn with_key(relay: &str, key: &str) -> Self {
        Self {
            bearer: Some(key.into()),
            ..Self::nobody(relay)
        }
    }

    /// With nothing.
    pub fn nobody(relay: &str) -> Self {
        Self {
            http: http(),
            relay: relay.into(),
            bearer: None,
            origin: None,
        }
    }

    /// A new visitor of the shop, who speaks HTTPS alone.
    pub async fn visitor(shop: &Shop) -> (Self, VisitorPass) {
        let caller = Self::nobody(&shop.relay).from(&shop.storefront.origin());
        let new = NewVisitor {
            shop: shop.id.clone(),
            renewal: None,
        };
        let pass: VisitorPass = caller.post("/v1/visitors", &new).await.json();
        let bearer = Some(pass.token.clone());
        (Self { bearer, ..caller }, pass)
    }

    /// A second operator of the shop, with a program of their own.
    pub async fn colleague(shop: &Shop, name: &str) -> Self {
        let new = NewOperator {
            name: name.into(),
            email: format!("{}@{}.example", name.to_lowercase(), shop.id.as_str()),
            password: crate::shop::secret(),
        };
        let added = shop.caller().post("/v1/operators", &new).await;
        added.json::<OperatorCard>();
        let door = Self::nobody(&shop.relay);
        let sign_in = SignIn {
            shop: shop.id.clone(),
            email: new.email,
            password: new.password,
        };
        let knock = door.request(Method::POST, "/v1/sessions").json(&sign_in);
        let opened = knock.send().await.expect("the relay answers");
        let cookie = opened.headers().get("set-cookie").cloned();
        let cookie = cookie.expect("a session");
        let cookie = cookie.to_str().expect("text");
        let session = cookie.split(';').next().unwrap_or_default().to_owned();
        let key = NewKey { name: name.into() };
        let ask = door.request(Method::POST, "/v1/keys").json(&key);
        let ask = ask.header("cookie", session).header("x-commesso", "1");
        let made: KeyMade = door.send(ask).await.json();
        Self::with_key(&shop.relay, &made.key)
    }

    /// The same, from a page of this origin.
    pub fn from(self, origin: &str) -> Self {
        let origin = Some(origin.into());
        Self { origin, ..self }
    }

    /// The same with another credential.
    pub fn bearing(&self, token: &str) -> Self {
        Self {
            bearer: Some(token.into()),
            ..self.clone()
        }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Adds.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Sets.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// Any request to this relay with this credential.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.relay));
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer);
        }
        match &self.origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        }
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.expect("the relay answers");
        let content_type = answer.headers().get("content-type");
        Answer {
            status: answer.status(),
            content_type: content_type.map_or("", |t| t.to_str().unwrap_or("")).into(),
            body: answer.text().await.expect("a body"),
        }
    }

    /// Writes a message into a conversation (`latest` for an operator).
    pub async fn write(&self, conversation: impl Display, text: &str) -> Stored {
        let new = NewMessage {
            id: Some(crate::shop::message_id()),
            text: text.into(),
            parts: Parts::default(),
        };
        self.post(&format!("/v1/conversations/{conversation}/messages"), &new)
            .await
            .json()
    }

    /// Hands over a file, and shows it in a message without words.
    pub async fn show(&self, conversation: impl Display, name: &str, bytes: &'static [u8]) -> File {
        let path = format!("/v1/conversations/{conversation}/files?name={name}");
        let request = self.request(Method::POST, &path).body(bytes);
        let file: File = self.send(request).await.json();
        let message = NewMessage {
            id: None,
            text: String::new(),
            parts: vec![Part::File(file.clone())].into(),
        };
        let path = format!("/v1/conversations/{conversation}/messages");
        assert_eq!(self.post(&path, &message).await.status, 201);
        file
    }

    /// Where this file can be read.
    pub async fn address(&self, conversation: impl Display, file: &File) -> String {
        let wanted = WantedFiles {
            files: vec![file.id],
        };
        let path = format!("/v1/conversations/{conversation}/addresses");
        let found: Addresses = self.post(&path, &wanted).await.json();
        let [Address { path, .. }] = &found.addresses[..] else {
            panic!("one address: {found:?}")
        };
        path.clone()
    }

    /// The newest page of a transcript.
    pub async fn entries(&self, conversation: impl Display) -> Entries {
        self.get(&format!("/v1/conversations/{conversation}/entries"))
            .await
            .json()
    }

    /// The whole transcript, page by page.
    pub async fn transcript(&self, conversation: ConversationId) -> Vec<Entry> {
        let mut all: Vec<Entry> = vec![];
        loop {
            let after = all.last().map_or(0, |entry| entry.seq.0);
            let path = format!("/v1/conversations/{conversation}/entries?after={after}");
            let page: Entries = self.get(&path).await.json();
            all.extend(page.entries);
            if !page.more {
                return all;
            }
        }
    }

    /// The words of the whole transcript.
    pub async fn words(&self, conversation: ConversationId) -> Vec<String> {
        let entries = self.transcript(conversation).await;
        let texts = entries.iter().filter_map(|entry| entry.content.text());
        texts.map(str::to_owned).collect()
    }

    /// The list of open conversations.
    pub async fn open_conversations(&self) -> Vec<Summary> {
        let page: Conversations = self.get("/v1/conversations?status=open").await.json();
        page.conversations
    }

    /// The one conversation of a shop, as soon as its list shows `text` as the last words.
    pub async fn conversation_with(&self, text: &str) -> Summary {
        eventually(
            &format!("the list shows a conversation with {text:?}"),
            async || {
                let open = self.open_conversations().await;
                open.into_iter()
                    .find(|one| one.last.as_ref().is_some_and(|last| last.text == text))
            },
        )
        .await
    }
}

impl Answer {
    /// The body of an answer that says yes.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The problem of an answer that says no with this status: typed, and for people.
    pub fn problem(&self, status: u16) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.content_type, "application/problem+json");
        let problem: Problem = serde_json::from_str(&self.body).expect("a problem");
        assert_eq!(problem.status, status);
        assert!(problem.kind.starts_with("/problems/"), "{problem:?}");
        assert!(
            !problem.detail.is_empty() && !problem.id.is_empty(),
            "{problem:?}"
        );
        problem
    }
}

/// A client that goes straight to this machine.
pub fn http() -> Client {
    let client = Client::builder().no_proxy().build();
    client.expect("an HTTP client")
}
