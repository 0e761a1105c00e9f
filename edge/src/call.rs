//! What the Worker and its objects say to each other. Nothing from outside gets here as it is: every request to an object
//! is built from scratch, so that what it says of who asks cannot be forged.
//!
//! The names of objects are data for ever and carry nothing personal; `tests/names.rs` pins them.

use protocol::{
    api::{
        Conversations, Entries, Exchange, Exchanged, Key, Keys, Me, Operators, Reindexing, Shop,
        ShopChange, Sightings, Stored,
    },
    conversation::{Status, Summary},
    cursor::{Epoch, Seq},
    entry::OperatorCard,
    frame::{Refused, Span},
    id::{ConversationId, FileId, OperatorId, ShopId, VisitorId},
    message::Draft,
    outlook::{Floor, Outlook},
    part::File,
    relay::{Principal, file, storage::Fault},
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use worker::{Env, Headers, Method, Request, RequestInit, Response, wasm_bindgen::JsValue};

use crate::{
    auth::{Digest, Reference},
    error::Failure,
};

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

/// A file that a conversation is to keep; its bytes come with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileToKeep {
    /// Who hands it over.
    pub principal: Principal,
    /// What it is.
    pub file: File,
    /// Of its bytes.
    pub digest: file::Digest,
}

/// What a conversation is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is a request of protocol::relay::conversation"
)]
pub enum ToConversation {
    Send {
        principal: Principal,
        draft: Draft,
    },
    Entries {
        principal: Principal,
        epoch: Option<Epoch>,
        span: Span,
        wait_ms: u64,
    },
    Exchange {
        principal: Principal,
        asked: Exchange,
        wait_ms: u64,
    },
    Typing {
        principal: Principal,
        on: bool,
    },
    Receipt {
        principal: Principal,
        delivered: Seq,
        read: Seq,
    },
    Summary {
        principal: Principal,
    },
    Files {
        principal: Principal,
        files: Vec<FileId>,
    },
    /// Who has its address reads a file: its bytes, or `NotFound`.
    Bytes {
        file: FileId,
    },
    /// The shop asks what its list is to show: `Summary`, or `NotFound` where nobody wrote.
    Listed,
    /// The shop says who is on duty. The release before reads `duty` alone.
    Duty(Floor),
}

/// What a conversation answers, always with status 200: anything else is a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is an answer of protocol::relay::conversation"
)]
pub enum FromConversation {
    Stored(Stored),
    Entries(Entries),
    Exchanged(Exchanged),
    Summary(Summary),
    Handed(File),
    Files(Vec<File>),
    Done,
    NotFound,
    Refused(Refused),
}

/// An operator who is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// How they are shown.
    pub card: OperatorCard,
    /// Signs in with it; lower case.
    pub email: String,
    /// The password as it is kept.
    pub password: String,
}

/// An API key that is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyToKeep {
    /// Names it for deletion.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The operator it acts as.
    pub operator: OperatorId,
    /// How the shop knows it.
    pub digest: Digest,
}

/// Whose conversations a list is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Nobody's in particular.
    Nobody,
    /// This operator's.
    Operator(OperatorId),
}

/// What a shop is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time, on its way into JSON; it depends on the target"
)]
#[expect(missing_docs, reason = "fields are named after what they are of")]
pub enum ToShop {
    /// Begins it: `Done`, or `Taken`.
    Create {
        shop: Box<Shop>,
        owner: Account,
        key: KeyToKeep,
    },
    /// What shoppers see: `Front`.
    Front,
    /// The same for a visitor: `Front` or `TooMany`. The release before said the place alone, and only of new ones; it
    /// reads this, and counts who comes again as new.
    Admit {
        /// The address of a new one.
        place: Option<String>,
        /// The origin of the page they are on.
        #[serde(default)]
        page: Option<String>,
        /// Who says to have been here before: not counted.
        #[serde(default)]
        again: bool,
    },
    /// Another device is to go on as this visitor: `HandedOver`.
    HandOver {
        code: Digest,
        visitor: VisitorId,
        conversation: ConversationId,
    },
    /// Somebody tries a code, which counts: `TakenOver`, `NotFound` or `TooMany`.
    TakeOver {
        code: Digest,
        /// The address they come from.
        place: Option<String>,
    },
    /// Somebody tries to sign in, which counts: `Attempt` or `TooMany`.
    Attempt { email: String },
    /// The password was right: `Me`.
    SignIn {
        operator: OperatorId,
        session: Digest,
    },
    /// Whose this reference is: `Operator`.
    WhoIs { reference: Reference },
    /// Ends a session: `Done`.
    SignOut { session: Digest },
    /// Everything of an operator: `Me`.
    Me { operator: OperatorId },
    /// An operator's card: `Operator`.
    Card { operator: OperatorId },
    /// Where visitors were: `Sightings`.
    Sightings,
    /// Changes settings: `Shop`.
    Change { change: Box<ShopChange> },
    /// Lists operators: `Operators`.
    Operators,
    /// Adds one: `Operator` or `Taken`.
    AddOperator { account: Account },
    /// Lists API keys: `Keys`.
    Keys,
    /// Adds one: `Key`.
    AddKey { key: KeyToKeep },
    /// Deletes one: `Done`.
    DeleteKey { id: String },
    /// A page of the inbox: `Conversations`.
    List {
        status: Option<Status>,
        whose: Option<Whose>,
        after: Option<Place>,
        limit: usize,
    },
    /// Asks every conversation again what the list is to show: `Reindexing`.
    Reindex,
    /// How far that is: `Reindexing`.
    Reindexing,
    /// The open one that changed last: `Latest`.
    Latest,
    /// A conversation says what the list is to show, and whether it must be on the disk by the answer: `Floor`, or `Duty`. The first
    /// release said the summary alone and always meant it to be kept; it reads this, and is read.
    Project {
        #[serde(flatten)]
        summary: Summary,
        #[serde(default = "kept")]
        keep: bool,
        /// Whether the answer may be `Floor`, which the release before does not read.
        #[serde(default)]
        floor: bool,
    },
}

fn kept() -> bool {
    true
}

/// What a shop answers, always with status 200: anything else is a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the question says what each answers")]
pub enum FromShop {
    Done,
    NotFound,
    Taken,
    Front {
        shop: Box<Shop>,
        duty: Vec<OperatorCard>,
        #[serde(default)]
        outlook: Outlook,
    },
    HandedOver {
        ends_at: Timestamp,
    },
    TakenOver {
        visitor: VisitorId,
        conversation: ConversationId,
    },
    Attempt {
        operator: Option<OperatorId>,
        password: Option<String>,
    },
    TooMany {
        retry_after_ms: u64,
    },
    Me(Box<Me>),
    Shop(Box<Shop>),
    Sightings(Sightings),
    Operator(OperatorCard),
    Operators(Operators),
    Key(Key),
    Keys(Keys),
    Conversations(Conversations),
    Reindexing(Reindexing),
    Latest {
        conversation: Option<ConversationId>,
    },
    Duty(Vec<OperatorCard>),
    Floor(Floor),
}

impl FromShop {
    /// An answer to another question: a fault of ours.
    pub(crate) fn unexpected(self) -> Failure {
        Failure::fault("a shop answered another question")
    }
}

impl FromConversation {
    /// An answer to another question: a fault of ours.
    pub(crate) fn unexpected(self) -> Failure {
        Failure::fault("a conversation answered another question")
    }
}

/// A place in the inbox, last changed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the conversation there was changed.
    pub updated_at: u64,
    /// Which it is.
    pub id: ConversationId,
}

impl Place {
    /// The form in which clients hand it back.
    pub fn text(self) -> String {
        format!("{}.{}", self.updated_at, self.id)
    }

    /// Reads [`Place::text`].
    pub fn read(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        Some(Self {
            updated_at: updated_at.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}

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
