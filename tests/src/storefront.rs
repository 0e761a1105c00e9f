//! The merchant's own web server: the pages of `tests/shops`, on an origin that is not the relay's.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::{Engine, browser::LISTEN, relay};

/// A server of static pages. It lives until this process ends.
#[derive(Debug)]
pub struct Storefront {
    port: u16,
    first: Arc<Mutex<String>>,
}

#[derive(Debug, Clone)]
struct Pages {
    folder: PathBuf,
    relay: String,
    shop: String,
    first: Arc<Mutex<String>>,
}

impl Storefront {
    /// Opens one whose pages carry the widget of `shop`.
    pub fn open(relay: &str, shop: &str) -> Self {
        let first = match Engine::of_this_run() {
            Engine::Chromium => "",
            Engine::Firefox | Engine::WebKit => LISTEN,
        };
        let first = Arc::new(Mutex::new(first.to_owned()));
        let pages = Pages {
            folder: relay::project().join("tests/shops"),
            relay: relay.into(),
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
        Self { port, first }
    }

    /// Runs a script in every page before the page's own.
    pub fn begins_with(&self, script: &str) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.push_str(script);
        first.push('\n');
    }

    /// What a browser says it comes from.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The address of a page, such as `plain`.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.origin())
    }
}

impl Pages {
    /// Answers one request and hangs up. A visitor who hangs up first does no harm.
    fn answer(&self, mut visit: TcpStream) -> Option<()> {
        let mut lines = BufReader::new(visit.try_clone().ok()?).lines();
        let first = lines.next()?.ok()?;
        while !lines.next()?.ok()?.is_empty() {}
        let path = first.split_whitespace().nth(1)?;
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
            // It leaves no element behind.
            first => format!("<script>{first}document.currentScript.remove()</script>\n<title>"),
        };
        Some(
            page.replace("{{relay}}", &self.relay)
                .replace("{{shop}}", &self.shop)
                .replacen("<title>", &title, 1),
        )
    }
}
