//! Whole sessions as the first release of a version had them, played again with today's relay (SPEC, VS4). The files are in
//! `golden/v*/sessions`, one step a line: somebody opens a socket, says a frame, hears one, leaves, is closed; time passes.
//!
//! What was said then is said again, word for word. What is heard now goes through a reader that knows what a client of that
//! version knows (`recorded/reader.rs`): it must be able to read all of it, and of the conversation it must read the same.

mod reader;

use std::{
    collections::{BTreeMap, VecDeque},
    fs,
    path::{Path, PathBuf},
};

use protocol::{
    frame::{ClientFrame, InboxClientFrame},
    id::SessionId,
    relay::{
        Principal,
        conversation::{Conversation, Effect, Input},
        inbox::{self, Inbox},
    },
    time::{Millis, Timestamp},
    version::{CURRENT, OLDEST},
};
use serde_json::{Value, json};

use crate::{
    cast::{self, giulia, marco, operator, stranger, visitor},
    memory::Memory,
};

fn folder(version: u16) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/golden/v{version}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    files.extend(folders.iter().flat_map(|folder| self::files(folder)));
    files
}

fn steps(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    let steps: Vec<Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(
        steps.iter().any(|step| step.get("hears").is_some()),
        "{} has no answer in it",
        file.display()
    );
    steps
}

/// Where a session is played: a conversation, or the inbox of its shop.
enum Place {
    Conversation(Box<Conversation>, Memory),
    Inbox(Inbox),
}

/// A session on its way through a relay.
struct Stage {
    place: Place,
    now: Timestamp,
    sockets: BTreeMap<String, SessionId>,
    /// What was told and not yet looked at.
    told: Vec<(SessionId, Value)>,
    closed: Vec<(SessionId, u16)>,
}

impl Stage {
    fn new(file: &Path) -> Self {
        let of_inbox = file
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("inbox"));
        Self {
            place: if of_inbox {
                Place::Inbox(Inbox::default())
            } else {
                let relay = Conversation::wake(cast::conversation(), []);
                Place::Conversation(Box::new(relay), Memory::default())
            },
            now: cast::START,
            sockets: BTreeMap::new(),
            told: vec![],
            closed: vec![],
        }
    }

    fn play(&mut self, step: &Value) {
        if let Some(ms) = step["waits"].as_u64() {
            self.now = self.now + Millis(ms);
        }
        if let Some(summary) = step.get("changes") {
            let summary = serde_json::from_value(summary.clone()).unwrap();
            self.inbox(inbox::Input::Changed(summary));
        }
        let who = step["who"].as_str().unwrap_or_default();
        if step.get("opens").is_some() {
            let id = match &self.place {
                Place::Conversation(relay, _) => relay.free_session(),
                Place::Inbox(inbox) => inbox.free_session(),
            };
            self.sockets.insert(who.into(), id);
            match self.place {
                Place::Conversation(..) => {
                    self.conversation(Input::Opened(id, by_request(who)));
                }
                Place::Inbox(_) => self.inbox(inbox::Input::Opened(id, card(who))),
            }
        }
        if let Some(frame) = step.get("says") {
            self.say(self.sockets[who], frame);
        }
        if step.get("leaves").is_some() {
            let id = self.sockets[who];
            match self.place {
                Place::Conversation(..) => self.conversation(Input::Closed(id)),
                Place::Inbox(_) => self.inbox(inbox::Input::Closed(id)),
            }
        }
    }

    fn say(&mut self, id: SessionId, frame: &Value) {
        match self.place {
            Place::Conversation(..) => {
                let input = match serde_json::from_value(frame.clone()) {
                    Ok(ClientFrame::Hello(hello)) => {
                        let claim = hello.token.as_deref().and_then(by_token);
                        Input::Hello(id, hello, claim)
                    }
                    Ok(frame) => Input::Frame(id, frame),
                    Err(_) => Input::Malformed(id),
                };
                self.conversation(input);
            }
            Place::Inbox(_) => {
                let frame: Option<InboxClientFrame> = serde_json::from_value(frame.clone()).ok();
                self.inbox(inbox::Input::Frame(id, frame));
            }
        }
    }

    fn conversation(&mut self, input: Input) {
        let Place::Conversation(relay, disk) = &mut self.place else {
            panic!("this happens in a conversation: {input:?}")
        };
        for effect in relay.handle(self.now, input, disk).unwrap() {
            match effect {
                Effect::Send(to, frame) => {
                    let text = serde_json::to_value(frame).unwrap();
                    self.told
                        .extend(to.into_iter().map(|id| (id, text.clone())));
                }
                Effect::Close(id, code) => self.closed.push((id, code.number())),
                // The shop is told, and has nothing to say.
                Effect::Settle
                | Effect::Project { .. }
                | Effect::Attach(_)
                | Effect::Added
                | Effect::Dropped(_) => {}
            }
        }
    }

    fn inbox(&mut self, input: inbox::Input) {
        let Place::Inbox(inbox) = &mut self.place else {
            panic!("this happens in an inbox: {input:?}")
        };
        for effect in inbox.handle(self.now, input) {
            match effect {
                inbox::Effect::Send(to, frame) => {
                    let text = serde_json::to_value(frame).unwrap();
                    self.told
                        .extend(to.into_iter().map(|id| (id, text.clone())));
                }
                inbox::Effect::Close(id, code) => self.closed.push((id, code.number())),
                inbox::Effect::Attach(_) | inbox::Effect::Announce(_) => {}
            }
        }
    }
}

fn by_request(who: &str) -> Option<Principal> {
    let is_operator = who.starts_with("giulia") || who.starts_with("marco");
    is_operator.then(|| operator(card(who)))
}

fn by_token(token: &str) -> Option<Principal> {
    match token {
        "the visitor's" => Some(visitor()),
        "a stranger's" => Some(stranger()),
        _ => None,
    }
}

fn card(who: &str) -> protocol::entry::OperatorCard {
    match who.split(' ').next() {
        Some("giulia") => giulia(),
        Some("marco") => marco(),
        other => panic!("{other:?} is no operator"),
    }
}

/// Who hears what, each in their order.
type Heard = BTreeMap<String, VecDeque<Value>>;

fn recorded(steps: &[Value]) -> Heard {
    let mut heard = Heard::new();
    for step in steps {
        let who = step["who"].as_str().unwrap_or_default().to_owned();
        if let Some(frame) = step.get("hears") {
            heard.entry(who).or_default().push_back(frame.clone());
        } else if let Some(code) = step.get("closed") {
            heard
                .entry(who)
                .or_default()
                .push_back(json!({ "closed": code }));
        }
    }
    heard
}

/// The session as it goes today; a closed socket is told like a frame.
fn played(file: &Path, steps: &[Value]) -> Heard {
    let mut stage = Stage::new(file);
    let mut heard = Heard::new();
    for step in steps {
        stage.play(step);
        let closed = std::mem::take(&mut stage.closed);
        let closed = closed
            .into_iter()
            .map(|(id, code)| (id, json!({ "closed": code })));
        for (id, frame) in std::mem::take(&mut stage.told).into_iter().chain(closed) {
            let socket = stage.sockets.iter().find(|(_, of)| **of == id);
            let who = socket.expect("a socket that is open").0.clone();
            heard.entry(who).or_default().push_back(frame);
        }
    }
    heard
}

/// What comes once, whatever is told between: the conversation itself. Of who reads, types and is there, a later relay may
/// tell more.
fn is_of_the_conversation(frame: &Value) -> bool {
    !matches!(
        frame["type"].as_str(),
        Some("receipt" | "typing" | "presence" | "duty")
    )
}

#[test]
fn vs4_a_recorded_session_of_every_version_goes_as_it_went() {
    for version in OLDEST..=CURRENT {
        let sessions = files(&folder(version).join("sessions"));
        assert!(sessions.len() >= 5, "v{version} has its recorded sessions");
        for file in sessions {
            let steps = steps(&file);
            let place = file.display();
            let mut today: Heard = played(&file, &steps)
                .into_iter()
                .map(|(who, frames)| {
                    let read = frames.iter().filter_map(|frame| {
                        let read = reader::read(version, frame);
                        read.unwrap_or_else(|error| panic!("{place}: {who}: {frame}: {error}"))
                    });
                    let read = read.collect();
                    (who, read)
                })
                .collect();
            for (who, then) in recorded(&steps) {
                let now = today.remove(&who).unwrap_or_default();
                let of = |frames: &VecDeque<Value>, conversation: bool| -> Vec<Value> {
                    let wanted = frames.iter();
                    wanted
                        .filter(|frame| is_of_the_conversation(frame) == conversation)
                        .cloned()
                        .collect()
                };
                assert_eq!(of(&now, true), of(&then, true), "{place}: {who}");
                let mut now = of(&now, false).into_iter();
                for frame in of(&then, false) {
                    assert!(
                        now.any(|it| it == frame),
                        "{place}: {who} is not told {frame} any more, or too late"
                    );
                }
            }
            assert!(
                today
                    .values()
                    .flatten()
                    .all(|frame| !is_of_the_conversation(frame)),
                "{place}: somebody is told who was not: {today:?}"
            );
        }
    }
}

#[test]
fn vs4_the_recorded_sessions_have_every_frame_of_their_version() {
    let mut kinds: Vec<String> = vec![];
    for file in files(&folder(1).join("sessions")) {
        let of = if file.to_string_lossy().contains("inbox") {
            "inbox "
        } else {
            ""
        };
        for step in steps(&file) {
            for direction in ["says", "hears"] {
                if let Some(kind) = step.pointer(&format!("/{direction}/type")) {
                    kinds.push(format!("{of}{direction} {}", kind.as_str().unwrap()));
                }
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    let all = [
        "hears entry",
        "hears history",
        "hears presence",
        "hears receipt",
        "hears refused",
        "hears typing",
        "hears welcome",
        "inbox hears duty",
        "inbox hears summary",
        "inbox hears welcome",
        "inbox says hello",
        "says hello",
        "says history",
        "says page",
        "says receipt",
        "says send",
        "says typing",
    ];
    assert!(
        all.iter().all(|kind| kinds.iter().any(|it| it == kind)),
        "{kinds:?}"
    );
}

/// Each golden file and what it was when its version was released. A file is only ever added.
const PINNED: &str = include_str!("golden/pinned.txt");

#[test]
fn vs4_what_a_version_wrote_is_not_edited() {
    let top = folder(1);
    let top = top.parent().unwrap();
    let found: Vec<String> = files(top)
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .map(|file| {
            let name = file
                .strip_prefix(top)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            format!("{:016x} {name}", fnv(&fs::read(file).unwrap()))
        })
        .collect();
    assert!(found.len() > 25, "the golden files are found: {found:?}");
    let pinned: Vec<&str> = PINNED.lines().collect();
    for line in &found {
        assert!(
            pinned.contains(&line.as_str()),
            "{line}\nis not in golden/pinned.txt: a new file is added there with this line, an old one is put back as it was"
        );
    }
    assert_eq!(found.len(), pinned.len(), "a golden file is gone");
}

/// FNV-1a: enough to notice an edit.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
