//! Faces: a drawn shape for a visitor, initials for an operator. Beside a name, so without one of their own.

use leptos::prelude::*;
use protocol::{entry::OperatorCard, id::VisitorId};

use crate::face;

/// One for each of [`face::SHAPES`], on a square of 40.
const SHAPES: [&str; face::SHAPES as usize] = [
    "M20 11a9 9 0 1 0 .01 0z",
    "M8.500 24.500a11.500 11.500 0 0 1 23 0z",
    "M20 9l11 11-11 11L9 20z",
    "M11.500 11.500h17a17 17 0 0 1-17 17z",
    "M15 13.500a6.500 6.500 0 0 0 0 13zM25 13.500a6.500 6.500 0 0 1 0 13z",
    "M11 29C11 17 17 11 29 11c0 12-6 18-18 18z",
    "M11 29.500V20a9 9 0 0 1 18 0v9.500h-5.500V20a3.500 3.500 0 0 0-7 0v9.500z",
    "M16.250 10h7.500v6.250H30v7.500h-6.250V30h-7.500v-6.250H10v-7.500h6.250z",
];

/// The face of a visitor.
pub fn visitor(id: &VisitorId) -> impl IntoView + use<> {
    let face = face::face(id);
    let path = SHAPES
        .get(usize::from(face.shape))
        .copied()
        .unwrap_or_default();
    view! {
        <span class=format!("avatar hue-{}", face.hue) aria-hidden="true">
            <svg viewBox="0 0 40 40">
                <path d=path />
            </svg>
        </span>
    }
}

/// The face of an operator.
pub fn operator(card: &OperatorCard) -> impl IntoView + use<> {
    view! {
        <span class=format!("avatar operator hue-{}", face::hue(&card.id)) aria-hidden="true">
            {face::initials(&card.name)}
        </span>
    }
}
