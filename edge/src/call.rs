//! What the Worker and its objects say to each other. Nothing from outside gets here as it is: every request to an object
//! is built from scratch, so that what it says of who asks cannot be forged.
//!
//! The names of objects are data for ever and carry nothing personal; `tests/names.rs` pins them.

mod conversation;
mod shop;

pub use conversation::{FileToKeep, FromConversation, ToConversation};
pub use shop::{Account, FromShop, KeyToKeep, Place, ToShop, Whose};

use protocol::{
    entry::OperatorCard,
    id::{ConversationId, FileId, ShopId},
    part::File,
    relay::{Principal, storage::Fault},
};
use serde::{Serialize, de::DeserializeOwned};
use worker::{Env, Headers, Method, Request, RequestInit, Response, wasm_bindgen::JsValue};

use crate::auth::Reference;

/// The binding of conversations.
const CONVERSATIONS: &str = "CONVERSATION";

/// The binding of shops.
const SHOPS: &str = "SHOP";

/// Where an object finds who opens a socket, where the request proves an operator.
pub(crate) const PRINCIPAL: &str = "x-commesso-principal";

/// Where a conversation finds its shop.
pub(crate) const SHOP: &str = "x-commesso-shop";

/// Where a conversation finds its own name.
pub(crate) const CONVERSATION: &str = "x-commesso-conversation";

/// Where a shop finds by which reference an inbox was opened, so that it closes with it.
pub(crate) const BY_REFERENCE: &str = "x-commesso-reference";

/// Where a conversation finds what it is to keep, and says what it hands out.
pub(crate) const FILE: &str = "x-commesso-file";

/// The name of a shop's object.
pub fn name_of_shop(shop: &ShopId) -> String {
    format!("shop:{shop}")
}

/// The name of a conversation's object.
pub fn name_of_conversation(shop: &ShopId, conversation: ConversationId) -> String {
    format!("conversation:{shop}:{conversation}")
}

/// Asks a shop.
pub(crate) async fn shop(env: &Env, shop: &ShopId, question: &ToShop) -> Result<FromShop, Fault> {
    ask(env, SHOPS, &name_of_shop(shop), Headers::new(), question).await
}

/// Asks a conversation.
pub(crate) async fn conversation(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    question: &ToConversation,
) -> Result<FromConversation, Fault> {
    let name = name_of_conversation(shop, conversation);
    let headers = named(shop, conversation).map_err(|error| unanswered(&name, &error))?;
    ask(env, CONVERSATIONS, &name, headers, question).await
}

/// Hands a file over to a conversation.
pub(crate) async fn keep_file(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    file: &FileToKeep,
    bytes: &[u8],
) -> Result<FromConversation, Fault> {
    let name = name_of_conversation(shop, conversation);
    let sent = async {
        let headers = named(shop, conversation)?;
        headers.set(FILE, &ascii_json(file)?)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Put)
            .with_headers(headers)
            .with_body(Some(js_sys::Uint8Array::from(bytes).into()));
        fetch(env, CONVERSATIONS, &name, &init).await
    };
    let answer = sent.await.map_err(|error| unanswered(&name, &error))?;
    read(&name, answer).await
}

/// A file of a conversation with its bytes, as they come; nothing where it is not there.
pub(crate) async fn file(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    file: FileId,
) -> Result<Option<(File, Response)>, Fault> {
    let name = name_of_conversation(shop, conversation);
    let question = ToConversation::Bytes { file };
    let asked = async {
        let headers = named(shop, conversation)?;
        let answer = post(env, CONVERSATIONS, &name, headers, &question).await?;
        let file = answer.headers().get(FILE)?;
        let file: Option<File> = file.map(|file| serde_json::from_str(&file)).transpose()?;
        Ok::<_, worker::Error>((file, answer))
    };
    let (file, answer) = asked.await.map_err(|error| unanswered(&name, &error))?;
    match answer.status_code() {
        200 => Ok(file.map(|file| (file, answer))),
        status => Err(Fault(format!("{name} answered {status}"))),
    }
}

/// Opens a socket into a shop's inbox.
pub(crate) async fn open_inbox(
    env: &Env,
    operator: &OperatorCard,
    reference: &Reference,
) -> worker::Result<Response> {
    let headers = Headers::new();
    headers.set(PRINCIPAL, &ascii_json(operator)?)?;
    headers.set(BY_REFERENCE, &reference.digest.0)?;
    open(env, SHOPS, &name_of_shop(&reference.shop), headers).await
}

/// Opens a socket into a conversation; the principal is who the request itself proves.
pub(crate) async fn open_conversation(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    principal: Option<&Principal>,
) -> worker::Result<Response> {
    let headers = named(shop, conversation)?;
    if let Some(principal) = principal {
        headers.set(PRINCIPAL, &ascii_json(principal)?)?;
    }
    open(
        env,
        CONVERSATIONS,
        &name_of_conversation(shop, conversation),
        headers,
    )
    .await
}

/// A conversation cannot see its own name.
fn named(shop: &ShopId, conversation: ConversationId) -> worker::Result<Headers> {
    let headers = Headers::new();
    headers.set(SHOP, shop.as_str())?;
    headers.set(CONVERSATION, &conversation.to_string())?;
    Ok(headers)
}

async fn ask<Q: Serialize, A: DeserializeOwned>(
    env: &Env,
    binding: &str,
    name: &str,
    headers: Headers,
    question: &Q,
) -> Result<A, Fault> {
    let answer = post(env, binding, name, headers, question)
        .await
        .map_err(|error| unanswered(name, &error))?;
    read(name, answer).await
}

async fn post<Q: Serialize>(
    env: &Env,
    binding: &str,
    name: &str,
    headers: Headers,
    question: &Q,
) -> worker::Result<Response> {
    let body = serde_json::to_string(question)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(&body)));
    fetch(env, binding, name, &init).await
}

async fn read<A: DeserializeOwned>(name: &str, mut answer: Response) -> Result<A, Fault> {
    let status = answer.status_code();
    let text = answer
        .text()
        .await
        .map_err(|error| unanswered(name, &error))?;
    if status != 200 {
        return Err(Fault(format!("{name} answered {status}")));
    }
    // The error's own words may quote what somebody wrote.
    serde_json::from_str(&text)
        .map_err(|error| Fault(format!("{name} answered {:?} JSON", error.classify())))
}

async fn open(env: &Env, binding: &str, name: &str, headers: Headers) -> worker::Result<Response> {
    headers.set("upgrade", "websocket")?;
    let mut init = RequestInit::new();
    init.with_headers(headers);
    fetch(env, binding, name, &init).await
}

async fn fetch(
    env: &Env,
    binding: &str,
    name: &str,
    init: &RequestInit,
) -> worker::Result<Response> {
    let request = Request::new_with_init("http://object/", init)?;
    env.durable_object(binding)?
        .id_from_name(name)?
        .get_stub()?
        .fetch_with_request(request)
        .await
}

fn unanswered(name: &str, error: &worker::Error) -> Fault {
    Fault(format!("{name} did not answer: {error}"))
}

/// Headers are bytes of Latin-1 at best, and people have names.
pub(crate) fn ascii_json(value: &impl Serialize) -> worker::Result<String> {
    let text = serde_json::to_string(value)?;
    let mut ascii = String::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => ascii.push(char::from(byte)),
            Ok(_) | Err(_) => ascii.push_str(&format!("\\u{unit:04x}")),
        }
    }
    Ok(ascii)
}
