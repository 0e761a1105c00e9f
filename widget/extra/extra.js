// What a chat may need beside words. This is small and loaded with the first thing it is asked to do; each part is loaded when there
// is something for it to do, and gets a desk: what it may ask the panel, and what it builds with.
//
// Nothing here parses markup: what people wrote becomes text nodes.

const desks = new WeakMap();

// Each is loaded when there is something for it to do.
const PARTS = {
  attach: () => import("./__ATTACH_JS__"),
  cards: () => import("./__CARDS_JS__"),
  conversations: () => import("./__CONVERSATIONS_JS__"),
  dialog: () => import("./__DIALOG_JS__"),
  files: () => import("./__FILES_JS__"),
  form: () => import("./__FORM_JS__"),
  handover: () => import("./__HANDOVER_JS__"),
  lightbox: () => import("./__LIGHTBOX_JS__"),
  menu: () => import("./__MENU_JS__"),
  qr: () => import("./__QR_JS__"),
  rating: () => import("./__RATING_JS__"),
  shelf: () => import("./__SHELF_JS__"),
  shrink: () => import("./__SHRINK_JS__"),
  transcript: () => import("./__TRANSCRIPT_JS__"),
  tray: () => import("./__TRAY_JS__"),
};

/** What a part works with. `ask(word, detail)` asks the panel (widget/src/chat/beside.rs). */
const desk = (chat) => {
  if (desks.has(chat)) return desks.get(chat);
  const [ask, settings, root] = chat;
  const dressed = new Set();
  const memory = {};
  const place = (name) => `commesso:${settings.shop}:${name}`;
  const made = {
    ask,
    settings,
    root,
    /** What is around everything of the chat. */
    get frame() {
      return root.querySelector(".root") || document.body;
    },

    /** The language that the panel speaks. */
    get locale() {
      return made.frame.lang || document.documentElement.lang || "en";
    },

    /** The visitor's pass, as soon as there is a valid one. */
    async pass() {
      // A token is there within RENEW_WITHIN, or there is no network.
      for (let wait = 0; wait < 10000; wait += 250) {
        const pass = ask("pass");
        if (pass) return JSON.parse(pass);
        await new Promise((done) => setTimeout(done, 250));
      }
      throw new Error("no pass");
    },

    /** What shows the relay who asks: this visitor, or the operator whose page it is. */
    async headers() {
      return settings.headers || { authorization: "Bearer " + (await made.pass()).token };
    },

    /** Asks the relay. */
    async fetch(path, options = {}) {
      return fetch(settings.base + path, { ...options, headers: { ...options.headers, ...(await made.headers()) } });
    },

    /** Which conversation it is; asking opens it. */
    conversation: () => ask("conversation"),

    /** Under what name the device keeps what this chat keeps; an inbox on the same device has its own. */
    drawer: `commesso${settings.conversation ? "-inbox" : ""}:${settings.shop}`,

    /** What the device keeps of it, without opening one. */
    begun: () => {
      if (settings.conversation) return settings.conversation;
      try {
        return localStorage[`commesso:${settings.shop}:conversation`];
      } catch {}
    },

    /** Says something under a name of its own: said again under that name it is stored once. */
    say: (id, content) => ask("send", JSON.stringify({ id, content })),

    /** A name that nothing has (UUIDv7). */
    mint() {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      for (let at = 5, now = Date.now(); at >= 0; at -= 1, now = Math.floor(now / 256)) bytes[at] = now % 256;
      bytes[6] = (bytes[6] & 15) | 0x70;
      bytes[8] = (bytes[8] & 63) | 0x80;
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },

    /** The address of the shop's page; in a frame, of the one around it. */
    get page() {
      return root.querySelector(".framed") ? settings.page[0] : location.href;
    },

    /** Whether something waits here that has not left: it would go wherever this device goes on. */
    async unsent() {
      if (ask("unsent") || root.querySelector(".tray li, .pending .row") || (await (await made.part("shelf")).shelf(made)).length) return true;
      try {
        return Object.keys(localStorage).some((key) => key.startsWith(place("outbox:")));
      } catch {}
    },

    /** The panel begins anew, as who the device is now; in a frame, with the frame. */
    again: () => (window.commesso ? window.commesso("locale", settings.locale) : dispatchEvent(new Event("commesso:again"))),

    /** Loads another part. */
    part: (name) => PARTS[name](),

    /** Addresses of this page at which files that were handed over from here are at hand, by their names. */
    own: new Map(),

    /** What the relay has of this conversation: the newest page, or all of it. */
    async entries(all) {
      const path = `/v1/conversations/${ask("conversation")}/entries`;
      const read = [];
      let page;
      do {
        const last = read[read.length - 1];
        const answer = await made.fetch(all ? `${path}?after=${last ? last.seq : 0}` : path);
        if (!answer.ok) throw new Error(answer.status);
        page = await answer.json();
        read.push(...page.entries);
      } while (all && page.more);
      return read;
    },

    /** What a part keeps on this device, while it lets us. */
    keep(name, value) {
      memory[name] = value;
      try {
        localStorage[place(name)] = JSON.stringify(value);
      } catch {}
    },
    kept(name) {
      try {
        return JSON.parse(localStorage[place(name)]);
      } catch {
        return memory[name];
      }
    },

    /** An element with attributes, listeners (functions) and children. */
    make(name, attributes, ...children) {
      const space = /^(svg|path)$/.test(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
      const element = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (typeof value == "function") element.addEventListener(key, value);
        else if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
      }
      element.append(...children);
      return element;
    },

    /** An icon for the eye only, 24 by 24. */
    icon: (d) => made.make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, made.make("path", { d })),

    /** Brings rules in, once. */
    dress(css) {
      if (dressed.has(css)) return;
      dressed.add(css);
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      } catch {
        root.append(made.make("style", { nonce: settings.nonce }, css));
      }
    },

    /** A table of words in the shopper's language, or in English. */
    async words(path, languages) {
      const code = made.locale.slice(0, 2).toLowerCase();
      const known = languages.includes(code) ? code : "en";
      return (await fetch(new URL(path.replace("{}", known), import.meta.url))).json();
    },
  };
  desks.set(chat, made);
  return made;
};

// How the tag's looks are written: the loader has no room to say so, and whoever wrote the tag opens the chat.
const LOOKS = "__LOOKS__";
let checked;
const check = ({ settings }) => {
  const wrong = Object.keys(LOOKS).filter((name) => settings[name] != null && !new RegExp(LOOKS[name]).test(settings[name]));
  if (!checked) for (const name of wrong) console.warn(`commesso: "${settings[name]}" is no ${name}. How it is written: ${settings.base}/docs/sdk`);
  checked = true;
};

// Another page of the shopper's may begin a conversation, go on in another one or log out: this one goes along.
let life;
const follow = ({ again, ask, root }) => {
  if (life) life.abort();
  const { signal } = (life = new AbortController());
  const look = () => {
    if (root.host.isConnected && !ask("astray")) return;
    life.abort();
    if (root.host.isConnected) again();
  };
  addEventListener("storage", ({ key }) => (!key || key.endsWith(":conversation")) && look(), { signal });
  // A link from another device that was put into this very tab: who the chat is begun as is asked first (take.js).
  // Where that could not be loaded, it is when there is a network.
  for (const sign of ["hashchange", "online"]) addEventListener(sign, () => root.host.isConnected && /#commesso=/.test(location) && again(), { signal });
  // Whoever comes back to a page that was put away has heard nothing meanwhile.
  addEventListener("pageshow", look, { signal });
  look();
};

/** The panel was opened. */
export const open = (chat, panel) => {
  const made = desk(chat);
  if (!chat[1].conversation) {
    check(made);
    follow(made);
  }
  const part = (selector) => panel.querySelector(selector);
  const places = { panel, field: part("textarea"), send: part(".send"), log: part(".scroll, .lines"), under: part(".composer, .paper-head") };
  const attach = async () => (await PARTS.attach()).attach(made, places);
  const menu = async () => (await PARTS.menu()).draw(made, panel);
  const form = async () => {
    const pass = await made.pass();
    if (pass.shop.form) return (await PARTS.form()).draw(made, panel, pass);
  };
  // An inbox has a menu and forms of its own.
  const own = chat[1].conversation ? [] : [menu(), form()];
  return Promise.all([chat[1].files != "false" && attach(), ...own]);
};

/** A message has these parts. */
export const parts = (chat, place, text) => {
  const all = JSON.parse(text);
  const of = (type) => all.filter((part) => part.type == type);
  const files = of("file");
  const cards = of("card");
  const replies = of("reply");
  return Promise.all([
    files.length && PARTS.files().then((part) => part.draw(desk(chat), place, files)),
    (cards.length || replies.length) && PARTS.cards().then((part) => part.draw(desk(chat), place, cards, replies)),
  ]);
};

/** The shop says when it answers. */
export const outlook = (chat, place, text) =>
  import("./__OUTLOOK_JS__").then((part) => part.draw(desk(chat), place, JSON.parse(text)));

/** The conversation was closed here. */
export const resolved = (chat, mark) => {
  return PARTS.rating().then((part) => part.draw(desk(chat), mark));
};
