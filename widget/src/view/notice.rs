//! One quiet line above the composer when something is wrong: what happened, what is safe, what to do.

use std::rc::Rc;

use super::{Act, Trouble, View, button};
use crate::dom::{El, el, icon};

/// The line, while something is wrong.
pub(crate) fn notice(view: &Rc<View>) -> El {
    el("div", "").attr("role", "status").when(view, line)
}

fn line(view: &Rc<View>) -> Option<El> {
    let trouble = (*view.trouble.read())?;
    let words = match trouble {
        Trouble::Offline => view.text.offline(),
        Trouble::Reconnecting => view.text.reconnecting(),
        Trouble::Ended => view.text.ended(),
    };
    let cloud = icon("M4 4l16 16M8.5 8A6 6 0 0 0 7 19h11M11 6a6 6 0 0 1 7 6 3.5 3.5 0 0 1 2.5 5");
    let line = el("div", "notice")
        .child(cloud)
        .child(el("span", "").text(words));
    Some(if trouble == Trouble::Ended {
        line.child(button(view, view.text.reload(), "", Act::Reload))
    } else {
        line
    })
}
