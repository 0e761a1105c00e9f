//! A relay with its disk, devices with theirs, and a network between them that only moves when told. Whatever the story,
//! [`World`] holds at every step that what is told is written and that what is forgotten is stored.

pub mod faults;
pub mod network;
mod time;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::{
    api::Exchange,
    backoff::Dice,
    client::{
        self, Client,
        link::Credential,
        outbox::{Outgoing, Progress},
    },
    close::{CloseCode, Comeback},
    conversation::{Keep, Summary},
    entry::{Content, Entry, OperatorCard},
    frame::{ClientFrame, ServerFrame},
    id::MessageId,
    message::Draft,
    relay::{
        Principal,
        conversation::{Conversation, Effect, Failure, Input, Request},
        deadlines,
        storage::{Audience, Fault},
    },
    time::{Millis, Timestamp},
};

use crate::{
    cast,
    memory::{Memory, Savepoint},
};
use faults::{Crash, Event, Tally};
use network::{Down, Socket, Up};

/// A device with a client on it.
#[derive(Clone)]
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
    /// Drafts that died with a tab, since the device's storage had been cleared under it.
    pub lost: BTreeSet<MessageId>,
    pub seen_frames: Vec<ServerFrame>,
}

#[derive(Clone)]
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
    /// The relay waits for its disk before it tells the shop.
    pub settling: bool,
    /// What the shop is being told, and what of it is to be kept.
    pub projecting: Option<(Summary, Keep)>,
    /// What the shop was told last.
    pub listed: Option<Summary>,
    /// What of it is on the shop's disk.
    pub kept: Option<Summary>,
    pub duty: Vec<OperatorCard>,
    /// Tokens older than this one have expired.
    pub token: u32,
    pub dice: Dice,
    /// The relay's process dies in its next turn.
    pub crash: Option<Crash>,
    /// The newest incarnation that was replaced.
    newest_epoch: u64,
    /// When the disk was replaced by an older copy.
    restored: Timestamp,
    /// What happened, and how often.
    pub tally: Tally,
}

impl Device {
    /// The drafts that are still to be stored, in order.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Draft> {
        let waits = |outgoing: &&Outgoing| !matches!(outgoing.progress, Progress::Refused { .. });
        let outgoing = self.client.outbox().outgoing();
        outgoing.iter().filter(waits).map(|it| &it.draft)
    }
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
            settling: false,
            projecting: None,
            listed: None,
            kept: None,
            duty: vec![],
            token: 1,
            dice: Dice::new(seed),
            crash: None,
            newest_epoch: 0,
            restored: Timestamp::default(),
            tally: Tally::default(),
        }
    }

    fn count(&mut self, event: Event) {
        *self.tally.entry(event).or_default() += 1;
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
            lost: BTreeSet::new(),
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

    pub fn clock(&self, device: usize) -> Timestamp {
        Timestamp(self.now.0.saturating_add_signed(self.devices[device].clock))
    }

    pub fn tell(&mut self, device: usize, input: client::Input) {
        let now = self.clock(device);
        let thrown_away = matches!(input, client::Input::Discard(_) | client::Input::Retry(..));
        let mut effects = self.devices[device].client.handle(now, input);
        let farewell = effects
            .iter()
            .position(|it| *it == client::Effect::Farewell);
        if let Some(at) = farewell {
            let frames = effects.drain(at..).skip(1);
            let frames = frames.filter_map(|effect| match effect {
                client::Effect::Transmit(frame) => Some(frame),
                _ => None,
            });
            let frames = frames.collect();
            self.farewell(device, frames);
        }
        for effect in effects {
            self.perform(device, effect, thrown_away);
        }
    }

    fn perform(&mut self, device: usize, effect: client::Effect, thrown_away: bool) {
        match effect {
            // What goes by request and answer is a socket to both ends.
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
            client::Effect::Farewell => unreachable!("dealt with whole"),
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

    /// The relay takes an event, in one transaction or as one row.
    pub fn relay(&mut self, input: Input) {
        let rang = matches!(input, Input::Alarm(_));
        self.turn(rang, |world| {
            let is_one_row = world.relay.is_one_row(&input, &world.disk)?;
            let done = world.relay.handle(world.now, input, &mut world.disk);
            if is_one_row {
                world.count(Event::OneRow);
                if world.disk.has_failed() && world.disk.rows() == 1 {
                    world.count(Event::Untold);
                }
                assert!(world.disk.rows() <= 1, "it is more than one row");
                assert!(
                    done.is_ok() || world.disk.rows() == 0,
                    "a row would be left of what was not done"
                );
            }
            done
        });
    }

    /// The first draft that waits on this device goes over HTTPS as well, and the answer gets lost.
    pub fn post(&mut self, device: usize) {
        let it = &self.devices[device];
        let Some(draft) = it.unconfirmed().next().cloned() else {
            return;
        };
        let principal = it.principal.clone();
        self.count(Event::Posted);
        self.turn(false, |world| {
            let request = Request::Send(draft);
            match world
                .relay
                .answer(world.now, &principal, request, &mut world.disk)
            {
                Ok((_, effects)) => Ok(effects),
                Err(Failure::Fault(fault)) => Err(fault),
                Err(Failure::NotFound | Failure::Refused(_)) => Ok(vec![]),
            }
        });
    }

    /// The last request of a page arrives; nobody hears the answer.
    fn farewell(&mut self, device: usize, frames: Vec<ClientFrame>) {
        let good = frames.first().is_some_and(|frame| match frame {
            ClientFrame::Hello(hello) => hello.token == Some(self.token.to_string()),
            _ => false,
        });
        if !good {
            return;
        }
        self.count(Event::Farewell);
        let principal = self.devices[device].principal.clone();
        self.turn(false, |world| {
            let asked = Exchange {
                frames,
                carried: None,
            };
            let request = Request::Exchange(asked);
            match world
                .relay
                .answer(world.now, &principal, request, &mut world.disk)
            {
                Ok((_, effects)) => Ok(effects),
                Err(Failure::Fault(fault)) => Err(fault),
                Err(Failure::NotFound | Failure::Refused(_)) => Ok(vec![]),
            }
        });
    }

    fn turn(&mut self, rang: bool, work: impl FnOnce(&mut Self) -> Result<Vec<Effect>, Fault>) {
        let before = self.disk.savepoint();
        let done = work(self);
        let crash = self.crash.take();
        if rang && (done.is_err() || crash.is_some()) {
            // An alarm that did not end well rings again; the runtime sees to it.
            self.alarm = self.alarm.or(Some(self.now + Millis::seconds(2)));
        }
        match (done, crash) {
            (Ok(effects), None) => {
                self.commit(&before);
                effects
                    .into_iter()
                    .for_each(|effect| self.do_effect(effect));
            }
            (Ok(_), Some(Crash::AfterCommit)) => {
                self.commit(&before);
                self.count(Event::CrashAfterCommit);
                self.die();
            }
            (_, Some(crash)) => {
                self.disk.go_back(before);
                self.count(match crash {
                    Crash::BeforeCommit => Event::CrashBeforeCommit,
                    Crash::AfterCommit => Event::DiskFault,
                });
                self.die();
            }
            (Err(_), None) => {
                self.count(Event::DiskFault);
                if self.disk.go_back(before) {
                    self.count(Event::Undone);
                }
                self.cut_all(Some(CloseCode::Fault.number()));
                self.wake([]);
            }
        }
    }

    fn commit(&mut self, before: &Savepoint) {
        self.ever
            .extend(self.disk.since(before).iter().map(|entry| entry.id));
        self.alarm = deadlines::move_alarm(self.alarm, self.relay.next_deadline()).or(self.alarm);
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
            Effect::Settle => self.settling = true,
            Effect::Project { summary, keep, .. } => self.projecting = Some((summary, keep)),
            Effect::Added | Effect::Dropped(_) => {}
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

    /// The shop answers what it was told, or the call fails.
    pub fn answer_projection(&mut self, succeeds: bool) -> bool {
        let settled = std::mem::take(&mut self.settling);
        if settled {
            self.turn(false, |world| {
                let tell = world.relay.settled(world.now, &world.disk);
                Ok(tell.into_iter().collect())
            });
        }
        let Some((summary, keep)) = self.projecting.take() else {
            return settled;
        };
        if succeeds {
            let written = keep.is_written(&summary, self.kept.as_ref());
            self.listed = Some(summary);
            if written {
                self.kept.clone_from(&self.listed);
            }
            let floor = self.duty.clone().into();
            self.relay(match keep.was_only_shown(written) {
                true => Input::Shown(floor),
                false => Input::Projected(floor),
            });
        } else {
            self.relay(Input::ProjectionFailed);
        }
        true
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
