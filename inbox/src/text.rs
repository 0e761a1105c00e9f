//! Every word the inbox says. A language is a file beside this one; a third is one more, and one more line in [`of`].
//!
//! Short and plain; sentence case, no exclamation marks, no blame. An error says what happened, what is safe and what to
//! do. What a page or an editor of its own says has a table of its own.

pub mod english;
pub mod install;
pub mod italian;
pub mod offer;

use install::Install;
use offer::Offering;

/// The words of one language.
#[expect(missing_docs, reason = "the English table says what each is")]
pub struct Text {
    /// The language, for `lang` and `Intl`. English dates are told the European way.
    pub language: &'static str,
    pub locale: &'static str,

    pub inbox: &'static str,
    pub sign_in_title: &'static str,
    pub sign_in_lead: &'static str,
    pub shop: &'static str,
    /// Under the field: the id stands in the script tag.
    pub shop_hint: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub sign_in: &'static str,
    pub signing_in: &'static str,
    pub sign_out: &'static str,
    pub wrong_password: &'static str,
    /// Seconds to wait.
    pub too_many: fn(u64) -> String,
    pub unreachable: &'static str,
    pub bad_shop: &'static str,
    pub fill_all: &'static str,
    pub failed: &'static str,
    pub session_ended: &'static str,

    pub lists: &'static str,
    pub conversations: &'static str,
    pub open: &'static str,
    pub mine: &'static str,
    pub resolved: &'static str,
    /// The four-character tag.
    pub visitor: fn(&str) -> String,
    pub visitor_bare: &'static str,
    pub you: &'static str,
    pub note: &'static str,
    pub no_words: &'static str,
    pub now: &'static str,
    pub minutes: fn(u64) -> String,
    pub hours: fn(u64) -> String,
    pub days: fn(u64) -> String,
    /// Before how long.
    pub waits: &'static str,
    /// Less than a minute.
    pub waits_shortly: &'static str,
    pub waits_long: &'static str,
    pub waits_too_long: &'static str,
    pub unread: fn(u32) -> String,
    pub here: &'static str,
    pub away: &'static str,
    /// Before the title of a page: where the visitor is.
    pub on_page: &'static str,
    pub was_on_page: &'static str,
    pub load_more: &'static str,
    pub loading: &'static str,
    pub empty_open: &'static str,
    pub empty_open_more: &'static str,
    pub empty_mine: &'static str,
    pub empty_mine_more: &'static str,
    pub empty_resolved: &'static str,
    pub empty_resolved_more: &'static str,
    pub list_failed: &'static str,
    pub try_again: &'static str,

    pub conversation: &'static str,
    pub pick: &'static str,
    pub pick_more: &'static str,
    pub back: &'static str,
    pub assign_to_me: &'static str,
    pub assigned_to_you: &'static str,
    pub assigned_to: fn(&str) -> String,
    pub unassigned: &'static str,
    pub resolve: &'static str,
    pub reopen: &'static str,
    pub resolved_bar: &'static str,
    pub undo: &'static str,
    pub transcript: &'static str,
    pub older: &'static str,
    pub beginning: &'static str,
    pub news: &'static str,
    pub new_messages: &'static str,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub visitor_types: &'static str,
    pub types: fn(&str) -> String,
    pub somebody: &'static str,
    pub deed_took: fn(&str) -> String,
    pub deed_assigned: fn(&str, &str) -> String,
    pub deed_unassigned: fn(&str) -> String,
    pub deed_resolved: fn(&str) -> String,
    pub deed_reopened: fn(&str) -> String,
    /// The visitor, whose message did it.
    pub deed_came_back: fn(&str) -> String,
    /// Who.
    pub filled_in: fn(&str) -> String,
    /// Who, what in words, and what of 5.
    pub rated: fn(&str, &str, u8) -> String,
    /// From 1 to 5.
    pub scores: [&'static str; 5],
    pub mark_waiting: &'static str,
    pub mark_stored: &'static str,
    pub mark_seen: &'static str,
    pub refused: &'static str,
    pub refused_long: fn(u64) -> String,
    pub refused_forbidden: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub delete: &'static str,

    pub composer: &'static str,
    pub mode: &'static str,
    pub reply: &'static str,
    pub write_reply: &'static str,
    pub write_note: &'static str,
    pub send_reply: &'static str,
    pub add_note: &'static str,
    pub note_warning: &'static str,
    pub enter_sends: &'static str,
    pub left: fn(usize) -> String,
    pub over: fn(usize) -> String,
    pub behind: &'static str,
    /// While the operator writes; the name of who did it. The visitor has none here.
    pub meanwhile_answered: fn(&str) -> String,
    pub meanwhile_noted: fn(&str) -> String,
    pub meanwhile_visitor: &'static str,
    /// After one of these, when the operator wanted to send.
    pub not_left: &'static str,
    /// After one of these, under words that were written without a connection.
    pub held: &'static str,
    pub send_anyway: &'static str,
    /// In the list, of a conversation with such words.
    pub unsent: &'static str,
    pub connecting: &'static str,
    pub ended: &'static str,
    pub reload: &'static str,

    pub about: &'static str,
    /// Above their other conversations.
    pub others: &'static str,
    pub others_failed: &'static str,
    /// Whether the shop has proved who the visitor is, and what it says of them.
    pub proved: &'static str,
    pub unproved: &'static str,
    pub customer: &'static str,
    pub telephone: &'static str,
    /// Above what the visitor filled in.
    pub said_of_themselves: &'static str,
    pub cart: &'static str,
    pub cart_sum: &'static str,
    /// Above what the page says of the visitor, and below all that it says.
    pub page_says: &'static str,
    pub page_says_unproved: &'static str,
    /// Above what the visitor did.
    pub did: &'static str,
    pub page: &'static str,
    pub no_page: &'static str,
    pub opened: &'static str,
    pub status: &'static str,
    /// Of one conversation, where `open` and `resolved` name lists.
    pub open_one: &'static str,
    pub resolved_one: &'static str,
    pub assignee: &'static str,
    pub conversation_id: &'static str,
    pub copy_id: &'static str,
    pub opens_in_tab: &'static str,

    pub sound_on: &'static str,
    pub sound_off: &'static str,
    pub shortcuts: &'static str,
    pub close: &'static str,
    pub key_move: &'static str,
    pub key_open: &'static str,
    pub key_reply: &'static str,
    pub key_note: &'static str,
    pub key_assign: &'static str,
    pub key_resolve: &'static str,
    pub key_help: &'static str,
    pub key_back: &'static str,
    pub key_install: &'static str,

    pub offering: &'static Offering,
    pub install: &'static Install,
}

/// The table for a language tag such as `it-IT`; English when there is none.
pub fn of(language: &str) -> &'static Text {
    match language.split('-').next() {
        Some("it") => &italian::TEXT,
        _ => &english::TEXT,
    }
}

fn so_many(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_first_part() {
        assert_eq!(of("it-CH").language, "it");
        assert_eq!(of("it").language, "it");
        assert_eq!(of("fr").language, "en");
        assert_eq!(of("").language, "en");
    }

    #[test]
    fn a_wait_is_told_in_the_larger_unit() {
        assert_eq!(
            (english::TEXT.too_many)(1),
            "Too many attempts. Try again in 1 second."
        );
        assert_eq!(
            (english::TEXT.too_many)(91),
            "Too many attempts. Try again in 2 minutes."
        );
        assert_eq!(
            (italian::TEXT.too_many)(30),
            "Troppi tentativi. Riprova tra 30 secondi."
        );
    }
}
