//! What becomes of a new connection, judged by the head of its first request.

/// What becomes of new connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// They reach the relay.
    #[default]
    Open,
    /// They are swallowed.
    Hole,
    /// They are reset.
    Closed,
    /// They are answered by somebody who wants to be paid first.
    Portal(Portal),
    /// They reach the relay, unless they ask for a WebSocket.
    NoSockets(Refusal),
    /// They reach the relay for a page and what belongs to it, and are reset when they would carry what is said, sent or handed over: the chat
    /// is out of reach, and loads. A connection is good for one request.
    NoChat,
}

/// A captive portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Answers everything with its page, as if all were well.
    Page,
    /// Sends everybody to its page.
    Redirect,
}

/// How a network says that it has no WebSockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// With 403.
    Forbidden,
    /// Without a word.
    Dropped,
}

/// What is done with one connection.
pub(super) enum Verdict {
    Pass,
    Swallow,
    Reset,
    Answer(String),
}

/// Where the portal's page is.
const PORTAL: &str = "/portal";

impl Door {
    /// Judges a connection that has not said anything; nothing when that is needed.
    pub(super) fn at_once(self) -> Option<Verdict> {
        match self {
            Self::Hole => Some(Verdict::Swallow),
            Self::Closed => Some(Verdict::Reset),
            Self::Open | Self::Portal(_) | Self::NoSockets(_) | Self::NoChat => None,
        }
    }

    /// Judges it by the head of its first request. The portal is on the proxy's own `port`.
    pub(super) fn judge(self, head: &[u8], port: u16) -> Verdict {
        match self {
            Self::Open => Verdict::Pass,
            Self::Hole => Verdict::Swallow,
            Self::Closed => Verdict::Reset,
            Self::Portal(portal) => Verdict::Answer(portal.answer(head, port)),
            Self::NoSockets(_) if !asks_for_a_socket(head) => Verdict::Pass,
            Self::NoSockets(Refusal::Dropped) => Verdict::Reset,
            Self::NoSockets(Refusal::Forbidden) => {
                Verdict::Answer(answer("403 Forbidden", "", "No WebSockets in this house."))
            }
            Self::NoChat if carries_frames(head) => Verdict::Reset,
            Self::NoChat => Verdict::Pass,
        }
    }

    /// What is sent on of what was judged by its head.
    pub(super) fn sent_on(self, head: Vec<u8>) -> Vec<u8> {
        match self {
            // Another request on the same connection would pass unseen.
            Self::NoChat => {
                let text = String::from_utf8_lossy(&head);
                let text = text.replacen("Connection: keep-alive\r\n", "", 1);
                let close = "\r\nconnection: close\r\n";
                text.replacen("\r\n", close, 1).into_bytes()
            }
            Self::Open | Self::Hole | Self::Closed | Self::Portal(_) | Self::NoSockets(_) => head,
        }
    }
}

impl Portal {
    fn answer(self, head: &[u8], port: u16) -> String {
        let asked = String::from_utf8_lossy(head);
        let at_portal = asked.split_whitespace().nth(1) == Some(PORTAL);
        match self {
            Self::Redirect if !at_portal => {
                let there = format!("location: http://localhost:{port}{PORTAL}\r\n");
                answer("302 Found", &there, "")
            }
            Self::Page | Self::Redirect => answer(
                "200 OK",
                "",
                "<!doctype html><title>Free Wi-Fi</title><p>Accept our terms to go on.",
            ),
        }
    }
}

/// Whether this request wants to become a WebSocket.
pub(super) fn asks_for_a_socket(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.lines().any(|line| {
        let value = line.strip_prefix("upgrade:");
        value.is_some_and(|value| value.trim() == "websocket")
    })
}

/// Whether this is a WebSocket, what goes for one (both have the same address), or hands the conversation over.
fn carries_frames(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let address = head.split_whitespace().nth(1).unwrap_or_default();
    ["/v1/socket", "/v1/conversations/", "/v1/handovers"]
        .iter()
        .any(|begin| address.starts_with(begin))
}

fn answer(status: &str, header: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{header}content-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
