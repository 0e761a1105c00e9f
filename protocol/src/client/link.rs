//! The client's side of the socket: when to connect, when to stop trusting it, when to come back (SPEC, CL).
//!
//! It knows nothing of conversations. Whoever uses it says what happened and does what it answers.

use crate::{
    backoff::{self, Dice},
    close::{CloseCode, Comeback},
    limits,
    time::{Millis, Timestamp},
};

/// Where the socket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not wanted yet.
    Resting,
    /// A new token is being fetched.
    Renewing {
        /// Attempts since the last welcome.
        attempt: u32,
    },
    /// Until the next attempt.
    Waiting {
        /// When it is due.
        until: Timestamp,
        /// Attempts since the last welcome.
        attempt: u32,
        /// Whether a new token comes first.
        renew: bool,
    },
    /// The socket is being opened.
    Connecting {
        /// When to give up.
        until: Timestamp,
        /// Attempts since the last welcome.
        attempt: u32,
    },
    /// The hello is sent.
    Greeting {
        /// When to give up.
        until: Timestamp,
        /// Attempts since the last welcome.
        attempt: u32,
    },
    /// Welcomed.
    Live(Beat),
    /// The relay asked not to come back with this page.
    Ended {
        /// Its close code.
        code: u16,
    },
}

/// The heartbeat of a live socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Out of sight a conversation is not pinged; the socket is replaced when the page is seen again late.
    Off,
    /// The next ping.
    Ping {
        /// When it is due.
        at: Timestamp,
    },
    /// A ping is out.
    Pong {
        /// When the socket is dead without an answer.
        by: Timestamp,
    },
}

/// How frames travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On a WebSocket.
    Socket,
    /// By requests over HTTPS that exchange the same frames, where sockets do not get through.
    Exchange,
}

/// What is to be done with the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a new one, forgetting any other.
    Connect(Way),
    /// Close the one there is; nothing that it still says counts.
    Disconnect(CloseCode),
    /// Send the hello on it.
    Greet,
    /// Send `ping` on it.
    Ping,
    /// Fetch a new token.
    Renew,
}

/// What a client presents itself with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The request that opens the socket says who it is (an operator's session).
    Ambient,
    /// A token in the hello; `None` until the first was fetched.
    Token(Option<String>),
}

/// The client's side of the socket.
#[derive(Clone, Debug)]
pub struct Link {
    state: State,
    credential: Credential,
    /// Whether the token was fetched since the last welcome: when it is refused, the next one waits.
    token_is_new: bool,
    /// When the token that is being fetched must be there.
    renew_by: Timestamp,
    /// When the last welcome came, and how many attempts it took.
    welcomed: (Timestamp, u32),
    /// Sockets failed where exchanges were welcomed or nothing was ever, and none has lasted since.
    blocked: bool,
    /// The last welcome was a socket's, and the network is the same since: it lets them through.
    reached: bool,
    way: Way,
    dice: Dice,
    hidden_since: Option<Timestamp>,
    /// It goes on out of sight: somebody is on duty there.
    watches: bool,
    /// When the last ping or hello was sent.
    spoke: Timestamp,
}

impl Link {
    /// A link that rests.
    pub fn new(credential: Credential, seed: u64) -> Self {
        Self {
            state: State::Resting,
            credential,
            token_is_new: false,
            renew_by: Timestamp::default(),
            welcomed: (Timestamp::default(), 0),
            blocked: false,
            reached: false,
            way: Way::Socket,
            dice: Dice::new(seed),
            hidden_since: None,
            watches: false,
            spoke: Timestamp::default(),
        }
    }

    /// One that goes on out of sight.
    pub fn watching(self) -> Self {
        Self {
            watches: true,
            ..self
        }
    }

    /// Whether the page is out of sight.
    pub fn is_hidden(&self) -> bool {
        self.hidden_since.is_some()
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether drafts can be sent.
    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live(_))
    }

    /// The token to say hello with.
    pub fn token(&self) -> Option<&str> {
        match &self.credential {
            Credential::Ambient => None,
            Credential::Token(token) => token.as_deref(),
        }
    }

    /// When [`Link::timer`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let due = match self.state {
            State::Resting | State::Ended { .. } | State::Live(Beat::Off) => None,
            State::Renewing { .. } => Some(self.renew_by),
            State::Waiting { until, .. }
            | State::Connecting { until, .. }
            | State::Greeting { until, .. } => Some(until),
            State::Live(Beat::Ping { at }) => Some(at),
            State::Live(Beat::Pong { by }) => Some(by),
        };
        match self.socket_at() {
            Some(at) => Some(due.map_or(at, |due| due.min(at))),
            None => due,
        }
    }

    /// When a socket is to be tried again.
    fn socket_at(&self) -> Option<Timestamp> {
        let exchanging = self.is_live() && self.way == Way::Exchange;
        exchanging.then(|| self.welcomed.0 + limits::EXCHANGE_FOR)
    }

    /// The conversation is wanted from now on.
    pub fn want(&mut self, now: Timestamp) -> Vec<Effect> {
        match self.state {
            State::Resting => self.attempt(now, 0),
            State::Renewing { .. }
            | State::Waiting { .. }
            | State::Connecting { .. }
            | State::Greeting { .. }
            | State::Live(_)
            | State::Ended { .. } => vec![],
        }
    }

    /// The conversation is not wanted any more. An end stays one: wanting it again must not undo it.
    pub fn rest(&mut self) -> Vec<Effect> {
        if matches!(self.state, State::Ended { .. }) {
            return vec![];
        }
        let open = self.has_socket();
        self.state = State::Resting;
        if open {
            vec![Effect::Disconnect(CloseCode::Leaving)]
        } else {
            vec![]
        }
    }

    /// The socket is open.
    pub fn opened(&mut self, now: Timestamp) -> Vec<Effect> {
        let State::Connecting { attempt, .. } = self.state else {
            return vec![];
        };
        self.state = State::Greeting {
            until: now + self.patience(limits::WELCOME_WITHIN, attempt),
            attempt,
        };
        vec![Effect::Greet]
    }

    /// The relay answered the hello. Whether one was sent.
    pub fn welcomed(&mut self, now: Timestamp) -> bool {
        let State::Greeting { attempt, .. } = self.state else {
            return false;
        };
        self.welcomed = (now, attempt);
        self.spoke = now;
        self.blocked |= self.way == Way::Exchange;
        self.reached = self.way == Way::Socket;
        self.token_is_new = false;
        self.state = State::Live(self.rhythm(now));
        true
    }

    /// Anything was heard on the socket, a `pong` included.
    pub fn heard(&mut self, now: Timestamp) {
        if self.is_live() {
            self.state = State::Live(self.rhythm(now));
        }
    }

    /// The socket is gone, with the close code where there was one.
    pub fn closed(&mut self, now: Timestamp, code: Option<u16>) -> Vec<Effect> {
        let attempt = match self.state {
            State::Connecting { attempt, .. } | State::Greeting { attempt, .. } => {
                attempt.saturating_add(1)
            }
            State::Live(_) => self.attempts_before(now),
            State::Resting
            | State::Renewing { .. }
            | State::Waiting { .. }
            | State::Ended { .. } => return vec![],
        };
        match (
            code.map_or(Comeback::Later, Comeback::of),
            &mut self.credential,
        ) {
            (Comeback::Later, _) => {
                // A page that never had a socket may be where there are none, and its shopper has just written.
                self.blocked |= self.welcomed.0 == Timestamp::default();
                self.pause(now, attempt, false);
            }
            (Comeback::WithToken, Credential::Token(token)) => {
                *token = None;
                // An old token has ended, and the next is fetched at once; one that is refused when new waits like
                // any other failure.
                if !self.token_is_new {
                    return self.attempt(now, attempt);
                }
                self.pause(now, attempt, true);
            }
            (Comeback::WithToken, Credential::Ambient) | (Comeback::Never, _) => {
                self.state = State::Ended {
                    code: code.unwrap_or_default(),
                };
            }
        }
        vec![]
    }

    /// A token was fetched, or could not be.
    pub fn token_fetched(
        &mut self,
        now: Timestamp,
        fetched: Result<String, Comeback>,
    ) -> Vec<Effect> {
        // One that is late is good all the same.
        let (State::Renewing { attempt }
        | State::Waiting {
            attempt,
            renew: true,
            ..
        }) = self.state
        else {
            return vec![];
        };
        match fetched {
            Ok(token) => {
                self.credential = Credential::Token(Some(token));
                self.token_is_new = true;
                self.connect(now, attempt)
            }
            Err(Comeback::Later | Comeback::WithToken) => {
                self.pause(now, attempt.saturating_add(1), true);
                vec![]
            }
            Err(Comeback::Never) => {
                self.state = State::Ended {
                    code: CloseCode::Forbidden.number(),
                };
                vec![]
            }
        }
    }

    /// A deadline has come.
    pub fn timer(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.socket_at().is_some_and(|at| at <= now) {
            return self.replace(now);
        }
        match self.state {
            State::Waiting { until, attempt, .. } if until <= now => self.attempt(now, attempt),
            State::Renewing { attempt } if self.renew_by <= now => {
                self.pause(now, attempt.saturating_add(1), true);
                vec![]
            }
            State::Connecting { until, .. } | State::Greeting { until, .. } if until <= now => {
                self.suspect(now)
            }
            State::Live(Beat::Ping { at }) if at <= now => self.ping(now),
            State::Live(Beat::Pong { by }) if by <= now => self.suspect(now),
            State::Resting
            | State::Renewing { .. }
            | State::Waiting { .. }
            | State::Connecting { .. }
            | State::Greeting { .. }
            | State::Live(_)
            | State::Ended { .. } => vec![],
        }
    }

    /// The socket does not do what a good one does: a new one, after the usual wait.
    pub fn suspect(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.has_socket() {
            return vec![];
        }
        self.closed(now, None);
        vec![Effect::Disconnect(CloseCode::Stale)]
    }

    /// The network or the page is back: what was waited for is tried now.
    pub fn wake(&mut self, now: Timestamp) -> Vec<Effect> {
        // It may be another network.
        self.reached &= self.is_live();
        match self.state {
            State::Waiting { attempt, .. } => self.attempt(now, attempt),
            State::Live(Beat::Ping { .. } | Beat::Off) => {
                // It may be dead without a word: ask.
                self.ping(now)
            }
            State::Connecting { until, attempt } => {
                // What it was given more of was for a relay that is busy, not for a network that was away.
                let until = until.min(now + limits::CONNECT_WITHIN);
                self.state = State::Connecting { until, attempt };
                vec![]
            }
            State::Greeting { until, attempt } => {
                let until = until.min(now + limits::WELCOME_WITHIN);
                self.state = State::Greeting { until, attempt };
                vec![]
            }
            State::Resting
            | State::Renewing { .. }
            | State::Live(Beat::Pong { .. })
            | State::Ended { .. } => vec![],
        }
    }

    /// Time was lost (sleep, a frozen tab, a clock set anew): no socket from before is trusted.
    pub fn replace(&mut self, now: Timestamp) -> Vec<Effect> {
        self.reached = false;
        match self.state {
            State::Resting | State::Ended { .. } => vec![],
            State::Waiting { attempt, .. } | State::Renewing { attempt } => {
                self.attempt(now, attempt)
            }
            State::Connecting { .. } | State::Greeting { .. } | State::Live(_) => {
                let mut effects = vec![Effect::Disconnect(CloseCode::Stale)];
                effects.extend(self.attempt(now, 0));
                effects
            }
        }
    }

    /// The page went out of sight.
    pub fn hidden(&mut self, now: Timestamp) {
        self.hidden_since.get_or_insert(now);
        if self.is_live() {
            self.state = State::Live(self.rhythm(now));
        }
    }

    /// The page is in sight again.
    pub fn shown(&mut self, now: Timestamp) -> Vec<Effect> {
        let away = self.hidden_since.take().map(|since| now - since);
        if away.is_some_and(|away| away >= limits::HIDDEN_MAX) {
            self.replace(now)
        } else {
            self.wake(now)
        }
    }

    fn has_socket(&self) -> bool {
        matches!(
            self.state,
            State::Connecting { .. } | State::Greeting { .. } | State::Live(_)
        )
    }

    /// How many attempts have failed when a live socket is gone.
    fn attempts_before(&mut self, now: Timestamp) -> u32 {
        let (since, attempt) = self.welcomed;
        if now - since >= limits::LASTING {
            self.blocked &= self.way == Way::Exchange;
            0
        } else {
            attempt.saturating_add(1)
        }
    }

    /// How long an attempt of this number waits for what the first is given `first` for: whoever gives up on a relay that is busy
    /// with everybody at once, and asks again, makes it busier still. A network on which no socket was welcomed yet may
    /// let none through, and gets no more time.
    fn patience(&self, first: Millis, attempt: u32) -> Millis {
        let doubled = match self.reached && self.way == Way::Socket {
            true => attempt.min(limits::PATIENCE_DOUBLED),
            false => 0,
        };
        Millis(first.0 << doubled)
    }

    fn ping(&mut self, now: Timestamp) -> Vec<Effect> {
        self.spoke = now;
        self.state = State::Live(Beat::Pong {
            by: now + limits::PONG_WITHIN,
        });
        vec![Effect::Ping]
    }

    fn rhythm(&self, now: Timestamp) -> Beat {
        let at = self.spoke + limits::SPEAK_EVERY;
        match self.hidden_since {
            None => Beat::Ping {
                at: at.min(now + limits::PING_EVERY),
            },
            Some(_) if self.watches => Beat::Ping { at },
            Some(_) => Beat::Off,
        }
    }

    fn attempt(&mut self, now: Timestamp, attempt: u32) -> Vec<Effect> {
        if self.credential == Credential::Token(None) {
            self.state = State::Renewing { attempt };
            self.renew_by = now + limits::RENEW_WITHIN;
            return vec![Effect::Renew];
        }
        self.connect(now, attempt)
    }

    fn connect(&mut self, now: Timestamp, attempt: u32) -> Vec<Effect> {
        // Every second attempt, so that a network on which nothing works at all is not taken for one that breaks sockets.
        // An operator's cookie goes with sockets only.
        let other = attempt % 2 == 1
            && (self.blocked || attempt >= limits::SOCKET_TRIES)
            && self.token().is_some();
        self.way = if other { Way::Exchange } else { Way::Socket };
        self.state = State::Connecting {
            until: now + self.patience(limits::CONNECT_WITHIN, attempt),
            attempt,
        };
        vec![Effect::Connect(self.way)]
    }

    fn pause(&mut self, now: Timestamp, attempt: u32, renew: bool) {
        let until = now + backoff::wait(attempt, &mut self.dice);
        self.state = State::Waiting {
            until,
            attempt,
            renew,
        };
    }
}
