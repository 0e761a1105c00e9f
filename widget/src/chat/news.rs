//! What has come: told to the page and read aloud once, counted and marked until somebody has looked.

use browser::page;
use protocol::client::Input;

use super::Chat;
use crate::{line, wire::parts};

impl Chat {
    /// Tells the page and reads aloud what has come since the last time.
    pub(super) fn news(&self) {
        let mut aloud = String::new();
        let mut many = 0;
        let Some(told) = self.read(|client| {
            let last = client.transcript().last();
            let Some(told) = self.told.get().map(|told| told.min(last)) else {
                // What was said before this page was loaded is no news.
                return client.is_caught_up().then_some(last);
            };
            for entry in client.transcript().entries() {
                if entry.seq > told && client.is_news(entry) {
                    let author = line::name(&entry.author);
                    let shop = self.view.shop.now();
                    let words = entry.content.text().unwrap_or_default();
                    let names = parts::of(entry.id).filter(|_| words.is_empty());
                    let names = names.map(|parts| names_in(&parts)).unwrap_or_default();
                    for part in [
                        author.as_deref().unwrap_or(&shop),
                        ": ",
                        words,
                        &names,
                        "\n",
                    ] {
                        aloud.push_str(part);
                    }
                    many += 1;
                }
            }
            Some(last)
        }) else {
            return;
        };
        self.told.set(told);
        // What comes together is one change, or only the last of it would be heard. The same words again are a change too.
        if many > 0 && *self.view.aloud.now() == aloud {
            aloud.push('\n');
        }
        if many > 0 {
            self.view.aloud.put(aloud);
        }
        for _ in 0..many {
            self.told_message("operator");
        }
    }

    /// What is before the person's eyes is seen; what is not, is counted, and the first of it marked.
    pub(super) fn see(&self) {
        let looks = *self.view.open.now() && *self.view.following.now() && !page::is_hidden();
        let Some((last, seen, unread, first)) = self.read(|client| {
            let seen = client.seen();
            let first = client
                .transcript()
                .entries()
                .iter()
                .find(|entry| entry.seq > seen && client.is_news(entry));
            (
                client.transcript().last(),
                seen,
                client.unread(),
                first.map(|entry| entry.seq),
            )
        }) else {
            return;
        };
        // Read where it arrives it is not new; what waited to be looked at is, until the panel closes.
        let looked = self.looked.replace(looks && self.told.get().is_some());
        if !looked && self.new_from.get().is_none() {
            self.new_from.set(first);
        }
        if looks && last > seen {
            return self.tell(Input::Seen(last));
        }
        self.view.below.put(unread);
        if self.unread.replace(Some(unread)) != Some(unread) {
            let name = match unread {
                0 => self.view.text.chat().into(),
                n => self.view.text.chat_unread(n),
            };
            self.host.badge(unread, &name);
            self.page.tell("unread", unread as u32);
        }
    }

    /// Tells the page who wrote, never what.
    pub(super) fn told_message(&self, from: &str) {
        let detail = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&detail, &"from".into(), &from.into());
        self.page.tell("message", detail);
    }
}

/// What the files and cards of a message without words are called.
fn names_in(parts: &str) -> String {
    let parts = js_sys::JSON::parse(parts).map(|parts| js_sys::Array::from(&parts));
    let mut names = String::new();
    for part in parts.unwrap_or_default() {
        for key in ["name", "title"] {
            let name = js_sys::Reflect::get(&part, &key.into());
            if let Some(name) = name.ok().and_then(|name| name.as_string()) {
                names.push_str(&name);
                names.push(' ');
            }
        }
    }
    names
}
