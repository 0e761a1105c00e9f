//! Every word the inbox says, one table per language. A third language is one more table and one more line in [`of`].
//!
//! Short and plain; sentence case, no exclamation marks, no blame. An error says what happened, what is safe and what to
//! do. Italian is written, not translated. What a page of its own says has a table beside this one.

pub mod install;

use install::Install;

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
    /// Above what the visitor filled in.
    pub said_of_themselves: &'static str,
    pub cart: &'static str,
    pub cart_sum: &'static str,
    /// Above what the page says of the visitor, and below it.
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

    pub install: &'static Install,
}

/// The table for a language tag such as `it-IT`; English when there is none.
pub fn of(language: &str) -> &'static Text {
    match language.split('-').next() {
        Some("it") => &ITALIAN,
        _ => &ENGLISH,
    }
}

fn so_many(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// English.
pub static ENGLISH: Text = Text {
    language: "en",
    locale: "en-GB",

    inbox: "Inbox",
    sign_in_title: "Sign in to your inbox",
    sign_in_lead: "Your customers are at the counter.",
    shop: "Shop",
    shop_hint: "As it stands in your script tag",
    email: "E-mail",
    password: "Password",
    sign_in: "Sign in",
    signing_in: "Signing in…",
    sign_out: "Sign out",
    wrong_password: "Shop, e-mail and password do not go together. Check them and try again.",
    too_many: |seconds| match seconds {
        0..=90 => format!(
            "Too many attempts. Try again in {}.",
            so_many(seconds.max(1), "second", "seconds")
        ),
        _ => format!(
            "Too many attempts. Try again in {}.",
            so_many(seconds.div_ceil(60), "minute", "minutes")
        ),
    },
    unreachable: "The relay does not answer. Check your connection and try again.",
    bad_shop: "A shop’s name has only small letters, digits and hyphens.",
    fill_all: "Fill in all three fields.",
    failed: "The relay could not do this. Nothing was changed; try again in a moment.",
    session_ended: "You were signed out. Sign in again; what you wrote is still here.",

    lists: "Lists",
    conversations: "Conversations",
    open: "Open",
    mine: "Mine",
    resolved: "Resolved",
    visitor: |tag| format!("Visitor {tag}"),
    visitor_bare: "Visitor",
    you: "You",
    note: "Note",
    no_words: "No words yet",
    now: "now",
    minutes: |n| format!("{n} min"),
    hours: |n| format!("{n} h"),
    days: |n| format!("{n} d"),
    waits: "Waits",
    waits_shortly: "<1 min",
    waits_long: "getting long",
    waits_too_long: "too long",
    unread: |n| so_many(n.into(), "unread message", "unread messages"),
    here: "In the chat now",
    away: "Chat closed",
    on_page: "On",
    was_on_page: "Was on",
    load_more: "Load more",
    loading: "Loading…",
    empty_open: "Nobody is waiting",
    empty_open_more: "New conversations appear here by themselves.",
    empty_mine: "Nothing is assigned to you",
    empty_mine_more: "Open a conversation and press A to take it.",
    empty_resolved: "Nothing resolved yet",
    empty_resolved_more: "What you resolve is kept here. It opens again when the visitor writes.",
    list_failed: "The list could not be read. Conversations are safe.",
    try_again: "Try again",

    conversation: "Conversation",
    pick: "Pick a conversation",
    pick_more: "Who waits longest is marked in the list.",
    back: "Back to the list",
    assign_to_me: "Assign to me",
    assigned_to_you: "Assigned to you",
    assigned_to: |name| format!("Assigned to {name}"),
    unassigned: "Unassigned",
    resolve: "Resolve",
    reopen: "Reopen",
    resolved_bar: "Conversation resolved.",
    undo: "Undo",
    transcript: "Transcript",
    older: "Reading older messages…",
    beginning: "The conversation begins here",
    news: "New",
    new_messages: "New messages",
    today: "Today",
    yesterday: "Yesterday",
    visitor_types: "The visitor is typing",
    types: |name| format!("{name} is typing"),
    somebody: "Somebody",
    deed_took: |who| format!("{who} took the conversation"),
    deed_assigned: |who, to| format!("{who} assigned it to {to}"),
    deed_unassigned: |who| format!("{who} assigned it to nobody"),
    deed_resolved: |who| format!("{who} resolved the conversation"),
    deed_reopened: |who| format!("{who} reopened the conversation"),
    filled_in: |who| format!("{who} filled in the form"),
    rated: |who, word, score| format!("{who}: it went {word} ({score} of 5)"),
    scores: ["very badly", "badly", "so-so", "well", "very well"],
    mark_waiting: "Waiting to be sent",
    mark_stored: "Sent",
    mark_seen: "Seen",
    refused: "This was not sent. Your words are safe here.",
    refused_long: |limit| {
        format!(
            "This was not sent: it is longer than {limit} characters. Your words are safe here."
        )
    },
    refused_forbidden: "This was not sent: you may not do this here. Your words are safe here.",
    copy: "Copy",
    copied: "Copied",
    delete: "Delete",

    composer: "Answer",
    mode: "What you write",
    reply: "Reply",
    write_reply: "Write a reply",
    write_note: "Write a note for your team",
    send_reply: "Send reply",
    add_note: "Add note",
    note_warning: "Only your team sees it",
    enter_sends: "Enter sends, Shift + Enter breaks the line",
    left: |n| format!("{} left", so_many(n as u64, "character", "characters")),
    over: |n| format!("{} too many", so_many(n as u64, "character", "characters")),
    behind: "You may not see the newest messages. What you send leaves when the connection is back.",
    meanwhile_answered: |name| format!("{name} has answered meanwhile."),
    meanwhile_noted: |name| format!("{name} has left a note meanwhile."),
    meanwhile_visitor: "The visitor has written meanwhile.",
    not_left: "Yours has not left. Press once more to send it anyway.",
    held: "This was not sent.",
    send_anyway: "Send anyway",
    unsent: "Not sent",
    connecting: "Connecting…",
    ended: "This page cannot go on. Reload it; what you wrote is kept.",
    reload: "Reload",

    about: "About the visitor",
    said_of_themselves: "What they filled in",
    cart: "In the cart",
    cart_sum: "Total",
    page_says: "What the page says of them",
    page_says_unproved: "The page says so; nobody has proved it.",
    did: "What they did",
    page: "Page",
    no_page: "Not known",
    opened: "Opened",
    status: "Status",
    open_one: "Open",
    resolved_one: "Resolved",
    assignee: "Assignee",
    conversation_id: "Conversation ID",
    copy_id: "Copy conversation ID",
    opens_in_tab: "opens in a new tab",

    sound_on: "Sound is on",
    sound_off: "Sound is off",
    shortcuts: "Keyboard shortcuts",
    close: "Close",
    key_move: "Next, previous conversation",
    key_open: "Open it",
    key_reply: "Write a reply",
    key_note: "Write a note",
    key_assign: "Assign to me",
    key_resolve: "Resolve or reopen",
    key_help: "These hints",
    key_back: "Back",
    key_install: "Install the chat",

    install: &install::ENGLISH,
};

/// Italian.
pub static ITALIAN: Text = Text {
    language: "it",
    locale: "it-IT",

    inbox: "Messaggi",
    sign_in_title: "Accedi ai messaggi",
    sign_in_lead: "I tuoi clienti sono al banco.",
    shop: "Negozio",
    shop_hint: "Come compare nel tag dello script",
    email: "E-mail",
    password: "Password",
    sign_in: "Accedi",
    signing_in: "Un attimo…",
    sign_out: "Esci",
    wrong_password: "Negozio, e-mail e password non corrispondono. Controllali e riprova.",
    too_many: |seconds| match seconds {
        0..=90 => format!(
            "Troppi tentativi. Riprova tra {}.",
            so_many(seconds.max(1), "secondo", "secondi")
        ),
        _ => format!(
            "Troppi tentativi. Riprova tra {}.",
            so_many(seconds.div_ceil(60), "minuto", "minuti")
        ),
    },
    unreachable: "Il server non risponde. Controlla la connessione e riprova.",
    bad_shop: "Il nome del negozio ha solo lettere minuscole, cifre e trattini.",
    fill_all: "Compila tutti e tre i campi.",
    failed: "Il server non ci è riuscito. Non è cambiato nulla: riprova tra poco.",
    session_ended: "La sessione è finita. Accedi di nuovo: quello che hai scritto è ancora qui.",

    lists: "Elenchi",
    conversations: "Conversazioni",
    open: "Aperte",
    mine: "Mie",
    resolved: "Chiuse",
    visitor: |tag| format!("Visitatore {tag}"),
    visitor_bare: "Visitatore",
    you: "Tu",
    note: "Nota",
    no_words: "Ancora nessun messaggio",
    now: "ora",
    minutes: |n| format!("{n} min"),
    hours: |n| format!("{n} h"),
    days: |n| format!("{n} g"),
    waits: "Aspetta da",
    waits_shortly: "<1 min",
    waits_long: "comincia a essere tanto",
    waits_too_long: "troppo",
    unread: |n| so_many(n.into(), "messaggio da leggere", "messaggi da leggere"),
    here: "Ha la chat aperta",
    away: "Chat chiusa",
    on_page: "Su",
    was_on_page: "Era su",
    load_more: "Carica altre",
    loading: "Carico…",
    empty_open: "Nessuno aspetta",
    empty_open_more: "Le nuove conversazioni compaiono qui da sole.",
    empty_mine: "Nessuna è assegnata a te",
    empty_mine_more: "Apri una conversazione e premi A per prenderla.",
    empty_resolved: "Ancora nessuna chiusa",
    empty_resolved_more: "Quelle che chiudi restano qui. Se il visitatore scrive, si riaprono.",
    list_failed: "Non riesco a leggere l’elenco. Le conversazioni sono al sicuro.",
    try_again: "Riprova",

    conversation: "Conversazione",
    pick: "Scegli una conversazione",
    pick_more: "Chi aspetta da più tempo è segnato nell’elenco.",
    back: "Torna all’elenco",
    assign_to_me: "Assegna a me",
    assigned_to_you: "Assegnata a te",
    assigned_to: |name| format!("Assegnata a {name}"),
    unassigned: "Non assegnata",
    resolve: "Chiudi",
    reopen: "Riapri",
    resolved_bar: "Conversazione chiusa.",
    undo: "Annulla",
    transcript: "Messaggi della conversazione",
    older: "Leggo i messaggi precedenti…",
    beginning: "La conversazione comincia qui",
    news: "Nuovi",
    new_messages: "Nuovi messaggi",
    today: "Oggi",
    yesterday: "Ieri",
    visitor_types: "Il visitatore sta scrivendo",
    types: |name| format!("{name} sta scrivendo"),
    somebody: "Qualcuno",
    deed_took: |who| format!("{who} ha preso la conversazione"),
    deed_assigned: |who, to| format!("{who} l’ha assegnata a {to}"),
    deed_unassigned: |who| format!("{who} l’ha lasciata libera"),
    deed_resolved: |who| format!("{who} ha chiuso la conversazione"),
    deed_reopened: |who| format!("{who} ha riaperto la conversazione"),
    filled_in: |who| format!("{who} ha compilato il modulo"),
    rated: |who, word, score| format!("{who}: è andata {word} ({score} su 5)"),
    scores: ["molto male", "male", "così così", "bene", "molto bene"],
    mark_waiting: "In attesa di partire",
    mark_stored: "Inviato",
    mark_seen: "Letto",
    refused: "Non è partito. Le tue parole sono al sicuro qui.",
    refused_long: |limit| {
        format!("Non è partito: supera i {limit} caratteri. Le tue parole sono al sicuro qui.")
    },
    refused_forbidden: "Non è partito: qui non ti è permesso. Le tue parole sono al sicuro qui.",
    copy: "Copia",
    copied: "Copiato",
    delete: "Elimina",

    composer: "Risposta",
    mode: "Che cosa scrivi",
    reply: "Rispondi",
    write_reply: "Scrivi una risposta",
    write_note: "Scrivi una nota per i colleghi",
    send_reply: "Invia risposta",
    add_note: "Aggiungi nota",
    note_warning: "La vedono solo i colleghi",
    enter_sends: "Invio spedisce, Maiusc + Invio va a capo",
    left: |n| format!("Ancora {}", so_many(n as u64, "carattere", "caratteri")),
    over: |n| format!("{} di troppo", so_many(n as u64, "carattere", "caratteri")),
    behind: "Forse non vedi gli ultimi messaggi. Quello che invii parte appena torna la connessione.",
    meanwhile_answered: |name| format!("Intanto ha risposto {name}."),
    meanwhile_noted: |name| format!("Intanto {name} ha lasciato una nota."),
    meanwhile_visitor: "Intanto il visitatore ha scritto ancora.",
    not_left: "Il tuo non è partito. Premi di nuovo per inviarlo lo stesso.",
    held: "Questo non è partito.",
    send_anyway: "Invia lo stesso",
    unsent: "Non inviato",
    connecting: "Mi collego…",
    ended: "Questa pagina non può andare avanti. Ricaricala: quello che hai scritto resta.",
    reload: "Ricarica",

    about: "Sul visitatore",
    said_of_themselves: "Che cosa ha compilato",
    cart: "Nel carrello",
    cart_sum: "Totale",
    page_says: "Che cosa ne dice la pagina",
    page_says_unproved: "Lo dice la pagina; nessuno l’ha verificato.",
    did: "Che cosa ha fatto",
    page: "Pagina",
    no_page: "Non si sa",
    opened: "Aperta",
    status: "Stato",
    open_one: "Aperta",
    resolved_one: "Chiusa",
    assignee: "Assegnata a",
    conversation_id: "ID della conversazione",
    copy_id: "Copia l’ID della conversazione",
    opens_in_tab: "si apre in una nuova scheda",

    sound_on: "Il suono è acceso",
    sound_off: "Il suono è spento",
    shortcuts: "Scorciatoie da tastiera",
    close: "Chiudi la finestra",
    key_move: "Conversazione successiva, precedente",
    key_open: "Aprila",
    key_reply: "Scrivi una risposta",
    key_note: "Scrivi una nota",
    key_assign: "Assegna a me",
    key_resolve: "Chiudi o riapri",
    key_help: "Queste scorciatoie",
    key_back: "Indietro",
    key_install: "Installa la chat",

    install: &install::ITALIAN,
};

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
            (ENGLISH.too_many)(1),
            "Too many attempts. Try again in 1 second."
        );
        assert_eq!(
            (ENGLISH.too_many)(91),
            "Too many attempts. Try again in 2 minutes."
        );
        assert_eq!(
            (ITALIAN.too_many)(30),
            "Troppi tentativi. Riprova tra 30 secondi."
        );
    }
}
