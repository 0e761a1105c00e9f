//! Which part of the transcript is shown: it follows the newest line until the person scrolls away, and grows where they
//! come near an edge.

use std::rc::Rc;

use protocol::client::{Client, Input};

use super::Chat;
use crate::line::Window;

impl Chat {
    /// Shows the newest line, and goes along with it. The next refresh draws it.
    pub(super) fn show_end(&self) {
        self.window.take();
        self.view.following.put(true);
    }

    /// The person looks at the newest line, or away from it.
    pub(super) fn follow(self: &Rc<Self>, at_end: bool) {
        let at_end = at_end && self.window.get().is_at_end();
        if at_end == *self.view.following.now() {
            return;
        }
        self.view.following.put(at_end);
        let mut window = Window::default();
        if !at_end {
            window = self.window.get();
            self.read(|client| window.hold(client.transcript().entries()));
        }
        self.window.set(window);
        self.refresh();
    }

    /// The oldest line is near: more of what is here, or of what the relay has.
    pub(super) fn up(self: &Rc<Self>) {
        let mut window = self.window.get();
        let (more, older) = self
            .read(|client| {
                let transcript = client.transcript();
                (window.up(transcript.entries()), transcript.has_older())
            })
            .unwrap_or_default();
        if more {
            self.window.set(window);
            self.refresh();
        } else if older && !self.fetching_older.replace(true) {
            self.tell(Input::Older);
        }
    }

    /// The newest line that is shown is near.
    pub(super) fn down(self: &Rc<Self>) {
        let mut window = self.window.get();
        if window.is_at_end() {
            return;
        }
        self.read(|client| window.down(client.transcript().entries()));
        self.window.set(window);
        self.refresh();
    }

    /// Older entries that were asked for are shown once they are here.
    pub(super) fn show_older(&self) {
        if !self.fetching_older.get() || self.read(Client::is_fetching_older) != Some(false) {
            return;
        }
        self.fetching_older.set(false);
        let mut window = self.window.get();
        self.read(|client| window.up(client.transcript().entries()));
        self.window.set(window);
    }
}
