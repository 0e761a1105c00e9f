//! The live list: the machine with its socket, and the pages that it asks for.

use std::collections::BTreeSet;

use browser::{
    driver::{Driver, Setup},
    http::{self, Auth},
};
use leptos::{prelude::*, task::spawn_local};
use protocol::{
    api::{Conversations, Me},
    client::link::State,
    conversation::Summary,
    desk::{
        list::{self, Ask, Input},
        listing::{Listing, Tab},
    },
    entry::Author,
    id::ConversationId,
};

use crate::{
    desk::{Desk, place},
    view::{composer::Hold, list::Progress},
};

/// Conversations in a page of the list: three screens.
const PAGE: usize = 40;

/// So many failed attempts in a row, and the session itself is doubted: a socket that is refused says no reason.
const DOUBT_AFTER: u32 = 2;

impl Desk {
    pub(super) fn open_inbox(self, me: &Me) {
        self.hold.set(Some(Hold::Connecting));
        let setup = Setup::desk(place::socket("/v1/inbox/socket"), me.operator.id);
        let driver = Driver::start(setup, move || self.inbox_changed());
        self.devices().listed.set(0);
        self.devices().inbox.replace(Some(driver));
        self.tell_inbox(Input::Choose(self.tab.get_untracked()));
        self.tell_inbox(Input::Want);
    }

    pub(super) fn close_inbox(self) {
        let devices = self.devices();
        if let Some(driver) = devices.inbox.take() {
            driver.tell(Input::Rest);
        }
        let threads = devices.threads.take();
        for thread in threads.values() {
            thread.rest();
        }
        self.unsent.set(BTreeSet::new());
        self.meanwhile.set(None);
        self.selected.set(None);
        self.sheet.set(false);
        self.scene.set(None);
        self.undo.set(None);
        self.listing.set(Listing::default());
    }

    pub(super) fn inbox_changed(self) {
        let Some(driver) = self.devices().inbox.borrow().clone() else {
            return;
        };
        // Of several pages only the last is waited for.
        if let Some(ask) = driver.take(browser::desk::Desk::asks).pop_back() {
            self.read(ask);
        }
        for summary in driver.take(browser::desk::Desk::news) {
            self.announce(&summary);
        }
        let (state, progress, revision) = driver.read(|desk| {
            let list = desk.list();
            (list.link(), list.progress(), list.revision())
        });
        if self.devices().listed.replace(revision) != revision {
            self.now.set(browser::clock::now());
            self.listing
                .set(driver.read(|desk| desk.list().listing().clone()));
        }
        let progress = match progress {
            list::Progress::Idle => Progress::Idle,
            list::Progress::Reading { .. } => Progress::Reading,
            list::Progress::Failed { .. } => Progress::Failed,
        };
        if self.progress.get_untracked() != progress {
            self.progress.set(progress);
        }
        let hold = match state {
            // A socket may look alive for a while.
            State::Live(_) if browser::page::is_offline() => Some(Hold::Behind),
            State::Live(_) => None,
            State::Ended { code }
                if protocol::close::Comeback::of(code) == protocol::close::Comeback::Never =>
            {
                Some(Hold::Ended)
            }
            State::Ended { .. } => {
                self.doubt();
                Some(Hold::Behind)
            }
            State::Waiting { attempt, .. } => {
                if attempt >= DOUBT_AFTER {
                    self.doubt();
                }
                Some(Hold::Behind)
            }
            State::Connecting { attempt: 1.., .. } | State::Greeting { attempt: 1.., .. } => {
                Some(Hold::Behind)
            }
            State::Resting
            | State::Renewing { .. }
            | State::Connecting { .. }
            | State::Greeting { .. } => Some(Hold::Connecting),
        };
        if self.hold.get_untracked() != hold {
            self.hold.set(hold);
        }
    }

    /// Words that nobody has read: heard, unless they come before the operator's eyes.
    fn announce(self, summary: &Summary) {
        let by_visitor = summary
            .last
            .as_ref()
            .is_some_and(|last| last.author == Author::Visitor);
        let in_sight = self.selected.get_untracked() == Some(summary.id)
            && document().has_focus().unwrap_or(false)
            && !self.install.open.get_untracked()
            && self.at_end.get_untracked();
        if by_visitor && !in_sight && self.sound.get_untracked() {
            self.devices().chime.ring();
        }
    }

    pub(super) fn choose_tab(self, tab: Tab) {
        self.tab.set(tab);
        self.tell_inbox(Input::Choose(tab));
    }

    /// The next page of the list that is shown, or the one that could not be read.
    pub(super) fn read_more(self) {
        self.tell_inbox(Input::More);
    }

    fn tell_inbox(self, input: Input) {
        let driver = self.devices().inbox.borrow().clone();
        if let Some(driver) = driver {
            driver.tell(input);
        }
    }

    fn read(self, ask: Ask) {
        let Some(driver) = self.devices().inbox.borrow().clone() else {
            return;
        };
        let me = driver.read(|desk| desk.list().me().to_string());
        spawn_local(async move {
            let url = address(ask.tab, &me, ask.after.as_deref());
            let page = http::ask::<Conversations>("GET", &url, Auth::Cookie).await;
            let current = self.devices().inbox.borrow().clone();
            if !current.is_some_and(|current| current.is(&driver)) {
                return;
            }
            if page
                .as_ref()
                .is_err_and(|failure| failure.status() == Some(401))
            {
                return self.leave(Some(self.text.session_ended));
            }
            driver.tell(Input::Page(ask.number, page.ok()));
            // What is open stays known, also when it has left the list meanwhile.
            if let Some(open) = self.selected.get_untracked() {
                self.make_known(open);
            }
        });
    }

    /// What else the visitor of this conversation has written, or the customer whom they were proved to be.
    pub(super) fn read_others(self, id: ConversationId) {
        spawn_local(async move {
            let url = format!("/v1/conversations/{id}/others");
            let others = http::ask::<Conversations>("GET", &url, Auth::Cookie).await;
            if self.selected.get_untracked() == Some(id) {
                self.others.set(others.ok().map(|page| page.conversations));
            }
        });
    }

    /// A conversation that was opened by its address may not be in any page that was read.
    pub(super) fn make_known(self, id: ConversationId) {
        if self
            .listing
            .with_untracked(|listing| listing.get(id).is_some())
        {
            return;
        }
        spawn_local(async move {
            let url = format!("/v1/conversations/{id}");
            match http::ask::<Summary>("GET", &url, Auth::Cookie).await {
                Ok(summary) => self.tell_inbox(Input::Learn(Box::new(summary))),
                Err(failure) if matches!(failure.status(), Some(403 | 404)) => self.open(None),
                // The conversation itself says what is wrong.
                Err(_) => {}
            }
        });
    }
}

fn address(tab: Tab, me: &str, after: Option<&str>) -> String {
    let status = match tab {
        Tab::Open => "status=open".to_owned(),
        Tab::Mine => format!("status=open&assignee={me}"),
        Tab::Resolved => "status=resolved".to_owned(),
    };
    let after = after.map(|after| {
        format!(
            "&after={}",
            String::from(js_sys::encode_uri_component(after))
        )
    });
    format!(
        "/v1/conversations?{status}&limit={PAGE}{}",
        after.unwrap_or_default()
    )
}
