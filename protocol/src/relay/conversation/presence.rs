//! Who is there, where the visitor is, and who types.
//!
//! Must stay true: the visitor's page is for operators only, and of its address no more is kept than what carries no token.

use crate::{
    entry::OperatorCard,
    frame::{Presence, ServerFrame},
    id::SessionId,
    outlook::{Floor, Outlook},
    presence::Page,
    relay::{
        Principal,
        storage::{Audience, Fault, Storage},
    },
    time::Timestamp,
};

use super::{Conversation, turn::Turn};

impl Conversation {
    /// Who is there, as this audience may know it.
    pub(super) fn presence(&self, audience: Audience, duty: Vec<OperatorCard>) -> Presence {
        let (page, outlook) = match audience {
            Audience::Operators => (self.sessions.visitors_page(), Outlook::default()),
            Audience::Visitor => (None, self.outlook.clone()),
        };
        Presence {
            duty,
            visitor: self.sessions.visitor_present(),
            page,
            outlook,
        }
    }

    /// Somebody types, or stopped; the others are told.
    pub(super) fn typing<S: Storage>(
        &self,
        turn: &mut Turn<'_, S>,
        principal: &Principal,
        from: Option<SessionId>,
        on: bool,
    ) {
        let author = principal.author();
        turn.tell(
            self.sessions.everybody_but(from),
            ServerFrame::Typing { author, on },
        );
    }

    /// The visitor is on another page.
    pub(super) fn page<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        page: Page,
    ) -> Result<(), Fault> {
        if let Some(session) = self.sessions.turn_to(id, page.cut()) {
            turn.attach(session);
            self.visitor_moved(turn)?;
        }
        Ok(())
    }

    /// The visitor came, left, or is on another page.
    pub(super) fn visitor_moved<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
    ) -> Result<(), Fault> {
        if !self.transcript.is_empty(turn.storage)? {
            self.projection.may_wait(turn.now);
        }
        self.tell_presence(turn, Audience::Operators)
    }

    /// Somebody was heard, by a frame or by a ping that the runtime answered.
    pub(super) fn heard<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        id: SessionId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        if let Some(session) = self.sessions.heard(id, at) {
            turn.attach(session);
            self.visitor_moved(turn)?;
        }
        Ok(())
    }

    /// Whoever was not heard for too long is not there.
    pub(super) fn end_leases<S: Storage>(&mut self, turn: &mut Turn<'_, S>) -> Result<(), Fault> {
        let (ended, any) = self.sessions.lapse(turn.now);
        ended.into_iter().for_each(|session| turn.attach(session));
        if any {
            self.visitor_moved(turn)?;
        }
        Ok(())
    }

    /// The shop says who is on duty, and what else it can say; who is to know is told if that is news.
    pub(super) fn floor<S: Storage>(
        &mut self,
        turn: &mut Turn<'_, S>,
        floor: Floor,
    ) -> Result<(), Fault> {
        let known = turn.storage.duty()?;
        let others = self.transcript.origin(turn.storage)?.is_some() && known != floor.duty;
        let duty = if others { floor.duty } else { known };
        if others {
            turn.storage.put_duty(&duty)?;
        }
        if others || self.outlook != floor.outlook {
            self.outlook = floor.outlook;
            self.tell_duty(turn, Audience::Visitor, duty.clone());
        }
        if others {
            self.tell_duty(turn, Audience::Operators, duty);
        }
        Ok(())
    }

    pub(super) fn tell_presence<S: Storage>(
        &self,
        turn: &mut Turn<'_, S>,
        audience: Audience,
    ) -> Result<(), Fault> {
        let duty = turn.storage.duty()?;
        self.tell_duty(turn, audience, duty);
        Ok(())
    }

    fn tell_duty<S: Storage>(
        &self,
        turn: &mut Turn<'_, S>,
        audience: Audience,
        duty: Vec<OperatorCard>,
    ) {
        let presence = self.presence(audience, duty);
        let to = self.sessions.live(audience);
        turn.tell(to, ServerFrame::Presence(presence));
    }
}
