//! Every limit, with its reason.

use crate::time::Millis;

/// Characters of one message or note. Four times what the longest support answers have; a screen of a phone holds a
/// quarter of it.
pub const TEXT_MAX: usize = 4_000;

/// Characters of a name: a line on a phone, twice.
pub const NAME_MAX: usize = 80;

/// Parts of one message: a carousel that a thumb is willing to swipe.
pub const PARTS_MAX: usize = 10;

/// Characters of a line of a card, a choice, a file's name or an answer's question.
pub const LINE_MAX: usize = 120;

/// Characters of a card's text: three lines of a phone.
pub const CARD_TEXT_MAX: usize = 200;

/// Answers of one form: nobody fills in more before the first word.
pub const ANSWERS_MAX: usize = 10;

/// Questions of a shop's form: with the consent and the e-mail address that may be asked beside them, as many as there are
/// answers.
pub const FIELDS_MAX: usize = ANSWERS_MAX - 2;

/// Characters of one answer, and of a rating's comment.
pub const ANSWER_MAX: usize = 500;

/// Bytes of one file: a catalogue of the shop, or a scanned contract; a picture is a tenth of it once its device has made it
/// smaller. A relay holds one in memory while it is stored, and has 128 MiB for everybody.
pub const FILE_MAX: u64 = 10 * 1024 * 1024;

/// Pixels of one picture: the best camera of a phone. Unpacked they are 200 MB, which is what a phone can still show; a few
/// kilobytes can claim to be more.
pub const FILE_PIXELS_MAX: u64 = 50_000_000;

/// Files that no message shows yet, on each side: two messages full of them.
pub const FILES_LOOSE_MAX: usize = 2 * PARTS_MAX;

/// A file that no message shows is let go after this: who was in a tunnel is back, and who took it back does not come.
pub const FILE_LOOSE_FOR: Millis = Millis::seconds(24 * 60 * 60);

/// Bytes of all files of a conversation: some hundred pictures, and a fiftieth of what its disk may hold.
pub const FILES_ROOM: u64 = 200 * 1024 * 1024;

/// The address of a file is good for so long at least: a chat that is looked at asks again. For as long again at most, so that who
/// asks twice gets the same one, which the browser has kept.
pub const FILE_ADDRESS_FOR: Millis = Millis::seconds(60 * 60);

/// Bytes of one frame from a client: [`TEXT_MAX`] characters as JSON's longest escapes (12 bytes, a pair of surrogates),
/// and room for the rest.
pub const FRAME_MAX: usize = 64 * 1024;

/// Entries in one page of history: several screens, well under a hundredth of a second to draw, and what is missed in a tunnel
/// comes in one.
pub const HISTORY_PAGE: usize = 60;

/// Characters of a conversation's last words in a list: two lines of a wide inbox.
pub const LAST_WORDS_MAX: usize = 140;

/// Characters of a page's address; longer ones are cut. It lives in the socket's attachment (16 KiB in all).
pub const URL_MAX: usize = 500;

/// Lines that a page may say of its visitor: what somebody reads beside a conversation.
pub const FACTS_MAX: usize = 40;

/// Characters of what such a line is called; longer ones are cut.
pub const FACT_NAME_MAX: usize = 60;

/// Characters of what such a line says; longer ones are cut.
pub const FACT_TEXT_MAX: usize = 200;

/// Characters of all such lines in ASCII JSON: with a page's address and title they fit into the socket's attachment.
pub const FACTS_SIZE: usize = 8_000;

/// Characters of a page's title; longer ones are cut.
pub const TITLE_MAX: usize = 200;

/// Characters of the address of a shop's logo. The addresses that shops' systems give their pictures are half as long.
pub const LOGO_MAX: usize = 500;

/// How round the corners of a shop's widget are where it says nothing, in px.
pub const RADIUS: u16 = 20;

/// How round they can be, in px: half of the launcher.
pub const RADIUS_MAX: u16 = 28;

/// So many sockets are opened, and exchanges begun, side by side, on one machine or in one isolate of the edge: more than wait for an object far away at
/// any time, and few enough that each is open in a part of [`CONNECT_WITHIN`]. One takes 3 to 4 ms of a core when its object
/// sleeps.
pub const OPENING_AT_ONCE: usize = 256;

/// Who is being let in for so long is taken for broken off: most clients give up soon ([`CONNECT_WITHIN`]), and a relay that is so
/// slow is not helped by keeping others out.
pub const OPENING_MAX: Millis = Millis::seconds(4);

/// A socket must say hello within this time: two round trips on the slowest phone network, and no more for who never will.
pub const GREETING: Millis = Millis::seconds(10);

/// A summary goes to the inbox so often per conversation: it is a list for human eyes.
pub const PROJECTION_EVERY: Millis = Millis::seconds(1);

/// So many go at once: a message, that it was read, and that its author left. Each one later costs an alarm, which is a row.
pub const PROJECTION_BURST: u64 = 3;

/// A change that may wait is said again and kept by the shop within this time, and whatever a crash came before is told again by then.
/// A talk that goes on is kept when it has rested for so long. A shop that lost its memory asks who is there when its list is looked
/// at, so the list is right all the same; each time costs two rows.
pub const PROJECTION_KEPT: Millis = Millis::seconds(120);

/// Frames of one exchange over HTTPS: an outbox of a long tunnel, and well under what a request may weigh.
pub const EXCHANGE_MAX: usize = 100;

/// The first wait after a summary could not be delivered; it doubles.
pub const PROJECTION_RETRY: Millis = Millis::seconds(2);

/// The longest wait between two attempts to deliver a summary.
pub const PROJECTION_RETRY_MAX: Millis = Millis::seconds(300);

/// Somebody is shown as typing for this long after the last sign of it.
pub const TYPING_SHOWN: Millis = Millis::seconds(6);

/// A sign of typing is sent at most so often: under [`TYPING_SHOWN`], with room for one that is late.
pub const TYPING_EVERY: Millis = Millis::seconds(3);

/// A visible client says `ping` this often. Proxies on the way drop sockets that are silent for 30 to 60 s.
pub const PING_EVERY: Millis = Millis::seconds(25);

/// A client that hears all the time says `ping` this often all the same, and so does an inbox out of sight: leases are kept by what is
/// heard from a client. Twice in the shorter one; and where browsers wake a page once a minute, one that is due then is not late.
pub const SPEAK_EVERY: Millis = Millis::seconds(45);

/// A `ping` without a `pong` for this long means that the socket is dead.
pub const PONG_WITHIN: Millis = Millis::seconds(10);

/// A send without an answer for this long means that the socket is dead, whatever pongs say: they are answered
/// without the conversation.
pub const CONFIRM_WITHIN: Millis = Millis::seconds(8);

/// A socket must be open within this time.
pub const CONNECT_WITHIN: Millis = Millis::seconds(6);

/// The welcome must follow the hello within this time.
pub const WELCOME_WITHIN: Millis = Millis::seconds(8);

/// A new token must be there within this time: a round trip more than a socket needs.
pub const RENEW_WITHIN: Millis = Millis::seconds(10);

/// A page of a list must be there within this time: as long as a token, which is as much of a request.
pub const READ_WITHIN: Millis = Millis::seconds(10);

/// What stands above a composer has been read after this. A press on a button that changed its name under the finger was
/// meant for the name before.
pub const MEANWHILE_READ: Millis = Millis::seconds(1);

/// A socket that lasted so long was a good one, and the wait after it starts from the first again. One that ends sooner
/// counts as a failed attempt, so that a relay which greets and then fails is not asked again twice a second.
pub const LASTING: Millis = Millis::seconds(10);

/// Sockets that fail one after the other before frames are sent another way: fewer would be one bad moment.
pub const SOCKET_TRIES: u32 = 3;

/// How often the time for an open socket and for the welcome is doubled, once for each attempt in a row after a first that had
/// [`CONNECT_WITHIN`]: a relay that was restarted under thousands of clients takes longer to get to each. Four times as long, with the
/// wait of [`BACKOFF_MAX`] at most: where everything is swallowed, one attempt in some 40 s in the end.
pub const PATIENCE_DOUBLED: u32 = 2;

/// After so long without sockets one is tried again: often enough for who comes home from a network that blocks them, seldom
/// enough that nobody notices the moment it takes.
pub const EXCHANGE_FOR: Millis = Millis::seconds(300);

/// Drafts that a page which goes away sends once more. Browsers take 64 KiB from such a page, a draft is under 32 in almost
/// every case, and whoever has more waits for the next page.
pub const FAREWELL_MAX: usize = 8;

/// The first wait before another attempt to connect; it doubles, and a random part of it is taken (full jitter).
pub const BACKOFF_FIRST: Millis = Millis(500);

/// Messages that a visitor can send at once: a thought in pieces, or what an outbox held after a tunnel.
pub const PACE_BURST: u64 = 8;

/// Each of these comes back after this time: nobody types a sentence a second for long.
pub const PACE_EVERY: Millis = Millis::seconds(1);

/// Messages that a visitor can send in one go of minutes: an operator cannot read more either.
pub const PACE_LONG_BURST: u64 = 60;

/// Each of these comes back after this time: 60 in 10 minutes.
pub const PACE_LONG_EVERY: Millis = Millis::seconds(10);

/// Entries that are looked at to know how fast a visitor wrote before memory was lost: twice what the visitor can have
/// written, so that as many answers may stand among them.
pub const PACE_LOOKS_BACK: usize = 120;

/// Days in which the next opening is looked for: nobody waits for one that is further, and shops that close for a season say so
/// in their greeting.
pub const HOURS_AHEAD: i64 = 60;

/// Answers whose time is remembered: a week of a small shop, an afternoon of a busy one.
pub const ANSWERS_KEPT: usize = 100;

/// What was measured is written at most so often: a row each time, and one that is lost is one of many.
pub const ANSWERS_WRITTEN_EVERY: Millis = Millis::seconds(5 * 60);

/// Visitors who wait that a shop reads from its list when it wakes: where there are more, nobody counts places.
pub const QUEUE_READ: usize = 500;

/// With fewer nothing is said of how long answers take: one quick one is no promise.
pub const ANSWERS_ENOUGH: usize = 10;

/// What took how long before this says nothing of today: others answer now.
pub const ANSWERS_LOOK_BACK: Millis = Millis::seconds(30 * 24 * 60 * 60);

/// Who waits for longer does not stand in a queue: they left their words for later.
pub const QUEUE_LOOKS_BACK: Millis = Millis::seconds(12 * 60 * 60);

/// Visitors who are told at once that they have moved up: those further behind count in ever longer waits, and are told when
/// something else is.
pub const QUEUE_TOLD: usize = 20;

/// Visitors of whom only the list says that they wait, who are asked before those behind them are told a place: as many as a
/// shop calls at once.
pub const QUEUE_ASKED: usize = 6;

/// New visitors that a shop takes at once: the first minute after its newsletter went out.
pub const ADMIT_BURST: u64 = 600;

/// Each of these comes back after this time: ten a second are 36,000 an hour, more than any of our shops has.
pub const ADMIT_EVERY: Millis = Millis(100);

/// New visitors that a shop takes at once from one address: a school, or the phones behind one mast.
pub const ADMIT_PLACE_BURST: u64 = 60;

/// Each of these comes back after this time.
pub const ADMIT_PLACE_EVERY: Millis = Millis::seconds(5);

/// Addresses that are remembered: some megabytes at most.
pub const ADMIT_PLACES: usize = 10_000;

/// Signs of a code that hands a conversation over: 50 bits, and two words of five to type.
pub const HANDOVER_SIGNS: usize = 10;

/// Such a code lives for this long: the phone is in another room, and no longer.
pub const HANDOVER_LIFE: Millis = Millis::seconds(600);

/// Codes that are tried at a shop at once: everybody in it who takes out their phone now.
pub const TAKEOVER_BURST: u64 = 30;

/// Each of these comes back after this time: in the life of a code 150 are tried, of 10¹⁵ that there are.
pub const TAKEOVER_EVERY: Millis = Millis::seconds(5);

/// Codes that are tried from one address at once: somebody who mistypes.
pub const TAKEOVER_PLACE_BURST: u64 = 10;

/// Each of these comes back after this time.
pub const TAKEOVER_PLACE_EVERY: Millis = Millis::seconds(20);

/// Bytes that a socket may be told without a word from its client: some 250 of the longest messages. What the network does
/// not take is held in memory, and a socket is worth no more than this.
pub const UNHEARD_MAX: usize = 1024 * 1024;

/// Bytes of pages that a socket may ask for within [`PAGES_WITHIN`], whatever it says: some 35 pages of the longest messages. Who asks
/// on and does not read would fill the relay's memory.
pub const PAGES_MAX: usize = 8 * 1024 * 1024;

/// How long pages count: about what a slow network takes of so much.
pub const PAGES_WITHIN: Millis = Millis::seconds(120);

/// A visitor of whom nothing is heard for this long is not there: three pings and a moment.
pub const LEASE: Millis = Millis::seconds(90);

/// An operator of whom nothing is heard for this long is not on duty: two pings of an inbox that is out of sight, and as long
/// as browsers put a timer off there.
pub const DUTY_LEASE: Millis = Millis::seconds(150);

/// The longest wait before an early attempt to connect: after a restart the relay has let everybody in who came, and waits itself
/// for those who were refused. With 30 s the last of 3,800 came 20 s after it, with 5 s after 12.
pub const BACKOFF_SOON: Millis = Millis::seconds(5);

/// Attempts in a row that are early ones: half a minute of failures at once, and minutes where everything is swallowed.
pub const BACKOFF_SOON_TRIES: u32 = 16;

/// The longest wait before another attempt to connect: what is gone for long is not asked for every moment, on a phone.
pub const BACKOFF_MAX: Millis = Millis::seconds(30);

/// After so long out of sight a socket is not trusted: phones leave zombies behind.
pub const HIDDEN_MAX: Millis = Millis::seconds(30);

/// A clock that moved so far between two looks has slept: the socket is not trusted.
pub const CLOCK_JUMP: Millis = Millis::seconds(30);

/// A retriable refusal that names no time is tried again after this.
pub const RETRY_AFTER: Millis = Millis::seconds(2);

/// Entries that one client keeps to draw; older ones are fetched again when looked at.
pub const WINDOW_MAX: usize = 2_000;

/// Conversations in a visitor's list, each of which is asked: who has opened more looks for none of the first.
pub const OWN_LISTED: usize = 10;

/// Characters of an e-mail address (RFC 5321).
pub const EMAIL_MAX: usize = 254;

/// Characters of a telephone number: those of the longest with its spaces and signs (E.164 has 15 digits), twice.
pub const PHONE_MAX: usize = 40;

/// Characters of what a shop calls a customer: a UUID with a word before it, twice; a hash in hexadecimal fits.
pub const IDENTITY_ID_MAX: usize = 128;

/// What proves a customer ends so soon: a page asks for it when it is needed, and what steals one has no longer to use it.
pub const IDENTITY_FOR: Millis = Millis::seconds(10 * 60);

/// The clocks of a shop's server and of the relay may be so far from each other.
pub const IDENTITY_SKEW: Millis = Millis::seconds(60);
