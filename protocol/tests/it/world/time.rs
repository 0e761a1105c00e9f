//! How time passes in a [`World`]: what is due rings, and everything on its way may come to rest.

use protocol::{
    client,
    relay::conversation::Input,
    time::{Millis, Timestamp},
};

use super::World;

/// Rounds that no story comes near: what follows from itself for ever, or is due for ever, fails and does not hang.
const ROUNDS: usize = 10_000;

impl World {
    /// Rings what is due.
    pub fn ring(&mut self) {
        if self.alarm.is_some_and(|alarm| alarm <= self.now) {
            self.alarm = None;
            let pings = self.pings();
            self.relay(Input::Alarm(pings));
        }
        for device in 0..self.devices.len() {
            let due = self.devices[device].client.next_deadline();
            if due.is_some_and(|due| due <= self.clock(device)) {
                self.tell(device, client::Input::Timer);
            }
        }
    }

    /// When something rings next.
    pub fn next_ring(&self) -> Option<Timestamp> {
        let clients = self.devices.iter().filter_map(|device| {
            Some(Timestamp(
                device
                    .client
                    .next_deadline()?
                    .0
                    .saturating_add_signed(-device.clock),
            ))
        });
        clients.chain(self.alarm).min()
    }

    /// Everything on its way arrives, and all that follows from it, in no time.
    pub fn deliver(&mut self) {
        for _ in 0..ROUNDS {
            let mut moved = self.answer_projection(true);
            for device in 0..self.devices.len() {
                moved |= self.answer_renewal(device, true);
            }
            for socket in 0..self.sockets.len() {
                moved |= self.arrive_up(socket) | self.arrive_down(socket);
            }
            if !moved {
                return;
            }
        }
        panic!("something is on its way for ever");
    }

    /// Delivers, and lets time pass by until `until`.
    pub fn pass(&mut self, wait: Millis) {
        let end = self.now + wait;
        self.deliver();
        for _ in 0..ROUNDS {
            let Some(next) = self.next_ring().filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(next);
            self.ring();
            self.deliver();
        }
        panic!("something is due for ever");
    }

    /// Lets everything come to rest: networks work, pages are in sight, time goes on.
    pub fn settle(&mut self) {
        for device in 0..self.devices.len() {
            self.tell(device, client::Input::Shown);
            self.tell(device, client::Input::Want);
        }
        for _ in 0..2_000 {
            self.deliver();
            if self.is_at_rest() {
                return;
            }
            for device in 0..self.devices.len() {
                if matches!(
                    self.devices[device].client.link(),
                    client::link::State::Ended { .. }
                ) {
                    // A conversation that is not there ends an operator's client, until the page is loaded again.
                    self.kill(device);
                    self.tell(device, client::Input::Want);
                }
                self.tell(device, client::Input::Older);
            }
            self.deliver();
            if let Some(next) = self.next_ring() {
                self.now = self.now.max(next);
            }
            self.ring();
        }
        let ends = self.devices.iter().map(|it| {
            (
                it.client.link(),
                it.client.outbox().outgoing().len(),
                it.client.transcript().last(),
            )
        });
        panic!(
            "did not come to rest: {:?}, {:?}, {:?}",
            ends.collect::<Vec<_>>(),
            self.disk.entries.len(),
            self.listed
        );
    }

    fn is_at_rest(&self) -> bool {
        let listed = self.listed.as_ref().map(|summary| summary.head);
        let head = self.disk.entries.last().map(|entry| entry.seq);
        listed == head
            && (0..self.devices.len()).all(|device| {
                let (shown, wanted) = self.shown(device);
                let client = &self.devices[device].client;
                let sent = client.outbox().outgoing().iter().all(|outgoing| {
                    matches!(outgoing.progress, client::outbox::Progress::Refused { .. })
                });
                matches!(client.link(), client::link::State::Live(_)) && sent && shown == wanted
            })
    }
}
