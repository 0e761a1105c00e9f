//! The sockets of a [`World`]: what is on its way, and what each end thinks of it. Nothing moves by itself.

use std::collections::VecDeque;

use protocol::{
    client,
    frame::{ClientFrame, Refusal, Refused, ServerFrame},
    id::SessionId,
    relay::{
        Principal,
        conversation::Input,
        session::{Session, State},
    },
    time::Timestamp,
};

use super::World;

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

    pub fn socket_of(&self, id: SessionId) -> Option<usize> {
        self.sockets
            .iter()
            .rposition(|socket| socket.held_open && socket.session == Some(id))
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

    /// The first draft on its way up is refused for now, as a limit of the shell would do it.
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
        self.hibernate();
    }
}
