//! What is wrong with an offer, in words.

use protocol::desk::offer::{Fault, Offer, Place};

use crate::text::Text;

/// What is wrong, in words.
pub(super) fn fault_words(fault: Fault, all: &'static Text) -> String {
    let text = all.offering;
    match fault {
        Fault::Untitled => text.untitled.into(),
        Fault::TooLong(over) => (all.over)(over),
        Fault::NoAddress => text.no_address.into(),
        Fault::NoLink => text.no_link.into(),
        Fault::TooMany(most) => (text.too_many)(most),
    }
}

/// What is wrong and where, for who does not see the place.
pub fn fault_at(offer: &Offer, place: Place, fault: Fault, all: &'static Text) -> String {
    let text = all.offering;
    let said = fault_words(fault, all);
    let at = match place {
        Place::Answer(id) => {
            let before = offer.answers().iter().take_while(|one| one.id != id);
            (text.answer)(before.count() + 1)
        }
        Place::Card(id, _) => {
            let before = offer.cards().iter().take_while(|one| one.id != id);
            (text.card)(before.count() + 1)
        }
        Place::Whole => return said,
    };
    (text.at)(&at, &said)
}
