//! A relay with its disk, devices with theirs, and a network between them that only moves when told. Whatever the story,
//! [`World`] holds at every step that what is told is written and that what is forgotten is stored.

mod network;
mod time;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::{
    api::Exchange,
    backoff::Dice,
    client::{self, Client, link::Credential},
    close::{CloseCode, Comeback},
    conversation::Summary,
    cursor::Epoch,
    entry::{Content, Entry, OperatorCard},
    frame::{ClientFrame, ServerFrame},
    id::MessageId,
    message::Draft,
    relay::{
        Principal,
        conversation::{Conversation, Effect, Failure, Input, Request},
        deadlines,
        session::Session,
        storage::Audience,
    },
    time::{Millis, Timestamp},
};

use crate::{
    cast,
    memory::{Memory, Savepoint},
};
use network::{Down, Socket, Up};

/// A device with a client on it.
pub struct Device {
    pub client: Client,
    pub principal: Principal,
    /// What the device keeps when the tab dies.
    pub kept: BTreeMap<MessageId, Draft>,
    /// The socket that the client believes in.
    pub socket: Option<usize>,
    /// How far its clock is from the true time.
    pub clock: i64,
    pub renewing: bool,
    /// Every draft written here, in order.
    pub written: Vec<Draft>,
    pub seen_frames: Vec<ServerFrame>,
}

pub struct World {
    pub now: Timestamp,
    pub relay: Conversation,
    pub disk: Memory,
    pub alarm: Option<Timestamp>,
    pub devices: Vec<Device>,
    pub sockets: Vec<Socket>,
    /// Everything that ever was on the disk.
    pub ever: BTreeSet<MessageId>,
    /// What a restored copy of the disk does not have.
    pub rolled_back: Vec<MessageId>,
    /// What the shop is being told.
    pub projecting: Option<(Summary, bool)>,
    /// What the shop was told last.
    pub listed: Option<Summary>,
    /// What of it is on the shop's disk.
    pub kept: Option<Summary>,
    pub duty: Vec<OperatorCard>,
    /// Tokens older than this one have expired.
    pub token: u32,
    pub dice: Dice,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            now: cast::START,
            relay: Conversation::wake(cast::conversation(), []),
            disk: Memory::default(),
            alarm: None,
            devices: vec![],
            sockets: vec![],
            ever: BTreeSet::new(),
            rolled_back: vec![],
            projecting: None,
            listed: None,
            kept: None,
            duty: vec![],
            token: 1,
            dice: Dice::new(seed),
        }
    }

    /// Adds a device; visitors have tokens, operators are known by their request.
    pub fn add(&mut self, principal: Principal) -> usize {
        let client = self.new_client(self.now, &principal, vec![]);
        self.devices.push(Device {
            client,
            principal,
            kept: BTreeMap::new(),
            socket: None,
            clock: 0,
            renewing: false,
            written: vec![],
            seen_frames: vec![],
        });
        self.devices.len() - 1
    }

    fn new_client(&mut self, now: Timestamp, principal: &Principal, kept: Vec<Draft>) -> Client {
        let credential = match principal {
            Principal::Visitor { .. } => Credential::Token(None),
            Principal::Operator { .. } => Credential::Ambient,
        };
        Client::new(now, credential, kept, self.dice.roll())
    }

    /// The tab dies; the next one knows what the device kept.
    pub fn kill(&mut self, device: usize) {
        let now = self.clock(device);
        let mut kept: Vec<Draft> = self.devices[device].kept.values().cloned().collect();
        // A device's store keeps no order.
        for n in (1..kept.len()).rev() {
            kept.swap(n, self.dice.below(n as u64 + 1) as usize);
        }
        let principal = self.devices[device].principal.clone();
        let client = self.new_client(now, &principal, kept);
        let it = &mut self.devices[device];
        it.client = client;
        it.renewing = false;
        if let Some(socket) = it.socket.take() {
            self.sockets[socket].up.push_back(Up::End);
        }
    }

    pub fn clock(&self, device: usize) -> Timestamp {
        Timestamp(self.now.0.saturating_add_signed(self.devices[device].clock))
    }

    pub fn tell(&mut self, device: usize, input: client::Input) {
        let now = self.clock(device);
        let thrown_away = matches!(input, client::Input::Discard(_) | client::Input::Retry(..));
        let effects = self.devices[device].client.handle(now, input);
        for effect in effects {
            self.perform(device, effect, thrown_away);
        }
    }

    fn perform(&mut self, device: usize, effect: client::Effect, thrown_away: bool) {
        match effect {
            client::Effect::Connect(_) => {
                self.sockets.push(Socket {
                    device,
                    session: None,
                    up: VecDeque::from([Up::Open]),
                    down: VecDeque::new(),
                    held_open: false,
                    dead: false,
                    attachment: None,
                    pinged: None,
                });
                self.devices[device].socket = Some(self.sockets.len() - 1);
            }
            client::Effect::Disconnect(_) => {
                if let Some(socket) = self.devices[device].socket.take() {
                    self.sockets[socket].up.push_back(Up::End);
                }
            }
            client::Effect::Transmit(frame) => self.up(device, Up::Frame(frame)),
            client::Effect::Ping => self.up(device, Up::Ping),
            client::Effect::Farewell(frames) => self.farewell(device, frames),
            client::Effect::Renew => self.devices[device].renewing = true,
            client::Effect::Keep(draft) => {
                self.devices[device].kept.insert(draft.id, draft);
            }
            client::Effect::Forget(id) => {
                assert!(
                    thrown_away || self.ever.contains(&id),
                    "{id} is forgotten and was never stored"
                );
                self.devices[device].kept.remove(&id);
            }
        }
    }

    /// The page's last request arrives, or does not; nobody hears the answer.
    fn farewell(&mut self, device: usize, frames: Vec<ClientFrame>) {
        if self.dice.below(2) == 0 {
            return;
        }
        let good = frames.first().is_some_and(|frame| match frame {
            ClientFrame::Hello(hello) => hello.token == Some(self.token.to_string()),
            _ => false,
        });
        if !good {
            return;
        }
        let before = self.disk.savepoint();
        let principal = self.devices[device].principal.clone();
        let asked = Exchange {
            frames,
            carried: None,
        };
        let request = Request::Exchange(asked);
        match self
            .relay
            .answer(self.now, &principal, request, &mut self.disk)
        {
            Ok((_, effects)) => self.written(&before, effects),
            Err(Failure::Fault(_)) => self.faulted(before),
            Err(Failure::NotFound | Failure::Refused(_)) => {}
        }
    }

    fn up(&mut self, device: usize, up: Up) {
        if let Some(socket) = self.devices[device].socket {
            self.sockets[socket].up.push_back(up);
        }
    }

    /// The person on this device writes.
    pub fn write(&mut self, device: usize, content: Content) -> MessageId {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.dice.roll().to_be_bytes());
        let id = self.devices[device]
            .client
            .outbox()
            .mint(self.clock(device), random);
        let draft = Draft { id, content };
        self.devices[device].written.push(draft.clone());
        self.tell(device, client::Input::Send(draft));
        id
    }

    /// The relay takes an event, in one transaction.
    pub fn relay(&mut self, input: Input) {
        let before = self.disk.savepoint();
        match self.relay.handle(self.now, input, &mut self.disk) {
            Ok(effects) => self.written(&before, effects),
            Err(_) => self.faulted(before),
        }
    }

    fn written(&mut self, before: &Savepoint, effects: Vec<Effect>) {
        self.ever
            .extend(self.disk.since(before).iter().map(|entry| entry.id));
        self.alarm = deadlines::move_alarm(self.alarm, self.relay.next_deadline()).or(self.alarm);
        effects
            .into_iter()
            .for_each(|effect| self.do_effect(effect));
    }

    fn faulted(&mut self, before: Savepoint) {
        // An alarm that ended in a fault rings again; the runtime sees to it.
        self.alarm = self.alarm.or(Some(self.now + Millis::seconds(2)));
        self.disk.go_back(before);
        self.cut_all(Some(CloseCode::Fault.number()));
        self.relay = Conversation::wake(cast::conversation(), []);
    }

    fn do_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Attach(session) => {
                if let Some(at) = self.socket_of(session.id) {
                    self.sockets[at].attachment = Some(session);
                }
            }
            Effect::Send(to, frame) => {
                for id in to {
                    let Some(at) = self.socket_of(id) else {
                        continue;
                    };
                    self.may_be_told(
                        &frame,
                        self.devices[self.sockets[at].device].principal.audience(),
                    );
                    self.sockets[at].down.push_back(Down::Frame(frame.clone()));
                }
            }
            Effect::Close(id, code) => {
                if let Some(at) = self.socket_of(id) {
                    self.sockets[at].held_open = false;
                    self.sockets[at]
                        .down
                        .push_back(Down::End(Some(code.number())));
                }
            }
            Effect::Project { summary, keep } => self.projecting = Some((summary, keep)),
            Effect::Added => {}
        }
    }

    fn may_be_told(&self, frame: &ServerFrame, audience: Audience) {
        let entries = match frame {
            ServerFrame::Entry { entry, .. } => std::slice::from_ref(entry),
            ServerFrame::History(page) => &page.entries,
            ServerFrame::Presence(presence) => {
                assert!(
                    audience == Audience::Operators || presence.page.is_none(),
                    "a visitor is told a page"
                );
                return;
            }
            ServerFrame::Welcome(_)
            | ServerFrame::Refused(_)
            | ServerFrame::Receipt(_)
            | ServerFrame::Typing { .. }
            | ServerFrame::Unknown => return,
        };
        for entry in entries {
            let stored = self.disk.entries.get(entry.seq.0 as usize - 1);
            assert_eq!(stored, Some(entry), "what is told is written");
            assert!(
                audience == Audience::Operators || !entry.content.is_internal(),
                "a visitor is told a note"
            );
        }
    }

    /// The relay's process dies, and its sockets with it.
    pub fn restart(&mut self) {
        self.cut_all(None);
        self.lose_projection();
        self.relay = Conversation::wake(cast::conversation(), []);
    }

    /// The relay's memory goes; its sockets and what is attached to them stay.
    pub fn hibernate(&mut self) {
        let open = self.sockets.iter().filter(|socket| socket.held_open);
        let sessions: Vec<Session> = open
            .filter_map(|socket| socket.attachment.clone())
            .collect();
        self.relay = Conversation::wake(cast::conversation(), sessions);
    }

    /// The disk is replaced by a copy from before, of a new incarnation.
    pub fn restore(&mut self, mut copy: Memory) {
        let lost = self
            .disk
            .entries
            .iter()
            .filter(|entry| !copy.names.contains_key(&entry.id));
        self.rolled_back.extend(lost.map(|entry| entry.id));
        if let Some(origin) = &mut copy.origin {
            // Two restorations in one millisecond are two all the same.
            let old = self.disk.origin.as_ref().map_or(0, |origin| origin.epoch.0);
            origin.epoch = Epoch(self.now.0.max(old + 1));
        }
        self.disk = copy;
        self.listed = None;
        self.kept = None;
        self.restart();
        // Whoever restores looks at the object once.
        self.alarm = Some(self.now);
    }

    /// The shop answers what it was told, or the call fails.
    pub fn answer_projection(&mut self, succeeds: bool) -> bool {
        let Some((summary, keep)) = self.projecting.take() else {
            return false;
        };
        if succeeds {
            self.listed = Some(summary);
            if keep {
                self.kept.clone_from(&self.listed);
            }
            self.relay(Input::Projected(self.duty.clone()));
        } else {
            self.relay(Input::ProjectionFailed);
        }
        true
    }

    /// The call to the shop is lost, and nobody says so: an alarm that waited for it rings again.
    pub fn lose_projection(&mut self) {
        if self.projecting.take().is_some() {
            self.alarm = self.alarm.or(Some(self.now + Millis::seconds(2)));
        }
    }

    /// The shop's memory goes.
    pub fn shop_forgets(&mut self) {
        self.listed.clone_from(&self.kept);
    }

    /// The token that this device asked for comes, or does not.
    pub fn answer_renewal(&mut self, device: usize, succeeds: bool) -> bool {
        if !std::mem::take(&mut self.devices[device].renewing) {
            return false;
        }
        let token = if succeeds {
            Ok(self.token.to_string())
        } else {
            Err(Comeback::Later)
        };
        self.tell(device, client::Input::Token(token));
        true
    }

    /// What this device shows, and what it should show.
    pub fn shown(&self, device: usize) -> (Vec<Entry>, Vec<Entry>) {
        let it = &self.devices[device];
        let shown = it.client.transcript().entries().iter().cloned().collect();
        (
            shown,
            self.disk.view(it.principal.audience()).cloned().collect(),
        )
    }
}
