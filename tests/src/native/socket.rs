//! A WebSocket to this machine whose writing never waits, as a browser's: what is said is kept until the relay takes it,
//! also when the relay stands still. It says what happens to it while somebody asks, and nothing after it is dropped.

use std::{
    collections::VecDeque,
    future::poll_fn,
    mem,
    net::Ipv4Addr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use protocol::close::CloseCode;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::client::Request,
        protocol::{CloseFrame, frame::coding::CloseCode as Code},
    },
};

/// How long a socket that is closed may take to say so. A relay that stands still would keep its descriptor for ever.
const FAREWELL: Duration = Duration::from_secs(5);

/// What happened to a socket.
pub(super) enum Event {
    /// It is open.
    Opened,
    /// It is gone, with its close code where there was one.
    Closed(Option<u16>),
    /// A text came.
    Text(Utf8Bytes),
}

/// An open or opening socket.
pub(super) struct Socket {
    line: Line,
    outgoing: VecDeque<Message>,
    flushed: bool,
}

type Stream = WebSocketStream<TcpStream>;
type Opening = Pin<Box<dyn Future<Output = Option<Stream>> + Send>>;

enum Line {
    Opening(Opening),
    Open(Box<Stream>),
    Gone,
}

impl Socket {
    /// Opens one to this port.
    pub(super) fn open(port: u16, request: Request) -> Self {
        Self {
            line: Line::Opening(Box::pin(connect(port, request))),
            outgoing: VecDeque::new(),
            flushed: true,
        }
    }

    /// Says a text, as soon as the socket takes it.
    pub(super) fn say(&mut self, text: String) {
        self.outgoing.push_back(Message::text(text));
    }

    /// What happens next. Nothing is written while nobody asks.
    pub(super) async fn next(&mut self) -> Event {
        poll_fn(|context| self.poll(context)).await
    }

    /// Closes it, saying why, after what was said before.
    pub(super) fn close(self, code: CloseCode) {
        if let Line::Open(stream) = self.line {
            tokio::spawn(timeout(FAREWELL, farewell(stream, self.outgoing, code)));
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let event = match &mut self.line {
            Line::Gone => return Poll::Pending,
            Line::Opening(opening) => match ready!(opening.as_mut().poll(context)) {
                Some(stream) => {
                    self.line = Line::Open(Box::new(stream));
                    return Poll::Ready(Event::Opened);
                }
                None => Event::Closed(None),
            },
            Line::Open(stream) => {
                match write(stream, &mut self.outgoing, &mut self.flushed, context) {
                    Ok(()) => ready!(hear(stream, context)),
                    Err(_) => Event::Closed(None),
                }
            }
        };
        if matches!(event, Event::Closed(_))
            && let Line::Open(stream) = mem::replace(&mut self.line, Line::Gone)
        {
            tokio::spawn(timeout(FAREWELL, last_words(stream)));
        }
        Poll::Ready(event)
    }
}

/// Straight to this machine: asking for the address of `localhost` would cost a thread per attempt.
async fn connect(port: u16, request: Request) -> Option<Stream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok()?;
    stream.set_nodelay(true).ok()?;
    Some(client_async(request, stream).await.ok()?.0)
}

/// Hands over what the socket takes now; the rest is tried again when it is ready.
fn write(
    stream: &mut Stream,
    outgoing: &mut VecDeque<Message>,
    flushed: &mut bool,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    while !outgoing.is_empty() && stream.poll_ready_unpin(context)?.is_ready() {
        if let Some(message) = outgoing.pop_front() {
            stream.start_send_unpin(message)?;
            *flushed = false;
        }
    }
    if !*flushed {
        *flushed = stream.poll_flush_unpin(context)?.is_ready();
    }
    Ok(())
}

fn hear(stream: &mut Stream, context: &mut Context<'_>) -> Poll<Event> {
    loop {
        return Poll::Ready(match ready!(stream.poll_next_unpin(context)) {
            Some(Ok(Message::Text(text))) => Event::Text(text),
            Some(Ok(Message::Close(frame))) => {
                Event::Closed(frame.map(|frame| u16::from(frame.code)))
            }
            Some(Ok(
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_),
            )) => {
                continue;
            }
            Some(Err(_)) | None => Event::Closed(None),
        });
    }
}

async fn farewell(mut stream: Box<Stream>, outgoing: VecDeque<Message>, code: CloseCode) {
    for message in outgoing {
        if stream.feed(message).await.is_err() {
            return;
        }
    }
    let frame = CloseFrame {
        code: Code::from(code.number()),
        reason: code.reason().into(),
    };
    // The stream's own, whatever else its box can close.
    if (*stream).close(Some(frame)).await.is_ok() {
        last_words(stream).await;
    }
}

/// Answers the other end's close, and waits for it.
async fn last_words(mut stream: Box<Stream>) {
    while let Some(Ok(_)) = stream.next().await {}
}
