//! What becomes of the pages that ask: when one is shown, and what is stored of it.
//!
//! Must stay true: what was filled in is stored as it was asked, or stands on the page again.

use protocol::{
    entry::{Content, Entry},
    form::Form,
    frame::Refusal,
    id::MessageId,
};
use worker::Response;

use super::{
    Place, Visit,
    asking::{self, Asking},
    page::Trouble,
    see_other, value,
};
use crate::{
    auth::{self, PagePass},
    error::Outcome,
};

impl Visit<'_> {
    /// A page that asks something. Who has not written yet is asked nothing, nor who has answered.
    pub(super) async fn asks(&self, place: &Place) -> Outcome<Response> {
        let Some((entries, whole)) = self.said().await? else {
            return see_other(&self.back());
        };
        let filled = match place {
            Place::Rating(_) => match asking::is_closed(&entries) {
                Some(rated) => rated.map(asking::filled_before).unwrap_or_default(),
                None => return see_other(&self.back()),
            },
            _ if whole && asking::is_due(&entries) => vec![],
            _ => return see_other(&self.back()),
        };
        let asking = Asking {
            id: auth::mint_message(self.now)?,
            filled: &filled,
            sent: false,
            trouble: None,
            alone: self.duty.is_empty(),
        };
        self.asking(place, 200, &asking, self.asked().as_ref())
    }

    fn asking(
        &self,
        place: &Place,
        status: u16,
        asking: &Asking<'_>,
        form: Option<&Form>,
    ) -> Outcome<Response> {
        match (place, form) {
            (Place::Rating(_), _) => {
                self.with_setting(false, status, |setting| setting.rating(asking))
            }
            (_, Some(form)) => {
                self.with_setting(false, status, |setting| setting.form(form, asking))
            }
            // The shop asks nothing any more.
            (_, None) => see_other(&self.back()),
        }
    }

    /// Stores what was filled in.
    pub(super) async fn take(&self, place: &Place) -> Outcome<Response> {
        let mut asking = Asking {
            id: self.named()?,
            filled: &self.form,
            sent: true,
            trouble: None,
            alone: self.duty.is_empty(),
        };
        let drawn = self.drawn();
        let said = match (place, &drawn) {
            (Place::Rating(_), _) => asking::rated(&self.form),
            (_, Some(form)) => {
                let spoken = self.spoken()?;
                self.setting(&spoken).filled_in(form, &self.form)
            }
            // The shop asks something else by now, which nobody was asked yet.
            (_, None) => {
                asking.sent = false;
                return self.asking(place, 422, &asking, self.asked().as_ref());
            }
        };
        let Some(said) = said else {
            return self.asking(place, 422, &asking, drawn.as_ref());
        };
        let stored = match self.said().await? {
            // Whoever they were, it is not known any more.
            None => Err((422, asking.id, Trouble::Refused(Refusal::Forbidden))),
            Some((entries, _)) => match &said {
                Content::Form { answers }
                    if answers.all().is_empty() || !asking::is_due(&entries) =>
                {
                    return see_other(&self.back());
                }
                _ => self.stored(asking.id, said).await?,
            },
        };
        match stored {
            Ok(pass) => self.back_as(&pass),
            Err((status, id, trouble)) => {
                asking.id = id;
                asking.trouble = Some(trouble);
                self.asking(place, status, &asking, drawn.as_ref())
            }
        }
    }

    /// Sends it. Or why it is not stored, with the status that says so and the name under which it is sent again.
    pub(super) async fn stored(
        &self,
        id: MessageId,
        content: Content,
    ) -> Outcome<Result<PagePass, (u16, MessageId, Trouble)>> {
        Ok(match self.send(id, content).await {
            Ok(Ok(pass)) => Ok(pass),
            // Something else under a name that was used: it gets one of its own.
            Ok(Err(Refusal::Conflict)) => {
                let trouble = Trouble::Refused(Refusal::Conflict);
                Err((422, auth::mint_message(self.now)?, trouble))
            }
            Ok(Err(refusal)) => Err((422, id, Trouble::Refused(refusal))),
            Err(failure) => {
                crate::error::log("plain_page", failure.cause.as_deref().unwrap_or_default());
                Err((503, id, Trouble::Failed))
            }
        })
    }

    /// What the shop asks now.
    pub(super) fn asked(&self) -> Option<Form> {
        self.asked_while(self.duty.is_empty())
    }

    /// What was asked on the page that was sent: somebody may have come or gone since.
    fn drawn(&self) -> Option<Form> {
        let drawn = value(&self.form, "form")?;
        let mut asked = [true, false]
            .into_iter()
            .filter_map(|alone| self.asked_while(alone));
        asked.find(|form| asking::digest(form) == drawn)
    }

    fn asked_while(&self, alone: bool) -> Option<Form> {
        self.shop.front.form.clone()?.asked(alone)
    }

    /// The newest page of their conversation, and whether it is the whole of it; nothing where nothing was said.
    async fn said(&self) -> Outcome<Option<(Vec<Entry>, bool)>> {
        let Some(pass) = &self.pass else {
            return Ok(None);
        };
        let page = self.page(pass, None).await?.map(|(page, ..)| page);
        let page = page.filter(|page| !page.entries.is_empty());
        Ok(page.map(|page| (page.entries, !page.more)))
    }
}
