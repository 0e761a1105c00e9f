//! What the operator sees. Views take what they show and tell what was done; they know no socket and no storage.
//!
//! The accessible names are what the stories find things by, and stay (English; the Italian ones stand in [`crate::text`]):
//!
//! | role | name |
//! |---|---|
//! | form | `Sign in to your inbox`, with text boxes `Shop`, `E-mail`, `Password` and the button `Sign in`; what went wrong is an `alert` |
//! | navigation | `Lists`, with buttons whose names begin with `Open`, `Mine`, `Resolved` (then the count); the chosen one is `aria-current` |
//! | list | `Conversations`, one button per conversation whose name begins with `Visitor 7F3A`, or with their name where the shop has proved it; the open one is `aria-current` |
//! | region | `Conversation`, with buttons `Assign to me`, `Resolve` or `Reopen`, `Back to the list` (narrow screens) |
//! | log | `Transcript`; each bubble is an `article` named by its author, a note's name begins with `Note` |
//! | form | `Answer`, with radio buttons `Reply` and `Note`, the text box `Write a reply` or `Write a note for your team`, and the button `Send reply` or `Add note`; `Send anyway` while a `status` above says who has written meanwhile |
//! | there | the button `Offer…`, or `Offer: 2 answers, 1 card`, which opens the group `What you offer`: text boxes `Answer 1`, and in each group `Card 1` `Title`, `Price`, `A line about it`, `Link`, `Words on the button`, `Address of the picture`; buttons `Add an answer`, `Add a card`, `Add another card`, `Remove card 1`, `Move card 1 down`, `Undo`; then the reply is sent by `Send with offer` |
//! | button | `Undo` after resolving; `New messages` when scrolled away; `Try again`, `Copy`, `Delete` under a refused bubble, `Send anyway` where somebody has answered meanwhile |
//! | complementary | `About the visitor`, with the button `Copy conversation ID`; on narrow screens a dialog that a button of its name opens |
//! | button | `Sound is on` / `Sound is off`, `Keyboard shortcuts`, `Sign out` |
//! | button | `Install`, in the list's foot; the page it leads to is `main`, `Install the chat on your shop`, with a `Back to the inbox` |
//! | there | text boxes `Address of your shop`, `Colour code`, `Logo`, a slider `Corners`, radio buttons by their words; buttons `Add`, `Remove …`, `Copy the tag`, `Look again`, `Save`, `Undo all`; what is wrong is an `alert`, what became of it a `status` |
//! | dialog | `Keyboard shortcuts` |

pub mod about;
pub mod avatar;
pub mod bubble;
pub mod composer;
pub mod conversation;
pub mod facts;
pub mod hints;
pub mod icon;
pub mod install;
pub mod list;
pub mod offer;
pub mod others;
pub mod row;
pub mod sign_in;
pub mod slip;
pub mod transcript;

use leptos::prelude::*;

use crate::text::Text;

/// The words of the operator's language.
pub fn words() -> &'static Text {
    use_context::<&'static Text>().unwrap_or(&crate::text::english::TEXT)
}
