//! The conversation as it stands on the screen: the part of the transcript that is shown, the lines made of it, and what
//! is wrong with the connection.

use std::rc::Rc;

use browser::page;
use protocol::client::link::State;

use super::Chat;
use crate::{
    date::day_of,
    dom::Live,
    line::{self, Key, Line, Source},
    view::{Row, Stage, Trouble},
    wire::outlook,
};

impl Chat {
    /// The lines, who types and who is there.
    pub(super) fn draw(&self) {
        let drawn = self.read(|client| {
            let source = Source {
                entries: client.transcript().entries(),
                outgoing: client.outbox().outgoing(),
                window: self.window.get(),
                read: client.read_by_others(),
                new_from: self.new_from.get(),
            };
            let lines = line::lines(&source, day_of);
            let stage = match (
                lines.is_empty(),
                client.is_caught_up() || self.told.get().is_some(),
            ) {
                (false, _) => Stage::Transcript,
                (true, true) => Stage::Greeting,
                (true, false) => *self.view.stage.now(),
            };
            let typing = client.typing().next().map(line::name);
            // A conversation in which nobody wrote is not in the shop's list, and is told nothing: the pass knows more.
            let duty = client.transcript().entries().front().map(|_| {
                client
                    .presence()
                    .duty
                    .iter()
                    .map(|card| card.name.clone())
                    .collect()
            });
            (lines, stage, typing, duty)
        });
        let Some((lines, stage, typing, duty)) = drawn else {
            return;
        };
        self.view.stage.put(stage);
        self.view
            .typing
            .put(typing.map(|name| name.unwrap_or_else(|| self.view.shop.now().clone())));
        if duty.is_some() {
            self.view.duty.put(duty);
            self.view.outlook.put(outlook::told());
        }
        self.draw_lines(lines);
    }

    /// What the person should know about the connection.
    pub(super) fn trouble(&self, state: State) {
        let attempts = match state {
            State::Waiting { attempt, .. }
            | State::Connecting { attempt, .. }
            | State::Greeting { attempt, .. }
            | State::Renewing { attempt } => attempt,
            State::Resting | State::Live(_) | State::Ended { .. } => 0,
        };
        let trouble = if matches!(state, State::Ended { .. }) {
            Some(Trouble::Ended)
        } else if page::is_offline() {
            Some(Trouble::Offline)
        } else {
            // The first attempt after a good one is over before it is read about.
            (attempts > 0).then_some(Trouble::Reconnecting)
        };
        self.view.trouble.put(trouble);
    }

    /// Lines that stay are changed in place: what stands on the screen is not made anew.
    fn draw_lines(&self, lines: Vec<(Key, Line)>) {
        let mut before = self.lines.take();
        let had_any = !before.is_empty();
        let mut rows = Vec::with_capacity(lines.len());
        for (key, line) in lines {
            let known = before
                .iter()
                .position(|(known, _)| *known == key)
                .map(|at| before.swap_remove(at).1);
            let fresh = had_any && known.is_none() && *self.view.following.now();
            let live = known.unwrap_or_else(|| Rc::new(Live::new(line.clone())));
            live.put(line);
            self.lines.borrow_mut().push((key, live.clone()));
            rows.push(Row {
                key,
                line: live,
                fresh,
            });
        }
        self.view.rows.put(rows);
    }
}
