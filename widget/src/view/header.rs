//! Who the shopper talks to: the shop, and one line of truth about who is there.

use std::rc::Rc;

use super::{View, shop_face};
use crate::{
    dom::{El, el},
    extra::extra,
    text::with,
};

/// The mark, the name and the line.
pub(crate) fn header(view: &Rc<View>, place: El) {
    let who = el("div", "who")
        .child(el("div", "shop").says(view, name))
        .when(view, outlook)
        .child(el("div", "duty").says(view, |view| line(view).unwrap_or_default()));
    place.child(shop_face(view)).child(who);
}

/// What else can be said of when somebody answers; how is loaded when there is something.
pub(super) fn outlook(view: &Rc<View>) -> Option<El> {
    let outlook = view.outlook.read();
    (!outlook.is_empty()).then(|| {
        let place = el("div", "outlook");
        extra("outlook", &place.0, &outlook);
        place
    })
}

/// While the shop's name is not known, what this is.
fn name(view: &View) -> String {
    let shop = view.shop.read();
    if shop.is_empty() {
        view.text.chat().into()
    } else {
        shop.clone()
    }
}

fn line(view: &View) -> Option<String> {
    let text = &view.text;
    Some(match view.duty.read().as_deref()? {
        [] => text.nobody_there().into(),
        [one] => with(text.one_there(), &[one]),
        [one, two] => with(text.two_there(), &[one, two]),
        [one, others @ ..] => with(&text.many_there(others.len()), &[one]),
    })
}
