//! The icons: one set, 20 px, strokes of 1.75 px, always beside words or on something that has a name.

use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Back to the list.
    Back,
    /// A clock, for waiting.
    Clock,
    /// A warning, for waiting too long and for refusals.
    Warning,
    /// Assign to me.
    Person,
    /// What is known about somebody.
    Card,
    /// What the shop itself says.
    Proved,
    /// Resolve.
    Done,
    /// Reopen.
    Again,
    /// A note.
    Note,
    /// A reply.
    Reply,
    /// Send.
    Send,
    /// Copy.
    Copy,
    /// Down, to new messages, or behind the next one.
    Down,
    /// Before the one before.
    Up,
    /// Something of the shop's, with its price on it.
    Offer,
    /// Sound on.
    Sound,
    /// Sound off.
    Mute,
    /// The keyboard.
    Keyboard,
    /// The shop's own pages.
    Shop,
    /// A colour that is made darker.
    Darker,
    /// Sign out.
    Leave,
    /// Close.
    Close,
    /// One more.
    Add,
    /// The network is gone.
    Offline,
    /// A page elsewhere.
    Outward,
    /// Stored.
    Tick,
    /// Seen.
    Ticks,
    /// A rating.
    Star,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Add => "M10 4.250v11.500M4.250 10h11.500",
            Self::Back => "M12.5 4.500 7 10l5.500 5.500",
            Self::Clock => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.250V10l2.500 1.750",
            Self::Warning => "M10 3.250 2.750 16.250h14.500zM10 8.250v3.500M10 13.900v.1",
            Self::Person => {
                "M10 10a3.250 3.250 0 1 0 0-6.500A3.250 3.250 0 0 0 10 10zM3.750 16.750c.6-3 3-4.500 6.250-4.500s5.650 1.500 6.250 4.500"
            }
            Self::Card => {
                "M2.750 4.500h14.500v11H2.750zM7.250 10a1.600 1.600 0 1 0 0-3.200 1.600 1.600 0 0 0 0 3.200zM4.900 13c.3-1.300 1.200-1.900 2.350-1.900s2.050.6 2.350 1.900M12 8.250h2.750M12 11.250h2.750"
            }
            Self::Proved => {
                "M10 2.750l1.950 1.450 2.400-.1.700 2.300 2 1.350-.8 2.250.8 2.250-2 1.350-.7 2.300-2.400-.1L10 17.250l-1.950-1.450-2.400.1-.7-2.300-2-1.350.8-2.250-.8-2.250 2-1.350.7-2.300 2.400.1zM7.250 10.100l2 1.900 3.500-3.900"
            }
            Self::Done => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM6.900 10.250l2.200 2.150 4-4.500",
            Self::Again => "M4 10a6 6 0 1 0 1.900-4.350M5.500 2.900v3.200h3.200",
            Self::Note => "M4 4.500h12v7.500l-4 4H4zM16 12h-4v4M7 8h6M7 11h2.500",
            Self::Reply => "M8 5 3.500 9.500 8 14M4 9.500h7.500c3 0 5 2 5 5.500",
            Self::Send => "M10 16V4.500M5 9.250 10 4.250l5 5",
            Self::Copy => "M7.500 7.500h8v8.500h-8zM12.500 7.500V4h-8v8.500h3",
            Self::Down => "M10 4v11.500M5 10.750l5 5 5-5",
            Self::Up => "M10 16V4.500M5 9.250l5-5 5 5",
            Self::Offer => "M3.500 9.500v-6h6l7 7-6 6zM6.900 6.900h.1",
            Self::Sound => {
                "M4 8v4h2.750L10.500 15V5L6.750 8zM13.250 7.750c1.200 1.300 1.200 3.200 0 4.500M15.500 5.500c2.500 2.600 2.500 6.400 0 9"
            }
            Self::Mute => "M4 8v4h2.750L10.500 15V5L6.750 8zM13.500 8l4 4M17.500 8l-4 4",
            Self::Keyboard => {
                "M2.750 5.250h14.500v9.500H2.750zM5.750 8.250h.1M8.600 8.250h.1M11.400 8.250h.1M14.200 8.250h.1M6.750 11.750h6.500"
            }
            Self::Shop => {
                "M3.500 7.750 5 3.500h10l1.500 4.250a2.150 2.150 0 0 1-4.330 0 2.150 2.150 0 0 1-4.340 0 2.150 2.150 0 0 1-4.330 0zM4.750 10v6.500h10.500V10M8 16.500V12.750h4v3.750"
            }
            Self::Darker => {
                "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 3v14M10 7h5.500M10 10h7M10 13h5.500"
            }
            Self::Leave => "M8 3.750H4.250v12.500H8M12.500 6.500 16 10l-3.500 3.500M16 10H8",
            Self::Close => "M5 5l10 10M15 5 5 15",
            Self::Offline => {
                "M3 3l14 14M5.200 9.200A7 7 0 0 1 8.500 7.400M12.500 7.700a7 7 0 0 1 2.300 1.500M7.600 11.900a3.600 3.600 0 0 1 4.300-.3M10 15v.1"
            }
            Self::Outward => "M8 5H5v10h10v-3M11 4.500h4.500V9M15.250 4.750 9.500 10.500",
            Self::Tick => "M4.500 10.500 8.250 14l7.250-8",
            Self::Star => {
                "M10 3.250l2.100 4.250 4.650.700-3.400 3.300.850 4.700L10 13.950 5.800 16.200l.850-4.700-3.400-3.300 4.650-.700z"
            }
            Self::Ticks => "M1.750 10.500 5.250 14l7-8M9.250 13l1 1 7.250-8",
        }
    }
}

/// Draws an icon. It has no name of its own.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
