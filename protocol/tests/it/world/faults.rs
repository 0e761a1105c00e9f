//! What can befall a [`World`], and how often each thing did: a story in which nothing goes wrong proves nothing.

use std::collections::BTreeMap;

use protocol::{
    cursor::Epoch,
    frame::{ClientFrame, Refusal, Refused, ServerFrame},
    message::Draft,
    relay::{
        conversation::Conversation,
        session::{Session, State},
    },
    time::{Millis, Timestamp},
};

use super::{
    World,
    network::{Down, Up},
};
use crate::{cast, memory::Memory};

/// How often each thing happened.
pub type Tally = BTreeMap<Event, usize>;

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A socket was lost with something on its way.
    Dropped,
    /// Time went by while something was on its way.
    Delayed,
    /// A draft reached the relay that was stored already.
    SentAgain,
    /// A draft went over HTTPS as well.
    Posted,
    /// An entry was told to a client that had it.
    ToldAgain,
    /// Something reached the relay on a socket whose device had another by then.
    LateSocket,
    /// A socket fell silent.
    HalfOpen,
    /// The relay died between two turns.
    Restart,
    /// It died in a turn, and nothing of the turn was written.
    CrashBeforeCommit,
    /// It died in a turn that was written, and nobody was told.
    CrashAfterCommit,
    /// Its memory went.
    Hibernation,
    /// The disk failed in a turn.
    DiskFault,
    /// It failed after something was written.
    Undone,
    /// The disk was replaced by an older copy that had less.
    RolledBack,
    /// It was replaced by an empty one.
    Emptied,
    /// A device's clock was set forward by more than a client overlooks.
    ClockForward,
    /// A device's clock was set back by as much.
    ClockBack,
    /// The relay's clock was set anew.
    RelayClock,
    /// A tab died with drafts in its outbox.
    Killed,
    /// A device's storage was cleared under a tab that had drafts.
    Cleared,
    /// A tab died with drafts that had been cleared.
    LostWithTab,
    /// A draft was refused for now.
    Held,
    /// The relay opened a resolved conversation again.
    Reopened,
    /// A page that went away sent what was left.
    Farewell,
    /// The shop forgot what it had not kept.
    ShopForgot,
    /// A turn was one row, and no transaction.
    OneRow,
    /// The disk failed in such a turn once its row was written.
    Untold,
}

impl Event {
    pub const ALL: [Self; 27] = [
        Self::Dropped,
        Self::Delayed,
        Self::SentAgain,
        Self::Posted,
        Self::ToldAgain,
        Self::LateSocket,
        Self::HalfOpen,
        Self::Restart,
        Self::CrashBeforeCommit,
        Self::CrashAfterCommit,
        Self::Hibernation,
        Self::DiskFault,
        Self::Undone,
        Self::RolledBack,
        Self::Emptied,
        Self::ClockForward,
        Self::ClockBack,
        Self::RelayClock,
        Self::Killed,
        Self::Cleared,
        Self::LostWithTab,
        Self::Held,
        Self::Reopened,
        Self::Farewell,
        Self::ShopForgot,
        Self::OneRow,
        Self::Untold,
    ];
}

/// When the relay's process dies within a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// What it wrote is undone.
    BeforeCommit,
    /// What it wrote stays, and nobody is told.
    AfterCommit,
}

impl World {
    /// The tab dies; the next one knows what the device kept.
    pub fn kill(&mut self, device: usize) {
        let now = self.clock(device);
        let it = &self.devices[device];
        let waiting: Vec<_> = it.unconfirmed().map(|draft| draft.id).collect();
        let lost: Vec<_> = waiting
            .iter()
            .filter(|id| !it.kept.contains_key(*id))
            .copied()
            .collect();
        let mut kept: Vec<Draft> = it.kept.values().cloned().collect();
        // A device's store keeps no order.
        for n in (1..kept.len()).rev() {
            kept.swap(n, self.dice.below(n as u64 + 1) as usize);
        }
        let principal = self.devices[device].principal.clone();
        let client = self.new_client(now, &principal, kept);
        if !waiting.is_empty() {
            self.count(Event::Killed);
        }
        if !lost.is_empty() {
            self.count(Event::LostWithTab);
        }
        let it = &mut self.devices[device];
        it.client = client;
        it.renewing = false;
        it.lost.extend(lost);
        if let Some(socket) = it.socket.take() {
            self.sockets[socket].up.push_back(Up::End);
        }
    }

    /// The device's storage is cleared; the page knows what it knows.
    pub fn clear(&mut self, device: usize) {
        if self.devices[device].unconfirmed().next().is_some() {
            self.count(Event::Cleared);
        }
        self.devices[device].kept.clear();
    }

    /// A device's clock is set anew.
    pub fn set_clock(&mut self, device: usize, by: i64) {
        if by.unsigned_abs() > protocol::limits::CLOCK_JUMP.0 {
            self.count(if by > 0 {
                Event::ClockForward
            } else {
                Event::ClockBack
            });
        }
        self.devices[device].clock += by;
    }

    /// The relay's clock is set anew; the devices' go on.
    pub fn set_relay_clock(&mut self, by: i64) {
        // An incarnation is named by the clock: two that begin in the same millisecond are beyond what the relay can tell.
        let to = self
            .now
            .0
            .saturating_add_signed(by)
            .max(self.newest_epoch + 1);
        let by = to as i64 - self.now.0 as i64;
        self.now = Timestamp(to);
        for device in &mut self.devices {
            device.clock -= by;
        }
        self.count(Event::RelayClock);
    }

    /// The relay's process dies between two turns, and its sockets with it.
    pub fn restart(&mut self) {
        self.die();
        self.count(Event::Restart);
    }

    pub(super) fn die(&mut self) {
        self.cut_all(None);
        self.lose_projection();
        self.wake([]);
    }

    /// The call to the shop is lost, and nobody says so: an alarm that waited for it rings again.
    pub fn lose_projection(&mut self) {
        self.settling = false;
        if self.projecting.take().is_some() {
            self.alarm = self.alarm.or(Some(self.now + Millis::seconds(2)));
        }
    }

    /// The shop's memory goes.
    pub fn shop_forgets(&mut self) {
        if self.listed != self.kept {
            self.count(Event::ShopForgot);
        }
        self.listed.clone_from(&self.kept);
    }

    /// The relay's memory goes; its sockets and what is attached to them stay.
    pub fn hibernate(&mut self) {
        self.doze();
        self.count(Event::Hibernation);
    }

    fn doze(&mut self) {
        let open = self.sockets.iter().filter(|socket| socket.held_open);
        let sessions: Vec<Session> = open
            .filter_map(|socket| socket.attachment.clone())
            .collect();
        self.wake(sessions);
    }

    pub(super) fn wake(&mut self, sessions: impl IntoIterator<Item = Session>) {
        self.relay = Conversation::wake(cast::conversation(), sessions).restored_at(self.restored);
    }

    /// The disk is replaced by a copy from before (or by an empty one), and the relay is told so.
    pub fn restore(&mut self, copy: Memory) {
        let lost: Vec<_> = self
            .disk
            .entries
            .iter()
            .map(|entry| entry.id)
            .filter(|id| !copy.names.contains_key(id))
            .collect();
        if !lost.is_empty() {
            self.count(if copy.origin.is_some() {
                Event::RolledBack
            } else {
                Event::Emptied
            });
        }
        self.rolled_back.extend(lost);
        let old = self.epoch().map_or(0, |epoch| epoch.0);
        self.newest_epoch = self.newest_epoch.max(old).max(self.restored.0);
        // Two restorations in one millisecond are two all the same.
        self.now = self.now.max(Timestamp(self.newest_epoch) + Millis(1));
        self.restored = self.now;
        self.newest_epoch = self.now.0;
        self.disk = copy;
        self.listed = None;
        self.kept = None;
        self.die();
        // Whoever restores looks at the object once.
        self.alarm = Some(self.now);
    }

    /// The transcript's incarnation.
    pub fn epoch(&self) -> Option<Epoch> {
        let origin = self.disk.origin.as_ref()?;
        Some(origin.epoch.max(Epoch(self.restored.0)))
    }

    pub fn cut_all(&mut self, code: Option<u16>) {
        for socket in self.sockets.iter_mut().filter(|socket| socket.held_open) {
            socket.held_open = false;
            socket.down.push_back(Down::End(code));
        }
    }

    /// A socket is gone and both ends are told, each in its time.
    pub fn cut(&mut self, socket: usize) {
        let it = &mut self.sockets[socket];
        it.up.push_back(Up::End);
        it.down.push_back(Down::End(None));
    }

    /// A socket is gone, and of what is on its way only so much arrives.
    pub fn drop_rest(&mut self, socket: usize, up: usize, down: usize) {
        let it = &mut self.sockets[socket];
        let dropped = it.up.len() > up || it.down.len() > down;
        it.up.truncate(up);
        it.down.truncate(down);
        self.cut(socket);
        if dropped {
            self.count(Event::Dropped);
        }
    }

    /// A socket falls silent, and nobody is told.
    pub fn silence(&mut self, socket: usize) {
        self.sockets[socket].dead = true;
        self.count(Event::HalfOpen);
    }

    /// Time goes by.
    pub fn wait(&mut self, wait: Millis) {
        let moving = |socket: &super::Socket| !socket.up.is_empty() || !socket.down.is_empty();
        if wait >= Millis::seconds(1) && self.sockets.iter().any(moving) {
            self.count(Event::Delayed);
        }
        self.now = self.now + wait;
        self.ring();
    }

    /// Everything before the next draft on its way up arrives, and the draft is refused for now.
    pub fn hold_next(&mut self, socket: usize) {
        let is_draft = |up: &Up| matches!(up, Up::Frame(ClientFrame::Send(_)));
        let Some(before) = self.sockets[socket].up.iter().position(is_draft) else {
            return;
        };
        for _ in 0..before {
            self.arrive_up(socket);
        }
        self.hold(socket);
    }

    /// The first draft on its way up is refused for now, because it came too soon.
    pub fn hold(&mut self, socket: usize) {
        let it = &mut self.sockets[socket];
        if !it.held_open || it.dead {
            return;
        }
        let Some(Up::Frame(ClientFrame::Send(draft))) = it.up.front().cloned() else {
            return;
        };
        let Some(Session {
            state: State::Live { held, .. },
            ..
        }) = &mut it.attachment
        else {
            return;
        };
        if held.is_some() {
            return;
        }
        *held = Some(draft.id);
        it.up.pop_front();
        let refused = Refused {
            id: Some(draft.id),
            code: Refusal::RateLimited,
            limit: None,
            retry_after_ms: Some(1_500),
        };
        it.down
            .push_back(Down::Frame(ServerFrame::Refused(refused)));
        self.count(Event::Held);
        self.doze();
    }
}
