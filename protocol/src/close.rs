//! Why a socket is closed. The range of the code alone says whether to come back, so a client need not know the code.

/// Why the relay or a client closes a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// No hello in time, or a socket that nobody answers on.
    Stale,
    /// Something failed on the relay; its log knows what.
    Fault,
    /// It was told more than it takes.
    Deaf,
    /// The token is missing, wrong or expired.
    Unauthorized,
    /// No version in common: the page must be loaded again.
    TooOld,
    /// This conversation is somebody else's, or not there.
    Forbidden,
    /// A frame that may not come at this point.
    OutOfTurn,
    /// The client leaves.
    Leaving,
}

/// Whether to come back after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comeback {
    /// After a wait (4000–4099, and every code that is not ours).
    Later,
    /// With a new token (4100–4199).
    WithToken,
    /// Not until the page is loaded again (4200–4299).
    Never,
}

impl CloseCode {
    /// The number on the wire (RFC 6455, 7.4.2: 4000–4999 are the application's).
    pub const fn number(self) -> u16 {
        match self {
            Self::Leaving => 1000,
            Self::Stale => 4000,
            Self::Fault => 4001,
            Self::Deaf => 4002,
            Self::Unauthorized => 4100,
            Self::TooOld => 4200,
            Self::Forbidden => 4201,
            Self::OutOfTurn => 4202,
        }
    }

    /// The word that goes with the number, for who reads a log.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Leaving => "leaving",
            Self::Stale => "stale",
            Self::Fault => "fault",
            Self::Deaf => "deaf",
            Self::Unauthorized => "unauthorized",
            Self::TooOld => "too_old",
            Self::Forbidden => "forbidden",
            Self::OutOfTurn => "out_of_turn",
        }
    }
}

impl Comeback {
    /// What a close code asks for.
    pub const fn of(code: u16) -> Self {
        match code {
            4100..=4199 => Self::WithToken,
            4200..=4299 => Self::Never,
            _ => Self::Later,
        }
    }
}
