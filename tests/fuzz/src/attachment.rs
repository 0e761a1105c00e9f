//! What a socket carries, one session per line: whatever the relay reads of it, it wakes with and goes on. A session of another
//! version is no reason to fall.

use protocol::{
    close::CloseCode,
    frame::{ClientFrame, Hello, InboxClientFrame, Span},
    id::{ConversationId, SessionId},
    relay::{
        conversation::{self, Conversation},
        inbox::{self, Inbox},
        session::Session,
    },
    time::Timestamp,
    version::VersionRange,
};
use serde::de::DeserializeOwned;

use crate::{frames::again, memory::Memory};

/// Takes a text of lines.
pub fn take(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    for line in text.lines() {
        again::<Session>(line);
        again::<inbox::Session>(line);
    }
    converse(read(text));
    look(read(text));
}

fn read<T: DeserializeOwned>(text: &str) -> Vec<T> {
    let lines = text.lines();
    lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn converse(sessions: Vec<Session>) {
    use conversation::Input;
    let names: Vec<_> = sessions.iter().map(|session| session.id).collect();
    let mut relay = Conversation::wake(ConversationId::from_bytes([9; 16]), sessions);
    is_free(relay.free_session(), &names);
    let mut disk = Memory::default();
    for now in [
        Timestamp(0),
        Timestamp(1_760_000_000_000),
        Timestamp(u64::MAX),
    ] {
        let mut inputs = vec![Input::Alarm(names.iter().map(|id| (*id, now)).collect())];
        for id in &names {
            let hello = Hello {
                version: VersionRange::OURS,
                token: None,
                cursor: None,
                page: None,
            };
            inputs.push(Input::Hello(*id, hello, None));
            let frame = ClientFrame::History(Span::Newest);
            inputs.push(Input::Frame(*id, frame));
        }
        inputs.extend(names.first().map(|id| Input::Closed(*id)));
        for input in inputs {
            let done = relay.handle(now, input, &mut disk);
            done.expect("nothing fails on plain memory");
        }
    }
}

fn look(sessions: Vec<inbox::Session>) {
    use inbox::{Effect, Input};
    let names: Vec<_> = sessions.iter().map(|session| session.id).collect();
    let mut inbox = Inbox::wake(sessions);
    is_free(inbox.free_session(), &names);
    for now in [
        Timestamp(0),
        Timestamp(1_760_000_000_000),
        Timestamp(u64::MAX),
    ] {
        inbox.handle(now, Input::Alarm(vec![]));
        for id in &names {
            let version = VersionRange::OURS;
            let hello = InboxClientFrame::Hello { version };
            inbox.handle(now, Input::Frame(*id, Some(hello)));
            for effect in inbox.handle(now, Input::Frame(*id, None)) {
                if let Effect::Close(_, code) = effect {
                    assert_ne!(code, CloseCode::Leaving, "that is the client's");
                }
            }
        }
    }
}

/// Names are counted from those of the sockets that are open; the last one of all, which no object lives to see, is not judged.
fn is_free(name: SessionId, taken: &[SessionId]) {
    let last = SessionId(u32::MAX);
    assert!(
        taken.contains(&last) || !taken.contains(&name),
        "{name:?} is used"
    );
}
