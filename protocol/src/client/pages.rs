//! Pages of history that are asked for, and the hole that they have to fill.
//!
//! Must stay true: one page is under way at a time, and a hole is remembered, while the socket lasts, until a page was asked for
//! that fills it.

use crate::{frame::Span, limits, time::Timestamp};

/// What is under way, and whether more is wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    under_way: Option<UnderWay>,
    /// Entries were told that do not follow on what is here.
    hole: bool,
}

/// A page that was asked for, and by when it has to be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UnderWay {
    span: Span,
    by: Timestamp,
}

impl Pages {
    /// Whether older entries were asked for and have not come.
    pub(super) fn is_fetching_older(&self) -> bool {
        self.under_way
            .is_some_and(|page| matches!(page.span, Span::Before(_)))
    }

    /// Whether nothing more is to come that is known of.
    pub(super) fn is_complete(&self) -> bool {
        self.under_way.is_none() && !self.hole
    }

    /// Whether no newer entries are to come that are known of.
    pub(super) fn has_newest(&self) -> bool {
        !self.hole && (self.under_way.is_none() || self.is_fetching_older())
    }

    /// By when the page under way has to be here.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.under_way.map(|page| page.by)
    }

    /// Whether to ask for this page now: not while another is under way.
    pub(super) fn ask(&mut self, now: Timestamp, span: Span) -> bool {
        let free = self.under_way.is_none();
        if free {
            self.expect(now, span);
        }
        free
    }

    /// The relay sends this page, asked or not.
    pub(super) fn expect(&mut self, now: Timestamp, span: Span) {
        self.under_way = Some(UnderWay {
            span,
            by: now + limits::CONFIRM_WITHIN,
        });
    }

    /// A page came: which one it was.
    pub(super) fn came(&mut self) -> Option<Span> {
        self.under_way.take().map(|page| page.span)
    }

    /// Entries are missing after the last one here.
    pub(super) fn miss(&mut self) {
        self.hole = true;
    }

    /// Whether a page is to be asked for now that fills a hole.
    pub(super) fn take_hole(&mut self) -> bool {
        self.under_way.is_none() && core::mem::take(&mut self.hole)
    }

    /// The socket is gone: no page comes any more, and the next welcome says what is missing.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}
