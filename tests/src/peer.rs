//! A program that speaks the wire from outside: a visitor's end, an operator's end or an inbox, frame by frame.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::{
    api::VisitorPass,
    cursor::Cursor,
    entry::{Content, Entry},
    frame::{ClientFrame, Hello, History, InboxClientFrame, Refused, ServerFrame, Welcome},
    id::{ConversationId, MessageId},
    message::Draft,
    version::VersionRange,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

use crate::{Caller, Shop, patience::PATIENCE, shop};

/// One end of a socket to the relay.
#[derive(Debug)]
pub struct Peer {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: usize,
}

/// What the relay says to a request for a socket that it does not open.
pub type Refusal = Response<Option<Vec<u8>>>;

impl Peer {
    /// A new visitor of the shop in a new conversation, welcomed.
    pub async fn visitor(shop: &Shop) -> (Self, ConversationId, VisitorPass) {
        let (_, pass) = Caller::visitor(shop).await;
        let conversation = shop::conversation_id();
        let peer = Self::visitor_again(shop, conversation, &pass, None).await.0;
        (peer, conversation, pass)
    }

    /// The same visitor on a new socket, with what they had read; what they had missed comes with it.
    pub async fn visitor_again(
        shop: &Shop,
        conversation: ConversationId,
        pass: &VisitorPass,
        cursor: Option<Cursor>,
    ) -> (Self, Welcome, History) {
        let mut peer = Self::ungreeted(shop, conversation).await;
        peer.tell(&hello(Some(&pass.token), cursor)).await;
        let (welcome, history) = peer.welcomed().await;
        (peer, welcome, history)
    }

    /// A visitor's socket before the hello.
    pub async fn ungreeted(shop: &Shop, conversation: ConversationId) -> Self {
        let path = visitor_path(shop, conversation);
        let origin = shop.storefront.origin();
        let opened = Self::open(&shop.relay, &path, Some(&origin), None).await;
        opened.expect("the relay opens the socket")
    }

    /// An operator's program in a conversation, welcomed.
    pub async fn operator(shop: &Shop, conversation: ConversationId) -> Self {
        let path = format!("/v1/socket?conversation={conversation}");
        let opened = Self::open(&shop.relay, &path, None, Some(&shop.made.key)).await;
        let mut peer = opened.expect("the relay opens the socket");
        peer.tell(&hello(None, None)).await;
        peer.welcomed().await;
        peer
    }

    /// A program that watches the shop's inbox; the welcome is still to be heard.
    pub async fn inbox(shop: &Shop) -> Self {
        let key = Some(shop.made.key.as_str());
        let opened = Self::open(&shop.relay, "/v1/inbox/socket", None, key).await;
        let mut peer = opened.expect("the relay opens the socket");
        let version = VersionRange::OURS;
        peer.tell(&InboxClientFrame::Hello { version }).await;
        peer
    }

    /// A socket, or how the relay refuses it.
    pub async fn open(
        relay: &str,
        path: &str,
        origin: Option<&str>,
        key: Option<&str>,
    ) -> Result<Self, Box<Refusal>> {
        let url = format!("{}{path}", relay.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a URL");
        let bearer = key.map(|key| format!("Bearer {key}"));
        let headers = [("origin", origin), ("authorization", bearer.as_deref())];
        for (name, value) in headers {
            if let Some(value) = value {
                let value = value.parse().expect("a header's value");
                request.headers_mut().insert(name, value);
            }
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self { socket, heard: 0 }),
            Err(Error::Http(refusal)) => Err(refusal),
            Err(error) => panic!("the relay is not to be reached: {error}"),
        }
    }

    /// Says a frame.
    pub async fn tell(&mut self, frame: &impl Serialize) {
        let text = serde_json::to_string(frame).expect("a frame is JSON");
        self.tell_raw(&text).await;
    }

    /// Says anything.
    pub async fn tell_raw(&mut self, text: &str) {
        let sent = self.socket.send(Message::text(text)).await;
        sent.expect("the socket is open");
    }

    /// Sends words, without waiting for the confirmation.
    pub async fn say(&mut self, text: &str) -> MessageId {
        let id = shop::message_id();
        self.tell(&message(id, text)).await;
        id
    }

    /// Sends words and waits until they are stored.
    pub async fn say_for_sure(&mut self, text: &str) -> Entry {
        let id = self.say(text).await;
        self.hear_entry(&format!("{text:?} is confirmed"), |entry| entry.id == id)
            .await
    }

    /// The next frame that is what one listens for; others are passed over.
    pub async fn hear<F: DeserializeOwned, T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(F) -> Option<T>,
    ) -> T {
        let listen = async {
            loop {
                let text = self.next_text(what).await;
                if let Some(heard) = serde_json::from_str(&text).ok().and_then(&mut wanted) {
                    return heard;
                }
            }
        };
        let heard = timeout(PATIENCE, listen).await;
        heard.unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain: {what}"))
    }

    /// The next entry like this.
    pub async fn hear_entry(&mut self, what: &str, like: impl Fn(&Entry) -> bool) -> Entry {
        let entry = |frame| entry_of(frame).filter(&like);
        self.hear(what, entry).await
    }

    /// The next entry with these words.
    pub async fn hear_words(&mut self, text: &str) -> Entry {
        let said = |entry: &Entry| entry.content.text() == Some(text);
        self.hear_entry(&format!("{text:?} arrives"), said).await
    }

    /// Everything that comes until a `pong`: what the relay had to say before it.
    pub async fn all_until_pong(&mut self) -> Vec<ServerFrame> {
        self.tell_raw("ping").await;
        let mut all = vec![];
        loop {
            let next = timeout(PATIENCE, self.next_text("a pong")).await;
            match next.expect("a pong comes in time").as_str() {
                "pong" => return all,
                text => all.push(serde_json::from_str(text).expect("a frame")),
            }
        }
    }

    /// Everything that still comes until the socket breaks.
    pub async fn last_words(mut self) -> Vec<ServerFrame> {
        let listen = async {
            let mut all = vec![];
            while let Some(Ok(message)) = self.socket.next().await {
                if let Message::Text(text) = message {
                    all.extend(serde_json::from_str::<ServerFrame>(&text).ok());
                }
            }
            all
        };
        let all = timeout(PATIENCE, listen).await;
        all.expect("the socket breaks in time")
    }

    /// The next refusal.
    pub async fn refused(&mut self, what: &str) -> Refused {
        let refused = |frame| {
            let ServerFrame::Refused(refused) = frame else {
                return None;
            };
            Some(refused)
        };
        self.hear(what, refused).await
    }

    /// The code with which the relay closes the socket.
    pub async fn closed(&mut self) -> u16 {
        let listen = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Close(frame))) => {
                        return frame.map_or(1005, |f| f.code.into());
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return 1006,
                }
            }
        };
        let code = timeout(PATIENCE, listen).await;
        code.expect("the relay closes the socket in time")
    }

    /// Whether nothing but silence comes for so long. For hibernation, which is silence by definition.
    pub async fn is_left_alone(&mut self, long: Duration) -> bool {
        timeout(long, self.socket.next()).await.is_err()
    }

    /// The welcome, and what was missed.
    pub async fn welcomed(&mut self) -> (Welcome, History) {
        let welcome = |frame| {
            let ServerFrame::Welcome(welcome) = frame else {
                return None;
            };
            Some(welcome)
        };
        let welcome = self.hear("a welcome", welcome).await;
        let history = |frame| {
            let ServerFrame::History(history) = frame else {
                return None;
            };
            Some(history)
        };
        (welcome, self.hear("what was missed", history).await)
    }

    /// Bytes of all texts that were heard up to now.
    pub fn heard_bytes(&self) -> usize {
        self.heard
    }

    async fn next_text(&mut self, what: &str) -> String {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    self.heard += text.len();
                    return text.as_str().to_owned();
                }
                Some(Ok(Message::Close(frame))) => panic!("closed ({frame:?}) before: {what}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("the socket broke ({error}) before: {what}"),
                None => panic!("the socket ended before: {what}"),
            }
        }
    }
}

/// The address of a visitor's socket. The token is never part of it.
pub fn visitor_path(shop: &Shop, conversation: ConversationId) -> String {
    format!(
        "/v1/socket?conversation={conversation}&shop={}",
        shop.id.as_str()
    )
}

/// The first frame.
pub fn hello(token: Option<&str>, cursor: Option<Cursor>) -> ClientFrame {
    ClientFrame::Hello(Hello {
        version: VersionRange::OURS,
        token: token.map(str::to_owned),
        cursor,
        page: None,
    })
}

/// A message to be stored.
pub fn message(id: MessageId, text: &str) -> ClientFrame {
    let content = Content::words(text);
    ClientFrame::Send(Draft { id, content })
}

/// The entry of a frame that tells one.
pub fn entry_of(frame: ServerFrame) -> Option<Entry> {
    let ServerFrame::Entry { entry, .. } = frame else {
        return None;
    };
    Some(entry)
}
