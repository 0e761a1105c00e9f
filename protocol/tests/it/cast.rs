//! Who plays in the tests: one shop, its visitor, two operators, and what they write.

use protocol::{
    entry::{Content, OperatorCard},
    id::{ConversationId, MessageId, OperatorId, ShopId, VisitorId},
    message::Draft,
    relay::Principal,
    time::Timestamp,
};

/// When every story begins: a usual day, so that a clock can also be set back.
pub const START: Timestamp = Timestamp(1_760_000_000_000);

pub fn shop() -> ShopId {
    "demo".parse().unwrap()
}

pub fn conversation() -> ConversationId {
    ConversationId::mint(START, [1; 10])
}

pub fn visitor() -> Principal {
    Principal::Visitor {
        shop: shop(),
        visitor: VisitorId::mint(START, [2; 10]),
    }
}

pub fn stranger() -> Principal {
    Principal::Visitor {
        shop: shop(),
        visitor: VisitorId::mint(START, [3; 10]),
    }
}

pub fn giulia() -> OperatorCard {
    OperatorCard {
        id: OperatorId::mint(START, [4; 10]),
        name: "Giulia".into(),
    }
}

pub fn marco() -> OperatorCard {
    OperatorCard {
        id: OperatorId::mint(START, [5; 10]),
        name: "Marco".into(),
    }
}

pub fn operator(card: OperatorCard) -> Principal {
    Principal::Operator { shop: shop(), card }
}

/// The `n`th message of a story.
pub fn name(n: u64) -> MessageId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    MessageId::mint(Timestamp(START.0 + n), random)
}

pub fn message(text: impl Into<String>) -> Content {
    Content::words(text)
}

pub fn note(text: impl Into<String>) -> Content {
    Content::Note { text: text.into() }
}

pub fn draft(n: u64) -> Draft {
    Draft {
        id: name(n),
        content: message(format!("words {n}")),
    }
}
