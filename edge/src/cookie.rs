//! The relay's cookies: read by name, and written so that no script sees them and none goes over an open line.

use worker::{Headers, Request, Response, Url};

use crate::{config::Config, error::Outcome};

/// One of the relay's cookies.
pub struct Cookie {
    /// Its name where the line is closed. With the prefix `__Host-` browsers insist on `Secure`, `Path=/` and this very host.
    pub name: &'static str,
    /// What belongs to it but for its age and the line.
    pub attributes: &'static str,
}

/// Over what a cookie travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Whatever lies between: the cookie goes over TLS alone.
    Network,
    /// A browser on the relay's own machine, where somebody tries it: nobody listens there, and WebKit keeps no `Secure` cookie without
    /// TLS, not even there.
    Machine,
}

impl Line {
    /// By the address that was asked for, where whoever started the relay says that it is tried on its own machine; a proxy in front of
    /// it may ask as if it were.
    pub fn of(url: &Url, tried: bool) -> Self {
        let open = url.scheme() == "http" && tried;
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        match open && here {
            true => Self::Machine,
            false => Self::Network,
        }
    }

    /// The line of a request.
    pub(crate) fn of_request(request: &Request, config: &Config) -> Outcome<Self> {
        Ok(Self::of(&request.url()?, config.tried))
    }
}

impl Cookie {
    /// Its name on this line.
    fn name(&self, line: Line) -> &'static str {
        match line {
            Line::Network => self.name,
            Line::Machine => self.name.strip_prefix("__Host-").unwrap_or(self.name),
        }
    }

    /// What `Set-Cookie` says: `text`, kept for so many seconds.
    pub fn written(&self, line: Line, text: &str, seconds: u64) -> String {
        let name = self.name(line);
        let secure = match line {
            Line::Network => "; Secure",
            Line::Machine => "",
        };
        let attributes = self.attributes;
        format!("{name}={text}; HttpOnly{secure}; {attributes}; Max-Age={seconds}")
    }

    /// Its text in what `Cookie` says.
    pub fn found<'a>(&self, line: Line, said: &'a str) -> Option<&'a str> {
        let name = self.name(line);
        let mut pairs = said
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find_map(|(known, text)| (known == name).then_some(text))
    }

    /// Its text in a request.
    pub(crate) fn read(&self, line: Line, headers: &Headers) -> Outcome<Option<String>> {
        let said = headers.get("cookie")?.unwrap_or_default();
        Ok(self.found(line, &said).map(str::to_owned))
    }

    /// Puts it into a response.
    pub(crate) fn set(
        &self,
        response: &Response,
        line: Line,
        text: &str,
        seconds: u64,
    ) -> Outcome<()> {
        let cookie = self.written(line, text, seconds);
        Ok(response.headers().set("set-cookie", &cookie)?)
    }
}
