//! Names that are data for ever.

use edge::{
    call::{self, Place},
    error::Kind,
};
use protocol::{
    id::{ConversationId, ShopId},
    time::Timestamp,
};

#[test]
fn objects_are_found_again_by_these_names() {
    let shop: ShopId = "bottega-aroma".parse().unwrap();
    let conversation: ConversationId = "0192f0c1-7e1a-7c3b-9d2e-5f6a7b8c9d0e".parse().unwrap();
    assert_eq!(call::name_of_shop(&shop), "shop:bottega-aroma");
    assert_eq!(
        call::name_of_conversation(&shop, conversation),
        "conversation:bottega-aroma:0192f0c1-7e1a-7c3b-9d2e-5f6a7b8c9d0e"
    );
}

#[test]
fn a_place_in_the_inbox_is_read_as_it_was_written() {
    let place = Place {
        updated_at: 1_795_313_443_800,
        id: ConversationId::mint(Timestamp(5), [7; 10]),
    };
    assert_eq!(Place::read(&place.text()), Some(place));
    for text in ["", ".", "1.", "x.0192f0c1-7e1a-7c3b-9d2e-5f6a7b8c9d0e", "1"] {
        assert_eq!(Place::read(text), None, "{text}");
    }
}

#[test]
fn problems_have_names_of_their_own() {
    let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Kind::ALL.len());
    assert!(
        Kind::ALL
            .iter()
            .all(|kind| (400..600).contains(&kind.status()))
    );
}
