//! A merchant's shop on the relay, with its owner, an API key and a storefront of its own origin.

use std::{fs::File, io::Read, time::SystemTime};

use protocol::{
    api::{NewOperator, NewShop, ShopMade, Storefront as Front},
    id::{ConversationId, MessageId, ShopId},
    looks::Looks,
    time::Timestamp,
};

use crate::{Caller, Relay, Storefront, caller, storefront::NAME};

/// A shop that is known to the relay.
#[derive(Debug)]
pub struct Shop {
    /// Its id, as in the script tag.
    pub id: ShopId,
    /// The relay's address.
    pub relay: String,
    /// What the relay answered when it was made.
    pub made: ShopMade,
    /// Its owner, as they sign in.
    pub owner: NewOperator,
    /// The pages that carry its widget.
    pub storefront: Storefront,
}

impl Shop {
    /// Makes a shop of this id.
    pub async fn open(relay: &Relay, id: &str) -> Self {
        Self::open_at(relay, id, &relay.url()).await
    }

    /// Makes a shop whose pages look for the relay at this address. Programs know it by its own.
    pub async fn open_at(relay: &Relay, id: &str, address: &str) -> Self {
        let storefront = Storefront::open(address, id);
        let new = Self::proposal(id, &storefront.origin());
        Self::make(relay, new, storefront).await
    }

    /// Makes a shop of this id whose pages know the relay by a path of their own host alone.
    pub async fn open_above(relay: &Relay, id: &str) -> Self {
        let storefront = Storefront::open_above(&relay.url(), id);
        let new = Self::proposal(id, &storefront.origin());
        Self::make(relay, new, storefront).await
    }

    /// Makes a shop under a name of its own, and the relay under one below it.
    pub async fn open_named(relay: &Relay, id: &str) -> Self {
        let address = relay.url().replace("localhost", &format!("chat.{NAME}"));
        let storefront = Storefront::open_named(&address, id);
        let new = Self::proposal(id, &storefront.origin());
        Self::make(relay, new, storefront).await
    }

    /// Makes the shop of the demo page, which the relay itself serves.
    pub async fn demo(relay: &Relay) -> Self {
        let storefront = Storefront::open(&relay.url(), "demo");
        let mut new = Self::proposal("demo", &relay.url());
        new.shop.origins.push(storefront.origin());
        Self::make(relay, new, storefront).await
    }

    async fn make(relay: &Relay, new: NewShop, storefront: Storefront) -> Self {
        let answer = caller::http()
            .post(format!("{}/v1/shops", relay.url()))
            .bearer_auth(relay.admin())
            .json(&new)
            .send()
            .await
            .expect("the relay answers");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert_eq!(status, 201, "the shop was not made: {text}");
        Self {
            id: new.shop.front.id,
            relay: relay.url(),
            made: serde_json::from_str(&text).expect("a ShopMade"),
            owner: new.owner,
            storefront,
        }
    }

    /// What is asked of the relay for a shop of this id.
    pub fn proposal(id: &str, origin: &str) -> NewShop {
        let greeting = [
            ("en", "Hello. What are you looking for?"),
            ("it", "Ciao. Che cosa cerchi?"),
        ];
        let front = Front {
            id: id.parse().expect("a shop's id"),
            name: "Bottega Aroma".into(),
            color: "#7a3b1d".into(),
            greeting: greeting.map(|(a, b)| (a.into(), b.into())).into(),
            languages: vec!["en".into(), "it".into()],
            hours: None,
            form: None,
            looks: Looks::default(),
        };
        NewShop {
            shop: protocol::api::Shop {
                front,
                origins: vec![origin.into()],
            },
            owner: NewOperator {
                name: "Giulia".into(),
                email: format!("giulia@{id}.example"),
                password: secret(),
            },
        }
    }

    /// A program with the shop's API key.
    pub fn caller(&self) -> Caller {
        Caller::with_key(&self.relay, &self.made.key)
    }
}

/// The time on this machine's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_millis() as u64))
}

/// A new name for a message.
pub fn message_id() -> MessageId {
    MessageId::mint(now(), random())
}

/// A new name for a conversation.
pub fn conversation_id() -> ConversationId {
    ConversationId::mint(now(), random())
}

/// A short word that nobody else has.
pub fn word() -> String {
    format!("t-{}", hex(random::<6>()))
}

/// A secret of 256 bits.
pub fn secret() -> String {
    hex(random::<32>())
}

fn hex<const N: usize>(bytes: [u8; N]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let source = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    source.expect("there is a source of randomness");
    bytes
}
