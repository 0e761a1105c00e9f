// What the loader imports: the panel's module, in the shopper's language. The language is chosen and its words are fetched when
// this is evaluated, beside the wasm, so that they cost no round trip; only one language is loaded. When the page asks for
// another one, or the shop's own turns out to be needed, the panel begins anew in the same shell: what is written and what was
// sent is on the device.
//
// The order: the page's (data-locale, then its `lang`), the browser's list, the shop's. Where the words do not come, the few without
// which nobody could use the chat are here, in English.

import init, { start as begin } from "__GLUE__";

// Filled in when the site is put together: the languages there are, where their words are, and the words that are needed most.
const CODES = "__LANGUAGES__";
const PLACE = "__WORDS__";
const NEEDED = "__NEEDED__";
// Milliseconds until the panel begins in English: the words are a hundredth of the wasm and were asked for before it.
const PATIENCE = 3000;

const codeOf = (tag) => tag.toLowerCase().split(/[-_]/)[0];

// The shop's languages, as this device knows them from its last pass.
const ofShop = (shop) => {
  try {
    return JSON.parse(localStorage[`commesso:${shop}:pass`]).shop.languages;
  } catch {
    return [];
  }
};
const choose = ({ locale = "", shop }) =>
  [locale, document.documentElement.lang, ...navigator.languages, ...ofShop(shop)].find((tag) => CODES.includes(codeOf(tag))) || "en";

// Each costs milliseconds to make, and a chat in which nothing was said yet needs none.
const once = (make, made) => () => (made ||= make());

const language = (tag, table) => {
  const code = codeOf(tag);
  try {
    Intl.getCanonicalLocales(tag);
  } catch {
    // `de_DE` is none of the browser's.
    tag = code;
  }
  const time = once(() => new Intl.DateTimeFormat(tag, { hour: "numeric", minute: "2-digit" }));
  const near = once(() => new Intl.RelativeTimeFormat(tag, { numeric: "auto" }));
  const rules = once(() => new Intl.PluralRules(code));
  table = [code, ...table];
  return {
    lines: table.join("\n"),
    count(line, n) {
      const forms = table[line] || { other: "#" };
      return (forms[rules().select(n)] || forms.other).replace("#", n.toLocaleString(tag));
    },
    time: (at) => time().format(at),
    day: (at, ago) =>
      ago == 0 || ago == 1
        ? near().format(-ago, "day")
        : new Date(at).toLocaleDateString(tag, {
            weekday: "long",
            day: "numeric",
            month: "long",
            // Within half a year nobody wonders which.
            year: ago > 182 ? "numeric" : undefined,
          }),
  };
};

const english = language("en", NEEDED);
const known = {};
const speak = (tag) => (known[tag] ||= fetch(new URL(`${PLACE}/${codeOf(tag)}.json`, import.meta.url))
  .then((answer) => answer.json())
  .then((table) => language(tag, table))
  .catch(() => english));

const tag = document.querySelector("script[data-shop]");
let spoken = english;
// Where the panel covers the page; as in panel.css. In a frame of ours, where there is no call to make, that is for the page outside.
const small = matchMedia(window.commesso ? "(max-width: 479px), (max-height: 479px)" : "not all");
const fetchPhone = () => import("./__PHONE_JS__").then((way) => (phone = way));
let phone;
// Without it the panel is as good as on a desk.
if (small.matches) fetchPhone().catch(() => {});
const first = speak(choose(tag ? tag.dataset : {})).then((words) => (spoken = words));

// A link from another device has a code in its fragment. Whoever takes it is asked before the chat begins, as who it will be; and where
// the chat cannot be in this page, there.
const handed = async (settings, asks) => {
  if (!/#commesso=/.test(location)) return;
  if (asks) asks();
  await (await import("./__TAKE_JS__")).take(settings, codeOf(choose(settings)));
};

// Whoever logs out, or takes back their consent, leaves nothing: pictures that wait to be sent (extra/shelf.js) lie where the loader does
// not look.
const forget = (shop) => {
  try {
    if (!localStorage[`commesso:${shop}:conversation`]) indexedDB.deleteDatabase("commesso:" + shop);
  } catch {}
};

/** Brings the module to life. */
export default async ({ settings, asks, ...options }) => {
  await Promise.all([init(options), Promise.race([first, new Promise((done) => setTimeout(done, PATIENCE))])]);
  await handed(settings, asks).catch(() => {});
};

/** Starts the panel in the loader's shell; what takes the loader's words. */
export const start = (shadow, settings, tell) => {
  let chat, now, last;
  const run = () => {
    now = spoken;
    const frame = shadow.querySelector(".root");
    [frame.lang] = now.lines.split("\n");
    frame.dir = frame.lang == "ar" ? "rtl" : "ltr";
    chat = begin(shadow, settings, hear, now);
  };
  const change = async () => {
    const wanted = choose(settings);
    const words = await speak(wanted);
    if (words == now || last == "destroy" || wanted != choose(settings)) return;
    spoken = words;
    chat("destroy");
    run();
    chat(last);
  };
  const hear = (word, detail) => (word == "words" ? change() : tell(word, detail));
  const field = shadow.querySelector("textarea");
  const typed = field.value;
  run();
  // Enter was pressed before anybody heard it; nothing else stands there.
  if (/\S\n$/.test(typed) && field.value == typed) shadow.querySelector(".send").click();
  // For who asks what it costs (sdk/receipt.js).
  performance.mark("chat");
  const follow = (small.onchange = () => {
    // At once, where it is here already: the page takes the focus back in the same turn.
    if (phone) phone.follow(shadow, last == "open" && small.matches);
    else if (small.matches) fetchPhone().then(follow, () => {});
  });
  return (word) => {
    chat(word);
    if ("open close destroy".includes(word)) last = word;
    follow();
    if (last == "destroy") {
      small.onchange = null;
      // Once the loader has forgotten what it is to forget.
      setTimeout(forget, 0, settings.shop);
    }
  };
};
