//! Who may do what: one function, asked for every request before anything is read or written. Tested cell by cell
//! against the table in `tests/policy.rs`.
//!
//! Whether a conversation is this very visitor's is asked of the conversation itself, which alone knows who opened it.

use protocol::{
    id::{ShopId, VisitorId},
    relay::Principal,
};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Anybody.
    Nobody,
    /// Who runs the relay.
    Admin,
    /// A visitor or an operator of a shop.
    Member(Principal),
}

/// What is asked for; each route of the table has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described where its route is")]
pub enum Action {
    ReadHealth,
    ReadDescription,
    CreateShop,
    AdmitVisitor,
    HandOver,
    TakeOver,
    ListOwn,
    Prove,
    SignIn,
    SignOut,
    ReadMe,
    ReadShop,
    ChangeShop,
    ReadSightings,
    ReadIdentity,
    MakeIdentity,
    KeepIdentity,
    EndIdentity,
    Reindex,
    ReadReindexing,
    ListOperators,
    AddOperator,
    ListKeys,
    MakeKey,
    DeleteKey,
    ListConversations,
    ReadSummary,
    ListOthers,
    ReadEntries,
    ExchangeFrames,
    SendMessage,
    HandOverFile,
    FindFiles,
    SendNote,
    Assign,
    SetStatus,
    ShowTyping,
    ShowReceipt,
    OpenConversation,
    OpenInbox,
}

/// What it is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// The relay itself.
    Relay,
    /// Something of this shop's.
    Of(&'a ShopId),
}

/// Whether this caller may do this to this.
pub fn can(caller: &Caller, action: Action, resource: Resource<'_>) -> bool {
    if is_public(action) {
        return true;
    }
    match (caller, resource) {
        (Caller::Nobody, _) => false,
        (Caller::Admin, Resource::Relay) => action == Action::CreateShop,
        (Caller::Member(principal), Resource::Of(shop)) => {
            principal.shop() == shop && may(principal, action)
        }
        (Caller::Admin, Resource::Of(_)) | (Caller::Member(_), Resource::Relay) => false,
    }
}

/// What needs no credential in the request. A visitor shows theirs in the socket's first frame: browsers cannot send it
/// with the upgrade, and an address is no place for it.
pub fn is_public(action: Action) -> bool {
    matches!(
        action,
        Action::ReadHealth
            | Action::ReadDescription
            | Action::AdmitVisitor
            | Action::TakeOver
            | Action::SignIn
            | Action::OpenConversation
    )
}

fn may(principal: &Principal, action: Action) -> bool {
    let visitors = matches!(
        action,
        Action::ReadEntries
            | Action::ExchangeFrames
            | Action::HandOver
            | Action::ListOwn
            | Action::Prove
            | Action::SendMessage
            | Action::HandOverFile
            | Action::FindFiles
            | Action::ShowTyping
            | Action::ShowReceipt
    );
    match principal {
        Principal::Visitor { .. } => visitors,
        Principal::Operator { .. } => !matches!(
            action,
            Action::CreateShop | Action::HandOver | Action::ListOwn | Action::Prove
        ),
    }
}

/// A visitor, for who wants to know what visitors may do.
pub fn visitor(shop: ShopId, visitor: VisitorId) -> Caller {
    Caller::Member(Principal::Visitor { shop, visitor })
}
