//! Names of things. Each is its own type, so that one can never be handed over as another.
//!
//! Identifiers that a device mints are UUIDs of version 7: they sort by the time they were minted.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::time::Timestamp;

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier")
    }
}

impl core::error::Error for NotAnId {}

macro_rules! minted {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "UuidText"))]
        pub struct $name(Uuid);

        impl $name {
            /// Mints one from the time and ten random bytes (UUIDv7, RFC 9562).
            pub fn mint(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now.0, &random).into_uuid())
            }

            /// The sixteen bytes, as they are stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The identifier of these sixteen bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // The hyphenated form only: one identifier, one spelling.
                if text.len() != 36 {
                    return Err(NotAnId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(FromText(core::marker::PhantomData))
            }
        }
    )*};
}

minted! {
    /// An entry of a transcript, named by its author's device. It is idempotency key, outbox key, DOM key and primary key.
    MessageId;
    /// A conversation, named by the visitor's device.
    ConversationId;
    /// A file of a conversation, named by the device that hands it over.
    FileId;
    /// A visitor of one shop, named by the relay.
    VisitorId;
    /// An operator of one shop, named by the relay.
    OperatorId;
}

/// The form of a UUID on the wire, for the written description of the API.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(transparent, inline)]
struct UuidText(
    #[schemars(extend("format" = "uuid"))]
    #[allow(dead_code, reason = "only described, never built")]
    String,
);

/// A shop. Chosen when the shop is created, public (it stands in the script tag), and for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = "^[a-z0-9-]{1,40}$")))]
pub struct ShopId(String);

impl ShopId {
    /// The longest name: it is part of the names of objects and tokens.
    pub const LONGEST: usize = 40;

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ShopId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        let fits = (1..=Self::LONGEST).contains(&text.len());
        (fits && text.bytes().all(plain))
            .then(|| Self(text.into()))
            .ok_or(NotAnId)
    }
}

impl<'de> Deserialize<'de> for ShopId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(FromText(core::marker::PhantomData))
    }
}

/// One greeted or ungreeted socket of a conversation, named by the relay; it never leaves the relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionId(pub u32);

/// Reads anything that has a text form.
struct FromText<T>(core::marker::PhantomData<T>);

impl<T: FromStr<Err = NotAnId>> de::Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
