//! An object as the others see it, and how a question gets there.
//!
//! In words by a method of the object, which costs the runtime less than half of a request. By a request where a socket or bytes
//! are asked for, and to an object of a release that has no such method.

use js_sys::Promise;
use protocol::relay::storage::Fault;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use worker::{Env, Headers, Method, Request, RequestInit, Response};

use super::{CONVERSATION, SHOP};

/// What the runtime says of an object whose class has no methods to call, or not this one; the first is a release's whose classes
/// do not derive from the runtime's.
const NO_SUCH_METHOD: [&str; 2] = ["does not support RPC", "does not implement the method"];

#[wasm_bindgen]
extern "C" {
    /// The methods that both kinds of objects have.
    type Methods;

    #[wasm_bindgen(method, catch)]
    fn ask(
        this: &Methods,
        question: &str,
        shop: Option<&str>,
        conversation: Option<&str>,
    ) -> Result<JsValue, JsValue>;
}

/// One object.
pub(super) struct Stub<'a> {
    env: &'a Env,
    binding: &'static str,
    name: String,
    /// Its shop and its own name, where it is a conversation: it cannot see them.
    named: Option<(&'a str, String)>,
}

impl<'a> Stub<'a> {
    pub(super) const fn new(
        env: &'a Env,
        binding: &'static str,
        name: String,
        named: Option<(&'a str, String)>,
    ) -> Self {
        Self {
            env,
            binding,
            name,
            named,
        }
    }

    /// Asks in words.
    pub(super) async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        question: &Q,
    ) -> Result<A, Fault> {
        let question = serde_json::to_string(question).map_err(|error| self.unanswered(&error))?;
        self.understood(match self.call(&question).await {
            Err(error) if has_no_such_method(&error.to_string()) => self.post(&question).await,
            answered => answered,
        })
    }

    /// Sends a request, with what it says of who asks: the caller vouches for these headers.
    pub(super) async fn fetch(
        &self,
        method: Method,
        headers: &[(&str, &str)],
        body: Option<JsValue>,
    ) -> worker::Result<Response> {
        let named = Headers::new();
        if let Some((shop, conversation)) = &self.named {
            named.set(SHOP, shop)?;
            named.set(CONVERSATION, conversation)?;
        }
        for (name, value) in headers {
            named.set(name, value)?;
        }
        let mut init = RequestInit::new();
        init.with_method(method).with_headers(named).with_body(body);
        let request = Request::new_with_init("http://object/", &init)?;
        self.found()?.fetch_with_request(request).await
    }

    /// What a request answered, as words.
    pub(super) async fn read(mut answer: Response) -> worker::Result<Option<String>> {
        match answer.status_code() {
            200 => answer.text().await.map(Some),
            _ => Ok(None),
        }
    }

    async fn call(&self, question: &str) -> worker::Result<Option<String>> {
        let methods: Methods = self.found()?.into_rpc();
        let (shop, conversation) = match &self.named {
            Some((shop, conversation)) => (Some(*shop), Some(conversation.as_str())),
            None => (None, None),
        };
        // What comes back can be awaited and is no promise.
        let answer = Promise::resolve(&methods.ask(question, shop, conversation)?);
        let answer = JsFuture::from(answer).await?;
        Ok(answer.as_string())
    }

    async fn post(&self, question: &str) -> worker::Result<Option<String>> {
        let body = Some(JsValue::from_str(question));
        Self::read(self.fetch(Method::Post, &[], body).await?).await
    }

    fn found(&self) -> worker::Result<worker::Stub> {
        self.env
            .durable_object(self.binding)?
            .get_by_name(&self.name)
    }

    /// What an answer says.
    pub(super) fn understood<A: DeserializeOwned>(
        &self,
        answer: worker::Result<Option<String>>,
    ) -> Result<A, Fault> {
        let answer = answer.map_err(|error| self.unanswered(&error))?;
        let answer = answer.ok_or_else(|| self.could_not())?;
        // The error's own words may quote what somebody wrote.
        serde_json::from_str(&answer).map_err(|error| {
            let error = error.classify();
            Fault(format!("{} answered {error:?} JSON", self.name))
        })
    }

    /// It said itself that it could not, and its log knows why.
    pub(super) fn could_not(&self) -> Fault {
        Fault(format!("{} could not answer", self.name))
    }

    pub(super) fn unanswered(&self, error: &dyn std::fmt::Display) -> Fault {
        Fault(format!("{} did not answer: {error}", self.name))
    }
}

/// Whether an object has not heard a question, since its release has no method for it.
fn has_no_such_method(error: &str) -> bool {
    NO_SUCH_METHOD.iter().any(|words| error.contains(words))
}
