//! One conversation with both its ends, on the relay or on its twin: what is sent is counted on both sides.

use std::time::Instant;

use protocol::{entry::Entry, frame::ServerFrame, id::MessageId};
use tests::{
    Peer, Shop,
    peer::{hello, message},
    shop,
};

/// As long as a shopper's sentence.
const WORDS: &str = "Is the moka for three cups in stock, and can you send it to Caserta by Friday? Thank you so much, ciao.";

/// Both ends of one conversation.
pub(crate) struct Line {
    visitor: Peer,
    operator: Peer,
    /// The last place that the ends heard of.
    head: u64,
}

/// Who writes.
#[derive(Clone, Copy)]
pub(crate) enum Writer {
    Visitor,
    Operator,
}

impl Writer {
    /// Every second message is an answer.
    pub(crate) fn of_turn(turn: usize) -> Self {
        if turn.is_multiple_of(2) {
            Self::Visitor
        } else {
            Self::Operator
        }
    }
}

impl Line {
    pub(crate) async fn on_relay(shop: &Shop) -> Self {
        let (visitor, conversation, _) = Peer::visitor(shop).await;
        let operator = Peer::operator(shop, conversation).await;
        Self::of(visitor, operator)
    }

    /// `more` of the address says what else it is to do.
    pub(crate) async fn on_twin(url: &str, more: &str) -> Self {
        let conversation = shop::conversation_id();
        let path = format!("/v1/socket?conversation={conversation}{more}");
        let greet = async |token| {
            let opened = Peer::open(url, &path, None, None).await;
            let mut peer = opened.expect("the twin opens the socket");
            peer.tell(&hello(token, None)).await;
            peer.welcomed().await;
            peer
        };
        let visitor = greet(Some("visitor")).await;
        Self::of(visitor, greet(None).await)
    }

    fn of(visitor: Peer, operator: Peer) -> Self {
        Self {
            visitor,
            operator,
            head: 0,
        }
    }

    /// Microseconds from the writer's socket to the other one. It is over when both ends have heard of it.
    pub(crate) async fn send(&mut self, writer: Writer) -> f64 {
        let id = shop::message_id();
        let frame = message(id, WORDS);
        let (writer, reader) = match writer {
            Writer::Visitor => (&mut self.visitor, &mut self.operator),
            Writer::Operator => (&mut self.operator, &mut self.visitor),
        };
        let begun = Instant::now();
        writer.tell(&frame).await;
        let heard = reader.hear_entry("delivery", |_| true).await;
        let took = begun.elapsed().as_secs_f64() * 1e6;
        let confirmed = writer.hear_entry("confirmation", |_| true).await;
        assert_eq!(confirmed, heard, "both ends hear the same");
        self.count(&heard, id);
        took
    }

    /// The next entry that arrives must be the one that was sent: none is lost, doubled or out of order.
    fn count(&mut self, heard: &Entry, sent: MessageId) {
        self.head += 1;
        assert_eq!(
            (heard.id, heard.seq.0),
            (sent, self.head),
            "lost, doubled or out of order: no figure"
        );
    }

    /// Both ends say that they are there, as clients in sight do. The runtime answers without waking anybody.
    pub(crate) async fn ping(&mut self) {
        self.is_done().await;
    }

    /// Nothing more comes after the last one.
    pub(crate) async fn is_done(&mut self) {
        for end in [&mut self.visitor, &mut self.operator] {
            let rest = end.all_until_pong().await;
            let more = rest
                .iter()
                .any(|frame| matches!(frame, ServerFrame::Entry { .. }));
            assert!(!more, "doubled: no figure");
        }
    }
}
