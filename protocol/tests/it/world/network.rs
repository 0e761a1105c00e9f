//! The sockets of a [`World`]: what is on its way, and what each end thinks of it. Nothing moves by itself.

use std::collections::VecDeque;

use protocol::{
    client,
    frame::{ClientFrame, ServerFrame},
    id::SessionId,
    relay::{Principal, conversation::Input, session::Session},
    time::Timestamp,
};

use super::{World, faults::Event};

/// Something on its way to the relay.
#[derive(Clone, Debug)]
pub enum Up {
    Open,
    Frame(ClientFrame),
    Ping,
    End,
}

/// Something on its way to a device.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "frames are what a network is for, and a world holds a handful"
)]
pub enum Down {
    Opened,
    Frame(ServerFrame),
    Pong,
    End(Option<u16>),
}

/// One socket: two queues, and what each end thinks of it.
#[derive(Clone, Debug)]
pub struct Socket {
    pub device: usize,
    pub session: Option<SessionId>,
    pub up: VecDeque<Up>,
    pub down: VecDeque<Down>,
    /// The relay has it open.
    pub held_open: bool,
    /// Nothing gets through any more, and nobody is told.
    pub dead: bool,
    pub attachment: Option<Session>,
    /// When the runtime answered its last ping.
    pub pinged: Option<Timestamp>,
}

impl World {
    /// The oldest thing on its way up this socket arrives.
    pub fn arrive_up(&mut self, socket: usize) -> bool {
        let Some(up) = self.sockets[socket].up.pop_front() else {
            return false;
        };
        if self.sockets[socket].dead {
            return true;
        }
        let session = self.sockets[socket]
            .session
            .filter(|_| self.sockets[socket].held_open);
        if session.is_some() {
            self.count_up(socket, &up);
        }
        match (up, session) {
            (Up::Open, _) => {
                let session = self.relay.free_session();
                let it = &mut self.sockets[socket];
                (it.session, it.held_open) = (Some(session), true);
                it.down.push_back(Down::Opened);
                let principal = match &self.devices[it.device].principal {
                    Principal::Visitor { .. } => None,
                    operator @ Principal::Operator { .. } => Some(operator.clone()),
                };
                self.relay(Input::Opened(session, principal));
            }
            (Up::Frame(ClientFrame::Hello(hello)), Some(session)) => {
                let good = hello.token.as_deref() == Some(self.token.to_string().as_str());
                let claim =
                    good.then(|| self.devices[self.sockets[socket].device].principal.clone());
                self.relay(Input::Hello(session, hello, claim));
            }
            (Up::Frame(frame), Some(session)) => self.relay(Input::Frame(session, frame)),
            (Up::Ping, Some(_)) => {
                self.sockets[socket].pinged = Some(self.now);
                self.sockets[socket].down.push_back(Down::Pong);
            }
            (Up::End, Some(session)) => {
                self.sockets[socket].held_open = false;
                self.relay(Input::Closed(session));
            }
            (Up::Frame(_) | Up::Ping | Up::End, None) => {}
        }
        true
    }

    /// The oldest thing on its way down this socket arrives, if anybody listens to it any more.
    pub fn arrive_down(&mut self, socket: usize) -> bool {
        let Some(down) = self.sockets[socket].down.pop_front() else {
            return false;
        };
        let device = self.sockets[socket].device;
        if self.sockets[socket].dead || self.devices[device].socket != Some(socket) {
            return true;
        }
        let input = match down {
            Down::Opened => client::Input::Opened,
            Down::Pong => client::Input::Pong,
            Down::End(code) => {
                self.devices[device].socket = None;
                client::Input::Closed(code)
            }
            Down::Frame(frame) => {
                self.count_down(device, &frame);
                self.devices[device].seen_frames.push(frame.clone());
                client::Input::Frame(frame)
            }
        };
        self.tell(device, input);
        true
    }

    /// What the runtime knows of pings.
    pub fn pings(&self) -> Vec<(SessionId, Timestamp)> {
        let open = self.sockets.iter().filter(|socket| socket.held_open);
        open.filter_map(|socket| Some((socket.session?, socket.pinged?)))
            .collect()
    }

    fn count_up(&mut self, socket: usize, up: &Up) {
        let now = self.devices[self.sockets[socket].device].socket;
        if now.is_some_and(|now| now != socket) {
            self.count(Event::LateSocket);
        }
        if let Up::Frame(ClientFrame::Send(draft)) = up
            && self.disk.names.contains_key(&draft.id)
        {
            self.count(Event::SentAgain);
        }
    }

    fn count_down(&mut self, device: usize, frame: &ServerFrame) {
        let last = self.devices[device].client.transcript().last();
        if matches!(frame, ServerFrame::Entry { entry, .. } if entry.seq <= last) {
            self.count(Event::ToldAgain);
        }
    }

    pub fn socket_of(&self, id: SessionId) -> Option<usize> {
        self.sockets
            .iter()
            .rposition(|socket| socket.held_open && socket.session == Some(id))
    }
}
