//! Who may do what, cell by cell: every route of the table against every kind of caller. The expected table is written
//! out, so that neither a new route nor a changed policy passes unseen.

use std::collections::BTreeSet;

use edge::{
    policy::{self, Action, Caller, Resource, can},
    route::{Found, Method, ROUTES, find},
};
use protocol::{
    entry::OperatorCard,
    id::{OperatorId, ShopId, VisitorId},
    relay::Principal,
    time::Timestamp,
};

fn shop(id: &str) -> ShopId {
    id.parse().unwrap()
}

fn visitor(of: &str) -> Caller {
    policy::visitor(shop(of), VisitorId::mint(Timestamp(1), [1; 10]))
}

fn operator(of: &str) -> Caller {
    let card = OperatorCard {
        id: OperatorId::mint(Timestamp(1), [2; 10]),
        name: "Giulia".into(),
    };
    Caller::Member(Principal::Operator {
        shop: shop(of),
        card,
    })
}

/// A line of the expected table: nobody, the admin, a visitor and an operator of this shop. Members of another shop may
/// do what anybody may.
type Line = (&'static str, bool, bool, bool, bool);

const EXPECTED: [Line; 40] = [
    ("readHealth", true, true, true, true),
    ("readDescription", true, true, true, true),
    ("createShop", false, true, false, false),
    ("admitVisitor", true, true, true, true),
    // An operator has the inbox for it.
    ("listOwn", false, false, true, false),
    ("prove", false, false, true, false),
    ("handOver", false, false, true, false),
    ("takeOver", true, true, true, true),
    ("signIn", true, true, true, true),
    ("signOut", false, false, false, true),
    ("readMe", false, false, false, true),
    ("readShop", false, false, false, true),
    ("changeShop", false, false, false, true),
    ("readSightings", false, false, false, true),
    ("readIdentity", false, false, false, true),
    ("makeIdentity", false, false, false, true),
    ("keepIdentity", false, false, false, true),
    ("endIdentity", false, false, false, true),
    ("reindex", false, false, false, true),
    ("readReindexing", false, false, false, true),
    ("listOperators", false, false, false, true),
    ("addOperator", false, false, false, true),
    ("listKeys", false, false, false, true),
    ("makeKey", false, false, false, true),
    ("deleteKey", false, false, false, true),
    ("listConversations", false, false, false, true),
    ("readSummary", false, false, false, true),
    ("listOthers", false, false, false, true),
    ("readEntries", false, false, true, true),
    ("sendMessage", false, false, true, true),
    ("handOverFile", false, false, true, true),
    ("findFiles", false, false, true, true),
    ("sendNote", false, false, false, true),
    ("assign", false, false, false, true),
    ("setStatus", false, false, false, true),
    ("showTyping", false, false, true, true),
    ("showReceipt", false, false, true, true),
    // Who opens it shows who they are in the first frame, or by a key or cookie that is looked at before.
    ("openConversation", true, true, true, true),
    ("exchangeFrames", false, false, true, true),
    ("openInbox", false, false, false, true),
];

#[test]
fn every_cell_answers_as_the_table_says() {
    let (ours, theirs) = (shop("ours"), shop("theirs"));
    for (route, (name, nobody, admin, of_visitor, of_operator)) in ROUTES.iter().zip(EXPECTED) {
        assert_eq!(
            route.name, name,
            "the expected table has the routes in the order of the table of routes"
        );
        let relay_wide = matches!(
            name,
            "readHealth"
                | "readDescription"
                | "createShop"
                | "admitVisitor"
                | "takeOver"
                | "signIn"
        );
        let resource = if relay_wide {
            Resource::Relay
        } else {
            Resource::Of(&ours)
        };
        let public = policy::is_public(route.action);
        let cells = [
            ("nobody", Caller::Nobody, resource, nobody),
            ("the admin", Caller::Admin, resource, admin),
            ("a visitor", visitor("ours"), resource, of_visitor),
            ("an operator", operator("ours"), resource, of_operator),
            (
                "the admin in a shop",
                Caller::Admin,
                Resource::Of(&ours),
                public,
            ),
            (
                "a visitor of another shop",
                visitor("theirs"),
                Resource::Of(&ours),
                public,
            ),
            (
                "an operator of another shop",
                operator("theirs"),
                Resource::Of(&ours),
                public,
            ),
            (
                "an operator in another shop",
                operator("ours"),
                Resource::Of(&theirs),
                public,
            ),
        ];
        for (who, caller, resource, expected) in cells {
            assert_eq!(
                can(&caller, route.action, resource),
                expected,
                "{who}: {name}"
            );
        }
    }
}

#[test]
fn every_action_has_one_route_and_every_route_one_name() {
    let actions: BTreeSet<String> = ROUTES
        .iter()
        .map(|route| format!("{:?}", route.action))
        .collect();
    let names: BTreeSet<&str> = ROUTES.iter().map(|route| route.name).collect();
    let places: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.path, route.method.name()))
        .collect();
    assert_eq!(
        (actions.len(), names.len(), places.len()),
        (ROUTES.len(), ROUTES.len(), ROUTES.len())
    );
}

#[test]
fn pages_of_other_origins_may_ask_exactly_what_visitors_may() {
    let ours = shop("ours");
    for route in &ROUTES {
        let for_visitors = !policy::is_public(route.action)
            && can(&visitor("ours"), route.action, Resource::Of(&ours));
        let expected =
            for_visitors || matches!(route.action, Action::AdmitVisitor | Action::TakeOver);
        assert_eq!(route.cross_origin, expected, "{}", route.name);
    }
}

#[test]
fn a_request_is_found_by_its_path_and_method() {
    let Found::Route(route, place) = find("GET", "/v1/conversations/latest/entries") else {
        panic!("it is there")
    };
    assert_eq!((route.action, place), (Action::ReadEntries, Some("latest")));
    let Found::Route(route, place) = find("DELETE", "/v1/sessions/current") else {
        panic!("it is there")
    };
    assert_eq!((route.action, place), (Action::SignOut, None));
    let Found::OtherMethods(routes) = find("DELETE", "/v1/shop") else {
        panic!("it has other methods")
    };
    assert_eq!(
        routes.iter().map(|route| route.method).collect::<Vec<_>>(),
        [Method::Get, Method::Patch]
    );
    for path in [
        "/v1/nothing",
        "/v1",
        "/v1/",
        "/v1/shop/",
        "/v1//shop",
        "/v1/conversations//entries",
        "/v1/keys/a/b",
    ] {
        assert!(matches!(find("GET", path), Found::Nothing), "{path}");
    }
}
