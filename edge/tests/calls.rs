//! What objects of two releases say to each other while one replaces the other.

use edge::call::{FromShop, ToConversation, ToShop};
use protocol::{
    conversation::Summary,
    entry::OperatorCard,
    outlook::{Floor, Outlook},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// As the first release has it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FirstToShop {
    Project(Summary),
}

const FIRST: &str = r#"{"project":{"id":"0199c82c-c000-7101-8101-010101010101","visitor":"0199c82c-c000-7202-8202-020202020202","status":"open","assignee":null,"last":{"author":{"role":"visitor"},"text":"Buongiorno!","note":false},"head":9007199254740993,"unread":1,"waiting_since":1760000000000,"visitor_present":true,"page":{"url":"https://shop.example/moka","title":"Moka"},"opened_at":1760000000000,"updated_at":1760000000000}}"#;

#[test]
fn a_conversation_of_the_first_release_tells_a_shop_of_this_one() {
    let FirstToShop::Project(first) = serde_json::from_str(FIRST).unwrap();
    let told: ToShop = serde_json::from_str(FIRST).unwrap();
    // It meant every summary to be kept.
    assert_eq!(
        told,
        ToShop::Project {
            summary: first,
            keep: true,
            floor: false,
            unless_said: false,
            answered_since: None,
        }
    );
}

#[test]
fn a_conversation_of_this_release_tells_a_shop_of_the_first() {
    let FirstToShop::Project(summary) = serde_json::from_str(FIRST).unwrap();
    for (keep, unless_said) in [(true, true), (true, false), (false, false)] {
        let told = ToShop::Project {
            summary: summary.clone(),
            keep,
            floor: true,
            unless_said,
            answered_since: keep.then_some(Timestamp(7)),
        };
        let text = serde_json::to_string(&told).unwrap();
        assert_eq!(
            serde_json::from_str::<ToShop>(&text).unwrap(),
            told,
            "{text}"
        );
        let heard: FirstToShop = serde_json::from_str(&text).unwrap();
        assert_eq!(heard, FirstToShop::Project(summary.clone()), "{text}");
    }
}

/// As the first release has it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FirstAdmission {
    Admit { place: Option<String> },
}

#[test]
fn a_visitor_is_let_in_by_a_shop_of_the_other_release() {
    let place = Some("192.0.2.1".to_owned());
    let first = serde_json::to_string(&FirstAdmission::Admit {
        place: place.clone(),
    });
    let heard: ToShop = serde_json::from_str(&first.unwrap()).unwrap();
    let new = ToShop::Admit {
        place: place.clone(),
        page: None,
        again: false,
    };
    assert_eq!(heard, new);
    let asked = ToShop::Admit {
        place: place.clone(),
        page: Some("https://shop.example".into()),
        again: true,
    };
    let text = serde_json::to_string(&asked).unwrap();
    assert_eq!(serde_json::from_str::<ToShop>(&text).unwrap(), asked);
    let heard: FirstAdmission = serde_json::from_str(&text).unwrap();
    assert_eq!(heard, FirstAdmission::Admit { place });
}

/// As the release before has them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Before {
    Duty { duty: Vec<OperatorCard> },
}

#[test]
fn who_is_on_duty_is_read_by_the_release_before_and_from_it() {
    let duty = vec![OperatorCard {
        id: "0199c82c-c000-7404-8404-040404040404".parse().unwrap(),
        name: "Giulia".into(),
    }];
    let floor = Floor {
        duty: duty.clone(),
        outlook: Outlook {
            opens_at: Some(Timestamp(1_760_000_000_000)),
            ..Outlook::default()
        },
    };
    let text = serde_json::to_string(&ToConversation::Duty(floor)).unwrap();
    let heard: Before = serde_json::from_str(&text).unwrap();
    assert_eq!(heard, Before::Duty { duty: duty.clone() });
    let text = serde_json::to_string(&heard).unwrap();
    let heard: ToConversation = serde_json::from_str(&text).unwrap();
    assert_eq!(heard, ToConversation::Duty(duty.clone().into()));
    // A conversation that does not ask for more is answered as before.
    let text = serde_json::to_string(&FromShop::Duty(duty.clone())).unwrap();
    assert!(text.starts_with(r#"{"duty":["#), "{text}");
}
