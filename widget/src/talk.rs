//! The visitor's end of the conversation, as the driver runs it: `protocol`'s machine with the widget's own wire.

use browser::{
    clock,
    driver::{self, Event, Machine, Task},
    random,
};
use protocol::{
    client::{Client, Input, link::Credential},
    message::Draft,
    time::Timestamp,
};

use crate::wire;

/// The visitor's end.
pub(crate) struct Talk {
    /// The machine.
    pub(crate) client: Client,
}

impl Talk {
    /// One that rests, with the drafts that were kept from before.
    pub(crate) fn new(credential: Credential, kept: Vec<Draft>) -> Self {
        Self {
            client: Client::new(clock::now(), credential, kept, random::seed()),
        }
    }
}

impl Machine for Talk {
    type Input = Input;

    fn input(event: Event) -> Option<Input> {
        driver::input(event, wire::server_frame)
    }

    fn take(&mut self, now: Timestamp, input: Input) -> Vec<Task> {
        let task = |effect| driver::task(effect, wire::client_frame, wire::draft_text);
        self.client
            .handle(now, input)
            .into_iter()
            .map(task)
            .collect()
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        self.client.next_deadline()
    }
}
