//! What the page *Install* says. A shopkeeper reads it, once: no word of the trade without what it does.

/// The words of one language.
#[expect(missing_docs, reason = "the English table says what each is")]
pub struct Install {
    pub install: &'static str,
    /// The same, where there is something to save.
    pub install_unsaved: &'static str,
    pub title: &'static str,
    pub lead: &'static str,
    pub back: &'static str,
    pub loading: &'static str,

    pub origins_title: &'static str,
    pub origins_lead: &'static str,
    pub origin_label: &'static str,
    pub origin_hint: &'static str,
    pub add: &'static str,
    /// An origin.
    pub remove: fn(&str) -> String,
    pub origins_none: &'static str,
    pub origin_bad: &'static str,
    pub origin_known: &'static str,
    pub origins_many: fn(usize) -> String,

    pub looks_title: &'static str,
    pub looks_lead: &'static str,
    pub color: &'static str,
    pub color_picker: &'static str,
    pub color_code: &'static str,
    pub color_bad: &'static str,
    /// The contrast, such as `8.9`.
    pub contrast_easy: fn(&str) -> String,
    pub contrast_dark_text: fn(&str) -> String,
    pub contrast_darkened: &'static str,
    pub logo: &'static str,
    pub logo_hint: &'static str,
    pub logo_bad: &'static str,
    pub corners: &'static str,
    pub square: &'static str,
    pub soft: &'static str,
    pub round: &'static str,
    pub side: &'static str,
    pub side_hint: &'static str,
    pub left: &'static str,
    pub right: &'static str,
    pub letters: &'static str,
    pub letters_device: &'static str,
    pub letters_shop: &'static str,
    pub letters_hint: &'static str,
    pub theme: &'static str,
    pub theme_auto: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,

    pub preview: &'static str,
    pub preview_note: &'static str,
    pub preview_failed: &'static str,
    pub preview_device: &'static str,
    pub phone: &'static str,
    pub computer: &'static str,
    pub preview_time: &'static str,
    pub day: &'static str,
    pub night: &'static str,

    pub tag_title: &'static str,
    pub tag_lead: &'static str,
    pub tag_label: &'static str,
    pub copy_tag: &'static str,
    pub copied: &'static str,
    pub not_copied: &'static str,
    pub tag_carries: &'static str,
    pub systems: &'static str,
    /// A line each, five at most: plain pages, Shopify, WooCommerce, Magento, PrestaShop.
    pub plain: &'static str,
    pub steps: [&'static [&'static str]; 5],
    pub policy: &'static str,
    pub policy_lead: &'static str,
    pub copy_policy: &'static str,

    pub check_title: &'static str,
    pub check_lead: &'static str,
    pub check_empty: &'static str,
    pub check_unsaved: &'static str,
    pub look_again: &'static str,
    pub looking: &'static str,
    pub check_failed: &'static str,
    pub never: &'static str,
    pub within_the_hour: &'static str,
    pub hours_ago: fn(u64) -> String,
    pub days_ago: fn(u64) -> String,

    pub unsaved: &'static str,
    pub save: &'static str,
    pub saving: &'static str,
    pub undo: &'static str,
    pub saved: &'static str,
    /// Where the tag has changed with it.
    pub saved_tag: &'static str,
    pub faulty: &'static str,
    pub too_often: &'static str,
}

/// English.
pub static ENGLISH: Install = Install {
    install: "Install",
    install_unsaved: "Install, changes are not saved",
    title: "Install the chat on your shop",
    lead: "Four steps. Your customers see nothing of it until you save.",
    back: "Back to the inbox",
    loading: "Loading…",

    origins_title: "Where is your shop?",
    origins_lead: "The chat opens on pages of these addresses only.",
    origin_label: "Address of your shop",
    origin_hint: "As it stands in the browser when you open your shop. With and without www. are two addresses.",
    add: "Add",
    remove: |origin| format!("Remove {origin}"),
    origins_none: "No address yet: the chat opens nowhere.",
    origin_bad: "This is not the address of a shop. Write it like https://shop.example.",
    origin_known: "This address is in the list already.",
    origins_many: |n| format!("There is room for {n} addresses. Remove one first."),

    looks_title: "How should it look?",
    looks_lead: "Like your shop’s own work. The preview follows what you change.",
    color: "Colour",
    color_picker: "Choose a colour",
    color_code: "Colour code",
    color_bad: "Write # and six digits or letters from a to f, like #7a3b1d.",
    contrast_easy: |ratio| format!("White text on your colour is easy to read ({ratio} to 1)."),
    contrast_dark_text: |ratio| {
        format!("Your colour is light, so its text is dark: easy to read ({ratio} to 1).")
    },
    contrast_darkened: "We darken your colour a little, so that white text on it can be read.",
    logo: "Logo",
    logo_hint: "The address of a small square picture. On your shop, press the right mouse button on your logo and copy its address. Without one, your initials stand there.",
    logo_bad: "This is not the address of a picture. It begins with https:// and has no spaces or quotes.",
    corners: "Corners",
    square: "Square",
    soft: "Soft",
    round: "Round",
    side: "Side",
    side_hint: "Stands in the tag: copy it again when you change it.",
    left: "Left",
    right: "Right",
    letters: "Letters",
    letters_device: "The device’s own",
    letters_shop: "Your shop’s",
    letters_hint: "Your shop’s letters are taken from the page the chat is on. The preview shows others.",
    theme: "Brightness",
    theme_auto: "As the shopper’s device",
    theme_light: "Always light",
    theme_dark: "Always dark",

    preview: "Preview",
    preview_note: "This is the chat itself. What you write here goes nowhere.",
    preview_failed: "The preview does not load. Everything else works; reload the page to try again.",
    preview_device: "Seen on",
    phone: "Phone",
    computer: "Computer",
    preview_time: "Seen by",
    day: "Day",
    night: "Night",

    tag_title: "Put it into your shop",
    tag_lead: "One line, the same on every page.",
    tag_label: "The tag",
    copy_tag: "Copy the tag",
    copied: "Copied",
    not_copied: "The browser does not let us copy. Select the text and copy it.",
    tag_carries: "It says colour and side, so that the launcher looks right before anything is loaded. Copy it again when you change one of them.",
    systems: "Made with",
    plain: "Plain HTML",
    steps: [
        &[
            "Open the file that all your pages share, or each page.",
            "Paste the tag right before </body>.",
            "Save, upload, and open your shop.",
        ],
        &[
            "In Shopify, go to Online Store → Themes.",
            "On your theme, open the menu ⋯ → Edit code, then layout/theme.liquid.",
            "Paste the tag right before </body> and save.",
            "Shopify’s checkout loads no pasted tag: the chat is on all other pages.",
        ],
        &[
            "In WordPress, go to Plugins → Add New Plugin; install and activate WPCode.",
            "Go to Code Snippets → Header & Footer.",
            "Paste the tag into Footer and press Save Changes.",
            "If you have a plugin that caches pages, empty its cache.",
        ],
        &[
            "Go to Content → Design → Configuration and press Edit on your store view.",
            "Under Other Settings → Footer, paste the tag into Miscellaneous HTML and save.",
            "Go to System → Cache Management and flush the cache.",
            "If the chat does not appear, list the policy below in a module’s csp_whitelist.xml.",
        ],
        &[
            "Look up your theme’s name in Design → Theme & Logo.",
            "Open themes/YOUR-THEME/templates/layouts/layout-both-columns.tpl on your server.",
            "Paste the tag right before </body> and save. In a child theme, an update keeps it.",
            "Go to Advanced Parameters → Performance and press Clear cache.",
        ],
    ],
    policy: "Does your shop have a Content-Security-Policy?",
    policy_lead: "Most shops do not. If yours does, add these sources to it, each to what the line already says.",
    copy_policy: "Copy the lines",

    check_title: "Does it work?",
    check_lead: "Open your shop, press the launcher in the corner, then come back here.",
    check_empty: "Add your shop’s address first.",
    check_unsaved: "Save first: the chat does not open on a new address before.",
    look_again: "Look again",
    looking: "Looking…",
    check_failed: "This could not be read. Your shop is as it was; look again in a moment.",
    never: "Nobody has opened the chat here yet",
    within_the_hour: "It works: opened within the last hour",
    hours_ago: |n| {
        if n == 1 {
            "It works: last opened an hour ago".into()
        } else {
            format!("It works: last opened {n} hours ago")
        }
    },
    days_ago: |n| {
        if n == 1 {
            "Last opened yesterday".into()
        } else {
            format!("Last opened {n} days ago")
        }
    },

    unsaved: "Your changes are not saved.",
    save: "Save",
    saving: "Saving…",
    undo: "Undo all",
    saved: "Saved. Shoppers see it when they open the chat next.",
    saved_tag: "Saved. Colour and side stand in your tag too: copy it again.",
    faulty: "Not saved: look at what is marked above.",
    too_often: "Not saved: too much at once. Try again in a moment.",
};

/// Italian.
pub static ITALIAN: Install = Install {
    install: "Installa",
    install_unsaved: "Installa, ci sono modifiche da salvare",
    title: "Metti la chat nel tuo negozio",
    lead: "Quattro passi. Finché non salvi, i clienti non vedono niente.",
    back: "Torna ai messaggi",
    loading: "Carico…",

    origins_title: "Dov’è il tuo negozio?",
    origins_lead: "La chat si apre solo nelle pagine di questi indirizzi.",
    origin_label: "Indirizzo del negozio",
    origin_hint: "Come lo vedi nel browser quando apri il negozio. Con e senza www. sono due indirizzi diversi.",
    add: "Aggiungi",
    remove: |origin| format!("Togli {origin}"),
    origins_none: "Ancora nessun indirizzo: la chat non si apre da nessuna parte.",
    origin_bad: "Non è l’indirizzo di un negozio. Scrivilo così: https://negozio.example.",
    origin_known: "Questo indirizzo c’è già.",
    origins_many: |n| format!("C’è posto per {n} indirizzi. Prima togline uno."),

    looks_title: "Che aspetto deve avere?",
    looks_lead: "Come se l’avesse fatta il tuo negozio. L’anteprima segue quello che cambi.",
    color: "Colore",
    color_picker: "Scegli un colore",
    color_code: "Codice del colore",
    color_bad: "Scrivi # e sei cifre o lettere dalla a alla f, per esempio #7a3b1d.",
    contrast_easy: |ratio| {
        let ratio = ratio.replace('.', ",");
        format!("Il testo bianco sul tuo colore si legge bene ({ratio} a 1).")
    },
    contrast_dark_text: |ratio| {
        let ratio = ratio.replace('.', ",");
        format!("Il tuo colore è chiaro, quindi il testo è scuro: si legge bene ({ratio} a 1).")
    },
    contrast_darkened: "Scuriamo un po’ il tuo colore, così il testo bianco si legge.",
    logo: "Logo",
    logo_hint: "L’indirizzo di una piccola immagine quadrata. Nel negozio, premi il tasto destro sul logo e copia l’indirizzo dell’immagine. Se non c’è, restano le iniziali.",
    logo_bad: "Non è l’indirizzo di un’immagine. Comincia con https:// e non ha spazi né virgolette.",
    corners: "Angoli",
    square: "Netti",
    soft: "Morbidi",
    round: "Tondi",
    side: "Lato",
    side_hint: "Sta nel tag: se lo cambi, copialo di nuovo.",
    left: "A sinistra",
    right: "A destra",
    letters: "Caratteri",
    letters_device: "Quelli del dispositivo",
    letters_shop: "Quelli del negozio",
    letters_hint: "I caratteri del negozio si prendono dalla pagina in cui sta la chat. Nell’anteprima sono altri.",
    theme: "Luminosità",
    theme_auto: "Come il dispositivo del cliente",
    theme_light: "Sempre chiara",
    theme_dark: "Sempre scura",

    preview: "Anteprima",
    preview_note: "È la chat vera. Quello che scrivi qui non va da nessuna parte.",
    preview_failed: "L’anteprima non si carica. Tutto il resto funziona; per riprovare ricarica la pagina.",
    preview_device: "Vista su",
    phone: "Telefono",
    computer: "Computer",
    preview_time: "Vista di",
    day: "Giorno",
    night: "Notte",

    tag_title: "Mettila nel negozio",
    tag_lead: "Una riga, la stessa in ogni pagina.",
    tag_label: "Il tag",
    copy_tag: "Copia il tag",
    copied: "Copiato",
    not_copied: "Il browser non ci lascia copiare. Seleziona il testo e copialo tu.",
    tag_carries: "Dice anche colore e lato, così il pulsante è giusto prima che si carichi il resto. Se cambi uno dei due, copialo di nuovo.",
    systems: "Fatto con",
    plain: "HTML semplice",
    steps: [
        &[
            "Apri il file che tutte le pagine hanno in comune, oppure ogni pagina.",
            "Incolla il tag subito prima di </body>.",
            "Salva, carica sul server e apri il negozio.",
        ],
        &[
            "In Shopify vai in Negozio online → Temi.",
            "Sul tuo tema apri il menu ⋯ → Modifica codice, poi layout/theme.liquid.",
            "Incolla il tag subito prima di </body> e salva.",
            "Il check-out di Shopify non carica tag incollati: la chat è in tutte le altre pagine.",
        ],
        &[
            "In WordPress vai in Plugin → Aggiungi nuovo plugin; installa e attiva WPCode.",
            "Vai in Code Snippets → Header & Footer.",
            "Incolla il tag in Footer e salva le modifiche.",
            "Se un plugin tiene le pagine in cache, svuotala.",
        ],
        &[
            "Vai in Content → Design → Configuration e premi Edit sulla tua vista negozio.",
            "In Other Settings → Footer incolla il tag in Miscellaneous HTML e salva.",
            "Vai in System → Cache Management e svuota la cache.",
            "Se la chat non compare, metti le regole qui sotto nel csp_whitelist.xml di un modulo.",
        ],
        &[
            "Guarda come si chiama il tuo tema in Design → Tema e logo.",
            "Sul server apri themes/IL-TUO-TEMA/templates/layouts/layout-both-columns.tpl.",
            "Incolla il tag subito prima di </body> e salva. In un tema figlio resta anche dopo gli aggiornamenti.",
            "Vai in Parametri avanzati → Prestazioni e svuota la cache.",
        ],
    ],
    policy: "Il negozio ha una Content-Security-Policy?",
    policy_lead: "Quasi nessuno ce l’ha. Se il tuo sì, aggiungi queste fonti, ognuna a quello che la riga dice già.",
    copy_policy: "Copia le righe",

    check_title: "Funziona?",
    check_lead: "Apri il negozio, premi il pulsante nell’angolo, poi torna qui.",
    check_empty: "Prima aggiungi l’indirizzo del negozio.",
    check_unsaved: "Prima salva: su un indirizzo nuovo la chat non si apre ancora.",
    look_again: "Guarda di nuovo",
    looking: "Guardo…",
    check_failed: "Non riesco a leggerlo. Il negozio è come prima: riprova tra poco.",
    never: "Qui nessuno ha ancora aperto la chat",
    within_the_hour: "Funziona: aperta nell’ultima ora",
    hours_ago: |n| {
        if n == 1 {
            "Funziona: aperta l’ultima volta un’ora fa".into()
        } else {
            format!("Funziona: aperta l’ultima volta {n} ore fa")
        }
    },
    days_ago: |n| {
        if n == 1 {
            "Aperta l’ultima volta ieri".into()
        } else {
            format!("Aperta l’ultima volta {n} giorni fa")
        }
    },

    unsaved: "Ci sono modifiche da salvare.",
    save: "Salva",
    saving: "Salvo…",
    undo: "Annulla tutto",
    saved: "Salvato. I clienti lo vedono alla prossima apertura della chat.",
    saved_tag: "Salvato. Colore e lato stanno anche nel tag: copialo di nuovo.",
    faulty: "Non salvato: guarda che cosa è segnato qui sopra.",
    too_often: "Non salvato: troppo in una volta. Riprova tra poco.",
};
