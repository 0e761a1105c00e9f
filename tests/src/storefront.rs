//! The merchant's own web server: the pages of `tests/shops`, on an origin that is not the relay's.

mod below;

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::{Engine, browser::LISTEN, relay};

pub use below::BELOW;

/// A shop's own name: what ends so leads to this machine, and every browser knows that.
pub const NAME: &str = "shop.localhost";

/// What the policies of the pages know their own scripts by.
const NONCE: &str = "shop";

/// A server of static pages. It lives until this process ends.
#[derive(Debug)]
pub struct Storefront {
    host: &'static str,
    port: u16,
    first: Arc<Mutex<String>>,
}

#[derive(Debug, Clone)]
struct Pages {
    folder: PathBuf,
    relay: String,
    /// The relay that answers below a path of this very host, where one does.
    below: Option<String>,
    shop: String,
    first: Arc<Mutex<String>>,
}

impl Storefront {
    /// Opens one whose pages carry the widget of `shop`.
    pub fn open(relay: &str, shop: &str) -> Self {
        Self::open_at("localhost", relay, None, shop)
    }

    /// Opens one under a name of its own, for a relay whose name lies below it.
    pub fn open_named(relay: &str, shop: &str) -> Self {
        Self::open_at(NAME, relay, None, shop)
    }

    /// Opens one whose pages know the relay by a path of their own host alone.
    pub fn open_above(relay: &str, shop: &str) -> Self {
        Self::open_at("localhost", BELOW, Some(relay.into()), shop)
    }

    fn open_at(host: &'static str, relay: &str, below: Option<String>, shop: &str) -> Self {
        let first = match Engine::of_this_run() {
            Engine::Chromium => "",
            Engine::Firefox | Engine::WebKit => LISTEN,
        };
        let first = Arc::new(Mutex::new(first.to_owned()));
        let pages = Pages {
            folder: relay::project().join("tests/shops"),
            relay: relay.into(),
            below,
            shop: shop.into(),
            first: first.clone(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        thread::spawn(move || {
            for visit in listener.incoming().flatten() {
                let pages = pages.clone();
                thread::spawn(move || pages.answer(visit));
            }
        });
        Self { host, port, first }
    }

    /// Runs a script in every page before the page's own.
    pub fn begins_with(&self, script: &str) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.push_str(script);
        first.push('\n');
    }

    /// What a browser says it comes from.
    pub fn origin(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    /// The address of a page, such as `plain`.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.origin())
    }
}

impl Pages {
    /// Answers one request and hangs up. A visitor who hangs up first does no harm.
    fn answer(&self, mut visit: TcpStream) -> Option<()> {
        let head = head(&mut visit)?;
        let path = head.split_whitespace().nth(1)?;
        if let Some(relay) = &self.below
            && path.starts_with(&format!("{BELOW}/"))
        {
            return below::hand_on(relay, &head, visit).ok();
        }
        let name: String = path.chars().skip(1).take_while(|c| *c != '?').collect();
        let (status, body) = match self.page(&name) {
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", String::new()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        visit.write_all(head.as_bytes()).ok()?;
        visit.write_all(body.as_bytes()).ok()
    }

    fn page(&self, name: &str) -> Option<String> {
        let plain = name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-');
        let file = self.folder.join(name).with_extension("html");
        let page = plain.then(|| fs::read_to_string(file).ok()).flatten()?;
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let title = match first.as_str() {
            "" => "<title>".into(),
            // It leaves no element behind, and is one of the page's own where a policy asks for that.
            first => format!(
                "<script nonce=\"{NONCE}\">{first}document.currentScript.remove()</script>\n<title>"
            ),
        };
        Some(
            page.replace("{{relay}}", &self.relay)
                .replace("{{shop}}", &self.shop)
                .replacen("<title>", &title, 1),
        )
    }
}

/// Everything before the body, and not a byte of that.
fn head(visit: &mut TcpStream) -> Option<String> {
    let mut head = vec![];
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        visit.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}
