//! The body of any request: what is read, is written and read again the same.

use protocol::api::{
    Exchange, Exchanged, NewAssignee, NewKey, NewMessage, NewOperator, NewReceipt, NewShop,
    NewStatus, NewTyping, NewVisitor, ShopChange, SignIn,
};

use crate::frames::again;

/// Takes a text.
pub fn take(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    again::<Exchange>(text);
    again::<Exchanged>(text);
    again::<NewAssignee>(text);
    again::<NewKey>(text);
    again::<NewMessage>(text);
    again::<NewOperator>(text);
    again::<NewReceipt>(text);
    again::<NewShop>(text);
    again::<NewStatus>(text);
    again::<NewTyping>(text);
    again::<NewVisitor>(text);
    again::<ShopChange>(text);
    again::<SignIn>(text);
}
