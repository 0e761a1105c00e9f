//! What the Worker and its objects say to each other. Nothing from outside gets here as it is: every request to an object
//! is built from scratch, so that what it says of who asks cannot be forged.
//!
//! The names of objects are data for ever and carry nothing personal; `tests/names.rs` pins them.

mod conversation;
mod shop;
mod stub;

pub use conversation::{FileToKeep, FromConversation, ToConversation};
pub use shop::{Account, FromShop, KeyToKeep, Place, ToShop, Whose};

use js_sys::Uint8Array;
use protocol::{
    entry::OperatorCard,
    id::{ConversationId, FileId, ShopId},
    part::File,
    relay::{Principal, storage::Fault},
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use worker::{Env, Method, Response};

use crate::auth::Reference;
use stub::Stub;

/// The binding of conversations.
const CONVERSATIONS: &str = "CONVERSATION";

/// The binding of shops.
const SHOPS: &str = "SHOP";

/// Asks for a socket.
pub(crate) const UPGRADE: &str = "upgrade";

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
    shop_of(env, shop).ask(question).await
}

/// Asks a conversation.
pub(crate) async fn conversation(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    question: &ToConversation,
) -> Result<FromConversation, Fault> {
    conversation_of(env, shop, conversation).ask(question).await
}

/// Hands a file over to a conversation.
pub(crate) async fn keep_file(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    file: &FileToKeep,
    bytes: &[u8],
) -> Result<FromConversation, Fault> {
    let stub = conversation_of(env, shop, conversation);
    let sent = async {
        let bytes = Uint8Array::from(bytes).into();
        let headers = [(FILE, &*ascii_json(file)?)];
        let answer = stub.fetch(Method::Put, &headers, Some(bytes)).await?;
        Stub::read(answer).await
    };
    stub.understood(sent.await)
}

/// A file of a conversation with its bytes, as they come; nothing where it is not there.
pub(crate) async fn file(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    file: FileId,
) -> Result<Option<(File, Response)>, Fault> {
    let stub = conversation_of(env, shop, conversation);
    let question = ToConversation::Bytes { file };
    let asked = async {
        let question = JsValue::from_str(&serde_json::to_string(&question)?);
        let answer = stub.fetch(Method::Post, &[], Some(question)).await?;
        let file = answer.headers().get(FILE)?;
        let file: Option<File> = file.map(|file| serde_json::from_str(&file)).transpose()?;
        Ok::<_, worker::Error>((file, answer))
    };
    let (file, answer) = asked.await.map_err(|error| stub.unanswered(&error))?;
    match answer.status_code() {
        200 => Ok(file.map(|file| (file, answer))),
        _ => Err(stub.could_not()),
    }
}

/// Opens a socket into a shop's inbox.
pub(crate) async fn open_inbox(
    env: &Env,
    operator: &OperatorCard,
    reference: &Reference,
) -> worker::Result<Response> {
    let headers = [
        (UPGRADE, "websocket"),
        (PRINCIPAL, &*ascii_json(operator)?),
        (BY_REFERENCE, &reference.digest.0),
    ];
    let stub = shop_of(env, &reference.shop);
    stub.fetch(Method::Get, &headers, None).await
}

/// Opens a socket into a conversation; the principal is who the request itself proves.
pub(crate) async fn open_conversation(
    env: &Env,
    shop: &ShopId,
    conversation: ConversationId,
    principal: Option<&Principal>,
) -> worker::Result<Response> {
    let principal = principal.map(ascii_json).transpose()?;
    let mut headers = vec![(UPGRADE, "websocket")];
    headers.extend(principal.as_deref().map(|principal| (PRINCIPAL, principal)));
    let stub = conversation_of(env, shop, conversation);
    stub.fetch(Method::Get, &headers, None).await
}

fn shop_of<'a>(env: &'a Env, shop: &ShopId) -> Stub<'a> {
    Stub::new(env, SHOPS, name_of_shop(shop), None)
}

fn conversation_of<'a>(env: &'a Env, shop: &'a ShopId, conversation: ConversationId) -> Stub<'a> {
    let named = Some((shop.as_str(), conversation.to_string()));
    Stub::new(
        env,
        CONVERSATIONS,
        name_of_conversation(shop, conversation),
        named,
    )
}

/// What an object is asked. The words of an error are its caller's to log, and serde's own may quote what somebody wrote.
pub(crate) fn question<Q: DeserializeOwned>(text: &str) -> worker::Result<Q> {
    serde_json::from_str(text)
        .map_err(|error| worker::Error::from(format!("a question of {:?} JSON", error.classify())))
}

/// Headers are bytes of Latin-1 at best, and people have names.
pub(crate) fn ascii_json(value: &impl Serialize) -> worker::Result<String> {
    let text = serde_json::to_string(value)?;
    if text.is_ascii() {
        return Ok(text);
    }
    let mut ascii = String::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => ascii.push(char::from(byte)),
            Ok(_) | Err(_) => ascii.push_str(&format!("\\u{unit:04x}")),
        }
    }
    Ok(ascii)
}
