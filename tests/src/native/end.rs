//! Whose end of a conversation it is: how its socket is asked for, and how a visitor's pass is renewed
//! (as `widget/src/api.rs` does it).

use std::{future::Future, pin::Pin, time::Duration};

use protocol::{
    api::{NewVisitor, VisitorPass},
    close::Comeback,
    id::{ConversationId, ShopId},
};
use reqwest::{Client, StatusCode};
use tokio_tungstenite::tungstenite::{client::IntoClientRequest, handshake::client::Request};

use crate::{Shop, peer};

/// A relay that stands still is asked again by the next attempt.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// A new pass, or whether to ask again.
pub(super) type Renewal = Pin<Box<dyn Future<Output = Result<Pass, Comeback>> + Send>>;

/// What a device keeps of a visitor's pass.
#[derive(Clone)]
pub(super) struct Pass {
    pub(super) token: String,
    renewal: String,
}

/// One end of a conversation.
#[derive(Clone, Debug)]
pub struct End {
    relay: String,
    path: String,
    who: Who,
}

#[derive(Clone, Debug)]
enum Who {
    /// A shopper on a page of this origin.
    Visitor {
        shop: ShopId,
        origin: String,
        http: Client,
    },
    /// A program with this key.
    Operator { key: String },
}

impl End {
    /// A new visitor's. Ends that share `http` share its connections.
    pub fn visitor(shop: &Shop, conversation: ConversationId, http: &Client) -> Self {
        Self {
            relay: shop.relay.clone(),
            path: peer::visitor_path(shop, conversation),
            who: Who::Visitor {
                shop: shop.id.clone(),
                origin: shop.storefront.origin(),
                http: http.clone(),
            },
        }
    }

    /// The operator's who made the shop. The visitor's was welcomed before: nobody else begins a conversation.
    pub fn operator(shop: &Shop, conversation: ConversationId) -> Self {
        Self {
            relay: shop.relay.clone(),
            path: format!("/v1/socket?conversation={conversation}"),
            who: Who::Operator {
                key: shop.made.key.clone(),
            },
        }
    }

    /// The same end, which reaches the relay at another address.
    pub fn by(self, address: &str) -> Self {
        let relay = address.into();
        Self { relay, ..self }
    }

    pub(super) fn needs_a_token(&self) -> bool {
        matches!(self.who, Who::Visitor { .. })
    }

    pub(super) fn port(&self) -> u16 {
        let port = self.relay.rsplit(':').next();
        let port = port.and_then(|port| port.parse().ok());
        port.expect("the relay's address names a port")
    }

    pub(super) fn request(&self) -> Request {
        let url = format!("{}{}", self.relay.replacen("http", "ws", 1), self.path);
        let mut request = url.into_client_request().expect("a URL");
        let (name, value) = match &self.who {
            Who::Visitor { origin, .. } => ("origin", origin.clone()),
            Who::Operator { key } => ("authorization", format!("Bearer {key}")),
        };
        let value = value.parse().expect("a header's value");
        request.headers_mut().insert(name, value);
        request
    }

    pub(super) fn renew(&self, known: Option<Pass>) -> Renewal {
        let Who::Visitor { shop, origin, http } = self.who.clone() else {
            return Box::pin(async { Err(Comeback::Never) });
        };
        let asking = Asking {
            url: format!("{}/v1/visitors", self.relay),
            shop,
            origin,
            http,
        };
        Box::pin(async move { asking.renew(known).await })
    }
}

struct Asking {
    url: String,
    shop: ShopId,
    origin: String,
    http: Client,
}

impl Asking {
    async fn renew(&self, known: Option<Pass>) -> Result<Pass, Comeback> {
        let renewal = known.map(|pass| pass.renewal);
        let renewing = renewal.is_some();
        let mut answer = self.ask(renewal).await;
        if renewing && matches!(answer, Err(Some(StatusCode::UNAUTHORIZED))) {
            // The relay does not know the renewal any more: this device is somebody new.
            answer = self.ask(None).await;
        }
        answer.map_err(|status| match status {
            Some(StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => Comeback::Never,
            Some(_) | None => Comeback::Later,
        })
    }

    /// A pass, or the status of the answer, if there was one.
    async fn ask(&self, renewal: Option<String>) -> Result<Pass, Option<StatusCode>> {
        let new = NewVisitor {
            shop: self.shop.clone(),
            renewal,
        };
        let request = self.http.post(&self.url).header("origin", &self.origin);
        let answer = request.timeout(ANSWER_WITHIN).json(&new).send().await;
        let answer = answer.map_err(|_| None)?;
        if !answer.status().is_success() {
            return Err(Some(answer.status()));
        }
        let pass: VisitorPass = answer.json().await.map_err(|_| None)?;
        Ok(Pass {
            token: pass.token,
            renewal: pass.renewal,
        })
    }
}
