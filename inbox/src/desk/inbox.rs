//! The live list: the inbox socket, and the pages that are read over HTTPS after every welcome.

use browser::{
    desk::Input,
    driver::{Driver, Setup},
    http::{self, Auth},
};
use leptos::{prelude::*, task::spawn_local};
use protocol::{
    api::{Conversations, Me},
    client::link::State,
    conversation::Summary,
    entry::Author,
    frame::InboxServerFrame,
    id::ConversationId,
};

use crate::{
    desk::{Desk, place},
    listing::{Listing, Reading, Tab},
    view::{composer::Hold, list::Progress},
};

/// Conversations in a page of the list: three screens.
const PAGE: usize = 40;

/// So many failed attempts in a row, and the session itself is doubted: a socket that is refused says no reason.
const DOUBT_AFTER: u32 = 2;

impl Desk {
    pub(super) fn open_inbox(self, me: &Me) {
        self.listing.set(Listing::new(me.operator.id));
        self.hold.set(Some(Hold::Connecting));
        let setup = Setup::desk(place::socket("/v1/inbox/socket"));
        let driver = Driver::start(setup, move || self.inbox_changed());
        self.devices().inbox.replace(Some(driver.clone()));
        driver.tell(Input::Want);
        // The first page does not wait for the socket; after the welcome it is read again, and nothing falls between.
        self.read(self.tab.get_untracked(), true);
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
        devices.wanted.set(None);
        self.selected.set(None);
        self.scene.set(None);
        self.undo.set(None);
        self.listing.set(Listing::default());
    }

    fn inbox_changed(self) {
        let Some(driver) = self.devices().inbox.borrow().clone() else {
            return;
        };
        for frame in driver.take(browser::desk::Desk::news) {
            match frame {
                InboxServerFrame::Welcome { .. } => self.read_again(),
                InboxServerFrame::Summary(summary) => self.told(summary),
                InboxServerFrame::Duty { .. } | InboxServerFrame::Unknown => {}
            }
        }
        let state = driver.read(browser::desk::Desk::link);
        let hold = match state {
            State::Live(_) => None,
            State::Ended { code }
                if protocol::close::Comeback::of(code) == protocol::close::Comeback::Never =>
            {
                Some(Hold::Ended)
            }
            State::Ended { .. } => {
                self.doubt();
                Some(Hold::Offline)
            }
            State::Waiting { attempt, .. } => {
                if attempt >= DOUBT_AFTER {
                    self.doubt();
                }
                Some(Hold::Offline)
            }
            State::Connecting { attempt: 1.., .. } | State::Greeting { attempt: 1.., .. } => {
                Some(Hold::Offline)
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

    fn told(self, summary: Summary) {
        self.now.set(browser::clock::now());
        let by_visitor = summary
            .last
            .as_ref()
            .is_some_and(|last| last.author == Author::Visitor);
        let in_sight = self.selected.get_untracked() == Some(summary.id)
            && document().has_focus().unwrap_or(false)
            && self.at_end.get_untracked();
        let news = self
            .listing
            .try_update(|listing| listing.tell(summary))
            .unwrap_or(false);
        if news && by_visitor && !in_sight && self.sound.get_untracked() {
            self.devices().chime.ring();
        }
    }

    /// Nobody told what changed while there was no socket.
    fn read_again(self) {
        self.listing.update(Listing::doubt);
        self.read(self.tab.get_untracked(), true);
    }

    pub(super) fn choose_tab(self, tab: Tab) {
        self.tab.set(tab);
        if self.listing.with_untracked(|listing| listing.reading(tab)) == Reading::Unread {
            self.read(tab, true);
        }
    }

    /// The next page of the list that is shown, or the one that could not be read.
    pub(super) fn read_more(self) {
        if self.progress.get_untracked() == Progress::Reading {
            return;
        }
        let tab = self.tab.get_untracked();
        let reading = self.listing.with_untracked(|listing| listing.reading(tab));
        self.read(tab, reading == Reading::Unread);
    }

    /// Reads a page; one at a time, and the last that was wanted next.
    fn read(self, tab: Tab, first: bool) {
        let devices = self.devices();
        devices.wanted.set(Some((tab, first)));
        self.progress.set(Progress::Reading);
        if !devices.reading.replace(true) {
            spawn_local(async move {
                let progress = self.read_wanted().await;
                self.devices().reading.set(false);
                self.progress.set(progress);
            });
        }
    }

    async fn read_wanted(self) -> Progress {
        while let Some((tab, first)) = self.devices().wanted.take() {
            let Some(me) = self.me() else { break };
            let reading = self.listing.with_untracked(|listing| listing.reading(tab));
            let after = match (first, reading) {
                (false, Reading::Partly(after)) => Some(after),
                (true, _) | (false, Reading::Unread) => None,
                (false, Reading::Wholly) => continue,
            };
            self.listing.update(Listing::ask);
            let url = address(tab, &me.operator.id.to_string(), after.as_deref());
            let page = http::ask::<Conversations>("GET", &url, Auth::Cookie).await;
            if self.me() != Some(me) {
                break;
            }
            match page {
                Ok(page) => self
                    .listing
                    .update(|listing| listing.page(tab, after.is_none(), page)),
                Err(failure) if failure.status() == Some(401) => {
                    self.leave(Some(self.text.session_ended))
                }
                Err(_) => return Progress::Failed,
            }
        }
        Progress::Idle
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
                Ok(summary) => self.listing.update(|listing| listing.learn(summary)),
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
