//! What an [`Action`] does to a small world, and what may be left out of the world after it.

use protocol::{
    client::{self, Client, link},
    frame::{ClientFrame, ServerFrame},
    message::Draft,
    relay::session,
    time::Timestamp,
};

use super::{Action, Small};
use crate::{
    cast,
    world::{
        World,
        network::{Down, Socket, Up},
    },
};

pub fn happen(world: &mut World, left: &mut Small, action: Action) {
    match action {
        Action::Write(device) => {
            left.messages[device] -= 1;
            write(world, device);
        }
        Action::Up(socket) => {
            world.arrive_up(socket);
        }
        Action::Down(socket) => {
            world.arrive_down(socket);
        }
        Action::Hold(socket) => {
            left.holds -= 1;
            world.hold(socket);
        }
        Action::WaitEnds(device) => {
            if let Some(due) = world.devices[device].client.next_deadline() {
                let Timestamp(now) = world.clock(device);
                world.devices[device].clock += due.0 as i64 - now as i64;
            }
            world.tell(device, client::Input::Timer);
            if world.devices[device]
                .socket
                .is_none_or(|socket| matches!(world.sockets[socket].up.front(), Some(Up::Open)))
            {
                greet(world, device);
            }
        }
        Action::RelayDies => {
            left.crashes -= 1;
            world.restart();
            fall(world);
        }
        Action::TabDies(device) => {
            left.crashes -= 1;
            world.kill(device);
            open(world, device);
        }
        Action::SocketLost(device) => {
            left.crashes -= 1;
            if let Some(socket) = world.devices[device].socket.take() {
                world.sockets[socket].up.push_back(Up::End);
            }
            world.tell(device, client::Input::Closed(None));
        }
        Action::Epoch(keep) => {
            left.epochs -= 1;
            let mut copy = world.disk.clone();
            copy.entries.truncate(keep);
            copy.names.retain(|_, at| *at < keep);
            hear(world);
            world.restore(copy);
            fall(world);
        }
    }
    tidy(world);
}

/// The relay has died: its sockets are gone, with all that is on its way. What was to arrive of it has arrived before, in another
/// order of events.
fn fall(world: &mut World) {
    for device in 0..world.devices.len() {
        if world.devices[device].socket.take().is_some() {
            world.tell(device, client::Input::Closed(None));
        }
    }
}

/// Everything on its way to a device arrives.
fn hear(world: &mut World) {
    for socket in 0..world.sockets.len() {
        while world.arrive_down(socket) {}
    }
}

pub fn open(world: &mut World, device: usize) {
    world.tell(device, client::Input::Hidden);
    world.tell(device, client::Input::Want);
    world.answer_renewal(device, true);
    greet(world, device);
}

/// The socket opens, and its hello arrives.
fn greet(world: &mut World, device: usize) {
    let socket = world.devices[device].socket.expect("it connects");
    world.arrive_up(socket);
    world.arrive_down(socket);
    world.arrive_up(socket);
}

fn write(world: &mut World, device: usize) {
    let it = &mut world.devices[device];
    let n = it.written.len();
    let mut random = [0; 10];
    (random[2], random[3]) = (device as u8, n as u8);
    let draft = Draft {
        // Nobody writes twice in a millisecond.
        id: it
            .client
            .outbox()
            .mint(Timestamp(cast::START.0 + n as u64), random),
        content: cast::message(format!("{device}:{n}")),
    };
    it.written.push(draft.clone());
    world.tell(device, client::Input::Send(draft));
}

/// Takes away what nobody will look at any more, and puts sockets in an order: by device, then by age.
fn tidy(world: &mut World) {
    world.alarm = None;
    world.settling = false;
    world.projecting = None;
    world.tally.clear();
    for at in 0..world.sockets.len() {
        while is_over(world, at) {
            world.arrive_up(at);
        }
    }
    let current: Vec<Option<usize>> = world.devices.iter().map(|it| it.socket).collect();
    let mut kept = vec![];
    for (at, mut socket) in std::mem::take(&mut world.sockets).into_iter().enumerate() {
        let is_current = current[socket.device] == Some(at);
        if !is_current {
            socket.down.clear();
        }
        if !socket.held_open {
            socket.up.clear();
            (socket.session, socket.attachment) = (None, None);
        }
        socket.down.retain(|down| !is_aside(down));
        if is_current || socket.held_open {
            kept.push((is_current, socket));
        }
    }
    kept.sort_by_key(|(_, socket)| socket.device);
    for (at, (is_current, socket)) in kept.into_iter().enumerate() {
        if is_current {
            world.devices[socket.device].socket = Some(at);
        }
        world.sockets.push(socket);
    }
    for device in &mut world.devices {
        device.seen_frames.clear();
    }
}

/// Whether what is oldest on its way up changes nothing that anybody could notice: the end of a socket that its device has left,
/// or on such a socket a draft that is stored already.
fn is_over(world: &World, at: usize) -> bool {
    let socket = &world.sockets[at];
    let is_left = world.devices[socket.device].socket != Some(at);
    is_left && !socket.up.is_empty() && !would_write(world, socket)
}

/// Whether what is oldest on its way up is a draft that can be refused for now.
pub fn can_hold(socket: &Socket) -> bool {
    let draft = matches!(socket.up.front(), Some(Up::Frame(ClientFrame::Send(_))));
    let live = socket.attachment.as_ref().map(|session| &session.state);
    draft && socket.held_open && matches!(live, Some(session::State::Live { held: None, .. }))
}

/// Whether a client waits with its drafts because one was refused for now.
pub fn is_paused(client: &Client) -> bool {
    let outbox = client.outbox();
    matches!(client.link(), link::State::Live(_))
        && outbox.next_deadline().is_some()
        && outbox.overdue_at().is_none()
}

/// Whether an entry is stored when what is oldest on its way up arrives.
fn would_write(world: &World, socket: &Socket) -> bool {
    match socket.up.front() {
        Some(Up::Frame(ClientFrame::Send(draft))) => !world.disk.names.contains_key(&draft.id),
        Some(Up::Open | Up::Frame(_) | Up::Ping | Up::End) | None => false,
    }
}

fn is_aside(down: &Down) -> bool {
    matches!(
        down,
        Down::Frame(ServerFrame::Presence(_) | ServerFrame::Typing { .. })
    )
}
